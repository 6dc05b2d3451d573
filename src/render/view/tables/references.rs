//! What the rows of a table refer to: foreign keys, and the rows at their other end by name.

use minijinja::Value;

use super::columns::Decided;
use super::names::Speller;
use super::table::{All, Seen};
use crate::model::tables::Reference;
use crate::render::engine::Code;
use crate::render::names::Role;
use crate::render::view::code;
use crate::view;

/// A foreign key whose target is there.
pub struct Found<'a, 's> {
    pub reference: &'s Reference,
    pub target: &'a Seen<'s>,
    /// The target's name in statements.
    pub qualified: String,
}

impl<'s> All<'_, 's> {
    /// The foreign keys to tables that are there and have a key: one for the same columns and the same table.
    pub fn references(&self, seen: &Seen<'s>) -> Vec<Found<'_, 's>> {
        let mut found: Vec<Found<'_, 's>> = Vec::new();
        for reference in seen.table.references.iter().filter(|_| seen.is_keyed) {
            let is_target = |other: &&Seen<'_>| {
                other.table.schema == reference.target_schema && other.table.name == reference.target_table
            };
            let Some(target) = self.tables.iter().find(is_target).filter(|target| target.is_keyed) else { continue };
            // A dot parts schema, table and column.
            let is_plain = [&reference.target_schema, &reference.target_table]
                .into_iter()
                .chain(&reference.target_columns)
                .all(|name| !name.contains('.'));
            let is_new = found
                .iter()
                .all(|other| other.reference.columns != reference.columns || !std::ptr::eq(other.target, target));
            if is_plain && is_new {
                found.push(Found { reference, target, qualified: self.qualified(target.table) });
            }
        }
        found
    }

    /// The rows that a row refers to, by name; and the modules their classes come from.
    pub fn relations(&self, seen: &Seen<'s>, references: &[Found<'_, 's>]) -> (Vec<Value>, Vec<Value>) {
        let reserved = &self.writer.columns.reserved.columns;
        let mut names =
            Speller::new(self.writer.language, Role::Variable, reserved, &self.writer.language.names.escape)
                .with(&seen.name.columns);
        let mut modules: Vec<(String, String)> = Vec::new();
        let mut views = Vec::new();
        for found in references {
            let own: Vec<&Decided<'_>> =
                found.reference.columns.iter().filter_map(|name| by_name(seen, name)).collect();
            let remote: Vec<Value> = found
                .reference
                .target_columns
                .iter()
                .filter_map(|name| by_name(found.target, name))
                .map(|column| code(&column.name))
                .collect();
            let name = names.name(&relation_name(seen, &own, found.target), &[]);
            let is_self = std::ptr::eq(found.target.table, seen.table);
            if !is_self {
                modules.push((found.target.name.module.clone(), found.target.name.class.clone()));
            }
            views.push(view! {
                name: Code(name),
                class: Code(found.target.name.class.clone()),
                is_optional: own.iter().any(|column| column.column.nullable),
                columns: own.iter().map(|column| code(&column.name)).collect::<Vec<_>>(),
                is_self: is_self,
                remote: remote,
            });
        }
        modules.sort();
        modules.dedup();
        let imports = modules.into_iter().map(|(module, class)| view! { module: Code(module), class: Code(class) });
        (views, imports.collect())
    }
}

fn by_name<'a, 's>(seen: &'a Seen<'s>, name: &str) -> Option<&'a Decided<'s>> {
    seen.columns.iter().find(|column| column.column.name == name)
}

/// What a column refers to: its own name without `_id`, or the column and the table; the table, where there are several.
fn relation_name(seen: &Seen<'_>, own: &[&Decided<'_>], target: &Seen<'_>) -> String {
    let target = &target.name.attribute;
    let [only] = own else { return free(seen, target, target) };
    match only.name.strip_suffix("_id").filter(|stem| !stem.is_empty()) {
        Some(stem) => free(seen, stem, target),
        None => format!("{}_{target}", only.name),
    }
}

/// `name`, or with the table behind it where a column is called so.
fn free(seen: &Seen<'_>, name: &str, target: &str) -> String {
    if seen.name.columns.iter().any(|column| column == name) { format!("{name}_{target}") } else { name.to_owned() }
}

pub fn constraint(found: &Found<'_, '_>) -> Value {
    let targets: Vec<String> =
        found.reference.target_columns.iter().map(|name| format!("{}.{name}", found.qualified)).collect();
    view! { columns: found.reference.columns.clone(), targets: targets }
}
