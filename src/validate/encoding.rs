//! Bytes → text: what is not UTF-8, and characters a reader cannot see.

use super::builtin::Check;
use super::finding::Finding;
use super::lines::Lines;

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
    if text.is_ascii() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let check = match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Check::BidirectionalControl),
            _ if is_unseen(c, before, at) => Some(Check::InvisibleCharacter),
            _ => None,
        };
        if let Some(check) = check {
            let range = at..at + c.len_utf8();
            findings.push(check.at(path, lines.region(&range, false), &format!("U+{:04X}", u32::from(c))));
        }
        before = c;
    }
    findings
}

/// Joiners are part of emoji and of several scripts; a byte order mark may open a file.
///
/// Source: Unicode Technical Standard 39, section 3.1.1.
fn is_unseen(c: char, before: char, at: usize) -> bool {
    match c {
        '\u{feff}' => at > 0,
        '\u{200c}' | '\u{200d}' => before.is_ascii() || ('\u{80}'..'\u{300}').contains(&before),
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{180e}' | '\u{2060}'..='\u{2064}' => true,
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => true,
        '\u{e0000}'..='\u{e007f}' => !('\u{1f3f4}'..='\u{1f3f4}').contains(&before) && !is_tag(before),
        _ => false,
    }
}

fn is_tag(c: char) -> bool {
    ('\u{e0000}'..='\u{e007f}').contains(&c)
}
