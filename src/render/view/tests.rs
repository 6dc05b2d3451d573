//! What the tests of an adapter send and get: calls with example arguments, replies as the source says they look.

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::{Map, Value as Json};

use super::operations::roots;
use super::parameters::{self, Keyword, Keywords, Place};
use super::types::Types;
use super::code;
use crate::model::operations::{Encoding, Operation, Operations, Style};
use crate::model::types::{Shape, Type};
use crate::render::engine::Code;
use crate::render::encode;
use crate::render::example::{Direction, Examples};
use crate::render::language::Language;
use crate::view;

/// An example call of an operation, what it sends, and what is answered.
pub fn call(operation: &Operation, keywords: &Keywords<'_>, types: &Types<'_>, language: &Language) -> Value {
    let sent = Examples::new(&types.service.types, Direction::Sent);
    let given: Vec<(&Keyword<'_>, Json)> = keywords
        .all
        .iter()
        .filter(|keyword| keyword.required || keyword.place == Place::Path || (keyword.place == Place::Field && fits(&sent, keyword)))
        .map(|keyword| (keyword, sent.of(keyword.of.not_null(), keyword.example)))
        .collect();
    let at = |places: &[Place]| -> Vec<&(&Keyword<'_>, Json)> { given.iter().filter(|(keyword, _)| places.contains(&keyword.place)).collect() };
    let argument = |(keyword, value): &(&Keyword<'_>, Json)| {
        view! {
            name: Code(keyword.name.clone()),
            wire: keyword.wire.to_owned(),
            key: code(&parameters::key(types, keyword.wire)),
            literal: Code(encode::value(language, value)),
            value: Value::from(Serde(value)),
            is_file: is_file(keyword, operation),
        }
    };
    let list = |places: &[Place]| Value::from(at(places).into_iter().map(argument).collect::<Vec<_>>());
    let fields: Map<String, Json> = at(&[Place::Field]).into_iter().map(|(keyword, value)| (keyword.wire.to_owned(), value.clone())).collect();
    view! {
        segments: list(&[Place::Path]),
        keywords: list(&[Place::Query, Place::Header, Place::Cookie, Place::Field, Place::Body]),
        fields: list(&[Place::Field]),
        line: format!("{} {}", operation.method, target(operation, &at(&[Place::Path]), &at(&[Place::Query]))),
        body: Value::from(Serde(Json::Object(fields))),
        reply: reply(operation, types, language),
    }
}

fn fits(examples: &Examples<'_>, keyword: &Keyword<'_>) -> bool {
    keyword.example.is_some_and(|example| examples.allows(keyword.of.not_null(), example, 0))
}

fn is_file(keyword: &Keyword<'_>, operation: &Operation) -> bool {
    *keyword.of.not_null() == Type::Bytes && operation.body.as_ref().is_some_and(|body| matches!(body.encoding, Encoding::Multipart | Encoding::Bytes))
}

/// The request target with example values in it, as it goes over the wire.
fn target(operation: &Operation, segments: &[&(&Keyword<'_>, Json)], queries: &[&(&Keyword<'_>, Json)]) -> String {
    let mut path = operation.path.clone();
    for (keyword, value) in segments {
        path = path.replace(&format!("{{{}}}", keyword.wire), &percent_encoded(&text(value)));
    }
    let pairs: Vec<String> = queries.iter().flat_map(|(keyword, value)| pairs(keyword, value)).collect();
    if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
}

fn pairs(keyword: &Keyword<'_>, value: &Json) -> Vec<String> {
    let pair = |name: &str, value: &Json| format!("{}={}", percent_encoded(name), percent_encoded(&text(value)));
    match (value, keyword.style) {
        (Json::Array(items), Style::Repeat | Style::Brackets) => items.iter().map(|item| pair(keyword.wire, item)).collect(),
        (Json::Array(items), style) => {
            let separator = match style {
                Style::Space => " ",
                Style::Pipe => "|",
                _ => ",",
            };
            vec![pair(keyword.wire, &Json::String(items.iter().map(text).collect::<Vec<_>>().join(separator)))]
        }
        (Json::Object(entries), Style::Brackets) => entries.iter().map(|(key, item)| pair(&format!("{}[{key}]", keyword.wire), item)).collect(),
        _ => vec![pair(keyword.wire, value)],
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// All but the unreserved characters of RFC 3986 as `%XX`.
fn percent_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn reply(operation: &Operation, types: &Types<'_>, language: &Language) -> Value {
    let Some(content) = &operation.reply.content else { return Value::from(()) };
    let received = Examples::new(&types.service.types, Direction::Received);
    let value = received.of(&content.of, content.example.as_ref());
    let named = match &content.of {
        Type::Named(name) => types.name(name, Direction::Received).to_owned(),
        _ => String::new(),
    };
    let status: u16 = operation.reply.status.parse().unwrap_or(200);
    view! {
        status: if status >= 300 { 200 } else { status },
        value: Value::from(Serde(&value)),
        literal: Code(encode::value(language, &value)),
        name: Code(named),
        is_list: value.is_array(),
    }
}

/// The item of a list that an operation pages through.
pub fn item_of(operation: &Operation, types: &Types<'_>) -> Option<Type> {
    use crate::model::operations::Pagination;
    let of = &operation.reply.content.as_ref()?.of;
    let path = match operation.pagination.as_ref()? {
        Pagination::Link { items } | Pagination::Offset { items, .. } | Pagination::Page { items, .. } | Pagination::Cursor { items, .. } => items.clone(),
        Pagination::After { items, .. } => Some(items.clone()),
    };
    parameters::item_type(of, path.as_deref(), types)
}

/// The operations on which failures are tried: one that reads, one that writes.
pub fn failures(surface: &Operations, types: &Types<'_>, language: &Language) -> Value {
    let _ = (types, language);
    let simple = |operation: &&Operation| roots(operation).iter().all(|(of, _)| !matches!(of, Type::Union(_)));
    let reads = surface.operations.iter().filter(simple).find(|operation| operation.method == "GET" && operation.pagination.is_none() && operation.reply.content.as_ref().is_some_and(|content| content.encoding == Encoding::Json));
    let writes = surface.operations.iter().filter(simple).find(|operation| !operation.repeatable);
    view! { read: reads.map_or(Value::from(()), |operation| Value::from(operation.id.clone())), write: writes.map_or(Value::from(()), |operation| Value::from(operation.id.clone())) }
}

/// Whether a type is a record.
pub fn is_record(of: &Type, types: &Types<'_>) -> bool {
    matches!(of, Type::Named(name) if matches!(types.service.types.get(name).map(|found| &found.shape), Some(Shape::Record { .. })))
}
