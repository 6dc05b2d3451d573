//! The terms and examples of all patterns → how far the words of a text lean to each pattern, where no term decides.

use super::features::{features, keys};
use super::hash::Map;
use super::lexicon::terms;
use super::tokens::Token;

/// A term that counts so many points lends its words in full; a weaker one in proportion.
const FULL_POINTS: f64 = 2.6;
/// A term that decides alone is a name or code, whose words say little elsewhere.
const DECIDING_POINTS: f64 = 4.0;
/// What a word of an example counts beside one of a full term.
const EXAMPLE: f64 = 4.0;
/// What a leaning counts, in points for each unit of log-odds.
const POINTS: f64 = 1.05;
/// Fewer words than this do not count more for being few.
const FEW: f64 = 4.0;
/// How much more a word of an open request counts than one of an example, of which there are many more.
const OPEN: f64 = 4.0;

/// The texts that words are counted in; counting waits until a text needs it.
#[derive(Debug, Default)]
pub(super) struct Texts {
    patterns: usize,
    texts: Vec<Text>,
}

#[derive(Debug)]
struct Text {
    kind: Kind,
    text: String,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Terms of a pattern, and what each is worth.
    Terms(usize, f64),
    /// A requirement of a pattern.
    Example(usize),
    /// A request that can be met in several ways.
    Open,
}

impl Texts {
    /// Adds the terms of `text`, each worth `points` for the pattern of index `pattern`.
    pub fn add_terms(&mut self, pattern: usize, points: f64, text: String) {
        if points > 0.0 && points < DECIDING_POINTS {
            self.add(Kind::Terms(pattern, (points / FULL_POINTS).min(1.0)), pattern, text);
        }
    }

    /// Adds a text that asks for the pattern of index `pattern`.
    pub fn add_example(&mut self, pattern: usize, text: String) {
        self.add(Kind::Example(pattern), pattern, text);
    }

    /// Adds a request that does not say which pattern would do.
    pub fn add_open(&mut self, text: String) {
        self.texts.push(Text { kind: Kind::Open, text });
    }

    fn add(&mut self, kind: Kind, pattern: usize, text: String) {
        self.patterns = self.patterns.max(pattern + 1);
        self.texts.push(Text { kind, text });
    }

    /// Returns the examples, each with the index of its pattern.
    pub fn examples(&self) -> impl Iterator<Item = (usize, &str)> {
        self.texts.iter().filter_map(|text| match text.kind {
            Kind::Example(pattern) => Some((pattern, text.text.as_str())),
            _ => None,
        })
    }

    /// Counts the words of all texts.
    pub fn leanings(&self) -> Leanings {
        let mut leanings = Leanings::new(self.patterns, self.texts.iter().map(|text| text.text.len()).sum());
        let mut seen: Vec<Map<&str, ()>> = vec![Map::default(); self.patterns];
        for Text { kind, text } in &self.texts {
            match *kind {
                Kind::Open => leanings.count(leanings.open(), None, 1.0, text),
                Kind::Example(pattern) => leanings.count(pattern, Some(leanings.clear()), EXAMPLE, text),
                Kind::Terms(pattern, worth) => terms(text)
                    .filter(|term| seen[pattern].insert(term, ()).is_none())
                    .for_each(|term| leanings.count(pattern, None, worth, term)),
            }
        }
        leanings
    }
}

/// How often each word stands in the texts of each pattern, in examples of any, and in open requests: a row each.
#[derive(Debug, Default)]
pub(super) struct Leanings {
    patterns: usize,
    rows: Map<u64, u32>,
    counts: Vec<f32>,
    /// The sums of the columns.
    sizes: Vec<f32>,
    keys: Vec<u64>,
}

/// What the words of a text say for one pattern, and the tokens that say most.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Leaning {
    pub points: f64,
    pub first: usize,
    pub last: usize,
    strongest: f64,
}

impl Leanings {
    fn new(patterns: usize, letters: usize) -> Self {
        let mut leanings = Self { patterns, sizes: vec![0.0; patterns + 2], ..Self::default() };
        leanings.rows.reserve(letters / 5);
        leanings.counts.reserve(letters / 5 * leanings.sizes.len());
        leanings
    }

    /// The column of the examples of all patterns.
    fn clear(&self) -> usize {
        self.patterns
    }

    /// The column of the open requests.
    fn open(&self) -> usize {
        self.patterns + 1
    }

    fn count(&mut self, column: usize, also: Option<usize>, worth: f64, text: &str) {
        let mut found = std::mem::take(&mut self.keys);
        keys(text, also.is_some() || column == self.open(), &mut found);
        for key in &found {
            let row = self.row(*key);
            for (column, worth) in [(Some(column), worth as f32), (also, 1.0)] {
                let Some(column) = column else { continue };
                self.counts[row + column] += worth;
                self.sizes[column] += worth;
            }
        }
        self.keys = found;
    }

