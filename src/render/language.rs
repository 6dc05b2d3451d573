//! `templates/<language>/language.yaml` → how a language spells names, types and values. Data; no language is known here.

use std::collections::HashSet;

use anyhow::Result;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::pattern::assets::{Assets, read};
use crate::pattern::is_plain;
use crate::problem;

/// The parsers and the formatters that are built in, by the names a language gives them.
const GRAMMARS: [&str; 3] = ["python", "typescript", "rust"];
const FORMATTERS: [&str; 2] = ["ruff", "biome"];

/// How code in one language is spelled.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    #[serde(skip)]
    pub name: String,
    /// Whether it came with a pack: then its commands are shown, and never run.
    #[serde(skip)]
    pub is_theirs: bool,
    pub title: String,
    /// Of the files that hold its code: `py`.
    pub extensions: Vec<String>,
    /// Files that show that a project is written in it: `pyproject.toml`.
    pub manifests: Vec<String>,
    /// The oldest version the generated code runs on: `3.11`.
    pub minimum: String,
    /// The parser that checks what was rendered; None: it is not parsed.
    #[serde(default)]
    pub grammar: Option<String>,
    /// The formatter that lays it out; None: it stays as rendered.
    #[serde(default)]
    pub formatter: Option<String>,
    /// The widest line, in characters.
    pub width: usize,
    pub names: Names,
    pub strings: Strings,
    pub comments: Comments,
    pub types: Types,
    pub values: Values,
    /// How tables of databases are written; None: there are no templates for them.
    #[serde(default)]
    pub columns: Option<Columns>,
    /// Library → the versions the generated code stands on, as the language's manifest writes them.
    #[serde(default)]
    pub libraries: IndexMap<String, String>,
    /// What must be on the machine to run what was generated.
    #[serde(default)]
    pub tools: Vec<Tool>,
    /// Whether the folders above the code are modules, so that their names must be names of the language.
    #[serde(default)]
    pub folders_are_modules: bool,
    /// How the tests are run.
    #[serde(default)]
    pub test: Option<TestCommand>,
}

/// Something that `doctor` looks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub name: String,
    /// Prints its version.
    pub command: Vec<String>,
    /// The lowest version that will do.
    #[serde(default)]
    pub minimum: Option<String>,
    pub help: String,
}

/// A command and its arguments; `{adapter}` stands for the adapter's folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestCommand {
    pub command: Vec<String>,
    /// What makes the libraries available; `{dependencies}` stands for all of them, quoted for a shell.
    #[serde(default)]
    pub install: String,
    /// Programs of the project itself, the first that is there: it stands for the first `replaces` words of the command.
    #[serde(default)]
    pub prefer: Vec<String>,
    #[serde(default)]
    pub replaces: usize,
    /// Set while a command of ours runs them: what keeps a run from leaving files of its own.
    #[serde(default)]
    pub environment: IndexMap<String, String>,
}

/// The case of names, by what they name, and the names that are taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub variable: Case,
    pub function: Case,
    pub field: Case,
    pub constant: Case,
    pub r#type: Case,
    pub module: Case,
    /// Put behind a name that is taken.
    pub escape: String,
    /// Put behind the name of a type that is taken; `escape` where it is not said.
    #[serde(default)]
    pub escape_type: Option<String>,
    /// Beginnings of modules' names that tools of the language would take for something else → what stands there instead.
    #[serde(default)]
    pub module_starts: IndexMap<String, String>,
    /// The same for endings.
    #[serde(default)]
    pub module_ends: IndexMap<String, String>,
    /// Put before a name that begins with a digit.
    pub digit: String,
    /// No name may be one of these.
    pub reserved: HashSet<String>,
    /// Those of them that the keys of an object may have all the same.
    #[serde(default)]
    pub reserved_but_as_keys: HashSet<String>,
    /// Whether methods may: `planets.delete(1)`.
    #[serde(default)]
    pub reserved_are_methods: bool,
    /// No type may have one of these names.
    #[serde(default)]
    pub reserved_types: HashSet<String>,
    /// No field may have one of these names.
    #[serde(default)]
    pub reserved_fields: HashSet<String>,
    /// No method may have one of these names.
    #[serde(default)]
    pub reserved_methods: HashSet<String>,
    /// No class of an adapter may have one of these names.
    #[serde(default)]
    pub reserved_classes: HashSet<String>,
    /// No variable that holds an adapter may have one of these names.
    #[serde(default)]
    pub reserved_adapters: HashSet<String>,
    /// A method of this name hides a type from the other methods of its class → what they write instead.
    #[serde(default)]
    pub hidden_by_methods: IndexMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    Snake,
    Camel,
    Pascal,
    Constant,
    Kebab,
    /// As on the wire.
    Wire,
}

