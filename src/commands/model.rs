//! `model`: what a source says, in the neutral model's own text form.

use anyhow::{Context, Result};

use super::refuse;
use crate::cli::{Cli, Model};
use crate::report::Output;
use crate::source::input::Input;
use crate::source::{self, Filter};

pub fn run(cli: &Cli, flags: &Model) -> Result<Output> {
    let input = Input::open(&flags.source, &cli.project)?;
    let filter = Filter { include: flags.include.clone(), exclude: flags.exclude.clone() };
    let service = source::read(&input, &filter)?;
    refuse::empty(&filter, Some(&input), &service)?;
    let text = serde_yaml::to_string(&service).context("cannot write the model as YAML")?;
    Ok(Output { text, json: serde_json::to_value(&service)?, status: 0 })
}
