//! The terms and examples of all patterns → how far single words lean to a pattern, for texts in which no term stands.

use std::collections::HashSet;

use super::hash::Map;
use super::lexicon::terms;
use super::tokens::{Token, tokenize};

/// A term that counts so many points lends its words in full; a weaker one in proportion.
const FULL_POINTS: f64 = 2.6;
/// A term that decides alone is a name or code, whose words say little elsewhere.
const DECIDING_POINTS: f64 = 4.0;
/// What a word of an example counts beside one of a full term.
const EXAMPLE: f64 = 2.0;
/// A word that stands in fewer terms is left out.
const FEWEST: f64 = 1.5;
/// What a leaning counts, in points for each unit of log-odds, in a text of at most `SHORT` different words.
const POINTS: f64 = 0.5;
const SHORT: f64 = 8.0;

/// In how many terms and examples of each pattern a word stands.
#[derive(Debug, Default)]
pub(super) struct Counts {
    patterns: usize,
    words: Map<Box<str>, Vec<f64>>,
    /// Per pattern, the terms that were counted.
    seen: Vec<Map<Box<str>, ()>>,
}

impl Counts {
    /// Adds the terms of `text`, each worth `points` for the pattern of index `pattern`.
    pub fn add_terms(&mut self, pattern: usize, points: f64, text: &str) {
        if points <= 0.0 || points >= DECIDING_POINTS {
            return;
        }
        if self.seen.len() <= pattern {
            self.seen.resize_with(pattern + 1, Map::default);
        }
        for term in terms(text) {
            if self.seen[pattern].insert(term.into(), ()).is_none() {
                self.count(pattern, (points / FULL_POINTS).min(1.0), term);
            }
        }
    }

    /// Adds a text that asks for the pattern of index `pattern`.
    pub fn add_example(&mut self, pattern: usize, text: &str) {
        self.count(pattern, EXAMPLE, text);
    }

    fn count(&mut self, pattern: usize, worth: f64, text: &str) {
        self.patterns = self.patterns.max(pattern + 1);
        for word in different_words(text) {
            let counts = match self.words.get_mut(word.as_str()) {
                Some(counts) => counts,
                None => self.words.entry(word.into()).or_default(),
            };
            if counts.len() <= pattern {
                counts.resize(pattern + 1, 0.0);
            }
            counts[pattern] += worth;
        }
    }

    /// Returns how far each word leans to each pattern.
    pub fn leanings(self) -> Leanings {
        let patterns = self.patterns;
        let mut sizes = vec![0.0; patterns];
        for counts in self.words.values() {
            counts.iter().zip(&mut sizes).for_each(|(count, size)| *size += count);
        }
        let mean = sizes.iter().sum::<f64>() / patterns.max(1) as f64;
        // A small pattern's few terms must not outweigh the many of the others.
        let scale: Vec<f64> = sizes.iter().map(|size| mean / size.max(mean / 2.0)).collect();
        let lean = |mut counts: Vec<f64>| {
            counts.resize(patterns, 0.0);
            counts.iter_mut().zip(&scale).for_each(|(count, scale)| *count = (*count * scale).ln_1p());
            let mean = counts.iter().sum::<f64>() / patterns as f64;
            counts.iter_mut().for_each(|lean| *lean -= mean);
            counts
        };
        let enough = self.words.into_iter().filter(|(_, counts)| counts.iter().sum::<f64>() >= FEWEST);
        Leanings { patterns, words: enough.map(|(word, counts)| (word, lean(counts))).collect() }
    }
}

/// The log-odds of each word for each pattern, around their mean.
#[derive(Debug, Default)]
pub(super) struct Leanings {
    patterns: usize,
    words: Map<Box<str>, Vec<f64>>,
}

/// What the words of a text say for one pattern, and the token that says most.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Leaning {
    pub points: f64,
    pub token: usize,
    strongest: f64,
}

impl Leanings {
    /// Returns what the words of `tokens`, which count by `weights`, say for each pattern.
    pub fn weigh(&self, tokens: &[Token], weights: &[f64]) -> Vec<Leaning> {
        let mut all = vec![Leaning::default(); self.patterns];
        let mut said = HashSet::new();
        for (i, weight) in weights.iter().enumerate().take(tokens.len()) {
            let Some(word) = word_at(tokens, i).filter(|word| said.insert(word.clone())) else { continue };
            let Some(leans) = self.words.get(word.as_str()) else { continue };
            for (leaning, lean) in all.iter_mut().zip(leans) {
                let points = lean * weight;
                leaning.points += points;
                if points > leaning.strongest {
                    (leaning.strongest, leaning.token) = (points, i);
                }
            }
        }
        let share = POINTS / (said.len() as f64 / SHORT).max(1.0);
        all.iter_mut().for_each(|leaning| leaning.points = (leaning.points * share).max(0.0));
        all
    }
}

/// Returns the words of a term or an example, each once.
fn different_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = if text.is_ascii() {
        let lower = text.to_ascii_lowercase();
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(stem).map(str::to_string).collect()
    } else {
        let tokens = tokenize(text, &|_| true);
        (0..tokens.len()).filter_map(|i| word_at(&tokens, i)).collect()
    };
    words.sort_unstable();
    words.dedup();
    words
}

/// Returns the word that begins at token `i`; of scripts without spaces, two characters are taken for one.
fn word_at(tokens: &[Token], i: usize) -> Option<String> {
    let token = &tokens[i];
    if !token.is_glyph() {
        return stem(&token.word).map(str::to_string);
    }
    let next = tokens.get(i + 1).filter(|next| next.is_glyph() && next.start == token.end)?;
    Some(format!("{}{}", token.word, next.word))
}

/// Returns `word` without an English ending; none where it is too short to mean something or holds digits.
fn stem(word: &str) -> Option<&str> {
    if word.chars().nth(1).is_none() || word.chars().any(|c| !c.is_alphabetic()) {
        return None;
    }
    let stems =
        ["ing", "ed", "es", "s", "e"].into_iter().find_map(|end| word.strip_suffix(end).filter(|s| s.len() > 2));
    Some(stems.unwrap_or(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leanings() -> Leanings {
        let mut counts = Counts::default();
        counts.add_terms(0, 2.6, "lock the door, lock a gate, open the gate");
        counts.add_terms(1, 2.6, "paint the door, paint a wall, dry the wall, 鍵盤を塗る, 壁を塗る");
        counts.leanings()
    }

    fn points(text: &str) -> Vec<f64> {
        let tokens = tokenize(text, &|_| true);
        leanings().weigh(&tokens, &vec![1.0; tokens.len()]).iter().map(|leaning| leaning.points).collect()
    }

    #[test]
    fn a_word_leans_to_the_pattern_in_whose_terms_it_stands() {
        let lock = points("Locks for gates");
        assert!(lock[0] > 0.3 && lock[1] == 0.0, "{lock:?}");
        let paint = points("painted walls");
        assert!(paint[1] > 0.3 && paint[0] == 0.0, "{paint:?}");
    }

    #[test]
    fn a_word_of_both_leans_less_than_one_of_its_own() {
        assert!(points("door")[0] < points("lock")[0] / 2.0, "{:?} {:?}", points("door"), points("lock"));
    }

    #[test]
    fn two_characters_make_a_word_where_there_are_no_spaces() {
        assert!(points("を塗る")[1] > 0.3, "{:?}", points("を塗る"));
    }
}
