//! What was named → which of the project's files a run is about.

use std::path::{Path, PathBuf};

use super::super::workspace::Workspace;
use crate::deploy::Target;

/// The paths that were named; none is all of the project.
pub struct Scope {
    pub named: Vec<Named>,
}

/// One path that was named.
pub struct Named {
    pub given: PathBuf,
    /// Where it is: in the project's folder before the one we were called in.
    pub path: PathBuf,
    /// Relative to the project, `/` between parts; empty is the project's own folder, none is outside of it.
    inside: Option<String>,
}

impl Scope {
    pub fn of(paths: &[PathBuf], workspace: &Workspace, target: &Target) -> Self {
        let named = |given: &PathBuf| {
            let own = workspace.folder.join(given);
            let path =
                if own.symlink_metadata().is_ok() || given.symlink_metadata().is_err() { own } else { given.clone() };
            let inside = real(&path).strip_prefix(&target.root).ok().map(with_slashes);
            Named { given: given.clone(), path, inside }
        };
        Self { named: paths.iter().map(named).collect() }
    }

    /// Whether any of the project is in question.
    pub fn is_of_project(&self) -> bool {
        self.named.is_empty() || self.named.iter().any(|named| named.inside.is_some())
    }

    /// Whether a file or a whole folder of the project, relative to it, is in question.
    pub fn holds(&self, path: &str) -> bool {
        self.named.is_empty() || self.named.iter().any(|named| named.holds(path))
    }
}

impl Named {
    pub fn holds(&self, path: &str) -> bool {
        self.inside.as_ref().is_some_and(|inside| Path::new(path).starts_with(inside))
    }
}

/// A path without links and `..`, although its end may not be there.
fn real(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if parent.as_os_str().is_empty() => real(Path::new(".")).join(name),
        (Some(parent), Some(name)) => real(parent).join(name),
        _ => path.to_path_buf(),
    }
}

/// A path as it is reported, on every system.
pub fn with_slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
