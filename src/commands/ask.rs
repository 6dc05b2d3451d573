//! Questions to a person at a terminal, and whether there is one.

use std::io::IsTerminal;

use anyhow::Result;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Input, Select};

/// Whether somebody is there to answer: never in CI, never in a pipe.
pub fn is_possible() -> bool {
    std::env::var_os("CI").is_none() && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Lets the person choose; returns the index.
pub fn choice(question: &str, items: &[String]) -> Result<usize> {
    Ok(Select::with_theme(&ColorfulTheme::default()).with_prompt(question).items(items).default(0).interact()?)
}

/// Asks for a line of text.
pub fn line(question: &str, default: Option<&str>) -> Result<String> {
    let theme = ColorfulTheme::default();
    let mut input = Input::<String>::with_theme(&theme).with_prompt(question);
    if let Some(default) = default {
        input = input.default(default.to_owned());
    }
    Ok(input.interact_text()?)
}
