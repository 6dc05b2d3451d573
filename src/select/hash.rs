//! A hasher for the lexicon's short keys.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map of the lexicon.
pub(super) type Map<K, V> = HashMap<K, V, BuildHasherDefault<FastHasher>>;

/// Hashes short keys that nobody has chosen against us, several times faster than the standard hasher (the multiply and
/// rotate of rustc's own).
#[derive(Debug, Default)]
pub(super) struct FastHasher(u64);

impl FastHasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }

    fn finish(&self) -> u64 {
        // The map takes the lowest and the highest bits; the multiplication leaves the lowest poor.
        self.0 ^ self.0 >> 32
    }
}
