//! `patterns list` and `patterns show`: what can be made.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

use super::workspace::Workspace;
use crate::cli::{Cli, Patterns, PatternsCommand};
use crate::pattern::{Pattern, Variant, cell};
use crate::render::language::Language;
use crate::report::{BOLD, DIM, Output, styled};

pub fn run(cli: &Cli, flags: &Patterns) -> Result<Output> {
    let workspace = Workspace::open(cli)?;
    match &flags.command {
        PatternsCommand::List => list(&workspace),
        PatternsCommand::Show { name } => show(&workspace, workspace.patterns.get(name)?),
    }
}

/// The languages a variant has templates for.
fn languages(workspace: &Workspace, pattern: &str, variant: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for language in Language::names(&workspace.assets) {
        if cell::find(&workspace.assets, language, pattern, variant)?.is_some() {
            found.push(language.to_owned());
        }
    }
    Ok(found)
}

fn list(workspace: &Workspace) -> Result<Output> {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header([
        "pattern",
        "variant",
        "sources",
        "languages",
        "what it is for",
    ]);
    let mut all = Vec::new();
    for pattern in workspace.patterns.all.values() {
        for (name, variant) in &pattern.variants {
            let languages = languages(workspace, &pattern.name, name)?;
            table.add_row([&pattern.name, name, &variant.sources.join(", "), &languages.join(", "), &variant.summary]);
            all.push(json!({ "pattern": pattern.name, "variant": name, "sources": variant.sources, "languages": languages, "summary": variant.summary }));
        }
    }
    Ok(Output { text: format!("{}\n", table.trim_fmt()), json: Value::Array(all), status: 0 })
}

fn show(workspace: &Workspace, pattern: &Pattern) -> Result<Output> {
    let mut text = format!("{}: {}\n{}\n", styled(BOLD, &pattern.name), pattern.title, pattern.summary);
    let (rules, _) = super::validate::rules(workspace)?;
    let mut all = serde_json::Map::new();
    for (name, variant) in &pattern.variants {
        let _ = writeln!(text, "\n{} {}\n  {}", styled(BOLD, "variant"), name, variant.summary);
        let _ = writeln!(text, "  sources    {}", variant.sources.join(", "));
        let languages = languages(workspace, &pattern.name, name)?;
        let _ = writeln!(text, "  languages  {}", languages.join(", "));
        for (language, why) in &variant.not_for {
            let _ = writeln!(text, "  not for    {language}: {why}");
        }
        all.insert(name.clone(), languages.into());
        text += &options(variant);
        for example in &variant.examples {
            let _ = writeln!(text, "  {}\n    {}", styled(DIM, format!("# {}", example.does)), example.command);
        }
    }
    let own: Vec<_> = rules.about().into_iter().filter(|rule| rule.pattern == pattern.name).collect();
    let _ = writeln!(text, "\n{}", styled(BOLD, "rules"));
    for rule in &own {
        let _ = writeln!(text, "  {:<28} {}", rule.id, rule.message);
    }
    let names: Vec<&String> = own.iter().map(|rule| &rule.id).collect();
    Ok(Output { text, json: json!({ "pattern": pattern, "languages": all, "rules": names }), status: 0 })
}

/// The options with their types, defaults and meanings.
fn options(variant: &Variant) -> String {
    let mut out = String::new();
    let required: Vec<&str> = variant
        .options
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (key, property) in variant.options.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let _ = writeln!(
            out,
            "  --set {key}=…  {}\n             {}",
            form(property, required.contains(&key.as_str())),
            meaning(property)
        );
        out += &parts(property, 1);
    }
    out
}

/// The keys of a record, or of each record of a list, with those inside of them.
fn parts(schema: &Value, depth: usize) -> String {
    let of = schema.get("items").unwrap_or(schema);
    let required = of.get("required").and_then(Value::as_array);
    let is_required = |key: &str| required.is_some_and(|all| all.iter().any(|one| one == key));
    let mut out = String::new();
    for (key, property) in of.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let (indent, form) = (" ".repeat(11 + 2 * depth), form(property, is_required(key)));
        let _ = writeln!(out, "{}", format!("{indent}{key}  {form}  {}", meaning(property)).trim_end());
        out += &parts(property, depth + 1);
    }
    out
}

/// What a value may be, and what it is unless given.
fn form(property: &Value, is_required: bool) -> String {
    let default = match (property.get("default"), is_required) {
        (_, true) => ", required".to_owned(),
        (Some(default), _) => format!(", default {default}"),
        _ => String::new(),
    };
    styled(DIM, format!("({}{default})", kind(property)))
}

/// `string`, `array of object`, `a|b`.
fn kind(property: &Value) -> String {
    if let Some(values) = property.get("enum").and_then(Value::as_array) {
        return values.iter().map(plain).collect::<Vec<_>>().join("|");
    }
    let own = property.get("type").map_or(String::new(), plain);
    let inner = property.get("items").or_else(|| property.get("additionalProperties").filter(|of| of.is_object()));
    match inner.map(kind).filter(|inner| !inner.is_empty()) {
        Some(inner) => format!("{own} of {inner}"),
        None => own,
    }
}

fn meaning(property: &Value) -> &str {
    property.get("description").and_then(Value::as_str).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
