//! `integrate.yaml` → `Project`.

use std::path::Path;

use anyhow::Result;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::values;
use crate::problem;
use crate::problem::{Problem, in_yaml};

/// The name of the file in a project.
pub const NAME: &str = "integrate.yaml";

/// The newest form of the file that this program reads and the one it writes.
pub const VERSION: u32 = 1;

/// What a project integrates: one entry a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    pub version: u32,
    /// The folder of the generated code, relative to the project.
    #[serde(default = "default_root")]
    pub root: String,
    /// The language of entries that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Folders with pattern packs of the user's own, relative to the project.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<String>,
    /// Paths that are never written, as lines of a `.gitignore`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected: Vec<String>,
    #[serde(default)]
    pub integrations: IndexMap<String, Entry>,
}

/// One integration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub pattern: String,
    /// The pattern's first one where it is not named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// A path relative to the project, or a URL; none: the options are the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What was asked for, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirements: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// What cannot be read of the source may be left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_skipped: bool,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty", deserialize_with = "values::options")]
    pub options: IndexMap<String, Value>,
}

fn default_root() -> String {
    "integrations".to_owned()
}

impl Default for Project {
    fn default() -> Self {
        Self {
            version: VERSION,
            root: default_root(),
            language: None,
            patterns: Vec::new(),
            protected: Vec::new(),
            integrations: IndexMap::new(),
        }
    }
}

impl Project {
    /// Reads `integrate.yaml` of the project in `folder`: its bytes and what they say; None where there is none.
    pub fn load(folder: &Path) -> Result<Option<(Vec<u8>, Self)>> {
        let path = folder.join(NAME);
        match std::fs::read(&path) {
            Ok(bytes) => Self::parse(&bytes).map(|project| Some((bytes, project))),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(fault) => {
                problem!(help: "make it a file that can be read"; "`{}`: {fault}", path.display())
            }
        }
    }

    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            problem!(help: "save it as UTF-8"; "{NAME}:1:1: the text is not UTF-8");
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let project: Self = serde_yaml::from_str(text).map_err(|fault| {
            Problem::new(in_yaml(NAME, &fault), "mend the file; `integrate create --help` shows what an entry holds")
        })?;
        if project.version != VERSION {
            problem!(help: "use a newer version of `integrate`"; "{NAME}: version `{}`, wanted `{VERSION}`", project.version);
        }
        project.integrations.keys().try_for_each(|name| check_name(name))?;
        crate::paths::checked(&project.root)?;
        Ok(project)
    }
}

/// Refuses a name that could not be a folder, a package and part of a variable's name on every system.
pub fn check_name(name: &str) -> Result<()> {
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        && name.len() <= 64;
    if !fits || ["runtime", "patterns", "tests"].contains(&name.to_lowercase().as_str()) {
        problem!(help: "take letters, digits, `-` and `_`, beginning with a letter, at most 64, and not `runtime`, `patterns` or `tests`";
            "`{}` cannot be the name of an integration", name.escape_debug());
    }
    Ok(())
}

/// Whether two names are spelled alike where they become a folder, a module or part of a variable: `my-api`, `My_Api`.
pub fn are_alike(one: &str, other: &str) -> bool {
    one != other && crate::words::split(one) == crate::words::split(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_field_names_its_line() {
        let fault = Project::parse(b"version: 1\nintegrations:\n  github:\n    pattern: api\n    langauge: python\n")
            .unwrap_err();
        assert!(fault.to_string().starts_with("integrate.yaml:"), "{fault}");
        assert!(fault.to_string().contains("unknown field `langauge`"), "{fault}");
    }

    #[test]
    fn names_that_are_no_folders_are_refused() {
        for name in ["", "../x", "a b", "1password", "runtime", "Ünï", &"x".repeat(65)] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert!(check_name("github-v2").is_ok());
    }

    #[test]
    fn names_that_become_one_folder_are_alike() {
        for (one, other) in [("my-api", "my_api"), ("Shop", "shop"), ("myApi", "my-api"), ("a--b", "a_b")] {
            assert!(are_alike(one, other), "{one} {other}");
        }
        assert!(!are_alike("shop", "shop") && !are_alike("shop", "shops"));
    }

    #[test]
    fn a_byte_order_mark_is_no_document() {
        assert!(Project::parse("\u{feff}version: 1\n".as_bytes()).is_ok());
    }
}
