//! Entries → everything short of writing: sources read, files rendered and validated, the plan made.

use std::sync::Arc;

use anyhow::{Context, Result};
use indexmap::IndexMap;
use rayon::prelude::*;

use super::requirement::Wanted;
use super::workspace::Workspace;
use super::{kept, options, refuse};
use crate::deploy::{self, Plan};
use crate::lock::{Lock, LockedEntry, hash};
use crate::model::{Ledger, Outcome, Service};
use crate::package::Package;
use crate::pattern::Variant;
use crate::problem;
use crate::render::guard::guarded;
use crate::render::language::Language;
use crate::render::limits;
use crate::render::project::{Job, Shared, project};
use crate::report::progress::Progress;
use crate::report::run::Timing;
use crate::requirements::Entry;
use crate::source::input::Input;
use crate::source::{self, Filter, answers};
use crate::validate::{self, Finding, Report, SourceFile};

/// What a run would write.
pub struct Build {
    pub jobs: Vec<Job>,
    pub package: Package,
    pub report: Report,
    pub plan: Plan,
    pub timing: Timing,
}

/// What decides how far a run may go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    pub allow_skipped: bool,
    pub restore: bool,
    pub allow_dirty: bool,
    /// Other entries of the project are not part of the run.
    pub partial: bool,
}

/// How one entry is made, once everything that may have to be asked for is known.
pub struct Choice {
    variant: (String, Variant),
    language: Arc<Language>,
    options: serde_json::Value,
}

impl Choice {
    /// Of an entry whose options are complete; refuses what cannot be made.
    pub fn of(
        workspace: &Workspace,
        one: &Wanted,
        (name, variant): (&str, &Variant),
        options: serde_json::Value,
    ) -> Result<Self> {
        refuse::unread(one, (name, variant))?;
        let language = workspace.language(one.entry.language.as_deref().unwrap_or_default())?;
        refuse::folder(&workspace.project.root, &language)?;
        refuse::language(one, (name, variant), &language)?;
        Ok(Self { variant: (name.to_owned(), variant.clone()), language, options })
    }
}

/// Completes the entries, one after the other: options may need an answer from a person.
pub fn complete(workspace: &Workspace, wanted: &mut [Wanted], yes: bool) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    for one in wanted {
        let pattern = workspace.patterns.get(&one.entry.pattern)?;
        let (name, variant) = pattern.variant(one.entry.variant.as_deref())?;
        // Defaults stand in for answers; a source says it better.
        let (kept, options) = options::complete(&one.entry.options, variant, yes && one.input.is_none(), &one.name)?;
        one.entry.options = kept;
        choices.push(Choice::of(workspace, one, (name, variant), options)?);
    }
    Ok(choices)
}

/// Reads, renders, validates and plans. Stops after reading, with no package, where operations would be skipped.
pub fn build(
    workspace: &Workspace,
    lock: &Lock,
    (wanted, choices): (&mut [Wanted], Vec<Choice>),
    limits: Limits,
    progress: &Progress,
) -> Result<Build> {
    let mut timing = Timing::default();
    let (jobs, ms) = progress.step("reading", || read(wanted, choices));
    timing.read_ms = ms;
    let mut build =
        Build { jobs: jobs?, package: Package::default(), report: Report::default(), plan: Plan::default(), timing };
    if build.skips(wanted, limits.allow_skipped) {
        return Ok(build);
    }
    for (one, job) in wanted.iter_mut().zip(&build.jobs) {
        // What was allowed once need not be said again.
        one.entry.allow_skipped |= job.service.ledger.count(Outcome::Skipped) > 0;
    }
    let shared = Shared { root: workspace.project.root.clone(), entries: entries(workspace, wanted) };
    let (package, ms) = progress.step("rendering", || rendered(workspace, &shared, &build.jobs));
    (build.package, build.timing.render_ms) = (package?, ms);
    let (report, ms) = progress.step("validating", || check(workspace, &build.package, &build.jobs));
    (build.report, build.timing.validate_ms) = (report?, ms);
    build.plan = plan(workspace, lock, wanted, &build, limits)?;
    Ok(build)
}

impl Build {
    /// Whether parts of a source cannot be read, of an entry that does not allow it; or whether no part can.
    pub fn skips(&self, wanted: &[Wanted], allowed: bool) -> bool {
        let skips = |job: &Job| job.service.ledger.count(Outcome::Skipped) > 0;
        let may = |one: &Wanted| allowed || one.entry.allow_skipped;
        self.is_void() || self.jobs.iter().zip(wanted).any(|(job, one)| skips(job) && !may(one))
    }

    /// Whether of a source nothing is left that code could be made of.
    pub fn is_void(&self) -> bool {
        self.jobs.iter().any(|job| job.service.surface.is_empty())
    }
}

/// All files; what packs have a hand in is watched.
pub fn rendered(workspace: &Workspace, shared: &Shared, jobs: &[Job]) -> Result<Package> {
    if !workspace.assets.has_packs() {
        return project(&workspace.assets, shared, jobs);
    }
    let (assets, shared, jobs) = (Arc::clone(&workspace.assets), shared.clone(), jobs.to_vec());
    guarded(move || project(&assets, &shared, &jobs))
}

/// The services of all entries, read in parallel.
fn read(wanted: &[Wanted], choices: Vec<Choice>) -> Result<Vec<Job>> {
    wanted.par_iter().zip(choices).map(|(one, choice)| job(one, choice)).collect()
}

