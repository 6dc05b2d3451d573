//! Inline allowances: comments that silence a rule in one place, with a reason.
//!
//! `# integrate: allow(rule-id) reason`, or `//`, on the finding's own lines or alone on the line above.

use super::builtin::Check;
use super::finding::{Allowed, Finding};
use super::lines::Lines;
use std::ops::Range;

/// What an allowance begins with.
pub const OPENING: &str = "integrate: allow(";

/// One comment that allows something.
struct Allowance {
    range: Range<usize>,
    rules: Vec<String>,
    reason: String,
    /// The lines it speaks for: its own, and the next one with code where it stands alone.
    lines: (usize, usize),
}

/// What is left of the findings of one file, and what was allowed.
pub struct Outcome {
    pub findings: Vec<Finding>,
    pub allowed: Vec<Allowed>,
}

/// Applies the allowances in `comments`; `held` are the rules this file is held to, `known` says whether an id exists at all.
pub fn apply(
    (path, text, lines): (&str, &str, &Lines),
    comments: &[Range<usize>],
    findings: Vec<Finding>,
    held: &[&str],
    known: impl Fn(&str) -> bool,
) -> Outcome {
    let allowances: Vec<_> = comments.iter().filter_map(|range| read(text, range, lines)).collect();
    let mut outcome = Outcome { findings: Vec::new(), allowed: Vec::new() };
    let mut used = vec![false; allowances.len()];
    for finding in findings {
        match allowances.iter().position(|allowance| allowance.covers(&finding)) {
            Some(at) => {
                used[at] = true;
                outcome.allowed.push(Allowed { finding, reason: allowances[at].reason.clone() });
            }
            None => outcome.findings.push(finding),
        }
    }
    for (allowance, used) in allowances.iter().zip(used) {
        let concerns_us = allowance.rules.iter().any(|rule| held.contains(&rule.as_str()) || !known(rule));
        outcome.findings.extend(allowance.fault(used, concerns_us).map(|check| allowance.finding(check, path, lines)));
    }
    outcome
}

fn read(text: &str, range: &Range<usize>, lines: &Lines) -> Option<Allowance> {
    let comment = &text[range.clone()];
    let (_, rest) = comment.split_once(OPENING)?;
    let (rules, reason) = rest.split_once(')')?;
    let reason = reason.trim().trim_end_matches("*/").trim().trim_start_matches([':', '-', '–', '—']).trim();
    let rules = rules.split(',').map(|rule| rule.trim().to_string()).filter(|rule| !rule.is_empty()).collect();
    Some(Allowance { range: range.clone(), rules, reason: reason.to_string(), lines: spoken_for(text, range, lines) })
}

/// A comment alone on its line speaks for the next line that is neither empty nor a comment.
fn spoken_for(text: &str, range: &Range<usize>, lines: &Lines) -> (usize, usize) {
    let (first, last) = (lines.line(range.start), lines.line(range.end.max(1) - 1));
    let own_line = lines.text(first).trim_start();
    if !text[range.clone()].starts_with(own_line.split_whitespace().next().unwrap_or("\n")) {
        return (first, last);
    }
    let is_code = |line: &usize| {
        let line = lines.text(*line).trim();
        !line.is_empty() && !["#", "//", "/*", "*"].iter().any(|opening| line.starts_with(opening))
    };
    (first, (last + 1..last + 12).find(is_code).unwrap_or(last))
}

impl Allowance {
    fn covers(&self, finding: &Finding) -> bool {
        let Some(region) = &finding.region else { return false };
        let (first, last) = self.lines;
        let names_it = self.rules.contains(&finding.rule) && finding.rule != Check::DoesNotParse.id();
        names_it && !self.reason.is_empty() && region.start.line <= last && region.end.line >= first
    }

    /// What is wrong with it: no reason, or nothing to allow where a rule it names was tried.
    fn fault(&self, used: bool, concerns_us: bool) -> Option<Check> {
        match (self.reason.is_empty(), used) {
            (true, _) => Some(Check::AllowanceWithoutReason),
            (false, false) if concerns_us => Some(Check::UnusedAllowance),
            _ => None,
        }
    }

    fn finding(&self, check: Check, path: &str, lines: &Lines) -> Finding {
        check.at(path, lines.region(&self.range, false), &self.rules.join(", "))
    }
}
