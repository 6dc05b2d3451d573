//! `doctor`: what this machine lacks to run what was generated.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::Result;
use serde::Serialize;
use serde_json::json;

use super::workspace::Workspace;
use crate::cli::{Cli, Doctor};
use crate::render::language::{Language, Tool};
use crate::report::{BAD, GOOD, Output, WARN, shown, styled};

/// What was found of one tool.
#[derive(Debug, Serialize)]
struct Finding {
    language: String,
    tool: String,
    /// None where it cannot be run.
    version: Option<String>,
    wanted: Option<String>,
    /// Whether it was looked for: the commands of packs are not run.
    looked_for: bool,
    enough: bool,
    help: String,
}

pub fn run(cli: &Cli, flags: &Doctor) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    let mut findings = Vec::new();
    for language in languages(&workspace, flags)? {
        let language = workspace.language(&language)?;
        findings.extend(language.tools.iter().map(|tool| look(&language, tool)));
    }
    let lacks = findings.iter().filter(|finding| finding.looked_for && !finding.enough).count();
    let mut text = String::new();
    for finding in &findings {
        if !finding.looked_for {
            let _ = writeln!(
                text,
                "{} {} ({}): not looked for, because commands of packs are not run",
                styled(WARN, "unknown"),
                shown(&finding.tool),
                shown(&finding.language)
            );
            continue;
        }
        let mark = if finding.enough { styled(GOOD, "ok     ") } else { styled(BAD, "lacking") };
        let version = finding.version.as_deref().map_or("not found".to_owned(), shown);
        let wanted = finding.wanted.as_ref().map_or(String::new(), |wanted| format!(", wanted {wanted} or newer"));
        let _ = writeln!(text, "{mark} {} ({}): {version}{wanted}", finding.tool, finding.language);
        if !finding.enough {
            let _ = writeln!(text, "        {}", finding.help);
        }
    }
    let _ = writeln!(
        text,
        "{}",
        match lacks {
            0 => "everything is there".to_owned(),
            1 => "one thing is lacking".to_owned(),
            _ => format!("{lacks} things are lacking"),
        }
    );
    Ok(Output { text, json: json!({ "tools": findings, "lacking": lacks }), status: u8::from(lacks > 0) })
}

/// The language named, those of the project, or all.
fn languages(workspace: &Workspace, flags: &Doctor) -> Result<Vec<String>> {
    if let Some(name) = &flags.language {
        return Ok(vec![name.clone()]);
    }
    let mut used: Vec<String> =
        workspace.project.integrations.values().filter_map(|entry| entry.language.clone()).collect();
    used.extend(workspace.project.language.clone());
    used.sort();
    used.dedup();
    if used.is_empty() {
        used = Language::names(&workspace.assets).into_iter().map(str::to_owned).collect();
    }
    Ok(used)
}

fn look(language: &Language, tool: &Tool) -> Finding {
    let looked_for = !language.is_theirs;
    let version = if looked_for { version(&tool.command) } else { None };
    let enough = match (&version, &tool.minimum) {
        (Some(found), Some(minimum)) => numbers(found) >= numbers(minimum),
        (found, None) => found.is_some(),
        (None, Some(_)) => false,
    };
    Finding {
        language: language.title.clone(),
        tool: tool.name.clone(),
        version,
        wanted: tool.minimum.clone(),
        looked_for,
        enough,
        help: tool.help.clone(),
    }
}

/// The first number with dots in what the command prints.
fn version(command: &[String]) -> Option<String> {
    let (program, arguments) = command.split_first()?;
    let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let mut words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words
        .find(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()))
        .map(|word| word.trim_end_matches('.').to_owned())
}

fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}
