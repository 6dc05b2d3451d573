//! A TOML array of strings and one string → the array with the string in, or out, and every other byte as it was.

use toml_edit::{Array, Value};

/// How far elements are set in where an array had none to go by.
const INDENT: &str = "\n    ";

/// Adds the string: in its place when the others are sorted, else at the end.
pub fn insert(array: &mut Array, text: &str) {
    let (count, at) = (array.len(), place(array, text));
    let mut value = Value::from(text);
    let between = between(array);
    if count == 0 {
        let after = trailing(array);
        value.decor_mut().set_prefix(between);
        array.set_trailing(if after.contains('\n') { after } else { "\n".to_owned() });
        array.set_trailing_comma(true);
    } else if at < count {
        let prefix = array.get(at).map(prefix).unwrap_or_default();
        let (head, rest) = split(&prefix);
        value.decor_mut().set_prefix(if between.contains('\n') { format!("{head}{between}") } else { prefix.clone() });
        let rest = if between.contains('\n') { rest } else { " " };
        set_prefix(array, at, if at == 0 || between.contains('\n') { rest } else { &prefix });
    } else {
        append_decor(array, &mut value, &between);
    }
    array.insert_formatted(at, value);
}

/// Takes the string out; says whether it was there.
pub fn remove(array: &mut Array, text: &str) -> bool {
    let Some(at) = array.iter().position(|value| value.as_str() == Some(text)) else { return false };
    let gone = array.remove(at);
    let before = prefix(&gone);
    let head = split(&before).0;
    if array.is_empty() {
        array.set_trailing("");
        array.set_trailing_comma(false);
    } else if at < array.len() {
        let next = array.get(at).map(prefix).unwrap_or_default();
        let (_, rest) = split(&next);
        let whole = if rest.is_empty() { before.clone() } else { format!("{head}{rest}") };
        set_prefix(array, at, &whole);
    } else if !array.trailing_comma() {
        let last = gone.decor().suffix().and_then(|raw| raw.as_str()).unwrap_or_default();
        let suffix = format!("{head}{last}").trim_end_matches(' ').to_owned();
        set_suffix(array, at - 1, &suffix);
    } else {
        let after = trailing(array);
        array.set_trailing(format!("{head}{}", split(&after).1));
    }
    true
}

/// Places a value behind the last one, whose comment stays with it.
fn append_decor(array: &mut Array, value: &mut Value, between: &str) {
    let several_lines = between.contains('\n');
    if array.trailing_comma() {
        let after = trailing(array);
        let (head, rest) = split(&after);
        value.decor_mut().set_prefix(format!("{head}{between}"));
        if several_lines {
            array.set_trailing(rest);
        }
        return;
    }
    let at = array.len() - 1;
    let suffix = array.get(at).and_then(|last| last.decor().suffix()?.as_str().map(str::to_owned)).unwrap_or_default();
    let (head, rest) = split(&suffix);
    value.decor_mut().set_prefix(format!("{head}{between}"));
    value.decor_mut().set_suffix(rest);
    set_suffix(array, at, "");
}

/// Returns what stands before an element: a new line and its indent, or a space on one line.
fn between(array: &Array) -> String {
    let Some(last) = array.iter().last() else { return INDENT.to_owned() };
    let before = prefix(last);
    match before.rfind('\n') {
        Some(at) => before[at..].to_owned(),
        None => " ".to_owned(),
    }
}

fn place(array: &Array, text: &str) -> usize {
    let texts: Vec<_> = array.iter().map(|value| value.as_str().unwrap_or_default().to_ascii_lowercase()).collect();
    let sorted = texts.len() > 1 && texts.is_sorted() && array.iter().all(Value::is_str);
    let text = text.to_ascii_lowercase();
    if sorted { texts.partition_point(|other| *other < text) } else { texts.len() }
}

/// Splits in front of the first new line: a comment there belongs to the element before.
fn split(text: &str) -> (&str, &str) {
    text.find('\n').map_or((text.trim_end_matches(' '), ""), |at| text.split_at(at))
}

fn prefix(value: &Value) -> String {
    value.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default().to_owned()
}

fn set_prefix(array: &mut Array, at: usize, text: &str) {
    if let Some(value) = array.get_mut(at) {
        value.decor_mut().set_prefix(text);
    }
}

fn set_suffix(array: &mut Array, at: usize, text: &str) {
    if let Some(value) = array.get_mut(at) {
        value.decor_mut().set_suffix(text);
    }
}

fn trailing(array: &Array) -> String {
    array.trailing().as_str().unwrap_or_default().to_owned()
}
