//! Parses, runs, prints, and ends with the status that says how it went.

use std::process::ExitCode;

use clap::Parser;
use integrate::cli::{Cli, Format};
use integrate::problem::Problem;
use integrate::{commands, report};

/// Whether what was typed asks for JSON, although it cannot be parsed.
fn wants_json() -> bool {
    let typed: Vec<String> = std::env::args().collect();
    typed.iter().any(|word| word == "--format=json") || typed.windows(2).any(|pair| pair == ["--format", "json"])
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli.from_project(),
        Err(fault) => {
            return report::print_usage(&fault, wants_json());
        }
    };
    let json = cli.format == Format::Json;
    match commands::run(&cli) {
        Ok(output) => report::print(&output, json),
        Err(fault) => {
            let is_theirs = fault.chain().any(<dyn std::error::Error>::is::<Problem>);
            report::print_fault(&fault, json);
            ExitCode::from(if is_theirs { 2 } else { 3 })
        }
    }
}
