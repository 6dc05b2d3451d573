//! `remove`: takes an integration out again.

use anyhow::Result;
use serde_json::json;

use super::workspace::Workspace;
use crate::cli::{Cli, Remove};
use crate::deploy::{self, Edit};
use crate::lock::Lock;
use crate::report::{Output, plan as plan_report};
use crate::requirements::{NAME, edit};

pub fn run(cli: &Cli, flags: &Remove) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    let target = workspace.target()?;
    let lock = Lock::load(&target.root)?;
    let edits = edits(&workspace, &flags.name)?;
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
            "`{}` is removed as run {}; `integrate rollback {}` brings it back\n",
            flags.name, receipt.id, receipt.id
        );
        run = Some(receipt.id);
    }
    let json = json!({ "removed": flags.name, "run": run, "plan": plan });
    Ok(Output { text, json, status: u8::from(stopped) })
}

/// `integrate.yaml` without the entry, where it has one.
fn edits(workspace: &Workspace, name: &str) -> Result<Vec<Edit>> {
    match &workspace.yaml {
        Some(old) if workspace.project.integrations.contains_key(name) => {
            let new = edit::without_entry(&String::from_utf8_lossy(old), name)?.into_bytes();
            Ok(vec![Edit {
                path: NAME.to_owned(),
                old: Some(old.clone()),
                new: Some(new),
                reason: "no longer lists it".to_owned(),
            }])
        }
        _ => Ok(Vec::new()),
    }
}
