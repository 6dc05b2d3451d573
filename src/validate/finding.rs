//! What a check found, where, and what to do about it: plain data for every printer.

use serde::Serialize;

/// How much a finding weighs. An error or a warning fails the run; a note never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place in a file: both count from 1, `column` in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// The part of a file a finding is about; `end` is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Region {
    pub start: Position,
    pub end: Position,
    /// The whole lines from `start` to `end`, at most eight, secrets masked.
    pub snippet: String,
}

/// One thing wrong, or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id: its file, its anchor in `docs/rules.md`, what an inline allowance names.
    pub rule: String,
    pub severity: Severity,
    /// What was found: one line, lower case, no full stop.
    pub message: String,
    /// What to do: an instruction.
    pub help: String,
    /// Relative to the folder that was checked.
    pub path: String,
    /// Absent where the finding is about the file as a whole, or about a file that is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The pattern whose rule it is; empty for the checks every file gets.
    pub pattern: String,
}

impl Finding {
    /// A sort key that keeps a file's findings in reading order.
    pub fn order(&self) -> (&str, Option<(Position, Position)>, Severity, &str, &str) {
        let place = self.region.as_ref().map(|region| (region.start, region.end));
        (&self.path, place, self.severity, &self.rule, &self.message)
    }
}

/// A finding that an inline allowance silenced, and the reason given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Allowed {
    pub finding: Finding,
    pub reason: String,
}

/// A file that was read, and what it was held to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub path: String,
    /// Empty for prose and data.
    pub language: String,
    /// The patterns whose rules it was held to; empty for prose and data.
    pub patterns: Vec<String>,
    /// How many rules it was held to.
    pub rules: usize,
    /// How its pattern is known: `integrate.lock`, `--type`, or the evidence in its imports and calls.
    pub why: String,
    /// Whether its pattern was scored from that evidence.
    pub guessed: bool,
}

/// What was not held to a pattern's rules or not compared, and why: a file, a folder, an entry of `integrate.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    pub path: String,
    pub reason: String,
}

/// The outcome of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub checked: Vec<Checked>,
    pub skipped: Vec<Skipped>,
    /// By path, then by place.
    pub findings: Vec<Finding>,
    pub allowed: Vec<Allowed>,
}

impl Report {
    /// Adds findings of another check, such as the lock's, and keeps the order.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    }

    /// Adds what another step left out, and keeps the order.
    pub fn leave_out(&mut self, skipped: impl IntoIterator<Item = Skipped>) {
        self.skipped.extend(skipped);
        self.skipped.sort_by(|a, b| (&a.path, &a.reason).cmp(&(&b.path, &b.reason)));
    }

    /// Whether no file was held to any pattern's rules; such a run is never clean.
    pub fn checked_nothing(&self) -> bool {
        self.checked.iter().all(|file| file.patterns.is_empty())
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// 1 where an error or a warning was found, or nothing was checked; else 0.
    pub fn exit_status(&self) -> u8 {
        let fails = self.findings.iter().any(|finding| finding.severity < Severity::Note);
        u8::from(fails || self.checked_nothing())
    }
}
