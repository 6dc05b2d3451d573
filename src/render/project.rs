//! All entries of a project → the files they yield: each adapter, and once what they share.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use indexmap::IndexMap;
use minijinja::Value;
use minijinja::value::ValueKind;
use rayon::prelude::*;
use serde_json::Value as Json;

use super::engine::{Code, Engine};
use super::format::{format, format_markdown};
use super::language::Language;
use super::view::{self, Names};
use crate::model::Service;
use crate::package::{Adapter, Dependency, Package, PackageFile};
use crate::paths;
use crate::pattern::assets::Assets;
use crate::pattern::cell::{self, Cell, FileRule, Runtime};
use crate::problem;
use crate::problem::Problem;
use crate::view;

/// One entry with everything that rendering it takes.
#[derive(Debug, Clone)]
pub struct Job {
    /// The entry's name in `integrate.yaml`.
    pub name: String,
    pub pattern: String,
    pub variant: String,
    pub language: Arc<Language>,
    pub service: Service,
    /// Complete and valid: defaults filled in.
    pub options: Json,
}

/// What all entries of a project have in common.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    /// The folder of the generated code, relative to the project.
    pub root: String,
    /// All entries of the project: name and pattern, in its order.
    pub entries: Vec<(String, String)>,
}

/// Renders `jobs`, files in parallel, in the order of entries and rules.
pub fn project(assets: &Arc<Assets>, shared: &Shared, jobs: &[Job]) -> Result<Package> {
    let mut package = Package::default();
    let mut modules: BTreeMap<String, (Arc<Language>, Vec<Users>)> = BTreeMap::new();
    for job in jobs {
        let cell = find_cell(assets, job)?;
        let place = cell::place(&job.language.name, &job.pattern, &job.variant);
        let blamed = |fault| blame(assets, &place, fault);
        let mut rendered = adapter(assets, shared, job, &cell).map_err(blamed)?;
        check_modules(assets, &job.language.name, &rendered.modules).map_err(blamed)?;
        modules
            .entry(job.language.name.clone())
            .or_insert_with(|| (Arc::clone(&job.language), Vec::new()))
            .1
            .push(Users { adapter: package.adapters.len(), modules: rendered.modules });
        package.files.extend(rendered.files);
        let own = &mut rendered.adapter.dependencies;
        add_dependencies(own, &job.language, &cell.libraries, &rendered.dependencies, false).map_err(blamed)?;
        add_dependencies(own, &job.language, &cell.libraries, &cell.development, true).map_err(blamed)?;
        package.adapters.push(rendered.adapter);
    }
    for (language, wanted) in modules.into_values() {
        let place = cell::runtime_place(&language.name);
        let runtime = runtime(assets, shared, &language, &wanted, &mut package.adapters);
        package.files.append(&mut runtime.map_err(|fault| blame(assets, &place, fault))?);
    }
    for adapter in &mut package.adapters {
        adapter.dependencies.sort();
        adapter.dependencies.dedup();
    }
    package.dependencies = package.adapters.iter().flat_map(|adapter| adapter.dependencies.clone()).collect();
    package.dependencies.sort();
    package.dependencies.dedup();
    refuse_collisions(&package)?;
    Ok(package)
}

/// A fault in rendering what a pack holds is one that the user can mend; in what we ship it is ours.
fn blame(assets: &Assets, place: &str, fault: anyhow::Error) -> anyhow::Error {
    match assets.get(place) {
        Some(asset) if asset.is_theirs() && !fault.chain().any(<dyn std::error::Error>::is::<Problem>) => Problem::new(
            format!("{}: {fault:#}", asset.shown),
            "mend the pack; docs/pattern-development.md says what templates see and may do",
        )
        .into(),
        _ => fault,
    }
}

fn find_cell(assets: &Assets, job: &Job) -> Result<Cell> {
    match cell::find(assets, &job.language.name, &job.pattern, &job.variant)? {
        Some(cell) => Ok(cell),
        None => problem!(help: "choose another language: `integrate patterns list` shows which there are";
            "`{}`: the variant `{}` of `{}` has no templates for `{}`", job.name, job.variant, job.pattern, job.language.name),
    }
}

