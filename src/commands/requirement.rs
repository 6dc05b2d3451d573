//! What was typed and what `integrate.yaml` says → one `Entry`: pattern, variant, language, source, options.

use anyhow::{Context, Result};
use indexmap::IndexMap;

use super::workspace::Workspace;
use super::{ask, options};
use crate::cli::Create;
use crate::pattern::{Pattern, cell};
use crate::problem;
use crate::problem::Problem;
use crate::render::language::Language;
use crate::requirements::Entry;
use crate::requirements::project::check_name;
use crate::select::known::{Known, Service as KnownService};
use crate::select::{Candidate, Decision, Ranking, Requirement, SourceHint, rank};
use crate::source::credentials;
use crate::source::identify::Kind;
use crate::source::input::Input;

const ASK_SOURCE: &str = "What describes the service? A file, a URL, or nothing";

/// Why an entry is of its pattern.
#[derive(Debug, Clone)]
pub struct Choice {
    pub ranking: Ranking,
    /// `--type`, `integrate.yaml`, or empty where it was selected.
    pub given_by: &'static str,
}

/// An entry ready to be read and rendered.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub name: String,
    pub entry: Entry,
    pub input: Option<Input>,
    pub choice: Option<Choice>,
}

/// The entry `name` as flags, `integrate.yaml` and, at a terminal, the person say.
pub fn entry(workspace: &Workspace, flags: &Create, name: &str) -> Result<Wanted> {
    check_name(name)?;
    let old = workspace.project.integrations.get(name).cloned();
    let mut text = text(workspace, flags.requirements.as_deref())?;
    let services = workspace.known()?;
    let known = services.as_ref().and_then(|services| services.find(name));
    let mut source = source(workspace, flags, old.as_ref(), services.as_ref(), known);
    let is_said = source.is_some() || text.is_some() || flags.pattern.is_some() || old.is_some() || known.is_some();
    let mut may_ask = flags.set.is_empty() && source.is_none() && old.is_none() && !flags.yes && ask::is_possible();
    if may_ask && !is_said {
        may_ask = false;
        source = ask::optional(ASK_SOURCE)?;
        if source.is_none() {
            text = ask::optional("What is wanted, in a sentence?")?;
        }
    }
    let open = |source: Option<&str>| source.map(|source| Input::open_for(name, source, &workspace.folder)).transpose();
    let input = open(source.as_deref())?;
    let (pattern, choice) = pattern(workspace, flags, name, old.as_ref(), text.as_deref(), input.as_ref())?;
    let found = workspace.patterns.get(&pattern)?;
    let mut input = input;
    if may_ask && known.is_none() && reads_sources(found, flags.variant.as_deref()) {
        source = ask::optional(ASK_SOURCE)?;
        input = open(source.as_deref())?;
    }
    let old_variant = old.as_ref().filter(|old| old.pattern == pattern).and_then(|old| old.variant.clone());
    let variant =
        variant(found, flags.variant.clone().or(old_variant), input.as_ref(), text.as_deref().unwrap_or(name))?;
    let mut given =
        old.as_ref().filter(|old| old.pattern == pattern).map(|old| old.options.clone()).unwrap_or_default();
    given.extend(options::parse(&flags.set, &workspace.folder, &found.variants[&variant].options)?);
    if let Some(known) = known.filter(|known| known.pattern == pattern && input.is_none()) {
        facts(known, found, &variant, &mut given);
    }
    let language = language(workspace, flags, old.as_ref(), (&pattern, &variant))?;
    let or_old = |list: &[String], old: Option<Vec<String>>| {
        if list.is_empty() { old.unwrap_or_default() } else { list.to_vec() }
    };
    let entry = Entry {
        pattern,
        variant: Some(variant),
        language: Some(language),
        source: source.filter(|source| source != "-").as_deref().map(credentials::kept).transpose()?,
        requirements: text
            .as_deref()
            .map(credentials::masked)
            .or_else(|| old.as_ref().and_then(|old| old.requirements.clone())),
        include: or_old(&flags.include, old.as_ref().map(|old| old.include.clone())),
        exclude: or_old(&flags.exclude, old.as_ref().map(|old| old.exclude.clone())),
        options: given,
    };
    Ok(Wanted { name: name.to_owned(), entry, input, choice: Some(choice) })
}

/// What is to be read: what was named, or the document of a service whose name is all that was said.
fn source(
    workspace: &Workspace,
    flags: &Create,
    old: Option<&Entry>,
    services: Option<&Known>,
    known: Option<&KnownService>,
) -> Option<String> {
    match flags.source.clone().or_else(|| old.and_then(|old| old.source.clone())) {
        Some(source) => Some(published(&source, workspace, services).unwrap_or(source)),
        None if old.is_none() => known.filter(|known| is_asked_alone(workspace, flags, known))?.spec_url.clone(),
        None => None,
    }
}

/// The address of the document that a known service publishes, where `source` is its name and nothing else.
fn published(source: &str, workspace: &Workspace, services: Option<&Known>) -> Option<String> {
    if workspace.folder.join(source).exists() {
        return None;
    }
    services?.find(source)?.spec_url.clone()
}

