//! `package.json` as a manifest: members are put in and taken out of its text, all else stays byte for byte.

use super::edit::{Found, Manifest};
use super::json_text::{self, Member};
use super::range::Spelling;
use crate::lock::Addition;
use crate::problem;
use anyhow::Result;
use serde_json::Value;

/// What the file holds when there is none.
pub const STARTER: &str = "{\n  \"private\": true,\n  \"type\": \"module\"\n}\n";

/// Tables that name requirements, and whether they are installed with the project itself.
const TABLES: [(&str, bool); 4] =
    [("dependencies", true), ("optionalDependencies", true), ("peerDependencies", true), ("devDependencies", false)];

struct PackageJson {
    text: String,
}

/// Reads the text.
///
/// Errors with a `Problem` when it is not a JSON object, or when one of its tables is not.
pub fn parse(text: &str) -> Result<Box<dyn Manifest>> {
    let help = "mend it, then run the command again";
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => problem!(help: help; "package.json:{}:{}: {error}", error.line(), error.column()),
    };
    if !value.is_object() {
        problem!(help: help; "package.json: not an object");
    }
    if let Some((table, _)) = TABLES.iter().find(|(table, _)| value.get(table).is_some_and(|found| !found.is_object()))
    {
        problem!(help: help; "package.json: `{table}` is not an object");
    }
    Ok(Box::new(PackageJson { text: text.to_owned() }))
}

impl PackageJson {
    fn table(&self, name: &str) -> Option<Member> {
        json_text::members(&self.text, 0).into_iter().find(|member| member.key == name)
    }

    fn members(&self, table: &str) -> Vec<(String, Option<String>)> {
        let Some(table) = self.table(table) else { return Vec::new() };
        let members = json_text::members(&self.text, table.value.start).into_iter();
        members.map(|member| (member.key, serde_json::from_str(&self.text[member.value]).ok())).collect()
    }

    /// Returns the new line and one step of indent.
    fn indent(&self) -> String {
        json_text::indent(&self.text, 0)
    }
}

impl Manifest for PackageJson {
    fn found(&self) -> Vec<Found> {
        let mut all = Vec::new();
        for (table, runtime) in TABLES {
            all.extend(self.members(table).into_iter().map(|(name, range)| Found {
                table: table.to_owned(),
                name,
                extras: Vec::new(),
                range,
                spelling: Spelling::Caret,
                conditional: false,
                runtime,
            }));
        }
        all
    }

    fn place(&self, development: bool) -> Result<String, String> {
        Ok(if development { "devDependencies" } else { "dependencies" }.to_owned())
    }

    fn add(&mut self, addition: &Addition) -> bool {
        let step = self.indent();
        let made = self.table(&addition.table).is_none();
        if made {
            self.text =
                json_text::insert(&self.text, 0, &addition.table, "{}", false, ("\n", step.trim_start_matches('\n')));
        }
        if let Some(table) = self.table(&addition.table) {
            let version = Value::from(addition.version.clone()).to_string();
            let own = (step.as_str(), step.trim_start_matches('\n'));
            self.text = json_text::insert(&self.text, table.value.start, &addition.name, &version, true, own);
        }
        made
    }

    fn holds(&self, addition: &Addition) -> bool {
        self.members(&addition.table).contains(&(addition.name.clone(), Some(addition.version.clone())))
    }

    fn remove(&mut self, addition: &Addition, with_table: bool) {
        let Some(table) = self.table(&addition.table) else { return };
        self.text = json_text::remove(&self.text, table.value.start, &addition.name);
        if with_table && self.members(&addition.table).is_empty() {
            self.text = json_text::remove(&self.text, 0, &addition.table);
        }
    }

    fn spelling(&self) -> Spelling {
        Spelling::Caret
    }

    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    fn text(&self) -> String {
        self.text.clone()
    }
}
