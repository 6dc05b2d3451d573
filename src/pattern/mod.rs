//! `patterns/` → `Pattern`: what a pattern is for, its variants, their options. Data; nothing here knows any pattern.

pub mod assets;
pub mod cell;

use anyhow::Result;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::assets::{Assets, read};
use crate::problem;

/// The parts of an address, beside the settings behind its `?`.
const PARTS: [&str; 4] = ["url", "host", "port", "path"];

/// One kind of integration, such as `api`, from `patterns/<name>/pattern.yaml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// The folder's name.
    #[serde(skip_deserializing)]
    pub name: String,
    pub title: String,
    /// One sentence: what it connects an application to.
    pub summary: String,
    /// The first is taken unless told otherwise.
    pub variants: IndexMap<String, Variant>,
}

/// One way to do it, such as `rest`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub summary: String,
    /// Words by which people ask for it, beside its name.
    #[serde(default)]
    pub words: Vec<String>,
    /// What of a `Service` it is made from: `operations`, `tables`, …; `answers` are the options alone.
    pub surface: String,
    /// With the surface `answers`: the option that lists what there is a function each for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    /// The kinds of source it reads; `answers` are the options themselves.
    pub sources: Vec<String>,
    /// The URL schemes of the servers it connects to → which option is which part of such an address: `url`, `host`,
    /// `port`, `path`, or `?name` for a setting.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub addresses: IndexMap<String, IndexMap<String, String>>,
    /// JSON Schema of its options: each has a default, or is required.
    pub options: Value,
    /// Options with which it can be made from a name alone (`--yes`).
    #[serde(default)]
    pub defaults: IndexMap<String, Value>,
    /// Languages in which it is not meant to be, with the reason.
    #[serde(default)]
    pub not_for: IndexMap<String, String>,
    /// Commands a reader can try, with what they do.
    #[serde(default)]
    pub examples: Vec<Example>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub does: String,
    pub command: String,
}

/// All patterns, built-in and of packs, in the order of their names.
#[derive(Debug, Clone)]
pub struct Patterns {
    pub all: IndexMap<String, Pattern>,
}

impl Patterns {
    pub fn load(assets: &Assets) -> Result<Self> {
        let mut all = IndexMap::new();
        for (path, asset) in assets.under("patterns/") {
            let Some(name) = path.strip_prefix("patterns/").and_then(|rest| rest.strip_suffix("/pattern.yaml")) else {
                continue;
            };
            if !is_plain(name) {
                problem!(help: "name the folder with small letters, digits and `-`"; "{}: `{name}` is no name for a pattern", asset.shown);
            }
            let mut pattern: Pattern = read(asset)?;
            name.clone_into(&mut pattern.name);
            for (name, variant) in &pattern.variants {
                check_options(name, variant, &asset.shown)?;
                check_addresses(name, variant, &asset.shown)?;
            }
            all.insert(name.to_owned(), pattern);
        }
        Ok(Self { all })
    }

    pub fn get(&self, name: &str) -> Result<&Pattern> {
        match self.all.get(name) {
            Some(pattern) => Ok(pattern),
            None => problem!(help: format!("choose one of {}", self.names()); "there is no pattern `{name}`"),
        }
    }

    fn names(&self) -> String {
        self.all.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}

impl Pattern {
    /// The variant `name`; the first one for None.
    pub fn variant(&self, name: Option<&str>) -> Result<(&str, &Variant)> {
        let found = match name {
            Some(name) => self.variants.get_key_value(name),
            None => self.variants.first(),
        };
        match found {
            Some((name, variant)) => Ok((name, variant)),
            None => problem!(
                help: format!("choose one of {}", self.variants.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
                "the pattern `{}` has no variant `{}`", self.name, name.unwrap_or_default()),
        }
    }
}

/// A name that is safe as a folder and in messages: small letters, digits, `-`.
pub fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn check_options(name: &str, variant: &Variant, shown: &str) -> Result<()> {
    if let Err(fault) = jsonschema::validator_for(&variant.options) {
        problem!(help: "write a JSON Schema, draft 2020-12"; "{shown}: the options of the variant `{name}` are no JSON Schema: {fault}");
    }
    Ok(())
}

/// What an address gives goes to options that there are, from parts that an address has.
fn check_addresses(name: &str, variant: &Variant, shown: &str) -> Result<()> {
    for (scheme, wanted) in &variant.addresses {
        for (option, part) in wanted {
            if variant.options.pointer("/properties").is_none_or(|options| options.get(option).is_none()) {
                problem!(help: "declare it under `options`, or take it out";
                    "{shown}: the variant `{name}` has no option `{option}`, which `{scheme}:` addresses are to give");
            }
            if !PARTS.contains(&part.as_str()) && !part.starts_with('?') {
                problem!(help: format!("write one of {}, or `?NAME` for a setting", PARTS.join(", "));
                    "{shown}: `{scheme}:` addresses of the variant `{name}` have no part `{part}`");
            }
        }
    }
    Ok(())
}
