//! Hits in a text → the evidence for each pattern, with its points and the text's own words.

use std::collections::HashMap;

use super::lexicon::Hit;
use super::signals::{List, Rule, Signals};
use super::tokens::{Case, Token};
use super::{Candidate, Evidence, clauses};

/// What is wanted stands in the first pages of a document, and a bound keeps any text under a tenth of a second.
const MOST_TOKENS: usize = 5_000;
/// What a misspelt word counts beside a well-spelt one.
const TYPO: f64 = 0.85;
/// What the second and the third find of the same signal still add.
const AGAIN: [f64; 3] = [1.0, 0.45, 0.2];
/// A text of more words than this tells what is wanted; a shorter one is a name, perhaps with a word beside it.
const NAME_LENGTH: usize = 4;
/// What the name of a product counts in a text that tells what is wanted of it.
const NAME_IN_TEXT: f64 = 0.7;
/// What the name of a product counts in the heading of a text.
const NAME_IN_HEADING: f64 = 1.5;
const HEADING_LENGTH: usize = 6;

/// Where the terms put one pattern so many points ahead, single words are not weighed.
const DECIDED: f64 = 4.5;

/// How much more open a text is that says itself that it is.
const UNDECIDED: f64 = 2.5;

/// What a text says for each pattern.
pub(super) struct Scored {
    /// In the order the patterns were loaded.
    pub candidates: Vec<Candidate>,
    /// What the terms alone say for the pattern they say most for.
    pub firm: f64,
    /// How much the text is like requests that can be met in several ways; from about -4 to 4.
    pub openness: f64,
    /// Several things are wanted, none more than the other.
    pub alike: bool,
}

/// Where a signal was found: what it counts there, and the tokens it covers.
struct Find {
    weight: f64,
    first: usize,
    last: usize,
    /// What it counts more or less for being a name there.
    name: f64,
}

/// Returns what `text` says for each pattern.
pub(super) fn score(signals: &Signals, text: &str) -> Scored {
    let mut tokens = clauses::split(text, &signals.lexicon);
    tokens.truncate(MOST_TOKENS);
    let (weights, purpose) = signals.language.weigh(&mut tokens);
    let is_spelt = |word: &str| signals.examples().knows(word);
    let hits = signals.lexicon.find(&tokens, &signals.language.ordinary(&tokens), &is_spelt);
    let page = Page { signals, text, tokens: &tokens, weights: &weights, heading: heading(text, &tokens) };
    let hits = page.keep_strongest(page.keep_longest(hits));
    let mut candidates: Vec<Candidate> = signals
        .patterns
        .iter()
        .map(|p| Candidate { pattern: p.name.clone(), score: 0.0, evidence: Vec::new() })
        .collect();
    for (rule, finds) in signals.rules.iter().zip(page.finds(&hits)) {
        if let Some(evidence) = page.evidence(rule, finds) {
            add(&mut candidates[rule.pattern], evidence);
        }
    }
    let [firm, next] = best_two(&candidates);
    let openness = if firm - next < DECIDED { page.add_leanings(&hits, &mut candidates) } else { 0.0 };
    let openness = openness + if purpose.undecided { UNDECIDED } else { 0.0 };
    Scored { candidates, firm, openness, alike: purpose.alike }
}

pub(super) fn add(candidate: &mut Candidate, evidence: Evidence) {
    candidate.score += evidence.points;
    candidate.evidence.push(evidence);
}

/// The scores of the best and the next.
fn best_two(candidates: &[Candidate]) -> [f64; 2] {
    candidates.iter().fold([0.0; 2], |[best, next], c| match c.score {
        score if score > best => [score, best],
        score => [best, score.max(next)],
    })
}

struct Page<'a> {
    signals: &'a Signals,
    text: &'a str,
    tokens: &'a [Token],
    weights: &'a [f64],
    /// How many tokens the heading has: those before a colon near the start, or all of a text that is only a name.
    heading: usize,
}

