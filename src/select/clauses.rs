//! Tokens → how much each counts: nothing where a thing is refused, little where it is only described, in full where it
//! is asked for.

use std::collections::HashSet;

use serde::Deserialize;

use super::lexicon::{Hit, Lexicon, terms};
use super::tokens::{Token, folded, tokenize};

/// The words of many languages that refuse, describe, ask or turn; read from `language.yaml`.
#[derive(Debug)]
pub(super) struct Language {
    cues: Lexicon,
    ordinary: HashSet<String>,
    foreign: HashSet<String>,
}

/// What a text says of its own purpose.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Purpose {
    /// How it is to be done is left open, in so many words.
    pub undecided: bool,
    /// Several things are wanted, none more than the other.
    pub alike: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    refuses_next: String,
    refuses_near: String,
    refuses_before: String,
    refuses_line: String,
    conditions: String,
    settles: String,
    asks: String,
    commands: String,
    turns: String,
    undecided: String,
    alike: String,
    ordinary: String,
    foreign: String,
    open: Vec<String>,
}

const REFUSES_NEXT: u32 = 0;
const REFUSES_NEAR: u32 = 1;
const REFUSES_BEFORE: u32 = 2;
const SETTLES: u32 = 3;
const ASKS: u32 = 4;
const TURNS: u32 = 5;
const COMMANDS: u32 = 6;
const REFUSES_LINE: u32 = 7;
const CONDITIONS: u32 = 8;
const UNDECIDED: u32 = 9;
const ALIKE: u32 = 10;

/// What a settled matter, and a sentence that asks for nothing beside one that does, still count.
const SETTLED: f64 = 0.25;
const DESCRIBED: f64 = 0.6;
const ASKED: f64 = 1.15;

impl Language {
    /// Reads the words that came with this build, and the requests that can be met in several ways.
    pub fn load() -> anyhow::Result<(Self, Vec<String>)> {
        let file: File = serde_yaml::from_str(include_str!("language.yaml"))?;
        let mut cues = Lexicon::default();
        let lists = [
            file.refuses_next,
            file.refuses_near,
            file.refuses_before,
            file.settles,
            file.asks,
            file.turns,
            file.commands,
            file.refuses_line,
            file.conditions,
            file.undecided,
            file.alike,
        ];
        for (list, text) in lists.iter().enumerate() {
            cues.add(text, list as u32);
        }
        let words = |text: &str| terms(text).flat_map(str::split_whitespace).map(folded).collect();
        Ok((Self { cues, ordinary: words(&file.ordinary), foreign: words(&file.foreign) }, file.open))
    }

    /// Returns which words of this text are no misspelt ones.
    ///
    /// Spelling is mended in English alone: names are near too many words of other languages.
    pub fn ordinary<'a>(&'a self, tokens: &[Token]) -> impl Fn(&str) -> bool + 'a {
        let among = |words: &HashSet<String>| tokens.iter().filter(|t| words.contains(&t.word)).count();
        let foreign = among(&self.foreign) > among(&self.ordinary);
        move |word| foreign || self.ordinary.contains(word)
    }

    /// Returns whether the text asks for something, in so many words.
    pub fn asks(&self, tokens: &[Token]) -> bool {
        self.cues.find(tokens, &|_| true, &|_| true).iter().any(|hit| hit.list == ASKS)
    }

    /// Returns what each token counts, from 0 to about 1, and what the text says of its own purpose.
    pub fn weigh(&self, tokens: &mut [Token]) -> (Vec<f64>, Purpose) {
        let hits = self.cues.find(tokens, &|_| true, &|_| true);
        turn(tokens, &hits);
        let says = |list| hits.iter().any(|hit| hit.list == list);
        let purpose = Purpose { undecided: says(UNDECIDED), alike: says(ALIKE) };
        let mut weights = vec![1.0; tokens.len()];
        for hit in &hits {
            match hit.list {
                REFUSES_NEXT => scale(&mut weights, hit.first..clause_end(tokens, hit.last), 0.0),
                REFUSES_NEAR => scale(&mut weights, hit.last + 1..near_end(tokens, hit.last), 0.1),
                REFUSES_BEFORE => scale(&mut weights, clause_start(tokens, hit.first)..hit.first, 0.0),
                REFUSES_LINE => scale(&mut weights, hit.first..sentence_end(tokens, hit.last), 0.0),
                // "When the import is finished" tells what is to happen, not what is there.
                SETTLES if is_condition(tokens, &hits, hit) => {}
                SETTLES => scale(&mut weights, self.settled(tokens, hit), SETTLED),
                _ => {}
            }
        }
        favour_the_asking(tokens, &hits, &mut weights);
        (weights, purpose)
    }

    /// The clause that is settled; where that is only `we have that`, the one before it too.
    fn settled(&self, tokens: &[Token], hit: &Hit) -> std::ops::Range<usize> {
        let (start, end) = (clause_start(tokens, hit.first), clause_end(tokens, hit.last));
        let long = if tokens[start].is_glyph() { 8 } else { 4 };
        let names = |token: &Token| !self.ordinary.contains(&token.word) && !self.foreign.contains(&token.word);
        let names_it = tokens[start..hit.first].iter().chain(&tokens[hit.last + 1..end]).any(names);
        if end - start <= long && !names_it && start > 0 && tokens[start - 1].sentence == tokens[start].sentence {
            return clause_start(tokens, start - 1)..end;
        }
        start..end
    }
}

