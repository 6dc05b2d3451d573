//! Tables as one language spells them: a class of rows each, what may be given and changed, what can be done.
//!
//! A table with a primary key is read and written by it. A view, and a table without a key, is listed; rows are put into the
//! latter. What refers to what is read only when it is asked for.

mod columns;
mod names;

use minijinja::Value;
use serde_json::Value as Json;

use self::columns::{Decided, Writer, quoted};
use self::names::{Names, Speller, TableName};
use super::settings::{self, Setting};
use crate::model::tables::{Reference, Table, TableKind};
use crate::model::{Outcome, Service, Tables};
use crate::render::engine::Code;
use crate::render::language::{Columns, Language};
use crate::render::names::Role;
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

/// One table with its names and its columns.
struct Seen<'s> {
    table: &'s Table,
    name: &'s TableName,
    columns: Vec<Decided<'s>>,
    is_keyed: bool,
    /// By the key's own order.
    keys: Vec<usize>,
}

impl<'s> Seen<'s> {
    fn of(table: &'s Table, name: &'s TableName, writer: &Writer<'s>) -> Self {
        let is_keyed = table.primary_key.is_some() && table.kind.is_writable();
        let position = |name: &String| table.columns.iter().position(|column| column.name == *name);
        let keys = table
            .primary_key
            .iter()
            .filter(|_| is_keyed)
            .flat_map(|key| key.columns.iter().filter_map(position))
            .collect();
        Self { table, name, columns: writer.decide(table, name, is_keyed), is_keyed, keys }
    }

    fn keys(&self) -> impl Iterator<Item = &Decided<'s>> {
        self.keys.iter().map(|at| &self.columns[*at])
    }

    fn has_update(&self) -> bool {
        self.is_keyed && self.columns.iter().any(|column| column.is_updatable)
    }

    /// Whether the database can tell by the key which row a new one would replace.
    fn has_upsert(&self) -> bool {
        self.is_keyed
            && self.keys().all(|key| key.is_insertable)
            && self.table.primary_key.as_ref().is_some_and(|key| !key.deferrable)
    }

    fn operations(&self) -> Vec<&'static str> {
        let all = [
            ("get", self.is_keyed),
            ("list", true),
            ("insert", self.table.kind.is_writable()),
            ("upsert", self.has_upsert()),
            ("update", self.has_update()),
            ("delete", self.is_keyed),
        ];
        all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
    }

    fn symbols(&self) -> Vec<Value> {
        let symbol = |operation: &str| Value::from(format!("{}.{operation}", self.name.attribute));
        self.operations().into_iter().map(symbol).collect()
    }
}

/// All tables, so that each can be told of those it refers to.
struct All<'a, 's> {
    surface: &'s Tables,
    tables: &'a [Seen<'s>],
    writer: &'a Writer<'a>,
}

