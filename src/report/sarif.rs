//! A validation report → SARIF 2.1.0, as code scanning takes it.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use crate::validate::{About, Finding, Region, Report, Severity};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Paths are relative to the folder that was checked, which only the reader knows.
const BASE: &str = "%SRCROOT%";

/// Writes the report as one run; `rules` are all there are, `version` is ours.
pub fn document(report: &Report, rules: &[About], version: &str) -> Value {
    let mut seen = HashMap::new();
    let mut result = |finding: &Finding, reason: Option<&str>| result(finding, reason, rules, &mut seen);
    let found: Vec<Value> = report.findings.iter().map(|finding| result(finding, None)).collect();
    let allowed = report.allowed.iter().map(|allowed| result(&allowed.finding, Some(&allowed.reason)));
    let results: Vec<Value> = found.into_iter().chain(allowed).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "integrate",
                "version": version,
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            }},
            "originalUriBaseIds": { BASE: { "description": { "text": "the folder that was checked" } } },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(report)],
            "results": results,
        }],
    })
}

fn rule(about: &About) -> Value {
    let subject = if about.pattern.is_empty() { "every-file" } else { &about.pattern };
    let markdown = format!("{}\n\n**What to do:** {}", about.note, about.help);
    json!({
        "id": about.id,
        "shortDescription": { "text": about.id.replace('-', " ") },
        "fullDescription": { "text": about.note },
        "help": { "text": format!("{}\n\n{}", about.note, about.help), "markdown": markdown },
        "defaultConfiguration": { "level": level(about.severity) },
        "properties": { "tags": [subject] },
    })
}

/// What was skipped is told, so that its absence is not taken for cleanness.
fn invocation(report: &Report) -> Value {
    let told = |path: &str, text: &str| json!({ "level": "note", "message": { "text": text }, "locations": [{ "physicalLocation": { "artifactLocation": artifact(path) } }] });
    let mut notices: Vec<Value> =
        report.skipped.iter().map(|file| told(&file.path, &format!("skipped: {}", file.reason))).collect();
    if report.checked_nothing() {
        notices.push(json!({ "level": "error", "message": { "text": super::findings::summary(report) } }));
    }
    json!({ "executionSuccessful": !report.checked_nothing(), "toolExecutionNotifications": notices })
}

fn result(finding: &Finding, reason: Option<&str>, rules: &[About], seen: &mut HashMap<String, usize>) -> Value {
    let text = format!("{}\n{}", finding.message, finding.help);
    let mut place = json!({ "artifactLocation": artifact(&finding.path) });
    if let Some(found) = &finding.region {
        place["region"] = region(found);
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": place }],
        "partialFingerprints": { "integrateFinding/v1": fingerprint(finding, seen) },
    });
    if let Some(index) = rules.iter().position(|rule| rule.id == finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    if let Some(reason) = reason {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

fn region(region: &Region) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
        "snippet": { "text": region.snippet },
    })
}

/// A path as a URI: below the folder that was checked, or whole.
fn artifact(path: &str) -> Value {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encode = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let uri = |path: &str| path.bytes().map(encode).collect::<String>();
    if let Some(rest) = path.strip_prefix('/') {
        return json!({ "uri": format!("file:///{}", uri(rest)) });
    }
    if let Some((drive, rest)) = path.split_once(":/").filter(|(drive, _)| drive.len() == 1) {
        return json!({ "uri": format!("file:///{drive}:/{}", uri(rest)) });
    }
    json!({ "uri": uri(path), "uriBaseId": BASE })
}

/// The same from run to run while the rule, the file and the text stay, wherever the lines move to.
fn fingerprint(finding: &Finding, seen: &mut HashMap<String, usize>) -> String {
    let snippet = finding.region.as_ref().map_or("", |region| &region.snippet);
    let text: String = snippet.split_whitespace().collect();
    let about = [&finding.rule, &finding.path, &finding.message, &text].map(String::as_str).join("\0");
    let nth = seen.entry(about.clone()).and_modify(|nth| *nth += 1).or_insert(1);
    let digest = Sha256::digest(format!("{about}\0{nth}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