/// How a text becomes a literal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strings {
    /// On both sides.
    pub quote: char,
    pub escapes: IndexMap<char, String>,
    /// For any other character that must not stand as itself: `{hex4}`, `{hex8}` and `{hex}` are its code point.
    pub unicode: String,
    /// The same, for characters beyond U+FFFF.
    pub unicode_wide: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comments {
    /// Begins a comment to the end of the line.
    pub line: String,
    /// Texts that must not stand inside a block of documentation → what stands there instead.
    pub block: IndexMap<String, String>,
    /// Texts that must not stand at the end of a block of documentation → what stands there instead.
    #[serde(default)]
    pub last: IndexMap<String, String>,
    /// How documentation stands before what it is about, where it does.
    #[serde(default)]
    pub documentation: Option<Documentation>,
}

/// A comment that documents what follows it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documentation {
    /// On one line: `{}` is the text.
    pub short: String,
    /// On several: the first line, what begins each line of text, and the last line.
    pub open: String,
    pub line: String,
    pub close: String,
}

/// How types are written; `{}` is the inner type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Types {
    /// The neutral names of `Type`'s text form → the language's; `file` is what a form sends as a file,
    /// `no_reply` what a call returns that is answered without content, where that is not `nothing`.
    pub plain: IndexMap<String, String>,
    /// The same in JSON, where that is not decoded.
    #[serde(default)]
    pub json: IndexMap<String, String>,
    pub list: String,
    /// A list that a caller sends, where that may be wider.
    #[serde(default)]
    pub list_sent: Option<String>,
    pub map: String,
    #[serde(default)]
    pub map_sent: Option<String>,
    pub nullable: String,
    /// The same, where the inner type is longer than `nullable_limit` characters.
    #[serde(default)]
    pub nullable_long: Option<String>,
    #[serde(default)]
    pub nullable_limit: usize,
    /// The same, as the item of a list.
    #[serde(default)]
    pub nullable_item: Option<String>,
    /// Around several types, joined by `union_separator`.
    pub union: String,
    pub union_separator: String,
    /// What every record has anyway: a field of one of these names that may be absent is then that, by `inherited`.
    #[serde(default)]
    pub inherited_names: Vec<String>,
    /// `{}` is the field's own type, `{name}` its name.
    #[serde(default)]
    pub inherited: String,
    /// A set of values: `{}` is the values, joined by `literal_separator`.
    pub literal: String,
    pub literal_separator: String,
    /// Around a set of several values that will not grow.
    #[serde(default)]
    pub closed: Option<String>,
    /// Around a set of values that may grow, by what the values are (`text`, `integer`, `boolean`, `mixed`): `{}` is the set.
    pub open: IndexMap<String, String>,
    /// What records are that are sent: `differing` have a twin only where sending differs from receiving, `all` always.
    pub twins: Twins,
    /// Whether the keywords of every operation have a type of their own, not only where there are many.
    #[serde(default)]
    pub always_params: bool,
    /// How an example of a type is written where its JSON literal is not enough; `{}` is that literal.
    #[serde(default)]
    pub examples: IndexMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Twins {
    Differing,
    All,
}

