//! `create`: the whole line, into the current project.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

use super::address::Address;
use super::ask;
use super::build::{self, Build, Limits, build, ledger};
use super::names;
use super::requirement::{self, Wanted};
use super::workspace::Workspace;
use crate::cli::{Cli, Create};
use crate::deploy::{self, Action};
use crate::lock::Lock;
use crate::model::Outcome;
use crate::problem;
use crate::report::progress::Progress;
use crate::report::{Output, plan as plan_report, run as run_report};
use crate::requirements::project::check_name;
use crate::source::input::Input;

pub fn run(cli: &Cli, flags: &Create) -> Result<Output> {
    let workspace = open(cli, flags)?;
    let target = workspace.target()?;
    deploy::refuse_unfinished(&target)?;
    let lock = Lock::load(&target.root)?;
    let mut wanted = wanted(&workspace, flags, &lock)?;
    let choices = build::complete(&workspace, &mut wanted, flags.yes)?;
    let progress = Progress::new("starting");
    let limits = Limits {
        allow_skipped: flags.allow_skipped,
        restore: flags.restore,
        allow_dirty: flags.writing.allow_dirty,
        partial: flags.name.is_some(),
    };
    let mut build = build(&workspace, &lock, (&mut wanted, choices), limits, &progress)?;
    let stopped = stopped(&workspace, &build, &wanted, flags)?;
    build.plan.build = remembered(&build, &wanted);
    let mut receipt = None;
    if stopped.is_none() && !flags.writing.dry_run && !build.plan.is_empty() {
        let (done, ms) = progress.step("writing", || deploy::apply(&build.plan, &target));
        receipt = Some(done?);
        build.timing.write_ms = ms;
    }
    drop(progress);
    let called = cli.called();
    let facts =
        run_report::Facts { dry_run: flags.writing.dry_run, stopped, receipt: receipt.as_ref(), called: &called };
    Ok(Output {
        text: text(&workspace, &build, &wanted, &facts),
        json: document(&build, &wanted, &facts),
        status: u8::from(stopped.is_some()),
    })
}

/// The workspace, with the folder of generated code as asked for where there is none yet.
fn open(cli: &Cli, flags: &Create) -> Result<Workspace> {
    let mut workspace = Workspace::open(cli)?;
    if let Some(out) = &flags.out {
        let out = out.trim_end_matches('/');
        if workspace.yaml.is_some() && workspace.project.root != out {
            problem!(help: "leave `--out` away, or change `root` in integrate.yaml"; "`--out {out}`: the project keeps its integrations in `{}`", workspace.project.root);
        }
        crate::paths::checked(out)?;
        out.clone_into(&mut workspace.project.root);
    }
    Ok(workspace)
}

/// The entry that was named, or all of the project.
fn wanted(workspace: &Workspace, flags: &Create, lock: &Lock) -> Result<Vec<Wanted>> {
    if let Some(name) = named(workspace, flags)? {
        check_name(&name)?;
        names::refuse_taken(&name, &workspace.project, lock)?;
        return Ok(vec![requirement::entry(workspace, flags, &name)?]);
    }
    workspace.require_project()?;
    all(workspace, lock)
}

/// The name that was typed or, where more was said than that all is to be built, asked for.
fn named(workspace: &Workspace, flags: &Create) -> Result<Option<String>> {
    let said = [
        ("--source", flags.source.is_some()),
        ("--requirements", flags.requirements.is_some()),
        ("--type", flags.pattern.is_some()),
        ("--variant", flags.variant.is_some()),
        ("--language", flags.language.is_some()),
        ("--include", !flags.include.is_empty()),
        ("--exclude", !flags.exclude.is_empty()),
        ("--set", !flags.set.is_empty()),
    ];
    let said = said.iter().find(|(_, is_said)| *is_said).map(|(flag, _)| flag);
    if flags.name.is_some() || (said.is_none() && workspace.yaml.is_some()) {
        return Ok(flags.name.clone());
    }
    if ask::is_possible() {
        return Ok(Some(ask::checked("What is the integration called?", check_name)?));
    }
    match said {
        Some(flag) => {
            problem!(help: format!("write `integrate create NAME {flag} …`"); "`{flag}` is about one integration, which needs a name")
        }
        None => Ok(None),
    }
}

/// All entries of `integrate.yaml`.
fn all(workspace: &Workspace, lock: &Lock) -> Result<Vec<Wanted>> {
    if workspace.project.integrations.is_empty() {
        problem!(help: "add an integration: `integrate create NAME --source …`"; "integrate.yaml: there are no integrations");
    }
    // Entries that the lock alone knows are taken away, but for those that came from elsewhere.
    let mut there = lock.clone();
    there.entries.retain(|_, entry| entry.deployed);
    let one = |(name, entry): (&String, &crate::requirements::Entry)| -> Result<Wanted> {
        names::refuse_taken(name, &workspace.project, &there)?;
        if entry.source.as_deref() == Some("-") {
            problem!(help: format!("name a file, or build it alone: `integrate create {name} --source -`");
                "integrate.yaml: `{name}`: `-` is no source that can be read again");
        }
        if let Some(address) = entry.source.as_deref().and_then(|source| Address::of(source, &workspace.folder)) {
            problem!(help: format!("run `integrate create {name} --source {}`: its parts become options", address.shown());
                "integrate.yaml: `{name}`: an address is no source that can be read");
        }
        let open = |source: &str| Input::open_for(name, source, &workspace.folder);
        let input = entry.source.as_deref().map(open).transpose()?;
        let mut entry = entry.clone();
        entry.language = entry.language.or_else(|| workspace.project.language.clone());
        if entry.language.is_none() {
            problem!(help: "add `language: …` to the entry or at the top"; "integrate.yaml: `{name}` names no language");
        }
        Ok(Wanted { name: name.clone(), entry, input, choice: None, document: None })
    };
    workspace.project.integrations.iter().map(one).collect()
}

