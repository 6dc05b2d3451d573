//! A plan as people read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{BAD, BOLD, DIM, GOOD, WARN, shown, styled};
use crate::deploy::{Action, Change, EDITED, FOREIGN, Plan};
use crate::lock::{LOCK, PRISTINE};

/// How many files are listed by name.
const LISTED: usize = 40;

/// Counts and, where they matter, names: new files by folder, everything else one by one.
pub fn summary(plan: &Plan, with_diffs: bool) -> String {
    let count = |action| plan.changes.iter().filter(|change| change.action == action).count();
    let mut out = format!(
        "  {}     {} to create, {} to update, {} to delete, {} unchanged{}\n",
        styled(BOLD, "files"),
        count(Action::Create),
        count(Action::Update),
        count(Action::Delete),
        count(Action::Keep),
        match count(Action::Conflict) {
            0 => String::new(),
            n => styled(BAD, format!(", {n} in conflict")),
        }
    );
    for action in [Action::Create, Action::Delete] {
        for (place, files) in grouped(plan, action) {
            let count = if files > 1 { styled(DIM, format!(" ({files} files)")) } else { String::new() };
            let _ = writeln!(out, "             {} {}{count}", verb(action), shown(place));
        }
    }
    let others: Vec<&Change> = plan.changes.iter().filter(|change| is_listed(change)).collect();
    for change in others.iter().take(LISTED) {
        let _ = writeln!(
            out,
            "             {} {}: {}",
            verb(change.action),
            shown(change.path.as_str()),
            shown(&change.reason)
        );
    }
    if others.len() > LISTED {
        let _ = writeln!(out, "             and {} more: `--format json` lists all", others.len() - LISTED);
    }
    for note in &plan.notes {
        let _ = writeln!(out, "             {} {}", styled(WARN, "note"), shown(note));
    }
    for way in ways_out(plan) {
        let _ = writeln!(out, "             {} {way}", styled(WARN, "way out"));
    }
    if with_diffs {
        // What goes as it was generated, and our own two files, are nothing to be read line by line.
        let differs = |change: &&Change| {
            matches!(change.action, Action::Update | Action::Conflict)
                && ![LOCK, PRISTINE].contains(&change.path.as_str())
        };
        out += &diffs(&plan.changes.iter().filter(differs).collect::<Vec<_>>());
    }
    out
}

/// What ends the conflicts, a line a kind.
fn ways_out(plan: &Plan) -> Vec<String> {
    let of = |reason: &str| {
        let paths: Vec<String> = plan
            .conflicts()
            .filter(|change| change.reason == reason)
            .map(|change| format!("`{}`", shown(change.path.as_str())))
            .collect();
        (!paths.is_empty()).then(|| paths.join(", "))
    };
    let mut ways = Vec::new();
    if let Some(paths) = of(EDITED) {
        ways.push(format!(
            "for an edit (`--dry-run` shows it): keep it in a file of your own, delete {paths} and run this again with `--restore`, which brings back whatever was deleted, as generated"
        ));
    }
    if let Some(paths) = of(FOREIGN) {
        ways.push(format!("for a file of your own: move {paths} to another place and run this again"));
    }
    if plan.conflicts().any(|change| change.reason.contains("uncommitted") || change.reason.contains("half-staged")) {
        ways.push("for uncommitted work: commit or stash it, or pass `--allow-dirty` to write over it".to_owned());
    }
    ways
}

fn verb(action: Action) -> String {
    match action {
        Action::Create => styled(GOOD, "create"),
        Action::Update => styled(WARN, "update"),
        Action::Delete => styled(WARN, "delete"),
        Action::Conflict => styled(BAD, "conflict"),
        Action::Keep => "keep".to_owned(),
    }
}

/// Whether a change is told by name: whatever is not one of many of its kind, and what stays for a reason of its own.
fn is_listed(change: &Change) -> bool {
    match change.action {
        Action::Create | Action::Delete => false,
        Action::Update | Action::Conflict => true,
        Action::Keep => !change.reason.starts_with("unchanged"),
    }
}

/// Folder → how many files are created or deleted there; a file that is alone stands for itself.
fn grouped(plan: &Plan, action: Action) -> BTreeMap<&str, usize> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| change.action == action) {
        let path = change.path.as_str();
        let depth = path.match_indices('/').map(|(at, _)| at).nth(1).or_else(|| path.find('/'));
        folders.entry(depth.map_or(path, |at| &path[..=at])).or_default().push(path);
    }
    folders
        .into_iter()
        .map(|(folder, files)| if let [alone] = files[..] { (alone, 1) } else { (folder, files.len()) })
        .collect()
}

fn diffs(changes: &[&Change]) -> String {
    let mut out = String::new();
    for line in changes.iter().flat_map(|change| change.diff().lines().map(str::to_owned).collect::<Vec<_>>()) {
        let line = shown(&line);
        let styled_line = match line.as_bytes().first() {
            Some(b'+') => styled(GOOD, &line),
            Some(b'-') => styled(BAD, &line),
            _ => line,
        };
        let _ = writeln!(out, "{styled_line}");
    }
    out
}
