//! The names of tables and columns in one language: no two alike, none that is taken, none that is no file.

use std::collections::HashSet;

use crate::model::tables::{Enum, Table};
use crate::model::{Tables, column_type::TypeName};
use crate::render::language::{Case, Columns, Language};
use crate::render::names::{Role, cased, spell};

/// The longest name that is made of a source's, in characters: files take no longer ones, and readers neither.
const MAX_LENGTH: usize = 80;

/// What one table is called.
#[derive(Debug, Clone)]
pub struct TableName {
    pub class: String,
    /// Where the adapter has it: `shop.order_line`.
    pub attribute: String,
    pub module: String,
    pub constant: String,
    /// By column, in their order.
    pub columns: Vec<String>,
    /// The same as parameters of functions.
    pub parameters: Vec<String>,
}

/// What everything is called.
pub struct Names<'s> {
    pub tables: Vec<TableName>,
    pub enums: Vec<(&'s Enum, String)>,
}

impl<'s> Names<'s> {
    /// `taken` are the classes of the adapter itself.
    pub fn of(surface: &'s Tables, language: &Language, columns: &Columns, taken: &[&str]) -> Self {
        let reserved = &columns.reserved;
        let mut classes = Speller::new(language, Role::Type, &reserved.classes, &columns.escape_class);
        classes.taken.extend(taken.iter().map(|name| name.to_lowercase()));
        let mut attributes = Speller::new(language, Role::Variable, &reserved.tables, &language.names.escape);
        let mut modules = Speller::new(language, Role::Module, &reserved.modules, &language.names.escape);
        let mut constants = Speller::new(language, Role::Constant, &reserved.constants, &language.names.escape);
        let enums = surface.enums.iter().map(|found| (found, classes.name(&found.name, &[]))).collect();
        let tables = surface.tables.iter().map(|table| {
            let wire = unique_wire(surface, table);
            let class = classes.name(&wire, &[("", "Repository"), ("New", ""), ("", "Changes"), ("", "Table")]);
            // A name of one letter is spelled alike as a type and as a constant.
            let is_class = spell(language, Role::Constant, &wire) == class;
            let constant = constants.name(&if is_class { format!("{wire}_table") } else { wire.clone() }, &[]);
            TableName {
                class,
                attribute: attributes.name(&wire, &[]),
                module: modules.name(&wire, &[]),
                constant,
                columns: column_names(table, language, Role::Field, &reserved.columns),
                parameters: column_names(table, language, Role::Variable, &reserved.parameters),
            }
        });
        Self { tables: tables.collect(), enums }
    }

    pub fn enum_name(&self, of: &TypeName) -> Option<&str> {
        self.enums.iter().find(|(found, _)| found.is(of)).map(|(_, name)| name.as_str())
    }
}

/// The name of a table, with its schema where another has the same name.
fn unique_wire(surface: &Tables, table: &Table) -> String {
    let is_twin = surface.tables.iter().filter(|other| other.name == table.name).count() > 1;
    if is_twin && table.schema != surface.default_schema {
        format!("{}_{}", table.schema, table.name)
    } else {
        table.name.clone()
    }
}

fn column_names(table: &Table, language: &Language, role: Role, reserved: &HashSet<String>) -> Vec<String> {
    if role == Role::Field && language.names.field == Case::Wire {
        return table.columns.iter().map(|column| column.name.clone()).collect();
    }
    let mut speller = Speller::new(language, role, reserved, &language.names.escape);
    table.columns.iter().map(|column| speller.name(&column.name, &[])).collect()
}

/// Spells the names of one scope.
pub struct Speller<'l> {
    language: &'l Language,
    role: Role,
    reserved: &'l HashSet<String>,
    escape: &'l str,
    /// In small letters: case alone does not part files on every system, nor readers.
    taken: HashSet<String>,
}

impl<'l> Speller<'l> {
    pub fn new(language: &'l Language, role: Role, reserved: &'l HashSet<String>, escape: &'l str) -> Self {
        Self { language, role, reserved, escape, taken: HashSet::new() }
    }

    pub fn with(mut self, taken: &[String]) -> Self {
        self.taken.extend(taken.iter().map(|name| name.to_lowercase()));
        self
    }

    /// Spells `wire`; the name and what is made of it with `around` are free until then.
    pub fn name(&mut self, wire: &str, around: &[(&str, &str)]) -> String {
        let plain = if self.role == Role::Module { spell } else { cased }(self.language, self.role, wire);
        let mut plain: String = plain.chars().take(MAX_LENGTH).collect();
        if self.is_reserved(&plain) {
            plain.push_str(self.escape);
        }
        let parted = plain.contains('_') || plain.ends_with(|c: char| c.is_ascii_digit());
        let numbered = |count: usize| match count {
            1 => plain.clone(),
            _ => format!("{plain}{}{count}", if parted { "_" } else { "" }),
        };
        let all = |name: &str| {
            let made = around.iter().map(|(before, after)| format!("{before}{name}{after}").to_lowercase());
            made.chain([name.to_lowercase()]).collect::<Vec<_>>()
        };
        let name = (1..)
            .map(numbered)
            .find(|name| all(name).iter().all(|name| !self.taken.contains(name)))
            .unwrap_or(plain.clone());
        self.taken.extend(all(&name));
        name
    }

    fn is_reserved(&self, name: &str) -> bool {
        self.reserved.contains(name) || self.language.names.reserved.contains(name)
    }
}
