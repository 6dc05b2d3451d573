//! A package, the project's files and its lock → what would be created, updated, kept, deleted, and what is in conflict.

use super::disk::{self, Content};
use super::protected::Protected;
use super::scope::Scope;
use super::{Target, diff, git, judge, locking, manifest, state};
use crate::lock::{Lock, LockedDocument, LockedEntry, hash};
use crate::package::Package;
use crate::paths::{self, RelPath};
use crate::problem;
use anyhow::Result;
use indexmap::IndexMap;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// What happens to one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Update,
    Keep,
    Delete,
    /// The user's bytes and ours both want the place; while there is one, nothing is written.
    Conflict,
}

/// One file of a plan. As JSON: path, action, reason, entry, template, `old_hash`, `new_hash`, `diff`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub path: RelPath,
    pub action: Action,
    /// Why, in the words the user reads.
    pub reason: String,
    /// The entry it belongs to; empty for what all share and for the user's own files.
    pub entry: String,
    /// The template it was rendered from; empty for the user's own files.
    pub template: String,
    /// What is there now; none is no file.
    pub old: Option<Content>,
    /// What will be there, or in a conflict what we wanted there; none is no file.
    pub new: Option<Vec<u8>>,
}

impl Change {
    /// Returns the unified diff from what is there to what will be; empty where nothing changes.
    pub fn diff(&self) -> String {
        diff::unified(
            self.path.as_str(),
            self.old.as_ref().map(|content| content.bytes.as_slice()),
            self.new.as_deref(),
        )
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Change", 8)?;
        fields.serialize_field("path", self.path.as_str())?;
        fields.serialize_field("action", &self.action)?;
        fields.serialize_field("reason", &self.reason)?;
        fields.serialize_field("entry", &self.entry)?;
        fields.serialize_field("template", &self.template)?;
        fields.serialize_field("old_hash", &self.old.as_ref().map(|content| hash(&content.bytes)))?;
        fields.serialize_field("new_hash", &self.new.as_ref().map(|bytes| hash(bytes)))?;
        fields.serialize_field("diff", &self.diff())?;
        fields.end()
    }
}

/// Everything one apply would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Plan {
    /// The package's files in its order, then what is no longer rendered, the user's own files, the lock.
    pub changes: Vec<Change>,
    /// What the user should know and no file shows.
    pub notes: Vec<String>,
    /// What the command wants remembered in the receipt.
    #[serde(skip)]
    pub build: serde_json::Value,
}

impl Plan {
    /// Yields the conflicts; while there is one, `apply` refuses.
    pub fn conflicts(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.action == Action::Conflict)
    }

    /// Says whether an apply would change any file.
    pub fn is_empty(&self) -> bool {
        self.changes.iter().all(|change| change.action == Action::Keep)
    }
}

/// One edit of the user's own file that belongs to the run, such as a new entry in `integrate.yaml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub path: String,
    /// The bytes the edit was made from; none when there was no file.
    pub old: Option<Vec<u8>>,
    /// None removes the file.
    pub new: Option<Vec<u8>>,
    pub reason: String,
}

/// What a plan needs beside the package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// What the lock is to remember of each entry that was rendered.
    pub entries: IndexMap<String, LockedEntry>,
    /// Only `entries` were rendered: the files of all others stay as they are, and so do shared ones they stand on.
    pub partial: bool,
    /// Edits of the user's own files.
    pub edits: Vec<Edit>,
    /// Brings back generated files that the user deleted.
    pub restore: bool,
    /// Writes files although git says they have uncommitted changes.
    pub allow_dirty: bool,
}

/// Returns what an apply would do; reads the project, writes nothing.
///
/// Errors with a `Problem` for an unsafe or protected path, a symbolic link in the way, and an unfinished earlier run.
pub fn plan(package: &Package, target: &Target, lock: &Lock, options: &Options) -> Result<Plan> {
    state::refuse_unfinished(&target.root)?;
    let protected = Protected::of(target)?;
    let scope = Scope::of(lock, options);
    let rendered = judge::rendered(package, target, lock, &protected, (options, &scope))?;
    let stale = judge::stale(package, target, lock, &protected, &scope)?;
    let mut next = locking::next(lock, package, &rendered, options, &scope);
    let wiring = manifest::wire(target, lock, &protected, &locking::wanted(package, lock, options, &scope))?;
    let mut changes = [rendered, stale, wiring.changes].concat();
    next.documents = wiring.documents;
    changes.extend(edited(target, &protected, options, &mut next.documents)?);
    conclude(target, lock, next, package, Plan { changes, notes: wiring.notes, ..Plan::default() }, options)
}

/// Adds what every plan ends with: git's view of the files, and the lock with its pristine copies.
pub fn conclude(
    target: &Target,
    lock: &Lock,
    next: Lock,
    package: &Package,
    mut plan: Plan,
    options: &Options,
) -> Result<Plan> {
    if !options.allow_dirty {
        plan.notes.extend(git::hold_back(target, lock, &mut plan.changes)?);
    }
    let (changes, notes) = locking::changes(&target.root, lock, &next, package)?;
    plan.changes.extend(changes);
    plan.notes.extend(notes);
    Ok(plan)
}

/// Returns the edits of the user's own files as changes, and remembers in `documents` what we leave in them.
pub fn edited(
    target: &Target,
    protected: &Protected,
    options: &Options,
    documents: &mut BTreeMap<String, LockedDocument>,
) -> Result<Vec<Change>> {
    options.edits.iter().map(|edit| one_edit(target, protected, edit, documents)).collect()
}

fn one_edit(
    target: &Target,
    protected: &Protected,
    edit: &Edit,
    documents: &mut BTreeMap<String, LockedDocument>,
) -> Result<Change> {
    let path = paths::checked(&edit.path)?;
    protected.refuse_document(&path)?;
    let old = disk::look(&target.root, &path)?;
    if old.as_ref().map(|content| &content.bytes) != edit.old.as_ref() {
        problem!(help: "run the command again"; "`{path}`: changed while the command ran; nothing was written");
    }
    let action = action(old.as_ref(), edit.new.as_ref());
    match &edit.new {
        None => drop(documents.remove(&edit.path)),
        Some(new) if action != Action::Keep => {
            let document = documents.entry(edit.path.clone()).or_default();
            document.created |= old.is_none();
            document.hash = hash(new);
        }
        Some(_) => {}
    }
    let (reason, new) = (edit.reason.clone(), edit.new.clone());
    Ok(Change { path, action, reason, entry: String::new(), template: String::new(), old, new })
}

fn action(old: Option<&Content>, new: Option<&Vec<u8>>) -> Action {
    match (old, new) {
        (None, Some(_)) => Action::Create,
        (Some(_), None) => Action::Delete,
        (Some(old), Some(new)) if old.bytes != *new => Action::Update,
        _ => Action::Keep,
    }
}
