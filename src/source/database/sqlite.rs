//! The catalog of an SQLite file: `sqlite_schema` and the pragmas that describe each table. The file is opened to read only.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::declared::column_type;
use super::{Catalog, Relation, origin};
use crate::model::tables::{Column, Identity, Key, OnDelete, Reference, Table, TableKind};
use crate::problem::Problem;

/// The schema of the file itself.
const MAIN: &str = "main";

const TABLES: &str = "select name, type, ncol, wr from pragma_table_list
    where schema = 'main' and name not like 'sqlite\\_%' escape '\\' order by name";

const COLUMNS: &str = "select name, type, \"notnull\", dflt_value, pk, hidden from pragma_table_xinfo(?) order by cid";

/// Unique constraints and the primary key, each with its columns in their order; not the indices beside them.
const KEYS: &str = "select l.name, l.origin, i.name from pragma_index_list(?) l join pragma_index_info(l.name) i
    where l.origin in ('u', 'pk') order by l.seq desc, i.seqno";

const REFERENCES: &str =
    "select id, \"table\", \"from\", \"to\", on_delete from pragma_foreign_key_list(?) order by id desc, seq";

type ColumnRow = (String, String, bool, Option<String>, i64, i64);
type ReferenceRow = (i64, String, String, Option<String>, String);

pub async fn read(url: &str, name: &str) -> Result<Catalog> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
    let path = if Path::new(path).is_file() { path } else { path.split('?').next().unwrap_or(path) };
    let fault = |fault: sqlx::Error| problem_of(&fault, name);
    if !Path::new(path).is_file() {
        return Err(Problem::new(
            format!("`{name}`: there is no such file"),
            "name an SQLite file: `sqlite:PATH`, or the path alone",
        )
        .into());
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(fault)?;
    let catalog = ask(&mut connection, name, path).await;
    // The answers are there; how the goodbye goes changes nothing.
    let _ = connection.close().await;
    catalog.map_err(|fault| problem_of(&fault, name).into())
}

async fn ask(connection: &mut SqliteConnection, name: &str, path: &str) -> Result<Catalog, sqlx::Error> {
    let mut one_moment = connection.begin().await?;
    let (version,): (String,) = sqlx::query_as("select sqlite_version()").fetch_one(&mut *one_moment).await?;
    let tables: Vec<(String, String, i64, bool)> = sqlx::query_as(TABLES).fetch_all(&mut *one_moment).await?;
    let mut relations = Vec::new();
    for (table, kind, _, without_rowid) in tables {
        relations.push(relation(&mut one_moment, name, &table, &kind, without_rowid).await?);
    }
    one_moment.rollback().await?;
    complete(&mut relations);
    let title = Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    Ok(Catalog { title, version, default_schema: MAIN.to_owned(), enums: Vec::new(), relations })
}

async fn relation(
    connection: &mut SqliteConnection,
    file: &str,
    name: &str,
    kind: &str,
    without_rowid: bool,
) -> Result<Relation, sqlx::Error> {
    let mut table = Table {
        name: name.to_owned(),
        schema: MAIN.to_owned(),
        kind: if kind == "view" { TableKind::View } else { TableKind::Table },
        description: String::new(),
        columns: Vec::new(),
        primary_key: None,
        unique: Vec::new(),
        references: Vec::new(),
        origin: origin(file, &[MAIN, name]),
    };
    let left_out = match kind {
        "shadow" => Some("it belongs to a virtual table".to_owned()),
        "virtual" => Some("a virtual table: it is read and written in a way of its own".to_owned()),
        _ => None,
    };
    if left_out.is_some() {
        return Ok(Relation { table, left_out, fault: None, degraded: None });
    }
    // A view whose tables are gone has no columns to ask for.
    let rows: Vec<ColumnRow> = match sqlx::query_as(COLUMNS).bind(name).fetch_all(&mut *connection).await {
        Ok(rows) => rows,
        Err(sqlx::Error::Database(error)) => {
            return Ok(Relation {
                table,
                left_out,
                fault: Some(format!("it cannot be read: {}", error.message())),
                degraded: None,
            });
        }
        Err(fault) => return Err(fault),
    };
    let keys: Vec<(String, String, Option<String>)> =
        sqlx::query_as(KEYS).bind(name).fetch_all(&mut *connection).await?;
    let references: Vec<ReferenceRow> = sqlx::query_as(REFERENCES).bind(name).fetch_all(&mut *connection).await?;
    table.primary_key = primary_key(&rows);
    let rowid = (!without_rowid).then(|| rowid_column(&rows)).flatten();
    table.columns = rows.iter().map(|row| column(row, rowid, file, name)).collect();
    table.unique = unique(&keys);
    table.references = foreign_keys(&references);
    Ok(Relation { table, left_out, fault: None, degraded: None })
}

