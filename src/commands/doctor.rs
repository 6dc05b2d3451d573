//! `doctor`: what this machine lacks to run what was generated.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::json;

use super::tools::look;
use super::workspace::Workspace;
use crate::cli::{Cli, Doctor};
use crate::render::language::Language;
use crate::report::{BAD, GOOD, Output, WARN, shown, styled};

pub fn run(cli: &Cli, flags: &Doctor) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    let mut findings = Vec::new();
    for language in languages(&workspace, flags)? {
        let language = workspace.language(&language)?;
        findings.extend(language.tools.iter().map(|tool| look(&language, tool, &workspace.folder)));
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
