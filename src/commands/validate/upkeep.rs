//! The project against its lock, its sources, and what `create` would write now. Asks no server unless it may.

use anyhow::Result;
use rayon::prelude::*;

use super::super::requirement::Wanted;
use super::super::workspace::Workspace;
use super::super::{build, coverage, options};
use super::scope::Scope;
use crate::deploy::{self, Target};
use crate::lock::{Lock, LockedEntry, LockedFile, hash};
use crate::package::{Package, PackageFile};
use crate::problem::Problem;
use crate::render::project::{Job, Shared};
use crate::requirements::{Entry, NAME};
use crate::source::identify::{Kind, of_url};
use crate::source::input::{Content, Input};
use crate::validate::builtin::Check;
use crate::validate::lines::Lines;
use crate::validate::lock as locked_file;
use crate::validate::{Finding, Skipped};

/// What came of it: findings, and what was not compared.
#[derive(Default)]
pub struct Upkeep {
    pub findings: Vec<Finding>,
    pub left_out: Vec<Skipped>,
}

/// Everything of the project that is in `scope`; an entry is where its whole folder is.
pub struct Project<'a> {
    pub workspace: &'a Workspace,
    pub target: &'a Target,
    pub lock: &'a Lock,
    pub scope: &'a Scope,
    /// Whether servers and databases may be asked.
    pub online: bool,
}

/// An entry as it would be generated now.
struct Current {
    wanted: Wanted,
    job: Job,
}

/// What can be said of an entry without rendering it.
enum Entries {
    Current(Box<Current>),
    /// It cannot be compared as a whole; what is wrong was found already.
    Told,
}

