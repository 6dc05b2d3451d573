//! What was said → the pattern, its variant and the language, and why.

use anyhow::{Context, Result};
use indexmap::IndexSet;

use super::address::Address;
use super::ask;
use super::said::Said;
use super::workspace::Workspace;
use crate::cli::Create;
use crate::pattern::{Pattern, Variant, cell};
use crate::problem;
use crate::problem::Problem;
use crate::render::language::Language;
use crate::requirements::Entry;
use crate::select::{Candidate, Decision, Ranking, Requirement, SourceHint, asked_for, rank};
use crate::source::credentials;
use crate::source::identify::Kind;
use crate::source::input::Input;

/// Why an entry is of its pattern.
#[derive(Debug, Clone)]
pub struct Choice {
    pub ranking: Ranking,
    /// `--type`, `integrate.yaml`, or empty where it was selected.
    pub given_by: &'static str,
}

/// The pattern that was named, that the entry has, or that fits best; asked for where two are too close.
pub fn pattern(
    workspace: &Workspace,
    flags: &Create,
    name: &str,
    old: Option<&Entry>,
    said: &Said<'_>,
) -> Result<(String, Choice)> {
    let ranking =
        rank_all(workspace, said.text.as_deref().unwrap_or(name), said.input.as_ref(), said.address.as_ref())?;
    if let Some(pattern) = &flags.pattern {
        workspace.patterns.get(pattern)?;
        return Ok((pattern.clone(), Choice { ranking, given_by: "--type" }));
    }
    if let Some(old) = old.filter(|_| flags.requirements.is_none() && flags.source.is_none()) {
        return Ok((old.pattern.clone(), Choice { ranking, given_by: "integrate.yaml" }));
    }
    if let Decision::Chosen(pattern) = &ranking.decision {
        return Ok((pattern.clone(), Choice { ranking, given_by: "" }));
    }
    if let (Some(address), Decision::Nothing) = (&said.address, &ranking.decision) {
        let variants = workspace.patterns.all.values().flat_map(|pattern| pattern.variants.values());
        let schemes = listed(variants.flat_map(|variant| variant.addresses.keys()));
        problem!(help: format!("give an address of {schemes}, or say with `--type` what it is");
            "`{}`: no pattern connects to `{}:`", address.shown(), address.scheme());
    }
    let subject = said.address.as_ref().map_or_else(|| name.to_owned(), Address::shown);
    let chosen = between(workspace, &subject, &ranking)?;
    Ok((chosen, Choice { ranking, given_by: "your answer" }))
}

/// Lets a person choose between the patterns that are too close to call.
fn between(workspace: &Workspace, subject: &str, ranking: &Ranking) -> Result<String> {
    let close: Vec<&Candidate> = match &ranking.decision {
        Decision::TooClose(close) => {
            ranking.candidates.iter().filter(|candidate| close.contains(&candidate.pattern)).collect()
        }
        _ => ranking.candidates.iter().collect(),
    };
    let names: Vec<String> = close.iter().map(|candidate| candidate.pattern.clone()).collect();
    if !ask::is_possible() {
        problem!(help: format!("add `--type` with one of {}, or say more with `--source` or `--requirements`", names.join(", "));
            "`{subject}`: {}", if ranking.decision == Decision::Nothing { "nothing said so far speaks for a pattern".to_owned() } else { format!("{} are too close to call", names.join(" and ")) });
    }
    let shown: Vec<String> = names
        .iter()
        .map(|name| format!("{name}: {}", workspace.patterns.all.get(name).map_or("", |pattern| &pattern.summary)))
        .collect();
    Ok(names[ask::choice("What is it about?", &shown)?].clone())
}

/// Ranks the patterns for a text and a source, or the address of a server.
pub fn rank_all(
    workspace: &Workspace,
    text: &str,
    input: Option<&Input>,
    address: Option<&Address>,
) -> Result<Ranking> {
    // What is quoted as evidence is printed and kept.
    let text = &credentials::masked(text);
    let signals = workspace.signals().context("cannot load the signals of the patterns")?;
    let kind = input.map(|input| input.kind).filter(|kind| *kind != Kind::Unknown).map(Kind::name);
    let url = address.map(Address::shown);
    let source = SourceHint { kind, url: url.as_deref() };
    Ok(rank(&signals, &Requirement { text, source }))
}

