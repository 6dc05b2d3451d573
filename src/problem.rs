//! What the user can act on: one sentence with its place, and an instruction. Anything else is our fault.

use std::fmt;

/// A fault in what the user gave us; ends the program with status 2.
///
/// `what` opens with the place (`file:line:column: `) where there is one; lower case, no full stop, values in backticks.
/// `help` is an instruction, never a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub what: String,
    pub help: String,
}

impl Problem {
    pub fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Problem {}

/// What is wrong with a text that is not the YAML that was wanted, opening with its place: `file:line:column: `, or `file: `.
pub fn in_yaml(file: &str, fault: &serde_yaml::Error) -> String {
    let place = fault.location().map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
    let text = fault.to_string();
    format!("{file}{place}: {}", text.split(" at line ").next().unwrap_or(&text))
}

/// Returns early with a `Problem`: `problem!(help: "run `x`"; "cannot read `{path}`")`.
#[macro_export]
macro_rules! problem {
    (help: $help:expr; $($what:tt)*) => {
        return Err(anyhow::Error::new($crate::problem::Problem::new(format!($($what)*), $help)))
    };
}
