//! A plan's changes and the project's git checkout → conflicts where the user has work that is not committed.
//!
//! Only plumbing that reads: no hook, filter, file system monitor, pager or remote helper of the repository runs.

use super::plan::{Action, Change};
use super::{Target, receipt};
use crate::lock::{LOCK, Lock, PRISTINE, hash};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// How many paths go into one command line.
const PATHS_AT_ONCE: usize = 200;

/// What git knows of one file, as blob names.
#[derive(Debug, Default, Clone)]
struct Known {
    staged: Option<String>,
    committed: Option<String>,
    unmerged: bool,
}

/// Turns each update and deletion of a file with uncommitted work into a conflict; returns what could not be looked at.
///
/// Bytes that we left ourselves are no work of the user's, committed or not; nor is a file git does not know.
pub fn hold_back(target: &Target, lock: &Lock, changes: &mut [Change]) -> Result<Vec<String>> {
    let touched = |change: &Change| {
        matches!(change.action, Action::Update | Action::Delete) && ![LOCK, PRISTINE].contains(&change.path.as_str())
    };
    let paths: Vec<String> =
        changes.iter().filter(|change| touched(change)).map(|change| change.path.to_string()).collect();
    if paths.is_empty() || !target.root.ancestors().any(|folder| folder.join(".git").exists()) {
        return Ok(Vec::new());
    }
    let Some(known) = known(&target.root, &paths) else {
        return Ok(vec![
            "uncommitted changes were not looked for: git is missing or cannot read this repository".to_owned(),
        ]);
    };
    let blobs =
        blobs(&target.root, known.values().flat_map(|known| known.staged.iter().chain(&known.committed)).collect());
    let ours = written(&target.root)?;
    for change in changes.iter_mut().filter(|change| touched(change)) {
        let Some(known) = known.get(change.path.as_str()) else { continue };
        if let Some(reason) = uncommitted(change, known, &blobs, lock, &ours) {
            (change.action, change.reason) = (Action::Conflict, reason.to_owned());
        }
    }
    Ok(Vec::new())
}

/// Returns why the file may not be written, if it has work in it that a commit has not.
fn uncommitted(
    change: &Change,
    known: &Known,
    blobs: &BTreeMap<String, Vec<u8>>,
    lock: &Lock,
    ours: &BTreeSet<(String, String)>,
) -> Option<&'static str> {
    let now = change.old.as_ref().map(|content| content.bytes.as_slice()).unwrap_or_default();
    let is_now = |id: &Option<String>| id.as_ref().and_then(|id| blobs.get(id)).is_some_and(|bytes| same(bytes, now));
    if known.unmerged {
        return Some("in the middle of a merge");
    }
    let staged = known.staged.as_ref().and_then(|id| blobs.get(id));
    let staged_by_us = staged.is_some_and(|bytes| ours.contains(&(change.path.to_string(), hash(bytes))));
    if known.staged.is_some() && known.staged != known.committed && !is_now(&known.staged) && !staged_by_us {
        return Some("half-staged: commit or stash its changes first");
    }
    if left_by_us(change, lock) || known.committed.is_none() {
        return None;
    }
    let clean = known.staged == known.committed && is_now(&known.committed);
    (!clean).then_some("has uncommitted changes: commit or stash them first")
}

fn left_by_us(change: &Change, lock: &Lock) -> bool {
    let path = change.path.as_str();
    let left = lock.files.get(path).map(|file| &file.hash).or_else(|| lock.documents.get(path).map(|file| &file.hash));
    let now = change.old.as_ref().map(|content| content.bytes.as_slice()).unwrap_or_default();
    left.is_some_and(|left| crate::lock::same_but_line_ends(now, left))
}

/// Says whether the bytes are equal but for the carriage returns that git adds on checkout.
fn same(one: &[u8], other: &[u8]) -> bool {
    let plain = |bytes: &[u8]| bytes.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<_>>();
    one == other || plain(one) == plain(other)
}

/// Returns every path and hash that a receipt says we wrote.
fn written(root: &Path) -> Result<BTreeSet<(String, String)>> {
    let files = receipt::all(root)?.into_iter().flat_map(|receipt| receipt.files);
    Ok(files.filter_map(|file| Some((file.path, file.new?.hash))).collect())
}

/// Returns what git knows of the paths; none when it cannot say.
fn known(root: &Path, paths: &[String]) -> Option<BTreeMap<String, Known>> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for some in paths.chunks(PATHS_AT_ONCE) {
        for (facts, path) in rows(&git(root, &["ls-files", "--stage", "-z", "--"], some, &[])?) {
            let entry = known.entry(path).or_default();
            entry.unmerged |= facts.get(2).is_some_and(|stage| stage != "0");
            entry.staged = facts.get(1).cloned();
        }
        // A repository without a commit has no HEAD to list.
        let committed = git(root, &["ls-tree", "-z", "HEAD", "--"], some, &[]).unwrap_or_default();
        for (facts, path) in rows(&committed) {
            known.entry(path).or_default().committed = facts.get(2).cloned();
        }
    }
    Some(known)
}

/// Splits `FACT FACT FACT\tPATH\0…`.
fn rows(output: &[u8]) -> Vec<(Vec<String>, String)> {
    let text = String::from_utf8_lossy(output);
    let rows = text.split('\0').filter_map(|row| row.split_once('\t'));
    rows.map(|(facts, path)| (facts.split(' ').map(str::to_owned).collect(), path.to_owned())).collect()
}

/// Returns the bytes of the blobs by name.
fn blobs(root: &Path, ids: BTreeSet<&String>) -> BTreeMap<String, Vec<u8>> {
    let input: String = ids.iter().map(|id| format!("{id}\n")).collect();
    let output = git(root, &["cat-file", "--batch"], &[], input.as_bytes()).unwrap_or_default();
    let mut rest = output.as_slice();
    let mut blobs = BTreeMap::new();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let header = String::from_utf8_lossy(&rest[..end]).into_owned();
        let mut words = header.split(' ');
        let (Some(id), Some("blob"), Some(Ok(length))) =
            (words.next(), words.next(), words.next().map(str::parse::<usize>))
        else {
            break;
        };
        let Some(bytes) = rest.get(end + 1..end + 1 + length) else { break };
        blobs.insert(id.to_owned(), bytes.to_vec());
        rest = rest.get(end + 2 + length..).unwrap_or_default();
    }
    blobs
}

/// Runs git with everything off that the repository could have run; none when it fails or is missing.
fn git(root: &Path, arguments: &[&str], paths: &[String], input: &[u8]) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    command.args(["--no-pager", "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs"]);
    for setting in
        ["core.fsmonitor=false", "core.hooksPath=/dev/null", "safe.bareRepository=explicit", "protocol.allow=never"]
    {
        command.args(["-c", setting]);
    }
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .args(paths);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut stdin = child.stdin.take()?;
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output()
    });
    output.ok().filter(|output| output.status.success()).map(|output| output.stdout)
}
