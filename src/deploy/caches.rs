//! Files that are to go → the byte code Python compiled from them, which goes with them.
//!
//! Without this a folder we made would outlive its last module, and `import` would still find it.

use super::disk;
use super::state;
use super::transaction::Write;
use crate::paths;
use anyhow::Result;
use std::path::Path;

/// The folder beside a module in which Python keeps what it compiled.
///
/// Source: PEP 3147, "PYC Repository Directories".
pub const FOLDER: &str = "__pycache__";

/// Returns the removal of every compiled form of the modules that the writes remove.
pub fn compiled(root: &Path, writes: &[Write]) -> Result<Vec<Write>> {
    let mut removals = Vec::new();
    for gone in writes.iter().filter(|write| write.new.is_none()) {
        let Some(module) = gone.path.as_str().strip_suffix(".py") else { continue };
        let (above, name) =
            module.rsplit_once('/').map_or((String::new(), module), |(above, name)| (format!("{above}/"), name));
        let folder = paths::checked(&format!("{above}{FOLDER}"))?;
        if !disk::metadata(&folder.under(root))?.is_some_and(|found| found.is_dir()) {
            continue;
        }
        let names = state::names(&folder.under(root))?.into_iter();
        for cached in names.filter(|cached| cached.ends_with(".pyc") && cached.starts_with(&format!("{name}."))) {
            let path = paths::checked(&format!("{folder}/{cached}"))?;
            if let Some(old) = disk::look(root, &path)? {
                removals.push(Write { path, old: Some(old), new: None });
            }
        }
    }
    Ok(removals)
}
