//! Changes one entry in the text of `integrate.yaml` and leaves every other byte as it is.

use anyhow::{Context, Result};
use indexmap::IndexMap;

use super::project::{Entry, NAME, Project};
use crate::problem;
use crate::source::tree::{Node, Tree};

/// The text with the entry `name` as given: replaced where it is, added at the end where it is not.
pub fn with_entry(text: Option<&str>, project: &Project, name: &str, entry: &Entry) -> Result<String> {
    let Some(text) = text else { return fresh(project, name, entry) };
    let indent = Lines::of(text)?.indent;
    let block = block(name, entry, &indent)?;
    splice(text, name, &block)
}

/// The text without the entry `name`.
pub fn without_entry(text: &str, name: &str) -> Result<String> {
    let lines = Lines::of(text)?;
    let others = lines.entries.keys().filter(|known| *known != name).count();
    let cut = splice(text, name, "")?;
    // A map without entries must stay a map.
    Ok(if others == 0 { cut.replacen("integrations:", "integrations: {}", 1) } else { cut })
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
        let lines: Vec<&str> = text.lines().collect();
        let Some((key, map)) = tree.root().pairs().find(|(key, _)| key.text() == Some("integrations")) else {
            return Ok(Self { indent: "  ".to_owned(), entries: IndexMap::new(), end: lines.len(), flow: None });
        };
        let key_line = key.line() as usize - 1;
        let starts: Vec<(Node<'_>, usize)> = map.pairs().map(|(name, _)| (name, name.line() as usize - 1)).collect();
        let next_key =
            tree.root().pairs().map(|(key, _)| key.line() as usize - 1).filter(|line| *line > key_line).min();
        let end = trimmed(&lines, key_line + 1, next_key.unwrap_or(lines.len()));
        if starts.first().is_none_or(|(_, line)| *line == key_line) {
            return Ok(Self { indent: "  ".to_owned(), entries: IndexMap::new(), end, flow: Some(key_line) });
        }
        let indent = lines[starts[0].1].chars().take_while(|c| *c == ' ').collect();
        let stop = |at: usize| starts.get(at + 1).map_or(end, |(_, next)| trimmed(&lines, starts[at].1 + 1, *next));
        let entries = starts
            .iter()
            .enumerate()
            .map(|(at, (name, line))| (name.text().unwrap_or_default().to_owned(), (*line, stop(at))));
        Ok(Self { indent, entries: entries.collect(), end, flow: None })
    }
}

/// `end` less the blank lines and comments before it: they belong to what follows.
fn trimmed(lines: &[&str], start: usize, end: usize) -> usize {
    let mut end = end.min(lines.len());
    while end > start && (lines[end - 1].trim().is_empty() || lines[end - 1].trim_start().starts_with('#')) {
        end -= 1;
    }
    end
}

/// Puts `block` where the entry `name` is or should be.
fn splice(text: &str, name: &str, block: &str) -> Result<String> {
    let places = Lines::of(text)?;
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
        last.push('\n');
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
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
        None if places.entries.is_empty() => lines.extend([format!("integrations:{newline}"), block]),
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
        assert_eq!(
            text,
            TEXT.replace(
                "    a: # first\n        pattern: api\n",
                "    a:\n      pattern: api\n      source: b.yaml\n"
            )
        );
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
}
