//! `deploy`: takes an integration to another folder, tests it there, and takes it back if the tests fail.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::workspace::Workspace;
use crate::cli::{Cli, Deploy, Strategy};
use crate::deploy::{self, Plan, Receipt, Target};
use crate::lock::Lock;
use crate::package::{Package, PackageFile};
use crate::problem;
use crate::render::language::Language;
use crate::report::progress::Progress;
use crate::report::{Output, plan as plan_report, shown};

pub fn run(cli: &Cli, flags: &Deploy) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    let source = workspace.target()?;
    let lock = Lock::load(&source.root)?;
    let name = name(&workspace, &lock, &flags.what)?;
    if !flags.to.is_dir() {
        problem!(help: "make the folder, or name a checkout"; "`{}`: there is no such folder", flags.to.display());
    }
    let target = Target::open(&flags.to, &protected(&flags.to)?)?;
    if target.root == source.root {
        problem!(help: "name another folder with `--to`"; "`{}`: that is this project", flags.to.display());
    }
    let package = package(&lock, &source, &name)?;
    let options = deploy::Options {
        entries: lock
            .entries
            .iter()
            .filter(|(entry, _)| **entry == name)
            .map(|(name, entry)| (name.clone(), entry.clone()))
            .collect(),
        partial: true,
        restore: flags.writing.restore,
        allow_dirty: flags.writing.allow_dirty,
        ..deploy::Options::default()
    };
    let mut plan = deploy::plan(&package, &target, &Lock::load(&target.root)?, &options)?;
    plan.build = json!({ "command": "deploy", "entries": [name] });
    carry_out(&workspace, flags, &name, &package, &plan, &target)
}

fn carry_out(
    workspace: &Workspace,
    flags: &Deploy,
    name: &str,
    package: &Package,
    plan: &Plan,
    target: &Target,
) -> Result<Output> {
    let dry = flags.strategy == Strategy::DryRun || flags.writing.dry_run;
    let mut text = format!(
        "{} to {}\n{}",
        shown(name),
        shown(&target.root.display().to_string()),
        plan_report::summary(plan, dry)
    );
    let output = |text: String, state: &str, run: Option<&Receipt>, tests: Option<&Tests>, status| Output {
        text,
        json: json!({ "deployed": name, "to": target.root, "state": state, "run": run.map(|run| &run.id), "plan": plan, "tests": tests.map(|tests| &tests.output) }),
        status,
    };
    if plan.conflicts().next().is_some() {
        text += "files there are in the way, so nothing was written\n";
        return Ok(output(text, "conflict", None, None, 1));
    }
    if dry {
        text += "nothing was written: this was a dry run\n";
        return Ok(output(text, "dry-run", None, None, 0));
    }
    if plan.is_empty() {
        text += "nothing to do: everything is as it should be\n";
        return Ok(output(text, "unchanged", None, None, 0));
    }
    let progress = Progress::new("writing");
    let receipt = deploy::apply(plan, target)?;
    let command = command(workspace, package, target)?;
    let tests = match &command {
        Some(command) if !flags.no_tests && !command.is_theirs => progress.step("testing", || command.run(target)).0,
        _ => None,
    };
    drop(progress);
    match &tests {
        Some(tests) if !tests.passed => {
            deploy::rollback(target, Some(&receipt.id))?;
            text += &format!("{}\nthe tests fail there, so everything is as it was: {}\n", tests.output, tests.command);
            Ok(output(text, "rolled-back", Some(&receipt), Some(tests), 1))
        }
        _ => {
            let tested = match (&tests, &command) {
                (Some(tests), _) => format!("tested with `{}`", tests.command),
                (None, Some(command)) if !flags.no_tests => format!(
                    "not tested, because commands of packs are not run: `{}` runs the tests",
                    shown(&command.words.join(" "))
                ),
                _ => "not tested".to_owned(),
            };
            text += &format!(
                "written as run {}, {tested}; `integrate -C {} rollback {}` takes it back\n",
                receipt.id,
                target.root.display(),
                receipt.id
            );
            Ok(output(text, "deployed", Some(&receipt), tests.as_ref(), 0))
        }
    }
}

