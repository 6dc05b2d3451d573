//! `pyproject.toml` as a manifest: PEP 621 and PEP 735 lists, uv's and Poetry's tables; comments and layout stay.

use super::edit::{Found, Manifest, extras};
use super::range::{Spelling, overlap};
use super::requirement::{normal, requirement};
use super::toml_list;
use crate::lock::Addition;
use crate::problem;
use anyhow::Result;
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

/// What the file holds when there is none. The name is no folder's, so that the bytes are the same everywhere.
pub const STARTER: &str =
    "[project]\nname = \"integrations\"\nversion = \"0.1.0\"\nrequires-python = \">=3.11\"\ndependencies = []\n";

const PROJECT: &str = "project.dependencies";
const GROUP: &str = "dependency-groups.dev";
const UV: &str = "tool.uv.dev-dependencies";
const POETRY: &str = "tool.poetry.dependencies";
const POETRY_DEV: &str = "tool.poetry.group.dev.dependencies";
const POETRY_OLD_DEV: &str = "tool.poetry.dev-dependencies";

/// The oldest Python that generated code runs on.
const OLDEST: &str = "<3.11";

struct Pyproject {
    document: DocumentMut,
}

/// Reads the text.
///
/// Errors with a `Problem` when it is not TOML.
pub fn parse(text: &str) -> Result<Box<dyn Manifest>> {
    match text.parse() {
        Ok(document) => Ok(Box::new(Pyproject { document })),
        Err(error) => {
            let error: toml_edit::TomlError = error;
            let before = &text[..error.span().map_or(0, |span| span.start.min(text.len()))];
            let (line, column) =
                (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
            problem!(help: "mend it, then run the command again"; "pyproject.toml:{line}:{column}: {}", error.message())
        }
    }
}

impl Pyproject {
    fn item(&self, path: &str) -> Option<&Item> {
        let first = Some(self.document.as_item());
        path.split('.').fold(first, |item, key| item?.as_table_like()?.get(key))
    }

    fn has(&self, path: &str) -> bool {
        self.item(path).is_some()
    }

    fn list_mut(&mut self, path: &str) -> Option<&mut Array> {
        let first = Some(self.document.as_item_mut());
        path.split('.').fold(first, |item, key| item?.as_table_like_mut()?.get_mut(key))?.as_array_mut()
    }

    fn table_mut(&mut self, path: &str) -> Option<&mut dyn TableLike> {
        let first = Some(self.document.as_item_mut());
        let keys = path.split('.').filter(|key| !key.is_empty());
        keys.fold(first, |item, key| item?.as_table_like_mut()?.get_mut(key))?.as_table_like_mut()
    }

    fn listed(&self, table: &str, runtime: bool) -> Vec<Found> {
        let texts = self.item(table).and_then(Item::as_array).into_iter().flatten().filter_map(Value::as_str);
        let found = texts.filter_map(|text| {
            let requirement = requirement(text)?;
            let (name, range) = (requirement.name, requirement.range);
            Some(Found {
                table: table.to_owned(),
                name,
                extras: extras(text),
                range,
                spelling: Spelling::Pep440,
                conditional: text.contains(';'),
                runtime,
            })
        });
        found.collect()
    }

    fn keyed(&self, table: &str, runtime: bool) -> Vec<Found> {
        let members = self.item(table).and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter());
        let found = members.map(|(name, item)| {
            let range = item.as_str().or_else(|| item.as_table_like()?.get("version")?.as_str()).map(str::to_owned);
            let extras = item.as_table_like().and_then(|table| table.get("extras")?.as_array());
            let extras = extras.into_iter().flatten().filter_map(Value::as_str).map(normal).collect();
            let conditional =
                item.as_table_like().is_some_and(|table| table.contains_key("markers") || table.contains_key("python"));
            let (table, name, spelling) = (table.to_owned(), normal(name), Spelling::Caret);
            Found { table, name, extras, range, spelling, conditional, runtime }
        });
        found.collect()
    }

    /// Returns the paths of the lists or tables below a table.
    fn below(&self, table: &str, end: &str) -> Vec<String> {
        let members = self.item(table).and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter());
        members.filter(|(name, _)| !name.contains('.')).map(|(name, _)| format!("{table}.{name}{end}")).collect()
    }

    /// Makes the list or table where it is missing, with the tables above it; says whether it did.
    fn make(&mut self, path: &str) -> bool {
        if self.has(path) {
            return false;
        }
        let (above, last) = path.rsplit_once('.').unwrap_or(("", path));
        self.make_tables(if poetry(path) { path } else { above });
        if !poetry(path) {
            self.insert(above, last, toml_edit::value(Array::new()));
        }
        true
    }

    fn make_tables(&mut self, path: &str) {
        let ends = path.match_indices('.').map(|(end, _)| end).chain([path.len()]);
        for end in ends {
            let (above, key) = path[..end].rsplit_once('.').unwrap_or(("", &path[..end]));
            if !self.has(&path[..end]) {
                // Without keys of its own a table needs no header; with keys it gets one all the same.
                let mut table = Table::new();
                table.set_implicit(true);
                self.insert(above, key, Item::Table(table));
            }
        }
    }

    fn insert(&mut self, table: &str, key: &str, item: Item) {
        if let Some(table) = self.table_mut(table) {
            table.insert(key, item);
        }
    }

    fn take(&mut self, table: &str, key: &str) {
        if let Some(table) = self.table_mut(table) {
            table.remove(key);
        }
    }

    /// Takes an empty list or table away, and each table above it that holds nothing else.
    fn unmake(&mut self, path: &str) {
        let (above, last) = path.rsplit_once('.').unwrap_or(("", path));
        let empty = self.item(path).is_some_and(|item| match item {
            Item::Value(Value::Array(list)) => list.is_empty(),
            item => item.as_table_like().is_some_and(TableLike::is_empty),
        });
        if empty {
            self.take(above, last);
            if !above.is_empty() {
                self.unmake(above);
            }
        }
    }
}

