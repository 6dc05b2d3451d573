//! Entries → everything short of writing: sources read, files rendered and validated, the plan made.

use std::sync::Arc;

use anyhow::{Context, Result};
use indexmap::IndexMap;
use rayon::prelude::*;

use super::options;
use super::requirement::Wanted;
use super::workspace::Workspace;
use crate::deploy::{self, Edit, Plan};
use crate::lock::{Lock, LockedEntry, hash};
use crate::model::{Ledger, Outcome, Service};
use crate::package::Package;
use crate::pattern::Variant;
use crate::problem;
use crate::render::guard::guarded;
use crate::render::limits;
use crate::render::project::{Job, Shared, project};
use crate::report::progress::Progress;
use crate::report::run::Timing;
use crate::requirements::{Entry, NAME, edit};
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
    pub yes: bool,
    /// Other entries of the project are not part of the run.
    pub partial: bool,
}

/// Reads, renders, validates and plans. Stops after reading, with no package, where operations would be skipped.
pub fn build(workspace: &Workspace, wanted: &mut [Wanted], limits: Limits, progress: &Progress) -> Result<Build> {
    let mut timing = Timing::default();
    let (jobs, ms) = progress.step("reading", || read(workspace, wanted, limits.yes));
    timing.read_ms = ms;
    let mut build =
        Build { jobs: jobs?, package: Package::default(), report: Report::default(), plan: Plan::default(), timing };
    if !limits.allow_skipped && build.jobs.iter().any(|job| job.service.ledger.count(Outcome::Skipped) > 0) {
        return Ok(build);
    }
    let shared = Shared { root: workspace.project.root.clone(), entries: entries(workspace, wanted) };
    let (package, ms) = progress.step("rendering", || rendered(workspace, &shared, &build.jobs));
    (build.package, build.timing.render_ms) = (package?, ms);
    let (report, ms) = progress.step("validating", || check(workspace, &build.package, &build.jobs));
    (build.report, build.timing.validate_ms) = (report?, ms);
    build.plan = plan(workspace, wanted, &build, limits)?;
    Ok(build)
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
fn read(workspace: &Workspace, wanted: &mut [Wanted], yes: bool) -> Result<Vec<Job>> {
    // Options may need an answer from a person, so they come first and one after the other.
    let mut complete = Vec::new();
    for one in wanted.iter_mut() {
        let pattern = workspace.patterns.get(&one.entry.pattern)?;
        let (name, variant) = pattern.variant(one.entry.variant.as_deref())?;
        // Defaults stand in for answers; a source says it better.
        let (kept, all) = options::complete(&one.entry.options, variant, yes && one.input.is_none(), &one.name)?;
        one.entry.options = kept;
        complete.push((name, variant, all));
    }
    wanted
        .par_iter()
        .zip(complete)
        .map(|(one, (name, variant, options))| job(workspace, one, name, variant, options))
        .collect()
}

pub fn job(
    workspace: &Workspace,
    one: &Wanted,
    name: &str,
    variant: &Variant,
    options: serde_json::Value,
) -> Result<Job> {
    let filter = Filter { include: one.entry.include.clone(), exclude: one.entry.exclude.clone() };
    let mut service = match &one.input {
        Some(input) => {
            let mut service = source::read(input, &filter)?;
            answers::fit(&mut service, &one.name, &options)?;
            service
        }
        None if variant.items.is_some() => answers::listed(&one.name, variant.items.as_deref(), &options),
        None => answers::read(&one.name, &variant.surface, &options)?,
    };
    let language = workspace.language(one.entry.language.as_deref().unwrap_or_default())?;
    if let Some(why) = variant.not_for.get(&language.name) {
        problem!(help: "choose another language or variant: `integrate patterns list` shows which there are";
            "`{}`: `{name}` of `{}` is not meant to be in {}: {why}", one.name, one.entry.pattern, language.title);
    }
    limits::apply(&mut service, &language);
    Ok(Job {
        name: one.name.clone(),
        pattern: one.entry.pattern.clone(),
        variant: name.to_owned(),
        language,
        service,
        options,
    })
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

fn plan(workspace: &Workspace, wanted: &[Wanted], build: &Build, limits: Limits) -> Result<Plan> {
    let options = deploy::Options {
        entries: wanted
            .iter()
            .zip(&build.jobs)
            .map(|(one, job)| (job.name.clone(), locked(workspace, &one.entry, job, &build.package)))
            .collect(),
        partial: limits.partial,
        edits: edits(workspace, wanted)?,
        restore: limits.restore,
        allow_dirty: limits.allow_dirty,
    };
    let target = workspace.target()?;
    let lock = Lock::load(&target.root)?;
    deploy::plan(&build.package, &target, &lock, &options)
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
        dependencies: package
            .dependencies
            .iter()
            .filter(|dependency| dependency.language == job.language.name)
            .cloned()
            .collect(),
    }
}

/// The change of `integrate.yaml` that keeps what was asked for.
fn edits(workspace: &Workspace, wanted: &[Wanted]) -> Result<Vec<Edit>> {
    let old = workspace.yaml.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let mut text = old.clone();
    for one in wanted {
        let kept = workspace.project.integrations.get(&one.name).map(|entry| {
            // An entry need not say again what the project says.
            let language = entry.language.clone().or_else(|| workspace.project.language.clone());
            Entry { language, ..entry.clone() }
        });
        if kept.as_ref() != Some(&one.entry) {
            text = Some(edit::with_entry(text.as_deref(), &workspace.project, &one.name, &one.entry)?);
        }
    }
    match text {
        Some(text) if Some(&text) != old.as_ref() => {
            let reason = "remembers what was asked for".to_owned();
            Ok(vec![Edit { path: NAME.to_owned(), old: workspace.yaml.clone(), new: Some(text.into_bytes()), reason }])
        }
        _ => Ok(Vec::new()),
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
