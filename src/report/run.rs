//! What one run did, part by part, as people read it.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde::Serialize;

use super::{BAD, BOLD, DIM, GOOD, WARN, shown, styled};
use crate::deploy::{KEPT_DELETED, Plan, Receipt};
use crate::model::{Outcome, Service};
use crate::package::Package;
use crate::render::project::Job;
use crate::select::Ranking;
use crate::validate::{Report, Severity};

/// How long each stage took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Timing {
    pub read_ms: u64,
    pub render_ms: u64,
    pub validate_ms: u64,
    pub write_ms: u64,
}

/// How a run ended.
pub struct Facts<'f> {
    pub dry_run: bool,
    /// Why nothing was written although something was to be.
    pub stopped: Option<&'static str>,
    pub receipt: Option<&'f Receipt>,
    /// How `integrate` is called for the project.
    pub called: &'f str,
}

/// The most reasons listed.
const LISTED: usize = 20;

/// What is built, and why it is built like this.
pub fn headline(job: &Job, choice: Option<(&Ranking, &'static str)>) -> String {
    let source = &job.service.source;
    let from = if source.kind == "answers" {
        "from answers".to_owned()
    } else {
        format!("from {} ({})", shown(&source.name), source.kind)
    };
    let mut out =
        format!("{}: {}/{} in {}, {from}\n", styled(BOLD, &job.name), job.pattern, job.variant, job.language.title);
    let Some((ranking, given_by)) = choice else { return out };
    let _ = writeln!(out, "  {}       {}", styled(BOLD, "why"), why(ranking, given_by, &job.pattern));
    if given_by.is_empty() {
        for turn in &ranking.flips_if {
            let _ = writeln!(out, "             {}", styled(DIM, format!("would be {}", shown(turn))));
        }
    }
    out
}

fn why(ranking: &Ranking, given_by: &str, pattern: &str) -> String {
    let own = ranking.candidates.iter().find(|candidate| candidate.pattern == pattern);
    let evidence: Vec<String> = own
        .into_iter()
        .flat_map(|own| own.evidence.iter().filter(|evidence| evidence.points > 0.0).take(3))
        .map(|evidence| format!("{} `{}` (+{:.1})", evidence.what, shown(&evidence.quote), evidence.points))
        .collect();
    match (given_by, evidence.is_empty()) {
        ("", _) => evidence.join(", "),
        (given_by, true) => format!("said by {given_by}"),
        (given_by, false) => format!("said by {given_by}; {}", evidence.join(", ")),
    }
}

/// The account of the source, with each loss and its place.
pub fn ledger(service: &Service) -> String {
    let ledger = &service.ledger;
    let part = |outcome, name: &str| match ledger.count(outcome) {
        0 => String::new(),
        n => format!(", {n} {name}"),
    };
    let mut out = format!(
        "  {}    {} in the source: {} generated{}{}{}\n",
        styled(BOLD, "ledger"),
        ledger.source,
        ledger.count(Outcome::Generated),
        part(Outcome::Degraded, "degraded"),
        part(Outcome::Skipped, "skipped"),
        part(Outcome::Excluded, "excluded"),
    );
    let lost: Vec<_> = ledger
        .entries
        .iter()
        .filter(|entry| entry.outcome != Outcome::Excluded)
        .flat_map(|entry| entry.reasons.iter().map(move |reason| (entry, reason)))
        .collect();
    for (entry, reason) in lost.iter().take(LISTED) {
        let (style, word) = match entry.outcome {
            Outcome::Skipped => (BAD, "skipped "),
            Outcome::Excluded => (DIM, "left out"),
            _ => (WARN, "degraded"),
        };
        let _ = writeln!(
            out,
            "             {} {}: {}: {}",
            styled(style, word),
            shown(&entry.name),
            shown(&reason.place),
            shown(&reason.what)
        );
    }
    if lost.len() > LISTED {
        let _ = writeln!(out, "             and {} more: `--format json` lists all", lost.len() - LISTED);
    }
    for (what, names) in ledger.left_out() {
        let more = if names.len() > 1 { format!(" and {} more", names.len() - 1) } else { String::new() };
        let _ = writeln!(out, "             {} {}{more}: {}", styled(WARN, "left out"), shown(names[0]), shown(what));
    }
    for note in &ledger.notes {
        let _ = writeln!(out, "             {} {}: {}", styled(WARN, "note"), shown(&note.place), shown(&note.what));
    }
    out
}

/// What the rules found in what was rendered.
pub fn findings(report: &Report) -> String {
    let mut out = format!("  {}  ", styled(BOLD, "findings"));
    let unchecked = match report.skipped.len() {
        0 => String::new(),
        count => format!("; {count} not parsed: {}", shown(&report.skipped[0].reason)),
    };
    if report.findings.is_empty() {
        let _ = writeln!(out, "{} in {} files{unchecked}", styled(GOOD, "none"), report.checked.len());
        return out;
    }
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter(|severity| report.count(*severity) > 0)
        .map(|severity| format!("{} {}s", report.count(severity), severity.as_str()))
        .collect();
    let _ = writeln!(
        out,
        "{} in {} files: `integrate validate` shows them{unchecked}",
        counts.join(", "),
        report.checked.len()
    );
    out
}

/// How to run what was written, a language at a time: what installs the libraries, then the tests; `root` is the folder of all adapters.
pub fn next_steps(root: &str, package: &Package, jobs: &[Job]) -> String {
    let mut out = String::new();
    let mut languages: IndexMap<&str, Vec<&Job>> = IndexMap::new();
    for job in jobs {
        languages.entry(&job.language.name).or_default().push(job);
    }
    for (language, jobs) in languages {
        let Some(test) = &jobs[0].language.test else { continue };
        let folders: Vec<&str> =
            jobs.iter().filter_map(|job| package.adapter(&job.name)).map(|adapter| adapter.folder.as_str()).collect();
        let [folder, others @ ..] = &folders[..] else { continue };
        let (folder, readme) =
            if others.is_empty() { (*folder, (*folder).to_owned()) } else { (root, format!("{root}/*")) };
        if !test.install.is_empty() {
            let install = test.install.replace("{dependencies}", &requirements(package, language));
            let _ = writeln!(out, "  {}   {install}", styled(BOLD, "install"));
        }
        let command: Vec<String> = test.command.iter().map(|part| part.replace("{adapter}", folder)).collect();
        let _ = writeln!(out, "  {}     {}", styled(BOLD, "tests"), command.join(" "));
        let _ = writeln!(out, "  {}       {readme}/README.md: settings, calls, what can go wrong", styled(BOLD, "use"));
    }
    out
}

/// The libraries of a language as its installer takes them, quoted for a shell.
fn requirements(package: &Package, language: &str) -> String {
    let wanted = package.dependencies.iter().filter(|dependency| dependency.language == language);
    wanted.map(|dependency| format!("'{}{}'", dependency.name, dependency.version)).collect::<Vec<_>>().join(" ")
}

/// The last lines: what became of it, and how long it took.
pub fn ending(timing: &Timing, plan: &Plan, facts: &Facts<'_>) -> String {
    let seconds = |ms: u64| format!("{}.{:02} s", ms / 1000, ms % 1000 / 10);
    let total = timing.read_ms + timing.render_ms + timing.validate_ms + timing.write_ms;
    let mut out = format!(
        "  {}      {} (read {}, render {}, validate {}, write {})\n",
        styled(BOLD, "time"),
        seconds(total),
        seconds(timing.read_ms),
        seconds(timing.render_ms),
        seconds(timing.validate_ms),
        seconds(timing.write_ms)
    );
    let last = match (facts.stopped, facts.receipt) {
        (Some(why), _) => styled(BAD, why),
        (None, Some(receipt)) => format!(
            "{} as run {}; `{} rollback {}` takes it back",
            styled(GOOD, "written"),
            receipt.id,
            facts.called,
            receipt.id
        ),
        (None, None) if plan.changes.iter().any(|change| change.reason == KEPT_DELETED) => format!(
            "{}: files that were deleted stay so, and `--restore` brings them back",
            styled(GOOD, "nothing to do")
        ),
        (None, None) if facts.dry_run => "nothing was written: this was a dry run".to_owned(),
        (None, None) => format!("{}: everything is as it should be", styled(GOOD, "nothing to do")),
    };
    let _ = writeln!(out, "{last}");
    out
}
