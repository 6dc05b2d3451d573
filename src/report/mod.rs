//! What a command found out → what is printed. The only printer.

pub mod annotations;
pub mod findings;
pub mod plan;
pub mod progress;
pub mod rules_page;
pub mod run;
pub mod sarif;

use std::process::ExitCode;

use anstream::{eprintln, print, println};
use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::problem::Problem;
use crate::render::encode::is_treacherous;

/// The result of a command, for people and for programs.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// With styles; they are stripped where nobody sees them.
    pub text: String,
    pub json: Value,
    /// The status the program ends with.
    pub status: u8,
}

impl Output {
    /// Text that is a document of its own, whatever the format.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { json: Value::String(text.clone()), text, status: 0 }
    }
}

pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const GOOD: Style = AnsiColor::Green.on_default();
pub const WARN: Style = AnsiColor::Yellow.on_default();
pub const BAD: Style = AnsiColor::Red.on_default().bold();

/// `text` in a style.
pub fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Text from outside, safe for a terminal: controls and invisible characters are written out.
pub fn shown(text: &str) -> String {
    text.chars()
        .map(|c| if is_treacherous(c) || c == '\n' { c.escape_unicode().to_string() } else { c.to_string() })
        .collect()
}

/// Prints a result and returns the status to end with.
pub fn print(output: &Output, json: bool) -> ExitCode {
    match (&output.json, json) {
        (Value::String(text), true) => print!("{text}"),
        (value, true) => println!("{value:#}"),
        _ => print!("{}", output.text),
    }
    ExitCode::from(output.status)
}

/// Prints what clap says of a command that it cannot read, or of one that asks for help.
pub fn print_usage(fault: &clap::Error, json: bool) {
    if json && fault.use_stderr() {
        let text = fault.render().to_string();
        let what = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let help = "add `--help` to see what can be typed";
        println!("{:#}", json!({ "error": { "what": shown(what), "help": help } }));
    }
    // Where nobody reads, there is nothing left to do.
    let _ = fault.print();
}

/// Prints what went wrong: `error:` with the place, `help:` with a way out.
pub fn print_fault(fault: &anyhow::Error, json: bool) {
    let problem = fault.chain().find_map(|cause| cause.downcast_ref::<Problem>());
    // A problem is said in its own words; what we were doing matters only where the fault is ours.
    let what = problem.map_or_else(|| format!("{fault:#}"), |problem| problem.what.clone());
    let help = problem.map_or("this is a fault of ours: report it with the command you ran", |problem| &problem.help);
    let what: String = what.lines().map(shown).collect::<Vec<_>>().join("\n");
    if json {
        println!("{:#}", json!({ "error": { "what": what, "help": help } }));
    }
    eprintln!("{} {what}", styled(BAD, "error:"));
    eprintln!("{} {help}", styled(GOOD, "help:"));
}