pub fn job(one: &Wanted, Choice { variant: (name, variant), language, options }: Choice) -> Result<Job> {
    let filter = Filter { include: one.entry.include.clone(), exclude: one.entry.exclude.clone() };
    let mut service = match &one.input {
        Some(input) => {
            let mut service = source::read(input, &filter).or_else(|fault| match &one.document {
                // Nothing is kept then, so the place is named as it came.
                Some(document) => source::read(&Input { name: document.came_by.clone(), ..input.clone() }, &filter),
                None => Err(fault),
            })?;
            answers::fit(&mut service, &one.name, &options)?;
            service
        }
        None if variant.items.is_some() => answers::listed(&one.name, variant.items.as_deref(), &options),
        None => answers::read(&one.name, &variant.surface, &options)?,
    };
    refuse::empty(&filter, one.input.as_ref(), &service)?;
    limits::apply(&mut service, &language);
    let (one, pattern) = (one.name.clone(), one.entry.pattern.clone());
    Ok(Job { name: one, pattern, variant: name, language, service, options })
}

/// All entries of the project as they will be: name and pattern.
fn entries(workspace: &Workspace, wanted: &[Wanted]) -> Vec<(String, String)> {
    let mut all: IndexMap<String, String> =
        workspace.project.integrations.iter().map(|(name, entry)| (name.clone(), entry.pattern.clone())).collect();
    all.extend(wanted.iter().map(|one| (one.name.clone(), one.entry.pattern.clone())));
    all.into_iter().collect()
}

/// Holds what was rendered to the rules, before anything is written.
fn check(workspace: &Workspace, package: &Package, jobs: &[Job]) -> Result<Report> {
    let (rules, signs) = super::validate::rules(workspace)?;
    let pattern_of = |entry: &str| jobs.iter().find(|job| job.name == entry).map(|job| job.pattern.as_str());
    let files: Vec<SourceFile<'_>> =
        package.files.iter().map(|file| SourceFile::rendered(file, pattern_of(&file.entry))).collect();
    validate::check(&files, &rules, &signs)
}

fn plan(workspace: &Workspace, lock: &Lock, wanted: &[Wanted], build: &Build, limits: Limits) -> Result<Plan> {
    let target = workspace.target()?;
    let options = deploy::Options {
        entries: wanted
            .iter()
            .zip(&build.jobs)
            .map(|(one, job)| (job.name.clone(), locked(workspace, &one.entry, job, &build.package)))
            .collect(),
        partial: limits.partial,
        edits: kept::edits(workspace, &target, lock, wanted)?,
        restore: limits.restore,
        allow_dirty: limits.allow_dirty,
    };
    deploy::plan(&build.package, &target, lock, &options)
}

/// The hash of all that `integrate.yaml` says of what is wanted from a source.
pub fn asked(entry: &Entry, options: &serde_json::Value) -> String {
    let mut text = options.to_string();
    if !entry.include.is_empty() || !entry.exclude.is_empty() {
        text += &serde_json::json!({ "include": entry.include, "exclude": entry.exclude }).to_string();
    }
    hash(text.as_bytes())
}

/// What the lock remembers of an entry.
pub fn locked(workspace: &Workspace, entry: &Entry, job: &Job, package: &Package) -> LockedEntry {
    let pack: String = workspace
        .assets
        .under(&format!("patterns/{}/", job.pattern))
        .chain(workspace.assets.under(&format!("templates/{}/{}/", job.language.name, job.pattern)))
        .map(|(path, asset)| format!("{path} {}\n", hash(asset.text.as_bytes())))
        .collect();
    LockedEntry {
        source: if job.service.source.hash.is_empty() {
            hash(job.options.to_string().as_bytes())
        } else {
            job.service.source.hash.clone()
        },
        patterns: hash(pack.as_bytes()),
        options: asked(entry, &job.options),
        generator: env!("CARGO_PKG_VERSION").to_owned(),
        pattern: job.pattern.clone(),
        variant: job.variant.clone(),
        operations: package.adapter(&job.name).map(|adapter| adapter.operations.clone()).unwrap_or_default(),
        folder: package.adapter(&job.name).map(|adapter| adapter.folder.clone()).unwrap_or_default(),
        dependencies: package.adapter(&job.name).map(|adapter| adapter.dependencies.clone()).unwrap_or_default(),
        shared: package.adapter(&job.name).map(|adapter| adapter.shared.clone()),
        deployed: false,
    }
}

/// The ledgers of all entries as one.
pub fn ledger<'s>(services: impl Iterator<Item = &'s Service>) -> Ledger {
    services.fold(Ledger::default(), |mut all, service| {
        all.source += service.ledger.source;
        all.entries.extend(service.ledger.entries.clone());
        all.notes.extend(service.ledger.notes.clone());
        all
    })
}

/// Fails with the place of the first file that a run left invalid: nothing of it may be written.
pub fn refuse_invalid(workspace: &Workspace, build: &Build) -> Result<()> {
    let is_error = |finding: &&Finding| finding.severity == validate::Severity::Error;
    let Some(finding) = build.report.findings.iter().find(is_error) else { return Ok(()) };
    let region = finding.region.as_ref();
    let place = region.map_or(String::new(), |region| format!(":{}:{}", region.start.line, region.start.column));
    let what = format!("{}{place}: {} ({})", finding.path, finding.message, finding.rule);
    let file = build.package.files.iter().find(|file| file.path == finding.path);
    let template = file.and_then(|file| workspace.assets.get(&format!("templates/{}", file.template)));
    match template.filter(|template| template.is_theirs()) {
        Some(template) => problem!(help: "mend the template, or the rule";
            "{}: what it renders breaks a rule, so nothing was written: {what}", template.shown),
        None => Err(anyhow::anyhow!(what)).context("what was rendered breaks our own rules, so nothing was written"),
    }
}
