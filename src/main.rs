//! Parses, runs, prints, and ends with the status that says how it went.

use std::process::ExitCode;

use clap::Parser;
use integrate::cli::{Cli, Format};
use integrate::problem::Problem;
use integrate::{commands, report};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.format == Format::Json;
    match commands::run(&cli) {
        Ok(output) => report::print(&output, json),
        Err(fault) => {
            let is_theirs = fault.chain().any(|cause| cause.is::<Problem>());
            report::print_fault(&fault, json);
            ExitCode::from(if is_theirs { 2 } else { 3 })
        }
    }
}
