//! A project with packs in it, and what is needed to look at it.

use std::path::{Path, PathBuf};

#[path = "../scene/mod.rs"]
mod project;

pub use project::{Project, both};

/// The packs that docs/pattern-development.md is about.
pub fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples")
}

impl Project {
    /// A project whose `integrations/patterns` holds the packs named.
    pub fn with_packs(packs: &[&str]) -> Self {
        let project = Self::empty();
        for pack in packs {
            copy(&examples().join(pack), &project.path("integrations/patterns"));
        }
        project
    }
}

pub fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        match entry.file_type().is_dir() {
            true => std::fs::create_dir_all(target).unwrap(),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// PATH with the folder of `program` first.
pub fn path_with(program: &Path) -> String {
    format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default())
}
