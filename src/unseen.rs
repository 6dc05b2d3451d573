//! Characters that make a text read differently from what a machine sees.

/// What a reader cannot see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// It reorders what is shown (CVE-2021-42574).
    Bidirectional,
    Invisible,
}

/// Finds them: the byte each stands at, the character, and its kind.
pub fn find(text: &str) -> impl Iterator<Item = (usize, char, Unseen)> {
    let mut before = '\0';
    // Most texts have none, which is quickly seen.
    let text = if text.is_ascii() { "" } else { text };
    text.char_indices().filter_map(move |(at, c)| {
        let kind = match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Unseen::Bidirectional),
            _ if is_invisible(c, before, at) => Some(Unseen::Invisible),
            _ => None,
        };
        before = c;
        kind.map(|kind| (at, c, kind))
    })
}

/// Joiners are part of emoji and of several scripts; a byte order mark may open a file.
///
/// Source: Unicode Technical Standard 39, section 3.1.1.
fn is_invisible(c: char, before: char, at: usize) -> bool {
    match c {
        '\u{feff}' => at > 0,
        '\u{200c}' | '\u{200d}' => before.is_ascii() || ('\u{80}'..'\u{300}').contains(&before),
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{180e}' | '\u{2060}'..='\u{2064}' => true,
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => true,
        '\u{e0000}'..='\u{e007f}' => before != '\u{1f3f4}' && !is_tag(before),
        _ => false,
    }
}

fn is_tag(c: char) -> bool {
    ('\u{e0000}'..='\u{e007f}').contains(&c)
}
