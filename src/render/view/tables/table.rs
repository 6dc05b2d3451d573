//! One table as templates see it: its names, its columns, what can be done with its rows.

use minijinja::Value;

use super::columns::{Decided, Writer};
use super::names::TableName;
use super::references::{Found, constraint};
use crate::model::Tables;
use crate::model::column_type::ColumnType;
use crate::model::tables::{Table, TableKind};
use crate::render::engine::Code;
use crate::render::view::{code, docs};
use crate::view;

/// One table with its names and its columns.
pub struct Seen<'s> {
    pub table: &'s Table,
    pub name: &'s TableName,
    pub columns: Vec<Decided<'s>>,
    pub is_keyed: bool,
    /// By the key's own order.
    pub keys: Vec<usize>,
}

impl<'s> Seen<'s> {
    pub fn of(table: &'s Table, name: &'s TableName, writer: &Writer<'s>) -> Self {
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

    pub fn keys(&self) -> impl Iterator<Item = &Decided<'s>> {
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

    pub fn symbols(&self) -> Vec<Value> {
        let symbol = |operation: &str| Value::from(format!("{}.{operation}", self.name.attribute));
        self.operations().into_iter().map(symbol).collect()
    }
}

/// All tables, so that each can be told of those it refers to.
pub struct All<'a, 's> {
    pub surface: &'s Tables,
    pub tables: &'a [Seen<'s>],
    pub writer: &'a Writer<'a>,
}

impl<'s> All<'_, 's> {
    pub fn table(&self, seen: &Seen<'s>) -> Value {
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
        let operations: Vec<Value> = seen.operations().into_iter().map(code).collect();
        view! {
            wire: table.name.clone(),
            shown: format!("`{}`", table.name),
            schema: table.schema.clone(),
            is_far: is_far,
            qualified: self.qualified(table),
            what: what(table.kind),
            description: docs::paragraph(&table.description),
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
    pub fn qualified(&self, table: &Table) -> String {
        if table.schema == self.surface.default_schema {
            table.name.clone()
        } else {
            format!("{}.{}", table.schema, table.name)
        }
    }

    /// The enums that the columns name.
    fn enums(&self, seen: &Seen<'s>) -> Vec<Value> {
        let mut names: Vec<&str> = Vec::new();
        for column in &seen.table.columns {
            if let ColumnType::Enum(name) = column.of.innermost()
                && let Some(name) = self.writer.names.enum_name(name).filter(|name| !names.contains(name))
            {
                names.push(name);
            }
        }
        names.sort_unstable();
        names.into_iter().map(code).collect()
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
            vary.iter().flat_map(|key| &key.written.values).map(|(written, _)| code(written)).collect();
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
}

fn what(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Table => "Table",
        TableKind::View => "View",
        TableKind::MaterializedView => "Materialized view",
        TableKind::ForeignTable => "Foreign table",
    }
}