/// A file to be rendered: its rule, and the item it is for.
struct Task<'c> {
    rule: &'c FileRule,
    context: Value,
    path: String,
}

/// An adapter, by its position, and the shared modules that it names.
struct Users {
    adapter: usize,
    modules: Vec<String>,
}

/// What one entry yields.
struct Rendered {
    files: Vec<PackageFile>,
    adapter: Adapter,
    modules: Vec<String>,
    dependencies: Vec<String>,
}

fn adapter(assets: &Arc<Assets>, shared: &Shared, job: &Job, cell: &Cell) -> Result<Rendered> {
    let engine = Engine::new(&job.language, assets);
    let names = Names::of(&job.name, &job.service.title, &job.language).free_of(&cell.taken, &job.name, &job.language);
    let context = view::of(job, shared, &names);
    let folder = format!("{}/{}", job.pattern, job.variant);
    let mut tasks = Vec::new();
    for rule in &cell.files {
        tasks.extend(expand(&engine, rule, &context, (&shared.root, false))?);
    }
    let render = |task: &Task<'_>| file(&engine, &job.language, (&shared.root, &folder), task, &job.name);
    let files = tasks
        .par_iter()
        .map(render)
        .collect::<Result<Vec<_>>>()
        .with_context(|| format!("`{}` cannot be rendered", job.name))?;
    let operations = context.get_attr("symbols").ok().and_then(|symbols| symbols.try_iter().ok()).into_iter().flatten();
    let operations = operations.map(|symbol| symbol.to_string()).collect();
    let folder = format!("{}/{}", shared.root, names.package);
    let adapter = Adapter { entry: job.name.clone(), folder, operations, ..Adapter::default() };
    let modules = needed(&engine, &cell.runtime, &cell.runtime_when, &context)?;
    let dependencies = needed(&engine, &cell.dependencies, &cell.dependencies_when, &context)?;
    Ok(Rendered { files, adapter, modules, dependencies })
}

/// What an entry `always` needs, and what it needs where an expression holds.
fn needed(
    engine: &Engine,
    always: &[String],
    conditional: &IndexMap<String, String>,
    context: &Value,
) -> Result<Vec<String>> {
    let mut names = always.to_vec();
    for (name, condition) in conditional {
        if engine.evaluate(condition, context)?.is_true() {
            names.push(name.clone());
        }
    }
    Ok(names)
}

/// The files one rule yields, `below` the folder named; true where they are what all entries share.
fn expand<'c>(engine: &Engine, rule: &'c FileRule, context: &Value, below: (&str, bool)) -> Result<Vec<Task<'c>>> {
    if let Some(condition) = &rule.when
        && !engine.evaluate(condition, context)?.is_true()
    {
        return Ok(Vec::new());
    }
    let Some(each) = &rule.each else { return Ok(vec![task(engine, rule, context.clone(), below)?]) };
    let items = engine.evaluate(each, context)?;
    if !matches!(items.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Err(anyhow!("`each: {each}` is no list"));
    }
    let items = items.try_iter().map_err(|fault| anyhow!("`each: {each}` is no list: {fault}"))?;
    items.map(|item| task(engine, rule, view::with(context, "each", item), below)).collect()
}

fn task<'c>(engine: &Engine, rule: &'c FileRule, context: Value, below: (&str, bool)) -> Result<Task<'c>> {
    let path = place(below, &engine.render_text(&rule.path, &context)?)?;
    Ok(Task { rule, context, path })
}

/// Where a file goes: below the integrations, but for a shared one such as `/tsconfig.json`, whose place is the project's own folder.
fn place((root, is_shared): (&str, bool), path: &str) -> Result<String> {
    match path.strip_prefix('/') {
        Some(name) if is_shared && !name.contains('/') => Ok(paths::checked(name)?.to_string()),
        // Checked before the folder stands in front of it, where an absolute path would look like any other.
        _ => Ok(format!("{root}/{}", paths::checked(path)?)),
    }
}

