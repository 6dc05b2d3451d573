//! `remove`: takes an integration out again.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::json;

use super::kept;
use super::workspace::Workspace;
use crate::cli::{Cli, Remove};
use crate::deploy;
use crate::lock::Lock;
use crate::problem;
use crate::report::{Output, plan as plan_report};

pub fn run(cli: &Cli, flags: &Remove) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    let target = workspace.target()?;
    deploy::refuse_unfinished(&target)?;
    let lock = Lock::load(&target.root)?;
    refuse_unknown(&workspace, &lock, &flags.name)?;
    let edits = kept::removal(&workspace, &lock, &flags.name)?;
    let options = deploy::Options { edits, allow_dirty: flags.writing.allow_dirty, ..deploy::Options::default() };
    let mut plan = deploy::plan_removal(&flags.name, &target, &lock, &options)?;
    plan.build = json!({ "command": "remove", "entries": [flags.name] });
    let stopped = plan.conflicts().next().is_some();
    let mut text = plan_report::summary(&plan, flags.writing.dry_run);
    let mut run = None;
    if stopped {
        text += "files of yours are in the way, so nothing was removed\n";
    } else if flags.writing.dry_run {
        text += "nothing was removed: this was a dry run\n";
    } else {
        let receipt = deploy::apply(&plan, &target)?;
        text += &format!(
            "`{}` is removed as run {}; `{} rollback {}` brings it back\n",
            flags.name,
            receipt.id,
            cli.called(),
            receipt.id
        );
        run = Some(receipt.id);
    }
    let json = json!({ "removed": flags.name, "run": run, "plan": plan });
    Ok(Output { text, json, status: u8::from(stopped) })
}

/// Refuses a name that neither `integrate.yaml` nor the lock has.
fn refuse_unknown(workspace: &Workspace, lock: &Lock, name: &str) -> Result<()> {
    let known: BTreeSet<&String> = workspace.project.integrations.keys().chain(lock.entries.keys()).collect();
    if known.iter().any(|known| *known == name) {
        return Ok(());
    }
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let help = match known.is_empty() {
        true => "there is nothing to remove: `integrate create NAME` makes an integration".to_owned(),
        false => format!("name one of {}", known.join(", ")),
    };
    problem!(help: help; "there is no integration `{}` here", name.escape_debug())
}
