//! What a transaction is about to do, on the disk before it does it: enough to undo it from any point.

use super::disk::{self, Folder, Stamp};
use super::state;
use crate::paths::{self, RelPath};
use crate::problem;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// One transaction. While its file exists the transaction has not happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    pub version: u32,
    /// The number of the receipt it will leave.
    pub id: String,
    /// In the order they are done. The position of a step names its backup and its temporary file.
    pub steps: Vec<Step>,
    /// Folders it makes, outermost first.
    pub made: Vec<Folder>,
    /// Folders it removes because nothing is left in them, innermost first.
    pub emptied: Vec<Folder>,
}

/// One file: what was there, and the hash of what will be; none is no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub path: String,
    pub old: Option<Stamp>,
    pub new: Option<String>,
}

impl Journal {
    /// Puts the journal on the disk; from here on the transaction has begun.
    pub fn begin(&self, root: &Path) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(self).context("cannot write the journal as JSON")?;
        disk::write_whole(&state::journals(root), &self.name(), &bytes)
    }

    /// Takes the journal off the disk: in one step the transaction has happened, or has been undone.
    pub fn end(&self, root: &Path) -> Result<()> {
        disk::remove_file(&state::journals(root).join(self.name()))
    }

    /// Returns where the step's old file is kept.
    pub fn backup(&self, root: &Path, at: usize) -> PathBuf {
        backup(root, &self.id, at)
    }

    /// Returns where the step's new file waits, in the folder it will be in.
    pub fn temporary(&self, root: &Path, at: usize, path: &RelPath) -> PathBuf {
        path.under(root).with_file_name(format!(".integrate-{}-{at}.tmp", self.id))
    }

    /// Returns each step's position and path.
    pub fn paths(&self) -> Result<Vec<(usize, RelPath)>> {
        self.steps.iter().enumerate().map(|(at, step)| Ok((at, paths::checked(&step.path)?))).collect()
    }

    fn name(&self) -> String {
        format!("{}.json", self.id)
    }
}

/// Returns where the old file of a transaction's step is kept.
pub fn backup(root: &Path, id: &str, at: usize) -> PathBuf {
    state::backups(root).join(id).join(at.to_string())
}

/// Returns the transaction that was interrupted in the project, if one was.
pub fn unfinished(root: &Path) -> Result<Option<Journal>> {
    let folder = state::journals(root);
    let names = state::names(&folder)?;
    let Some(name) = names.iter().find(|name| !name.starts_with(disk::TEMPORARY)) else { return Ok(None) };
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(disk::fault("read", &path))?;
    match serde_json::from_slice(&bytes) {
        Ok(journal) => Ok(Some(journal)),
        Err(error) => {
            problem!(
                help: "use the version of `integrate` that wrote it; the old files are in `.integrate/backups`";
                "`{}`: cannot be read: {error}", path.display()
            )
        }
    }
}
