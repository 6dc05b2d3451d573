//! A character as written → the letters it is compared by: lower case, without accents, in ASCII width.

use std::sync::LazyLock;

/// Accented Latin letters beside the plain ones they are compared as.
const PLAIN: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎảạấầẩẫậắằẳẵặ"),
    ("c", "çćĉċč"),
    ("d", "ďđ"),
    ("e", "èéêëēĕėęěẻẽẹếềểễệ"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįıǐỉị"),
    ("j", "ĵ"),
    ("k", "ķ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŉ"),
    ("o", "òóôõöøōŏőǒỏọốồổỗộơớờởỡợ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšș"),
    ("t", "ţťŧț"),
    ("u", "ùúûüũūŭůűųǔủụưứừửữự"),
    ("w", "ŵ"),
    ("y", "ýÿŷỳỷỹỵ"),
    ("z", "źżž"),
    ("ss", "ß"),
    ("ae", "æ"),
    ("oe", "œ"),
    ("th", "þ"),
    ("d", "ð"),
    ("е", "ё"),
    ("α", "ά"),
    ("ε", "έ"),
    ("η", "ή"),
    ("ι", "ίϊΐ"),
    ("ο", "ό"),
    ("υ", "ύϋΰ"),
    ("ω", "ώ"),
    ("σ", "ς"),
    ("ا", "أإآ"),
    ("ي", "ى"),
    ("ه", "ة"),
];

/// Appends the letters `c` is compared by to `out`; combining marks add nothing.
pub(super) fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let c = narrow(c);
    if matches!(c as u32, 0x300..=0x36F | 0x64B..=0x652) {
        return;
    }
    for lower in c.to_lowercase().filter(|l| !matches!(*l as u32, 0x300..=0x36F)) {
        match plain(lower) {
            Some(letters) => out.push_str(letters),
            None => out.push(lower),
        }
    }
}

/// Returns whether `c` belongs to a script that is written without spaces, or with endings glued to the word, so that
/// each character is compared on its own.
pub(super) fn is_glyph(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0E7F            // Thai
        | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9F // kana
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2FFFF // Han
        | 0xAC00..=0xD7AF          // Hangul
    ) && c != '・'
}

/// Full-width ASCII, as typed with a Japanese or Chinese keyboard.
fn narrow(c: char) -> char {
    match c as u32 {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn plain(c: char) -> Option<&'static str> {
    // Han and kana are by far the most frequent here and never in the table.
    if !matches!(c as u32, 0xC0..=0x6FF | 0x1E00..=0x1EFF) {
        return None;
    }
    TABLE[place(c)]
}

/// The plain letters of each accented one, at its `place`.
static TABLE: LazyLock<[Option<&'static str>; 0x800]> = LazyLock::new(|| {
    let mut table = [None; 0x800];
    for (letters, accented) in PLAIN {
        accented.chars().for_each(|c| table[place(c)] = Some(*letters));
    }
    table
});

/// The letters with accents lie in two blocks of Unicode; in the table, the second follows the first.
fn place(c: char) -> usize {
    let code = c as usize;
    if code < 0x700 { code } else { code - 0x1E00 + 0x700 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        text.chars().for_each(|c| fold(c, &mut out));
        out
    }

    #[test]
    fn accents_case_and_width_do_not_count() {
        assert_eq!(folded("Überwachung"), "uberwachung");
        assert_eq!(folded("Straße"), "strasse");
        assert_eq!(folded("İŞ ığdır"), "is igdir");
        assert_eq!(folded("Ｋａｆｋａ"), "kafka");
        assert_eq!(folded("e\u{301}te\u{301}"), "ete");
        assert_eq!(folded("Ёлка"), "елка");
    }
}
