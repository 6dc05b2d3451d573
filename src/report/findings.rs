//! A validation report → text for people, with the source lines, or one JSON document.

use super::shown;
use crate::validate::builtin::Check;
use crate::validate::{Finding, Region, Report, Severity, Skipped};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::fmt::Write;

/// A region of more lines than this is shown by its first line.
const SHOWN_LINES: usize = 3;

/// Of what is left out for one reason, so many are told by themselves.
const SHOWN_ALIKE: usize = 5;

/// Writes a report for people; `styled` adds colours.
pub fn text(report: &Report, styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for finding in &report.findings {
        let _ = writeln!(text, "{}\n", renderer.render(&[group(finding)]));
    }
    for file in report.checked.iter().filter(|file| file.guessed) {
        let _ = writeln!(text, "{}: {}", shown(&file.path), shown(&file.why));
    }
    text += &skipped(report);
    for allowed in &report.allowed {
        let line = allowed.finding.region.as_ref().map_or(0, |region| region.start.line);
        let (path, reason) = (shown(&allowed.finding.path), shown(&allowed.reason));
        let _ = writeln!(text, "{path}:{line}: `{}` is allowed: {reason}", shown(&allowed.finding.rule));
    }
    text + &summary(report) + "\n"
}

/// What was left out: each by itself, or the first few where many are left out for one reason, such as caches.
fn skipped(report: &Report) -> String {
    let mut text = String::new();
    let alike = |files: &[Skipped], reason: &str| files.iter().filter(|file| file.reason == reason).count();
    for (at, file) in report.skipped.iter().enumerate() {
        let (before, all) = (alike(&report.skipped[..at], &file.reason), alike(&report.skipped, &file.reason));
        let (path, reason) = (shown(&file.path), shown(&file.reason));
        if all <= SHOWN_ALIKE || before + 1 < SHOWN_ALIKE {
            let _ = writeln!(text, "{path}: skipped: {reason}");
        } else if before + 1 == SHOWN_ALIKE {
            let _ = writeln!(text, "{path} and {} more: skipped: {reason}", all - before - 1);
        }
    }
    text
}

/// Says in a line what was checked and what came of it.
pub fn summary(report: &Report) -> String {
    let held = report.checked.iter().filter(|file| !file.patterns.is_empty()).count();
    if report.checked_nothing() {
        let read = report.checked.len() + report.skipped.len();
        let of_text = |finding: &&Finding| finding.rule == Check::NotText.id();
        let is_unread = report.findings.iter().filter(of_text).count() == read;
        if read == 0 || is_unread {
            return format!(
                "nothing was checked: {}",
                if read == 0 { "there are no files" } else { "no file can be read" }
            );
        }
        let read = counted(read, "file");
        return format!("nothing was checked: no pattern is known for any of {read}; name one with `--type`");
    }
    let counts =
        [Severity::Error, Severity::Warning, Severity::Note].map(|severity| (report.count(severity), severity));
    let found: Vec<_> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, severity)| counted(*n, severity.as_str())).collect();
    let found = if found.is_empty() { "no findings".to_string() } else { found.join(", ") };
    let allowed = if report.allowed.is_empty() { String::new() } else { format!("; {} allowed", report.allowed.len()) };
    format!("checked {}: {found}{allowed}", counted(held, "file"))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn group(finding: &Finding) -> Group<'_> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(shown(&finding.message)).id(shown(&finding.rule));
    let group = match &finding.region {
        Some(region) => title.element(snippet(region, shown(&finding.path))),
        None => title.element(Origin::path(shown(&finding.path))),
    };
    group.element(Level::HELP.message(shown(&finding.help)))
}

fn snippet(region: &Region, path: String) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let spans = region.end.line - region.start.line + 1;
    let first = region.snippet.lines().next().unwrap_or_default();
    let source = if spans > SHOWN_LINES { first } else { region.snippet.as_str() };
    let start = byte_of(first, region.start.column);
    let last = source.rfind('\n').map_or(0, |at| at + 1);
    let end = if spans > SHOWN_LINES { source.len() } else { last + byte_of(&source[last..], region.end.column) };
    let span = start..end.max(start);
    Snippet::source(source).line_start(region.start.line).path(path).annotation(AnnotationKind::Primary.span(span))
}

fn byte_of(line: &str, column: usize) -> usize {
    line.char_indices().nth(column - 1).map_or(line.len(), |(at, _)| at)
}

/// The report as one document, in the form of `docs/schemas/validate.schema.json`.
pub fn json(report: &Report) -> serde_json::Value {
    serde_json::json!({
        "version": 1,
        "summary": {
            "files": report.checked.iter().filter(|file| !file.patterns.is_empty()).count(),
            "errors": report.count(Severity::Error),
            "warnings": report.count(Severity::Warning),
            "notes": report.count(Severity::Note),
            "allowed": report.allowed.len(),
            "exit_status": report.exit_status(),
        },
        "findings": report.findings,
        "allowed": report.allowed,
        "checked": report.checked,
        "skipped": report.skipped,
    })
}
