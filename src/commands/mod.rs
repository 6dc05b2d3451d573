//! One verb a file: what was typed → the stages in their order → `Output`.

mod ask;
mod build;
mod coverage;
mod create;
mod deploy;
mod doctor;
mod history;
mod model;
mod options;
mod patterns;
mod remove;
mod requirement;
mod select;
mod undo;
mod validate;
mod workspace;

use anyhow::Result;
use clap::CommandFactory;

use crate::cli::{Cli, Command, Format};
use crate::problem;
use crate::report::Output;

/// Runs the command that was typed.
pub fn run(cli: &Cli) -> Result<Output> {
    if matches!(cli.format, Format::Sarif | Format::Github) && !matches!(cli.command, Command::Validate(_)) {
        problem!(help: "use `--format text` or `--format json`"; "only `validate` prints findings as SARIF or annotations");
    }
    match &cli.command {
        Command::Create(flags) => create::run(cli, flags),
        Command::Validate(flags) => validate::run(cli, flags),
        Command::Deploy(flags) => deploy::run(cli, flags),
        Command::Rollback(flags) => undo::rollback(cli, flags),
        Command::Recover => undo::recover(cli),
        Command::Remove(flags) => remove::run(cli, flags),
        Command::Select(flags) => select::run(cli, flags),
        Command::Patterns(flags) => patterns::run(cli, flags),
        Command::Model(flags) => model::run(cli, flags),
        Command::History => history::run(cli),
        Command::Doctor(flags) => doctor::run(cli, flags),
        Command::Completions { shell } => completions(*shell),
        Command::Man => manual(),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<Output> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "integrate", &mut bytes);
    Ok(Output::plain(String::from_utf8(bytes)?))
}

fn manual() -> Result<Output> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut bytes)?;
    Ok(Output::plain(String::from_utf8(bytes)?))
}
