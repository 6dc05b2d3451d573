//! The fullest call of an operation, for its test: every parameter and field, what they become on the wire, and two pages of
//! what is paged.

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::{Map, Value as Json, json};

use super::keyword::{Keyword, Place};
use super::parameters::Keywords;
use super::types::Types;
use super::{fields, security, tests, wire};
use crate::model::operations::{Body, Encoding, Operation, PageEnd, Pagination, Style};
use crate::model::types::Type;
use crate::render::example::{Direction, Examples};
use crate::view;

type Given<'k, 'o> = (&'k Keyword<'o>, Json);
type Pairs = Vec<(String, String)>;

pub fn call(operation: &Operation, keywords: &Keywords<'_>, types: &Types<'_>) -> Value {
    let given = given(operation, keywords, types);
    let at = |place: Place| given.iter().filter(move |(keyword, _)| keyword.place == place);
    let others = given.iter().filter(|(keyword, _)| keyword.place != Place::Path);
    let argument = |given: &Given<'_, '_>| tests::argument(operation, given, types);
    let fixed =
        |place: Place| keywords.fixed_at(place).map(|one| (one.wire.to_owned(), wire::text(one.value, types.language)));
    let query: Pairs = fixed(Place::Query)
        .chain(
            at(Place::Query)
                .flat_map(|(keyword, value)| wire::pairs(keyword.wire, value, keyword.style, types.language)),
        )
        .collect();
    let path = path(operation, at(Place::Path), types);
    let one = |keyword: &Keyword<'_>, value: &Json| match keyword.style {
        Style::Json => value.to_string(),
        _ => wire::joined(value, ",", types.language),
    };
    let texts = |place: Place| {
        fixed(place).chain(at(place).map(|(keyword, value)| (keyword.wire.to_owned(), one(keyword, value))))
    };
    let headers: Vec<Value> = texts(Place::Header).map(|(wire, text)| view! { wire: wire, text: text }).collect();
    let cookies = Value::from_pairs(texts(Place::Cookie));
    let body = operation.body.as_ref().map(|body| sent_body(body, &given, types)).unwrap_or_default();
    view! {
        segments: at(Place::Path).map(argument).collect::<Vec<_>>(),
        keywords: others.map(argument).collect::<Vec<_>>(),
        params: tests::params(operation, keywords, &given, types),
        line: line(operation, &path, &query, types),
        headers: headers,
        cookies: cookies,
        body: Value::from(Serde(&body)),
        form: form(operation, keywords, &body, types),
        names: names(operation, &body),
        pages: pages(operation, &path, &query, &given, types),
    }
}

/// The method, the path and the query, with the keys that prove who is calling behind all else.
fn line(operation: &Operation, path: &str, query: &Pairs, types: &Types<'_>) -> String {
    let keys = security::in_query(operation, types.service);
    let is_key = |name: &str| keys.iter().any(|(key, _)| key == name);
    let query = query.iter().filter(|(name, _)| !is_key(name)).chain(&keys).cloned().collect::<Pairs>();
    format!("{} {path}{}", operation.method, wire::query(&query))
}

/// All arguments with an example each, but for those whose only value is null outside of a body.
fn given<'k, 'o>(operation: &Operation, keywords: &'k Keywords<'o>, types: &Types<'_>) -> Vec<Given<'k, 'o>> {
    let examples = Examples::slim(&types.service.types, Direction::Sent);
    let counter = match &operation.pagination {
        Some(Pagination::Offset { offset, .. }) => offset.as_str(),
        Some(Pagination::Page { page, .. }) => page.as_str(),
        _ => "",
    };
    let after = match &operation.pagination {
        Some(Pagination::After { after, .. }) => after.as_str(),
        _ => "",
    };
    let is_json = operation.body.as_ref().is_some_and(|body| body.encoding == Encoding::Json);
    let value = |keyword: &Keyword<'_>| {
        let in_json = is_json && matches!(keyword.place, Place::Field | Place::Body);
        let of = keyword.of.not_null();
        let found = examples.of(of, keyword.example.filter(|example| in_json || is_suitable(keyword, example)));
        let found = if in_json { found } else { twice(found, operation, keyword) };
        match (keyword.place, of) {
            (Place::Body, Type::Text) if !in_json => json!("content"),
            (Place::Query, Type::Number) if keyword.wire == counter => json!(1),
            (Place::Query, _) if keyword.wire == counter && !found.is_i64() => json!("1"),
            // Another one than the last of the example, which would be the end.
            (Place::Query, _) if keyword.wire == after => json!("before"),
            (Place::Body, _) => found,
            (_, Type::Json) if !in_json => json!("text"),
            _ => found,
        }
    };
    let all = keywords.all.iter().map(|keyword| (keyword, value(keyword)));
    all.filter(|(keyword, value)| !value.is_null() || matches!(keyword.place, Place::Field | Place::Body)).collect()
}

