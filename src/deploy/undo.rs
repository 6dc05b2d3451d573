//! A journal → the tree as it was before its transaction, from whatever point that had reached.

use super::disk::{self, Content, Folder, fault};
use super::journal::{Journal, unfinished};
use super::transaction::sync_parents;
use super::{Target, receipt, state};
use crate::lock::hash;
use crate::paths::{self, RelPath};
use crate::problem;
use anyhow::Result;
use serde::Serialize;
use std::fs;
use std::path::Path;

/// What `recover` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recovery {
    /// The transaction that was taken back; none when nothing was unfinished.
    pub id: Option<String>,
    /// The files it was about to write; all are as they were.
    pub files: Vec<String>,
}

/// Takes back the transaction that was interrupted in the project, if one was. May itself be interrupted and run again.
///
/// Errors with a `Problem` that names the files someone changed after the interruption; then nothing was touched.
pub fn recover(target: &Target) -> Result<Recovery> {
    let root = &target.root;
    if disk::metadata(&root.join(state::FOLDER))?.is_none() {
        return Ok(Recovery { id: None, files: Vec::new() });
    }
    let _hold = state::hold(root)?;
    let found = unfinished(root)?;
    if let Some(journal) = &found {
        let foreign = foreign(root, journal)?;
        if !foreign.is_empty() {
            problem!(
                help: "move those files away, run `integrate recover` again, then bring your changes back";
                "{}: changed after the run was interrupted", quoted(&foreign)
            );
        }
        undo(root, journal)?;
    }
    state::sweep(root)?;
    let files = found.iter().flat_map(|journal| &journal.steps).map(|step| step.path.clone()).collect();
    Ok(Recovery { id: found.map(|journal| journal.id), files })
}

/// Takes back what a transaction did; the caller holds the lock.
///
/// Returns the files that are neither as before nor as the transaction leaves them: they are someone else's and stay.
/// What frees space comes first. The journal goes last, so that an interrupted undo is done again.
pub fn undo(root: &Path, journal: &Journal) -> Result<Vec<String>> {
    let foreign = foreign(root, journal)?;
    let steps = journal.paths()?;
    let ours = || steps.iter().filter(|(_, path)| !foreign.contains(path));
    for (at, path) in &steps {
        discard(root, journal, *at, path, foreign.contains(path))?;
    }
    for folder in journal.emptied.iter().rev() {
        make_again(root, folder)?;
    }
    for (at, path) in ours() {
        restore(root, journal, *at, path)?;
    }
    sync_parents(root, steps.iter().map(|(_, path)| path))?;
    for folder in journal.made.iter().rev() {
        let path = paths::checked(&folder.path)?;
        if disk::real_folder(root, &path) {
            disk::remove_empty(&path.under(root))?;
        }
        sync_parents(root, std::iter::once(&path))?;
    }
    finish(root, journal)?;
    Ok(foreign.iter().map(RelPath::to_string).collect())
}

/// Removes the receipt, then the journal, then the backups: in this order a crash in between leaves nothing half known.
fn finish(root: &Path, journal: &Journal) -> Result<()> {
    disk::remove_file(&state::receipts(root).join(receipt::file_name(&journal.id)))?;
    disk::sync(&state::receipts(root))?;
    journal.end(root)?;
    disk::sync(&state::journals(root))?;
    disk::remove_tree(&state::backups(root).join(&journal.id))
}

/// Returns the files that are neither as before, nor as the transaction leaves them, nor gone.
fn foreign(root: &Path, journal: &Journal) -> Result<Vec<RelPath>> {
    let steps = journal.paths()?.into_iter().zip(&journal.steps);
    let foreign = steps.filter(|((_, path), step)| match disk::look(root, path) {
        Err(_) => true,
        Ok(None) => false,
        Ok(Some(found)) => {
            let now = Some(hash(&found.bytes));
            now != step.new && now != step.old.as_ref().map(|old| old.hash.clone())
        }
    });
    Ok(foreign.map(|((_, path), _)| path).collect())
}

/// Removes the step's temporary file, and its new file where there was none before and it is not someone else's.
fn discard(root: &Path, journal: &Journal, at: usize, path: &RelPath, foreign: bool) -> Result<()> {
    if !matches!(disk::real_parents(root, path), Ok(true)) {
        return Ok(());
    }
    disk::remove_file(&journal.temporary(root, at, path))?;
    match journal.steps[at].old {
        None if !foreign => disk::remove_file(&path.under(root)),
        _ => Ok(()),
    }
}

fn make_again(root: &Path, folder: &Folder) -> Result<()> {
    let path = paths::checked(&folder.path)?;
    let full = path.under(root);
    if matches!(disk::real_parents(root, &path), Ok(true)) && disk::metadata(&full)?.is_none() {
        fs::create_dir(&full).map_err(fault("make", &full))?;
    }
    if disk::real_folder(root, &path) { disk::set_mode(&full, folder.mode) } else { Ok(()) }
}

/// Puts the step's old file back where it is not there.
fn restore(root: &Path, journal: &Journal, at: usize, path: &RelPath) -> Result<()> {
    let Some(old) = &journal.steps[at].old else { return Ok(()) };
    if disk::look(root, path)?.is_some_and(|found| hash(&found.bytes) == old.hash) {
        return Ok(());
    }
    let kept = journal.backup(root, at);
    let bytes = fs::read(&kept).map_err(fault("read", &kept))?;
    if hash(&bytes) != old.hash {
        problem!(
            help: "restore the file from version control";
            "`{}`: damaged, it is the backup of `{path}`", kept.display()
        );
    }
    put_back(&kept, &path.under(root), &journal.temporary(root, at, path), &Content { bytes, mode: old.mode })
}

/// Moves the backup into place, which takes no space; copies it where it lies on another disk or cannot be moved.
fn put_back(kept: &Path, full: &Path, temporary: &Path, content: &Content) -> Result<()> {
    if fs::rename(kept, full).is_ok() {
        return Ok(());
    }
    disk::remove_file(temporary)?;
    disk::write_new(temporary, content)?;
    disk::sync(temporary)?;
    fs::rename(temporary, full).map_err(fault("restore", full))
}

fn quoted(paths: &[RelPath]) -> String {
    paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
}