/// Begins a new clause at each word that turns (`but`, `sondern`, `而是`).
fn turn(tokens: &mut [Token], hits: &[Hit]) {
    let turns: HashSet<usize> = hits.iter().filter(|h| h.list == TURNS).map(|h| h.first).collect();
    let mut added = 0;
    for (i, token) in tokens.iter_mut().enumerate() {
        added += u32::from(turns.contains(&i));
        token.clause += added;
    }
}

/// In a text of several sentences, those that ask count more than those that tell the story.
fn favour_the_asking(tokens: &[Token], hits: &[Hit], weights: &mut [f64]) {
    let asks = |h: &&Hit| h.list == ASKS || h.list == COMMANDS && opens_clause(tokens, h.first);
    let asking: HashSet<u32> = hits.iter().filter(asks).map(|h| tokens[h.first].sentence).collect();
    let sentences: HashSet<u32> = tokens.iter().map(|t| t.sentence).collect();
    if asking.is_empty() || asking.len() == sentences.len() {
        return;
    }
    for (token, weight) in tokens.iter().zip(weights) {
        *weight *= if asking.contains(&token.sentence) { ASKED } else { DESCRIBED };
    }
}

/// A verb is a command where nothing of its clause goes before it.
fn opens_clause(tokens: &[Token], at: usize) -> bool {
    at == 0 || tokens[at - 1].clause != tokens[at].clause
}

fn is_condition(tokens: &[Token], hits: &[Hit], hit: &Hit) -> bool {
    let start = clause_start(tokens, hit.first);
    hits.iter().any(|h| h.list == CONDITIONS && h.first >= start && h.last < hit.first)
}

fn sentence_end(tokens: &[Token], at: usize) -> usize {
    tokens[at..].iter().position(|t| t.sentence != tokens[at].sentence).map_or(tokens.len(), |i| at + i)
}

fn clause_start(tokens: &[Token], at: usize) -> usize {
    tokens[..at].iter().rposition(|t| t.clause != tokens[at].clause).map_or(0, |i| i + 1)
}

fn clause_end(tokens: &[Token], at: usize) -> usize {
    tokens[at..].iter().position(|t| t.clause != tokens[at].clause).map_or(tokens.len(), |i| at + i)
}

fn near_end(tokens: &[Token], at: usize) -> usize {
    let reach = if tokens[at].is_glyph() { 8 } else { 4 };
    clause_end(tokens, at).min(at + 1 + reach)
}

fn scale(weights: &mut [f64], range: std::ops::Range<usize>, by: f64) {
    weights[range].iter_mut().for_each(|w| *w *= by);
}

/// Splits `text`, keeping whole the words `lexicon` knows.
pub(super) fn split(text: &str, lexicon: &Lexicon) -> Vec<Token> {
    tokenize(text, &|word| lexicon.knows(word))
}
