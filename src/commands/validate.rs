//! `validate`: files and folders, generated or not, held to their patterns' rules, their lock and their source.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::workspace::Workspace;
use crate::cli::{Cli, Format, Validate};
use crate::deploy::Target;
use crate::lock::{Lock, hash};
use crate::problem;
use crate::report::{Output, annotations, findings, sarif};
use crate::requirements::NAME;
use crate::source::input::{Content, Input};
use crate::validate::detect::{self, Signs};
use crate::validate::lock::{LockedFile, LockedSource};
use crate::validate::{self, Finding, HeldTo, Report, Rules, SourceFile};

/// The largest file that is read, in bytes; generated code and what people write are far below.
const MAX_FILE: u64 = 16 << 20;

pub fn run(cli: &Cli, flags: &Validate) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    if let Some(pattern) = &flags.pattern {
        workspace.patterns.get(pattern)?;
    }
    let (rules, signs) = rules(&workspace)?;
    let target = workspace.target()?;
    let lock = Lock::load(&target.root)?;
    let found = find(&workspace, &target, &lock, &flags.paths)?;
    let files: Vec<SourceFile<'_>> = found
        .iter()
        .map(|file| SourceFile {
            path: &file.shown,
            bytes: &file.bytes,
            language: "",
            held_to: held_to(&workspace, &lock, flags, &file.shown),
        })
        .collect();
    let mut report = validate::check(&files, &rules, &signs)?;
    if flags.paths.is_empty() {
        report.extend(against_lock(&workspace, &target, &lock)?);
        report.extend(super::coverage::check(&workspace, &target, &lock)?);
    }
    Ok(output(cli.format, &report, &rules))
}

/// The rules of all patterns, and what tells whose code a file is.
pub fn rules(workspace: &Workspace) -> Result<(Rules, Vec<Signs>)> {
    let under = |ending: fn(&str) -> bool| {
        workspace
            .assets
            .under("patterns/")
            .filter(move |(path, _)| ending(path))
            .map(|(path, asset)| (path, asset.text.as_ref()))
    };
    let rules = Rules::read(under(|path| path.contains("/rules/") && path.ends_with(".yaml")))?;
    let signs = detect::read(under(|path| path.ends_with("/detect.yaml")))?;
    Ok((rules, signs))
}

struct Found {
    shown: String,
    bytes: Vec<u8>,
}

/// The files named, those in the folders named, or all of the project's integrations.
fn find(workspace: &Workspace, target: &Target, lock: &Lock, paths: &[PathBuf]) -> Result<Vec<Found>> {
    let mut files: Vec<PathBuf> = Vec::new();
    if paths.is_empty() {
        let root = workspace.folder.join(&workspace.project.root);
        files.extend(lock.files.keys().map(|path| workspace.folder.join(path)).filter(|path| path.is_file()));
        if root.is_dir() {
            files.extend(walk(&root)?);
        }
        if files.is_empty() {
            problem!(help: "name files or folders: `integrate validate src`"; "`{}`: there are no integrations here", target.root.display());
        }
    }
    for path in paths {
        if path.is_dir() {
            files.extend(walk(path)?);
        } else if path.is_file() {
            files.push(path.clone());
        } else {
            problem!(help: "name files or folders that are there"; "`{}`: there is no such file or folder", path.display());
        }
    }
    files.sort();
    files.dedup();
    let mut found: Vec<Found> = Vec::new();
    for path in files {
        let shown = shown(&path, target);
        let size = path.metadata().map_or(0, |data| data.len());
        if size > MAX_FILE {
            problem!(help: "name smaller files"; "`{shown}`: {} MiB is more than the {} MiB that are read", size >> 20, MAX_FILE >> 20);
        }
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read `{shown}`"))?;
        if found.iter().all(|other| other.shown != shown) {
            found.push(Found { shown, bytes });
        }
    }
    Ok(found)
}

/// The files of a folder that git would not ignore, without dependencies, caches and packs.
fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    const OTHERS: [&str; 8] =
        ["node_modules", "__pycache__", ".venv", "venv", "site-packages", "dist", "build", "patterns"];
    let kept = |entry: &ignore::DirEntry| {
        entry.depth() == 0 || !OTHERS.contains(&entry.file_name().to_string_lossy().as_ref())
    };
    let mut files = Vec::new();
    for entry in ignore::WalkBuilder::new(folder).filter_entry(kept).sort_by_file_path(Path::cmp).build() {
        let entry = entry.with_context(|| format!("cannot read `{}`", folder.display()))?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// A path as it is reported: below the project relative to it, elsewhere as given.
fn shown(path: &Path, target: &Target) -> String {
    let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let shown = full.strip_prefix(&target.root).map_or_else(|_| path.to_path_buf(), Path::to_path_buf);
    shown.to_string_lossy().replace('\\', "/")
}

fn held_to<'a>(workspace: &'a Workspace, lock: &Lock, flags: &'a Validate, path: &str) -> HeldTo<'a> {
    if let Some(pattern) = &flags.pattern {
        return HeldTo::Pattern(pattern, "--type");
    }
    let Some(file) = lock.files.get(path) else { return HeldTo::Unknown };
    if file.entry.is_empty() {
        return HeldTo::Every("shared by all entries");
    }
    workspace
        .project
        .integrations
        .get(&file.entry)
        .map_or(HeldTo::Unknown, |entry| HeldTo::Pattern(&entry.pattern, "integrate.lock"))
}

/// Files that are missing or edited, sources that have changed since.
fn against_lock(workspace: &Workspace, target: &Target, lock: &Lock) -> Result<Vec<Finding>> {
    let files: Vec<LockedFile> = lock
        .files
        .iter()
        .map(|(path, file)| LockedFile {
            path: path.clone(),
            written: file.hash.clone(),
            found: std::fs::read(target.root.join(path)).ok().map(|bytes| hash(&bytes)),
        })
        .collect();
    let mut sources = Vec::new();
    for (name, entry) in &workspace.project.integrations {
        let (Some(source), Some(locked)) = (&entry.source, lock.entries.get(name)) else { continue };
        // Only documents that are here: validating asks nobody over the network.
        let is_local = !source.contains("://") && crate::source::identify::of_url(source).is_none();
        let found = if is_local { Input::open(source, &workspace.folder).ok() } else { None };
        let found = found.and_then(|input| match input.content {
            Content::Document { bytes, .. } => Some(hash(&bytes)),
            Content::Database { .. } => None,
        });
        sources.push(LockedSource {
            path: NAME.to_owned(),
            location: source.clone(),
            read: locked.source.clone(),
            found,
        });
    }
    Ok(validate::lock::check(&files, &sources))
}

fn output(format: Format, report: &Report, rules: &Rules) -> Output {
    let status = report.exit_status();
    let version = env!("CARGO_PKG_VERSION");
    let text = match format {
        Format::Sarif => format!("{:#}\n", sarif::document(report, &rules.about(), version)),
        Format::Github => annotations::github(report),
        _ => findings::text(report, true),
    };
    Output { text, json: findings::json(report), status }
}
