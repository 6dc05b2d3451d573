//! One entry and the lock → a plan that takes its files and its lines in the manifests out again.

use super::plan::{Options, Plan, conclude, edited};
use super::protected::Protected;
use super::{Target, judge, manifest, state};
use crate::lock::{Lock, LockedFile};
use crate::package::Package;
use crate::problem;
use anyhow::Result;
use std::collections::BTreeSet;

/// Returns what removing the entry would do. With the last entry goes what all shared.
///
/// Files edited by hand stay and are the user's; of the manifests only our own lines go, where they are as we wrote them.
/// Of `options` only `edits` and `allow_dirty` count.
pub fn plan_removal(entry: &str, target: &Target, lock: &Lock, options: &Options) -> Result<Plan> {
    state::refuse_unfinished(&target.root)?;
    if !lock.entries.contains_key(entry) {
        let known: Vec<_> = lock.entries.keys().map(|name| format!("`{name}`")).collect();
        problem!(
            help: format!("name one of: {}", known.join(", "));
            "integrate.lock: no entry `{}`", entry.escape_debug()
        );
    }
    let protected = Protected::of(target)?;
    let mut next = lock.clone();
    next.entries.remove(entry);
    let last = next.entries.is_empty();
    let goes = |file: &LockedFile| last || file.entry == entry;
    let stale = judge::leave(lock.files.iter().filter(|(_, file)| goes(file)), target, &protected)?;
    next.files.retain(|_, file| !goes(file));
    let wiring = manifest::wire(target, lock, &protected, &wish(entry, lock, last))?;
    let mut changes = [stale, wiring.changes].concat();
    next.documents = wiring.documents;
    changes.extend(edited(target, &protected, options, &mut next.documents)?);
    if last {
        next.documents.clear();
    }
    conclude(target, lock, next, &Package::default(), Plan { changes, notes: wiring.notes, ..Plan::default() }, options)
}

/// Returns the dependencies that go: those no other entry needs.
fn wish(entry: &str, lock: &Lock, last: bool) -> manifest::Wish {
    let others = lock.entries.iter().filter(|(name, _)| *name != entry);
    let needed: BTreeSet<_> =
        others.flat_map(|(_, entry)| &entry.dependencies).map(|one| (&one.language, &one.name)).collect();
    let own = lock.entries[entry].dependencies.iter();
    let drop = own.filter(|one| !needed.contains(&(&one.language, &one.name))).cloned().collect();
    manifest::Wish { add: Vec::new(), drop_others: last, drop, restore: false }
}
