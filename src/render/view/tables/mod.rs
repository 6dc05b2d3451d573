//! Tables as one language spells them: a class of rows each, what may be given and changed, what can be done.
//!
//! A table with a primary key is read and written by it. A view, and a table without a key, is listed; rows are put into the
//! latter. What refers to what is read only when it is asked for.

mod columns;
mod names;
mod references;
mod sql;
mod table;

use minijinja::Value;
use serde_json::Value as Json;

use self::columns::{Decided, Writer};
use self::names::Names;
use self::table::{All, Seen};
use super::settings::{self, Setting};
use crate::model::column_type::ColumnType;
use crate::model::{Outcome, Service, Tables};
use crate::render::engine::Code;
use crate::render::language::{Columns, Language};
use crate::view;

pub use self::columns::word;

/// What the templates of a database see beside what all patterns have.
pub fn view(
    service: &Service,
    surface: &Tables,
    own: &super::Names,
    language: &Language,
    options: &Json,
    name: &str,
) -> Vec<(&'static str, Value)> {
    let Some(columns) = &language.columns else { return Vec::new() };
    let settings_class = format!("{}Options", own.class);
    let taken =
        [own.class.as_str(), own.async_class.as_str(), &settings_class, "Tables", "Transaction", "Config", "Database"];
    let names = Names::of(surface, language, columns, &taken);
    let writer = Writer { language, columns, names: &names, default_schema: &surface.default_schema };
    let seen: Vec<Seen<'_>> =
        surface.tables.iter().zip(&names.tables).map(|(table, name)| Seen::of(table, name, &writer)).collect();
    let all = All { surface, tables: &seen, writer: &writer };
    let views: Vec<Value> = seen.iter().map(|table| all.table(table)).collect();
    let is = |value: &Value, flag: &str| value.get_attr(flag).is_ok_and(|flag| flag.is_true());
    let first = |wanted: &dyn Fn(&Value) -> bool| views.iter().find(|table| wanted(table)).cloned();
    let shown = first(&|table| is(table, "has_update"))
        .or_else(|| first(&|table| is(table, "is_keyed")))
        .or_else(|| views.first().cloned());
    let related = first(&|table| is(table, "relations"));
    let named = |schema: &&String| **schema != surface.default_schema;
    let mut schemas: Vec<String> = surface.tables.iter().map(|table| &table.schema).filter(named).cloned().collect();
    schemas.sort();
    schemas.dedup();
    let mut entries = settings::view(&settings(&product(surface, options), columns, options), own, name, &[]);
    entries.extend([
        (
            "enums",
            Value::from(
                names
                    .enums
                    .iter()
                    .map(|(found, name)| enumeration(&found.name, name, &found.values))
                    .collect::<Vec<_>>(),
            ),
        ),
        ("schemas", Value::from(schemas)),
        ("default_schema", Value::from(surface.default_schema.clone())),
        ("product", Value::from(product(surface, options))),
        ("has_views", Value::from(seen.iter().any(|table| !table.table.kind.is_writable()))),
        ("has_keyless", Value::from(seen.iter().any(|table| !table.is_keyed))),
        ("has_keyed", Value::from(seen.iter().any(|table| table.is_keyed))),
        ("shown", shown.unwrap_or_default()),
        ("has_intervals", Value::from(holds(surface, &|of| *of == ColumnType::Duration))),
        ("has_decimals", Value::from(holds(surface, &|of| matches!(of, ColumnType::Decimal(_))))),
        ("renamed", Value::from(seen.iter().flat_map(|table| renamed(&all, table)).collect::<Vec<_>>())),
        ("has_relations", Value::from(related.is_some())),
        ("related", related.unwrap_or_default()),
        ("symbols", Value::from(seen.iter().flat_map(Seen::symbols).collect::<Vec<_>>())),
        ("by_module", Value::from(sorted(&views, "module"))),
        (
            "exports",
            Value::from(exports(
                seen.iter().flat_map(|table| [table.name.class.clone(), format!("{}Repository", table.name.class)]),
            )),
        ),
        (
            "own_exports",
            Value::from(exports(
                [
                    own.class.clone(),
                    own.async_class.clone(),
                    "Config".to_owned(),
                    "Tables".to_owned(),
                    "Transaction".to_owned(),
                ]
                .into_iter(),
            )),
        ),
        ("ledger", ledger(service)),
        ("tables", Value::from(views)),
    ]);
    entries
}

/// Whether a column, or a list that it holds, is of such a type.
fn holds(surface: &Tables, wanted: &dyn Fn(&ColumnType) -> bool) -> bool {
    surface.tables.iter().flat_map(|table| &table.columns).any(|column| wanted(column.of.innermost()))
}

