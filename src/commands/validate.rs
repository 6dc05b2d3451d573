//! `validate`: files and folders, generated or not, held to their patterns' rules, their lock and their source.

mod files;
mod scope;
mod upkeep;

use anyhow::Result;

use super::workspace::Workspace;
use crate::cli::{Cli, Format, Validate};
use crate::lock::Lock;
use crate::report::{Output, annotations, findings, sarif};
use crate::validate::detect::{self, Signs};
use crate::validate::{self, HeldTo, Report, Rules, SourceFile};
use scope::Scope;

pub fn run(cli: &Cli, flags: &Validate) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    if let Some(pattern) = &flags.pattern {
        workspace.patterns.get(pattern)?;
    }
    let (rules, signs) = rules(&workspace)?;
    let target = workspace.target()?;
    let lock = Lock::load(&target.root)?;
    let scope = Scope::of(&flags.paths, &workspace, &target);
    let found = files::find(&workspace, &target, &lock, &scope)?;
    let files: Vec<SourceFile<'_>> = found
        .files
        .iter()
        .map(|(path, bytes)| SourceFile { path, bytes, language: "", held_to: held_to(&workspace, &lock, flags, path) })
        .collect();
    let mut report = validate::check(&files, &rules, &signs)?;
    let project =
        upkeep::Project { workspace: &workspace, target: &target, lock: &lock, scope: &scope, online: flags.online };
    let upkeep = project.check()?;
    report.extend(upkeep.findings);
    report.leave_out(found.left_out.into_iter().chain(upkeep.left_out));
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

fn held_to<'a>(workspace: &Workspace, lock: &'a Lock, flags: &'a Validate, path: &str) -> HeldTo<'a> {
    if let Some(pattern) = &flags.pattern {
        return HeldTo::Pattern(pattern, "--type");
    }
    let Some(file) = lock.files.get(path) else { return HeldTo::Unknown };
    if file.entry.is_empty() {
        return HeldTo::Every("shared by all entries");
    }
    // What was deployed here has an entry in the lock alone, and its pattern may be a pack of another project.
    let pattern = lock.entries.get(&file.entry).map(|entry| &entry.pattern);
    pattern
        .filter(|pattern| workspace.patterns.get(pattern).is_ok())
        .map_or(HeldTo::Unknown, |pattern| HeldTo::Pattern(pattern, "integrate.lock"))
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
