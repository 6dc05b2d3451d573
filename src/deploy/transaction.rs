//! A list of files with their old and new content → all of them new on the disk, or all of them old.

use super::disk::{self, Content, Folder, Stamp, fault};
use super::journal::{self, Journal, Step};
use super::receipt::{self, Receipt, ReceiptFile};
use super::{state, undo};
use crate::lock::hash;
use crate::paths::{self, RelPath};
use crate::problem;
use crate::problem::Problem;
use anyhow::Result;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// One file to be written or, where nothing is to be there, removed.
#[derive(Debug, Clone)]
pub struct Write {
    pub path: RelPath,
    /// What must be there when it is written.
    pub old: Option<Content>,
    /// What will be there. Without permission bits: those of the old file, or of any new file.
    pub new: Option<Content>,
}

/// All that is done in one go.
#[derive(Debug, Clone, Default)]
pub struct Transaction {
    pub writes: Vec<Write>,
    /// Folders to make, outermost first.
    pub made: Vec<Folder>,
    /// Folders to remove once they are empty, innermost first.
    pub emptied: Vec<Folder>,
    /// The receipt it takes back.
    pub rolls_back: Option<String>,
    /// What the command wants remembered.
    pub build: serde_json::Value,
}

/// Carries the transaction out, while the caller holds the lock.
///
/// Order: backups, journal, new files under temporary names, receipt, and only then renames; all that needs space comes
/// before the first file is replaced. The journal's end is the one point at which the transaction has happened. After an
/// error the old tree is there again.
pub fn run(root: &Path, transaction: &Transaction) -> Result<Receipt> {
    state::sweep(root)?;
    recheck(root, &transaction.writes)?;
    let journal = journal_of(transaction, receipt::next_id(root)?);
    let outcome = back_up(root, &journal, &transaction.writes)
        .and_then(|()| journal.begin(root))
        .and_then(|()| carry_out(root, &journal, transaction))
        .and_then(|receipt| journal.end(root).map(|()| receipt));
    match outcome {
        Ok(receipt) => {
            // It has happened; if this is lost in a power cut, `recover` still finds the whole old tree.
            let _ = disk::sync(&state::journals(root));
            Ok(receipt)
        }
        Err(error) => Err(undone(root, &journal, error)),
    }
}

/// Errors with a `Problem` that names every file that is no longer as it was read.
pub fn recheck(root: &Path, writes: &[Write]) -> Result<()> {
    let mut changed = Vec::new();
    for write in writes {
        if disk::look(root, &write.path)? != write.old {
            changed.push(format!("`{}`", write.path));
        }
    }
    if !changed.is_empty() {
        problem!(
            help: "look at what changed, then run the command again";
            "{}: changed since it was read; nothing was written", changed.join(", ")
        );
    }
    Ok(())
}

fn journal_of(transaction: &Transaction, id: String) -> Journal {
    let steps = transaction.writes.iter().map(|write| Step {
        path: write.path.to_string(),
        old: write.old.as_ref().map(Content::stamp),
        new: write.new.as_ref().map(|content| hash(&content.bytes)),
    });
    let steps = steps.collect();
    Journal { version: 1, id, steps, made: transaction.made.clone(), emptied: transaction.emptied.clone() }
}

fn back_up(root: &Path, journal: &Journal, writes: &[Write]) -> Result<()> {
    let folder = state::backups(root).join(&journal.id);
    fs::create_dir(&folder).map_err(fault("make", &folder))?;
    let kept: Vec<_> = writes.iter().enumerate().filter_map(|(at, write)| Some((at, write.old.as_ref()?))).collect();
    for (at, content) in &kept {
        let backup = journal::backup(root, &journal.id, *at);
        disk::write_new(&backup, content)?;
        disk::keep_owner(&writes[*at].path.under(root), &backup);
    }
    for (at, _) in &kept {
        disk::sync(&journal::backup(root, &journal.id, *at))?;
    }
    disk::sync(&folder)?;
    disk::sync(&state::backups(root))
}

