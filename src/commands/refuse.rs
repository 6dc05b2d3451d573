//! What an entry asks for that cannot be made, before it is rendered.

use anyhow::Result;

use super::requirement::Wanted;
use crate::model::{Outcome, Service};
use crate::pattern::Variant;
use crate::problem;
use crate::render::language::Language;
use crate::requirements::NAME;
use crate::source::Filter;
use crate::source::identify::Kind;
use crate::source::input::Input;

/// How many names are listed.
const LISTED: usize = 12;

/// Refuses a source that the entry's variant does not read.
pub fn unread(one: &Wanted, (name, variant): (&str, &Variant)) -> Result<()> {
    // What is of no known kind is told by whoever reads it.
    let Some(input) = one.input.as_ref().filter(|input| input.kind != Kind::Unknown) else { return Ok(()) };
    let kind = input.kind.name();
    if !variant.sources.iter().any(|source| source == kind) {
        let place = if one.choice.is_none() { format!("{NAME}: ") } else { String::new() };
        problem!(help: format!("give one of {}, or another pattern or variant", variant.sources.join(", "));
            "{place}`{}`: `{name}` of `{}` reads no source of the kind `{kind}`, which `{}` is", one.name, one.entry.pattern, input.name);
    }
    Ok(())
}

/// Refuses a language that the variant is not meant to be in.
pub fn language(one: &Wanted, (name, variant): (&str, &Variant), language: &Language) -> Result<()> {
    if let Some(why) = variant.not_for.get(&language.name) {
        problem!(help: "choose another language or variant: `integrate patterns list` shows which there are";
            "`{}`: `{name}` of `{}` is not meant to be in {}: {why}", one.name, one.entry.pattern, language.title);
    }
    Ok(())
}

/// Refuses a folder that cannot hold code of the language.
pub fn folder(root: &str, language: &Language) -> Result<()> {
    if !language.folders_are_modules {
        return Ok(());
    }
    let is_name = |part: &str| {
        let first = part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        first && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !language.names.reserved.contains(part)
    };
    if let Some(part) = root.split('/').find(|part| !is_name(part)) {
        problem!(help: format!("take letters, digits and `_`, and no word of {}: with `--out`, or as `root` in {NAME}", language.title);
            "`{root}`: the code imports from its folder, and in {} no module can be called `{part}`", language.title);
    }
    Ok(())
}

/// Refuses a filter that leaves nothing, or that has nothing to choose from.
pub fn empty(filter: &Filter, input: Option<&Input>, service: &Service) -> Result<()> {
    let flag =
        |flag: &'static str, list: &[String]| list.iter().map(|one| format!("`{flag} {one}`")).collect::<Vec<_>>();
    let said = [flag("--include", &filter.include), flag("--exclude", &filter.exclude)].concat().join(", ");
    if said.is_empty() {
        return Ok(());
    }
    let Some(input) = input else {
        problem!(help: "take it out, or give a source to choose from"; "{said}: there is no source");
    };
    let entries = &service.ledger.entries;
    let excluded = entries.iter().filter(|entry| entry.outcome == Outcome::Excluded && entry.reasons.is_empty());
    let names: Vec<String> = excluded.map(|entry| format!("`{}`", entry.name)).collect();
    if !names.is_empty() && entries.iter().all(|entry| entry.outcome == Outcome::Excluded) {
        let more = if names.len() > LISTED { format!(" and {} more", names.len() - LISTED) } else { String::new() };
        problem!(help: format!("choose from {}{more}", names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", "));
            "{said}: that leaves nothing of `{}`", input.name);
    }
    Ok(())
}