impl Project<'_> {
    pub fn check(&self) -> Result<Upkeep> {
        let mut upkeep = Upkeep::default();
        if !self.scope.is_of_project() {
            return Ok(upkeep);
        }
        upkeep.findings.extend(self.lock.files.iter().filter(|(path, _)| self.scope.holds(path)).filter_map(
            |(path, file)| {
                let found = std::fs::read(self.target.root.join(path)).ok();
                locked_file::check(&locked_file::LockedFile { path, written: &file.hash, found: found.as_deref() })
            },
        ));
        if let Err(fault) = deploy::refuse_unfinished(self.target) {
            upkeep.findings.push(Check::Unfinished.about(".integrate/journal", &told(fault)?));
            return Ok(upkeep);
        }
        self.entries(&mut upkeep)?;
        Ok(upkeep)
    }

    fn entries(&self, upkeep: &mut Upkeep) -> Result<()> {
        let listed = &self.workspace.project.integrations;
        let unlisted =
            self.lock.entries.iter().filter(|(name, entry)| !listed.contains_key(*name) && self.holds(entry));
        // What came from another project is listed there.
        let (came, gone): (Vec<_>, Vec<_>) = unlisted.partition(|(_, entry)| entry.deployed);
        for (name, entry) in came {
            upkeep.findings.extend(coverage::check(name, entry, self.target, self.lock));
        }
        upkeep.findings.extend(gone.into_iter().map(|(name, _)| self.at_entry(Check::Orphaned, name, name)));
        let mut current = Vec::new();
        let mut all = true;
        for (name, entry) in listed {
            match self.lock.entries.get(name) {
                None if self.scope.holds(&self.workspace.project.root) => {
                    upkeep.findings.push(self.at_entry(Check::NotGenerated, name, name));
                }
                Some(locked) if self.holds(locked) => {
                    upkeep.findings.extend(coverage::check(name, locked, self.target, self.lock));
                    match self.entry(name, entry, locked, upkeep)? {
                        Entries::Current(one) => current.push(*one),
                        Entries::Told => all = false,
                    }
                }
                _ => all = false,
            }
        }
        self.rendered(&current, all, upkeep)
    }

    fn holds(&self, entry: &LockedEntry) -> bool {
        self.scope.holds(&entry.folder)
    }

    /// Reads the entry's source, where it is at hand.
    fn entry(&self, name: &str, entry: &Entry, locked: &LockedEntry, upkeep: &mut Upkeep) -> Result<Entries> {
        let cannot = |fault| Ok::<_, anyhow::Error>(self.at_entry(Check::CannotGenerate, name, &told(fault)?));
        let (variant, options) = match self.asked(name, entry) {
            Ok(asked) => asked,
            Err(fault) => {
                upkeep.findings.push(cannot(fault)?);
                return Ok(Entries::Told);
            }
        };
        let is_as_asked = build::asked(entry, &options) == locked.options
            && (locked.pattern.is_empty() || (&locked.pattern, &locked.variant) == (&entry.pattern, &variant));
        if !is_as_asked {
            upkeep.findings.push(self.at_entry(Check::StaleOptions, name, name));
        }
        if let Some(source) = entry.source.as_ref().filter(|source| !self.online && is_elsewhere(source)) {
            let reason = format!("`{name}`: `{source}` was not asked whether it changed; `--online` asks");
            upkeep.left_out.push(Skipped { path: NAME.to_owned(), reason });
            return Ok(Entries::Told);
        }
        let job = self.job(name, entry, &variant, options);
        match job {
            Ok(current) if is_as_asked => Ok(Entries::Current(Box::new(current))),
            Ok(_) => Ok(Entries::Told),
            Err(fault) => {
                upkeep.findings.push(cannot(fault)?);
                Ok(Entries::Told)
            }
        }
    }

    /// The variant of an entry, and its options with all defaults.
    fn asked(&self, name: &str, entry: &Entry) -> Result<(String, serde_json::Value)> {
        let pattern = self.workspace.patterns.get(&entry.pattern)?;
        let (variant_name, variant) = pattern.variant(entry.variant.as_deref())?;
        Ok((variant_name.to_owned(), options::settled(&entry.options, variant, name)?))
    }

    fn job(&self, name: &str, entry: &Entry, variant: &str, options: serde_json::Value) -> Result<Current> {
        let mut entry = entry.clone();
        entry.language = entry.language.or_else(|| self.workspace.project.language.clone());
        let open = |source: &str| Input::open_for(name, source, &self.workspace.folder);
        let input = entry.source.as_deref().map(open).transpose()?;
        let wanted = Wanted { name: name.to_owned(), entry, input, choice: None, document: None };
        let pattern = self.workspace.patterns.get(&wanted.entry.pattern)?;
        let choice = build::Choice::of(self.workspace, &wanted, pattern.variant(Some(variant))?, options)?;
        let job = build::job(&wanted, choice)?;
        Ok(Current { wanted, job })
    }

    /// Compares what would be rendered now with what was.
    fn rendered(&self, current: &[Current], all: bool, upkeep: &mut Upkeep) -> Result<()> {
        let entries = &self.workspace.project.integrations;
        let shared = Shared {
            root: self.workspace.project.root.clone(),
            entries: entries.iter().map(|(name, entry)| (name.clone(), entry.pattern.clone())).collect(),
        };
        let Ok(package) = self.package(&shared, current) else {
            let alone = |one| (one, self.package(&shared, std::slice::from_ref(one)));
            for (one, alone) in current.par_iter().map(alone).collect::<Vec<_>>() {
                if let Err(fault) = alone {
                    upkeep.findings.push(self.at_entry(Check::CannotGenerate, &one.job.name, &told(fault)?));
                }
            }
            return Ok(());
        };
        for one in current {
            upkeep.findings.extend(self.compared(one, &package));
        }
        if all && !current.is_empty() && self.scope.holds(&self.workspace.project.root) {
            let is_ours = self.lock.entries.values().all(|entry| entry.generator == env!("CARGO_PKG_VERSION"));
            upkeep.findings.extend(self.differing("", &package).filter(|_| is_ours));
        }
        Ok(())
    }

    fn package(&self, shared: &Shared, current: &[Current]) -> Result<Package> {
        let jobs: Vec<Job> = current.iter().map(|one| one.job.clone()).collect();
        build::rendered(self.workspace, shared, &jobs)
    }

    fn compared(&self, one: &Current, package: &Package) -> Option<Finding> {
        let name = &one.job.name;
        let was = self.lock.entries.get(name)?;
        let now = build::locked(self.workspace, &one.wanted.entry, &one.job, package);
        let source = one.wanted.entry.source.as_deref().unwrap_or_default();
        if now.source != was.source {
            return Some(self.at_entry(Check::Stale, name, source));
        }
        let differing = self.differing(name, package)?;
        if (&now.patterns, &now.generator) != (&was.patterns, &was.generator) {
            return Some(self.at_entry(Check::OtherGenerator, name, name));
        }
        if matches!(one.wanted.input.as_ref().map(|input| &input.content), Some(Content::Database { .. })) {
            return Some(self.at_entry(Check::Stale, name, source));
        }
        Some(differing)
    }

    /// The finding about the files of an entry, or of what all share, that would come out differently.
    fn differing(&self, entry: &str, package: &Package) -> Option<Finding> {
        let rendered: Vec<&PackageFile> = package.files.iter().filter(|file| file.entry == entry).collect();
        // A file that is gone is a finding of its own.
        let is_there = |path: &str| self.target.root.join(path).exists();
        let is_locked = |file: &PackageFile, locked: &LockedFile| locked.hash == hash(&file.bytes);
        let changed = rendered.iter().filter(|file| match self.lock.files.get(&file.path) {
            Some(locked) => !is_locked(file, locked) && is_there(&file.path),
            // A starter that the user has is the user's.
            None => !(file.is_starter() && is_there(&file.path)),
        });
        let mut paths: Vec<&str> = changed.map(|file| file.path.as_str()).collect();
        let own = self.lock.files.iter().filter(|(_, file)| file.entry == entry);
        let came = || self.lock.entries.values().filter(|entry| entry.deployed);
        let stays = |path: &String| {
            entry.is_empty() && came().any(|entry| entry.shared.as_ref().is_none_or(|shared| shared.contains(path)))
        };
        let left =
            own.filter(|(path, _)| is_there(path) && !stays(path) && rendered.iter().all(|file| file.path != **path));
        paths.extend(left.map(|(path, _)| path.as_str()));
        match paths.as_slice() {
            [] => None,
            [one] => Some(Check::StaleFile.about(one, "it")),
            [first, second, rest @ ..] => {
                let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
                Some(Check::StaleFile.about(first, &format!("it, `{second}`{more}")))
            }
        }
    }

    /// A finding about an entry, at its line in `integrate.yaml` where it has one.
    fn at_entry(&self, check: Check, name: &str, what: &str) -> Finding {
        let yaml = self.workspace.yaml.as_deref().unwrap_or_default();
        let Ok(text) = std::str::from_utf8(yaml) else { return check.about(NAME, what) };
        let is_key = |line: &str| {
            line.trim().trim_start_matches(['"', '\'']).strip_prefix(name).is_some_and(|rest| {
                line.starts_with([' ', '\t']) && rest.trim_start_matches(['"', '\'']).starts_with(':')
            })
        };
        let entries = text.find("integrations:").unwrap_or(text.len());
        let mut at = entries;
        for line in text[entries..].split_inclusive('\n') {
            if is_key(line) {
                let start = at + line.len() - line.trim_start().len();
                return check.at(NAME, Lines::of(text).region(&(start..at + line.trim_end().len()), false), what);
            }
            at += line.len();
        }
        check.about(NAME, what)
    }
}

/// What the user can act on, in a line; a fault of ours is handed on.
fn told(fault: anyhow::Error) -> Result<String> {
    match fault.chain().find_map(|cause| cause.downcast_ref::<Problem>()) {
        Some(problem) => Ok(problem.what.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => Err(fault),
    }
}

/// Whether only a server can say what the source is now.
fn is_elsewhere(source: &str) -> bool {
    match of_url(source) {
        Some(kind) => kind != Kind::Sqlite,
        None => ["http://", "https://"].iter().any(|scheme| source.to_ascii_lowercase().starts_with(scheme)),
    }
}
