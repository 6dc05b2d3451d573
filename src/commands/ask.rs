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

/// Asks for a line of text that may be left empty.
pub fn optional(question: &str) -> Result<Option<String>> {
    let theme = ColorfulTheme::default();
    let said = Input::<String>::with_theme(&theme).with_prompt(question).allow_empty(true).interact_text()?;
    Ok(Some(said.trim().to_owned()).filter(|said| !said.is_empty()))
}

/// Asks for a line of text that `check` accepts.
pub fn checked(question: &str, check: fn(&str) -> Result<()>) -> Result<String> {
    let theme = ColorfulTheme::default();
    let input = Input::<String>::with_theme(&theme).with_prompt(question);
    Ok(input.validate_with(|said: &String| check(said).map_err(|fault| fault.to_string())).interact_text()?)
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
