//! `create`: the whole line, into the current project.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

use super::ask;
use super::build::{self, Build, Limits, build, ledger};
use super::requirement::{self, Wanted};
use super::workspace::Workspace;
use crate::cli::{Cli, Create};
use crate::deploy::{self, Action, Plan};
use crate::model::Outcome;
use crate::problem;
use crate::report::progress::Progress;
use crate::report::{Output, plan as plan_report, run as run_report};
use crate::requirements::project::check_name;
use crate::source::input::Input;

pub fn run(cli: &Cli, flags: &Create) -> Result<Output> {
    let workspace = open(cli, flags)?;
    deploy::refuse_unfinished(&workspace.target()?)?;
    let mut wanted = wanted(&workspace, flags)?;
    let progress = Progress::new("starting");
    let limits = Limits {
        allow_skipped: flags.allow_skipped,
        restore: flags.writing.restore,
        allow_dirty: flags.writing.allow_dirty,
        yes: flags.yes,
        partial: flags.name.is_some(),
    };
    let mut build = build(&workspace, &mut wanted, limits, &progress)?;
    let skipped = ledger(build.jobs.iter().map(|job| &job.service)).count(Outcome::Skipped) > 0;
    let stopped = if skipped && !flags.allow_skipped {
        Some(
            "parts of the source cannot be read, so nothing was written: mend them, or pass --allow-skipped to leave them out",
        )
    } else {
        build::refuse_invalid(&workspace, &build)?;
        conflict(&build.plan)
    };
    let writes = stopped.is_none() && !flags.writing.dry_run && !build.plan.is_empty();
    build.plan.build = remembered(&build, &wanted);
    let mut receipt = None;
    if writes {
        let target = workspace.target()?;
        let (done, ms) = progress.step("writing", || deploy::apply(&build.plan, &target));
        receipt = Some(done?);
        build.timing.write_ms = ms;
    }
    drop(progress);
    let facts = run_report::Facts { dry_run: flags.writing.dry_run, stopped, receipt: receipt.as_ref() };
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
fn wanted(workspace: &Workspace, flags: &Create) -> Result<Vec<Wanted>> {
    if let Some(name) = &flags.name {
        return Ok(vec![requirement::entry(workspace, flags, name)?]);
    }
    let says_more = flags.source.is_some() || flags.requirements.is_some() || flags.pattern.is_some();
    if says_more || workspace.yaml.is_none() {
        if ask::is_possible() {
            let name = ask::checked("What is the integration called?", check_name)?;
            return Ok(vec![requirement::entry(workspace, flags, &name)?]);
        }
        if says_more {
            problem!(help: "write `integrate create NAME …`"; "a new integration needs a name");
        }
    }
    workspace.require_project()?;
    if workspace.project.integrations.is_empty() {
        problem!(help: "add an integration: `integrate create NAME --source …`"; "integrate.yaml: there are no integrations");
    }
    let one = |(name, entry): (&String, &crate::requirements::Entry)| -> Result<Wanted> {
        let open = |source: &str| Input::open_for(name, source, &workspace.folder);
        let input = entry.source.as_deref().map(open).transpose()?;
        let mut entry = entry.clone();
        entry.language = entry.language.or_else(|| workspace.project.language.clone());
        if entry.language.is_none() {
            problem!(help: "add `language: …` to the entry or at the top"; "integrate.yaml: `{name}` names no language");
        }
        Ok(Wanted { name: name.clone(), entry, input, choice: None })
    };
    workspace.project.integrations.iter().map(one).collect()
}

fn conflict(plan: &Plan) -> Option<&'static str> {
    plan.conflicts().next().map(|_| "files of yours are in the way, so nothing was written")
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
    text + &run_report::ending(&build.timing, facts)
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
        .map(|change| json!({ "path": change.path.as_str(), "action": change.action, "reason": change.reason }))
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
