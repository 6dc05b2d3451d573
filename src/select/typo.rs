//! A misspelt word → the words of the lexicon it may stand for.

/// Words that misspellings are mended to.
#[derive(Debug, Default)]
pub(super) struct Nearby {
    words: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    word: Box<str>,
    letters: u32,
    atom: u32,
}

/// Shorter words have too many neighbours that mean something else; one of this length is only mended where two letters
/// were swapped.
const SHORTEST: usize = 4;
/// In words of so many letters two slips may be mended.
const LONG: usize = 9;

impl Nearby {
    /// Adds a word that may be meant.
    pub fn add(&mut self, word: &str, atom: u32) {
        if word.len() >= SHORTEST && word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            self.words.push(Entry { word: word.into(), letters: letters(word), atom });
        }
    }

    /// Returns what `word` may stand for: one slip (a letter too many, missing, wrong, or two swapped) in a word of five
    /// letters or more, two in one of nine or more; in four letters, two swapped. None where nothing is near.
    pub fn mend(&self, word: &str) -> Vec<u32> {
        if word.len() < SHORTEST || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Vec::new();
        }
        let mask = letters(word);
        let allowed = if word.len() >= LONG { 2 } else { 1 };
        let mut best = allowed + 1;
        let mut atoms = Vec::new();
        for entry in self.words.iter().filter(|e| (e.letters ^ mask).count_ones() as usize <= 2 * allowed) {
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
        let shorter = a.len().min(b.len());
        if a.len().abs_diff(b.len()) > usize::from(shorter > SHORTEST) {
            return None;
        }
        let slips = if a.len() >= LONG - 1 { allowed } else { 1 };
        let distance = Some(strsim::osa_distance(&self.word, word)).filter(|d| *d <= slips)?;
        let other_word = distance == 1 && a.len() == b.len() && b.len() < LONG && is_one_other_letter(a, b);
        (!other_word).then_some(distance)
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
        assert!(mended("unload").is_empty());
    }
}