fn file(
    engine: &Engine,
    language: &Language,
    (root, folder): (&str, &str),
    task: &Task<'_>,
    entry: &str,
) -> Result<PackageFile> {
    let template = format!("{folder}/{}", task.rule.template);
    let text = engine.render(&template, &task.context)?;
    let is_code = language.extensions.iter().any(|extension| task.path.ends_with(&format!(".{extension}")));
    let text = if is_code {
        format(language.formatter.as_deref(), text, language.width, root)
            .with_context(|| format!("`{}` from `{template}`", task.path))?
    } else if task.path.ends_with(".md") {
        format_markdown(language.formatter.as_deref(), &format!("{}\n", text.trim_end()), language.width)
    } else {
        format!("{}\n", text.trim_end())
    };
    Ok(PackageFile {
        path: task.path.clone(),
        bytes: text.into_bytes(),
        entry: entry.to_owned(),
        template: format!("{}/{template}", language.name),
        language: if is_code { language.name.clone() } else { String::new() },
    })
}

/// Fails where a cell wants a shared module that its language has not.
fn check_modules(assets: &Assets, language: &str, wanted: &[String]) -> Result<()> {
    let runtime = Runtime::find(assets, language)?;
    let is_there = |name: &&String| runtime.as_ref().is_some_and(|runtime| runtime.modules.contains_key(*name));
    match wanted.iter().find(|name| !is_there(name)) {
        Some(unknown) => Err(anyhow!("`{}` has no module `{unknown}`", cell::runtime_place(language))),
        None => Ok(()),
    }
}

/// The shared modules that the adapters name and need; each adapter is told which files and libraries these are.
fn runtime(
    assets: &Arc<Assets>,
    shared: &Shared,
    language: &Arc<Language>,
    users: &[Users],
    adapters: &mut [Adapter],
) -> Result<Vec<PackageFile>> {
    let Some(runtime) = Runtime::find(assets, &language.name)? else { return Ok(Vec::new()) };
    let engine = Engine::new(language, assets);
    let wanted: Vec<String> = users.iter().flat_map(|user| user.modules.clone()).collect();
    let modules = runtime.closure(&wanted);
    let names: Vec<Value> = modules.iter().map(|(name, _)| Value::from(*name)).collect();
    let context = view! { root: Code(shared.root.replace('/', ".")), root_path: shared.root.clone(), modules: names };
    let of_modules = modules.iter().flat_map(|(name, module)| module.files.iter().map(move |rule| (*name, rule)));
    let mut tasks = Vec::new();
    // The module that a file is of; empty for what every adapter stands on.
    let mut owners: Vec<&str> = Vec::new();
    for (owner, rule) in runtime.always.iter().map(|rule| ("", rule)).chain(of_modules) {
        tasks.extend(expand(&engine, rule, &context, (&shared.root, true))?);
        owners.resize(tasks.len(), owner);
    }
    for user in users {
        let (own, adapter) = (runtime.closure(&user.modules), &mut adapters[user.adapter]);
        let is_own = |owner: &str| owner.is_empty() || own.iter().any(|(name, _)| *name == owner);
        let files = tasks.iter().zip(&owners).filter(|(_, owner)| is_own(owner));
        adapter.shared = files.map(|(task, _)| task.path.clone()).collect();
        let libraries: Vec<String> = own.iter().flat_map(|(_, module)| module.dependencies.clone()).collect();
        add_dependencies(&mut adapter.dependencies, language, &IndexMap::new(), &libraries, false)?;
    }
    tasks.par_iter().map(|task| file(&engine, language, (&shared.root, "runtime"), task, "")).collect()
}

fn add_dependencies(
    dependencies: &mut Vec<Dependency>,
    language: &Language,
    own: &IndexMap<String, String>,
    names: &[String],
    development: bool,
) -> Result<()> {
    for name in names {
        let Some(version) = language.libraries.get(name).or_else(|| own.get(name)) else {
            return Err(anyhow!("`templates/{}/language.yaml` has no version of the library `{name}`", language.name));
        };
        dependencies.push(Dependency {
            language: language.name.clone(),
            name: name.clone(),
            version: version.clone(),
            development,
        });
    }
    Ok(())
}

/// Two files at one place, or at places that some file systems hold to be one.
fn refuse_collisions(package: &Package) -> Result<()> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for file in &package.files {
        if let Some(other) = seen.insert(file.path.to_lowercase(), &file.path) {
            problem!(help: "rename one of the entries, or what in the source the files are named after";
                "`{}` and `{other}` are one place on some systems", file.path);
        }
    }
    Ok(())
}