/// A list of one value with that value twice: with one alone its style would not show.
fn twice(value: Json, operation: &Operation, keyword: &Keyword<'_>) -> Json {
    let is_plain = |item: &Json| !item.is_object() && !item.is_array();
    let has_style = match keyword.place {
        Place::Field => operation.body.as_ref().is_some_and(|body| body.encoding == Encoding::Form),
        place => place != Place::Path && place != Place::Body,
    };
    match value.as_array().map(Vec::as_slice) {
        Some([only]) if has_style && is_plain(only) => json!([only, only]),
        _ => value,
    }
}

/// Whether the source's own example is one that every language sends alike.
fn is_suitable(keyword: &Keyword<'_>, example: &Json) -> bool {
    let is_header = |text: &str| text.trim() == text && text.chars().all(|c| (' '..='~').contains(&c));
    wire::is_plain(example)
        && match (keyword.place, example.as_str()) {
            (Place::Path, Some(text)) => !matches!(text, "" | "." | ".."),
            (Place::Header, Some(text)) => is_header(text),
            (Place::Header, None) => is_header(&example.to_string()),
            _ => true,
        }
}

fn path<'g>(operation: &Operation, segments: impl Iterator<Item = &'g Given<'g, 'g>>, types: &Types<'_>) -> String {
    let mut path = wire::path(&operation.path);
    for (keyword, value) in segments {
        let text = match value {
            Json::Array(items) => {
                let parts = items.iter().map(|item| wire::percent_encoded(&wire::text(item, types.language)));
                parts.collect::<Vec<_>>().join(",")
            }
            plain => wire::percent_encoded(&wire::text(plain, types.language)),
        };
        path = path.replace(&format!("{{{}}}", keyword.wire), &text);
    }
    path
}

/// The body as JSON has it.
fn sent_body(body: &Body, given: &[Given<'_, '_>], types: &Types<'_>) -> Json {
    if let Some((keyword, whole)) = given.iter().find(|(keyword, _)| keyword.place == Place::Body) {
        return wire::json(types, keyword.of, whole);
    }
    let is_json = body.encoding == Encoding::Json;
    let fields = given.iter().filter(|(keyword, _)| keyword.place == Place::Field).map(|(keyword, value)| {
        let value = if is_json { wire::json(types, keyword.of, value) } else { value.clone() };
        (keyword.wire.to_owned(), value)
    });
    Json::Object(fields.collect::<Map<_, _>>())
}

/// The fields of a form: names and texts.
fn form(operation: &Operation, keywords: &Keywords<'_>, sent: &Json, types: &Types<'_>) -> Value {
    let (Some(body), Json::Object(fields)) = (&operation.body, sent) else { return Value::from(()) };
    if body.encoding != Encoding::Form {
        return Value::from(());
    }
    let usual = if keywords.form_styles(body, types).0 { Style::Brackets } else { Style::Nested };
    let pairs = fields.iter().flat_map(|(name, value)| {
        wire::pairs(name, value, body.styles.get(name).copied().unwrap_or(usual), types.language)
    });
    Value::from(pairs.map(|(name, text)| Value::from(vec![Value::from(name), Value::from(text)])).collect::<Vec<_>>())
}

/// The names of a form's parts: a list has one for each item.
fn names(operation: &Operation, sent: &Json) -> Value {
    let is_multipart = operation.body.as_ref().is_some_and(|body| body.encoding == Encoding::Multipart);
    let fields = sent.as_object().filter(|_| is_multipart);
    let names = fields.into_iter().flatten().flat_map(|(name, value)| {
        let count = value.as_array().map_or(usize::from(!value.is_null()), Vec::len);
        std::iter::repeat_n(Value::from(name.clone()), count)
    });
    Value::from(names.collect::<Vec<_>>())
}

/// What makes the first example page one that has another behind it.
struct Turn {
    /// Changes to the first page, and to the last.
    first: Json,
    last: Json,
    /// The next page's own place, in a header or in the first page.
    link: &'static str,
    /// The parameter that asks for the second page, and its value.
    asks: Option<(String, String)>,
    /// How often the example's items come.
    times: usize,
}

