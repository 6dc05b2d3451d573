//! The surface of a database: its tables and views, what their columns hold, and what refers to what.

use serde::{Deserialize, Serialize};

use super::Origin;
use super::column_type::{ColumnType, TypeName};
use super::types::is_false;

/// All tables and views of a database, in the order of the source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    /// `postgresql` or `sqlite`.
    pub product: String,
    /// Of the server that was asked; empty where none was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub product_version: String,
    /// The schema whose tables are found without naming it.
    pub default_schema: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enums: Vec<Enum>,
    pub tables: Vec<Table>,
}

/// A type with named values; the database may add others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    pub name: String,
    pub schema: String,
    pub values: Vec<String>,
    pub origin: Origin,
}

impl Enum {
    pub fn is(&self, name: &TypeName) -> bool {
        self.name == name.name && self.schema == name.schema
    }
}

/// A table, or what reads like one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    pub schema: String,
    pub kind: TableKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub columns: Vec<Column>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<Key>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique: Vec<Key>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    pub origin: Origin,
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    Table,
    View,
    MaterializedView,
    /// The rows are another server's.
    ForeignTable,
}

impl TableKind {
    /// Whether rows can be put into it.
    pub fn is_writable(self) -> bool {
        matches!(self, TableKind::Table | TableKind::ForeignTable)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub of: ColumnType,
    #[serde(default, skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// What the database puts in where nothing is given, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// What it is computed from; never written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub origin: Origin,
}

/// How a column numbers its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// The database alone gives the number.
    Always,
    /// The database gives it where the caller does not.
    ByDefault,
}

/// Columns whose values together are never twice in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub columns: Vec<String>,
    /// It may be broken until the end of a transaction, so nothing can be decided by it while a row is put in.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deferrable: bool,
}

/// A foreign key: `columns` hold what `target_columns` of another row hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub columns: Vec<String>,
    pub target_schema: String,
    pub target_table: String,
    pub target_columns: Vec<String>,
    pub on_delete: OnDelete,
}

/// What becomes of a row when the one it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}
