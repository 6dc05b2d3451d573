//! A project with packs in it, and what is needed to look at it.

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

pub struct Project {
    pub folder: TempDir,
}

/// The packs that docs/pattern-development.md is about.
pub fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples")
}

impl Project {
    /// A project whose `integrations/patterns` holds the packs named.
    pub fn with_packs(packs: &[&str]) -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        for pack in packs {
            copy(&examples().join(pack), &project.path("integrations/patterns"));
        }
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("integrate").unwrap();
        command.env("CI", "1").arg("-C").arg(self.folder.path()).args(arguments).output().unwrap()
    }

    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// Both outputs of a run that must end with `status`.
    pub fn fails(&self, status: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let both = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{both}");
        both
    }

    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let output = self.run(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|fault| panic!("{fault}: {}{}", text(&output.stdout), text(&output.stderr)))
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
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