fn heading(text: &str, tokens: &[Token]) -> usize {
    if tokens.len() <= NAME_LENGTH {
        return tokens.len();
    }
    let Some(colon) = text.find(": ").filter(|at| !text[..*at].contains('\n')) else { return 0 };
    let count = tokens.iter().take_while(|t| t.end <= colon).count();
    if count <= HEADING_LENGTH { count } else { 0 }
}

impl Page<'_> {
    /// Leaves out what is only part of a longer term: `S3 event notification` does not speak of S3.
    fn keep_longest(&self, hits: Vec<Hit>) -> Vec<Hit> {
        let mut longest = vec![(0, 0); self.tokens.len()];
        for hit in hits.iter().filter(|h| matches!(self.list(h), List::Terms(_))) {
            for cover in &mut longest[hit.first..=hit.last] {
                if hit.last - hit.first > cover.1 - cover.0 {
                    *cover = (hit.first, hit.last);
                }
            }
        }
        let is_part = |hit: &Hit| {
            let (first, last) = longest[hit.first];
            first <= hit.first && hit.last <= last && last - first > hit.last - hit.first
        };
        hits.into_iter().filter(|hit| !is_part(hit)).collect()
    }

    /// Leaves out what a stronger signal of the same pattern has found in the same words.
    fn keep_strongest(&self, hits: Vec<Hit>) -> Vec<Hit> {
        let mut best: HashMap<(usize, usize, usize), (f64, usize)> = HashMap::new();
        for hit in &hits {
            let List::Terms(rule) = self.list(hit) else { continue };
            let Rule { pattern, points, .. } = &self.signals.rules[rule];
            if self.counts(rule, hit) {
                let found = best.entry((*pattern, hit.first, hit.last)).or_insert((*points, rule));
                if points.abs() > found.0.abs() {
                    *found = (*points, rule);
                }
            }
        }
        let stays = |hit: &Hit| match self.list(hit) {
            List::Class(_) => true,
            List::Terms(rule) => {
                let key = (self.signals.rules[rule].pattern, hit.first, hit.last);
                best.get(&key).is_some_and(|(_, strongest)| *strongest == rule)
            }
        };
        hits.into_iter().filter(stays).collect()
    }

    /// Whether a rule's own conditions on the place of its words are met.
    fn counts(&self, rule: usize, hit: &Hit) -> bool {
        let rule = &self.signals.rules[rule];
        let long = 2 * (hit.last + 1 - hit.first) >= self.heading;
        (!rule.short || (hit.last < self.heading && long)) && (!rule.url || self.tokens[hit.first].in_url)
    }

    fn list(&self, hit: &Hit) -> List {
        self.signals.lists[hit.list as usize]
    }

    /// Returns where each rule was found.
    fn finds(&self, hits: &[Hit]) -> Vec<Vec<Find>> {
        let mut finds: Vec<Vec<Find>> = self.signals.rules.iter().map(|_| Vec::new()).collect();
        let mut classes: HashMap<usize, Vec<&Hit>> = HashMap::new();
        for hit in hits {
            match self.list(hit) {
                List::Terms(rule) => finds[rule].push(self.find(hit)),
                List::Class(class) => classes.entry(class).or_default().push(hit),
            }
        }
        for (rule, finds) in self.signals.rules.iter().zip(&mut finds) {
            if rule.listing && self.is_listing() {
                finds.push(Find { weight: 1.0, first: 0, last: self.heading - 1, name: 1.0 });
            }
            if !rule.together.is_empty() {
                finds.extend(self.together(rule, &classes));
            }
        }
        finds
    }

    /// A heading that names a thing, and a description that asks for nothing.
    fn is_listing(&self) -> bool {
        let few = self.tokens.len() <= NAME_LENGTH;
        let described = self.tokens.get(self.heading).is_some_and(|first| first.case != Case::Lower);
        self.heading > 0
            && !few
            && described
            && self.weights[..self.heading].iter().all(|weight| *weight > 0.0)
            && !self.text.contains(['\n', '{', '=', ';'])
            && !self.signals.language.asks(self.tokens)
    }

    fn find(&self, hit: &Hit) -> Find {
        let weight = self.weights[hit.first].max(self.weights[hit.last]) * if hit.typo { TYPO } else { 1.0 };
        let name = match hit.last < self.heading {
            _ if self.tokens.len() <= NAME_LENGTH => 1.0,
            true => NAME_IN_HEADING,
            false => NAME_IN_TEXT,
        };
        Find { weight, first: hit.first, last: hit.last, name }
    }

    /// The best place of each class in the first sentence that has them all, in different words.
    fn together(&self, rule: &Rule, classes: &HashMap<usize, Vec<&Hit>>) -> Option<Find> {
        let anchors = classes.get(&rule.together[0])?;
        anchors
            .iter()
            .filter_map(|anchor| self.gather(rule, classes, anchor))
            .max_by(|a, b| a.weight.total_cmp(&b.weight))
    }

    fn gather(&self, rule: &Rule, classes: &HashMap<usize, Vec<&Hit>>, anchor: &Hit) -> Option<Find> {
        let mut all = self.find(anchor);
        let sentence = self.tokens[anchor.first].sentence;
        for class in &rule.together[1..] {
            let found = classes.get(class)?.iter();
            let apart = found.filter(|h| h.last < anchor.first || h.first > anchor.last);
            let near = apart.filter(|h| self.tokens[h.first].sentence == sentence).map(|h| self.find(h));
            let best = near.max_by(|a, b| a.weight.total_cmp(&b.weight))?;
            all.weight = all.weight.min(best.weight);
            all.first = all.first.min(best.first);
            all.last = all.last.max(best.last);
        }
        Some(all)
    }

    fn evidence(&self, rule: &Rule, mut finds: Vec<Find>) -> Option<Evidence> {
        if rule.name {
            finds.iter_mut().for_each(|find| find.weight *= find.name);
        }
        finds.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.first.cmp(&b.first)));
        let mut said: Vec<String> = Vec::new();
        let mut strength = 0.0;
        for find in &finds {
            let words = self.words(find);
            if !said.contains(&words) {
                strength += find.weight * AGAIN.get(said.len()).copied().unwrap_or(0.0);
                said.push(words);
            }
        }
        let best = finds.first().filter(|_| strength > 0.05)?;
        Some(Evidence {
            signal: rule.id.clone(),
            what: rule.what.clone(),
            quote: self.quote(best),
            points: rule.points * strength,
        })
    }

    /// Adds what single words say and which examples are close, and returns how open they leave it.
    fn add_leanings(&self, hits: &[Hit], candidates: &mut [Candidate]) -> f64 {
        let mut weights = self.weights.to_vec();
        // The words of a name mean nothing by themselves.
        let is_name = |hit: &&Hit| matches!(self.list(hit), List::Terms(rule) if self.signals.rules[rule].name);
        hits.iter().filter(is_name).for_each(|hit| weights[hit.first..=hit.last].fill(0.0));
        let (leanings, openness) = self.signals.leanings().weigh(self.tokens, &weights);
        let near = self.signals.examples().near(self.tokens, &weights, candidates.len());
        for ((candidate, leaning), nearness) in candidates.iter_mut().zip(leanings).zip(near) {
            let words = ("words", "words that are often said of it", leaning.points, leaning.first, leaning.last);
            let example = ("examples", "close to an example of it", nearness.points, nearness.first, nearness.last);
            for (id, what, points, first, last) in [words, example] {
                if points > 0.05 {
                    let signal = format!("{}/{id}", candidate.pattern);
                    let quote = self.quote(&Find { weight: 1.0, first, last, name: 1.0 });
                    add(candidate, Evidence { signal, what: what.to_string(), quote, points });
                }
            }
        }
        openness
    }

    fn words(&self, find: &Find) -> String {
        self.tokens[find.first..=find.last].iter().map(|t| t.word.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn quote(&self, find: &Find) -> String {
        self.text[self.tokens[find.first].start..self.tokens[find.last].end].to_string()
    }
}
