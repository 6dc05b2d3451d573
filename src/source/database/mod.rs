//! A live database → `Service`: tables, views and their columns, read from the catalog and nothing else.

pub mod declared;
pub mod entities;
mod postgresql;
mod sqlite;
pub mod url;

use std::time::Duration;

use anyhow::{Context, Result};

use super::Filter;
use super::identify::Kind;
use crate::model::column_type::ColumnType;
use crate::model::ledger::Reason;
use crate::model::tables::{Enum, Table};
use crate::model::{Entry, Ledger, Origin, Outcome, Service, SourceName, Surface, Tables};
use crate::problem;

/// The longest time for all questions to a database together.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What a catalog says, before anything is left out.
struct Catalog {
    /// What the database is called.
    title: String,
    version: String,
    default_schema: String,
    enums: Vec<Enum>,
    relations: Vec<Relation>,
}

/// One table or view.
struct Relation {
    table: Table,
    /// Why it is not a table of its own, as one that is part of another.
    left_out: Option<String>,
    /// What is wrong with it.
    fault: Option<String>,
    /// What of it is not as the database says.
    degraded: Option<String>,
}

/// Reads the tables that `filter` keeps from the database at `url`; `name` is how it may be shown.
pub fn read(url: &str, name: &str, kind: Kind, filter: &Filter) -> Result<Service> {
    let name = sources_name(name, kind);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot set up a runtime")?;
    let asked = runtime.block_on(async {
        let catalog = async {
            match kind {
                Kind::Sqlite => sqlite::read(url, &name).await,
                _ => postgresql::read(url, &name).await,
            }
        };
        tokio::time::timeout(TIMEOUT, catalog).await
    });
    let Ok(catalog) = asked else {
        problem!(help: "try again, or look at what keeps the server busy"; "`{name}`: the database did not answer within {} seconds", TIMEOUT.as_secs());
    };
    service(catalog?, name, kind, filter)
}

/// A file's place on this machine is nobody else's business.
fn sources_name(name: &str, kind: Kind) -> String {
    let path = name.strip_prefix("sqlite:").map_or(name, |path| path.trim_start_matches("//"));
    match std::path::Path::new(path).file_name().and_then(|file| file.to_str()) {
        Some(file) if kind == Kind::Sqlite && path.starts_with('/') => format!("sqlite:{file}"),
        _ => name.to_owned(),
    }
}

fn service(catalog: Catalog, name: String, kind: Kind, filter: &Filter) -> Result<Service> {
    if catalog.relations.is_empty() {
        problem!(help: "create the tables first, or describe them: `--set entities=…`"; "`{name}`: the database has no tables that can be seen");
    }
    let source = catalog.relations.len();
    let (mut tables, mut entries) = (Vec::new(), Vec::new());
    for relation in catalog.relations {
        let (entry, table) = account(relation, filter);
        entries.push(entry);
        tables.extend(table);
    }
    if tables.is_empty() && entries.iter().all(|entry| entry.outcome == Outcome::Excluded) {
        problem!(help: "name one of them, such as `--include 'public.*'`; `integrate model` lists all"; "`{name}`: none of its {source} tables is wanted");
    }
    let enums = catalog.enums.into_iter().filter(|found| uses(&tables, found)).collect();
    let surface = Tables {
        product: kind.name().to_owned(),
        product_version: catalog.version,
        default_schema: catalog.default_schema,
        enums,
        tables,
    };
    let hash = crate::lock::hash(serde_json::to_string(&surface.tables)?.as_bytes());
    Ok(Service {
        title: catalog.title,
        description: String::new(),
        version: String::new(),
        source: SourceName { kind: kind.name().to_owned(), name, hash },
        types: indexmap::IndexMap::new(),
        security: indexmap::IndexMap::new(),
        surface: Surface::Tables(surface),
        ledger: Ledger { source, entries, notes: Vec::new() },
    })
}

/// What becomes of a relation, and its table where it is wanted.
fn account(relation: Relation, filter: &Filter) -> (Entry, Option<Table>) {
    let Relation { table, left_out, fault, degraded } = relation;
    let entry = |outcome, reasons: &Option<String>| Entry {
        name: qualified(&table.schema, &table.name),
        outcome,
        reasons: reasons.iter().map(|what| Reason { what: what.clone(), place: table.origin.place() }).collect(),
        origin: table.origin.clone(),
    };
    if !filter.keeps(&[&table.name, &format!("{}.{}", table.schema, table.name)]) {
        return (entry(Outcome::Excluded, &None), None);
    }
    if left_out.is_some() {
        return (entry(Outcome::Excluded, &left_out), None);
    }
    if fault.is_some() {
        return (entry(Outcome::Skipped, &fault), None);
    }
    let outcome = if degraded.is_some() { Outcome::Degraded } else { Outcome::Generated };
    (entry(outcome, &degraded), Some(table))
}

/// `schema.name`, as the ledger and places name a table.
fn qualified(schema: &str, name: &str) -> String {
    format!("{schema}.{name}")
}

/// The place of a table or a column in a catalog.
fn origin(file: &str, path: &[&str]) -> Origin {
    Origin { file: file.to_owned(), pointer: path.join("."), line: 0, column: 0 }
}

fn uses(tables: &[Table], found: &Enum) -> bool {
    let columns = tables.iter().flat_map(|table| &table.columns);
    columns.into_iter().any(|column| matches!(column.of.innermost(), ColumnType::Enum(name) if found.is(name)))
}
