//! A plan → files, and a receipt → the files from before.

use super::disk::{self, Content, Folder, fault};
use super::plan::{Action, Plan};
use super::receipt::{self, Receipt, ReceiptFile};
use super::transaction::{self, Transaction, Write};
use super::{Target, caches, folders, journal, state};
use crate::lock::hash;
use crate::paths;
use crate::problem;
use anyhow::Result;
use std::fs;
use std::path::Path;

/// Writes what the plan says, all of it or nothing.
///
/// Errors with a `Problem` when the plan has conflicts, when a file changed since it was planned, when another process
/// is writing, and when the disk will not have it; then every file is as it was.
pub fn apply(plan: &Plan, target: &Target) -> Result<Receipt> {
    let conflicts: Vec<_> = plan.conflicts().map(|change| format!("`{}`", change.path)).collect();
    if !conflicts.is_empty() {
        problem!(
            help: "resolve the conflicts, then run the command again";
            "{}: in conflict; nothing was written", conflicts.join(", ")
        );
    }
    let root = &target.root;
    fs::create_dir_all(root).map_err(fault("make", root))?;
    let _hold = held(root)?;
    let writes = plan.changes.iter().filter(|change| change.action != Action::Keep).map(|change| Write {
        path: change.path.clone(),
        old: change.old.clone(),
        new: change.new.clone().map(|bytes| Content { bytes, mode: None }),
    });
    let mut writes: Vec<_> = writes.collect();
    writes.extend(caches::compiled(root, &writes)?);
    let (made, emptied) = (folders::missing(root, &writes)?, folders::emptied(root, &writes)?);
    transaction::run(root, &Transaction { writes, made, emptied, rolls_back: None, build: plan.build.clone() })
}

/// Brings back every file of a receipt, bytes and permissions: the one with the number, or the latest not yet taken back.
///
/// Errors with a `Problem` that names the files edited since; then nothing was touched.
pub fn rollback(target: &Target, id: Option<&str>) -> Result<Receipt> {
    let root = &target.root;
    if disk::metadata(&root.join(state::FOLDER))?.is_none() {
        problem!(help: "run it in a project that `integrate` wrote to"; "nothing to roll back in `{}`", root.display());
    }
    let _hold = held(root)?;
    let receipt = receipt::find(root, id)?;
    refuse_edited(root, &receipt)?;
    let positions = receipt.files.iter().enumerate();
    let mut writes = positions.map(|(at, file)| way_back(root, &receipt.id, at, file)).collect::<Result<Vec<_>>>()?;
    writes.extend(caches::compiled(root, &writes)?);
    let made = folders::missing(root, &writes)?.into_iter().map(|folder| as_it_was(folder, &receipt.emptied)).collect();
    let mut emptied = folders::emptied(root, &writes)?;
    emptied.retain(|folder| {
        folder.path.ends_with(caches::FOLDER) || receipt.made.iter().any(|made| made.path == folder.path)
    });
    let rolls_back = Some(receipt.id.clone());
    transaction::run(root, &Transaction { writes, made, emptied, rolls_back, build: serde_json::Value::Null })
}

fn held(root: &Path) -> Result<state::Hold> {
    let hold = state::hold(root)?;
    match journal::unfinished(root)? {
        None => Ok(hold),
        Some(_) => {
            problem!(
                help: "run `integrate recover`";
                "`{}`: an earlier run was interrupted while it wrote", root.display()
            )
        }
    }
}

fn refuse_edited(root: &Path, receipt: &Receipt) -> Result<()> {
    let mut edited = Vec::new();
    for file in &receipt.files {
        let now = disk::look(root, &paths::checked(&file.path)?)?;
        if now.map(|content| content.stamp()) != file.new {
            edited.push(format!("`{}`", file.path));
        }
    }
    if !edited.is_empty() {
        problem!(
            help: "keep your changes elsewhere and restore those files, or roll back the later runs first";
            "{}: changed since run `{}`; nothing was rolled back", edited.join(", "), receipt.id
        );
    }
    Ok(())
}

fn way_back(root: &Path, id: &str, at: usize, file: &ReceiptFile) -> Result<Write> {
    let path = paths::checked(&file.path)?;
    let old = disk::look(root, &path)?;
    let Some(stamp) = &file.old else { return Ok(Write { path, old, new: None }) };
    let kept = journal::backup(root, id, at);
    let bytes = fs::read(&kept).map_err(fault("read", &kept))?;
    if hash(&bytes) != stamp.hash {
        problem!(
            help: "restore the file from version control";
            "`{}`: damaged, it is the backup of `{path}`", kept.display()
        );
    }
    Ok(Write { path, old, new: Some(Content { bytes, mode: stamp.mode }) })
}

fn as_it_was(folder: Folder, emptied: &[Folder]) -> Folder {
    emptied.iter().find(|before| before.path == folder.path).cloned().unwrap_or(folder)
}
