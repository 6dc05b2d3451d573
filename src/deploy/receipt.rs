//! What a transaction did, kept in `.integrate/receipts/`: enough to take it back.

use super::disk::{self, Folder, Stamp};
use super::state;
use crate::problem;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;

/// One transaction that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub version: u32,
    /// A number that counts up in the project, at least four digits: `0007`.
    pub id: String,
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// The receipt this one took back; absent for anything else than a rollback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolls_back: Option<String>,
    /// The version of `integrate` that wrote it.
    pub generator: String,
    /// In the order they were written. The position of a file names its backup.
    pub files: Vec<ReceiptFile>,
    /// Folders it made, outermost first.
    pub made: Vec<Folder>,
    /// Folders it removed because nothing was left in them, innermost first.
    pub emptied: Vec<Folder>,
    /// What the command wants remembered of the build: `Plan::build`.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub build: serde_json::Value,
}

/// One file: what was there and what is there since; none is no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptFile {
    pub path: String,
    pub old: Option<Stamp>,
    pub new: Option<Stamp>,
}

impl Receipt {
    /// Puts the receipt on the disk. It counts once the transaction's journal is gone.
    pub(super) fn write(&self, root: &Path) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(self).context("cannot write the receipt as JSON")?;
        disk::write_whole(&state::receipts(root), &file_name(&self.id), &bytes)
    }
}

/// Returns the name of a receipt's file.
pub fn file_name(id: &str) -> String {
    format!("{id}.json")
}

/// Returns every receipt of the project, oldest first; not that of a transaction that was interrupted.
pub fn all(root: &Path) -> Result<Vec<Receipt>> {
    let folder = state::receipts(root);
    let unfinished = state::names(&state::journals(root))?;
    let names = state::names(&folder)?.into_iter().filter(|name| !name.starts_with('.') && !unfinished.contains(name));
    let mut receipts = names.map(|name| read(&folder.join(name))).collect::<Result<Vec<_>>>()?;
    receipts.sort_by_key(|receipt| number(&receipt.id));
    Ok(receipts)
}

/// Returns the receipt with this number, or the latest that was not yet taken back.
pub fn find(root: &Path, id: Option<&str>) -> Result<Receipt> {
    let receipts = all(root)?;
    let gone = taken_back(&receipts);
    let found = match id {
        Some(id) => {
            receipts.into_iter().find(|receipt| number(&receipt.id).is_some() && number(&receipt.id) == number(id))
        }
        None => receipts
            .into_iter()
            .rev()
            .find(|receipt| receipt.rolls_back.is_none() && !receipt.files.is_empty() && !gone.contains(&receipt.id)),
    };
    match (found, id) {
        (Some(receipt), _) => Ok(receipt),
        (None, Some(id)) => {
            problem!(
                help: "`integrate history` lists the runs there are";
                "there is no run `{}` in `{}`", id.escape_debug(), root.display()
            )
        }
        (None, None) => {
            problem!(
                help: "run `integrate history` for what was done here";
                "nothing to roll back in `{}`", root.display()
            )
        }
    }
}

/// Returns the receipts that a rollback took back and no later rollback brought again.
pub fn taken_back(receipts: &[Receipt]) -> BTreeSet<String> {
    let mut gone = BTreeSet::new();
    for receipt in receipts {
        let Some(of) = &receipt.rolls_back else { continue };
        gone.insert(of.clone());
        let again = receipts.iter().find(|other| other.id == *of).and_then(|other| other.rolls_back.as_ref());
        again.map(|id| gone.remove(id));
    }
    gone
}

/// Returns the number the next transaction gets.
pub(super) fn next_id(root: &Path) -> Result<String> {
    let names = [state::names(&state::receipts(root))?, state::names(&state::backups(root))?].concat();
    let last = names.iter().filter_map(|name| number(name.trim_end_matches(".json"))).max().unwrap_or(0);
    Ok(format!("{:04}", last + 1))
}

fn number(id: &str) -> Option<u64> {
    id.parse().ok()
}

fn read(path: &Path) -> Result<Receipt> {
    let bytes = std::fs::read(path).map_err(disk::fault("read", path))?;
    match serde_json::from_slice(&bytes) {
        Ok(receipt) => Ok(receipt),
        Err(error) => {
            problem!(
                help: "use the version of `integrate` that wrote it, or remove it";
                "`{}`: cannot be read: {error}", path.display()
            )
        }
    }
}
