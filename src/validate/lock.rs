//! What `integrate.lock` says of files against what is there → findings: missing and edited.

use super::builtin::Check;
use super::finding::Finding;
use crate::lock::same_but_line_ends;

/// A file the lock names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockedFile<'a> {
    pub path: &'a str,
    /// The hash of what was written.
    pub written: &'a str,
    /// What is there now; `None` where nothing is.
    pub found: Option<&'a [u8]>,
}

/// Holds a file to what the lock remembers of it; a checkout with other line ends is no edit.
pub fn check(file: &LockedFile<'_>) -> Option<Finding> {
    match file.found {
        None => Some(Check::Missing.about(file.path, "")),
        Some(found) if same_but_line_ends(found, file.written) => None,
        Some(_) => Some(Check::Edited.about(file.path, "")),
    }
}