/// Whether the name of a known service is all that was said, and its pattern reads such documents.
fn is_asked_alone(workspace: &Workspace, flags: &Create, known: &KnownService) -> bool {
    let says_nothing_else =
        flags.requirements.is_none() && flags.variant.is_none() && flags.set.is_empty() && !flags.yes;
    let pattern = flags.pattern.as_ref().unwrap_or(&known.pattern);
    let reads = workspace.patterns.all.get(pattern).and_then(|pattern| pattern.variants.values().next());
    says_nothing_else
        && *pattern == known.pattern
        && reads.is_some_and(|variant| variant.sources.iter().any(|kind| kind == Kind::Openapi.name()))
}

/// Whether a variant that may be meant reads anything but answers.
fn reads_sources(pattern: &Pattern, variant: Option<&str>) -> bool {
    let meant = pattern.variants.iter().filter(|(name, _)| variant.is_none_or(|variant| variant == *name));
    meant.flat_map(|(_, variant)| &variant.sources).any(|source| source != Kind::Answers.name())
}

/// What is known of a service by its name, as far as the variant has options for it.
fn facts(known: &KnownService, pattern: &Pattern, variant: &str, given: &mut IndexMap<String, serde_json::Value>) {
    let Some(variant) = pattern.variants.get(variant) else { return };
    let sign_in = match known.auth.as_slice() {
        [only] => only.strip_prefix("http:").filter(|kind| matches!(*kind, "bearer" | "basic")),
        _ => None,
    };
    for (key, value) in [("base_url", known.base_url.as_deref()), ("auth", sign_in)] {
        let has = variant.options.pointer(&format!("/properties/{key}")).is_some();
        if let Some(value) = value.filter(|_| has) {
            given.entry(key.to_owned()).or_insert_with(|| value.into());
        }
    }
}

/// Text as typed, or from the file that `@FILE` names.
pub fn text(workspace: &Workspace, typed: Option<&str>) -> Result<Option<String>> {
    let Some(typed) = typed else { return Ok(None) };
    let Some(file) = typed.strip_prefix('@') else { return Ok(Some(typed.to_owned())) };
    let read = std::fs::read_to_string(workspace.folder.join(file));
    let text =
        read.map_err(|fault| Problem::new(format!("`@{file}`: {fault}"), "name a text file that can be read"))?;
    Ok(Some(text.trim().to_owned()))
}

fn pattern(
    workspace: &Workspace,
    flags: &Create,
    name: &str,
    old: Option<&Entry>,
    text: Option<&str>,
    input: Option<&Input>,
) -> Result<(String, Choice)> {
    let ranking = rank_all(workspace, text.unwrap_or(name), input)?;
    if let Some(pattern) = &flags.pattern {
        workspace.patterns.get(pattern)?;
        return Ok((pattern.clone(), Choice { ranking, given_by: "--type" }));
    }
    if let Some(old) = old.filter(|_| flags.requirements.is_none() && flags.source.is_none()) {
        return Ok((old.pattern.clone(), Choice { ranking, given_by: "integrate.yaml" }));
    }
    let close: Vec<&Candidate> = match &ranking.decision {
        Decision::Chosen(pattern) => return Ok((pattern.clone(), Choice { ranking, given_by: "" })),
        Decision::TooClose(close) => {
            ranking.candidates.iter().filter(|candidate| close.contains(&candidate.pattern)).collect()
        }
        Decision::Nothing => ranking.candidates.iter().collect(),
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
    let at = ask::choice("What is it about?", &shown)?;
    Ok((names[at].clone(), Choice { ranking, given_by: "your answer" }))
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
fn variant(pattern: &Pattern, named: Option<String>, input: Option<&Input>, text: &str) -> Result<String> {
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
fn language(
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    /// Whether the arguments of `create NAME` alone ask for the document that the service publishes.
    fn asks(arguments: &[&str]) -> bool {
        let cli = Cli::parse_from(["integrate", "create"].iter().chain(arguments));
        let Command::Create(flags) = &cli.command else { panic!("not `create`") };
        let workspace = Workspace::open(&cli).unwrap();
        let services = workspace.known().unwrap().unwrap();
        services.find(arguments[0]).is_some_and(|known| is_asked_alone(&workspace, flags, known))
    }

    #[test]
    fn the_name_of_a_known_service_asks_for_its_document_where_nothing_else_is_said() {
        assert!(asks(&["stripe", "--language", "python"]));
        assert!(asks(&["stripe", "--type", "api"]));
        assert!(!asks(&["stripe", "--type", "auth"]));
        assert!(!asks(&["stripe", "--yes"]));
        assert!(!asks(&["stripe", "--requirements", "sign people in"]));
        assert!(!asks(&["stripe", "--set", "operations=[]"]));
        assert!(!asks(&["nobody-knows-this"]));
    }

    #[test]
    fn a_known_name_as_a_source_is_the_address_of_its_document_unless_a_file_is_called_so() {
        let folder = tempfile::TempDir::new().unwrap();
        let place = folder.path().to_str().unwrap();
        let cli = Cli::parse_from(["integrate", "-C", place, "create", "billing", "--source", "stripe"]);
        let workspace = Workspace::open(&cli).unwrap();
        let services = workspace.known().unwrap();
        let found = published("stripe", &workspace, services.as_ref());
        assert!(found.is_some_and(|url| url.starts_with("https://") && url.contains("stripe")));
        std::fs::write(folder.path().join("stripe"), "openapi: 3.0.0").unwrap();
        assert_eq!(published("stripe", &workspace, services.as_ref()), None);
    }
}
