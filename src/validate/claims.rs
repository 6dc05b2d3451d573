//! Whether text from a source stayed text: every place it occurs in generated code lies within one literal or comment.

use super::grammar::{Grammar, Tree};
use super::lines::Lines;
use std::ops::Range;

/// Nodes that hold text, and nodes inside them that hold code again.
const TEXT: [&str; 9] = [
    "string",
    "string_fragment",
    "string_content",
    "string_literal",
    "raw_string_literal",
    "template_string",
    "comment",
    "line_comment",
    "block_comment",
];
const CODE_IN_TEXT: [&str; 2] = ["interpolation", "template_substitution"];

/// What became of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is text wherever it occurs, in this many places.
    Held(usize),
    /// It does not occur: nothing was shown.
    Absent,
    /// It got out of its literal, or the file does not parse; says where.
    Broken(String),
}

/// Checks that `payload`, as it stands in `source`, lies within one string or comment wherever it occurs.
///
/// Give the part of a payload that needs no escape, such as a name nobody else uses.
pub fn literal_or_comment_only(source: &str, grammar: Grammar, payload: &str) -> Claim {
    let tree = match Tree::parse(source, grammar) {
        Ok(tree) if !tree.is_faulty() => tree,
        Ok(_) => return Claim::Broken("the file does not parse".to_string()),
        Err(error) => return Claim::Broken(error.to_string()),
    };
    let mut places = 0;
    for (at, _) in source.match_indices(payload) {
        let range = at..at + payload.len();
        if !is_text(&tree, &range) {
            return Claim::Broken(told(source, &range));
        }
        places += 1;
    }
    if places == 0 { Claim::Absent } else { Claim::Held(places) }
}

fn is_text(tree: &Tree, range: &Range<usize>) -> bool {
    let kinds = tree.kinds_around(range);
    let holds_text = |kind: &str| TEXT.contains(&kind);
    let decides = |kind: &&str| holds_text(kind) || CODE_IN_TEXT.contains(kind);
    kinds.iter().map(String::as_str).find(decides).is_some_and(holds_text)
}

fn told(source: &str, range: &Range<usize>) -> String {
    let lines = Lines::of(source);
    let line = lines.line(range.start);
    format!("line {line} is not text: `{}`", lines.text(line).trim())
}
