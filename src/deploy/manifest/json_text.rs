//! The text of a JSON object → where its members stand, so that one can be put in or taken out without touching the rest.
//!
//! The text must have been read as JSON before; what is not JSON yields no member.

use std::ops::Range;

/// One member of an object, by byte offsets in the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub key: String,
    /// Where the key's opening quote is.
    pub start: usize,
    pub value: Range<usize>,
}

/// Returns the members of the object that opens at or behind the offset, in their order.
pub fn members(text: &str, from: usize) -> Vec<Member> {
    let mut members = Vec::new();
    let mut at = skip_space(text, from) + 1;
    loop {
        at = skip_space(text, at);
        if byte(text, at) == Some(b',') {
            at = skip_space(text, at + 1);
        }
        if byte(text, at) != Some(b'"') {
            return members;
        }
        let start = at;
        let end = skip_value(text, at);
        let value = skip_space(text, skip_space(text, end) + 1);
        let key = serde_json::from_str(&text[start..end]).unwrap_or_default();
        at = skip_value(text, value);
        members.push(Member { key, start, value: value..at });
    }
}

/// Returns the text with the member `key: value` in the object that opens at the offset; `value` is JSON.
///
/// It stands behind the others, or in its place when they are sorted and `sorted` asks for it. `indent` is the object's
/// own indent behind a new line, and serves where the object had no member to go by.
pub fn insert(text: &str, from: usize, key: &str, value: &str, sorted: bool, indent: (&str, &str)) -> String {
    let found = members(text, from);
    let member = format!("{}: {value}", serde_json::Value::from(key));
    let Some(first) = found.first() else {
        let open = skip_space(text, from);
        let close = skip_space(text, open + 1);
        return format!("{}{}{}{member}{}{}", &text[..=open], indent.0, indent.1, indent.0, &text[close..]);
    };
    let open = skip_space(text, from);
    let space = &text[open + 1..first.start];
    let in_order = found.len() > 1 && found.is_sorted_by(|a, b| a.key <= b.key);
    let at = if sorted && in_order { found.partition_point(|other| other.key.as_str() < key) } else { found.len() };
    match found.get(at) {
        Some(next) => format!(
            "{}{member},{}{}",
            &text[..next.start],
            if space.is_empty() { " " } else { space },
            &text[next.start..]
        ),
        None => {
            let end = found[at - 1].value.end;
            format!("{},{}{member}{}", &text[..end], if space.is_empty() { " " } else { space }, &text[end..])
        }
    }
}

/// Returns the text without the member; as it was when there is none of that key.
pub fn remove(text: &str, from: usize, key: &str) -> String {
    let found = members(text, from);
    let Some(at) = found.iter().position(|member| member.key == key) else { return text.to_owned() };
    let gone = match (at, found.get(at + 1)) {
        (_, Some(next)) => found[at].start..next.start,
        (0, None) => {
            let open = skip_space(text, from);
            open + 1..skip_space(text, found[at].value.end)
        }
        (_, None) => found[at - 1].value.end..found[at].value.end,
    };
    format!("{}{}", &text[..gone.start], &text[gone.end..])
}

/// Returns the new line and indent before the first member of the object; two spaces where there is none.
pub fn indent(text: &str, from: usize) -> String {
    let open = skip_space(text, from);
    let space = members(text, from).first().map(|first| &text[open + 1..first.start]);
    space.filter(|space| space.contains('\n')).unwrap_or("\n  ").to_owned()
}

fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

fn skip_space(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !b" \t\r\n".contains(byte)).unwrap_or(rest.len())
}

fn skip_value(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, from);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        let ended = depth == 0 && matches!(byte, b'"' | b'}' | b']');
        let before_end = bytes.get(at).is_none_or(|next| b" \t\r\n,:}]".contains(next));
        if ended || (depth == 0 && before_end) {
            return at;
        }
    }
    at
}

/// Returns where the string that opens at the offset has its closing quote.
fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}
