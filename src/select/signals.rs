//! The `signals.yaml` of each pattern, built in or a user's own → the lexicon and the rules that texts are scored by.

use std::collections::HashMap;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde::Deserialize;

use super::clauses::Language;
use super::lexicon::{Lexicon, ListId, terms};
use super::nearest::Examples;
use super::words::{Leanings, Texts};
use crate::problem;
use crate::problem::in_yaml;

/// What speaks for each pattern, ready to rank texts by.
///
/// A `signals.yaml` holds:
/// - `about`: what the work is about, in words that follow "the work is about";
/// - `sources`: the kinds of source document that are of this pattern, and what one counts (`source_points`);
/// - `examples`: requirements of this pattern, in whatever words; a text close to one of them is of this pattern, and
///   single words of them, and of the terms, lean to it;
/// - `classes`: named lists of words that mean the same, for use in `together`;
/// - `signals`: named pieces of evidence, each with `what` (plain words), `points` and either `terms` (one of them stands
///   in the text) or `together` (classes of which each stands in the sentence; `pattern/class` is another pattern's);
///   `name: true` marks names of products, `short: true` words that are evidence only where they are the better part of
///   the whole text or of its heading, `url: true` those that count in a URL alone. `listing: true`, instead of terms, is
///   a text that only names and describes a thing. Negative points speak against the pattern. Words found by several
///   signals of a pattern count for the strongest only.
///
/// Terms are parted by commas and line breaks; case and accents do not count; `word*` is a beginning, `*word` an end. A
/// term written with a capital is an ordinary word too (`Box`), and is found only where the text writes it so.
#[derive(Debug)]
pub struct Signals {
    pub(super) language: Language,
    pub(super) lexicon: Lexicon,
    pub(super) patterns: Vec<Pattern>,
    pub(super) rules: Vec<Rule>,
    /// What a hit in each list of the lexicon stands for.
    pub(super) lists: Vec<List>,
    /// What single words are counted in, and how far they lean; counted when a text first needs it.
    texts: Texts,
    leanings: OnceLock<Leanings>,
    examples: OnceLock<Examples>,
}

/// A pattern as far as selection knows it.
#[derive(Debug)]
pub(super) struct Pattern {
    pub name: String,
    pub about: String,
    pub sources: Vec<String>,
    pub source_points: f64,
}

/// One piece of evidence that may be found.
#[derive(Debug)]
pub(super) struct Rule {
    pub id: String,
    pub pattern: usize,
    pub what: String,
    pub points: f64,
    pub name: bool,
    pub short: bool,
    pub url: bool,
    pub listing: bool,
    /// The classes that must stand together; empty where a term is enough.
    pub together: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Terms(usize),
    Class(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    #[serde(default)]
    sources: String,
    #[serde(default = "source_points")]
    source_points: f64,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    classes: IndexMap<String, String>,
    #[serde(default)]
    signals: IndexMap<String, Signal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signal {
    what: String,
    points: f64,
    #[serde(default)]
    name: bool,
    #[serde(default)]
    short: bool,
    #[serde(default)]
    url: bool,
    #[serde(default)]
    listing: bool,
    #[serde(default)]
    terms: String,
    #[serde(default)]
    together: Vec<String>,
}

fn source_points() -> f64 {
    8.0
}

impl Signals {
    /// Reads the signals of all patterns: for each its name, the text of its `signals.yaml`, and where that came from.
    ///
    /// The order of `files` decides nothing but the order of patterns with equal scores.
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Result<Self> {
        let mut loader = Loader::default();
        let mut parsed = Vec::new();
        for (name, yaml, origin) in files {
            let file: File = match serde_yaml::from_str(yaml) {
                Ok(file) => file,
                Err(error) => {
                    problem!(
                        help: "correct the file; `patterns show` prints the signals of a built-in pattern as an example";
                        "{}", in_yaml(origin, &error)
                    );
                }
            };
            parsed.push((name, file, origin));
        }
        for (pattern, (name, file, _)) in parsed.iter_mut().enumerate() {
            for (class, text) in std::mem::take(&mut file.classes) {
                loader.class(format!("{name}/{class}"), &text);
                loader.texts.add_terms(pattern, 1.0, text);
            }
            file.examples.drain(..).for_each(|text| loader.texts.add_example(pattern, text));
        }
        for (name, file, origin) in parsed {
            loader.pattern(name, file, origin)?;
        }
        let (language, open) = Language::load().context("cannot read the words of language.yaml")?;
        open.into_iter().for_each(|text| loader.texts.add_open(text));
        let Loader { lexicon, patterns, rules, lists, texts, .. } = loader;
        Ok(Self {
            language,
            lexicon,
            patterns,
            rules,
            lists,
            texts,
            leanings: OnceLock::new(),
            examples: OnceLock::new(),
        })
    }

    pub(super) fn examples(&self) -> &Examples {
        self.examples.get_or_init(|| Examples::index(self.texts.examples()))
    }

    pub(super) fn leanings(&self) -> &Leanings {
        self.leanings.get_or_init(|| self.texts.leanings())
    }
}

#[derive(Default)]
struct Loader {
    lexicon: Lexicon,
    patterns: Vec<Pattern>,
    rules: Vec<Rule>,
    lists: Vec<List>,
    classes: HashMap<String, usize>,
    texts: Texts,
}

impl Loader {
    fn list(&mut self, list: List, text: &str) {
        let id = self.lists.len() as ListId;
        self.lists.push(list);
        self.lexicon.add(text, id);
    }

    fn class(&mut self, name: String, text: &str) {
        let id = self.classes.len();
        self.classes.insert(name, id);
        self.list(List::Class(id), text);
    }

    fn pattern(&mut self, name: &str, file: File, origin: &str) -> Result<()> {
        let pattern = self.patterns.len();
        if self.patterns.iter().any(|p| p.name == name) {
            problem!(help: "rename the folder of one of them"; "{origin}: there are two patterns named `{name}`");
        }
        for (id, signal) in file.signals {
            let place = format!("{origin}: signal `{id}`");
            let kinds = [!signal.terms.is_empty(), !signal.together.is_empty(), signal.listing];
            if !signal.points.is_finite() || kinds.iter().filter(|k| **k).count() != 1 {
                problem!(
                    help: "give it finite `points`, and one of `terms`, `together` and `listing`";
                    "{place} has no number of points, or not exactly one of `terms`, `together` and `listing`"
                );
            }
            let together = self.resolve(name, &signal.together, &place)?;
            let rule = self.rules.len();
            self.list(List::Terms(rule), &signal.terms);
            let Signal { what, points, name: is_name, short, url, listing, terms, .. } = signal;
            if !is_name && !url {
                self.texts.add_terms(pattern, points, terms);
            }
            let id = format!("{name}/{id}");
            self.rules.push(Rule { id, pattern, what, points, name: is_name, short, url, listing, together });
        }
        let sources = terms(&file.sources).map(str::to_string).collect();
        let (about, source_points) = (file.about, file.source_points);
        self.patterns.push(Pattern { name: name.to_string(), about, sources, source_points });
        Ok(())
    }

    fn resolve(&self, pattern: &str, classes: &[String], place: &str) -> Result<Vec<usize>> {
        let mut ids = Vec::new();
        for class in classes {
            let full = if class.contains('/') { class.clone() } else { format!("{pattern}/{class}") };
            match self.classes.get(&full) {
                Some(id) => ids.push(*id),
                None => problem!(
                    help: "name a class under `classes`, or `pattern/class` for that of another pattern";
                    "{place} refers to the class `{class}`, which is not defined"
                ),
            }
        }
        Ok(ids)
    }
}
