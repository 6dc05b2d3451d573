//! What rendering yields and writing takes: files with their bytes and where they came from, and what the project must depend on.

use serde::{Deserialize, Serialize};

/// Everything one run of the line writes, for all entries of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    /// In the order they are reported; paths are unique.
    pub files: Vec<PackageFile>,
    /// What the project's own manifest must name so that the files import.
    pub dependencies: Vec<Dependency>,
    pub adapters: Vec<Adapter>,
}

impl Package {
    /// The adapter of the entry `name`.
    pub fn adapter(&self, name: &str) -> Option<&Adapter> {
        self.adapters.iter().find(|adapter| adapter.entry == name)
    }
}

/// The code of one entry as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adapter {
    pub entry: String,
    /// Relative to the project.
    pub folder: String,
    /// What it offers, by the names it is called by: `issues.list`.
    pub operations: Vec<String>,
    /// The shared files it stands on, relative to the project.
    pub shared: Vec<String>,
    /// The libraries that it and they import.
    pub dependencies: Vec<Dependency>,
}

/// One file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFile {
    /// Relative to the project, `/` between parts, never `..`; checked by `paths::checked`.
    pub path: String,
    pub bytes: Vec<u8>,
    /// The entry of `integrate.yaml` it belongs to; empty for what all entries share (`runtime/`).
    pub entry: String,
    /// The template it was rendered from, such as `python/api/rest/client.py.j2`.
    pub template: String,
    /// The language it is written in, such as `python`; empty for prose and data.
    pub language: String,
}

impl PackageFile {
    /// Whether it is written only where there is none: what all entries share in the project's own folder, such as
    /// `tsconfig.json`, is the user's once the user has one.
    pub fn is_starter(&self) -> bool {
        self.entry.is_empty() && !self.path.contains('/')
    }
}

/// A library the generated code stands on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The language whose manifest names it: `python` is `pyproject.toml`, `typescript` is `package.json`.
    pub language: String,
    pub name: String,
    /// As the manifest spells it: `>=2.14,<3`, `^3.4.0`.
    pub version: String,
    /// Needed by tests and checks only.
    pub development: bool,
}
