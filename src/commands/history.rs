//! `history`: the builds of a project, and their averages.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::deploy::{self, Receipt, Target};
use crate::report::{BOLD, DIM, Output, styled};

/// One build as its receipt remembers it.
#[derive(Debug, Serialize)]
struct Build {
    run: String,
    at: String,
    command: String,
    entries: String,
    /// Of all stages but writing, in milliseconds.
    ms: u64,
    files: u64,
    lines: u64,
    /// Lines from templates that all entries share, in percent of all lines.
    shared_percent: Option<f64>,
    findings: u64,
    /// Files without a finding, in percent of all files.
    quality_percent: Option<f64>,
    taken_back: bool,
}

pub fn run(cli: &Cli) -> Result<Output> {
    let target = Target::open(&cli.project, &[])?;
    deploy::refuse_unfinished(&target)?;
    let receipts = deploy::receipts(&target)?;
    let taken_back = deploy::taken_back(&receipts);
    let builds: Vec<Build> = receipts.iter().map(|receipt| build(receipt, &taken_back)).collect();
    let averages = averages(&builds);
    let mut text = String::new();
    if builds.is_empty() {
        text += "no build yet: `integrate create NAME --source …` makes the first\n";
    } else {
        let _ = writeln!(text, "{}", table(&builds).trim_fmt());
        if averages["builds"] != 0 {
            let _ = writeln!(text, "{} {}", styled(BOLD, "on average"), sentence(&averages));
        }
    }
    Ok(Output { text, json: json!({ "builds": builds, "averages": averages }), status: 0 })
}

fn build(receipt: &Receipt, taken_back: &BTreeSet<String>) -> Build {
    let number = |key: &str| receipt.build.get(key).and_then(Value::as_u64).unwrap_or_default();
    let entries =
        receipt.build.get("entries").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let (lines, files) = (number("lines"), number("files"));
    // A file may have many findings; older receipts count only these.
    let flawed = receipt.build.get("flawed_files").and_then(Value::as_u64).unwrap_or_else(|| number("findings"));
    Build {
        run: receipt.id.clone(),
        at: receipt.at.clone(),
        command: receipt.build.get("command").and_then(Value::as_str).unwrap_or("rollback").to_owned(),
        entries: entries.collect::<Vec<_>>().join(", "),
        ms: number("ms"),
        files,
        lines,
        shared_percent: percent(number("shared_lines"), lines),
        findings: number("findings"),
        quality_percent: percent(files.saturating_sub(flawed), files),
        taken_back: taken_back.contains(&receipt.id),
    }
}

/// `part` of `whole`, to one decimal; None of nothing, such as of a run that rendered nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of files and lines are far below 2^52")]
fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 1000.0).round() / 10.0)
}

/// Means over the builds that rendered anything.
#[expect(clippy::cast_precision_loss, reason = "counts of files and lines are far below 2^52")]
fn averages(builds: &[Build]) -> Value {
    let counted: Vec<&Build> = builds.iter().filter(|build| build.files > 0 && build.command == "create").collect();
    let mean = |of: fn(&Build) -> f64| {
        let sum: f64 = counted.iter().map(|build| of(build)).sum();
        if counted.is_empty() { 0.0 } else { (sum / counted.len() as f64 * 10.0).round() / 10.0 }
    };
    json!({
        "builds": counted.len(),
        "ms": mean(|build| build.ms as f64),
        "files": mean(|build| build.files as f64),
        "lines": mean(|build| build.lines as f64),
        "shared_percent": mean(|build| build.shared_percent.unwrap_or_default()),
        "findings": mean(|build| build.findings as f64),
        "quality_percent": mean(|build| build.quality_percent.unwrap_or_default()),
    })
}

fn sentence(averages: &Value) -> String {
    let of = |key: &str| averages[key].to_string();
    format!(
        "{} ms, {} files, {} lines, {} % of them shared, {} findings, quality {} %",
        of("ms"),
        of("files"),
        of("lines"),
        of("shared_percent"),
        of("findings"),
        of("quality_percent")
    )
}

fn table(builds: &[Build]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header([
        "run",
        "when",
        "command",
        "integrations",
        "ms",
        "files",
        "lines",
        "shared",
        "findings",
        "quality",
        "",
    ]);
    for build in builds {
        // What moves files or takes them away has nothing to count.
        let counted = |count: u64| if build.files > 0 { count.to_string() } else { String::new() };
        let share = |percent: Option<f64>| percent.map(|percent| format!("{percent} %")).unwrap_or_default();
        table.add_row([
            build.run.clone(),
            build.at.clone(),
            build.command.clone(),
            build.entries.clone(),
            counted(build.ms),
            counted(build.files),
            counted(build.lines),
            share(build.shared_percent),
            counted(build.findings),
            share(build.quality_percent),
            if build.taken_back { styled(DIM, "taken back") } else { String::new() },
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_is_the_share_of_files_without_a_finding() {
        let receipt = |build: Value| -> Receipt {
            let receipt = json!({ "version": 1, "id": "0001", "at": "", "generator": "", "files": [], "made": [], "emptied": [], "build": build });
            serde_json::from_value(receipt).unwrap()
        };
        let of = |build: Value| super::build(&receipt(build), &BTreeSet::new()).quality_percent;
        assert_eq!(of(json!({ "files": 10, "findings": 25, "flawed_files": 1 })), Some(90.0));
        assert_eq!(of(json!({ "files": 10, "findings": 2 })), Some(80.0), "as older receipts have it");
        assert_eq!(of(json!({ "command": "deploy" })), None, "a run that renders nothing has no quality");
    }
}