fn column(
    (name, declared, not_null, default, pk, hidden): &ColumnRow,
    rowid: Option<&str>,
    file: &str,
    table: &str,
) -> Column {
    Column {
        name: name.clone(),
        of: column_type(declared),
        // SQLite lets NULL into most primary keys, by an old mistake of its own; nobody means it.
        nullable: !not_null && *pk == 0,
        default: default.clone(),
        identity: (rowid == Some(name)).then_some(Identity::ByDefault),
        generated: (*hidden >= 2).then(|| "an expression".to_owned()),
        description: String::new(),
        origin: origin(file, &[MAIN, table, name]),
    }
}

fn primary_key(rows: &[ColumnRow]) -> Option<Key> {
    let mut parts: Vec<&ColumnRow> = rows.iter().filter(|row| row.4 > 0).collect();
    parts.sort_by_key(|row| row.4);
    let columns: Vec<String> = parts.into_iter().map(|row| row.0.clone()).collect();
    (!columns.is_empty()).then(|| Key { name: String::new(), columns, deferrable: false })
}

/// The column that is the number of the row: SQLite fills it.
fn rowid_column(rows: &[ColumnRow]) -> Option<&str> {
    let mut keys = rows.iter().filter(|row| row.4 > 0);
    match (keys.next(), keys.next()) {
        (Some(only), None) if only.1.eq_ignore_ascii_case("integer") => Some(&only.0),
        _ => None,
    }
}

/// The columns of each unique constraint; one over an expression has none and is left out.
fn unique(rows: &[(String, String, Option<String>)]) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for (name, origin, column) in rows.iter().filter(|row| row.1 == "u") {
        let _ = origin;
        let Some(column) = column else { continue };
        match keys.last_mut().filter(|key| key.name == *name) {
            Some(key) => key.columns.push(column.clone()),
            None => keys.push(Key { name: name.clone(), columns: vec![column.clone()], deferrable: false }),
        }
    }
    keys
}

fn foreign_keys(rows: &[ReferenceRow]) -> Vec<Reference> {
    let mut found: Vec<(i64, Reference)> = Vec::new();
    for (id, table, from, to, on_delete) in rows {
        if found.last().is_none_or(|(last, _)| last != id) {
            let on_delete = match on_delete.as_str() {
                "RESTRICT" => OnDelete::Restrict,
                "CASCADE" => OnDelete::Cascade,
                "SET NULL" => OnDelete::SetNull,
                "SET DEFAULT" => OnDelete::SetDefault,
                _ => OnDelete::NoAction,
            };
            let reference = Reference {
                name: String::new(),
                columns: Vec::new(),
                target_schema: MAIN.to_owned(),
                target_table: table.clone(),
                target_columns: Vec::new(),
                on_delete,
            };
            found.push((*id, reference));
        }
        if let Some((_, reference)) = found.last_mut() {
            reference.columns.push(from.clone());
            reference.target_columns.extend(to.clone());
        }
    }
    found.into_iter().map(|(_, reference)| reference).collect()
}

/// Gives references the names that their targets really have: SQLite takes them in any case, or none for the primary key.
fn complete(relations: &mut [Relation]) {
    let tables: HashMap<String, Table> =
        relations.iter().map(|relation| (relation.table.name.to_lowercase(), relation.table.clone())).collect();
    for relation in relations {
        let own = relation.table.columns.clone();
        relation.table.references.retain_mut(|reference| {
            let Some(target) = tables.get(&reference.target_table.to_lowercase()) else { return false };
            reference.target_table.clone_from(&target.name);
            if reference.target_columns.is_empty() {
                reference.target_columns = target.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
            }
            let columns = respelled(&reference.columns, &own);
            let target_columns = respelled(&reference.target_columns, &target.columns);
            let fits = columns.len() == target_columns.len() && columns.len() == reference.columns.len();
            (reference.columns, reference.target_columns) = (columns, target_columns);
            fits
        });
    }
}

/// `names` as `columns` spell them; those that are no columns are gone.
fn respelled(names: &[String], columns: &[Column]) -> Vec<String> {
    names
        .iter()
        .filter_map(|name| columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)))
        .map(|column| column.name.clone())
        .collect()
}

fn problem_of(fault: &sqlx::Error, name: &str) -> Problem {
    let what = fault.as_database_error().map_or_else(|| fault.to_string(), |error| error.message().to_owned());
    Problem::new(
        format!("`{name}`: {what}"),
        "name an SQLite file that can be read, and that no other program keeps locked",
    )
}