fn pages(operation: &Operation, path: &str, query: &Pairs, given: &[Given<'_, '_>], types: &Types<'_>) -> Value {
    let received = Examples::new(&types.service.types, Direction::Received);
    let Some((_, example)) = tests::example_of(operation, types, &received) else { return Value::from(()) };
    let Some(pagination) = operation.pagination.as_ref() else { return Value::from(()) };
    let items = tests::items(pagination, &example);
    let number = |name: &str| {
        let value = given.iter().find(|(keyword, _)| keyword.place == Place::Query && keyword.wire == name)?;
        value.1.as_i64().or_else(|| value.1.as_str()?.parse().ok())
    };
    let turn = turn(operation, pagination, items, &number, types);
    let line = turn.as_ref().map_or(String::new(), |turn| match &turn.asks {
        Some((name, text)) => {
            let mut query = query.clone();
            match query.iter_mut().find(|(known, _)| known == name) {
                Some(pair) => pair.1.clone_from(text),
                None => query.push((name.clone(), text.clone())),
            }
            line(operation, path, &query, types)
        }
        None => {
            let keys = wire::query(&security::in_query(operation, types.service)).replace('?', "&");
            format!("{} {}{keys}", operation.method, turn.link)
        }
    });
    let is_bare = turn.as_ref().is_some_and(|turn| turn.last.is_array());
    let change = |change: Option<&Json>| match change {
        Some(change @ Json::Object(_)) => Value::from(Serde(change)),
        _ => Value::from(()),
    };
    view! {
        first: change(turn.as_ref().map(|turn| &turn.first)),
        last: change(turn.as_ref().map(|turn| &turn.last)),
        is_bare: is_bare,
        link: turn.as_ref().filter(|turn| turn.first.is_null()).map_or("", |turn| turn.link),
        line: line,
        count: items.len() * turn.as_ref().map_or(1, |turn| turn.times),
    }
}

/// None where the example has no items to go on from.
fn turn(
    operation: &Operation,
    pagination: &Pagination,
    items: &[Json],
    number: &dyn Fn(&str) -> Option<i64>,
    types: &Types<'_>,
) -> Option<Turn> {
    let reply = &operation.reply.content.as_ref()?.of;
    let none = |field: &Option<String>| field.as_ref().map_or(json!([]), |field| json!({ field.as_str(): [] }));
    let asks = |name: &str, text: String| Some((name.to_owned(), text));
    let same = |first: Json, asks, link| Turn { first, last: Json::Null, link, asks, times: 2 };
    Some(match pagination {
        Pagination::Link { .. } => same(Json::Null, None, "/next?page=2"),
        Pagination::Url { next, .. } => same(at(next, json!("/next?page=2")), None, "/next?page=2"),
        Pagination::Cursor { cursor, next, .. } => {
            let mark = example_at(reply, next, types);
            same(at(next, json!(mark)), asks(cursor, mark), "")
        }
        Pagination::After { after, id, more, .. } => {
            let last = wire::text(items.last()?.get(id).filter(|id| !id.is_null())?, types.language);
            same(json!({ more.as_str(): true }), asks(after, last), "")
        }
        _ if items.is_empty() => return None,
        Pagination::Offset { offset, items: field, .. } => {
            let total = fields::total_path(reply, types);
            let first = total.map_or(Json::Null, |path| at(&path, json!(999)));
            let count = i64::try_from(items.len()).unwrap_or_default();
            let next = number(offset).unwrap_or_default() + count;
            Turn { first, last: none(field), link: "", asks: asks(offset, next.to_string()), times: 1 }
        }
        Pagination::Page { page, first, items: field, end } => {
            let changes = match end {
                Some(PageEnd::More(path)) => at(path, more(reply, path, types)),
                Some(PageEnd::Last(path) | PageEnd::Total(path)) => at(path, json!(999)),
                None => Json::Null,
            };
            let next = number(page).unwrap_or(*first) + 1;
            Turn { first: changes, last: none(field), link: "", asks: asks(page, next.to_string()), times: 1 }
        }
    })
}

/// `value` in records at a path.
fn at(path: &[String], value: Json) -> Json {
    path.iter().rev().fold(value, |inner, name| json!({ name.as_str(): inner }))
}

/// A mark that leads to another page.
fn example_at(reply: &Type, path: &[String], types: &Types<'_>) -> String {
    match fields::type_at(reply, path, types) {
        Some(Type::Uuid) => "123e4567-e89b-42d3-a456-426614174000".to_owned(),
        _ => "more".to_owned(),
    }
}

fn more(reply: &Type, path: &[String], types: &Types<'_>) -> Json {
    match fields::type_at(reply, path, types) {
        Some(Type::Boolean) => json!(true),
        Some(Type::Integer) => json!(2),
        _ => json!("more"),
    }
}
