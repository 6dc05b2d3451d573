//! One cell of the grid pattern × variant × language: the files it yields, from `templates/<language>/<pattern>/<variant>/files.yaml`.

use anyhow::Result;
use serde::Deserialize;

use super::assets::{Assets, read};

/// What one variant of a pattern yields in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Modules of the language's `runtime/` that it uses; what those need comes along.
    #[serde(default)]
    pub runtime: Vec<String>,
    /// Modules it uses only where an expression holds: module → expression.
    #[serde(default)]
    pub runtime_when: indexmap::IndexMap<String, String>,
    /// Libraries the generated code imports, by their names in the language's table of versions.
    #[serde(default)]
    pub dependencies: Vec<String>,
    /// Libraries it imports only where an expression holds: library → expression.
    #[serde(default)]
    pub dependencies_when: indexmap::IndexMap<String, String>,
    /// Versions of those that the language's own table lacks.
    #[serde(default)]
    pub libraries: indexmap::IndexMap<String, String>,
    /// Libraries its tests and checks need.
    #[serde(default)]
    pub development: Vec<String>,
    /// Names in its files that the class and the variable of an entry must not have.
    #[serde(default)]
    pub taken: Vec<String>,
    pub files: Vec<FileRule>,
}

/// One template and the files it yields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    /// Relative to the cell's folder.
    pub template: String,
    /// Where the file goes, below the integrations folder; a template itself. A shared module's may be one
    /// name behind a `/`: a file in the project's own folder, such as `/tsconfig.json`.
    pub path: String,
    /// A list in the view: one file for each of its items, which is `each` in the template.
    #[serde(default)]
    pub each: Option<String>,
    /// An expression: the file is left out where it is false.
    #[serde(default)]
    pub when: Option<String>,
}

/// Where a cell says which files it yields.
pub fn place(language: &str, pattern: &str, variant: &str) -> String {
    format!("templates/{language}/{pattern}/{variant}/files.yaml")
}

/// Returns the cell, or None where there are no templates for it.
pub fn find(assets: &Assets, language: &str, pattern: &str, variant: &str) -> Result<Option<Cell>> {
    assets.get(&place(language, pattern, variant)).map(read).transpose()
}

/// Where a language lists its shared modules.
pub fn runtime_place(language: &str) -> String {
    format!("templates/{language}/runtime/files.yaml")
}

/// The shared modules of a language, from `templates/<language>/runtime/files.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    pub modules: indexmap::IndexMap<String, Module>,
    /// Yielded whenever any module is.
    #[serde(default)]
    pub always: Vec<FileRule>,
}

/// One module of `runtime/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Other modules it imports.
    #[serde(default)]
    pub needs: Vec<String>,
    #[serde(default)]
    pub dependencies: Vec<String>,
    pub files: Vec<FileRule>,
}

impl Runtime {
    pub fn find(assets: &Assets, language: &str) -> Result<Option<Self>> {
        assets.get(&runtime_place(language)).map(read).transpose()
    }

    /// `wanted` and all they need, in the order of the file.
    pub fn closure<'r>(&'r self, wanted: &[String]) -> Vec<(&'r str, &'r Module)> {
        let mut needed: Vec<&str> = Vec::new();
        let mut open: Vec<&str> = wanted.iter().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            if let (false, Some((name, module))) = (needed.contains(&name), self.modules.get_key_value(name)) {
                needed.push(name);
                open.extend(module.needs.iter().map(String::as_str));
            }
        }
        self.modules
            .iter()
            .filter(|(name, _)| needed.contains(&name.as_str()))
            .map(|(name, module)| (name.as_str(), module))
            .collect()
    }
}
