//! TypeScript: unused imports go, the rest is sorted as `biome check` wants it, and biome's formatter lays it out as
//! prettier does (docs/decisions/0002-formatting.md says where the two agree).

use std::collections::{BTreeMap, HashSet};

use anyhow::{Result, anyhow};
use biome_formatter::{IndentStyle, IndentWidth, LineWidth};
use biome_js_formatter::context::JsFormatOptions;
use biome_js_formatter::context::trailing_comma::TrailingComma;
use biome_js_parser::{JsParserOptions, parse};
use biome_js_syntax::{JsFileSource, JsSyntaxKind, JsSyntaxNode};

pub fn format(source: &str, width: usize) -> Result<String> {
    let kind = JsFileSource::ts();
    let first = parse(source, kind, JsParserOptions::default());
    if first.has_errors() {
        return Err(anyhow!("the TypeScript is not valid: {:?}\n{}", first.diagnostics(), numbered(source)));
    }
    lay_out(&tidy(source, &first.syntax()), width)
}

/// Lays code out; its imports stay as they are.
pub fn lay_out(source: &str, width: usize) -> Result<String> {
    let kind = JsFileSource::ts();
    let parsed = parse(source, kind, JsParserOptions::default());
    if parsed.has_errors() {
        return Err(anyhow!("the TypeScript is not valid: {:?}", parsed.diagnostics()));
    }
    let options = JsFormatOptions::new(kind)
        .with_indent_style(IndentStyle::Space)
        .with_indent_width(IndentWidth::try_from(2).map_err(|fault| anyhow!("{fault}"))?)
        .with_line_width(LineWidth::try_from(u16::try_from(width)?).map_err(|fault| anyhow!("{fault}"))?)
        .with_trailing_comma(TrailingComma::All);
    Ok(biome_js_formatter::format_node(options, &parsed.syntax())?.print()?.into_code())
}

fn numbered(source: &str) -> String {
    source.lines().enumerate().map(|(at, line)| format!("{:5} {line}\n", at + 1)).collect()
}

/// One imported name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    /// As written: `A`, `a as b`, `* as c`.
    text: String,
    is_type: bool,
}

/// Rewrites the block of named imports at the top of the file.
fn tidy(source: &str, root: &JsSyntaxNode) -> String {
    let used = identifiers(root);
    let mut modules: BTreeMap<(u8, String), Vec<Name>> = BTreeMap::new();
    let (mut out, mut at, mut place) = (String::with_capacity(source.len()), 0, None);
    for node in root.descendants().filter(|node| node.kind() == JsSyntaxKind::JS_IMPORT) {
        let range = node.text_trimmed_range();
        let (from, to) = (usize::from(range.start()), usize::from(range.end()));
        let Some((module, names)) = names_of(&source[from..to]) else { continue };
        out.push_str(&source[at..from]);
        place.get_or_insert(out.len());
        at = source[to..].find('\n').map_or(source.len(), |end| to + end + 1);
        let kept = names.into_iter().filter(|name| used.contains(bound(&name.text)));
        modules.entry((distance(&module), module)).or_default().extend(kept);
    }
    out.push_str(&source[at..]);
    if let Some(place) = place {
        out.insert_str(place, &block(modules));
    }
    out
}

/// `import type { A, b as c } from "./m.js"` → `./m.js` and its names; None for a side effect or a default import.
fn names_of(statement: &str) -> Option<(String, Vec<Name>)> {
    let body = statement.strip_prefix("import")?.trim_start();
    let (body, all_types) = body.strip_prefix("type ").map_or((body, false), |body| (body.trim_start(), true));
    let (names, module) = body.rsplit_once(" from ")?;
    let module = module.trim().trim_end_matches(';').trim_matches(['"', '\'']).to_owned();
    let names = names.trim();
    if names.starts_with('*') {
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

/// The name that code uses: what stands behind `as`, or all of it.
fn bound(text: &str) -> &str {
    text.rsplit(" as ").next().unwrap_or(text)
}

/// Every identifier outside the imports.
fn identifiers(root: &JsSyntaxNode) -> HashSet<String> {
    let body = root.descendants().filter(|node| {
        matches!(node.kind(), JsSyntaxKind::JS_REFERENCE_IDENTIFIER | JsSyntaxKind::JSX_REFERENCE_IDENTIFIER)
    });
    body.map(|node| node.text_trimmed().to_string()).collect()
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

fn block(modules: BTreeMap<(u8, String), Vec<Name>>) -> String {
    let mut out = String::new();
    for ((_, module), mut names) in modules {
        names.sort_by(|a, b| order(&a.text).cmp(&order(&b.text)));
        names.dedup_by(|a, b| a.text == b.text);
        if names.is_empty() {
            continue;
        }
        let all_types = names.iter().all(|name| name.is_type);
        let written: Vec<String> = names
            .iter()
            .map(|name| if name.is_type && !all_types { format!("type {}", name.text) } else { name.text.clone() })
            .collect();
        let keyword = if all_types { "import type" } else { "import" };
        if names.len() == 1 && names[0].text.starts_with('*') {
            out += &format!("{keyword} {} from \"{module}\";\n", names[0].text);
        } else {
            out += &format!("{keyword} {{ {} }} from \"{module}\";\n", written.join(", "));
        }
    }
    out
}

/// Letters without regard to case first, capitals before small ones where that is all the difference.
fn order(text: &str) -> (String, String) {
    (text.to_lowercase(), text.to_owned())
}
