//! Changes one entry in the text of `integrate.yaml` and leaves every other byte as it is.

use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde_json::Value;

use super::merge::{Block, changes};
use super::project::{Entry, NAME, Project};
use crate::problem;
use crate::source::tree::{Node, Tree};

/// The mark that some editors put before the text.
const MARK: char = '\u{feff}';

/// The text with the entry `name` as given: changed where it is, added at the end where it is not.
///
/// Errors with a `Problem` where the text cannot say so without changing more, such as behind an anchor.
pub fn with_entry(text: Option<&str>, project: &Project, name: &str, entry: &Entry) -> Result<String> {
    let Some(text) = text else { return fresh(project, name, entry) };
    let mut wanted = Project::parse(text.as_bytes())?;
    let old = wanted.integrations.insert(name.to_owned(), entry.clone());
    if let Some(merged) = old.and_then(|old| merged(text, name, &old, entry)).filter(|text| says(text, &wanted)) {
        return Ok(merged);
    }
    let lines = Lines::of(text)?;
    held(splice(text, &lines, name, &block(name, entry, &lines.indent)?)?, &wanted, name, entry)
}

/// The text without the entry `name`.
pub fn without_entry(text: &str, name: &str) -> Result<String> {
    let mut wanted = Project::parse(text.as_bytes())?;
    wanted.integrations.shift_remove(name);
    let places = Lines::of(text)?;
    let mut cut = splice(text, &places, name, "")?;
    if wanted.integrations.is_empty() {
        // A map without entries must stay a map.
        let mut lines = owned(&cut);
        lines[places.key] = lines[places.key].replacen("integrations:", "integrations: {}", 1);
        cut = lines.concat();
    }
    if !says(&cut, &wanted) {
        problem!(help: format!("take the entry `{name}` out yourself, then run the command again");
            "{NAME}: `{name}` cannot be taken out without changing another entry");
    }
    Ok(cut)
}

/// Whether the text is the project.
fn says(text: &str, wanted: &Project) -> bool {
    Project::parse(text.as_bytes()).is_ok_and(|found| found == *wanted)
}

fn held(text: String, wanted: &Project, name: &str, entry: &Entry) -> Result<String> {
    if !says(&text, wanted) {
        problem!(help: format!("write the entry yourself, then run `integrate create {name}`:\n{}", block(name, entry, "  ")?.trim_end());
            "{NAME}: `{name}` cannot be changed without changing another entry");
    }
    Ok(text)
}

/// The text with only those lines of the entry changed that say something else; None where it is not written as a block.
fn merged(text: &str, name: &str, old: &Entry, new: &Entry) -> Option<String> {
    let tree = Tree::parse(NAME, text.as_bytes()).ok()?;
    let (from, to) = *Lines::of(text).ok()?.entries.get(name)?;
    let map = tree.root().get("integrations")?.get(name)?;
    let (Value::Object(old), Value::Object(new)) = (serde_json::to_value(old).ok()?, serde_json::to_value(new).ok()?)
    else {
        return None;
    };
    let bare: Vec<&str> = text.lines().collect();
    let changes = changes(&bare, &Block { map, key_line: from, end: to }, &old, &new)?;
    let newline = newline(text);
    let mut lines = owned(text);
    for change in changes {
        lines.splice(change.from..change.to, change.lines.into_iter().map(|line| line + newline));
    }
    Some(lines.concat())
}

/// The lines with their ends, the last one too.
fn owned(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
        last.push('\n');
    }
    lines
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn fresh(project: &Project, name: &str, entry: &Entry) -> Result<String> {
    let head = Project { integrations: IndexMap::new(), ..project.clone() };
    let yaml = serde_yaml::to_string(&head).context("cannot write the project as YAML")?;
    let head = yaml.replace("integrations: {}\n", "");
    Ok(format!(
        "# What this project integrates; `integrate create` writes the code.\n{head}integrations:\n{}",
        block(name, entry, "  ")?
    ))
}

