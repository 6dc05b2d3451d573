//! Whether a file parses, by the strictest reader we have for its language.

use super::builtin::Check;
use super::finding::Finding;
use super::grammar::{Grammar, Scan};
use super::lines::Lines;
use biome_js_parser::JsParserOptions;
use biome_js_syntax::JsFileSource;
use std::ops::Range;

/// How deep brackets may nest before a recursive reader is not tried; CPython refuses more than 200.
const DEEPEST: usize = 200;
/// How many faults of one file are told: the rest mostly follow from the first.
const TOLD: usize = 3;

/// Finds where a source file does not parse; `scan` is of its tree.
///
/// Python is read by ruff's parser, too: it refuses what tree-sitter lets pass, and knows what is newer than tree-sitter's
/// grammar. TypeScript that tree-sitter cannot read is read again by biome's parser, for the same reason.
pub fn faults(path: &str, text: &str, grammar: Grammar, scan: &Scan, lines: &Lines) -> Vec<Finding> {
    let strict = match grammar {
        _ if has_strict_reader(text, grammar) => Some(python(text)),
        Grammar::TypeScript | Grammar::Tsx
            if !scan.faults.is_empty() && depth(text) <= DEEPEST && biome_reads(text, path) =>
        {
            Some(Vec::new())
        }
        _ => None,
    };
    let faults =
        strict.unwrap_or_else(|| scan.faults.iter().map(|(range, missing)| told(text, range, missing)).collect());
    let finding =
        |(range, what): &(Range<usize>, String)| Check::DoesNotParse.at(path, lines.region(range, false), what);
    faults.iter().take(TOLD).map(finding).collect()
}

/// Whether a reader stricter than tree-sitter decides on this file, so that it needs no tree to be held to its syntax.
pub fn has_strict_reader(text: &str, grammar: Grammar) -> bool {
    grammar == Grammar::Python && depth(text) <= DEEPEST
}

/// Whether the strict reader accepts a data file; prose and unknown data pass.
pub fn data_fault(path: &str, text: &str) -> Option<Finding> {
    let text = text.trim_start_matches('\u{feff}');
    let name = path.rsplit('/').next().unwrap_or(path);
    // These allow comments in spite of their name.
    let has_comments = name.starts_with("tsconfig") || path.contains(".vscode/");
    let error = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json") if !has_comments => {
            serde_json::from_str::<serde::de::IgnoredAny>(text).err().map(|e| e.to_string())
        }
        Some("yaml" | "yml") => yaml_fault(text),
        _ => None,
    };
    error.map(|what| Check::DoesNotParse.about(path, &what))
}

fn yaml_fault(text: &str) -> Option<String> {
    use serde::Deserialize;
    let documents = serde_yaml::Deserializer::from_str(text);
    documents.map(serde::de::IgnoredAny::deserialize).find_map(Result::err).map(|error| error.to_string())
}

fn python(text: &str) -> Vec<(Range<usize>, String)> {
    let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(text, options);
    let fault = |error: &ruff_python_parser::ParseError| {
        (error.location.start().to_usize()..error.location.end().to_usize(), first_lower(&error.error.to_string()))
    };
    parsed.errors().iter().map(fault).collect()
}

fn biome_reads(text: &str, path: &str) -> bool {
    let is_typed = path.ends_with("ts") && !path.ends_with(".tsx");
    let source = if is_typed { JsFileSource::ts() } else { JsFileSource::tsx() };
    !biome_js_parser::parse(text, source, JsParserOptions::default()).has_errors()
}

fn first_lower(message: &str) -> String {
    let mut characters = message.trim_end_matches('.').chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

fn told(text: &str, range: &Range<usize>, missing: &Option<String>) -> (Range<usize>, String) {
    let what = match missing {
        Some(name) => format!("`{name}` is missing"),
        None => {
            let near: String = text[range.clone()].lines().next().unwrap_or_default().trim().chars().take(40).collect();
            format!("`{near}` is not expected here")
        }
    };
    (range.clone(), what)
}

/// How deep brackets nest, those in literals and comments included: never less than they do.
fn depth(text: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => continue,
        }
        deepest = deepest.max(open);
    }
    deepest
}