/// Why nothing is to be written, if so.
fn stopped(workspace: &Workspace, build: &Build, wanted: &[Wanted], flags: &Create) -> Result<Option<&'static str>> {
    if build.is_void() {
        return Ok(Some("no part of the source can be read, so there is nothing to write: mend it"));
    }
    if build.skips(wanted, flags.allow_skipped) {
        return Ok(Some(
            "parts of the source cannot be read, so nothing was written: mend them, or pass --allow-skipped to leave them out",
        ));
    }
    build::refuse_invalid(workspace, build)?;
    Ok(build.plan.conflicts().next().map(|_| "files of yours are in the way, so nothing was written"))
}

/// What `history` will know of this build.
fn remembered(build: &Build, wanted: &[Wanted]) -> Value {
    let count = |shared: bool| -> usize {
        let files = build.package.files.iter().filter(|file| file.entry.is_empty() == shared);
        files.map(|file| file.bytes.iter().filter(|byte| **byte == b'\n').count()).sum()
    };
    let timing = build.timing;
    json!({
        "command": "create",
        "entries": wanted.iter().map(|one| &one.name).collect::<Vec<_>>(),
        "files": build.package.files.len(),
        "lines": count(true) + count(false),
        "shared_lines": count(true),
        "findings": build.report.findings.len(),
        "flawed_files": build.report.findings.iter().map(|finding| &finding.path).collect::<BTreeSet<_>>().len(),
        "ms": timing.read_ms + timing.render_ms + timing.validate_ms,
        "operations": ledger(build.jobs.iter().map(|job| &job.service)).source,
    })
}

fn text(workspace: &Workspace, build: &Build, wanted: &[Wanted], facts: &run_report::Facts<'_>) -> String {
    let mut text = String::new();
    for (job, one) in build.jobs.iter().zip(wanted) {
        let _ = write!(
            text,
            "{}",
            run_report::headline(job, one.choice.as_ref().map(|choice| (&choice.ranking, choice.given_by)))
        );
        let _ = write!(text, "{}", run_report::ledger(&job.service));
    }
    if !build.package.files.is_empty() {
        let _ = write!(text, "{}", plan_report::summary(&build.plan, facts.dry_run));
        let _ = write!(text, "{}", run_report::findings(&build.report));
    }
    if facts.stopped.is_none() {
        let _ = write!(text, "{}", run_report::next_steps(&workspace.project.root, &build.package, &build.jobs));
    }
    text + &run_report::ending(&build.timing, &build.plan, facts)
}

fn document(build: &Build, wanted: &[Wanted], facts: &run_report::Facts<'_>) -> Value {
    let all = ledger(build.jobs.iter().map(|job| &job.service));
    let integrations: Vec<Value> = build.jobs.iter().zip(wanted).map(|(job, one)| {
        let ranking = one.choice.as_ref().map(|choice| &choice.ranking);
        let own = ranking.and_then(|ranking| ranking.candidates.iter().find(|candidate| candidate.pattern == job.pattern));
        let other = ranking.and_then(|ranking| ranking.candidates.iter().find(|candidate| candidate.pattern != job.pattern));
        json!({
            "name": job.name,
            "language": job.language.name,
            "choice": {
                "pattern": job.pattern, "variant": job.variant,
                "given_by": one.choice.as_ref().map_or("integrate.yaml", |choice| if choice.given_by.is_empty() { "selection" } else { choice.given_by }),
                "score": own.map(|own| own.score), "evidence": own.map(|own| &own.evidence),
                "runner_up": other.map(|other| json!({ "pattern": other.pattern, "score": other.score })),
                "flips_if": ranking.map(|ranking| &ranking.flips_if),
            },
        })
    }).collect();
    let files: Vec<Value> = build
        .plan
        .changes
        .iter()
        .map(|change| {
            let mut file = json!({ "path": change.path.as_str(), "action": change.action, "reason": change.reason });
            if facts.dry_run {
                file["diff"] = change.diff().into();
            }
            file
        })
        .collect();
    json!({
        "integrations": integrations,
        "choice": integrations.first().map(|first| first["choice"].clone()),
        "ledger": {
            "source": all.source,
            "generated": all.count(Outcome::Generated), "degraded": all.count(Outcome::Degraded),
            "skipped": all.count(Outcome::Skipped), "excluded": all.count(Outcome::Excluded),
            "entries": all.entries, "notes": all.notes,
        },
        "files": files,
        "notes": build.plan.notes,
        "findings": build.report.findings,
        "unchecked": build.report.skipped,
        "timing": build.timing,
        "written": facts.receipt.map(|receipt| &receipt.id),
        "stopped": facts.stopped,
        "conflicts": build.plan.changes.iter().filter(|change| change.action == Action::Conflict).count(),
    })
}
