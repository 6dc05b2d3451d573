//! A project in a temporary folder, and the program run in it.
//!
//! Each test adds in an `impl Project` of its own what it alone asks of a project.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// The bookshop's.
pub const DOCUMENT: &str = include_str!("../cases/bookshop/openapi.yaml");

pub type Tree = BTreeMap<String, Vec<u8>>;

pub struct Project {
    pub folder: TempDir,
}

impl Project {
    pub fn empty() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A project with the bookshop's document in it.
    pub fn with_document() -> Self {
        let project = Self::empty();
        project.write("openapi.yaml", DOCUMENT);
        project
    }

    /// A project with the document in it, in which the commands ran.
    pub fn after(commands: &[&[&str]]) -> Self {
        let project = Self::with_document();
        for arguments in commands {
            project.ok(arguments);
        }
        project
    }

    pub fn place(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("integrate").unwrap();
        command.env("CI", "1").arg("-C").arg(self.folder.path()).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn ok(&self, arguments: &[&str]) -> String {
        said(&self.run(arguments), 0, arguments)
    }

    pub fn fails(&self, status: i32, arguments: &[&str]) -> String {
        said(&self.run(arguments), status, arguments)
    }

    /// What a run that must end with status 2 says; it must leave everything as it was.
    pub fn refuses(&self, arguments: &[&str]) -> String {
        let before = self.tree();
        let said = self.fails(2, arguments);
        assert_eq!((said.matches("error:").count(), said.matches("help:").count()), (1, 1), "{arguments:?}: {said}");
        assert!(self.tree() == before, "{arguments:?} changed something");
        said
    }

    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let run = self.run(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&run.stdout).unwrap_or_else(|fault| panic!("{fault}: {arguments:?}\n{}", both(&run)))
    }

    /// Every file but those of `.integrate/`, by path.
    pub fn tree(&self) -> Tree {
        let all = walkdir::WalkDir::new(self.folder.path()).into_iter().map(Result::unwrap);
        let relative = |path: &Path| path.strip_prefix(self.folder.path()).unwrap().display().to_string();
        let files = all.filter(|entry| entry.file_type().is_file());
        files
            .map(|entry| (relative(entry.path()), std::fs::read(entry.path()).unwrap()))
            .filter(|(path, _)| !path.starts_with(".integrate/"))
            .collect()
    }
}

/// Both outputs of a run, which must have ended with the status.
pub fn said(run: &Output, status: i32, arguments: &[&str]) -> String {
    let said = both(run);
    assert_eq!(run.status.code(), Some(status), "{arguments:?}\n{said}");
    said
}

/// Both outputs of a run.
pub fn both(run: &Output) -> String {
    text(&run.stdout) + &text(&run.stderr)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
