//! Python: unused imports go, the rest is sorted as `ruff check --select I` wants it, and `ruff format` lays it out.

mod imports;
mod standard;
mod used;

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{Expr, ModModule, PythonVersion, Stmt};
use ruff_python_formatter::{MagicTrailingComma, PyFormatOptions, format_module_source};
use ruff_python_parser::parse_module;

use self::imports::{Import, block, imports_of};
use self::used::Used;

pub fn format(source: &str, width: usize, root: &str) -> Result<String> {
    let parsed = parse_module(source).with_context(|| format!("the Python is not valid:\n{}", numbered(source)))?;
    lay_out(&tidy(source, parsed.syntax(), root), width)
}

/// Lays code out; its imports stay as they are.
pub fn lay_out(source: &str, width: usize) -> Result<String> {
    let width = ruff_formatter::LineWidth::try_from(u16::try_from(width)?)?;
    let options = PyFormatOptions::default()
        .with_line_width(width)
        .with_target_version(PythonVersion::PY311)
        // Templates put a comma behind every item; what fits a line stands on one.
        .with_magic_trailing_comma(MagicTrailingComma::Ignore);
    Ok(format_module_source(source, options).context("the Python is not valid")?.into_code())
}

/// The source with line numbers, for a fault of ours.
fn numbered(source: &str) -> String {
    source.lines().enumerate().map(|(at, line)| format!("{:5} {line}\n", at + 1)).collect()
}

fn tidy(source: &str, module: &ModModule, root: &str) -> String {
    let mut used = Used::default();
    module.body.iter().for_each(|statement| used.visit_stmt(statement));
    let mut imports: BTreeSet<Import> = BTreeSet::new();
    let (mut out, mut at, mut place) = (String::with_capacity(source.len()), 0, None);
    for statement in &module.body {
        if let Some((range, names)) = exported(statement) {
            out.push_str(after_imports(&source[at..range.0], place == Some(out.len())));
            out.push_str(&sorted(names));
            at = range.1;
            continue;
        }
        let found = imports_of(statement);
        if found.is_empty() {
            continue;
        }
        let range = statement_range(statement);
        // Blank lines between imports go with them.
        out.push_str(if place.is_some() { source[at..range.0].trim_matches('\n') } else { &source[at..range.0] });
        place.get_or_insert(out.len());
        at = line_end(source, range.1);
        imports.extend(
            found.into_iter().filter(|import| import.module == "__future__" || used.names.contains(import.bound())),
        );
    }
    out.push_str(after_imports(&source[at..], place == Some(out.len())));
    if let Some(place) = place {
        out.insert_str(place, &block(&imports, root));
    }
    out
}

/// Blank lines right behind the imports go with them.
fn after_imports(source: &str, is_right_behind: bool) -> &str {
    if is_right_behind { source.trim_start_matches('\n') } else { source }
}

/// Where a module lists what it exports, and the names; None where that is not all that the list holds.
fn exported(statement: &Stmt) -> Option<((usize, usize), Vec<&str>)> {
    let Stmt::Assign(assign) = statement else { return None };
    let [Expr::Name(name)] = assign.targets.as_slice() else { return None };
    let Expr::List(list) = &*assign.value else { return None };
    let names = list.elts.iter().map(|one| one.as_string_literal_expr().map(|text| text.value.to_str()));
    let range = (list.range.start().to_usize(), list.range.end().to_usize());
    (name.id.as_str() == "__all__").then_some((range, names.collect::<Option<_>>()?))
}

/// The list as `ruff check --select RUF022` wants it.
fn sorted(mut names: Vec<&str>) -> String {
    names.sort_by_key(|name| (imports::kind(name), imports::natural(name)));
    format!("[{}]", names.iter().map(|name| format!("{name:?}, ")).collect::<String>())
}

fn statement_range(statement: &Stmt) -> (usize, usize) {
    let range = match statement {
        Stmt::Import(import) => import.range,
        Stmt::ImportFrom(import) => import.range,
        _ => return (0, 0),
    };
    (range.start().to_usize(), range.end().to_usize())
}

/// Just after the line that `at` is in.
fn line_end(source: &str, at: usize) -> usize {
    source[at..].find('\n').map_or(source.len(), |end| at + end + 1)
}
