//! The integrations that these tests begin with, and the tools that they ask for.

use std::path::PathBuf;

#[path = "../scene/mod.rs"]
mod project;

pub use project::{DOCUMENT, Project, said};

/// An integration made from the document.
pub const SHOP: [&str; 6] = ["create", "shop", "--source", "openapi.yaml", "--language", "python"];

/// An integration made from nothing.
pub const UP: [&str; 7] = ["create", "up", "--type", "storage", "--language", "python", "--yes"];

impl Project {
    /// A project with the document in it.
    pub fn new() -> Self {
        Self::with_document()
    }
}

/// A folder of the tools that `scripts/test` sets up; None, and a line that says so, where they are not there.
#[expect(clippy::print_stderr, reason = "what is left out is named")]
pub fn tools(name: &str) -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/integrate-test"));
    let folder = std::env::var_os("INTEGRATE_CACHE").map(PathBuf::from).or(home)?.join(name);
    if !folder.exists() {
        eprintln!("left out: there is no `{}`: `scripts/test` sets it up", folder.display());
        return None;
    }
    Some(folder)
}
