//! The oracle of sources that want to be code: what they say stays inside one literal or comment of the parsed output, the
//! output compiles, importing it and running its tests runs none of it, and nothing is written outside of the project.

#![allow(dead_code, reason = "each test takes what it needs")]

#[path = "../machine/mod.rs"]
pub mod machine;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use integrate::validate::claims::{Claim, literal_or_comment_only};
use integrate::validate::grammar::Grammar;
use integrate::validate::{HeldTo, Rules, SourceFile, check};
use tempfile::TempDir;

/// What every payload asks for; nothing of ours is called that.
pub const EVIL: &str = "evil(7)";

/// A project in a folder of its own, into which an adapter is generated.
pub struct Case {
    folder: TempDir,
    name: String,
    pub language: String,
    /// What `create` said.
    pub said: String,
    pub status: Option<i32>,
}

impl Case {
    /// Runs `create` with the arguments, of which the entry's name is the first, after `prepare` has put the source into the project.
    pub fn create(language: &str, arguments: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let folder = TempDir::new().unwrap();
        let project = folder.path().join("project");
        std::fs::create_dir(&project).unwrap();
        prepare(&project);
        let run = Command::new(env!("CARGO_BIN_EXE_integrate"))
            .env("CI", "1")
            .arg("-C")
            .arg(&project)
            .arg("create")
            .args(arguments)
            .args(["--language", language])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
        let case = Self {
            folder,
            name: arguments[0].to_owned(),
            language: language.to_owned(),
            said,
            status: run.status.code(),
        };
        let outside: Vec<_> =
            std::fs::read_dir(case.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(outside, ["project"], "written outside: {}", case.said);
        assert!(!case.said.contains('\u{1b}'), "{}", case.said);
        case
    }

    pub fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// All that the source has is generated: nothing was skipped, so the payload got everywhere.
    pub fn generates(&self, ledger: &str) -> &Self {
        assert_eq!(self.status, Some(0), "{}: {}", self.language, self.said);
        let told = self.said.lines().any(|line| line.trim().trim_start_matches("ledger").trim() == ledger);
        assert!(told, "{}: wanted `{ledger}`\n{}", self.language, self.said);
        self
    }

    /// Holds the oracle, and that the payload stands in a file whose path has one of `parts`: where operations are.
    pub fn holds(&self, parts: &[&str]) {
        let places = self.places();
        for part in parts {
            let count: usize = places.iter().filter(|(path, _)| path.contains(part)).map(|(_, count)| count).sum();
            assert!(
                count > 0,
                "{}: nothing of it in `{part}`: the case shows nothing\n{places:?}\n{}",
                self.language,
                self.said
            );
        }
        self.runs();
    }

    /// The generated files of code, by their path in the project.
    pub fn files(&self) -> BTreeMap<String, String> {
        let files = walkdir::WalkDir::new(self.project().join("integrations")).into_iter().map(Result::unwrap);
        let named = files.filter(|entry| entry.file_type().is_file()).filter_map(|entry| {
            let path = entry.path().strip_prefix(self.project()).unwrap().to_string_lossy().replace('\\', "/");
            let is_code = path.ends_with(".py") || path.ends_with(".ts");
            is_code.then(|| (path, std::fs::read_to_string(entry.path()).unwrap()))
        });
        named.collect()
    }

    /// How often the payload stands in each file, as text alone.
    fn places(&self) -> BTreeMap<String, usize> {
        let files = self.files();
        let held_to = HeldTo::Every("generated");
        let sources: Vec<_> = files
            .iter()
            .map(|(path, text)| SourceFile { path, bytes: text.as_bytes(), language: "", held_to })
            .collect();
        let report = check(&sources, &Rules::default(), &[]).unwrap();
        assert!(report.findings.is_empty(), "{}: {:?}", self.language, report.findings);
        let count = |(path, text): (&String, &String)| {
            // The grammar of the oracle does not know this form yet.
            let source = text.replace("export type *", "export *");
            match literal_or_comment_only(&source, Grammar::of(path, &self.language).unwrap(), EVIL) {
                Claim::Held(times) => (path.clone(), times),
                Claim::Absent => (path.clone(), 0),
                Claim::Broken(why) => panic!("{}: {path}: {why}\n{source}", self.language),
            }
        };
        files.iter().map(count).collect()
    }

    /// Compiles and imports what was generated, where the machine has what that takes.
    pub fn runs(&self) {
        const GROUP: &str = "importing what hostile sources yield";
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
        let (project, mark) = (self.project(), self.folder.path().join("mark"));
        let adapter = project.join("integrations").join(&self.name);
        if self.language == "python" {
            let Some(python) = machine::python(GROUP) else { return };
            self.passes(Command::new(python).arg("-s").args([&own.join("canary.py"), &project, &mark, &adapter]));
        } else {
            let Some(node) = machine::node(GROUP) else { return };
            let modules = project.join("node_modules");
            #[cfg(unix)]
            std::os::unix::fs::symlink(&node.modules, &modules).unwrap();
            self.passes(Command::new(&node.program).arg(modules.join("typescript/bin/tsc")).arg("--noEmit"));
            self.passes(Command::new(&node.program).arg(own.join("canary.mjs")).arg(&project).arg(&mark));
        }
        assert!(!mark.exists(), "{}: {}", self.language, std::fs::read_to_string(&mark).unwrap());
    }

    fn passes(&self, command: &mut Command) {
        let run = command.current_dir(self.project()).output().unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{}: {command:?}\n{said}", self.language);
    }
}
