//! The imports of a file: what each names, and all of them as `ruff check --select I` sorts them.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::Stmt;

use super::standard::STANDARD;

/// One imported name: `from module import name as alias`, or `import module as alias`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub module: String,
    /// Empty for `import module`.
    pub name: String,
    pub alias: Option<String>,
}

impl Import {
    /// The name that code uses.
    pub fn bound(&self) -> &str {
        match &self.alias {
            Some(alias) => alias,
            None if self.name.is_empty() => self.module.split('.').next().unwrap_or_default(),
            None => &self.name,
        }
    }
}

/// The imports of a statement at the top of the file.
pub fn imports_of(statement: &Stmt) -> Vec<Import> {
    let alias = |name: &Option<ruff_python_ast::Identifier>| name.as_ref().map(|name| name.as_str().to_owned());
    match statement {
        Stmt::Import(import) => import
            .names
            .iter()
            .map(|one| Import { module: one.name.as_str().to_owned(), name: String::new(), alias: alias(&one.asname) })
            .collect(),
        Stmt::ImportFrom(import) => {
            let module = import.module.as_ref().map(|module| module.as_str().to_owned()).unwrap_or_default();
            import
                .names
                .iter()
                .map(|one| Import {
                    module: module.clone(),
                    name: one.name.as_str().to_owned(),
                    alias: alias(&one.asname),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// All imports in their sections: `__future__`, the standard library, others, our own.
pub fn block(imports: &BTreeSet<Import>, root: &str) -> String {
    let mut sections: [Vec<&Import>; 4] = Default::default();
    for import in imports {
        let top = import.module.split('.').next().unwrap_or_default();
        let section = match top {
            "__future__" => 0,
            _ if STANDARD.contains(&top) => 1,
            _ if top == root.split('.').next().unwrap_or_default() => 3,
            _ => 2,
        };
        sections[section].push(import);
    }
    let written: Vec<String> =
        sections.iter().filter(|section| !section.is_empty()).map(|section| written(section)).collect();
    if written.is_empty() { String::new() } else { written.join("\n") + "\n" }
}

fn written(section: &[&Import]) -> String {
    let (whole, parts): (Vec<&&Import>, Vec<&&Import>) = section.iter().partition(|import| import.name.is_empty());
    let aliased = |import: &Import| import.alias.as_ref().map_or(String::new(), |alias| format!(" as {alias}"));
    let mut out: String = whole.iter().map(|import| format!("import {}{}\n", import.module, aliased(import))).collect();
    let mut modules: BTreeMap<(String, &str), Vec<&Import>> = BTreeMap::new();
    for import in parts {
        modules.entry((import.module.to_lowercase(), &import.module)).or_default().push(import);
    }
    for ((_, module), mut names) in modules {
        names.sort_by_key(|import| (kind(&import.name), natural(&import.name.to_lowercase()), import.name.clone()));
        // A name under another stands on a line of its own.
        let (plain, renamed): (Vec<&Import>, Vec<&Import>) =
            names.into_iter().partition(|import| import.alias.is_none());
        let mut lines: Vec<Vec<&Import>> = renamed.into_iter().map(|import| vec![import]).collect();
        lines.extend((!plain.is_empty()).then_some(plain));
        lines.sort_by_key(|line| line.first().map(|import| (kind(&import.name), natural(&import.name.to_lowercase()))));
        for line in lines {
            let names: Vec<String> =
                line.into_iter().map(|import| format!("{}{}", import.name, aliased(import))).collect();
            out += &format!("from {module} import {}\n", names.join(", "));
        }
    }
    out
}

/// Constants come before classes, and classes before everything else.
pub fn kind(name: &str) -> u8 {
    let is_constant = name.len() > 1 && name.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_');
    match name.chars().next() {
        _ if is_constant => 0,
        Some(first) if first.is_uppercase() => 1,
        _ => 2,
    }
}

/// A key that orders numbers inside names by their value: `A2` before `A10`.
pub fn natural(name: &str) -> Vec<(u8, u64, String)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (part, more) = rest.split_at(end);
        parts.push(if is_digit {
            (0, part.parse().unwrap_or(u64::MAX), part.to_owned())
        } else {
            (1, 0, part.to_owned())
        });
        rest = more;
    }
    parts
}
