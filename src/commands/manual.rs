//! `man` and `completions`: what there is to type, for a manual and for a shell.

use anyhow::Result;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use serde_json::json;

use crate::cli::Cli;
use crate::report::Output;

/// The manual page: the program, then every command.
pub fn page() -> Result<Output> {
    let mut root = Cli::command();
    root.build();
    let mut page = Vec::new();
    Man::new(root.clone()).render(&mut page)?;
    let mut text = String::from_utf8(page)?;
    for (path, command) in below(&root, "integrate") {
        text += &section(&path, command)?;
    }
    Ok(Output { json: json!({ "page": text }), text, status: 0 })
}

/// The commands in their order, each by all its words and with those below it.
fn below(command: &Command, path: &str) -> Vec<(String, Command)> {
    let mut found = Vec::new();
    for inner in command.get_subcommands() {
        let path = format!("{path} {}", inner.get_name());
        found.push((path.clone(), inner.clone().bin_name(&path)));
        found.extend(below(inner, &path));
    }
    found
}

/// One command as a section of its own, whose parts have headings of the second order.
fn section(path: &str, command: Command) -> Result<String> {
    let parts = Man::new(command);
    let mut bytes = Vec::new();
    parts.render_synopsis_section(&mut bytes)?;
    parts.render_description_section(&mut bytes)?;
    parts.render_options_section(&mut bytes)?;
    parts.render_extra_section(&mut bytes)?;
    let text = String::from_utf8(bytes)?.replace("\n.SH ", "\n.SS ");
    let text = text.strip_prefix(".SH ").map_or_else(|| text.clone(), |rest| format!(".SS {rest}"));
    Ok(format!(".SH \"{}\"\n{text}", path.to_uppercase()))
}

/// The completions for a shell.
pub fn completions(shell: Shell) -> Result<Output> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "integrate", &mut bytes);
    let text = String::from_utf8(bytes)?;
    Ok(Output { json: json!({ "shell": shell.to_string(), "script": text }), text, status: 0 })
}
