//! A value → JSON as people lay it out: one member a line, short lists on one line, nothing that hides.

use serde_json::Value;

use super::encode::is_treacherous;

/// The widest line, in characters.
const WIDTH: usize = 80;

/// JSON text whose lines after the first stand behind `indent` spaces.
pub fn laid_out(value: &Value, indent: usize) -> String {
    let mut out = String::new();
    write(value, indent, 0, &mut out);
    out
}

/// `before`: how much of the line is taken when the value begins.
fn write(value: &Value, indent: usize, before: usize, out: &mut String) {
    match value {
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(members) if members.is_empty() => out.push_str("{}"),
        Value::Array(items) => {
            if let Some(line) = one_line(items).filter(|line| before + line.chars().count() < WIDTH) {
                return out.push_str(&line);
            }
            block(['[', ']'], items.iter().map(|item| (String::new(), item)), indent, out);
        }
        Value::Object(members) => {
            block(['{', '}'], members.iter().map(|(key, member)| (format!("{}: ", string(key)), member)), indent, out);
        }
        scalar => out.push_str(&self::scalar(scalar)),
    }
}

fn block<'v>(brackets: [char; 2], members: impl Iterator<Item = (String, &'v Value)>, indent: usize, out: &mut String) {
    let inner = indent + 2;
    out.push(brackets[0]);
    for (at, (key, member)) in members.enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        out.push_str(&" ".repeat(inner));
        out.push_str(&key);
        write(member, inner, inner + key.chars().count(), out);
    }
    out.push('\n');
    out.push_str(&" ".repeat(indent));
    out.push(brackets[1]);
}

/// A list of scalars, with the room for a comma behind it left to the caller.
fn one_line(items: &[Value]) -> Option<String> {
    let written: Option<Vec<String>> =
        items.iter().map(|item| (!item.is_array() && !item.is_object()).then(|| scalar(item))).collect();
    Some(format!("[{}]", written?.join(", ")))
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => string(text),
        other => other.to_string(),
    }
}

/// A JSON string in which characters that hide or reorder are written by their numbers.
fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in Value::from(text).to_string().chars() {
        if is_treacherous(c) {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_lists_stay_on_one_line() {
        let value = json!({ "a": ["x", 1, null], "b": [], "c": {}, "d": [{ "e": true }], "f": ["long".repeat(12), "long".repeat(8)] });
        let expected = format!(
            "{{\n  \"a\": [\"x\", 1, null],\n  \"b\": [],\n  \"c\": {{}},\n  \"d\": [\n    {{\n      \"e\": true\n    }}\n  ],\n  \"f\": [\n    \"{}\",\n    \"{}\"\n  ]\n}}",
            "long".repeat(12),
            "long".repeat(8)
        );
        assert_eq!(laid_out(&value, 0), expected);
        assert_eq!(serde_json::from_str::<Value>(&laid_out(&value, 4)).unwrap(), value);
    }

    #[test]
    fn hostile_12_hidden_characters_are_written_out() {
        let value = json!({ "\u{202e}key": "a\u{200b}b\u{e0041}\u{7}" });
        let text = laid_out(&value, 0);
        assert!(text.is_ascii(), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
