//! Bytes → text: what is not UTF-8, and characters a reader cannot see.

use super::builtin::Check;
use super::finding::Finding;
use super::lines::Lines;
use crate::unseen::{self, Unseen};

/// Decodes a file, or says why it cannot be read as text.
pub fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Finding>> {
    let fault = |what: String| Err(Box::new(Check::NotText.about(path, &what)));
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return fault("is UTF-16, not UTF-8".to_string());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => match text.find('\0') {
            Some(at) => fault(format!("has a NUL character on line {}", line_of(&bytes[..at]))),
            None => Ok(text),
        },
        Err(error) => fault(format!("is not UTF-8 on line {}", line_of(&bytes[..error.valid_up_to()]))),
    }
}

fn line_of(before: &[u8]) -> usize {
    before.iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// Finds the characters that make text read differently from what a compiler sees.
pub fn unseen(path: &str, text: &str, lines: &Lines) -> Vec<Finding> {
    let finding = |(at, c, kind): (usize, char, Unseen)| {
        let check = match kind {
            Unseen::Bidirectional => Check::BidirectionalControl,
            Unseen::Invisible => Check::InvisibleCharacter,
        };
        check.at(path, lines.region(&(at..at + c.len_utf8()), false), &format!("U+{:04X}", u32::from(c)))
    };
    unseen::find(text).map(finding).collect()
}
