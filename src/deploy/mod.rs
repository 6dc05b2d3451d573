//! A package in memory → the user's files: plan, then one atomic apply, and every way back.

mod apply;
mod caches;
mod diff;
mod disk;
mod folders;
mod git;
mod journal;
mod judge;
mod locking;
mod manifest;
mod plan;
mod pristine;
mod protected;
mod receipt;
mod removal;
mod scope;
mod state;
mod transaction;
mod undo;

pub use apply::{apply, rollback};
pub use disk::{Content, Folder, Stamp};
pub use judge::{EDITED, FOREIGN, KEPT_DELETED};
pub use plan::{Action, Change, Edit, Options, Plan, plan};
pub use pristine::Pristine;
pub use receipt::{Receipt, ReceiptFile, taken_back};
pub use removal::plan_removal;
pub use undo::{Recovery, recover};

use crate::problem;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// The project that is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Absolute, without symbolic links.
    pub root: PathBuf,
    /// Paths that are never written, as lines of a `.gitignore`: `protected` in `integrate.yaml`.
    pub protected: Vec<String>,
}

impl Target {
    /// Opens the project in the folder. A folder that is missing is an empty project, made by the first apply.
    pub fn open(root: &Path, protected: &[String]) -> Result<Self> {
        let found = if root.exists() { root.canonicalize() } else { std::path::absolute(root) };
        let root = found.map_err(disk::fault("open", root))?;
        if root.exists() && !root.is_dir() {
            problem!(help: "give the folder of a project"; "`{}`: not a folder", root.display());
        }
        Ok(Self { root, protected: protected.to_vec() })
    }
}

/// Returns every receipt of the project, oldest first.
pub fn receipts(target: &Target) -> Result<Vec<Receipt>> {
    receipt::all(&target.root)
}

/// Says whether nothing was ever written to the project.
pub fn is_new(target: &Target) -> bool {
    !target.root.join(state::FOLDER).exists()
}

/// Takes away what we keep of the project's runs, where all of them were taken back.
pub fn forget(target: &Target) -> Result<()> {
    drop(state::hold(&target.root)?);
    disk::remove_tree(&target.root.join(state::FOLDER))
}

/// Errors with a `Problem` when an earlier run was interrupted here and `recover` was not run since.
pub fn refuse_unfinished(target: &Target) -> Result<()> {
    state::refuse_unfinished(&target.root)
}
