//! `integrate.lock`: what was generated from what, file by file, so that the next run can tell its own bytes from the user's.

use crate::package::Dependency;
use crate::paths;
use crate::problem;
use crate::problem::in_yaml;
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The lock's name in the project; committed.
pub const LOCK: &str = "integrate.lock";

/// The name of the compressed copy of every generated file, beside the lock; committed.
pub const PRISTINE: &str = "integrate.lock.pristine";

/// The newest form of the lock that this program reads and the one it writes.
pub const VERSION: u32 = 1;

const HEADER: &str = "# Written by integrate; commit it together with integrate.lock.pristine.\n";

/// The whole lock. Maps are ordered by key, so that the same project gives the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    pub version: u32,
    /// What each entry of `integrate.yaml` was generated from, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entries: BTreeMap<String, LockedEntry>,
    /// Every generated file, by path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, LockedFile>,
    /// The user's own files that a run edited, by path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<String, LockedDocument>,
}

/// What one entry was generated from. Every hash is lower-case hexadecimal SHA-256.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedEntry {
    /// Hash of all files the source was read from, or of the answers where there is no source.
    pub source: String,
    /// Hash of the pattern pack.
    pub patterns: String,
    /// Hash of the options, and of `include` and `exclude` where there are any.
    pub options: String,
    /// The version of `integrate` that generated it.
    pub generator: String,
    /// The pattern, and the variant of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pattern: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variant: String,
    /// What its code offers, by the names it is called by: `issues.list`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// The folder of its code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub folder: String,
    /// What it needs in the project's manifests; removal keeps what another entry still needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Dependency>,
    /// The shared files its code stands on, by path; absent where that is not known: then none of them goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<Vec<String>>,
    /// It came from another project: no entry of `integrate.yaml` builds it here, and no build takes it away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deployed: bool,
}

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedFile {
    /// Hash of the bytes as rendered.
    pub hash: String,
    /// The entry it belongs to; empty for what all entries share.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entry: String,
    pub template: String,
}

/// One file of the user's that a run edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedDocument {
    /// Hash of the bytes we left: as long as it holds, what is uncommitted in the file may be ours.
    pub hash: String,
    /// The file did not exist before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub created: bool,
    /// What we wrote into it, in the order of its tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Addition>,
    /// Tables and arrays that did not exist before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<String>,
}

/// One requirement we wrote into a manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// Where: `project.dependencies`, `dependency-groups.dev`, `devDependencies`.
    pub table: String,
    pub name: String,
    pub version: String,
}

impl Default for Lock {
    fn default() -> Self {
        Self { version: VERSION, entries: BTreeMap::new(), files: BTreeMap::new(), documents: BTreeMap::new() }
    }
}

impl Lock {
    /// Reads the project's lock; an empty one where there is none.
    pub fn load(root: &Path) -> Result<Self> {
        let path = root.join(LOCK);
        match std::fs::read(&path) {
            Ok(bytes) => Self::parse(&bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => {
                problem!(help: "make it a file that can be read, or restore it from version control"; "`{}`: {error}", path.display())
            }
        }
    }

    /// Reads a lock from its text; its paths are as unsafe as any from outside and are checked.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let help = "restore it from version control: in a merge, take one side and run `integrate create` again";
        let Ok(text) = std::str::from_utf8(bytes) else {
            problem!(help: help; "{LOCK}: not UTF-8");
        };
        let lock: Self = match serde_yaml::from_str(text) {
            Ok(lock) => lock,
            Err(error) => problem!(help: help; "{}", in_yaml(LOCK, &error)),
        };
        if lock.version != VERSION {
            problem!(
                help: "use the version of `integrate` that wrote it, or a newer one";
                "{LOCK}: version `{}`, wanted `{VERSION}`", lock.version
            );
        }
        lock.files.keys().chain(lock.documents.keys()).try_for_each(|path| paths::checked(path).map(|_| ()))?;
        Ok(lock)
    }

    /// Returns the lock's text.
    pub fn render(&self) -> Result<Vec<u8>> {
        let yaml = serde_yaml::to_string(self).context("cannot write the lock as YAML")?;
        Ok(format!("{HEADER}{yaml}").into_bytes())
    }
}

/// Returns the SHA-256 of the bytes in lower-case hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the hash of a text, the same whichever line ends it was checked out with.
pub fn hash_of_text(bytes: &[u8]) -> String {
    without_crlf(bytes).map_or_else(|| hash(bytes), |plain| hash(&plain))
}

/// Says whether the bytes have the hash, as they are or with LF for every CRLF.
pub fn same_but_line_ends(bytes: &[u8], wanted: &str) -> bool {
    hash(bytes) == wanted || without_crlf(bytes).is_some_and(|bytes| hash(&bytes) == wanted)
}

/// Returns the bytes with LF line ends when every line end is CRLF and there is one, as git's `core.autocrlf` leaves it.
pub fn without_crlf(bytes: &[u8]) -> Option<Vec<u8>> {
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    let pairs = bytes.windows(2).filter(|pair| pair == b"\r\n").count();
    if feeds == 0 || feeds != pairs || bytes.contains(&0) {
        return None;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            plain.push(*byte);
        }
    }
    Some(plain)
}
