//! Where in its source a node stands.

use serde::{Deserialize, Serialize};

/// A place in a source: `galaxy.yaml:12:5`, and the JSON pointer where the source is a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Display name of the document or connection.
    pub file: String,
    /// RFC 6901, or a catalogue's own path such as `public.users.email`.
    pub pointer: String,
    /// From 1; 0 where the source has no lines.
    pub line: u32,
    /// From 1; 0 where the source has no lines.
    pub column: u32,
}

impl Origin {
    /// As messages begin: `file:line:column`, or the path where there are no lines.
    pub fn place(&self) -> String {
        match self.line {
            0 => format!("{}: {}", self.file, self.pointer),
            line => format!("{}:{line}:{}", self.file, self.column),
        }
    }
}