/// The entry that is meant: by its name, or by the folder its files are in.
fn name(workspace: &Workspace, lock: &Lock, what: &str) -> Result<String> {
    if lock.entries.contains_key(what) {
        return Ok(what.to_owned());
    }
    let path = workspace.folder.join(what).canonicalize().or_else(|_| Path::new(what).canonicalize());
    let root = workspace.folder.canonicalize().context("cannot find the project's folder")?;
    let relative = path.ok().and_then(|path| path.strip_prefix(root).ok().map(Path::to_path_buf));
    let inside = |relative: &PathBuf, file: &str| Path::new(file).starts_with(relative);
    let found = relative.and_then(|relative| {
        lock.files
            .iter()
            .find(|(path, file)| !file.entry.is_empty() && inside(&relative, path))
            .map(|(_, file)| file.entry.clone())
    });
    match found {
        Some(name) => Ok(name),
        None => {
            let known: Vec<&str> = lock.entries.keys().map(String::as_str).collect();
            problem!(help: format!("name one of: {}", known.join(", ")); "`{what}` is no integration of this project, nor a folder of one")
        }
    }
}

fn protected(folder: &Path) -> Result<Vec<String>> {
    Ok(crate::requirements::Project::load(folder)?.map(|(_, project)| project.protected).unwrap_or_default())
}

/// The entry's files as they are here, edits and all, and what it shares with others.
fn package(lock: &Lock, source: &Target, name: &str) -> Result<Package> {
    let mut files = Vec::new();
    for (path, file) in lock.files.iter().filter(|(_, file)| file.entry == name || file.entry.is_empty()) {
        let Ok(bytes) = std::fs::read(source.root.join(path)) else {
            problem!(help: format!("run `integrate create {name} --restore`"); "`{path}`: the file is missing");
        };
        let language = file.template.split('/').next().unwrap_or_default().to_owned();
        files.push(PackageFile {
            path: path.clone(),
            bytes,
            entry: file.entry.clone(),
            template: file.template.clone(),
            language,
        });
    }
    let dependencies = lock.entries.get(name).map(|entry| entry.dependencies.clone()).unwrap_or_default();
    Ok(Package { files, dependencies, ..Package::default() })
}

struct Tests {
    passed: bool,
    command: String,
    output: String,
}

/// How the generated tests are run.
struct TestRun {
    words: Vec<String>,
    /// Whether a pack says so: then it is not run.
    is_theirs: bool,
}

/// How the tests are run where the files are now; None where the language has no command for it.
fn command(workspace: &Workspace, package: &Package, target: &Target) -> Result<Option<TestRun>> {
    let Some(own) = package.files.iter().find(|file| !file.entry.is_empty()) else { return Ok(None) };
    let language = Language::load(&workspace.assets, &own.language)?;
    let Some(test) = &language.test else { return Ok(None) };
    let folder: PathBuf =
        Path::new(&own.path).components().take(Path::new(&workspace.project.root).components().count() + 1).collect();
    let mut words: Vec<String> =
        test.command.iter().map(|part| part.replace("{adapter}", &folder.to_string_lossy())).collect();
    // The project's own tools come before those of the machine.
    if let Some(own) = test.prefer.iter().map(|path| target.root.join(path)).find(|path| path.is_file()) {
        words.splice(0..test.replaces, [own.display().to_string()]);
    }
    Ok((!words.is_empty()).then_some(TestRun { words, is_theirs: language.is_theirs }))
}

impl TestRun {
    fn run(&self, target: &Target) -> Option<Tests> {
        let (program, arguments) = self.words.split_first()?;
        let run =
            Command::new(program).args(arguments).current_dir(&target.root).stdin(std::process::Stdio::null()).output();
        let command = self.words.join(" ");
        Some(match run {
            Ok(done) => {
                let output =
                    String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
                let tail: Vec<&str> = output.lines().rev().take(30).collect();
                let output = tail.into_iter().rev().map(shown).collect::<Vec<_>>().join("\n");
                Tests { passed: done.status.success(), command, output }
            }
            Err(fault) => Tests {
                passed: false,
                command,
                output: format!("cannot run the tests: {fault}; pass --no-tests to go without"),
            },
        })
    }
}
