//! TypeScript: unused imports go, the rest is sorted as `biome check` wants it, and biome's formatter lays it out as
//! prettier does (docs/decisions/0002-formatting.md says where the two agree).
//!
//! A file is parsed once: it is laid out with the imports its template names, and these are written anew afterwards.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Result, anyhow};
use biome_formatter::{IndentStyle, IndentWidth, LineWidth};
use biome_js_formatter::context::JsFormatOptions;
use biome_js_formatter::context::trailing_comma::TrailingComma;
use biome_js_parser::{JsParserOptions, parse};
use biome_js_syntax::{JsFileSource, JsSyntaxKind, JsSyntaxNode};

/// Lays code out, with the imports it needs.
pub fn format(source: &str, width: usize) -> Result<String> {
    let root = parsed(source)?;
    Ok(tidy(&printed(&root, width)?, &used(&root), width))
}

/// Lays code out; its imports stay as they are.
pub fn lay_out(source: &str, width: usize) -> Result<String> {
    printed(&parsed(source)?, width)
}

fn parsed(source: &str) -> Result<JsSyntaxNode> {
    let parsed = parse(source, JsFileSource::ts(), JsParserOptions::default());
    if parsed.has_errors() {
        return Err(anyhow!("the TypeScript is not valid: {:?}\n{}", parsed.diagnostics(), numbered(source)));
    }
    Ok(parsed.syntax())
}

fn printed(root: &JsSyntaxNode, width: usize) -> Result<String> {
    let options = JsFormatOptions::new(JsFileSource::ts())
        .with_indent_style(IndentStyle::Space)
        .with_indent_width(IndentWidth::from(2))
        .with_line_width(LineWidth::try_from(u16::try_from(width)?).map_err(|fault| anyhow!("{fault}"))?)
        .with_trailing_comma(TrailingComma::All);
    Ok(biome_js_formatter::format_node(options, root)?.print()?.into_code())
}

fn numbered(source: &str) -> String {
    source.lines().enumerate().map(|(at, line)| format!("{:5} {line}\n", at + 1)).collect()
}

/// Every identifier that code reads, as a value or as a type, outside the imports.
fn used(root: &JsSyntaxNode) -> HashSet<String> {
    let read = root.descendants().filter(|node| {
        matches!(node.kind(), JsSyntaxKind::JS_REFERENCE_IDENTIFIER | JsSyntaxKind::JSX_REFERENCE_IDENTIFIER)
    });
    read.map(|node| node.text_trimmed().to_string()).collect()
}

/// One imported name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    /// As written: `A`, `a as b`, `* as c`.
    text: String,
    is_type: bool,
}

impl Name {
    /// The name that code uses: what stands behind `as`, or all of it.
    fn bound(&self) -> &str {
        self.text.rsplit(" as ").next().unwrap_or(&self.text)
    }
}

/// The names imported, by how far away their module is, and the module.
type Modules = BTreeMap<(u8, Vec<Rank>, String), Vec<Name>>;

/// Writes the imports at the top of a file that is laid out anew: those `used`, sorted.
fn tidy(source: &str, used: &HashSet<String>, width: usize) -> String {
    let mut modules = Modules::new();
    let (mut head, mut others) = (String::new(), String::new());
    let mut rest = source;
    while let Some((statement, more)) = next_statement(rest) {
        match names_of(statement) {
            Some((module, names)) => {
                let kept = names.into_iter().filter(|name| used.contains(name.bound()));
                modules.entry((distance(&module), rank(&module), module)).or_default().extend(kept);
            }
            None if statement.starts_with("import") => others += statement,
            // Blank lines between imports go with them.
            None if statement.trim().is_empty() && !modules.is_empty() => {}
            None => head += statement,
        }
        rest = more;
    }
    let imports = others + &block(modules, width);
    let rest = rest.trim_start_matches('\n');
    let gap = if imports.is_empty() || rest.is_empty() { "" } else { "\n" };
    format!("{head}{imports}{gap}{rest}")
}

/// The next import, or what stands before the first one: comments and blank lines; and what follows it.
fn next_statement(source: &str) -> Option<(&str, &str)> {
    let line = source.split_inclusive('\n').next()?;
    let end = match line.trim_end() {
        text if text.starts_with("import ") && text.ends_with(';') => line.len(),
        text if text.starts_with("import ") => source.find(";\n")? + 2,
        text if text.starts_with("/*") => source.find("*/")? + 2 + source[source.find("*/")? + 2..].find('\n')? + 1,
        text if text.starts_with("//") || text.is_empty() => line.len(),
        _ => return None,
    };
    // A comment belongs to what follows it, unless imports follow.
    let (statement, more) = source.split_at(end);
    let is_import = statement.starts_with("import ");
    (is_import || holds_imports(more)).then_some((statement, more))
}

