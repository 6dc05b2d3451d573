//! Which paths are never written: the built-in list and the project's own.

use super::Target;
use crate::paths::{RelPath, folded};
use crate::problem;
use anyhow::Result;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

const BUILT_IN: &str = include_str!("protected.gitignore");

/// The lines that protect a project's files.
pub struct Protected {
    built_in: Gitignore,
    project: Gitignore,
}

impl Protected {
    /// Reads both lists.
    pub fn of(target: &Target) -> Result<Self> {
        let lines: Vec<&str> = target.protected.iter().map(String::as_str).collect();
        Ok(Self { built_in: matcher(&BUILT_IN.lines().collect::<Vec<_>>())?, project: matcher(&lines)? })
    }

    /// Errors with a `Problem` when a generated file may not be written, or deleted, there.
    pub fn refuse(&self, path: &RelPath) -> Result<()> {
        let own = matched(&self.project, path);
        if own.is_ignore() || (!own.is_whitelist() && matched(&self.built_in, path).is_ignore()) {
            problem!(
                help: format!("choose another place for it, or add `!/{path}` to `protected` in `integrate.yaml`");
                "`{path}`: a protected path"
            );
        }
        Ok(())
    }

    /// Says whether the project protects one of the user's own files from edits.
    pub fn holds_document(&self, path: &RelPath) -> bool {
        matched(&self.project, path).is_ignore()
    }

    /// Errors with a `Problem` when the project protects one of the user's own files from edits.
    pub fn refuse_document(&self, path: &RelPath) -> Result<()> {
        if self.holds_document(path) {
            problem!(
                help: "edit it yourself, or take it out of `protected` in `integrate.yaml`";
                "`{path}`: a protected path"
            );
        }
        Ok(())
    }
}

fn matcher(lines: &[&str]) -> Result<Gitignore> {
    let mut builder = GitignoreBuilder::new("");
    let mut fault = builder.case_insensitive(true).err();
    for line in lines {
        fault = fault.or_else(|| builder.add_line(None, &folded(line)).err());
    }
    match (fault, builder.build()) {
        (None, Ok(matcher)) => Ok(matcher),
        (Some(error), _) | (None, Err(error)) => {
            problem!(help: "write it as a line of a `.gitignore`"; "integrate.yaml: `protected`: {error}")
        }
    }
}

fn matched<'a>(matcher: &'a Gitignore, path: &RelPath) -> ignore::Match<&'a ignore::gitignore::Glob> {
    matcher.matched_path_or_any_parents(folded(path.as_str()), false)
}
