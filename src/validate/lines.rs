//! Byte ranges of a text → lines, columns and snippets.

use super::finding::{Position, Region};
use std::ops::Range;

const SNIPPET_LINES: usize = 8;

/// Where each line of a text begins.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The line of a byte, counted from 1.
    pub fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| start <= byte)
    }

    /// The text of a line, counted from 1, without its ending; empty past the end.
    pub fn text(&self, line: usize) -> &'a str {
        let Some(&start) = self.starts.get(line - 1) else { return "" };
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    fn position(&self, byte: usize) -> Position {
        let line = self.line(byte);
        let column = self.text[self.starts[line - 1]..byte].chars().count() + 1;
        Position { line, column }
    }

    /// The region of a byte range, moved to character boundaries; `mask` hides what is inside its quotes.
    pub fn region(&self, range: &Range<usize>, mask: bool) -> Region {
        let start = floor(self.text, range.start);
        let end = floor(self.text, range.end.max(start));
        let (first, last) = (self.position(start), self.position(end));
        let from = self.starts[first.line - 1];
        let shown = (last.line - first.line + 1).min(SNIPPET_LINES);
        let lines: Vec<&str> = (first.line..first.line + shown).map(|line| self.text(line)).collect();
        let mut snippet = lines.join("\n");
        if mask {
            snippet = masked(&snippet, floor(&snippet, start - from)..floor(&snippet, end - from));
        }
        Region { start: first, end: last, snippet }
    }
}

fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Replaces letters and digits of a range by `*`, all but its first four characters.
fn masked(snippet: &str, range: Range<usize>) -> String {
    let hide = |c: char| if c.is_alphanumeric() { '*' } else { c };
    let (before, inside) = snippet.split_at(range.start);
    let (inside, after) = inside.split_at(range.end - range.start);
    let inside = inside.chars().enumerate().map(|(at, c)| if at < 4 { c } else { hide(c) });
    before.chars().chain(inside).chain(after.chars()).collect()
}
