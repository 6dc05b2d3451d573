//! Rule texts (YAML) → rules: what code of a pattern must satisfy, each with code that must and must not trigger it.

use super::finding::Severity;
use super::grammar::{GRAMMARS, Grammar, Matcher};
use super::{builtin, imports};
use crate::problem;
use crate::problem::in_yaml;
use anyhow::Result;
use indexmap::IndexMap;
use regex::Regex;
use serde::Deserialize;
use std::sync::OnceLock;

/// Names every pattern, in `also_for` and as a file's pattern.
pub const ALL: &str = "*";

/// One rule file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The name of its file, too.
    pub id: String,
    /// The pattern in whose folder it lies.
    pub pattern: String,
    /// Other patterns whose code it is held to; `*` is all.
    #[serde(default)]
    pub also_for: Vec<String>,
    pub severity: Severity,
    /// One line; `$NAME` is what the rule captured.
    pub message: String,
    /// What to do: an instruction.
    pub help: String,
    /// Why it matters, and what the rule leaves alone.
    pub note: String,
    /// Whether tests are held to it.
    #[serde(default)]
    pub in_tests: bool,
    /// Whether a snippet of it shows a secret, to be masked.
    #[serde(default)]
    pub masks: bool,
    pub languages: IndexMap<String, Body>,
    #[serde(skip)]
    compiled: [OnceLock<Result<Matcher, String>>; GRAMMARS.len()],
}

/// A rule in one language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Tried only on files that import one of these; empty is every file.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Tried only on files in whose text this regular expression occurs: it must, wherever the rule fits. Spares parsing.
    #[serde(default)]
    mentions: Option<String>,
    #[serde(skip)]
    mentioned: OnceLock<Result<Regex, String>>,
    /// As ast-grep spells it.
    rule: serde_json::Value,
    #[serde(default)]
    constraints: serde_json::Value,
    #[serde(default)]
    utils: serde_json::Value,
    pub must_trigger: Vec<String>,
    pub must_not_trigger: Vec<String>,
}

/// A rule as documentation and reports describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub id: String,
    /// Empty for a check every file gets.
    pub pattern: String,
    pub severity: Severity,
    pub message: String,
    pub help: String,
    pub note: String,
    pub languages: Vec<String>,
}

/// All rules there are; compiled when first needed.
#[derive(Default)]
pub struct Rules {
    pub rules: Vec<Rule>,
}

impl Rules {
    /// Reads rules from `(path, text)` pairs, such as `patterns/api/rules/call-without-timeout.yaml`.
    pub fn read<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut rules: Vec<Rule> = Vec::new();
        for (path, text) in texts {
            let rule = read(path, text)?;
            if rules.iter().any(|other| other.id == rule.id) || builtin::all().iter().any(|check| check.id == rule.id) {
                problem!(help: "give the rule another id, and its file the same name"; "{path}: there is a rule `{}` already", rule.id);
            }
            rules.push(rule);
        }
        Ok(Self { rules })
    }

    /// Compiles every rule in every language it names, so that a faulty one is told at once.
    pub fn compile_all(&self) -> Result<()> {
        for rule in &self.rules {
            for grammar in GRAMMARS.into_iter().filter(|grammar| rule.languages.contains_key(grammar.language())) {
                rule.matcher(grammar)?;
                rule.may_apply(grammar.language(), "")?;
            }
        }
        Ok(())
    }

    /// Describes every rule and built-in check, built-in ones first.
    pub fn about(&self) -> Vec<About> {
        builtin::all().iter().cloned().chain(self.rules.iter().map(Rule::about)).collect()
    }

    /// Whether there is such a rule or check.
    pub fn knows(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.id == id) || builtin::all().iter().any(|check| check.id == id)
    }
}

impl Rule {
    /// Whether code of these patterns is held to it.
    pub fn concerns(&self, patterns: &[String]) -> bool {
        let named = |pattern: &String| pattern == ALL || *pattern == self.pattern || self.also_for.contains(pattern);
        patterns.iter().any(named) || (!patterns.is_empty() && self.also_for.iter().any(|pattern| pattern == ALL))
    }

    /// Whether it concerns a file in this language with these imports.
    pub fn concerns_imports(&self, language: &str, imported: &[String]) -> bool {
        let wanted = self.languages.get(language).map_or(&[][..], |body| &body.imports);
        wanted.is_empty() || wanted.iter().any(|wanted| imported.iter().any(|module| imports::is_of(module, wanted)))
    }

    /// Whether it depends on what a file imports.
    pub fn asks_for_imports(&self, language: &str) -> bool {
        self.languages.get(language).is_some_and(|body| !body.imports.is_empty())
    }

    /// Whether it may have something to say about a file in this language, by a look at its text.
    pub fn may_apply(&self, language: &str, text: &str) -> Result<bool> {
        let Some(body) = self.languages.get(language) else { return Ok(false) };
        if !body.imports.is_empty() && !body.imports.iter().any(|wanted| imports::may_be_in(text, wanted, language)) {
            return Ok(false);
        }
        let Some(mentions) = &body.mentions else { return Ok(true) };
        match body.mentioned.get_or_init(|| Regex::new(mentions).map_err(|error| error.to_string())) {
            Ok(regex) => Ok(regex.is_match(text)),
            Err(why) => {
                problem!(help: "correct the regular expression"; "rule `{}`, {language}, `mentions`: {why}", self.id)
            }
        }
    }

    /// Returns its compiled body; an error is a fault of the rule.
    pub fn matcher(&self, grammar: Grammar) -> Result<&Matcher> {
        let compiled = self.compiled[grammar.index()].get_or_init(|| self.compile(grammar));
        match compiled {
            Ok(matcher) => Ok(matcher),
            Err(why) => {
                problem!(help: "correct the rule; its form is ast-grep's, see https://ast-grep.github.io/reference/yaml.html";
                    "rule `{}`, {}: {why}", self.id, grammar.language())
            }
        }
    }

    fn compile(&self, grammar: Grammar) -> Result<Matcher, String> {
        let body = self.languages.get(grammar.language()).ok_or("not written for this language")?;
        let mut whole = serde_json::json!({ "rule": body.rule });
        for (name, part) in [("constraints", &body.constraints), ("utils", &body.utils)] {
            if !part.is_null() {
                whole[name] = part.clone();
            }
        }
        Matcher::compile(whole, grammar).map_err(|error| format!("{error:#}"))
    }

    fn about(&self) -> About {
        About {
            id: self.id.clone(),
            pattern: self.pattern.clone(),
            severity: self.severity,
            message: self.message.clone(),
            help: self.help.clone(),
            note: self.note.trim().to_string(),
            languages: self.languages.keys().cloned().collect(),
        }
    }
}

fn read(path: &str, text: &str) -> Result<Rule> {
    let rule: Rule = match serde_yaml::from_str(text) {
        Ok(rule) => rule,
        Err(error) => {
            problem!(help: "see docs/rules.md for what a rule file holds"; "{}", in_yaml(path, &error));
        }
    };
    let mut parts = path.rsplit('/');
    let stem = parts.next().and_then(|name| name.strip_suffix(".yaml")).unwrap_or_default();
    if stem != rule.id {
        problem!(help: "give the file and the rule the same name"; "{path}: the rule in it is called `{}`", rule.id);
    }
    if parts.next() == Some("rules") && parts.next().is_some_and(|folder| folder != rule.pattern) {
        problem!(help: "move the file into the folder of its pattern"; "{path}: the rule is for pattern `{}`", rule.pattern);
    }
    Ok(rule)
}