impl<'s> All<'_, 's> {
    fn table(&self, seen: &Seen<'s>) -> Value {
        let (table, name) = (seen.table, seen.name);
        let references = self.references(seen);
        let columns: Vec<Value> = seen.columns.iter().map(|column| self.column(column, &references)).collect();
        let pick = |wanted: &dyn Fn(&Decided<'_>) -> bool| -> Vec<Value> {
            seen.columns
                .iter()
                .zip(&columns)
                .filter(|(column, _)| wanted(column))
                .map(|(_, view)| view.clone())
                .collect()
        };
        let keys: Vec<Value> = seen.keys.iter().map(|at| columns[*at].clone()).collect();
        let key_order: Vec<String> = seen.keys().map(|key| key.column.name.clone()).collect();
        let in_order = seen.keys.is_sorted();
        let constraints: Vec<Value> = references
            .iter()
            .filter(|found| found.reference.columns.len() > 1)
            .map(|found| constraint(found))
            .collect();
        let is_far = table.schema != self.surface.default_schema;
        let relations = self.relations(seen, &references);
        let tested = self.tested(seen);
        let operations: Vec<Value> = seen.operations().into_iter().map(super::code).collect();
        view! {
            wire: table.name.clone(),
            shown: format!("`{}`", table.name),
            schema: table.schema.clone(),
            is_far: is_far,
            qualified: self.qualified(table),
            what: what(table.kind),
            description: super::docs::paragraph(&table.description),
            class: Code(name.class.clone()),
            attribute: Code(name.attribute.clone()),
            module: Code(name.module.clone()),
            constant: Code(name.constant.clone()),
            is_keyed: seen.is_keyed,
            is_writable: table.kind.is_writable(),
            has_upsert: seen.has_upsert(),
            has_update: seen.has_update(),
            operations: operations,
            columns: columns.clone(),
            new: pick(&|column| column.is_insertable),
            changes: pick(&|column| column.is_updatable && seen.is_keyed),
            keys: keys,
            key_is_one: seen.keys.len() == 1,
            key_order: key_order,
            key_is_reordered: seen.is_keyed && !in_order,
            has_arguments: !constraints.is_empty() || (seen.is_keyed && !in_order) || is_far,
            constraints: constraints,
            relations: relations.0,
            imports: relations.1,
            enums: self.enums(seen),
            tested: tested,
            create: Code(self.create(seen)),
            links: self.links(seen).into_iter().map(|link| Value::from(Code(link))).collect::<Vec<_>>(),
        }
    }

    fn column(&self, column: &Decided<'_>, references: &[Found<'_, 's>]) -> Value {
        let single = references.iter().filter(|found| found.reference.columns == [column.column.name.as_str()]);
        let targets: Vec<String> = single
            .map(|found| format!("{}.{}", self.qualified(found.target.table), found.reference.target_columns[0]))
            .collect();
        self.writer.view(column, &targets)
    }

    /// The name under which statements find a table.
    fn qualified(&self, table: &Table) -> String {
        if table.schema == self.surface.default_schema {
            table.name.clone()
        } else {
            format!("{}.{}", table.schema, table.name)
        }
    }

    /// The foreign keys to tables that are there and have a key: one for the same columns and the same table.
    fn references(&self, seen: &Seen<'s>) -> Vec<Found<'_, 's>> {
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
    fn relations(&self, seen: &Seen<'s>, references: &[Found<'_, 's>]) -> (Vec<Value>, Vec<Value>) {
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
                .map(|column| super::code(&column.name))
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
                columns: own.iter().map(|column| super::code(&column.name)).collect::<Vec<_>>(),
                is_self: is_self,
                remote: remote,
            });
        }
        modules.sort();
        modules.dedup();
        let imports = modules.into_iter().map(|(module, class)| view! { module: Code(module), class: Code(class) });
        (views, imports.collect())
    }

    /// The enums that the columns name.
    fn enums(&self, seen: &Seen<'s>) -> Vec<Value> {
        let mut names: Vec<&str> = Vec::new();
        for column in &seen.table.columns {
            if let crate::model::column_type::ColumnType::Enum(name) = column.of.innermost()
                && let Some(name) = self.writer.names.enum_name(name).filter(|name| !names.contains(name))
            {
                names.push(name);
            }
        }
        names.sort_unstable();
        names.into_iter().map(super::code).collect()
    }

    /// What tests vary and change.
    fn tested(&self, seen: &Seen<'s>) -> Value {
        let vary = seen.keys().find(|key| key.is_insertable && key.written.values.len() >= 3);
        let mut changes = seen.columns.iter().filter(|column| column.is_updatable);
        let change = changes.clone().find(|column| column.written.values.len() > 1);
        let clear =
            changes.find(|column| column.column.nullable && change.is_none_or(|change| change.name != column.name));
        let view =
            |column: Option<&Decided<'_>>| column.map_or(Value::from(()), |column| self.writer.view(column, &[]));
        let lower = |column: &Decided<'_>| column.column.name.to_lowercase();
        let mut spelled: Vec<String> = seen.columns.iter().map(lower).collect();
        spelled.sort_unstable();
        let keys: Vec<Value> =
            vary.iter().flat_map(|key| &key.written.values).map(|(written, _)| super::code(written)).collect();
        view! {
            // SQLite takes names that differ by case alone for one, and fills no key but a single whole number.
            is_offline: spelled.windows(2).all(|pair| pair[0] != pair[1])
                && seen.keys().all(|key| key.is_insertable || (seen.keys.len() == 1 && key.column.identity.is_some())),
            key_is_given: seen.keys().all(|key| key.is_insertable),
            has_vary: vary.is_some(),
            vary: view(vary),
            keys: keys,
            has_change: change.is_some(),
            change: view(change),
            has_clear: clear.is_some(),
            clear: view(clear),
            listed: view(vary.or_else(|| seen.keys().next())),
        }
    }

    /// The statement that creates the table; names are quoted, so nothing of them is SQL.
    fn create(&self, seen: &Seen<'s>) -> String {
        let is_sqlite = self.surface.product == "sqlite";
        let declared = |column: &Decided<'_>| {
            let null = if column.column.nullable { "" } else { " NOT NULL" };
            format!("{} {}{null}", quoted(&column.column.name), columns::sql(column.column, is_sqlite))
        };
        let mut lines: Vec<String> = seen.columns.iter().map(declared).collect();
        if seen.is_keyed {
            lines.push(format!("PRIMARY KEY ({})", list(seen.keys().map(|key| &key.column.name))));
        }
        lines.extend(self.foreign_keys(seen, false));
        format!("CREATE TABLE {} (\n  {}\n)", quoted(&seen.table.name), lines.join(",\n  "))
    }

    /// The statements that add what could not be said when the table was created.
    fn links(&self, seen: &Seen<'s>) -> Vec<String> {
        let link = |key: String| format!("ALTER TABLE {} ADD {key}", quoted(&seen.table.name));
        self.foreign_keys(seen, true).into_iter().map(link).collect()
    }

    /// The foreign keys to tables that are created `later`, or to those that are there by then.
    fn foreign_keys(&self, seen: &Seen<'s>, later: bool) -> Vec<String> {
        let place = |name: &str| self.tables.iter().position(|other| other.table.name == name);
        // SQLite asks for the other table only when a row comes.
        let is_later = |target: &str| self.surface.product != "sqlite" && place(target) > place(&seen.table.name);
        // Checked at once all the same, unless a transaction says otherwise, as tests of one table do.
        let deferrable = if self.surface.product == "sqlite" { "" } else { " DEFERRABLE" };
        let references = seen.table.references.iter().filter(|to| is_later(&to.target_table) == later);
        let key = |reference: &Reference| {
            format!(
                "FOREIGN KEY ({}) REFERENCES {} ({}){deferrable}",
                list(reference.columns.iter()),
                quoted(&reference.target_table),
                list(reference.target_columns.iter())
            )
        };
        references.map(key).collect()
    }
}

/// Names as SQL lists them.
fn list<'n>(names: impl Iterator<Item = &'n String>) -> String {
    names.map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// A foreign key whose target is there.
struct Found<'a, 's> {
    reference: &'s Reference,
    target: &'a Seen<'s>,
    /// The target's name in statements.
    qualified: String,
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

fn constraint(found: &Found<'_, '_>) -> Value {
    let targets: Vec<String> =
        found.reference.target_columns.iter().map(|name| format!("{}.{name}", found.qualified)).collect();
    view! { columns: found.reference.columns.clone(), targets: targets }
}

fn what(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Table => "Table",
        TableKind::View => "View",
        TableKind::MaterializedView => "Materialized view",
        TableKind::ForeignTable => "Foreign table",
    }
}
