//! Text of a source → text that is safe in its place: a literal, a comment, a block of documentation, Markdown.

use serde_json::Value;

use super::language::Language;

/// Whether a character could hide, reorder or end text where it stands: controls, and the invisible ones of Unicode.
pub fn is_treacherous(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A string literal.
pub fn string(language: &Language, text: &str) -> String {
    let strings = &language.strings;
    let mut out = String::with_capacity(text.len() + 2);
    out.push(strings.quote);
    for c in text.chars() {
        match strings.escapes.get(&c) {
            Some(escape) => out.push_str(escape),
            None if c == '\n' || is_treacherous(c) => out.push_str(&by_number(language, c)),
            None => out.push(c),
        }
    }
    out.push(strings.quote);
    out
}

fn by_number(language: &Language, c: char) -> String {
    let code = c as u32;
    let form = if code > 0xffff { &language.strings.unicode_wide } else { &language.strings.unicode };
    form.replace("{hex4}", &format!("{code:04x}"))
        .replace("{hex8}", &format!("{code:08x}"))
        .replace("{hex}", &format!("{code:x}"))
}

/// A JSON value as a literal of the language.
pub fn value(language: &Language, value: &Value) -> String {
    let values = &language.values;
    match value {
        Value::Null => values.null.clone(),
        Value::Bool(true) => values.r#true.clone(),
        Value::Bool(false) => values.r#false.clone(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => string(language, text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| self::value(language, item)).collect();
            format!("{}{}{}", values.list[0], items.join(", "), values.list[1])
        }
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, item)| key(language, name) + &values.pair + &self::value(language, item))
                .collect();
            format!("{}{}{}", values.map[0], entries.join(", "), values.map[1])
        }
    }
}

/// A key of a map literal.
pub fn key(language: &Language, name: &str) -> String {
    language.values.keys.get(name).cloned().unwrap_or_else(|| string(language, name))
}

