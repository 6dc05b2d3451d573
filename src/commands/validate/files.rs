//! What was named → the files to check, and all that was left out, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::super::workspace::Workspace;
use super::scope::{Named, Scope, with_slashes};
use crate::deploy::Target;
use crate::lock::Lock;
use crate::problem;
use crate::problem::Problem;
use crate::validate::Skipped;

/// The largest file that is read, in bytes; generated code and what people write are far below.
const MAX_FILE: u64 = 16 << 20;

/// What others wrote, or a tool made.
const OTHERS: [&str; 5] = ["node_modules", "__pycache__", ".venv", "venv", "site-packages"];

/// The folders of git and of our own journal: no code of anybody's.
const OWN: [&str; 2] = [".git", ".integrate"];

/// The files to check, by the path they are reported under, and what is left out.
#[derive(Default)]
pub struct Found {
    pub files: BTreeMap<String, Vec<u8>>,
    pub left_out: Vec<Skipped>,
}

/// The files named, those in the folders named, or all of the project's integrations.
pub fn find(workspace: &Workspace, target: &Target, lock: &Lock, scope: &Scope) -> Result<Found> {
    let mut walked = Walked::default();
    let packs = packs(workspace);
    let locked = lock.files.keys().filter(|path| scope.holds(path)).map(|path| target.root.join(path));
    walked.files.extend(locked.filter(|path| path.is_file()));
    if scope.named.is_empty() {
        let root = workspace.folder.join(&workspace.project.root);
        if root.is_dir() {
            walk(&root, &packs, &mut walked)?;
        }
        if walked.files.is_empty() && lock.files.is_empty() {
            problem!(help: "name files or folders: `integrate validate src`"; "`{}`: there are no integrations here", target.root.display());
        }
    }
    for named in &scope.named {
        if named.path.is_dir() {
            walk(&named.path, &packs, &mut walked)?;
        } else if named.path.is_file() {
            walked.files.push(named.path.clone());
        } else if !lock.files.keys().any(|path| named.holds(path)) {
            return Err(not_there(named).into());
        }
    }
    read(walked, target)
}

fn not_there(named: &Named) -> Problem {
    let given = named.given.display();
    if named.path.is_symlink() {
        return Problem::new(format!("`{given}`: the link leads nowhere"), "name what it should lead to");
    }
    Problem::new(format!("`{given}`: there is no such file or folder"), "name files or folders that are there")
}

/// The folders of pattern packs, which hold templates and examples that are wrong on purpose.
fn packs(workspace: &Workspace) -> Vec<PathBuf> {
    let own = workspace.folder.join(&workspace.project.root).join("patterns");
    let named = workspace.project.patterns.iter().map(|pack| workspace.folder.join(pack));
    std::iter::once(own).chain(named).filter_map(|pack| pack.canonicalize().ok()).collect()
}

#[derive(Default)]
struct Walked {
    files: Vec<PathBuf>,
    left_out: Vec<(PathBuf, &'static str)>,
}

/// The files of a folder; follows no link, so no loop of links holds it up.
fn walk(folder: &Path, packs: &[PathBuf], walked: &mut Walked) -> Result<()> {
    let own = packs.to_vec();
    let kept = move |entry: &ignore::DirEntry| entry.depth() == 0 || why_not(entry.path(), &own).is_none();
    let (mut folders, mut seen) = (Vec::new(), BTreeSet::new());
    for entry in ignore::WalkBuilder::new(folder).filter_entry(kept).sort_by_file_path(Path::cmp).build() {
        let entry =
            entry.map_err(|fault| Problem::new(format!("`{}`: {fault}", folder.display()), "name what can be read"))?;
        seen.insert(entry.path().to_path_buf());
        match entry.file_type() {
            Some(kind) if kind.is_file() => walked.files.push(entry.into_path()),
            _ if entry.path().is_dir() => folders.push(entry.into_path()),
            _ => {}
        }
    }
    for path in folders.iter().flat_map(std::fs::read_dir).flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !seen.contains(&path) && !OWN.contains(&name.as_ref()) {
            let is_hidden = name.starts_with('.');
            let why = why_not(&path, packs).unwrap_or(if is_hidden { "hidden" } else { "git ignores it" });
            walked.left_out.push((path, why));
        }
    }
    Ok(())
}

/// Why something met in a folder is not checked; what is named itself always is.
fn why_not(path: &Path, packs: &[PathBuf]) -> Option<&'static str> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if path.is_symlink() {
        return Some("a link: name it to have it checked");
    }
    if OTHERS.contains(&name.as_ref()) {
        return Some("dependencies or a cache");
    }
    let is_pack = path.is_dir() && path.canonicalize().is_ok_and(|path| packs.contains(&path));
    is_pack.then_some("a pattern pack: its own tests check it")
}

fn read(walked: Walked, target: &Target) -> Result<Found> {
    let mut found = Found::default();
    let mut left_out: BTreeMap<String, String> =
        walked.left_out.iter().map(|(path, why)| (shown(path, target), (*why).to_owned())).collect();
    for path in walked.files {
        let shown = shown(&path, target);
        let size = path.metadata().map_or(0, |data| data.len());
        if found.files.contains_key(&shown) {
            continue;
        }
        if size > MAX_FILE {
            let why = format!("{} MiB is more than the {} MiB that are read", size >> 20, MAX_FILE >> 20);
            left_out.insert(shown, why);
            continue;
        }
        let bytes = std::fs::read(&path).map_err(|fault| {
            Problem::new(format!("`{shown}`: cannot be read: {fault}"), "make it readable, or leave it out")
        })?;
        found.files.insert(shown, bytes);
    }
    left_out.retain(|path, _| !found.files.contains_key(path));
    found.left_out = left_out.into_iter().map(|(path, reason)| Skipped { path, reason }).collect();
    Ok(found)
}

/// A path as it is reported: relative to the project in it, whole elsewhere, so that every reader of a report finds it.
fn shown(path: &Path, target: &Target) -> String {
    let parent = path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
    // What is left out may be a link, and is reported as itself.
    let full = match (path.is_symlink(), parent.and_then(|parent| parent.canonicalize().ok()), path.file_name()) {
        (true, Some(parent), Some(name)) => parent.join(name),
        _ => path.canonicalize().unwrap_or_else(|_| path.to_path_buf()),
    };
    with_slashes(full.strip_prefix(&target.root).unwrap_or(&full))
}
