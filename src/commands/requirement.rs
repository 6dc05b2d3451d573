//! What was typed and what `integrate.yaml` says → one `Entry`: pattern, variant, language, source, options.

use anyhow::Result;
use indexmap::IndexMap;

use super::choose::{self, Choice};
use super::kept::Document;
use super::options;
use super::said::Said;
use super::workspace::Workspace;
use crate::cli::Create;
use crate::pattern::{Pattern, Variant};
use crate::problem;
use crate::requirements::Entry;
use crate::requirements::project::check_name;
use crate::select::known::Service as KnownService;
use crate::source::credentials;
use crate::source::input::Input;

/// An entry ready to be read and rendered.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub name: String,
    pub entry: Entry,
    pub input: Option<Input>,
    /// None where `integrate.yaml` alone says what is wanted.
    pub choice: Option<Choice>,
    /// What the entry is built from, where that came by no file.
    pub document: Option<Document>,
}

/// The entry `name` as flags, `integrate.yaml` and, at a terminal, the person say.
pub fn entry(workspace: &Workspace, flags: &Create, name: &str) -> Result<Wanted> {
    check_name(name)?;
    let old = workspace.project.integrations.get(name);
    let services = workspace.known()?;
    let mut said = Said::of(workspace, flags, name, old, services.as_ref())?;
    let (pattern, choice) = choose::pattern(workspace, flags, name, old, &said)?;
    refuse_other_pattern(name, old, &pattern)?;
    let found = workspace.patterns.get(&pattern)?;
    said.ask_source(workspace, name, found, flags.variant.as_deref())?;
    let named = flags.variant.clone().or_else(|| old.and_then(|old| old.variant.clone()));
    let variant = choose::variant(found, named.as_deref(), &said, name)?;
    let language = choose::language(workspace, flags, old, (&pattern, &variant))?;
    let options = given(workspace, flags, old, &said, (found, &found.variants[&variant]))?;
    let root = &workspace.project.root;
    let document = said.input.as_mut().and_then(|input| Document::of(input, name, root, said.source.as_deref()));
    let source = match &document {
        Some(document) => Some(document.path.clone()),
        None => said.source.as_deref().map(credentials::kept).transpose()?,
    };
    let (variant, language) = (Some(variant), Some(language));
    let entry = Entry { pattern, variant, language, source, options, ..kept(flags, old, said.text.as_deref()) };
    Ok(Wanted { name: name.to_owned(), entry, input: said.input, choice: Some(choice), document })
}

/// What stays of the entry unless it was typed anew.
fn kept(flags: &Create, old: Option<&Entry>, text: Option<&str>) -> Entry {
    let old = old.cloned().unwrap_or_default();
    let or_old = |list: &[String], old: Vec<String>| if list.is_empty() { old } else { list.to_vec() };
    Entry {
        requirements: text.map(credentials::masked).or(old.requirements),
        include: or_old(&flags.include, old.include),
        exclude: or_old(&flags.exclude, old.exclude),
        allow_skipped: old.allow_skipped,
        ..Entry::default()
    }
}

/// An integration that is there is changed, never replaced by one of another pattern.
fn refuse_other_pattern(name: &str, old: Option<&Entry>, pattern: &str) -> Result<()> {
    match old.filter(|old| old.pattern != pattern) {
        Some(old) => problem!(help: format!("choose another name, or remove it first: `integrate remove {name}`");
            "`{name}` is of the pattern `{}`: `{pattern}` would take its place", old.pattern),
        None => Ok(()),
    }
}

/// The options that were given now or before, and what is known of a service that has no document here.
fn given(
    workspace: &Workspace,
    flags: &Create,
    old: Option<&Entry>,
    said: &Said<'_>,
    (pattern, variant): (&Pattern, &Variant),
) -> Result<IndexMap<String, serde_json::Value>> {
    let mut given = old.map(|old| old.options.clone()).unwrap_or_default();
    if let Some(address) = &said.address {
        // What another address said is no part of this one.
        given.retain(|option, _| !variant.addresses.values().any(|parts| parts.contains_key(option)));
        given.extend(address.options(variant)?);
    }
    given.extend(options::parse(&flags.set, &workspace.folder, &variant.options)?);
    if let Some(known) = said.known.filter(|known| known.pattern == pattern.name && said.input.is_none()) {
        facts(known, variant, &mut given);
    }
    Ok(given)
}

/// What is known of a service by its name, as far as the variant has options for it.
fn facts(known: &KnownService, variant: &Variant, given: &mut IndexMap<String, serde_json::Value>) {
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