/// How tables of databases and their columns are written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// By the neutral type: `integer(64)`, `text`, `text()` and `decimal()` with their sizes, `list`, `list of named`.
    pub types: IndexMap<String, ColumnForm>,
    /// Names that must not be had, beside those reserved everywhere.
    pub reserved: TableNames,
    /// Put behind the name of a class that is taken.
    pub escape_class: String,
    /// Texts that the language's library takes for syntax where they stand in a name → what it makes of them.
    #[serde(default)]
    pub syntax: IndexMap<String, String>,
    /// Settings that the language's library has no use for.
    #[serde(default)]
    pub no_settings: Vec<String>,
    /// Types that come back less exact than they are kept, so that a key of theirs does not find its row → why.
    #[serde(default)]
    pub inexact: IndexMap<String, String>,
}

/// How a type of columns is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnForm {
    /// What code reads; `{}` is the type of a list's items, or the name of an enum.
    pub r#type: String,
    /// What code writes, where that is another type.
    #[serde(default)]
    pub written: Option<String>,
    /// What the table is declared with; `{precision}`, `{scale}`, `{length}`, `{name}` (a literal), `{item}` and
    /// `{word}` (an item's without its size) are filled in.
    pub column: String,
    /// Three values that differ, as code; or `value`, made of a literal.
    #[serde(default)]
    pub values: Vec<String>,
    #[serde(default)]
    pub value: Option<String>,
    /// What is read of `values`, where that is written in another way.
    #[serde(default)]
    pub read: Vec<String>,
}

/// Names that are taken in the files about tables.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableNames {
    pub columns: HashSet<String>,
    pub parameters: HashSet<String>,
    pub classes: HashSet<String>,
    pub tables: HashSet<String>,
    pub modules: HashSet<String>,
    pub constants: HashSet<String>,
}

/// How values are written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    pub r#true: String,
    pub r#false: String,
    pub null: String,
    /// A whole number where one with a fraction may stand; `{}` is its digits.
    #[serde(default = "digits")]
    pub whole: String,
    pub list: [String; 2],
    pub map: [String; 2],
    /// Keys of a map literal that are no keys where they are written as text.
    #[serde(default)]
    pub keys: IndexMap<String, String>,
    /// Between a key of a map and its value.
    #[serde(default = "colon")]
    pub pair: String,
}

fn colon() -> String {
    ": ".to_owned()
}

fn digits() -> String {
    "{}".to_owned()
}

impl Language {
    pub fn load(assets: &Assets, name: &str) -> Result<Self> {
        let known: Vec<&str> = Self::names(assets);
        let Some(asset) = assets.get(&format!("templates/{name}/language.yaml")) else {
            problem!(help: format!("choose one of {}", known.join(", ")); "there are no templates for the language `{name}`");
        };
        if !is_plain(name) {
            problem!(help: "name the folder with small letters, digits and `-`"; "{}: `{name}` is no name for a language", asset.shown);
        }
        let mut language: Language = read(asset)?;
        name.clone_into(&mut language.name);
        language.is_theirs = asset.is_theirs();
        for (key, named, known) in
            [("grammar", &language.grammar, &GRAMMARS[..]), ("formatter", &language.formatter, &FORMATTERS[..])]
        {
            if let Some(named) = named.as_deref().filter(|named| !known.contains(named)) {
                problem!(help: format!("name one of {}, or leave it out: the code then stays as rendered, and is reported as not parsed", known.join(", "));
                    "{}: there is no {key} `{named}`", asset.shown);
            }
        }
        Ok(language)
    }

    /// The languages there are templates for, ours first, then those of packs in their order.
    pub fn names(assets: &Assets) -> Vec<&str> {
        let mut names: Vec<(usize, &str)> = assets
            .under("templates/")
            .filter_map(|(path, asset)| {
                Some((asset.pack, path.strip_prefix("templates/")?.strip_suffix("/language.yaml")?))
            })
            .filter(|(_, name)| !name.contains('/'))
            .collect();
        names.sort();
        names.into_iter().map(|(_, name)| name).collect()
    }
}