impl Manifest for Pyproject {
    fn found(&self) -> Vec<Found> {
        let mut all = self.listed(PROJECT, true);
        let lists =
            [self.below("project.optional-dependencies", ""), self.below("dependency-groups", ""), vec![UV.to_owned()]];
        all.extend(lists.concat().iter().flat_map(|list| self.listed(list, false)));
        all.extend(self.keyed(POETRY, true));
        let tables = [self.below("tool.poetry.group", ".dependencies"), vec![POETRY_OLD_DEV.to_owned()]];
        all.extend(tables.concat().iter().flat_map(|table| self.keyed(table, false)));
        all
    }

    fn place(&self, development: bool) -> Result<String, String> {
        let poetry = self.has(POETRY) && !self.has(PROJECT);
        let tables: &[&str] = if development { &[GROUP, POETRY_DEV, POETRY_OLD_DEV, UV] } else { &[PROJECT] };
        if let Some(known) = tables.iter().find(|table| self.has(table)) {
            return Ok((*known).to_owned());
        }
        let dynamic = self.item("project.dynamic").and_then(Item::as_array);
        let dynamic = dynamic.is_some_and(|names| names.iter().any(|name| name.as_str() == Some("dependencies")));
        match (poetry, development) {
            (true, true) => Ok(POETRY_DEV.to_owned()),
            (true, false) => Ok(POETRY.to_owned()),
            (false, true) => Ok(GROUP.to_owned()),
            (false, false) if dynamic => Err("`project.dependencies` in `pyproject.toml` is dynamic".to_owned()),
            (false, false) => Ok(PROJECT.to_owned()),
        }
    }

    fn add(&mut self, addition: &Addition) -> bool {
        if addition.table == PROJECT && !self.has("project") {
            self.make_tables("project");
            for (key, text) in [("name", "integrations"), ("version", "0.1.0"), ("requires-python", ">=3.11")] {
                self.insert("project", key, toml_edit::value(text));
            }
        }
        let made = self.make(&addition.table);
        if poetry(&addition.table) {
            let (name, value) = entry(addition);
            self.insert(&addition.table, &name, Item::Value(value));
        } else if let Some(list) = self.list_mut(&addition.table) {
            toml_list::insert(list, &line(addition));
        }
        made
    }

    fn holds(&self, addition: &Addition) -> bool {
        let Some(item) = self.item(&addition.table) else { return false };
        if poetry(&addition.table) {
            let (name, value) = entry(addition);
            let found = item.as_table_like().and_then(|table| table.get(&name)?.as_value());
            return found.is_some_and(|found| found.to_string().trim() == value.to_string().trim());
        }
        item.as_array().is_some_and(|list| list.iter().any(|value| value.as_str() == Some(&line(addition))))
    }

    fn remove(&mut self, addition: &Addition, with_table: bool) {
        if poetry(&addition.table) {
            let (name, _) = entry(addition);
            self.take(&addition.table, &name);
        } else if let Some(list) = self.list_mut(&addition.table) {
            toml_list::remove(list, &line(addition));
        }
        if with_table {
            self.unmake(&addition.table);
        }
    }

    fn spelling(&self) -> Spelling {
        Spelling::Pep440
    }

    fn notes(&self) -> Vec<String> {
        let python = self.item("project.requires-python").and_then(Item::as_str).unwrap_or_default();
        let older = !python.is_empty() && overlap((python, Spelling::Pep440), (OLDEST, Spelling::Pep440)) == Some(true);
        older
            .then(|| format!("`requires-python` is `{python}`; the generated code needs Python 3.11 or newer"))
            .into_iter()
            .collect()
    }

    fn text(&self) -> String {
        self.document.to_string()
    }
}

fn poetry(table: &str) -> bool {
    table.starts_with("tool.poetry.")
}

/// Returns the requirement as an element of a list: `httpx2>=2.14,<3`.
fn line(addition: &Addition) -> String {
    let exact = addition.version.starts_with(|c: char| c.is_ascii_digit());
    format!("{}{}{}", addition.name, if exact { "==" } else { "" }, addition.version)
}

/// Returns the requirement as a key and its value: `httpx2 = ">=2.14,<3"`.
fn entry(addition: &Addition) -> (String, Value) {
    let name = addition.name.split('[').next().unwrap_or_default().trim().to_owned();
    let extras = extras(&addition.name);
    if extras.is_empty() {
        return (name, Value::from(addition.version.as_str()));
    }
    let mut table = toml_edit::InlineTable::new();
    table.insert("version", Value::from(addition.version.as_str()));
    table.insert("extras", Value::Array(extras.iter().map(String::as_str).collect()));
    (name, Value::InlineTable(table))
}