/// JSON text with treacherous characters as escapes; they stand in strings alone.
pub fn json_text(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_treacherous(c) {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// A number that may have a fraction: `30.0` in one language, `30` in another.
pub fn number(language: &Language, value: f64) -> String {
    let text = value.to_string();
    if text.contains(['.', 'e', 'i']) { text } else { language.values.whole.replace("{}", &text) }
}

/// Text for a comment or a block of documentation: treacherous characters are written out, what would end the block is broken up.
pub fn prose(language: &Language, text: &str) -> String {
    let mut out = visible(text);
    for (ending, instead) in &language.comments.block {
        out = out.replace(ending, instead);
    }
    // Next to the end of the block a last character may join it.
    let last = language.comments.last.iter().find(|(last, _)| out.ends_with(last.as_str()));
    if let Some((last, instead)) = last {
        out.truncate(out.len() - last.len());
        out.push_str(instead);
    }
    out
}

/// A comment that documents what follows, `indent` characters from the left; None where the language has none.
pub fn documentation(language: &Language, text: &str, indent: usize) -> Option<String> {
    let form = language.comments.documentation.as_ref()?;
    let width = language.width.saturating_sub(indent + form.line.chars().count()).max(20);
    let filled = prose(language, &filled(text, width, width));
    let short = form.short.replace("{}", &filled);
    if !filled.contains('\n') && indent + short.chars().count() <= language.width {
        return Some(short);
    }
    let pad = " ".repeat(indent);
    let lines: String =
        filled.lines().map(|line| format!("{pad}{}{line}", form.line).trim_end().to_owned() + "\n").collect();
    Some(format!("{}\n{lines}{pad}{}", form.open, form.close))
}

/// Text without characters that hide or reorder: each is written as `<U+202E>`; tabs and returns become spaces.
pub fn visible(text: &str) -> String {
    if !text.chars().any(is_treacherous) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push('\n'),
            '\t' => out.push(' '),
            c if is_treacherous(c) => out.push_str(&format!("<U+{:04X}>", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// Text as one line.
pub fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of Markdown in which nothing of the text is markup but code in single backticks: for table cells and running text.
pub fn markdown(text: &str) -> String {
    let line = one_line(text);
    let mut out = String::new();
    // Every second part was between backticks; what follows the last odd one was not.
    let parts: Vec<&str> = line.split('`').collect();
    for (at, part) in parts.iter().enumerate() {
        let is_inside = at % 2 == 1 && at + 1 < parts.len();
        // No bar, which would end a table's cell; no backslash; not empty, which would be two backticks in a row.
        let is_code = |part: &str| !part.trim().is_empty() && !part.contains(['|', '\\']);
        match (is_inside, at) {
            (true, _) if is_code(part) => out += &format!("`{part}`"),
            (true, _) => out += &format!("\\`{}\\`", without_markup(part)),
            (false, at) if at % 2 == 1 => out += &format!("\\`{}", without_markup(part)),
            (false, _) => out += &without_markup(part),
        }
    }
    out
}

fn without_markup(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// One line of Markdown code: `` `GET /a` ``, with as many backticks as it takes.
pub fn markdown_code(text: &str) -> String {
    let text = one_line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

/// Text as a value in a block of YAML: plain where it reads back as the same text, else in the quotes that need least escaping.
pub fn yaml(text: &str) -> String {
    if text.chars().any(|c| c == '\n' || is_treacherous(c)) {
        let json = Value::String(text.to_owned()).to_string();
        return json.chars().map(|c| if is_treacherous(c) { escaped(c) } else { c.to_string() }).collect();
    }
    if is_plain_yaml(text) {
        return text.to_owned();
    }
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

fn escaped(c: char) -> String {
    let code = c as u32;
    if code > 0xffff { format!("\\U{code:08x}") } else { format!("\\u{code:04x}") }
}

fn is_plain_yaml(text: &str) -> bool {
    const OTHERS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !OTHERS.contains(&text.to_lowercase().as_str())
}

/// Paragraphs filled to `width` characters, the first line to `first`; lines that are lists, code or tables begin anew.
pub fn filled(text: &str, width: usize, first: usize) -> String {
    let mut out: Vec<String> = Vec::new();
    for paragraph in visible(text).split("\n\n") {
        let paragraph = paragraph.trim_matches('\n');
        if paragraph.trim().is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(String::new());
        }
        let first = if out.is_empty() { first } else { width };
        out.extend(fill(paragraph, width, first));
    }
    out.join("\n")
}

fn fill(paragraph: &str, width: usize, first: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in paragraph.lines() {
        let is_item = line.trim_start().starts_with(['-', '*', '|', '#', '>', '`']) || line.starts_with("    ");
        let mut fresh = is_item || lines.is_empty();
        for word in line.split_whitespace() {
            let limit = if lines.len() == 1 { first } else { width };
            let fits =
                lines.last().is_some_and(|last: &String| last.chars().count() + 1 + word.chars().count() <= limit);
            if fresh || !fits {
                lines.push(word.to_owned());
            } else if let Some(last) = lines.last_mut() {
                *last = format!("{last} {word}");
            }
            fresh = false;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_reads_back_as_the_same_text() {
        let texts = [
            "a",
            "",
            "yes",
            "1",
            "{{ $labels.a }}",
            "a: b",
            "a #b",
            "- a",
            "'",
            "\"",
            "a\\b",
            "x{a=\"b\"}",
            "a\nb",
            "\u{202e}",
            "\u{e0001}",
            "\0",
            "it's",
            "\u{feff}a",
            "null",
            "%a",
            "@a",
            "a:",
            " a",
            "a ",
            "~",
            "é",
            "x{a=\"b: c\"}",
            "\u{85}",
            "\u{2028}",
            "\t",
            "it's \"so\"",
            "0x1f",
            "1e3",
            "=",
            "!a",
            "&a",
            "*a",
            "|",
            ">",
        ];
        for text in texts {
            let yaml = format!("a:\n  b: {}\n", yaml(text));
            let read: Value = serde_yaml::from_str(&yaml).unwrap_or_else(|fault| panic!("{yaml}: {fault}"));
            assert_eq!(read["a"]["b"].as_str(), Some(text), "{yaml}");
        }
    }

    #[test]
    fn only_harmless_code_stays_markup_in_markdown() {
        let cases = [
            ("goes into `X-Api-Key`", "goes into `X-Api-Key`"),
            ("an odd ` one", "an odd \\` one"),
            ("`a|b` and `a\\`", "\\`a\\|b\\` and \\`a\\\\\\`"),
            ("``a``", "\\`\\`a\\`\\`"),
            ("``", "\\`\\`"),
            ("*`<b>`*", "\\*`<b>`\\*"),
        ];
        for (text, expected) in cases {
            assert_eq!(markdown(text), expected, "{text}");
        }
    }
}
