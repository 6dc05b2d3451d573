//! Two forms of a map and where the old one stands in a text → the lines to change, so that comments beside the rest stay.

use serde_json::{Map, Value};

use super::edit::trimmed;
use crate::source::tree::Node;

/// Lines of a text, the last one exclusive, and what comes in their place.
#[derive(Debug)]
pub struct Change {
    pub from: usize,
    pub to: usize,
    pub lines: Vec<String>,
}

/// A map that is written as a block, a key a line.
pub struct Block<'t> {
    pub map: Node<'t>,
    /// The line of the key the map belongs to, from 0.
    pub key_line: usize,
    /// The first line after it.
    pub end: usize,
}

impl Block<'_> {
    /// Its keys and the lines each of them takes; None where it is not written as a block.
    fn keys(&self, lines: &[&str]) -> Option<Vec<(String, usize, usize)>> {
        let starts: Vec<(String, usize)> =
            self.map.pairs().filter_map(|(key, _)| Some((key.text()?.to_owned(), key.line() as usize - 1))).collect();
        let rising = starts.windows(2).all(|pair| pair[0].1 < pair[1].1);
        if starts.is_empty() || !rising || starts[0].1 <= self.key_line {
            return None;
        }
        let next = |at: usize| starts.get(at + 1).map_or(self.end, |(_, next)| *next);
        let with_end =
            |(at, (key, line)): (usize, &(String, usize))| (key.clone(), *line, trimmed(lines, line + 1, next(at)));
        Some(starts.iter().enumerate().map(with_end).collect())
    }
}

/// Returns what makes the block say `new`, from the bottom up; None where that takes writing it anew.
pub fn changes(
    lines: &[&str],
    block: &Block<'_>,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Option<Vec<Change>> {
    let keys = block.keys(lines)?;
    let indent: String = lines[keys[0].1].chars().take_while(|c| *c == ' ').collect();
    let mut changes = Vec::new();
    let (_, _, last) = keys.last()?;
    let fresh = new.iter().filter(|(key, _)| !keys.iter().any(|(known, _, _)| known == *key));
    let added: Vec<String> = fresh.flat_map(|(key, value)| written(key, value, &indent)).collect();
    if !added.is_empty() {
        changes.push(Change { from: *last, to: *last, lines: added });
    }
    for key in keys.iter().rev().filter(|(key, _, _)| old.get(key) != new.get(key)) {
        changes.extend(of_key(lines, block, key, (old.get(&key.0), new.get(&key.0)), &indent));
    }
    Some(changes)
}

/// The changes of one key: inside of it where it holds a block, else of all its lines.
fn of_key(
    lines: &[&str],
    block: &Block<'_>,
    (key, from, to): &(String, usize, usize),
    (old, new): (Option<&Value>, Option<&Value>),
    indent: &str,
) -> Vec<Change> {
    let inner = block.map.get(key).map(|map| Block { map, key_line: *from, end: *to });
    let inside = match (inner, old, new) {
        (Some(inner), Some(Value::Object(old)), Some(Value::Object(new))) => changes(lines, &inner, old, new),
        _ => None,
    };
    let whole = || match new {
        Some(value) => replaced(lines, (*from, *to), written(key, value, indent)),
        None => Change { from: *from, to: *to, lines: Vec::new() },
    };
    inside.unwrap_or_else(|| vec![whole()])
}

/// A key's lines in a new form; a comment at the end of a single one stays.
fn replaced(lines: &[&str], (from, to): (usize, usize), mut new: Vec<String>) -> Change {
    if let (true, [only], Some(comment)) = (to == from + 1, new.as_mut_slice(), comment(lines[from])) {
        only.push_str(comment);
    }
    Change { from, to, lines: new }
}

/// The comment at the end of a line, with the blanks before it.
fn comment(line: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') && matches!(before, ' ' | ',' | '[' | '{') => quote = Some(c),
            None if c == '#' && before == ' ' => return Some(&line[line[..at].trim_end().len()..]),
            None => {}
        }
        before = c;
    }
    None
}

/// A key and its value as YAML, a line each.
fn written(key: &str, value: &Value, indent: &str) -> Vec<String> {
    let yaml = serde_yaml::to_string(&Map::from_iter([(key.to_owned(), value.clone())])).unwrap_or_default();
    yaml.lines().map(|line| format!("{indent}{line}")).collect()
}
