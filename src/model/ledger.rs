//! The honest account: every operation, table or channel of a source, and what became of it.

use serde::{Deserialize, Serialize};

use super::Origin;

/// One entry for each thing the source offers; the sum equals the source's own count.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// How many operations, tables, channels … the source itself has.
    pub source: usize,
    pub entries: Vec<Entry>,
    /// What the source describes beside these, and what becomes of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Reason>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// As the source names it: `GET /planets`, `public.users`, `orders.created`.
    pub name: String,
    pub outcome: Outcome,
    /// Why it is not simply generated, one sentence each; empty for what is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    pub origin: Origin,
}

/// One thing that could not be carried over, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub what: String,
    /// `file:line:column`.
    pub place: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All of it.
    Generated,
    /// Usable and correct, with less than the source says: the reasons tell what.
    Degraded,
    /// Left out because of a fault in the source: nothing is written without `--allow-skipped`.
    Skipped,
    /// Left out because the user's `--include` or `--exclude` says so; with a reason, because it is no concern of the pattern.
    Excluded,
}

impl Ledger {
    pub fn count(&self, outcome: Outcome) -> usize {
        self.entries.iter().filter(|entry| entry.outcome == outcome).count()
    }

    /// What is left out although nobody said so: each reason once, with the names it is for.
    pub fn left_out(&self) -> Vec<(&str, Vec<&str>)> {
        let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.outcome == Outcome::Excluded) {
            for reason in &entry.reasons {
                match found.iter_mut().find(|(what, _)| *what == reason.what) {
                    Some((_, names)) => names.push(&entry.name),
                    None => found.push((&reason.what, vec![&entry.name])),
                }
            }
        }
        found
    }
}
