//! `deploy`: takes an integration to another folder, tests it there, and takes it back if the tests fail.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use super::names;
use super::trial::{self, Tests, Trial};
use super::workspace::Workspace;
use crate::cli::{Cli, Deploy, Strategy};
use crate::deploy::{self, Plan, Receipt, Target};
use crate::lock::{Lock, LockedEntry};
use crate::package::{Package, PackageFile};
use crate::problem;
use crate::report::progress::Progress;
use crate::report::{Output, plan as plan_report, shown};
use crate::requirements::Project;

pub fn run(cli: &Cli, flags: &Deploy) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    let source = workspace.target()?;
    let lock = Lock::load(&source.root)?;
    let name = name(&workspace, &lock, &flags.what)?;
    let entry = LockedEntry { deployed: true, ..lock.entries[&name].clone() };
    let (target, there) = open(&workspace, &source, flags)?;
    refuse_other(&name, &entry, flags, &there)?;
    let package = package(&lock, &source, &name)?;
    let options = deploy::Options {
        entries: [(name.clone(), entry)].into_iter().collect(),
        partial: true,
        restore: flags.restore,
        allow_dirty: flags.writing.allow_dirty,
        ..deploy::Options::default()
    };
    let mut plan = deploy::plan(&package, &target, &there.lock, &options)?;
    plan.build = json!({ "command": "deploy", "entries": [name] });
    let trial = trial::find(&workspace, &package, &target)?.filter(|_| !flags.no_tests);
    Deployment { name: &name, plan: &plan, target: &target, trial: trial.as_ref() }.carry_out(flags)
}

/// The other project: what it says of itself.
struct There {
    project: Option<Project>,
    lock: Lock,
}

/// Opens the folder that was named, if code of this project can stand there.
fn open(workspace: &Workspace, source: &Target, flags: &Deploy) -> Result<(Target, There)> {
    let to = flags.to.display();
    if !flags.to.is_dir() {
        problem!(help: "make the folder, or name a checkout"; "`{to}`: there is no such folder");
    }
    let project = Project::load(&flags.to)?.map(|(_, project)| project);
    let protected = project.as_ref().map(|project| project.protected.clone()).unwrap_or_default();
    let target = Target::open(&flags.to, &protected)?;
    if target.root == source.root {
        problem!(help: "name another folder with `--to`"; "`{to}`: that is this project");
    }
    let root = &workspace.project.root;
    let below = target.root.strip_prefix(&source.root).unwrap_or(Path::new(""));
    if below.starts_with(root) || below.iter().any(|part| part == ".integrate" || part == ".git") {
        problem!(help: "name the folder of another project with `--to`"; "`{to}`: it is a part of this project, which writes there itself");
    }
    // The code names the folder it is in, so it cannot just lie elsewhere.
    if let Some(other) = project.as_ref().map(|project| &project.root).filter(|other| *other != root) {
        problem!(help: format!("make `root` the same in both, or build it there: `integrate -C {to} create NAME --source …`");
            "`{to}`: it keeps its integrations in `{other}`, this project in `{root}`");
    }
    let lock = Lock::load(&target.root)?;
    Ok((target, There { project, lock }))
}

/// Refuses to write over an integration of the other project's own, or over another that was deployed there.
fn refuse_other(name: &str, entry: &LockedEntry, flags: &Deploy, there: &There) -> Result<()> {
    let to = flags.to.display();
    let none = Project::default();
    let project = there.project.as_ref().unwrap_or(&none);
    let way_out =
        |other: &str| format!("rename one of them, or remove that one first: `integrate -C {to} remove {other}`");
    if let Some(other) = names::alike(name, project, &there.lock) {
        problem!(help: way_out(other); "`{to}`: the folder and the variables of `{name}` are those of its integration `{other}`");
    }
    let found = there.lock.entries.get(name);
    let is_same = found.is_none_or(|found| found.deployed && found.pattern == entry.pattern);
    if !is_same || project.integrations.contains_key(name) {
        problem!(help: way_out(name); "`{to}`: it has an integration `{name}` of its own");
    }
    Ok(())
}

/// One integration on its way.
struct Deployment<'d> {
    name: &'d str,
    plan: &'d Plan,
    target: &'d Target,
    trial: Option<&'d Trial>,
}

