//! `rollback` and `recover`: the ways back.

use anyhow::Result;
use serde_json::json;

use super::workspace::Workspace;
use crate::cli::{Cli, Rollback};
use crate::deploy;
use crate::report::{Output, shown};

/// Takes a run back, byte for byte.
pub fn rollback(cli: &Cli, flags: &Rollback) -> Result<Output> {
    // A project whose integrate.yaml no longer reads must still find its way back.
    let target = Workspace::open(cli)
        .map_or_else(|_| deploy::Target::open(&cli.project, &[]), |workspace| workspace.target())?;
    let receipt = deploy::rollback(&target, flags.run.as_deref())?;
    let taken = receipt.rolls_back.clone().unwrap_or_default();
    let text = format!(
        "run {taken} is taken back: {}; `{} rollback {}` brings it again\n",
        as_they_were(receipt.files.len()),
        cli.called(),
        receipt.id
    );
    Ok(Output { text, json: json!({ "rolled_back": taken, "run": receipt.id, "files": receipt.files }), status: 0 })
}

fn as_they_were(files: usize) -> String {
    if files == 1 { "1 file is as it was".to_owned() } else { format!("{files} files are as they were") }
}

/// Ends what an interrupted run began.
pub fn recover(cli: &Cli) -> Result<Output> {
    let target = deploy::Target::open(&cli.project, &[])?;
    let recovery = deploy::recover(&target)?;
    let text = match &recovery.id {
        None => "nothing was interrupted here\n".to_owned(),
        Some(id) => {
            let files: String = recovery.files.iter().map(|file| format!("  {}\n", shown(file))).collect();
            format!("run {id} was interrupted and is taken back; {}:\n{files}", as_they_were(recovery.files.len()))
        }
    };
    Ok(Output { text, json: serde_json::to_value(&recovery)?, status: 0 })
}
