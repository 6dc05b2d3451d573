//! A file nobody named a pattern for → the pattern it is code of, scored from its imports and calls, with the evidence.

use super::imports;
use crate::problem;
use crate::problem::in_yaml;
use anyhow::Result;
use indexmap::IndexMap;
use serde::Deserialize;

/// Fewer points than this name no pattern.
const ENOUGH: u32 = 4;
/// A runner-up with this share of the leader's points, in percent, is too close to leave out.
const CLOSE_PERCENT: u32 = 60;

/// What code of one pattern imports and calls: `patterns/<pattern>/detect.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signs {
    pub pattern: String,
    pub languages: IndexMap<String, SignsOf>,
}

/// The signs in one language, each with its points.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignsOf {
    /// Modules, with all they hold.
    #[serde(default)]
    pub imports: IndexMap<String, u32>,
    /// The ends of what is called: `basic_consume` is also `self.channel.basic_consume`.
    #[serde(default)]
    pub calls: IndexMap<String, u32>,
}

/// The points of one pattern, and what they are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    pub pattern: String,
    pub points: u32,
    pub evidence: Vec<String>,
}

/// What a file was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// More than one where they are too close to tell; none where nothing names one.
    pub patterns: Vec<String>,
    /// The evidence, or what is lacking, in a line.
    pub why: String,
}

/// Reads signs from `(path, text)` pairs, such as `patterns/queue/detect.yaml`.
pub fn read<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Vec<Signs>> {
    let mut signs = Vec::new();
    for (path, text) in texts {
        match serde_yaml::from_str::<Signs>(text) {
            Ok(of_one) if path.rsplit('/').nth(1).is_some_and(|folder| folder != of_one.pattern) => {
                problem!(help: "name the pattern in whose folder it lies"; "{path}: the signs are for pattern `{}`", of_one.pattern)
            }
            Ok(of_one) => signs.push(of_one),
            Err(error) => problem!(help: "see docs/rules.md for what it holds"; "{}", in_yaml(path, &error)),
        }
    }
    Ok(signs)
}

/// Scores every pattern by what a file imports and calls, the best first; those without points are left out.
pub fn score(signs: &[Signs], language: &str, imported: &[String], calls: &[String]) -> Vec<Score> {
    let of_one = |signs: &Signs| {
        let of_language = signs.languages.get(language)?;
        let imported =
            of_language.imports.iter().filter(|(module, _)| imported.iter().any(|i| imports::is_of(i, module)));
        let called = of_language.calls.iter().filter(|(name, _)| calls.iter().any(|call| ends_in(call, name)));
        let hits: Vec<(String, u32)> = imported
            .map(|(module, points)| (format!("imports `{module}` +{points}"), *points))
            .chain(called.map(|(name, points)| (format!("calls `{name}` +{points}"), *points)))
            .collect();
        let points = hits.iter().map(|(_, points)| points).sum();
        let evidence = hits.into_iter().map(|(what, _)| what).collect();
        (points > 0).then_some(Score { pattern: signs.pattern.clone(), points, evidence })
    };
    let mut scores: Vec<Score> = signs.iter().filter_map(of_one).collect();
    scores.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.pattern.cmp(&b.pattern)));
    scores
}

/// Chooses from scores, the best first.
pub fn choose(scores: &[Score]) -> Detected {
    let Some(best) = scores.first().filter(|best| best.points >= ENOUGH) else {
        let why = "its imports and calls name no pattern; name one with `--type`".to_string();
        return Detected { patterns: Vec::new(), why };
    };
    let close = scores.iter().take_while(|score| score.points * 100 >= best.points * CLOSE_PERCENT);
    let close: Vec<&Score> = close.collect();
    let told: Vec<String> = close.iter().map(|score| explain(score)).collect();
    let mut why = told.join("; ");
    if close.len() > 1 {
        why.push_str("; too close to tell apart, so it was held to the rules of each");
    }
    Detected { patterns: close.into_iter().map(|score| score.pattern.clone()).collect(), why }
}

fn explain(score: &Score) -> String {
    format!("{} {} points: {}", score.pattern, score.points, score.evidence.join(", "))
}

fn ends_in(call: &str, name: &str) -> bool {
    call.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
