//! A text → its single words and its pairs of words, as numbers to count and compare texts by.

use super::hash::Map;
use super::tokens::{Token, tokenize};

/// A word without its ending, or two that stand side by side; equal ones have equal keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Feature {
    pub key: u64,
    /// The tokens it begins and ends at.
    pub first: usize,
    pub last: usize,
    pub is_pair: bool,
}

/// Returns the words and pairs of `tokens`, each once, in the order of the text; of scripts without spaces, two
/// characters are taken for a word and three for a pair, but a run of katakana for one word.
pub(super) fn features(tokens: &[Token]) -> Vec<Feature> {
    let mut found = Vec::with_capacity(2 * tokens.len());
    let mut before: Option<Feature> = None;
    for (i, token) in tokens.iter().enumerate() {
        if token.is_glyph() {
            before = None;
            if is_katakana(token) {
                found.extend(katakana(tokens, i));
            } else {
                glyphs(tokens, i, &mut found);
            }
            continue;
        }
        let Some(stem) = stem(&token.word) else { continue };
        let word = Feature { key: key(stem), first: i, last: i, is_pair: false };
        if let Some(before) = before.filter(|b| tokens[b.first].sentence == token.sentence) {
            found.push(Feature { key: pair(before.key, word.key), first: before.first, last: i, is_pair: true });
        }
        if !is_letter(stem) {
            found.push(word);
        }
        before = Some(word);
    }
    unique(found)
}

/// Returns the keys of a term or an example, each once; those of pairs only if wanted.
pub(super) fn keys(text: &str, pairs: bool, keys: &mut Vec<u64>) {
    keys.clear();
    if text.is_ascii() {
        ascii_keys(text, pairs, keys);
    } else {
        let features = features(&tokenize(text, &|_| true)).into_iter();
        keys.extend(features.filter(|f| pairs || !f.is_pair).map(|feature| feature.key));
    }
    keys.sort_unstable();
    keys.dedup();
}

/// Returns the key of a single word; none where it holds digits.
pub(super) fn word_key(word: &str) -> Option<u64> {
    stem(word).map(key)
}

/// The same as for tokens, without making any: most terms are a word or two of plain letters.
fn ascii_keys(text: &str, pairs: bool, keys: &mut Vec<u64>) {
    let mut before = None;
    let lower = text.to_ascii_lowercase();
    for word in lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let Some(stem) = stem(word) else { continue };
        let word = key(stem);
        keys.extend(before.filter(|_| pairs).map(|before| pair(before, word)));
        keys.extend((!is_letter(stem)).then_some(word));
        before = Some(word);
    }
}

/// Words from abroad are written in katakana, and stand apart by it: the whole of one that begins at `at`.
fn katakana(tokens: &[Token], at: usize) -> Option<Feature> {
    let joined = |i: usize| is_katakana(&tokens[i]) && tokens[i].start == tokens[i - 1].end;
    if at > 0 && is_katakana(&tokens[at - 1]) && joined(at) {
        return None;
    }
    let last = (at + 1..tokens.len()).take_while(|i| joined(*i)).last().unwrap_or(at);
    let key = tokens[at..=last].iter().fold(0, |hash, token| pair(hash, key(&token.word)));
    (last > at).then_some(Feature { key, first: at, last, is_pair: false })
}

fn is_katakana(token: &Token) -> bool {
    token.word.chars().next().is_some_and(|c| matches!(c as u32, 0x30A0..=0x30FF))
}

fn glyphs(tokens: &[Token], at: usize, found: &mut Vec<Feature>) {
    let joined = |i: usize| tokens.get(i).filter(|t| t.is_glyph() && t.start == tokens[i - 1].end);
    let Some(second) = joined(at + 1) else { return };
    let two = pair(key(&tokens[at].word), key(&second.word));
    found.push(Feature { key: two, first: at, last: at + 1, is_pair: false });
    if let Some(third) = joined(at + 2) {
        found.push(Feature { key: pair(two, key(&third.word)), first: at, last: at + 2, is_pair: true });
    }
}

fn unique(mut found: Vec<Feature>) -> Vec<Feature> {
    let mut seen: Map<u64, ()> = Map::default();
    found.retain(|feature| seen.insert(feature.key, ()).is_none());
    found
}

/// Returns `word` without an English ending; none where it holds digits.
fn stem(word: &str) -> Option<&str> {
    if word.chars().any(|c| !c.is_alphabetic()) {
        return None;
    }
    let stems =
        ["ing", "ed", "es", "s", "e"].into_iter().find_map(|end| word.strip_suffix(end).filter(|s| s.len() > 2));
    Some(stems.unwrap_or(word))
}

/// A single letter says nothing alone, but may be half of a pair.
fn is_letter(word: &str) -> bool {
    word.chars().nth(1).is_none()
}

/// FNV-1a: the same on every machine.
fn key(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn pair(first: u64, second: u64) -> u64 {
    (first.rotate_left(23) ^ second).wrapping_mul(0x517c_c1b7_2722_0a95)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_of(text: &str) -> Vec<u64> {
        let mut found = Vec::new();
        keys(text, true, &mut found);
        found
    }

    #[test]
    fn endings_do_not_count() {
        assert_eq!(keys_of("locks"), keys_of("Locking"));
        assert_ne!(keys_of("lock"), keys_of("look"));
    }

    #[test]
    fn words_side_by_side_are_a_pair() {
        assert_eq!(keys_of("open the gate").len(), 5);
        assert_ne!(keys_of("gate open"), keys_of("open gate"));
    }

    #[test]
    fn plain_letters_have_the_keys_their_tokens_have() {
        let text = "Put a lock on gate 7, then open it";
        let mut found: Vec<u64> = features(&tokenize(text, &|_| true)).iter().map(|f| f.key).collect();
        found.sort_unstable();
        assert_eq!(keys_of(text), found);
    }

    #[test]
    fn a_run_of_katakana_is_one_word() {
        assert_eq!(keys_of("ログイン").len(), 1);
        assert!(!keys_of("ログを見る").contains(&keys_of("ログイン")[0]));
    }

    #[test]
    fn two_and_three_characters_count_where_there_are_no_spaces() {
        assert_eq!(keys_of("壁を塗る").len(), 5);
    }
}
