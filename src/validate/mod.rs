//! Files and rules → findings. Generated, edited by hand or written without us: all are held to the same rules.

pub mod allow;
pub mod builtin;
pub mod claims;
pub mod coverage;
pub mod detect;
pub mod encoding;
pub mod finding;
pub mod grammar;
pub mod imports;
pub mod lines;
pub mod lock;
pub mod rules;
pub mod syntax;

pub use finding::{Allowed, Checked, Finding, Position, Region, Report, Severity, Skipped};
pub use rules::{About, Rule, Rules};

use crate::package::PackageFile;
use anyhow::Result;
use detect::Signs;
use grammar::{Grammar, Scan, Tree};
use lines::Lines;
use rayon::prelude::*;
use std::cell::OnceCell;

/// One file to check.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    /// As it is to be reported, `/` between parts.
    pub path: &'a str,
    pub bytes: &'a [u8],
    /// `python`, `typescript`, or empty: the path's extension goes first.
    pub language: &'a str,
    pub held_to: HeldTo<'a>,
}

/// Whose rules a file is held to.
#[derive(Debug, Clone, Copy)]
pub enum HeldTo<'a> {
    /// A pattern, and how it is known: `integrate.lock`, `--type`.
    Pattern(&'a str, &'a str),
    /// Every pattern's: what all entries of a project share.
    Every(&'a str),
    /// To be found out from its imports and calls.
    Unknown,
}

impl<'a> SourceFile<'a> {
    /// A file we are about to write; `pattern` is that of its entry, and none is what entries share.
    pub fn rendered(file: &'a PackageFile, pattern: Option<&'a str>) -> Self {
        let held_to = pattern.map_or(HeldTo::Every("shared by all entries"), |p| HeldTo::Pattern(p, "integrate.yaml"));
        Self { path: &file.path, bytes: &file.bytes, language: &file.language, held_to }
    }
}

/// What a file came to.
#[derive(Default)]
struct Outcome {
    checked: Option<Checked>,
    skipped: Option<Skipped>,
    findings: Vec<Finding>,
    allowed: Vec<Allowed>,
}

/// Checks files against the rules of their patterns, in parallel; the outcome does not depend on order or machine.
///
/// Fails only where a rule itself is faulty.
pub fn check(files: &[SourceFile<'_>], rules: &Rules, signs: &[Signs]) -> Result<Report> {
    let outcomes: Vec<Outcome> = files.par_iter().map(|file| check_file(file, rules, signs)).collect::<Result<_>>()?;
    let mut report = Report::default();
    for outcome in outcomes {
        report.checked.extend(outcome.checked);
        report.skipped.extend(outcome.skipped);
        report.findings.extend(outcome.findings);
        report.allowed.extend(outcome.allowed);
    }
    report.checked.sort_by(|a, b| a.path.cmp(&b.path));
    report.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    report.allowed.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
    report.extend([]);
    Ok(report)
}

fn check_file(file: &SourceFile<'_>, rules: &Rules, signs: &[Signs]) -> Result<Outcome> {
    let grammar = Grammar::of(file.path, file.language);
    if grammar.is_none() && !is_text(file.path) {
        return Ok(skipped(file.path, "not a language we read"));
    }
    if file.path.ends_with(".min.js") {
        return Ok(skipped(file.path, "minified"));
    }
    let text = match encoding::decode(file.path, file.bytes) {
        Ok(text) => text,
        Err(finding) => return Ok(Outcome { findings: vec![*finding], ..skipped(file.path, "not text") }),
    };
    let lines = Lines::of(text);
    let unseen = encoding::unseen(file.path, text, &lines);
    let Some(grammar) = grammar else {
        let findings = unseen.into_iter().chain(syntax::data_fault(file.path, text)).collect();
        return Ok(Outcome { findings, checked: Some(prose(file.path)), ..Outcome::default() });
    };
    check_code(&Code { file, text, grammar, lines, tree: OnceCell::new() }, unseen, rules, signs)
}

/// A source file, decoded; parsed when first needed.
struct Code<'a> {
    file: &'a SourceFile<'a>,
    text: &'a str,
    grammar: Grammar,
    lines: Lines<'a>,
    tree: OnceCell<Tree>,
}

impl Code<'_> {
    fn tree(&self) -> Result<&Tree> {
        if self.tree.get().is_none() {
            let _ = self.tree.set(Tree::parse(self.text, self.grammar)?);
        }
        Ok(self.tree.get().expect("it was just set"))
    }
}

fn check_code(code: &Code<'_>, mut findings: Vec<Finding>, rules: &Rules, signs: &[Signs]) -> Result<Outcome> {
    let detected = held_to(code, signs)?;
    let held = held(code, rules, &detected.patterns);
    let active = active(code, &held)?;
    let scan = scan(code, &active)?;
    let faults = syntax::faults(code.file.path, code.text, code.grammar, &scan, &code.lines);
    let ran = if faults.is_empty() { held.len() } else { 0 };
    if faults.is_empty() {
        findings.extend(scan.matches.iter().map(|found| finding_of(code, active[found.rule], found)));
    }
    findings.extend(faults);
    let outcome = allow(code, &scan, findings, &held, rules);
    Ok(match detected.patterns.is_empty() {
        true => Outcome { skipped: skipped(code.file.path, &detected.why).skipped, ..outcome },
        false => Outcome { checked: Some(checked(code, detected, ran)), ..outcome },
    })
}

