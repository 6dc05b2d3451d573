//! Operations, tests and documentation of an adapter → findings: operations that no test calls or no page names.

use super::builtin::Check;
use super::finding::Finding;
use std::collections::HashSet;

/// One operation, as the ledger lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation<'a> {
    /// As code calls it: `list_issues`, `issues.list`.
    pub symbol: &'a str,
    /// The file that holds it, where findings are reported.
    pub path: &'a str,
}

/// Finds the operations of one adapter that its tests or its pages do not mention; each text is a whole file.
pub fn check(operations: &[Operation<'_>], tests: &[&str], pages: &[&str]) -> Vec<Finding> {
    let (tested, documented) = (mentions(tests), mentions(pages));
    let mut findings = Vec::new();
    for operation in operations {
        if !tested.contains(operation.symbol) {
            findings.push(Check::Untested.about(operation.path, operation.symbol));
        }
        if !documented.contains(operation.symbol) {
            findings.push(Check::Undocumented.about(operation.path, operation.symbol));
        }
    }
    findings
}

/// Every name in the texts, and every run of names joined by dots: `a.b.c` mentions `a`, `b.c`, `a.b` …
fn mentions<'a>(texts: &[&'a str]) -> HashSet<&'a str> {
    let is_outside = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '.'));
    let chains: HashSet<&str> = texts.iter().flat_map(|text| text.split(is_outside)).collect();
    chains.into_iter().flat_map(runs).collect()
}

fn runs(chain: &str) -> impl Iterator<Item = &str> {
    let dots = chain.match_indices('.').map(|(at, _)| at);
    let starts: Vec<usize> = std::iter::once(0).chain(dots.clone().map(|at| at + 1)).collect();
    let ends: Vec<usize> = dots.chain([chain.len()]).collect();
    starts.into_iter().flat_map(move |start| {
        ends.clone().into_iter().filter(move |&end| end > start).map(move |end| &chain[start..end])
    })
}
