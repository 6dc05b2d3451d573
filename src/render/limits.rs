//! What a language cannot do with what a source offers → the ledger, before anything is rendered.

use super::language::{Case, Columns, Language};
use super::view::tables::word;
use crate::model::column_type::ColumnType;
use crate::model::ledger::Reason;
use crate::model::tables::Column;
use crate::model::{Ledger, Outcome, Service, Surface, Table};

/// Takes out of `service` what `language` cannot express, and says so in its ledger.
pub fn apply(service: &mut Service, language: &Language) {
    let Service { surface, ledger, .. } = service;
    if let (Surface::Tables(surface), Some(columns)) = (surface, &language.columns) {
        surface.tables.retain_mut(|table| {
            let (outcome, reasons) = limit(table, columns, language.names.field == Case::Wire);
            let is_kept = outcome != Outcome::Skipped;
            note(ledger, table, outcome, reasons);
            is_kept
        });
    }
}

/// What becomes of a table; takes its key away where the key would not find rows. Columns whose names `stay` as they are
/// cannot be called otherwise where a name is taken.
fn limit(table: &mut Table, columns: &Columns, stay: bool) -> (Outcome, Vec<String>) {
    let spoken = |name: &str| {
        columns
            .syntax
            .iter()
            .find(|(text, _)| name.contains(text.as_str()))
            .map(|(text, why)| format!("`{text}` in a name {why}"))
    };
    if let Some(why) = spoken(&table.name).or_else(|| spoken(&table.schema)) {
        return (Outcome::Skipped, vec![why]);
    }
    let unnamed = |name: &str| stay && columns.reserved.columns.contains(name);
    let can_be_left_out = |column: &Column| {
        column.nullable || column.default.is_some() || column.identity.is_some() || column.generated.is_some()
    };
    let is_key = |name: &String| table.primary_key.as_ref().is_some_and(|key| key.columns.contains(name));
    let is_needed = |column: &&Column| unnamed(&column.name) && (is_key(&column.name) || !can_be_left_out(column));
    if let Some(column) = table.columns.iter().find(is_needed) {
        return (Outcome::Skipped, vec![format!("every object has a `{}` of its own", column.name)]);
    }
    let mut reasons: Vec<String> =
        table.columns.iter().filter_map(|column| as_text(&column.name, &column.of)).collect();
    let left_out = table.columns.extract_if(.., |column| unnamed(&column.name));
    reasons.extend(
        left_out.map(|column| format!("`{}` is left out of the types: every object has one of its own", column.name)),
    );
    let why = |name: &String| {
        let of = &table.column(name)?.of;
        let vague = matches!(of.base(), ColumnType::Json | ColumnType::List(_))
            .then(|| format!("`{name}` of the primary key is no single value"));
        let inexact =
            columns.inexact.get(word(of)).map(|why| format!("`{name}` of the primary key is a {}, {why}", word(of)));
        vague.or(inexact).or_else(|| spoken(name))
    };
    if let Some(why) = table.primary_key.iter().flat_map(|key| &key.columns).find_map(why) {
        reasons.push(format!("{why}: rows are listed and inserted, not found by key"));
        table.primary_key = None;
    }
    (if reasons.is_empty() { Outcome::Generated } else { Outcome::Degraded }, reasons)
}

/// A type without a neutral word.
fn as_text(column: &str, of: &ColumnType) -> Option<String> {
    let ColumnType::Other(name) = of.innermost() else { return None };
    Some(format!("`{column}` is of the type `{}`, which is read and written as text", name.name))
}

fn note(ledger: &mut Ledger, table: &Table, outcome: Outcome, reasons: Vec<String>) {
    let Some(entry) = ledger.entries.iter_mut().find(|entry| entry.origin == table.origin) else { return };
    if outcome != Outcome::Generated {
        entry.outcome = outcome;
    }
    entry.reasons.extend(reasons.into_iter().map(|what| Reason { what, place: table.origin.place() }));
}
