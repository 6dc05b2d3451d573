//! `select`: which pattern fits, and why; or how often that is right.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::json;

use super::address::Address;
use super::choose::rank_all;
use super::said::{documented, hinted, text};
use super::workspace::Workspace;
use crate::cli::{Cli, Select};
use crate::report::{BOLD, DIM, GOOD, Output, WARN, shown, styled};
use crate::select::evaluate::{Report, evaluate_file};
use crate::select::{Candidate, Decision, Ranking};
use crate::source::input::Input;

pub fn run(cli: &Cli, flags: &Select) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    if let Some(file) = &flags.evaluate {
        let report = evaluate_file(&workspace.signals()?, file)?;
        return Ok(Output { text: evaluation(&report), json: serde_json::to_value(&report)?, status: 0 });
    }
    let wanted = text(&workspace, flags.text.as_deref())?.unwrap_or_default();
    let services = workspace.known()?;
    let source = flags.source.clone().map(|source| documented(source, &workspace, services.as_ref()));
    let address = source.as_deref().and_then(|source| Address::of(source, &workspace.folder));
    let document = source.as_deref().filter(|_| address.is_none());
    let input = document
        .map(|source| Input::open(source, &workspace.folder).map_err(|fault| hinted(fault, source, services.as_ref())))
        .transpose()?;
    let ranking = rank_all(&workspace, &wanted, input.as_ref(), address.as_ref())?;
    let decided = matches!(ranking.decision, Decision::Chosen(_));
    let known = services.and_then(|known| known.find(&wanted).cloned());
    let mut output = Output {
        text: explanation(&ranking),
        json: json!({ "ranking": ranking, "known": known }),
        status: if decided { 0 } else { 2 },
    };
    if let Some(known) = known {
        let url = known.base_url.map_or(String::new(), |url| format!(", at {url}"));
        let _ = writeln!(output.text, "known      {} is integrated by `{}`{url}", shown(&known.name), known.pattern);
    }
    Ok(output)
}

fn explanation(ranking: &Ranking) -> String {
    let mut out = format!("{}\n\n", verdict(ranking));
    let (found, silent): (Vec<&Candidate>, Vec<&Candidate>) =
        ranking.candidates.iter().partition(|candidate| !candidate.evidence.is_empty());
    for candidate in found {
        let _ = writeln!(out, "{} {:.1}", styled(BOLD, format!("{:<10}", candidate.pattern)), candidate.score);
        for evidence in &candidate.evidence {
            let _ = writeln!(
                out,
                "           {:+.1}  {} {}",
                evidence.points,
                evidence.what,
                styled(DIM, format!("`{}`", shown(&evidence.quote)))
            );
        }
    }
    if !silent.is_empty() {
        let names: Vec<&str> = silent.iter().map(|candidate| candidate.pattern.as_str()).collect();
        let _ = writeln!(out, "{}    {}", styled(DIM, "nothing"), names.join(", "));
    }
    if !ranking.flips_if.is_empty() {
        let _ = writeln!(out, "\nit would be");
    }
    for turn in &ranking.flips_if {
        let _ = writeln!(out, "           {}", shown(turn));
    }
    out
}

/// The decision in one line, with the runner-up.
fn verdict(ranking: &Ranking) -> String {
    let speaking: Vec<&Candidate> = ranking.candidates.iter().filter(|c| !c.evidence.is_empty()).collect();
    match &ranking.decision {
        Decision::Chosen(pattern) => match speaking.get(1).filter(|_| !ranking.flips_if.is_empty()) {
            Some(second) => format!("{}, before `{}`", styled(GOOD, pattern), second.pattern),
            None => styled(GOOD, pattern),
        },
        Decision::TooClose(close) => format!("{}: {}", styled(WARN, "too close to call"), close.join(" or ")),
        Decision::Nothing => match speaking.first() {
            Some(best) => format!("{}: too little speaks for `{}`", styled(WARN, "say more"), best.pattern),
            None => format!("{}: nothing speaks for any pattern", styled(WARN, "say more")),
        },
    }
}

fn evaluation(report: &Report) -> String {
    let share = |share: Option<f64>| share.map_or("   none".to_owned(), |share| format!("{:6.1} %", share * 100.0));
    let mut out = format!("rows             {}\naccuracy         {}\n", report.rows, share(report.accuracy));
    for (pattern, recall) in &report.recall {
        let _ = writeln!(out, "recall {pattern:<10}{}", share(*recall));
    }
    let _ = writeln!(
        out,
        "asked clear      {}\nasked ambiguous  {}",
        share(report.asked.clear),
        share(report.asked.ambiguous)
    );
    for (label, decided) in &report.confusion {
        let parts: Vec<String> = decided.iter().map(|(decided, count)| format!("{decided} {count}")).collect();
        let _ = writeln!(out, "{label:<12} {} {}", styled(DIM, "→"), parts.join(", "));
    }
    out
}
