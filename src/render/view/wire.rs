//! How values look on the wire, for the tests of what is sent: the rules of OpenAPI, told apart from the adapters' own code.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json};

use crate::model::operations::Style;
use crate::model::types::{Shape, Type};
use crate::render::language::Language;

use super::types::Types;

/// A path with what no URL holds percent-encoded; placeholders stay.
pub fn path(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        inside = (inside || c == '{') && c != '}';
        let is_plain = c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/%{}".contains(c);
        if inside || is_plain {
            out.push(c);
        } else {
            out.push_str(&percent_encoded(c.encode_utf8(&mut [0; 4])));
        }
    }
    out
}

/// All but the unreserved characters of RFC 3986 as `%XX`.
pub fn percent_encoded(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A query with its `?`, or nothing.
pub fn query(pairs: &[(String, String)]) -> String {
    let written: Vec<String> =
        pairs.iter().map(|(name, text)| format!("{}={}", percent_encoded(name), percent_encoded(text))).collect();
    if written.is_empty() { String::new() } else { format!("?{}", written.join("&")) }
}

/// The pairs of a query or a form that a value becomes.
pub fn pairs(name: &str, value: &Json, style: Style, language: &Language) -> Vec<(String, String)> {
    let separator = match style {
        Style::Json => return vec![(name.to_owned(), value.to_string())],
        Style::Comma => ",",
        Style::Space => " ",
        Style::Pipe => "|",
        Style::Repeat | Style::Brackets | Style::Nested => return leaves(name, value, style, language),
    };
    vec![(name.to_owned(), joined(value, separator, language))]
}

/// The parts of a list or a record in one text.
pub fn joined(value: &Json, separator: &str, language: &Language) -> String {
    let parts: Vec<String> = match value {
        Json::Array(items) => items.iter().map(|item| text(item, language)).collect(),
        Json::Object(entries) => entries.iter().flat_map(|(key, item)| [key.clone(), text(item, language)]).collect(),
        plain => vec![text(plain, language)],
    };
    parts.join(separator)
}

fn leaves(name: &str, value: &Json, style: Style, language: &Language) -> Vec<(String, String)> {
    let is_deep = |item: &Json| item.is_array() || item.is_object();
    match value {
        Json::Object(entries) if style == Style::Repeat => {
            entries.iter().flat_map(|(key, item)| leaves(key, item, Style::Nested, language)).collect()
        }
        Json::Object(entries) => entries
            .iter()
            .flat_map(|(key, item)| leaves(&format!("{name}[{key}]"), item, Style::Brackets, language))
            .collect(),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(at, item)| match style {
                _ if is_deep(item) => leaves(&format!("{name}[{at}]"), item, Style::Brackets, language),
                Style::Brackets => leaves(&format!("{name}[]"), item, style, language),
                _ => leaves(name, item, style, language),
            })
            .collect(),
        plain => vec![(name.to_owned(), text(plain, language))],
    }
}

/// A value without parts, as text.
pub fn text(value: &Json, language: &Language) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Number(number) if number.is_f64() => {
            let plain = number.to_string();
            // Some languages have one kind of numbers, and write 10.0 as 10.
            if language.values.whole == "{}" { plain.trim_end_matches(".0").to_owned() } else { plain }
        }
        other => other.to_string(),
    }
}

/// Whether every language writes the numbers in a value alike.
pub fn is_plain(value: &Json) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Json::Number(number) => number.as_f64().is_some_and(|number| {
            let size = number.abs();
            size == 0.0 || (size > 1e-4 && size < if number.fract() == 0.0 { EXACT } else { 1e15 })
        }),
        Json::Array(items) => items.iter().all(is_plain),
        Json::Object(entries) => entries.values().all(is_plain),
        _ => true,
    }
}

/// A value as JSON has it: bytes in base64, where the language has a type of its own for them.
pub fn json(types: &Types<'_>, of: &Type, value: &Json) -> Json {
    if types.language.types.json.contains_key("bytes") {
        return value.clone();
    }
    match (of.not_null(), value) {
        (Type::Bytes, Json::String(text)) => Json::from(base64(text.as_bytes())),
        (Type::List(item), Json::Array(items)) => items.iter().map(|each| json(types, item, each)).collect(),
        (Type::Map(inner), Json::Object(entries)) => object(entries, |_, each| json(types, inner, each)),
        (Type::Named(name), value) => match (types.service.types.get(name).map(|found| &found.shape), value) {
            (Some(Shape::Alias(inner)), value) => json(types, inner, value),
            (Some(Shape::Record { fields, .. }), Json::Object(entries)) => object(entries, |key, each| {
                let field = fields.iter().find(|field| field.name == key);
                field.map_or_else(|| each.clone(), |field| json(types, &field.of, each))
            }),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

fn object(entries: &Map<String, Json>, of: impl Fn(&str, &Json) -> Json) -> Json {
    entries.iter().map(|(key, value)| (key.clone(), of(key, value))).collect::<Map<_, _>>().into()
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let at = |n: usize| u32::from(chunk.get(n).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for n in 0..4 {
            let sign = char::from(SIGNS[(bits >> (18 - 6 * n) & 63) as usize]);
            out.push(if n <= chunk.len() { sign } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        assert_eq!(
            ["", "t", "te", "tex", "text"].map(|text| base64(text.as_bytes())),
            ["", "dA==", "dGU=", "dGV4", "dGV4dA=="]
        );
    }

    #[test]
    fn a_path_keeps_its_placeholders_and_what_is_encoded() {
        assert_eq!(path("/météo/{ville}/my file/%20\\"), "/m%C3%A9t%C3%A9o/{ville}/my%20file/%20%5C");
        assert_eq!(path("/a:b/{c d}(x)"), "/a:b/{c d}(x)");
    }
}
