//! The examples of all patterns → which of them a text is close to, so that a pattern with a few examples is found by them.

use super::features::{Feature, features, keys, word_key};
use super::hash::Map;
use super::tokens::Token;

/// A text that has so small a share in common with an example is not close to it.
const FAR: f64 = 0.4;
/// What a text counts that is an example word for word, in points.
const POINTS: f64 = 9.0;

/// The examples, by the words that stand in them.
#[derive(Debug, Default)]
pub(super) struct Examples {
    patterns: Vec<usize>,
    /// What the words of each example weigh together.
    sizes: Vec<f64>,
    /// In which examples each word stands, in their order.
    places: Map<u64, Vec<u32>>,
}

/// How close a text is to an example of a pattern, and the tokens they have in common.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Nearness {
    pub points: f64,
    pub first: usize,
    pub last: usize,
}

impl Examples {
    /// Indexes `examples`: the index of a pattern, and a requirement of it.
    pub fn index<'a>(examples: impl IntoIterator<Item = (usize, &'a str)>) -> Self {
        let mut index = Self::default();
        let mut found = Vec::new();
        for (pattern, text) in examples {
            let example = index.patterns.len() as u32;
            index.patterns.push(pattern);
            // Pairs of words are left out: a text close to an example puts them in another order.
            keys(text, false, &mut found);
            found.iter().for_each(|key| index.places.entry(*key).or_default().push(example));
        }
        index.sizes = vec![0.0; index.patterns.len()];
        for places in index.places.values() {
            let weight = index.weight(places.len());
            places.iter().for_each(|example| index.sizes[*example as usize] += weight);
        }
        index
    }

    /// Returns whether `word` stands in an example, in whatever form.
    pub fn knows(&self, word: &str) -> bool {
        word_key(word).is_some_and(|key| self.places.contains_key(&key))
    }

    /// A word that stands in few examples tells them apart better than one that stands in many.
    fn weight(&self, examples: usize) -> f64 {
        ((self.patterns.len() + 1) as f64 / (examples as f64 + 0.5)).ln().powi(2)
    }

    /// Returns how close `tokens` are to the closest example of each of `patterns` patterns.
    pub fn near(&self, tokens: &[Token], weights: &[f64], patterns: usize) -> Vec<Nearness> {
        let mut features = features(tokens);
        features.retain(|feature| !feature.is_pair);
        let mut shared: Map<u32, f64> = Map::default();
        let mut size = 0.0;
        for feature in &features {
            let places = self.places.get(&feature.key).map_or(&[][..], Vec::as_slice);
            // A word of no example tells as much as one of a single example.
            let weight = self.weight(places.len().max(1));
            size += weight;
            let counted = weight * weights[feature.first].min(weights[feature.last]).min(1.0);
            places.iter().for_each(|example| *shared.entry(*example).or_default() += counted);
        }
        let mut near = vec![(0.0, 0); patterns];
        for (example, shared) in shared {
            let share = shared / (size * self.sizes[example as usize]).sqrt();
            let best = &mut near[self.patterns[example as usize]];
            if (share, best.1) > (best.0, example) {
                *best = (share, example);
            }
        }
        near.into_iter().map(|(share, example)| self.nearness(share, example, &features)).collect()
    }

    fn nearness(&self, share: f64, example: u32, features: &[Feature]) -> Nearness {
        let common =
            |f: &&Feature| self.places.get(&f.key).is_some_and(|places| places.binary_search(&example).is_ok());
        let mut common = features.iter().filter(common);
        let Some(first) = common.next().filter(|_| share > FAR) else { return Nearness::default() };
        let last = common.map(|feature| feature.last).max().unwrap_or(first.last);
        Nearness { points: POINTS * (share - FAR) / (1.0 - FAR), first: first.first, last }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    fn near(text: &str) -> Vec<f64> {
        let examples = [
            (0, "Print the letters and put them in envelopes."),
            (0, "Postcards are printed and franked."),
            (1, "Water the beds in the evening."),
            (1, "Open the window in the hothouse."),
        ];
        let tokens = tokenize(text, &|_| true);
        let near = Examples::index(examples).near(&tokens, &vec![1.0; tokens.len()], 2);
        near.iter().map(|nearness| nearness.points).collect()
    }

    #[test]
    fn a_text_is_close_to_an_example_in_almost_the_same_words() {
        let points = near("Print letters, then put them in the envelopes");
        assert!(points[0] > 2.0 && points[1] == 0.0, "{points:?}");
        let points = near("Water the beds in the morning.");
        assert!(points[1] > 2.0 && points[0] == 0.0, "{points:?}");
    }

    #[test]
    fn a_text_that_shares_common_words_is_close_to_none() {
        assert_eq!(near("Put the keys in the box and lock it."), [0.0, 0.0]);
        assert_eq!(near(""), [0.0, 0.0]);
    }
}
