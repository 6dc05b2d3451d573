//! Whether each operation of an adapter is tested and documented: what its source offers against its tests and pages.

use anyhow::Result;

use super::workspace::Workspace;
use crate::deploy::Target;
use crate::lock::Lock;
use crate::validate::{self, Finding};

/// The findings for all entries whose operations the lock names.
pub fn check(workspace: &Workspace, target: &Target, lock: &Lock) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for name in workspace.project.integrations.keys() {
        let Some(entry) = lock.entries.get(name) else { continue };
        let own = lock.files.iter().filter(|(_, file)| file.entry == *name);
        let texts: Vec<(String, String)> = own
            .filter_map(|(path, _)| Some((path.clone(), std::fs::read_to_string(target.root.join(path)).ok()?)))
            .collect();
        let of = |wanted: fn(&str) -> bool| -> Vec<&str> {
            texts.iter().filter(|(path, _)| wanted(path)).map(|(_, text)| text.as_str()).collect()
        };
        let operations: Vec<_> = entry
            .operations
            .iter()
            .map(|symbol| validate::coverage::Operation { symbol, path: &entry.folder })
            .collect();
        findings.extend(validate::coverage::check(
            &operations,
            &of(validate::is_test),
            &of(|path| path.ends_with(".md")),
        ));
    }
    Ok(findings)
}
