//! A file of labelled requirements → how often selection is right, per pattern, and how often it asks.

use std::path::Path;

use anyhow::Result;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{Decision, Requirement, Signals, SourceHint, rank};
use crate::problem;

/// The label of rows that can be read in more than one way: asking is right.
pub const AMBIGUOUS: &str = "ambiguous";
const ASKED: &str = "asked";

/// How selection did on a file; shares are from 0 to 1, and null where there was no row to count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub rows: usize,
    /// Over the clear rows; asking there is an error.
    pub accuracy: Option<f64>,
    /// Per pattern, over the rows of that label.
    pub recall: IndexMap<String, Option<f64>>,
    pub asked: Asked,
    /// Label → what was decided → how many rows; `asked` stands for a question.
    pub confusion: IndexMap<String, IndexMap<String, usize>>,
    /// The rows that went wrong.
    pub wrong: Vec<Wrong>,
}

/// The shares of rows where selection asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asked {
    pub clear: Option<f64>,
    pub ambiguous: Option<f64>,
}

/// A row that was not decided as labelled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wrong {
    pub id: String,
    pub label: String,
    /// A pattern, or `asked`.
    pub decided: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    text: String,
    label: String,
    #[serde(default)]
    name: Option<String>,
}

impl Row {
    /// The name and the description, as a user would type both.
    fn requirement(&self) -> String {
        match &self.name {
            Some(name) if !self.text.starts_with(name.as_str()) => format!("{name}: {}", self.text),
            _ => self.text.clone(),
        }
    }
}

/// Runs selection over the rows of the JSONL file at `path`: `id`, `text`, `label`, and `name` where there is one.
pub fn evaluate_file(signals: &Signals, path: &Path) -> Result<Report> {
    match std::fs::read_to_string(path) {
        Ok(text) => evaluate(signals, &text, &path.display().to_string()),
        Err(error) => {
            problem!(help: "name a JSONL file that can be read"; "{}: cannot read it: {error}", path.display())
        }
    }
}

/// Runs selection over the rows of `jsonl`; `origin` is its place in error messages.
pub fn evaluate(signals: &Signals, jsonl: &str, origin: &str) -> Result<Report> {
    let patterns: Vec<&str> = signals.patterns.iter().map(|p| p.name.as_str()).collect();
    let mut confusion: IndexMap<String, IndexMap<String, usize>> = IndexMap::new();
    let mut wrong = Vec::new();
    for label in patterns.iter().chain([&AMBIGUOUS]) {
        confusion.insert((*label).to_string(), IndexMap::new());
    }
    for (number, line) in jsonl.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let row = parse(line, origin, number + 1)?;
        let Some(decisions) = confusion.get_mut(&row.label) else {
            problem!(
                help: format!("use one of {}, `{AMBIGUOUS}`", quoted(&patterns));
                "{origin}:{}: the label `{}` is not a pattern", number + 1, row.label
            );
        };
        let decided = decide(signals, &row);
        let right = if row.label == AMBIGUOUS { ASKED } else { row.label.as_str() };
        if decided != right {
            wrong.push(Wrong { id: row.id, label: row.label, decided: decided.clone() });
        }
        *decisions.entry(decided).or_default() += 1;
    }
    Ok(report(confusion, wrong))
}

fn parse(line: &str, origin: &str, number: usize) -> Result<Row> {
    match serde_json::from_str(line) {
        Ok(row) => Ok(row),
        Err(error) => problem!(
            help: "give each line an object with the texts `id`, `text` and `label`";
            "{origin}:{number}:{}: not a labelled row: {error}", error.column()
        ),
    }
}

fn decide(signals: &Signals, row: &Row) -> String {
    match rank(signals, &Requirement { text: &row.requirement(), source: SourceHint::default() }).decision {
        Decision::Chosen(pattern) => pattern,
        Decision::TooClose(_) | Decision::Nothing => ASKED.to_string(),
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}

fn report(confusion: IndexMap<String, IndexMap<String, usize>>, wrong: Vec<Wrong>) -> Report {
    let total = |label: &str| confusion[label].values().sum::<usize>();
    let count = |label: &str, decided: &str| confusion[label].get(decided).copied().unwrap_or(0);
    let clear: Vec<&String> = confusion.keys().filter(|l| *l != AMBIGUOUS).collect();
    let clear_rows = clear.iter().map(|l| total(l)).sum::<usize>();
    let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
    Report {
        rows: clear_rows + total(AMBIGUOUS),
        accuracy: share(clear.iter().map(|l| count(l, l)).sum(), clear_rows),
        recall: clear.iter().map(|l| ((*l).clone(), share(count(l, l), total(l)))).collect(),
        asked: Asked {
            clear: share(clear.iter().map(|l| count(l, ASKED)).sum(), clear_rows),
            ambiguous: share(count(AMBIGUOUS, ASKED), total(AMBIGUOUS)),
        },
        wrong,
        confusion,
    }
}