/// The variant named, or of those that can be made from what is there the one that the text asks for, or the first.
pub fn variant(pattern: &Pattern, named: Option<&str>, said: &Said<'_>, name: &str) -> Result<String> {
    if let Some(named) = named {
        let (name, variant) = pattern.variant(Some(named))?;
        return match &said.address {
            Some(address) if !variant.addresses.contains_key(address.scheme()) => {
                Err(nothing_fits(&format!("the variant `{name}` of `{}`", pattern.name), &[variant], said).into())
            }
            _ => Ok(name.to_owned()),
        };
    }
    let fits: Vec<(&String, &Variant)> =
        pattern.variants.iter().filter(|(_, variant)| can_be_made(variant, said)).collect();
    let words: Vec<String> =
        fits.iter().map(|(name, variant)| format!("{name}, {}", variant.words.join(", "))).collect();
    let asked = match fits.len() {
        0 | 1 => 0,
        _ => asked_for(said.text.as_deref().unwrap_or(name), &words)?.unwrap_or(0),
    };
    match fits.get(asked) {
        Some((name, _)) => Ok((*name).clone()),
        None => {
            let variants: Vec<&Variant> = pattern.variants.values().collect();
            Err(nothing_fits(&format!("the pattern `{}`", pattern.name), &variants, said).into())
        }
    }
}

/// Whether the variant reads the kind of source there is, or connects to what the address names.
fn can_be_made(variant: &Variant, said: &Said<'_>) -> bool {
    let kind = said.input.as_ref().map_or(Kind::Answers, |input| input.kind).name();
    match &said.address {
        Some(address) => variant.addresses.contains_key(address.scheme()),
        None => variant.sources.iter().any(|source| source == kind),
    }
}

/// That `who` cannot be made of what there is, and of what its variants can.
fn nothing_fits(who: &str, variants: &[&Variant], said: &Said<'_>) -> Problem {
    let kinds = listed(variants.iter().flat_map(|variant| &variant.sources));
    let Some(address) = &said.address else {
        let (source, kind) = said.input.as_ref().map_or(("", Kind::Answers), |input| (&input.name, input.kind));
        return Problem::new(
            format!("`{source}`: {who} reads no source of the kind `{}`", kind.name()),
            format!("give one of {kinds}, or another `--type`"),
        );
    };
    let schemes = listed(variants.iter().flat_map(|variant| variant.addresses.keys()));
    let what = if schemes.is_empty() { format!("one of {kinds}") } else { format!("an address of {schemes}") };
    Problem::new(
        format!("`{}`: {who} does not connect to `{}:`", address.shown(), address.scheme()),
        format!("give {what}, or another `--type`"),
    )
}

/// Each once, in the order they came.
fn listed<'a>(all: impl Iterator<Item = &'a String>) -> String {
    all.map(String::as_str).collect::<IndexSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

/// The language named, or that of the project: what `integrate.yaml` says, what its manifests show.
pub fn language(
    workspace: &Workspace,
    flags: &Create,
    old: Option<&Entry>,
    (pattern, variant): (&str, &str),
) -> Result<String> {
    let named = flags
        .language
        .clone()
        .or_else(|| old.and_then(|old| old.language.clone()))
        .or_else(|| workspace.project.language.clone());
    if let Some(name) = named {
        return Ok(workspace.language(&name)?.name.clone());
    }
    let names = languages(workspace, pattern, variant)?;
    let mut shown = Vec::new();
    for name in &names {
        if workspace.language(name)?.manifests.iter().any(|file| workspace.folder.join(file).exists()) {
            shown.push(name.clone());
        }
    }
    if let [only] = shown.as_slice() {
        return Ok(only.clone());
    }
    if flags.yes {
        return Ok(names[0].clone());
    }
    if !ask::is_possible() {
        problem!(help: format!("add `--language` with one of {}", names.join(", ")); "the project does not show its language");
    }
    Ok(names[ask::choice("Which language?", &names)?].clone())
}

/// The languages that the variant has templates for.
fn languages(workspace: &Workspace, pattern: &str, variant: &str) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for name in Language::names(&workspace.assets) {
        if cell::find(&workspace.assets, name, pattern, variant)?.is_some() {
            names.push(name.to_owned());
        }
    }
    if names.is_empty() {
        problem!(help: "choose another variant or pattern: `integrate patterns list` shows which there are";
            "the variant `{variant}` of `{pattern}` has no templates in any language");
    }
    Ok(names)
}
