//! One verb a file: what was typed → the stages in their order → `Output`.

mod address;
mod ask;
mod build;
mod choose;
mod coverage;
mod create;
mod deploy;
mod doctor;
mod history;
mod kept;
mod manual;
mod model;
mod names;
mod options;
mod patterns;
mod refuse;
mod remove;
mod requirement;
mod said;
mod select;
mod tools;
mod trial;
mod undo;
mod validate;
mod workspace;

use anyhow::Result;

use crate::cli::{Cli, Command, Format};
use crate::problem;
use crate::report::Output;

/// Runs the command that was typed.
pub fn run(cli: &Cli) -> Result<Output> {
    if matches!(cli.format, Format::Sarif | Format::Github) && !matches!(cli.command, Command::Validate(_)) {
        problem!(help: "use `--format text` or `--format json`"; "only `validate` prints findings as SARIF or annotations");
    }
    if !cli.project.is_dir() {
        problem!(help: "name the folder of a project with `-C`"; "`{}`: there is no such folder", cli.project.display());
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
        Command::Completions { shell } => manual::completions(*shell),
        Command::Man => manual::page(),
    }
}