fn checked(code: &Code<'_>, detected: detect::Detected, rules: usize) -> Checked {
    Checked {
        path: code.file.path.to_string(),
        language: code.grammar.language().to_string(),
        patterns: detected.patterns,
        rules,
        why: detected.why,
        guessed: matches!(code.file.held_to, HeldTo::Unknown),
    }
}

fn held_to(code: &Code<'_>, signs: &[Signs]) -> Result<detect::Detected> {
    let known =
        |pattern: &str, why: &str| detect::Detected { patterns: vec![pattern.to_string()], why: why.to_string() };
    Ok(match code.file.held_to {
        HeldTo::Pattern(pattern, why) => known(pattern, why),
        HeldTo::Every(why) => known(rules::ALL, why),
        HeldTo::Unknown => {
            let tree = code.tree()?;
            detect::choose(&detect::score(signs, code.grammar.language(), &tree.imports(), &tree.calls()))
        }
    })
}

/// The rules a file is held to, in the order they were read.
fn held<'r>(code: &Code<'_>, rules: &'r Rules, patterns: &[String]) -> Vec<&'r Rule> {
    let is_test = is_test(code.file.path);
    let is_written = |rule: &&Rule| rule.languages.contains_key(code.grammar.language());
    let concerns = |rule: &&Rule| rule.concerns(patterns) && (rule.in_tests || !is_test);
    rules.rules.iter().filter(is_written).filter(concerns).collect()
}

/// Those of them that may find something here, by what the file mentions and imports.
fn active<'r>(code: &Code<'_>, held: &[&'r Rule]) -> Result<Vec<&'r Rule>> {
    let language = code.grammar.language();
    let mut active = Vec::new();
    for rule in held {
        if rule.may_apply(language, code.text)? {
            active.push(*rule);
        }
    }
    if active.iter().any(|rule| rule.asks_for_imports(language)) {
        let imported = code.tree()?.imports();
        active.retain(|rule| rule.concerns_imports(language, &imported));
    }
    Ok(active)
}

/// Tries the rules; a file that none concerns is not walked where a stricter reader will parse it anyway.
fn scan(code: &Code<'_>, active: &[&Rule]) -> Result<Scan> {
    if active.is_empty() && !code.text.contains(allow::OPENING) && syntax::has_strict_reader(code.text, code.grammar) {
        return Ok(Scan::default());
    }
    let matchers = active.iter().map(|rule| Ok((rule.matcher(code.grammar)?, rule.message.as_str())));
    Ok(code.tree()?.scan(&matchers.collect::<Result<Vec<_>>>()?))
}

fn finding_of(code: &Code<'_>, rule: &Rule, found: &grammar::Match) -> Finding {
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        message: found.message.clone(),
        help: rule.help.clone(),
        path: code.file.path.to_string(),
        region: Some(code.lines.region(&found.range, rule.masks)),
        pattern: rule.pattern.clone(),
    }
}

fn allow(code: &Code<'_>, scan: &Scan, mut findings: Vec<Finding>, held: &[&Rule], rules: &Rules) -> Outcome {
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    // One place is told once, even where a rule fits it in two ways.
    findings.dedup();
    let ran: Vec<&str> = held.iter().map(|rule| rule.id.as_str()).collect();
    let place = (code.file.path, code.text, &code.lines);
    let outcome = allow::apply(place, &scan.comments, findings, &ran, |id| rules.knows(id));
    Outcome { findings: outcome.findings, allowed: outcome.allowed, ..Outcome::default() }
}

fn skipped(path: &str, reason: &str) -> Outcome {
    let skipped = Skipped { path: path.to_string(), reason: reason.to_string() };
    Outcome { skipped: Some(skipped), ..Outcome::default() }
}

fn prose(path: &str) -> Checked {
    let why = "prose or data: encoding, and form where it has one".to_string();
    Checked { path: path.to_string(), language: String::new(), patterns: Vec::new(), rules: 0, why, guessed: false }
}

/// Whether a file is a test: most rules leave tests alone.
pub fn is_test(path: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let in_folder = parts.iter().any(|part| matches!(*part, "tests" | "test" | "__tests__" | "spec"));
    let is_named = stem.starts_with("test_") || stem.ends_with("_test") || stem == "conftest";
    in_folder || is_named || name.contains(".test.") || name.contains(".spec.")
}

fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = [
        "md", "rst", "txt", "json", "yaml", "yml", "toml", "ini", "cfg", "sql", "example", "env", "typed", "lock",
        "html",
    ];
    known.contains(&extension) || name.starts_with(".env") || name == "Dockerfile"
}