/// Whether imports follow, behind no more than comments.
fn holds_imports(source: &str) -> bool {
    source.starts_with("import ") || next_statement(source).is_some()
}

/// `import type { A, b as c } from "./m.js"` → `./m.js` and its names; None for a side effect or a default import.
fn names_of(statement: &str) -> Option<(String, Vec<Name>)> {
    let body = statement.strip_prefix("import")?.trim_start();
    let (body, all_types) = body.strip_prefix("type ").map_or((body, false), |body| (body.trim_start(), true));
    let (names, module) = body.rsplit_once(" from ")?;
    let module = module.trim().trim_end_matches(';').trim_matches(['"', '\'']).to_owned();
    let names = names.trim();
    if names.starts_with("* as ") {
        return Some((module, vec![Name { text: names.to_owned(), is_type: all_types }]));
    }
    let inside = names.strip_prefix('{')?.strip_suffix('}')?;
    let one = |part: &str| {
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let (text, own) = part.strip_prefix("type ").map_or((part.clone(), false), |text| (text.to_owned(), true));
        Name { text, is_type: all_types || own }
    };
    Some((module, inside.split(',').map(str::trim).filter(|part| !part.is_empty()).map(one).collect()))
}

/// Node's own modules first, then packages, then what is farther away, then what is near.
fn distance(module: &str) -> u8 {
    match module {
        _ if module.starts_with("node:") => 0,
        _ if !module.starts_with('.') => 1,
        _ if module.starts_with("../") => 100 - module.matches("../").count().min(90) as u8,
        _ => 200,
    }
}

/// All imports, those of packages parted from our own.
fn block(modules: Modules, width: usize) -> String {
    let (mut packages, mut own) = (String::new(), String::new());
    for ((distance, _, module), mut names) in modules {
        names.sort_by_key(|name| rank(&name.text));
        names.dedup_by(|a, b| a.text == b.text);
        let (whole, names): (Vec<Name>, Vec<Name>) = names.into_iter().partition(|name| name.text.starts_with('*'));
        let out = if distance < 2 { &mut packages } else { &mut own };
        for name in whole {
            *out += &format!("import {}{} from \"{module}\";\n", if name.is_type { "type " } else { "" }, name.text);
        }
        if !names.is_empty() {
            *out += &statement(&module, &names, width);
        }
    }
    let gap = if packages.is_empty() || own.is_empty() { "" } else { "\n" };
    format!("{packages}{gap}{own}")
}

/// One import of names, on one line if it fits there or has but one name.
fn statement(module: &str, names: &[Name], width: usize) -> String {
    let all_types = names.iter().all(|name| name.is_type);
    let written: Vec<String> = names
        .iter()
        .map(|name| if name.is_type && !all_types { format!("type {}", name.text) } else { name.text.clone() })
        .collect();
    let keyword = if all_types { "import type" } else { "import" };
    let line = format!("{keyword} {{ {} }} from \"{module}\";\n", written.join(", "));
    if line.chars().count() <= width + 1 || written.len() == 1 {
        return line;
    }
    format!(
        "{keyword} {{\n{}}} from \"{module}\";\n",
        written.iter().map(|name| format!("  {name},\n")).collect::<String>()
    )
}

/// Where a character or a number stands among others: signs, then numbers by value, then letters, each capital before the
/// same letter in small.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Sign(usize),
    Number(u64, usize),
    Letter(char, bool),
    Other(char),
}

/// Biome's order of names and modules.
fn rank(text: &str) -> Vec<Rank> {
    const SIGNS: &str = "/._-$";
    let mut ranks = Vec::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        ranks.push(match c {
            '0'..='9' => {
                let mut digits = String::from(c);
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                Rank::Number(digits.parse().unwrap_or(u64::MAX), digits.len())
            }
            c if c.is_ascii_alphabetic() => Rank::Letter(c.to_ascii_lowercase(), c.is_ascii_lowercase()),
            c => SIGNS.find(c).map_or(Rank::Other(c), Rank::Sign),
        });
    }
    ranks
}
