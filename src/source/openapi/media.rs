//! Which of the media types a source offers is taken, and how it is encoded.

use serde_json::Value;

use crate::model::operations::Encoding;
use crate::model::types::Type;
use crate::source::tree::Node;

/// The encoding of a media type.
pub fn encoding(media_type: &str) -> Encoding {
    let bare = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    match bare.as_str() {
        "application/x-www-form-urlencoded" => Encoding::Form,
        "*/*" | "application/*" => Encoding::Json,
        _ if bare == "application/json" || bare.ends_with("+json") || bare == "text/json" => Encoding::Json,
        _ if bare.starts_with("multipart/") => Encoding::Multipart,
        _ if bare.starts_with("text/") || bare.ends_with("xml") || bare == "application/javascript" => Encoding::Text,
        _ => Encoding::Bytes,
    }
}

fn best<'d>(content: Node<'d>, order: &[Encoding]) -> Option<(&'d str, Node<'d>, Encoding)> {
    let offered: Vec<(&str, Node<'d>)> = content.entries().collect();
    let plain = offered.iter().find(|(name, _)| *name == "application/json");
    let chosen =
        plain.or_else(|| order.iter().find_map(|wanted| offered.iter().find(|(name, _)| encoding(name) == *wanted)))?;
    Some((chosen.0, chosen.1, encoding(chosen.0)))
}

/// The media type to send: JSON before forms before files before text before bytes.
pub fn for_request(content: Node<'_>) -> Option<(&str, Node<'_>, Encoding)> {
    let (name, node, encoding) =
        best(content, &[Encoding::Json, Encoding::Form, Encoding::Multipart, Encoding::Text, Encoding::Bytes])?;
    let usual = match encoding {
        Encoding::Text => "text/plain",
        Encoding::Bytes => "application/octet-stream",
        _ => "application/json",
    };
    Some((if name.contains('*') { usual } else { name }, node, encoding))
}

/// The media type to ask for: JSON before text before bytes.
pub fn for_reply(content: Node<'_>) -> Option<(&str, Node<'_>, Encoding)> {
    let (name, node, encoding) =
        best(content, &[Encoding::Json, Encoding::Text, Encoding::Bytes, Encoding::Form, Encoding::Multipart])?;
    let encoding = if matches!(encoding, Encoding::Form | Encoding::Multipart) { Encoding::Bytes } else { encoding };
    // Tools that do not know write `*/*`: text and bytes by the schema, JSON otherwise.
    let schema = node.get("schema");
    let kind = schema.and_then(|schema| schema.get_text("type"));
    let binary = schema.and_then(|schema| schema.get_text("format")) == Some("binary");
    let is_open = name.contains('*') || encoding == Encoding::Text;
    Some(match (is_open, kind) {
        (true, Some("string" | "file")) if binary => (name, node, Encoding::Bytes),
        _ => (name, node, encoding),
    })
}

/// How a body is sent whose schema is of the type `of`: what has no form of its own there goes as the text or the bytes that it is.
pub fn sent(encoding: Encoding, of: Type) -> (Encoding, Type) {
    match (encoding, of.not_null()) {
        (Encoding::Bytes, _) | (Encoding::Text, Type::Bytes) => (Encoding::Bytes, Type::Bytes),
        (Encoding::Text, _) => (Encoding::Text, Type::Text),
        _ => (encoding, of),
    }
}

/// The first example beside a schema.
pub fn example(content: Node<'_>) -> Option<Value> {
    let named = || content.get("examples")?.entries().next()?.1.get("value");
    content.get("example").or_else(named).map(Node::to_json)
}