impl Deployment<'_> {
    fn carry_out(&self, flags: &Deploy) -> Result<Output> {
        let dry = flags.strategy == Strategy::DryRun || flags.writing.dry_run;
        let to = shown(&self.target.root.display().to_string());
        let text = format!("{} to {to}\n{}", shown(self.name), plan_report::summary(self.plan, dry));
        let unwritten =
            |state: &str, why: &str, status| Ok(self.output(format!("{text}{why}\n"), state, None, None, status));
        if self.plan.conflicts().next().is_some() {
            return unwritten("conflict", "files there are in the way, so nothing was written", 1);
        }
        if dry {
            return unwritten("dry-run", "nothing was written: this was a dry run", 0);
        }
        if self.plan.is_empty() {
            return unwritten("unchanged", "nothing to do: everything is as it should be", 0);
        }
        let trial = self.trial.filter(|trial| !trial.is_theirs());
        if let Some(trial) = trial {
            trial.refuse_without_tools(self.target)?;
        }
        let progress = Progress::new("writing");
        let is_new = deploy::is_new(self.target);
        let receipt = match deploy::apply(self.plan, self.target) {
            Ok(receipt) => receipt,
            Err(fault) => {
                self.forget(is_new)?;
                return Err(fault);
            }
        };
        let tests = trial.map(|trial| progress.step("testing", || trial.run(self.target)).0);
        drop(progress);
        self.conclude(text, &receipt, tests.as_ref(), is_new)
    }

    /// Leaves nothing of ours in a folder in which nothing of ours was.
    fn forget(&self, is_new: bool) -> Result<()> {
        if is_new { deploy::forget(self.target) } else { Ok(()) }
    }

    /// Takes back what fails its tests, and says what became of it.
    fn conclude(&self, mut text: String, receipt: &Receipt, tests: Option<&Tests>, is_new: bool) -> Result<Output> {
        if let Some(tests) = tests.filter(|tests| !tests.passed) {
            deploy::rollback(self.target, Some(&receipt.id))?;
            self.forget(is_new)?;
            text += &format!(
                "{}\nthe tests fail there, so everything is as it was: {}\n`--no-tests` deploys without running them\n",
                tests.output, tests.command
            );
            let run = (!is_new).then_some(receipt);
            return Ok(self.output(text, "rolled-back", run, Some(tests), 1));
        }
        let tested = match (tests, self.trial) {
            (Some(tests), _) => format!("tested with `{}`", tests.command),
            (None, Some(trial)) => {
                format!("not tested, because commands of packs are not run: `{}` runs the tests", trial.command())
            }
            (None, None) => "not tested".to_owned(),
        };
        let (id, root) = (&receipt.id, shown(&self.target.root.display().to_string()));
        text += &format!("written as run {id}, {tested}; `integrate -C {root} rollback {id}` takes it back\n");
        text += "it is built here: after a change, deploy it again\n";
        Ok(self.output(text, "deployed", Some(receipt), tests, 0))
    }

    fn output(&self, text: String, state: &str, run: Option<&Receipt>, tests: Option<&Tests>, status: u8) -> Output {
        let json = json!({
            "deployed": self.name, "to": self.target.root, "state": state, "run": run.map(|run| &run.id),
            "plan": self.plan, "tests": tests.map(|tests| &tests.output),
        });
        Output { text, json, status }
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
            let help = match known.is_empty() {
                true => "make one first: `integrate create NAME --source …`".to_owned(),
                false => format!("name one of: {}", known.join(", ")),
            };
            problem!(help: help; "`{what}` is no integration of this project, nor a folder of one")
        }
    }
}

/// The entry's files as they are here, edits and all, and the shared ones it stands on.
fn package(lock: &Lock, source: &Target, name: &str) -> Result<Package> {
    let shared = lock.entries.get(name).and_then(|entry| entry.shared.as_ref());
    let stands_on = |path: &String| shared.is_none_or(|shared| shared.contains(path));
    let mut files = Vec::new();
    for (path, file) in
        lock.files.iter().filter(|(path, file)| file.entry == name || (file.entry.is_empty() && stands_on(path)))
    {
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