    fn row(&mut self, key: u64) -> usize {
        let next = self.rows.len() as u32;
        let row = *self.rows.entry(key).or_insert(next);
        if row == next {
            self.counts.resize(self.counts.len() + self.sizes.len(), 0.0);
        }
        row as usize * self.sizes.len()
    }

    /// Returns what the words of `tokens`, which count by `weights`, say for each pattern, and how open they leave it.
    pub fn weigh(&self, tokens: &[Token], weights: &[f64]) -> (Vec<Leaning>, f64) {
        let mut all = vec![Leaning::default(); self.patterns];
        let (mut open, mut known, mut weighed): (f64, f64, f64) = (0.0, 0.0, 0.0);
        let scale = self.scale();
        for feature in features(tokens) {
            let Some(row) = self.rows.get(&feature.key) else { continue };
            let weight = weights[feature.first].min(weights[feature.last]);
            if weight == 0.0 {
                continue;
            }
            let counts = &self.counts[*row as usize * self.sizes.len()..][..self.sizes.len()];
            known += 1.0;
            if let Some(openness) = self.openness(counts) {
                weighed += 1.0;
                open += openness;
            }
            for (leaning, lean) in all.iter_mut().zip(lean(counts, &scale)) {
                let points = lean * weight;
                leaning.points += points;
                if points > leaning.strongest {
                    (leaning.strongest, leaning.first, leaning.last) = (points, feature.first, feature.last);
                }
            }
        }
        let share = POINTS / known.max(FEW).sqrt();
        all.iter_mut().for_each(|leaning| leaning.points *= share);
        (all, open / weighed.max(1.0).sqrt())
    }

    /// A small pattern's few terms must not outweigh the many of the others.
    fn scale(&self) -> Vec<f64> {
        let sizes = &self.sizes[..self.patterns];
        let mean = f64::from(sizes.iter().sum::<f32>()) / self.patterns.max(1) as f64;
        sizes.iter().map(|size| mean / f64::from(*size).max(mean / 2.0)).collect()
    }

    /// The log-odds of a word for open requests; none for a word that stands in terms alone.
    fn openness(&self, counts: &[f32]) -> Option<f64> {
        let [clear, open] = [counts[self.clear()], counts[self.open()]].map(f64::from);
        let share = f64::from(self.sizes[self.clear()] / self.sizes[self.open()].max(1.0));
        (clear + open > 0.0).then(|| (open * share.min(OPEN) + 0.5).ln() - (clear + 0.5).ln())
    }
}

/// The log-odds of a word for each pattern, around their mean.
fn lean(counts: &[f32], scale: &[f64]) -> Vec<f64> {
    let logs: Vec<f64> = counts.iter().zip(scale).map(|(count, scale)| (f64::from(*count) * scale).ln_1p()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len().max(1) as f64;
    logs.into_iter().map(|log| log - mean).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    fn leanings() -> Leanings {
        let mut texts = Texts::default();
        texts.add_terms(0, 2.6, "lock the door, lock a gate, open the gate".into());
        texts.add_terms(1, 2.6, "paint the door, paint a wall, dry the wall, 鍵盤を塗る, 壁を塗る".into());
        texts.add_example(0, "The gate shall be shut.".into());
        texts.add_open("look after the house".into());
        texts.leanings()
    }

    fn weigh(text: &str) -> (Vec<f64>, f64) {
        let tokens = tokenize(text, &|_| true);
        let (leanings, open) = leanings().weigh(&tokens, &vec![1.0; tokens.len()]);
        (leanings.iter().map(|leaning| leaning.points).collect(), open)
    }

    fn points(text: &str) -> Vec<f64> {
        weigh(text).0
    }

    #[test]
    fn a_word_leans_to_the_pattern_in_whose_terms_it_stands() {
        let lock = points("Locks for gates");
        assert!(lock[0] > 0.3 && lock[1] < 0.0, "{lock:?}");
        let paint = points("painted walls");
        assert!(paint[1] > 0.3 && paint[0] < 0.0, "{paint:?}");
    }

    #[test]
    fn a_word_of_both_leans_less_than_one_of_its_own() {
        assert!(points("door")[0] < points("lock")[0] / 2.0, "{:?} {:?}", points("door"), points("lock"));
    }

    #[test]
    fn two_characters_make_a_word_where_there_are_no_spaces() {
        assert!(points("を塗る")[1] > 0.3, "{:?}", points("を塗る"));
    }

    #[test]
    fn a_request_in_words_of_open_ones_is_open() {
        assert!(weigh("after the house").1 > 0.3);
        assert!(weigh("the gate").1 < 0.0);
    }
}
