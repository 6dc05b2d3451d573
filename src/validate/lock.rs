//! What `integrate.lock` says against what is there → findings: missing, edited and stale.

use super::builtin::Check;
use super::finding::Finding;

/// A file the lock names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedFile {
    pub path: String,
    /// The hash of what was written, in whatever form the lock keeps.
    pub written: String,
    /// The hash of what is there now, in the same form; `None` where nothing is.
    pub found: Option<String>,
}

/// A source an entry was generated from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedSource {
    /// Where findings about it are reported: the entry's place in `integrate.yaml`.
    pub path: String,
    /// As `integrate.yaml` names it, without credentials.
    pub location: String,
    pub read: String,
    /// `None` where it was not looked at, such as a server that cannot be reached from here: no finding.
    pub found: Option<String>,
}

/// Holds files and sources to what the lock remembers of them.
pub fn check(files: &[LockedFile], sources: &[LockedSource]) -> Vec<Finding> {
    let of_file = |file: &LockedFile| match &file.found {
        None => Some(Check::Missing.about(&file.path, "")),
        Some(found) if *found != file.written => Some(Check::Edited.about(&file.path, "")),
        Some(_) => None,
    };
    let of_source = |source: &LockedSource| {
        let changed = source.found.as_ref().is_some_and(|found| *found != source.read);
        changed.then(|| Check::Stale.about(&source.path, &source.location))
    };
    files.iter().filter_map(of_file).chain(sources.iter().filter_map(of_source)).collect()
}
