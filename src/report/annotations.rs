//! A validation report → annotations of GitHub Actions: one workflow command a finding.

use super::findings::summary;
use super::shown;
use crate::validate::{Finding, Report, Severity};

/// Writes one command a line; a run that checked nothing is an error of its own.
///
/// Source: GitHub, "Workflow commands"; `@actions/core`, `command.ts` (escapes).
pub fn github(report: &Report) -> String {
    let mut lines: Vec<String> = report.findings.iter().map(command).collect();
    if report.checked_nothing() {
        lines.push(format!("::error title=nothing-checked::{}", data(&summary(report))));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn command(finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = vec![format!("file={}", property(&shown(&finding.path)))];
    if let Some(region) = &finding.region {
        properties.push(format!("line={},endLine={}", region.start.line, region.end.line));
        // Columns make sense to GitHub within one line only.
        if region.start.line == region.end.line {
            properties.push(format!("col={},endColumn={}", region.start.column, region.end.column));
        }
    }
    properties.push(format!("title={}", property(&finding.rule)));
    let text = format!("{}\n{}", shown(&finding.message), shown(&finding.help));
    format!("::{level} {}::{}", properties.join(","), data(&text))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
