//! The names of tables and columns in one language: no two alike, none that is taken, none that is no file.

use std::collections::{HashMap, HashSet};

use crate::model::tables::{Enum, Table};
use crate::model::{Tables, column_type::TypeName};
use crate::render::language::{Case, Columns, Language};
use crate::render::names::{Role, cased, exact_first, in_order, spell};

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
        let fields: Vec<Vec<String>> =
            surface.tables.iter().map(|table| column_names(table, language, Role::Field, &reserved.columns)).collect();
        // A script without capitals spells classes and fields alike: the field would hide the class in annotations.
        let hidden: HashSet<&String> = fields.iter().flatten().filter(|_| language.names.field != Case::Wire).collect();
        let seen = |wire: &str| {
            let is_hidden = hidden.contains(&cased(language, Role::Type, wire));
            if is_hidden { format!("{wire}_{}", columns.escape_class) } else { wire.to_owned() }
        };
        let enums = surface.enums.iter().map(|found| (found, classes.name(&seen(&found.name), &[]))).collect();
        let wires = unique_wires(surface, &attributes);
        let one = |at: usize| {
            let (table, wire) = (&surface.tables[at], &wires[at]);
            let class = classes.name(&seen(wire), &[("", "Repository"), ("New", ""), ("", "Changes"), ("", "Table")]);
            // A name of one letter is spelled alike as a type and as a constant.
            let is_class = spell(language, Role::Constant, wire) == class;
            let constant = constants.name(&if is_class { format!("{wire}_table") } else { wire.clone() }, &[]);
            TableName {
                class,
                attribute: attributes.name(wire, &[]),
                module: modules.name(wire, &[]),
                constant,
                columns: fields[at].clone(),
                parameters: column_names(table, language, Role::Variable, &reserved.parameters),
            }
        };
        let order = exact_first(language, Role::Variable, wires.iter());
        let tables = in_order(&order, one);
        Self { tables, enums }
    }

    pub fn enum_name(&self, of: &TypeName) -> Option<&str> {
        self.enums.iter().find(|(found, _)| found.is(of)).map(|(_, name)| name.as_str())
    }
}

/// The name of each table, with its schema where another's is spelled alike.
fn unique_wires(surface: &Tables, speller: &Speller<'_>) -> Vec<String> {
    let spelled: Vec<String> = surface.tables.iter().map(|table| speller.plain(&table.name).to_lowercase()).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in &spelled {
        *counts.entry(name).or_default() += 1;
    }
    let wire = |(table, name): (&Table, &String)| {
        if counts[name.as_str()] > 1 && table.schema != surface.default_schema {
            format!("{}_{}", table.schema, table.name)
        } else {
            table.name.clone()
        }
    };
    surface.tables.iter().zip(&spelled).map(wire).collect()
}

fn column_names(table: &Table, language: &Language, role: Role, reserved: &HashSet<String>) -> Vec<String> {
    if role == Role::Field && language.names.field == Case::Wire {
        return table.columns.iter().map(|column| column.name.clone()).collect();
    }
    let mut speller = Speller::new(language, role, reserved, &language.names.escape);
    let order = exact_first(language, role, table.columns.iter().map(|column| &column.name));
    // Both names of `{ wire: parameter }` stay on one line.
    let longest = language.width.saturating_sub("      \"\": ,".len());
    in_order(&order, |at| {
        let wire = &table.columns[at].name;
        let is_long = role == Role::Variable
            && language.names.field == Case::Wire
            && wire.chars().count() + speller.plain(wire).chars().count() > longest;
        speller.name(if is_long { "key" } else { wire }, &[])
    })
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

    /// Spells `wire`, whatever is taken.
    fn plain(&self, wire: &str) -> String {
        let plain = if self.role == Role::Module { spell } else { cased }(self.language, self.role, wire);
        let mut plain: String = plain.chars().take(MAX_LENGTH).collect();
        if self.is_reserved(&plain) {
            plain.push_str(self.escape);
        }
        plain
    }

    /// Spells `wire`; the name and what is made of it with `around` are free until then.
    pub fn name(&mut self, wire: &str, around: &[(&str, &str)]) -> String {
        let plain = self.plain(wire);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;
    use crate::model::column_type::ColumnType;
    use crate::model::tables::{Column, TableKind};

    fn table(schema: &str, name: &str, columns: &[&str]) -> Table {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            of: ColumnType::Boolean,
            nullable: true,
            default: None,
            identity: None,
            generated: None,
            description: String::new(),
            origin: Origin::default(),
        };
        Table {
            name: name.to_owned(),
            schema: schema.to_owned(),
            kind: TableKind::Table,
            description: String::new(),
            columns: columns.iter().map(column).collect(),
            primary_key: None,
            unique: Vec::new(),
            references: Vec::new(),
            origin: Origin::default(),
        }
    }

    #[test]
    fn a_name_that_can_stay_is_not_taken_by_another() {
        let surface = Tables {
            default_schema: "public".to_owned(),
            tables: vec![
                table("audit", "order", &[]),
                table("public", "Order", &[]),
                table("public", "Tag", &[]),
                table("public", "tag", &["X", "x", "a b", "a_b"]),
            ],
            ..Tables::default()
        };
        let language = Language::load(&crate::pattern::assets::Assets::built_in(), "python").unwrap();
        let names = Names::of(&surface, &language, language.columns.as_ref().unwrap(), &[]);
        let attributes: Vec<&str> = names.tables.iter().map(|table| table.attribute.as_str()).collect();
        assert_eq!(attributes, ["audit_order", "order", "tag2", "tag"]);
        assert_eq!((names.tables[2].class.as_str(), names.tables[3].class.as_str()), ("Tag2", "Tag"));
        assert_eq!(names.tables[3].columns, ["x2", "x", "a_b_2", "a_b"]);
    }

    #[test]
    fn no_field_hides_a_class() {
        let surface = Tables {
            default_schema: "public".to_owned(),
            tables: vec![table("public", "日本", &["日本"]), table("public", "tag", &["tag"])],
            ..Tables::default()
        };
        let language = Language::load(&crate::pattern::assets::Assets::built_in(), "python").unwrap();
        let names = Names::of(&surface, &language, language.columns.as_ref().unwrap(), &[]);
        let classes: Vec<&str> = names.tables.iter().map(|table| table.class.as_str()).collect();
        assert_eq!(classes, ["日本Row", "Tag"]);
        assert_eq!(names.tables[0].columns, ["日本"]);
    }
}