fn carry_out(root: &Path, journal: &Journal, transaction: &Transaction) -> Result<Receipt> {
    for folder in &transaction.made {
        let path = paths::checked(&folder.path)?;
        disk::real_parents(root, &path)?;
        fs::create_dir(path.under(root)).map_err(fault("make", &path.under(root)))?;
        disk::set_mode(&path.under(root), folder.mode)?;
    }
    let stamps = stage(root, journal, &transaction.writes)?;
    let receipt = receipt_of(journal, transaction, stamps);
    receipt.write(root)?;
    for (at, write) in transaction.writes.iter().enumerate() {
        replace(root, journal, at, write)?;
    }
    sync_parents(root, transaction.writes.iter().map(|write| &write.path))?;
    for folder in &transaction.emptied {
        let path = paths::checked(&folder.path)?;
        if disk::real_folder(root, &path) {
            disk::remove_empty(&path.under(root))?;
        }
    }
    let above = transaction.emptied.iter().chain(&transaction.made).map(|folder| paths::checked(&folder.path));
    sync_parents(root, above.collect::<Result<Vec<_>>>()?.iter())?;
    Ok(receipt)
}

/// Writes the new files under temporary names and returns what will be remembered of each.
fn stage(root: &Path, journal: &Journal, writes: &[Write]) -> Result<Vec<Option<Stamp>>> {
    let mut stamps = Vec::new();
    for (at, write) in writes.iter().enumerate() {
        let Some(new) = &write.new else {
            stamps.push(None);
            continue;
        };
        let mode = new.mode.or_else(|| write.old.as_ref().and_then(|old| old.mode));
        let temporary = journal.temporary(root, at, &write.path);
        disk::real_parents(root, &write.path)?;
        disk::remove_file(&temporary)?;
        disk::write_new(&temporary, &Content { bytes: new.bytes.clone(), mode })?;
        disk::keep_owner(&write.path.under(root), &temporary);
        let mode = disk::metadata(&temporary)?.as_ref().and_then(disk::mode);
        stamps.push(Some(Stamp { hash: hash(&new.bytes), mode }));
    }
    for (at, write) in writes.iter().enumerate().filter(|(_, write)| write.new.is_some()) {
        disk::sync(&journal.temporary(root, at, &write.path))?;
    }
    Ok(stamps)
}

/// Puts the new file in place, or removes the old one, if what is there is still what was backed up.
fn replace(root: &Path, journal: &Journal, at: usize, write: &Write) -> Result<()> {
    recheck(root, std::slice::from_ref(write))?;
    let full = write.path.under(root);
    match write.new {
        Some(_) => fs::rename(journal.temporary(root, at, &write.path), &full).map_err(fault("write", &full)),
        None => disk::remove_file(&full),
    }
}

/// Waits until the folders that hold the paths are on the disk, those that are there.
pub fn sync_parents<'a>(root: &Path, paths: impl Iterator<Item = &'a RelPath>) -> Result<()> {
    let folders: BTreeSet<_> =
        paths.map(|path| path.parent().map_or(root.to_path_buf(), |parent| parent.under(root))).collect();
    folders.iter().filter(|folder| folder.is_dir()).try_for_each(|folder| disk::sync(folder))
}

fn receipt_of(journal: &Journal, transaction: &Transaction, stamps: Vec<Option<Stamp>>) -> Receipt {
    let files = journal.steps.iter().zip(stamps);
    let files = files.map(|(step, new)| ReceiptFile { path: step.path.clone(), old: step.old.clone(), new });
    Receipt {
        version: 1,
        id: journal.id.clone(),
        at: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        rolls_back: transaction.rolls_back.clone(),
        generator: env!("CARGO_PKG_VERSION").to_owned(),
        files: files.collect(),
        made: journal.made.clone(),
        emptied: journal.emptied.clone(),
        build: transaction.build.clone(),
    }
}

/// Brings the old tree back after an error and says so in it.
fn undone(root: &Path, journal: &Journal, error: anyhow::Error) -> anyhow::Error {
    let (what, help) = match error.downcast::<Problem>() {
        Ok(problem) => (problem.what, problem.help),
        Err(error) => (format!("{error:#}"), "run the command again".to_owned()),
    };
    let problem = match undo::undo(root, journal) {
        Ok(left) if left.is_empty() => Problem::new(format!("{what}; the files are as they were"), help),
        Ok(left) => Problem::new(
            format!(
                "{what}; the files are as they were, but for those changed by others meanwhile: {}",
                left.join(", ")
            ),
            help,
        ),
        Err(second) => Problem::new(
            format!("{what}; then the old files could not be restored: {second:#}"),
            format!("{help}; before that: `integrate recover`"),
        ),
    };
    anyhow::Error::new(problem)
}
