//! Sentences for documentation, made of what a source says. Prose: templates encode it for its place.

use minijinja::Value;
use serde_json::Value as Json;

use crate::model::operations::Operation;
use crate::view;

/// The longest example shown, in characters.
const MAX_EXAMPLE: usize = 60;

/// What an operation does, one sentence.
pub fn summary(operation: &Operation) -> String {
    let text = plain(&operation.summary);
    let text = if text.is_empty() { first_sentence(&paragraph(&operation.description)) } else { text };
    if text.is_empty() { format!("Calls `{}`.", operation.line()) } else { sentence(&text) }
}

/// What an operation does, cut to at most `width` characters at a word, without a full stop.
pub fn short(operation: &Operation, width: usize) -> String {
    let summary = summary(operation);
    let text = summary.trim_end_matches('.');
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for word in text.split(' ') {
        if out.chars().count() + 1 + word.chars().count() > width.saturating_sub(2) {
            break;
        }
        out = if out.is_empty() { word.to_owned() } else { format!("{out} {word}") };
    }
    out + " …"
}

/// Where an operation comes from.
pub fn source(operation: &Operation) -> String {
    let named = !operation.id.contains(' ');
    let id = if named { format!(", `{}`", operation.id) } else { String::new() };
    format!("{}{id} in {}", operation.line(), cited(&operation.origin.file))
}

/// A source as code may name it: where a file lies on this machine is not said.
pub fn cited(name: &str) -> &str {
    let is_absolute = name.starts_with('/') || name.as_bytes().get(1) == Some(&b':');
    if is_absolute { name.rsplit(['/', '\\']).next().unwrap_or(name) } else { name }
}

/// The first paragraph of Markdown as plain prose, without headings.
pub fn paragraph(markdown: &str) -> String {
    let mut paragraphs = markdown.split("\n\n").map(str::trim);
    let first =
        paragraphs.find(|text| !text.is_empty() && !text.lines().all(|line| line.trim_start().starts_with('#')));
    let lines = first.unwrap_or_default().lines().filter(|line| !line.trim_start().starts_with('#'));
    plain(&lines.collect::<Vec<_>>().join("\n"))
}

/// One line of prose: links become their texts, tags go, white space is one space.
pub fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(at) = rest.find(['[', '<']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let taken = if after.starts_with('[') { link(after) } else { tag(after) };
        match taken {
            Some((text, more)) => {
                out.push_str(text);
                rest = more;
            }
            None => {
                out.push_str(&after[..1]);
                rest = &after[1..];
            }
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `[text](url) more` → `text`, ` more`.
fn link(text: &str) -> Option<(&str, &str)> {
    let (label, after) = text[1..].split_once("](")?;
    let (url, more) = after.split_once(')')?;
    (!label.contains(['[', '\n']) && !url.contains([' ', '\n'])).then_some((label, more))
}

/// `<br/> more` → ``, ` more`: tags of HTML only, not `<name>`.
fn tag(text: &str) -> Option<(&str, &str)> {
    const TAGS: [&str; 20] = [
        "p", "br", "a", "b", "i", "em", "strong", "code", "ul", "ol", "li", "div", "span", "pre", "table", "tr", "td",
        "th", "h1", "h2",
    ];
    let (inside, more) = text[1..].split_once('>')?;
    let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    TAGS.contains(&name.to_lowercase().as_str()).then_some((" ", more))
}

/// Text that ends like a sentence.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    // Emphasis and quotes may close behind the full stop.
    let bare = text.trim_end_matches(['*', '_', '"', '\'', ')', '`']);
    let ended = bare.ends_with(['.', '!', '?', ':', '。', '！', '？']) || text.ends_with(['.', '!', '?']);
    if text.is_empty() || ended { text.to_owned() } else { format!("{text}.") }
}

fn first_sentence(text: &str) -> String {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].to_owned()
}

/// What a parameter or a field is, with an example and its default.
pub fn value(description: &str, example: Option<&Json>, default: Option<&Json>) -> String {
    let mut parts = vec![sentence(&paragraph(description))];
    if let Some(shown) = example.and_then(shown) {
        parts.push(format!("Such as `{shown}`."));
    }
    if let Some(shown) = default.and_then(shown) {
        parts.push(format!("Defaults to {shown}."));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

/// A scalar as people write it; None for what is long or has parts.
fn shown(value: &Json) -> Option<String> {
    let shown = match value {
        Json::String(text) if text.is_empty() => return None,
        Json::String(text) => text.clone(),
        Json::Number(_) | Json::Bool(_) => value.to_string(),
        _ => return None,
    };
    (shown.chars().count() <= MAX_EXAMPLE && !shown.contains(['\n', '`'])).then_some(shown)
}

/// The errors an operation's own documentation names, as classes of the taxonomy.
pub fn failures(operation: &Operation) -> Vec<Value> {
    let known = operation.errors.iter().filter_map(|error| Some((error, kind(&error.status)?)));
    known
        .map(|(error, kind)| {
            let text = plain(&error.description);
            let text = if text.is_empty() { "The service answers so".to_owned() } else { text.trim_end_matches('.').to_owned() };
            view! { kind: super::code(kind), lead: format!("{kind}:"), status: error.status.clone(), sentence: format!("{text} ({}).", error.status), description: text }
        })
        .collect()
}

/// The class of the taxonomy for a status; None for those it has no word for.
fn kind(status: &str) -> Option<&'static str> {
    Some(match status {
        "400" | "422" => "InvalidRequest",
        "401" => "AuthenticationError",
        "403" => "PermissionDenied",
        "404" | "410" => "NotFound",
        "409" | "412" => "Conflict",
        "429" => "RateLimited",
        _ if status.starts_with('5') && status != "501" => "Unavailable",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_prose() {
        let text = "# Title\n\nReturns [all planets](https://a.b/c) of <b>one</b> `{system}`.<br/>Use <name>.\n\nMore.";
        assert_eq!(paragraph(text), "Returns all planets of one `{system}`. Use <name>.");
    }

    #[test]
    fn a_value_says_example_and_default() {
        assert_eq!(value("The limit", Some(&10.into()), Some(&30.into())), "The limit. Such as `10`. Defaults to 30.");
        assert_eq!(value("", None, None), "");
    }
}
