//! A misspelt word → the words of the lexicon it may stand for.

/// Words that misspellings are mended to, by their first letter.
#[derive(Debug, Default)]
pub(super) struct Nearby {
    words: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    word: String,
    letters: u32,
    atom: u32,
    is_head: bool,
}

/// Shorter words have too many neighbours that mean something else; one of this length is only mended where two letters
/// were swapped.
const SHORTEST: usize = 4;

impl Nearby {
    /// Adds a word that may be meant.
    pub fn add(&mut self, word: &str, atom: u32) {
        self.push(word, atom, false);
    }

    /// Adds the beginning of words that may be meant.
    pub fn add_head(&mut self, word: &str, atom: u32) {
        self.push(word, atom, true);
    }

    fn push(&mut self, word: &str, atom: u32, is_head: bool) {
        if word.len() >= SHORTEST && word.chars().all(char::is_alphanumeric) {
            self.words.push(Entry { word: word.to_string(), letters: letters(word), atom, is_head });
        }
    }

    /// Returns what `word` may stand for: one slip (a letter too many, missing, wrong, or two swapped) in a word of five
    /// letters or more, two in one of nine or more; in four letters, two swapped. None where nothing is near.
    pub fn mend(&self, word: &str) -> Vec<u32> {
        if word.len() < SHORTEST || !word.chars().all(char::is_alphabetic) {
            return Vec::new();
        }
        let mask = letters(word);
        let allowed = if word.len() >= 9 { 2 } else { 1 };
        let mut best = allowed + 1;
        let mut atoms = Vec::new();
        for entry in &self.words {
            if (entry.letters ^ mask).count_ones() as usize > 2 * allowed && !entry.is_head {
                continue;
            }
            let Some(distance) = entry.distance(word, allowed) else { continue };
            if distance < best {
                best = distance;
                atoms.clear();
            }
            if distance == best {
                atoms.push(entry.atom);
            }
        }
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }
}

impl Entry {
    fn distance(&self, word: &str, allowed: usize) -> Option<usize> {
        let (a, b) = (self.word.as_bytes(), word.as_bytes());
        // The first letter is rarely wrong; where it is, it was swapped with the second.
        if a[0] != b[0] && !(a[0] == b[1] && a[1] == b[0]) {
            return None;
        }
        if !self.is_head {
            let near = self.word.len().abs_diff(word.len()) <= if self.word.len() < 5 { 0 } else { 1 };
            let distance = near.then(|| strsim::osa_distance(&self.word, word))?;
            let other_word =
                distance == 1 && self.word.len() == word.len() && word.len() < 9 && is_one_other_letter(a, b);
            return Some(distance).filter(|d| *d <= allowed.min(self.slips()) && !other_word);
        }
        if self.word.len() < 7 {
            return None;
        }
        let lengths = [self.word.len(), self.word.len() + 1, self.word.len() - 1];
        let cuts = lengths.into_iter().filter_map(|n| word.get(..n));
        cuts.map(|cut| strsim::osa_distance(&self.word, cut)).min().filter(|d| *d <= 1)
    }

    fn slips(&self) -> usize {
        if self.word.len() >= 8 { 2 } else { 1 }
    }
}

/// Returns whether one letter is another: in a short word that is more often another word than a slip.
fn is_one_other_letter(a: &[u8], b: &[u8]) -> bool {
    a.iter().zip(b).filter(|(x, y)| x != y).count() == 1
}

/// Which letters a word has, as bits, to leave out most words without measuring.
fn letters(word: &str) -> u32 {
    word.chars().fold(0, |mask, c| mask | 1 << ((c as u32) % 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(word: &str) -> Vec<u32> {
        let mut nearby = Nearby::default();
        for (i, known) in ["kafka", "postgres", "prometheus", "upload"].iter().enumerate() {
            nearby.add(known, i as u32);
        }
        nearby.mend(word)
    }

    #[test]
    fn slips_are_mended() {
        assert_eq!(mended("kafak"), [0]);
        assert_eq!(mended("postgress"), [1]);
        assert_eq!(mended("promethus"), [2]);
        assert_eq!(mended("uplaod"), [3]);
    }

    #[test]
    fn other_words_are_left_alone() {
        assert!(mended("parka").is_empty());
        assert!(mended("kaf").is_empty());
        assert!(mended("unload").is_empty() || mended("unload") == [3]);
    }
}
