//! The lock and what a run renders → the entries it leaves alone, and the files that go when it is done.

use super::plan::Options;
use crate::lock::{Lock, LockedEntry, LockedFile};
use crate::package::Dependency;

/// What of the lock a run does not touch.
pub struct Scope<'l> {
    staying: Vec<(&'l str, &'l LockedEntry)>,
    /// The entries whose own files go unless they are rendered; none: those of all that do not stay.
    only: Option<Vec<&'l str>>,
}

impl<'l> Scope<'l> {
    /// Of a build: all others stay where it is partial, and always those that came from another project.
    pub fn of(lock: &'l Lock, options: &'l Options) -> Self {
        let stays = |(name, entry): &(&String, &LockedEntry)| {
            !options.entries.contains_key(*name) && (options.partial || entry.deployed)
        };
        let staying = lock.entries.iter().filter(stays).map(|(name, entry)| (name.as_str(), entry)).collect();
        let only = options.partial.then(|| options.entries.keys().map(String::as_str).collect());
        Self { staying, only }
    }

    /// Of a removal: all but the entry stay.
    pub fn without(lock: &'l Lock, entry: &'l str) -> Self {
        let others = lock.entries.iter().filter(|(name, _)| *name != entry);
        let staying: Vec<_> = others.map(|(name, entry)| (name.as_str(), entry)).collect();
        let only = (!staying.is_empty()).then(|| vec![entry]);
        Self { staying, only }
    }

    pub fn stays(&self, entry: &str) -> bool {
        self.staying.iter().any(|(name, _)| *name == entry)
    }

    /// Whether nothing is left but what is rendered.
    pub fn is_empty(&self) -> bool {
        self.staying.is_empty()
    }

    /// Whether a file of the lock goes where it is not rendered: its entry goes, or nothing that stays stands on it.
    pub fn goes(&self, path: &str, file: &LockedFile) -> bool {
        if file.entry.is_empty() {
            let knows =
                |entry: &LockedEntry| entry.shared.as_ref().is_some_and(|shared| !shared.iter().any(|own| own == path));
            return self.staying.iter().all(|(_, entry)| knows(entry));
        }
        match &self.only {
            Some(only) => only.contains(&file.entry.as_str()),
            None => !self.stays(&file.entry),
        }
    }

    /// What the entries that stay need in the manifests.
    pub fn dependencies(&self) -> impl Iterator<Item = &'l Dependency> + '_ {
        self.staying.iter().flat_map(|(_, entry)| &entry.dependencies)
    }
}
