//! A requirement and the patterns' signals → the patterns ranked, with the evidence for each and a decision.
//!
//! No pattern is named here: what speaks for one is data (`signals.yaml`), for the built-in ones as for a user's own.

mod among;
mod clauses;
pub mod evaluate;
mod features;
mod fold;
mod hash;
mod inflect;
pub mod known;
mod lexicon;
mod nearest;
mod score;
mod signals;
mod tokens;
mod typo;
mod words;

use serde::Serialize;

use score::Scored;

pub use among::asked_for;
pub use signals::Signals;

/// What a pattern is chosen for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Requirement<'a> {
    /// A sentence, a name, a ticket, a line of code, a URL; in any language.
    pub text: &'a str,
    pub source: SourceHint<'a>,
}

/// What is known of a source without reading it; of none, nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct SourceHint<'a> {
    /// As the sniffer names it: `openapi`, `asyncapi`, `sqlite`, `oidc`, …
    pub kind: Option<&'a str>,
    /// Where it lies; its scheme, host and port are weighed.
    pub url: Option<&'a str>,
}

/// All patterns, the best first, and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranking {
    pub candidates: Vec<Candidate>,
    pub decision: Decision,
    /// Which answers would turn the decision, in plain words.
    pub flips_if: Vec<String>,
    /// What the terms alone say for the pattern they say most for, in points.
    #[serde(skip)]
    pub firm: f64,
    /// How much the text is like requests that can be met in several ways: the more, the surer the choice must be.
    #[serde(skip)]
    pub openness: f64,
}

/// A pattern and what speaks for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    pub pattern: String,
    /// The sum of the points of its evidence.
    pub score: f64,
    /// The strongest first.
    pub evidence: Vec<Evidence>,
}

/// One thing that speaks for a pattern, or against it where the points are negative.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// The signal's id: `pattern/signal`, as in `signals.yaml`.
    pub signal: String,
    /// What was found, in plain words.
    pub what: String,
    /// The text's own words.
    pub quote: String,
    pub points: f64,
}

/// What the ranking comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// One pattern is clearly ahead.
    Chosen(String),
    /// These are too close to call, the best first: ask.
    TooClose(Vec<String>),
    /// Nothing speaks for any pattern: ask.
    Nothing,
}

/// Less than this is no evidence.
const NOTHING: f64 = 0.5;
/// How sure the choice must be, in points, and how much more for each unit of openness.
const SURE: f64 = 3.3;
const SURE_WHERE_OPEN: f64 = 0.9;
/// What makes it sure: how far the best is ahead of the next, and what the terms alone say for it, each as far as this.
const ENOUGH: f64 = 4.5;
const FIRM: f64 = 0.6;
/// Where two things are wanted alike, one that has so small a share less than the best is as good.
const ALIKE: f64 = 0.7;
/// However firm, the best must be so far ahead.
const MARGIN: f64 = 0.3;

/// Ranks all patterns for `requirement`.
///
/// Deterministic: the same signals and the same requirement give the same ranking on every machine.
pub fn rank(signals: &Signals, requirement: &Requirement) -> Ranking {
    let Scored { mut candidates, mut firm, openness, alike } = score::score(signals, requirement.text);
    firm += weigh_source(signals, requirement.source, &mut candidates);
    for candidate in &mut candidates {
        candidate.evidence.sort_by(|a, b| b.points.total_cmp(&a.points).then_with(|| a.signal.cmp(&b.signal)));
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let wanted = SURE + SURE_WHERE_OPEN * openness - FIRM * firm.min(ENOUGH);
    let best = candidates.first().map_or(0.0, |c| c.score);
    let margin = if alike { ALIKE * best } else { wanted.clamp(MARGIN, ENOUGH) };
    let decision = decide(&candidates, margin);
    let flips_if = flips_if(signals, &candidates, &decision);
    Ranking { candidates, decision, flips_if, firm, openness }
}

/// Adds what the source says, and returns its strongest points.
fn weigh_source(signals: &Signals, source: SourceHint, candidates: &mut [Candidate]) -> f64 {
    let mut firm = 0.0;
    if let Some(url) = source.url {
        let found = score::score(signals, url);
        firm = found.firm;
        for (candidate, found) in candidates.iter_mut().zip(found.candidates) {
            candidate.score += found.score;
            candidate.evidence.extend(found.evidence);
        }
    }
    let Some(kind) = source.kind else { return firm };
    for (candidate, pattern) in candidates.iter_mut().zip(&signals.patterns) {
        if pattern.sources.iter().any(|s| s == kind) {
            firm += pattern.source_points;
            let evidence = Evidence {
                signal: format!("{}/sources", pattern.name),
                what: "the kind of source".to_string(),
                quote: kind.to_string(),
                points: pattern.source_points,
            };
            score::add(candidate, evidence);
        }
    }
    firm
}

/// Chooses the best if it is at least `margin` points ahead of all others.
fn decide(candidates: &[Candidate], margin: f64) -> Decision {
    let Some(best) = candidates.first().filter(|c| c.score >= NOTHING) else { return Decision::Nothing };
    let lead = best.score - candidates.get(1).map_or(0.0, |next| next.score.max(0.0));
    let close = candidates.iter().filter(|c| c.score >= NOTHING && best.score - c.score < margin);
    let close: Vec<String> = close.map(|c| c.pattern.clone()).collect();
    match close.len() {
        1 if lead >= margin => Decision::Chosen(best.pattern.clone()),
        1 => Decision::Nothing,
        _ => Decision::TooClose(close),
    }
}

/// One sentence for each pattern that an answer could bring to the front.
fn flips_if(signals: &Signals, candidates: &[Candidate], decision: &Decision) -> Vec<String> {
    let about = |name: &str| signals.patterns.iter().find(|p| p.name == name).map_or("", |p| p.about.as_str());
    let says = |name: &str| format!("`{name}` if the work is about {}", about(name));
    match decision {
        Decision::Nothing => candidates.iter().map(|c| says(&c.pattern)).collect(),
        Decision::TooClose(close) => close.iter().map(|name| says(name)).collect(),
        Decision::Chosen(_) => {
            let best = candidates.first().map_or(0.0, |c| c.score);
            let rivals = candidates.iter().skip(1).filter(|c| c.score >= NOTHING).take(2);
            rivals.map(|c| format!("{} ({:.1} points behind)", says(&c.pattern), best - c.score)).collect()
        }
    }
}