/// The columns that code calls otherwise than one would expect.
fn renamed(all: &All<'_, '_>, seen: &Seen<'_>) -> Vec<Value> {
    let view = |column: &Decided<'_>| {
        let table = all.qualified(seen.table);
        view! { table: table, wire: column.column.name.clone(), name: Code(column.name.clone()) }
    };
    seen.columns.iter().filter(|column| all.writer.is_renamed(column)).map(view).collect()
}

/// Everything that can be set where the adapter runs.
fn settings(product: &str, columns: &Columns, options: &Json) -> Vec<Setting> {
    let number = |key: &str, default: f64| options.get(key).and_then(Json::as_f64).unwrap_or(default);
    let whole = |key: &str, default: u64| options.get(key).and_then(Json::as_u64).unwrap_or(default);
    let url = match product {
        "sqlite" => "`sqlite:////absolute/path`.",
        _ => "`postgresql://user:password@host/database?sslmode=verify-full`.",
    };
    let read_only = options.get("read_only").and_then(Json::as_bool).unwrap_or_default();
    let all = [
        Setting::required("DATABASE_URL", url).secret(),
        Setting::flag("READ_ONLY", "Refuse every write.", read_only),
        Setting::integer("POOL_SIZE", "How many connections are kept.", whole("pool_size", 5)),
        Setting::integer("POOL_OVERFLOW", "Connections opened beyond them under load.", 10),
        Setting::number("POOL_WAIT_SECONDS", "How long to wait for a free connection.", 10.0),
        Setting::number("POOL_RECYCLE_SECONDS", "Age at which a connection is replaced.", 1800.0),
        Setting::number("CONNECT_TIMEOUT_SECONDS", "How long a new connection may take.", 10.0),
        Setting::number(
            "STATEMENT_TIMEOUT_SECONDS",
            "How long one statement may run (PostgreSQL).",
            number("statement_timeout_seconds", 30.0),
        ),
        Setting::number("LOCK_TIMEOUT_SECONDS", "How long a statement may wait for a lock.", 5.0),
        Setting::number(
            "TIMEOUT_SECONDS",
            "Time for a whole transaction, retries included.",
            number("timeout_seconds", 60.0),
        ),
        Setting::integer("ATTEMPTS", "How often a transaction is tried.", whole("attempts", 3)),
    ];
    all.into_iter().filter(|setting| !columns.no_settings.iter().any(|name| name == setting.name)).collect()
}

fn product(surface: &Tables, options: &Json) -> String {
    let asked = options.get("product").and_then(Json::as_str).filter(|_| surface.product.is_empty());
    asked.unwrap_or(&surface.product).to_owned()
}

/// Names in the order of an export list: numbers in them count as numbers.
fn exports(names: impl Iterator<Item = String>) -> Vec<Value> {
    let mut names: Vec<String> = names.collect();
    names.sort_by_cached_key(|name| {
        let digits = |at: usize| name[at..].bytes().take_while(u8::is_ascii_digit).count();
        let mut key: Vec<(char, u64)> = Vec::new();
        let mut at = 0;
        while let Some(next) = name[at..].chars().next() {
            let count = digits(at);
            key.push((if count > 0 { '0' } else { next }, name[at..at + count].parse().unwrap_or_default()));
            at += count.max(next.len_utf8());
        }
        key
    });
    names.iter().map(|name| super::code(name)).collect()
}

/// Tables in the order that import lines want.
fn sorted(views: &[Value], by: &str) -> Vec<Value> {
    let key = |view: &Value| view.get_attr(by).map(|value| value.to_string()).unwrap_or_default();
    let mut sorted = views.to_vec();
    sorted.sort_by_cached_key(key);
    sorted
}

fn enumeration(wire: &str, name: &str, values: &[String]) -> Value {
    view! { name: Code(name.to_owned()), shown: format!("`{wire}`"), values: values.to_vec() }
}

/// What is not as the source says.
fn ledger(service: &Service) -> Value {
    let row =
        |name: String, outcome: &'static str, what: &str| view! { name: name, outcome: outcome, what: what.to_owned() };
    let entries = service.ledger.entries.iter().filter(|entry| entry.outcome != Outcome::Excluded);
    let mut rows: Vec<Value> = entries
        .flat_map(|entry| entry.reasons.iter().map(move |reason| (entry, reason)))
        .map(|(entry, reason)| {
            let outcome = if entry.outcome == Outcome::Skipped { "skipped" } else { "degraded" };
            row(entry.name.clone(), outcome, &reason.what)
        })
        .collect();
    for (what, names) in service.ledger.left_out() {
        let more = if names.len() > 1 { format!(" and {} more", names.len() - 1) } else { String::new() };
        rows.push(row(format!("{}{more}", names[0]), "left out", what));
    }
    Value::from(rows)
}
