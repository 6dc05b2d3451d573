//! The checks that need no pattern: their ids, and findings made of their rows in `checks.yaml`.

use super::finding::{Finding, Region, Severity};
use super::rules::About;
use std::sync::OnceLock;

/// One row of `checks.yaml` each, under the same name in kebab case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    DoesNotParse,
    NotText,
    BidirectionalControl,
    InvisibleCharacter,
    AllowanceWithoutReason,
    UnusedAllowance,
    Missing,
    Edited,
    Stale,
    StaleOptions,
    StaleFile,
    OtherGenerator,
    NotGenerated,
    Orphaned,
    CannotGenerate,
    Unfinished,
    Untested,
    Undocumented,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    check: Check,
    id: String,
    severity: Severity,
    message: String,
    note: String,
    help: String,
}

/// The built-in checks as documentation and SARIF list them.
pub fn all() -> &'static [About] {
    static ALL: OnceLock<Vec<About>> = OnceLock::new();
    ALL.get_or_init(|| rows().iter().map(about).collect())
}

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| serde_yaml::from_str(include_str!("checks.yaml")).expect("`checks.yaml` is valid"))
}

fn about(row: &Row) -> About {
    About {
        id: row.id.clone(),
        pattern: String::new(),
        severity: row.severity,
        message: row.message.clone(),
        help: row.help.clone(),
        note: row.note.clone(),
        languages: Vec::new(),
    }
}

impl Check {
    fn row(self) -> &'static Row {
        rows().iter().find(|row| row.check == self).expect("every check has its row in `checks.yaml`")
    }

    pub fn id(self) -> &'static str {
        &self.row().id
    }

    /// Makes a finding about the file as a whole; `what` fills the message's `{}`.
    pub fn about(self, path: &str, what: &str) -> Finding {
        let row = self.row();
        Finding {
            rule: row.id.clone(),
            severity: row.severity,
            message: row.message.replace("{}", what),
            help: row.help.clone(),
            path: path.to_string(),
            region: None,
            pattern: String::new(),
        }
    }

    /// Makes a finding about a part of the file.
    pub fn at(self, path: &str, region: Region, what: &str) -> Finding {
        Finding { region: Some(region), ..self.about(path, what) }
    }
}
