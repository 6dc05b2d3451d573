//! The files of a transaction → the folders it must make, and those it leaves empty.

use super::disk::{self, Folder};
use super::state;
use super::transaction::Write;
use crate::paths::RelPath;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::Path;

/// Returns the folders that are missing for the files to be written, outermost first.
pub fn missing(root: &Path, writes: &[Write]) -> Result<Vec<Folder>> {
    let wanted: BTreeSet<_> =
        writes.iter().filter(|write| write.new.is_some()).flat_map(|write| write.path.parents()).collect();
    let mut missing = Vec::new();
    for folder in wanted {
        if disk::metadata(&folder.under(root))?.is_none() {
            missing.push(Folder { path: folder.to_string(), mode: None });
        }
    }
    Ok(missing)
}

/// Returns the folders in which nothing is left once the files are removed, innermost first.
pub fn emptied(root: &Path, writes: &[Write]) -> Result<Vec<Folder>> {
    let stays: BTreeSet<_> =
        writes.iter().filter(|write| write.new.is_some()).flat_map(|write| write.path.parents()).collect();
    let mut gone: BTreeSet<String> =
        writes.iter().filter(|write| write.new.is_none()).map(|write| write.path.to_string()).collect();
    let above: BTreeSet<RelPath> =
        writes.iter().filter(|write| write.new.is_none()).flat_map(|write| write.path.parents()).collect();
    let mut emptied = Vec::new();
    for folder in above.iter().rev().filter(|folder| !stays.contains(folder)) {
        let full = folder.under(root);
        let Some(found) = disk::metadata(&full)?.filter(std::fs::Metadata::is_dir) else { continue };
        if state::names(&full)?.iter().all(|name| gone.contains(&format!("{folder}/{name}"))) {
            gone.insert(folder.to_string());
            emptied.push(Folder { path: folder.to_string(), mode: disk::mode(&found) });
        }
    }
    Ok(emptied)
}
