//! What a command found out → what is printed. The only printer.

pub mod annotations;
pub mod findings;
pub mod plan;
pub mod progress;
pub mod rules_page;
pub mod run;
pub mod sarif;

use std::io::{self, Write};
use std::process::ExitCode;

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

/// Text from outside as one word of a shell.
pub fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    let shown = shown(text);
    if shown.chars().all(is_plain) { shown } else { format!("'{}'", shown.replace('\'', r"'\''")) }
}

/// Prints a result and returns the status to end with.
pub fn print(output: &Output, json: bool) -> ExitCode {
    let text = match (&output.json, json) {
        (Value::String(text), true) => text.clone(),
        (value, true) => format!("{value:#}\n"),
        _ => output.text.clone(),
    };
    match written(&text) {
        Ok(()) => ExitCode::from(output.status),
        Err(fault) => {
            print_fault(
                &Problem::new(format!("standard output: {fault}"), "free some space, or send it elsewhere").into(),
                false,
            );
            ExitCode::from(2)
        }
    }
}

/// Writes to standard output. Where nobody reads any more, there is nothing left to do.
fn written(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Prints what clap says of a command that it cannot read, or of one that asks for help; returns the status.
pub fn print_usage(fault: &clap::Error, json: bool) -> ExitCode {
    if json && fault.use_stderr() {
        let text = fault.render().to_string();
        let what = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        print_error(what, "add `--help` to see what can be typed");
    }
    match fault.print() {
        Err(fault) if fault.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
        _ => ExitCode::from(u8::try_from(fault.exit_code()).unwrap_or(2)),
    }
}

/// Prints what went wrong: `error:` with the place, `help:` with a way out.
pub fn print_fault(fault: &anyhow::Error, json: bool) {
    let problem = fault.chain().find_map(|cause| cause.downcast_ref::<Problem>());
    // A problem is said in its own words; what we were doing matters only where the fault is ours.
    let what = problem.map_or_else(|| format!("{fault:#}"), |problem| problem.what.clone());
    let help = problem.map_or("this is a fault of ours: report it with the command you ran", |problem| &problem.help);
    let what: String = what.lines().map(shown).collect::<Vec<_>>().join("\n");
    if json {
        print_error(&what, help);
    }
    let text = format!("{} {what}\n{} {help}\n", styled(BAD, "error:"), styled(GOOD, "help:"));
    // The status says it too.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

fn print_error(what: &str, help: &str) {
    let document = json!({ "error": { "what": what.lines().map(shown).collect::<Vec<_>>().join("\n"), "help": help } });
    // The status says it too.
    let _ = written(&format!("{document:#}\n"));
}