/// The entry as YAML, indented, with its line end.
fn block(name: &str, entry: &Entry, indent: &str) -> Result<String> {
    let yaml = serde_yaml::to_string(&IndexMap::from([(name, entry)])).context("cannot write the entry as YAML")?;
    Ok(yaml.lines().map(|line| format!("{indent}{line}\n")).collect())
}

/// Where the entries stand, in lines from 0.
struct Lines {
    indent: String,
    /// The line of the key `integrations`; 0 where there is none.
    key: usize,
    /// Name → first line, and the first line after it.
    entries: IndexMap<String, (usize, usize)>,
    /// The first line after all entries.
    end: usize,
    /// The line of the key `integrations`, where that map is empty or written in braces.
    flow: Option<usize>,
}

impl Lines {
    fn of(text: &str) -> Result<Self> {
        let tree = Tree::parse(NAME, text.as_bytes())?;
        let mut lines: Vec<&str> = text.trim_start_matches(MARK).lines().collect();
        // What ends the document is no part of it.
        let stop = lines.iter().position(|line| line.strip_prefix("...").is_some_and(|rest| rest.trim().is_empty()));
        lines.truncate(stop.unwrap_or(lines.len()));
        let Some((key, map)) = tree.root().pairs().find(|(key, _)| key.text() == Some("integrations")) else {
            let (indent, entries) = ("  ".to_owned(), IndexMap::new());
            return Ok(Self { indent, key: 0, entries, end: lines.len(), flow: None });
        };
        let key_line = key.line() as usize - 1;
        let starts: Vec<(Node<'_>, usize)> = map.pairs().map(|(name, _)| (name, name.line() as usize - 1)).collect();
        let next_key =
            tree.root().pairs().map(|(key, _)| key.line() as usize - 1).filter(|line| *line > key_line).min();
        let end = trimmed(&lines, key_line + 1, next_key.unwrap_or(lines.len()));
        if starts.first().is_none_or(|(_, line)| *line == key_line) {
            let (indent, entries) = ("  ".to_owned(), IndexMap::new());
            return Ok(Self { indent, key: key_line, entries, end, flow: Some(key_line) });
        }
        let indent = lines[starts[0].1].chars().take_while(|c| *c == ' ').collect();
        let stop = |at: usize| starts.get(at + 1).map_or(end, |(_, next)| trimmed(&lines, starts[at].1 + 1, *next));
        let entries = starts
            .iter()
            .enumerate()
            .map(|(at, (name, line))| (name.text().unwrap_or_default().to_owned(), (*line, stop(at))));
        Ok(Self { indent, key: key_line, entries: entries.collect(), end, flow: None })
    }
}

/// `end` less the blank lines and comments before it: they belong to what follows.
pub(super) fn trimmed(lines: &[&str], start: usize, end: usize) -> usize {
    let mut end = end.min(lines.len());
    while end > start && (lines[end - 1].trim().is_empty() || lines[end - 1].trim_start().starts_with('#')) {
        end -= 1;
    }
    end
}

/// Puts `block` where the entry `name` is or should be.
fn splice(text: &str, places: &Lines, name: &str, block: &str) -> Result<String> {
    let (mut lines, newline) = (owned(text), newline(text));
    let block = block.replace('\n', newline);
    if let Some(line) = places.flow {
        let head = lines[line].trim_end().to_owned();
        if !matches!(head.trim_start_matches("integrations:").trim(), "" | "{}" | "null" | "~") {
            problem!(help: "write `integrations` as a block, one entry below the other"; "{NAME}:{}: `integrations` is written in braces", line + 1);
        }
        lines[line] = format!("integrations:{newline}");
        lines.insert(line + 1, block);
        return Ok(lines.concat());
    }
    match places.entries.get(name) {
        Some((from, to)) => {
            lines.splice(*from..*to, [block]);
        }
        None if places.entries.is_empty() => lines.insert(places.end, format!("integrations:{newline}{block}")),
        None => lines.insert(places.end, block),
    }
    Ok(lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry { pattern: "api".to_owned(), source: Some("b.yaml".to_owned()), ..Entry::default() }
    }

    const TEXT: &str = "# mine\nversion: 1\nintegrations:\n    a: # first\n        pattern: api\n\n    # about c\n    c:\n        pattern: queue\n\n# end\nroot: src\n";

    #[test]
    fn an_entry_is_added_below_the_others_in_their_style() {
        let text = with_entry(Some(TEXT), &Project::default(), "b", &entry()).unwrap();
        let expected =
            TEXT.replace("pattern: queue\n", "pattern: queue\n    b:\n      pattern: api\n      source: b.yaml\n");
        assert_eq!(text, expected);
    }

    #[test]
    fn an_entry_is_replaced_and_removed_in_its_place() {
        let text = with_entry(Some(TEXT), &Project::default(), "a", &entry()).unwrap();
        assert_eq!(text, TEXT.replace("        pattern: api\n", "        pattern: api\n        source: b.yaml\n"));
        assert_eq!(without_entry(TEXT, "c").unwrap(), TEXT.replace("    c:\n        pattern: queue\n", ""));
    }

    #[test]
    fn the_first_and_the_last_entry_leave_a_project_that_reads() {
        for text in [
            None,
            Some("version: 1\n"),
            Some("version: 1\nintegrations: {}\n"),
            Some("version: 1\r\nintegrations:\r\n"),
        ] {
            let with = with_entry(text, &Project::default(), "b", &entry()).unwrap();
            assert_eq!(Project::parse(with.as_bytes()).unwrap().integrations["b"], entry(), "{with}");
            let without = without_entry(&with, "b").unwrap();
            assert!(Project::parse(without.as_bytes()).unwrap().integrations.is_empty(), "{without}");
        }
    }

    #[test]
    fn comments_inside_an_entry_stay_beside_what_does_not_change() {
        let text = "version: 1\nintegrations:\n  a: # mine\n    # why this one\n    pattern: api # ours\n    source: 'a #1.yaml' # old\n    options:\n      # slow there\n      attempts: 3 # not more\n      timeout: 9\n    exclude:\n    - x # never\n  b:\n    pattern: api\n";
        let mut entry = Project::parse(text.as_bytes()).unwrap().integrations["a"].clone();
        entry.source = Some("b.yaml".to_owned());
        entry.options.insert("attempts".to_owned(), 5.into());
        entry.options.shift_remove("timeout");
        entry.language = Some("python".to_owned());
        let expected = text
            .replace("'a #1.yaml' # old", "b.yaml # old")
            .replace("attempts: 3", "attempts: 5")
            .replace("      timeout: 9\n", "")
            .replace("- x # never\n", "- x # never\n    language: python\n");
        assert_eq!(with_entry(Some(text), &Project::default(), "a", &entry).unwrap(), expected);
        let windows = with_entry(Some(&text.replace('\n', "\r\n")), &Project::default(), "a", &entry).unwrap();
        assert_eq!(windows, expected.replace('\n', "\r\n"));
    }

    #[test]
    fn an_edit_that_would_change_another_entry_is_refused() {
        for text in [
            "version: 1\nintegrations:\n  a: &x {pattern: queue}\n  two: *x\n",
            "version: 1\nintegrations:\n  a: &x\n    pattern: queue\n  two: *x\n",
        ] {
            let fault = with_entry(Some(text), &Project::default(), "a", &entry()).unwrap_err();
            assert_eq!(fault.to_string(), "integrate.yaml: `a` cannot be changed without changing another entry");
            assert!(without_entry(text, "a").is_err());
            assert!(with_entry(Some(text), &Project::default(), "two", &entry()).is_ok());
        }
    }

    #[test]
    fn a_byte_order_mark_and_an_end_of_the_document_stay_where_they_are() {
        for rest in ["integrations:\n  a:\n    pattern: queue\n", "", "integrations: {}\n"] {
            let text = format!("\u{feff}---\nversion: 1\n{rest}...\n");
            for name in ["a", "b"] {
                let with = with_entry(Some(&text), &Project::default(), name, &entry()).unwrap();
                assert!(with.starts_with("\u{feff}---\n") && with.ends_with("...\n"), "{with}");
                assert_eq!(Project::parse(with.as_bytes()).unwrap().integrations[name], entry(), "{with}");
            }
        }
    }
}
