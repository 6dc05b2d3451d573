//! One entry and the lock → a plan that takes its files and its lines in the manifests out again.

use super::plan::{Options, Plan, conclude, edited};
use super::protected::Protected;
use super::scope::Scope;
use super::{Target, judge, manifest, state};
use crate::lock::Lock;
use crate::package::Package;
use crate::problem;
use anyhow::Result;
use std::collections::BTreeSet;

/// Returns what removing the entry would do. What no other entry stands on goes with it.
///
/// An entry that was never built is in no lock: then there is nothing but `edits`. Files edited by hand stay and are the
/// user's; of the manifests only our own lines go, where they are as we wrote them. Of `options` only `edits` and
/// `allow_dirty` count.
pub fn plan_removal(entry: &str, target: &Target, lock: &Lock, options: &Options) -> Result<Plan> {
    state::refuse_unfinished(&target.root)?;
    if !lock.entries.contains_key(entry) && options.edits.is_empty() {
        problem!(help: "name one that `integrate.lock` has"; "there is no integration `{}` here", entry.escape_debug());
    }
    let protected = Protected::of(target)?;
    let scope = Scope::without(lock, entry);
    let built = lock.entries.contains_key(entry);
    let gone = lock.files.iter().filter(|(path, file)| built && scope.goes(path, file));
    let stale = judge::leave(gone, target, &protected)?;
    let mut next = lock.clone();
    next.entries.remove(entry);
    next.files.retain(|path, file| !built || !scope.goes(path, file));
    let wiring = manifest::wire(target, lock, &protected, &wish(entry, lock, &scope))?;
    let mut changes = [stale, wiring.changes].concat();
    next.documents = wiring.documents;
    changes.extend(edited(target, &protected, options, &mut next.documents)?);
    if next.entries.is_empty() {
        next.documents.clear();
    }
    conclude(target, lock, next, &Package::default(), Plan { changes, notes: wiring.notes, ..Plan::default() }, options)
}

/// Returns the dependencies that go: those no other entry needs.
fn wish(entry: &str, lock: &Lock, scope: &Scope<'_>) -> manifest::Wish {
    let needed: BTreeSet<_> = scope.dependencies().map(|one| (&one.language, &one.name)).collect();
    let own = lock.entries.get(entry).map(|entry| entry.dependencies.as_slice()).unwrap_or_default().iter();
    let drop = own.filter(|one| !needed.contains(&(&one.language, &one.name))).cloned().collect();
    manifest::Wish { add: Vec::new(), drop_others: scope.is_empty(), drop, restore: false }
}
