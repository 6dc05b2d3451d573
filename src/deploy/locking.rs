//! The old lock and what a plan does → the next lock, its pristine copies, and both as changes of the plan.

use super::disk;
use super::judge::YOURS;
use super::manifest::Wish;
use super::plan::{Action, Change, Options};
use super::pristine::Pristine;
use super::scope::Scope;
use crate::lock::{LOCK, Lock, LockedFile, PRISTINE, hash, same_but_line_ends};
use crate::package::Package;
use crate::paths;
use crate::problem;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Returns the lock after the plan, but for the documents.
pub fn next(lock: &Lock, package: &Package, rendered: &[Change], options: &Options, scope: &Scope<'_>) -> Lock {
    let mut next = lock.clone();
    next.entries.retain(|name, _| scope.stays(name));
    let kept: BTreeSet<_> = package.files.iter().map(|file| file.path.as_str()).collect();
    next.files.retain(|path, file| kept.contains(path.as_str()) || !scope.goes(path, file));
    next.entries.extend(options.entries.iter().map(|(name, entry)| (name.clone(), entry.clone())));
    for (file, change) in package.files.iter().zip(rendered) {
        let kept_deleted = change.action == Action::Keep && change.old.is_none();
        if change.reason == YOURS {
            next.files.remove(&file.path);
        } else if !kept_deleted {
            let (entry, template) = (file.entry.clone(), file.template.clone());
            next.files.insert(file.path.clone(), LockedFile { hash: hash(&file.bytes), entry, template });
        }
    }
    next
}

/// Returns what the manifests are to gain, and which of our earlier additions they are to lose.
pub fn wanted(package: &Package, lock: &Lock, options: &Options, scope: &Scope<'_>) -> Wish {
    let mut add = package.dependencies.clone();
    add.extend(options.entries.values().flat_map(|entry| entry.dependencies.clone()));
    add.extend(scope.dependencies().cloned());
    // What an entry needed before and needs no longer, such as in another language.
    let before = options.entries.keys().filter_map(|name| lock.entries.get(name));
    let drop = before.flat_map(|entry| entry.dependencies.clone()).collect();
    Wish { add, drop_others: !options.partial, drop, restore: options.restore }
}

/// Returns the changes of the lock and its pristine copies, and what the user should know about them.
pub fn changes(root: &Path, lock: &Lock, next: &Lock, package: &Package) -> Result<(Vec<Change>, Vec<String>)> {
    let mut notes = Vec::new();
    let before = Pristine::load(root, lock).unwrap_or_else(|error| {
        notes.push(format!("{error}; it is written anew"));
        Pristine::default()
    });
    let after = copies(root, next, package, &before)?;
    let empty = next.files.is_empty() && next.entries.is_empty() && next.documents.is_empty();
    let lock_bytes = if lock == next { None } else { Some(next.render()?) };
    let pristine_bytes = if before == after && notes.is_empty() { None } else { Some(after.render()?) };
    let changes = vec![
        one(root, LOCK, lock_bytes, empty, |bytes| matches!(Lock::parse(bytes), Ok(found) if found == *lock))?,
        one(root, PRISTINE, pristine_bytes, empty, |_| true)?,
    ];
    Ok((changes.into_iter().flatten().collect(), notes))
}

/// Returns the pristine copy of each file of the lock: as rendered now, as kept before, or as it is on the disk untouched.
fn copies(root: &Path, next: &Lock, package: &Package, before: &Pristine) -> Result<Pristine> {
    let rendered: BTreeMap<_, _> = package.files.iter().map(|file| (&file.path, &file.bytes)).collect();
    let mut after = Pristine::default();
    for (path, locked) in &next.files {
        let known = rendered
            .get(path)
            .copied()
            .into_iter()
            .chain(before.files.get(path))
            .find(|bytes| hash(bytes) == locked.hash);
        let bytes = match known {
            Some(bytes) => Some(bytes.clone()),
            None => disk::look(root, &paths::checked(path)?)?.map(|content| content.bytes),
        };
        if let Some(bytes) = bytes.filter(|bytes| same_but_line_ends(bytes, &locked.hash)) {
            after.files.insert(path.clone(), bytes);
        }
    }
    Ok(after)
}

/// Returns the change of one of our own two files; none when it stays as it is.
fn one(
    root: &Path,
    name: &str,
    bytes: Option<Vec<u8>>,
    gone: bool,
    as_read: impl Fn(&[u8]) -> bool,
) -> Result<Option<Change>> {
    let path = paths::checked(name)?;
    let old = disk::look(root, &path)?;
    if old.as_ref().is_some_and(|content| !as_read(&content.bytes)) {
        problem!(help: "run the command again"; "`{name}`: changed while the command ran; nothing was written");
    }
    let (action, reason, new) = match (&old, gone, bytes) {
        (None, true, _) | (None, _, None) | (Some(_), false, None) => return Ok(None),
        (Some(_), true, _) => (Action::Delete, "nothing generated is left", None),
        (None, false, bytes) => (Action::Create, "what was generated from what", bytes),
        (Some(_), false, bytes) => (Action::Update, "what was generated from what", bytes),
    };
    let unchanged = new.is_some() && new == old.as_ref().map(|content| content.bytes.clone());
    let change =
        Change { path, action, reason: reason.to_owned(), entry: String::new(), template: String::new(), old, new };
    Ok((!unchanged).then_some(change))
}
