//! What was said → the pattern, its variant and the language, and why.

use anyhow::{Context, Result};

use super::ask;
use super::said::Said;
use super::workspace::Workspace;
use crate::cli::Create;
use crate::pattern::{Pattern, cell};
use crate::problem;
use crate::render::language::Language;
use crate::requirements::Entry;
use crate::select::{Candidate, Decision, Ranking, Requirement, SourceHint, rank};
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
    let ranking = rank_all(workspace, said.text.as_deref().unwrap_or(name), said.input.as_ref())?;
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
    let chosen = between(workspace, name, &ranking)?;
    Ok((chosen, Choice { ranking, given_by: "your answer" }))
}

/// Lets a person choose between the patterns that are too close to call.
fn between(workspace: &Workspace, name: &str, ranking: &Ranking) -> Result<String> {
    let close: Vec<&Candidate> = match &ranking.decision {
        Decision::TooClose(close) => {
            ranking.candidates.iter().filter(|candidate| close.contains(&candidate.pattern)).collect()
        }
        _ => ranking.candidates.iter().collect(),
    };
    let names: Vec<String> = close.iter().map(|candidate| candidate.pattern.clone()).collect();
    if !ask::is_possible() {
        problem!(help: format!("add `--type` with one of {}, or say more with `--source` or `--requirements`", names.join(", "));
            "`{name}`: {}", if ranking.decision == Decision::Nothing { "nothing said so far speaks for a pattern".to_owned() } else { format!("{} are too close to call", names.join(" and ")) });
    }
    let shown: Vec<String> = names
        .iter()
        .map(|name| format!("{name}: {}", workspace.patterns.all.get(name).map_or("", |pattern| &pattern.summary)))
        .collect();
    Ok(names[ask::choice("What is it about?", &shown)?].clone())
}

/// Ranks the patterns for a text and a source.
pub fn rank_all(workspace: &Workspace, text: &str, input: Option<&Input>) -> Result<Ranking> {
    // What is quoted as evidence is printed and kept.
    let text = &credentials::masked(text);
    let signals = workspace.signals().context("cannot load the signals of the patterns")?;
    let source = input
        .map(|input| SourceHint { kind: Some(input.kind.name()).filter(|_| input.kind != Kind::Unknown), url: None });
    Ok(rank(&signals, &Requirement { text, source }))
}

/// The variant named, or the first that reads the kind of source there is.
pub fn variant(pattern: &Pattern, named: Option<String>, input: Option<&Input>, text: &str) -> Result<String> {
    if named.is_some() {
        return Ok(pattern.variant(named.as_deref())?.0.to_owned());
    }
    // A variant that the requirement calls by its name, or by a word people have for it.
    let words = crate::words::split(text);
    let says = |name: &str| words.join(" ").contains(&crate::words::split(name).join(" "));
    let asked = pattern
        .variants
        .iter()
        .find(|(name, variant)| says(name) || variant.words.iter().any(|word| words.contains(word)));
    let asked = asked.map(|(name, _)| name);
    let kind = input.map_or(Kind::Answers, |input| input.kind).name();
    let reads = |name: &&String| pattern.variants[*name].sources.iter().any(|source| source == kind);
    let found = asked.filter(reads).or_else(|| pattern.variants.keys().find(reads));
    match found {
        Some(name) => Ok(name.clone()),
        None => {
            let kinds: Vec<&str> =
                pattern.variants.values().flat_map(|variant| variant.sources.iter().map(String::as_str)).collect();
            problem!(help: format!("give one of {}, or another `--type`", kinds.join(", "));
                "`{}`: the pattern `{}` reads no source of the kind `{kind}`", input.map_or("", |input| &input.name), pattern.name)
        }
    }
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
