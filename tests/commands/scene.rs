//! A project in a temporary folder, and the program run in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

pub const DOCUMENT: &str = include_str!("../cases/bookshop/openapi.yaml");

/// An integration made from the document.
pub const SHOP: [&str; 6] = ["create", "shop", "--source", "openapi.yaml", "--language", "python"];

/// An integration made from nothing.
pub const UP: [&str; 7] = ["create", "up", "--type", "storage", "--language", "python", "--yes"];

pub type Tree = BTreeMap<String, Vec<u8>>;

pub struct Project {
    pub folder: TempDir,
}

impl Project {
    pub fn new() -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        project.write("openapi.yaml", DOCUMENT);
        project
    }

    /// A project in which the commands ran.
    pub fn after(commands: &[&[&str]]) -> Self {
        let project = Self::new();
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

    pub fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("integrate").unwrap();
        command.env("CI", "1").arg("-C").arg(self.folder.path()).args(arguments);
        command
    }

    pub fn ok(&self, arguments: &[&str]) -> String {
        said(&self.command(arguments).output().unwrap(), 0, arguments)
    }

    pub fn fails(&self, status: i32, arguments: &[&str]) -> String {
        said(&self.command(arguments).output().unwrap(), status, arguments)
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
        let run = self.command(&[arguments, &["--format", "json"]].concat()).output().unwrap();
        serde_json::from_slice(&run.stdout).unwrap_or_else(|fault| panic!("{fault}: {arguments:?} {run:?}"))
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

    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }
}

/// Both outputs of a run, which must have ended with the status.
pub fn said(run: &Output, status: i32, arguments: &[&str]) -> String {
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(status), "{arguments:?}\n{said}");
    said
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
