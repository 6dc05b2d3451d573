//! What the tests of an adapter send and get: calls with example arguments, replies as the source says they look.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use minijinja::Value;
use minijinja::value::Serde;
use serde_json::{Map, Value as Json};

use super::keyword::{Keyword, Place};
use super::parameters::Keywords;
use super::types::Types;
use super::{code, fields};
use crate::model::operations::{Encoding, Operation, Operations, Pagination};
use crate::model::types::{Field, Shape, Type};
use crate::render::encode;
use crate::render::engine::Code;
use crate::render::example::{Direction, Examples};
use crate::render::language::Language;
use crate::render::names::{Role, spell};
use crate::view;

/// An example call of an operation, what it sends, and what is answered.
pub fn call(operation: &Operation, keywords: &Keywords<'_>, types: &Types<'_>, language: &Language) -> Value {
    let sent = Examples::new(&types.service.types, Direction::Sent);
    let given: Vec<(&Keyword<'_>, Json)> = keywords
        .all
        .iter()
        .filter(|keyword| {
            keyword.required
                || keyword.place == Place::Path
                || is_file(keyword, operation)
                || (keyword.place == Place::Field && fits(&sent, keyword))
        })
        .map(|keyword| (keyword, sent.of(keyword.of.not_null(), keyword.example)))
        .collect();
    let at = |places: &[Place]| -> Vec<&(&Keyword<'_>, Json)> {
        given.iter().filter(|(keyword, _)| places.contains(&keyword.place)).collect()
    };
    let argument = |given: &(&Keyword<'_>, Json)| argument(operation, given, types);
    let list = |places: &[Place]| Value::from(at(places).into_iter().map(argument).collect::<Vec<_>>());
    view! {
        segments: list(&[Place::Path]),
        keywords: list(&[Place::Query, Place::Header, Place::Cookie, Place::Field, Place::Body]),
        params: params(operation, keywords, &given, types),
        reply: reply(operation, types, language),
    }
}

/// An argument of an example call.
pub fn argument(operation: &Operation, (keyword, value): &(&Keyword<'_>, Json), types: &Types<'_>) -> Value {
    view! {
        name: Code(keyword.name.clone()),
        wire: keyword.wire.to_owned(),
        key: code(&fields::key(types, keyword.wire)),
        literal: Code(argument_literal(operation, keyword, value, types)),
        value: Value::from(Serde(value)),
        is_file: is_file(keyword, operation),
        is_list: matches!(keyword.of.not_null(), Type::List(_)),
    }
}

/// An example of an argument: a file where one is sent.
fn argument_literal(operation: &Operation, keyword: &Keyword<'_>, value: &Json, types: &Types<'_>) -> String {
    let language = types.language;
    let form = language.types.examples.get("file").filter(|_| is_file(keyword, operation));
    let Some(form) = form else { return typed(language, types, keyword.of, value) };
    let file = form.replace("{}", &encode::string(language, "content"));
    let [open, close] = &language.values.list;
    if matches!(keyword.of.not_null(), Type::List(_)) { format!("{open}{file}{close}") } else { file }
}

/// The one object of all keywords, where the language takes them so; None where it can be left out.
pub fn params(
    operation: &Operation,
    keywords: &Keywords<'_>,
    given: &[(&Keyword<'_>, Json)],
    types: &Types<'_>,
) -> Value {
    let literal = |(keyword, value): &(&Keyword<'_>, Json)| argument_literal(operation, keyword, value, types);
    let mut kept = given.iter().filter(|(keyword, _)| keyword.place != Place::Path).peekable();
    if keywords.body_type().is_some()
        && let Some(only) = kept.next_if(|(keyword, _)| keyword.place == Place::Body)
    {
        return code(&literal(only));
    }
    if kept.peek().is_none()
        && !keywords.has_required()
        && keywords.body_type().is_none_or(|_| operation.body.as_ref().is_none_or(|body| !body.required))
    {
        return Value::from(());
    }
    let members: Vec<String> =
        kept.map(|given| format!("{}: {}", fields::key(types, &given.0.property), literal(given))).collect();
    let [open, close] = &types.language.values.map;
    code(&format!("{open}{}{close}", members.join(", ")))
}

/// A value as the language writes it for a type: `date.fromisoformat("2024-01-31")`.
pub fn typed(language: &Language, types: &Types<'_>, of: &Type, value: &Json) -> String {
    let plain = encode::value(language, value);
    let values = &language.values;
    match (of.not_null(), value) {
        (_, Json::Null) => plain,
        (Type::List(item), Json::Array(items)) => {
            let items: Vec<String> = items.iter().map(|each| typed(language, types, item, each)).collect();
            format!("{}{}{}", values.list[0], items.join(", "), values.list[1])
        }
        (Type::Map(inner), Json::Object(entries)) => object(language, entries, |_| Some(inner.as_ref()), types),
        (Type::Named(name), value) => match (types.service.types.get(name).map(|found| &found.shape), value) {
            (Some(Shape::Record { fields, .. }), Json::Object(entries)) => object(
                language,
                entries,
                |key| fields.iter().find(|field| field.name == key).map(|field| &field.of),
                types,
            ),
            (Some(Shape::Alias(inner)), value) => typed(language, types, inner, value),
            (Some(Shape::Union { variants, .. }), value) => variant(language, types, variants, value).unwrap_or(plain),
            _ => plain,
        },
        (Type::Union(variants), value) => variant(language, types, variants, value).unwrap_or(plain),
        (plain_type, _) => match language.types.examples.get(&plain_type.to_string()) {
            Some(form) => form.replace("{}", &plain),
            None => plain,
        },
    }
}

/// A value as the language writes it for the first of `variants` that allows it.
fn variant(language: &Language, types: &Types<'_>, variants: &[Type], value: &Json) -> Option<String> {
    let examples = [Direction::Sent, Direction::Received].map(|to| Examples::new(&types.service.types, to));
    let found = examples.iter().find_map(|all| variants.iter().find(|each| all.allows(each, value, 0)))?;
    Some(typed(language, types, found, value))
}

fn object<'t>(
    language: &Language,
    entries: &Map<String, Json>,
    of: impl Fn(&str) -> Option<&'t Type>,
    types: &Types<'_>,
) -> String {
    let one = |(key, value): (&String, &Json)| {
        let value = of(key).map_or_else(|| encode::value(language, value), |of| typed(language, types, of, value));
        format!("{}: {value}", encode::key(language, key))
    };
    let [open, close] = &language.values.map;
    format!("{open}{}{close}", entries.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn fits(examples: &Examples<'_>, keyword: &Keyword<'_>) -> bool {
    keyword.example.is_some_and(|example| examples.allows(keyword.of.not_null(), example, 0))
}

fn is_file(keyword: &Keyword<'_>, operation: &Operation) -> bool {
    let bytes = |of: &Type| *of.not_null() == Type::Bytes;
    (bytes(keyword.of) || matches!(keyword.of.not_null(), Type::List(item) if bytes(item)))
        && operation.body.as_ref().is_some_and(|body| matches!(body.encoding, Encoding::Multipart | Encoding::Bytes))
}

fn reply(operation: &Operation, types: &Types<'_>, language: &Language) -> Value {
    let status: u16 = operation.reply.status.parse().unwrap_or(200);
    let status = if (200..300).contains(&status) { status } else { 200 };
    let received = Examples::new(&types.service.types, Direction::Received);
    let Some((name, value)) = example_of(operation, types, &received) else {
        return view! { status: if operation.reply.content.is_none() && status == 200 { 204 } else { status }, name: (), check: () };
    };
    let check = operation.reply.content.as_ref().and_then(|content| check(&content.of, &value, types, language));
    view! { status: status, constant: code(&constant(types, &name)), name: name, value: Value::from(Serde(&value)), count: count(operation, &value), check: check.unwrap_or(Value::from(())) }
}

/// How many items an example list has.
fn count(operation: &Operation, value: &Json) -> usize {
    match operation.pagination.as_ref() {
        Some(pagination) => items(pagination, value).len(),
        None => value.as_array().map_or(0, Vec::len),
    }
}

/// The items of an example page.
pub fn items<'v>(pagination: &Pagination, value: &'v Json) -> &'v [Json] {
    let list = pagination.items().map_or(Some(value), |field| value.get(field));
    list.and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// A field of a received record that shows it was read: its name and the value it has.
fn check(of: &Type, value: &Json, types: &Types<'_>, language: &Language) -> Option<Value> {
    let Type::Named(name) = of.not_null() else { return None };
    let Shape::Record { fields, .. } = &types.service.types.get(name)?.shape else { return None };
    let names = super::definitions::field_names(types, fields);
    let is_there = |field: &Field| value.get(&field.name).is_some_and(|value| !value.is_null());
    let pick = |wanted: fn(&Type) -> bool| {
        fields.iter().zip(&names).find(|(field, _)| wanted(field.of.not_null()) && is_there(field))
    };
    let found = pick(|of| matches!(of, Type::Text))
        .or_else(|| pick(|of| matches!(of, Type::Integer | Type::Boolean | Type::Literal { .. })));
    let (field, name) = found.map(|(field, name)| (field, name.clone()))?;
    let shown = value.get(&field.name)?;
    let literal = encode::value(language, shown);
    Some(
        view! { name: Code(name), key: code(&fields::key(types, &field.name)), literal: Code(literal), is_flag: shown.is_boolean() },
    )
}

/// The item of a list that an operation pages through.
pub fn item_of(operation: &Operation, types: &Types<'_>) -> Option<Type> {
    let of = &operation.reply.content.as_ref()?.of;
    fields::item_type(of, operation.pagination.as_ref()?.items(), types)
}

/// The constant that holds an example: its own name where a type of few letters is spelled alike.
fn constant(types: &Types<'_>, name: &str) -> String {
    let constant = spell(types.language, Role::Constant, name);
    if types.is_name(&constant) { format!("{constant}_REPLY") } else { constant }
}

/// The example replies of all operations, one file a resource.
pub fn examples(surface: &Operations, resources: &[(&str, &str)], types: &Types<'_>) -> Value {
    let received = Examples::new(&types.service.types, Direction::Received);
    let files = resources.iter().map(|(group, module)| {
        let (mut replies, mut constants) = (Map::new(), IndexMap::new());
        let mut names: BTreeSet<String> = BTreeSet::new();
        for operation in surface.operations.iter().filter(|operation| operation.group == *group) {
            let (Some((name, value)), Some(content)) =
                (example_of(operation, types, &received), &operation.reply.content)
            else {
                continue;
            };
            let constant = constant(types, &name);
            if !constants.contains_key(&constant) {
                let of = if value.is_null() { &content.of } else { content.of.not_null() };
                let expression = types.express(of, Direction::Received);
                let literal = typed(types.language, types, &content.of, &value);
                names.extend(expression.names);
                constants.insert(
                    constant.clone(),
                    view! { name: Code(constant), type: Code(expression.code), literal: Code(literal) },
                );
            }
            replies.entry(name).or_insert(value);
        }
        view! {
            module: Code((*module).to_owned()),
            resource: (*group).to_owned(),
            constants: Value::from(constants.into_values().collect::<Vec<_>>()),
            names: names.iter().map(|name| code(name)).collect::<Vec<_>>(),
            replies: Value::from(Serde(Json::Object(replies))),
        }
    });
    Value::from(files.collect::<Vec<_>>())
}

/// The name of an operation's example reply, and the reply; None where it is no JSON.
pub fn example_of(operation: &Operation, types: &Types<'_>, received: &Examples<'_>) -> Option<(String, Json)> {
    let content = operation.reply.content.as_ref().filter(|content| content.encoding == Encoding::Json)?;
    let mut value = received.of(&content.of, content.example.as_ref());
    if operation.pagination.is_some() {
        one_page(operation, &mut value);
        return Some((format!("{} {}", operation.group, operation.name).trim().to_owned(), value));
    }
    let name = match content.of.not_null() {
        Type::Named(name) if content.example.is_none() => types.name(name, Direction::Received).to_owned(),
        _ => format!("{} {}", operation.group, operation.name).trim().to_owned(),
    };
    Some((name, value))
}

/// Changes an example page so that it is the last one, as its kind of pagination tells it.
fn one_page(operation: &Operation, value: &mut Json) {
    match operation.pagination.as_ref() {
        Some(Pagination::Cursor { next, .. } | Pagination::Url { next, .. }) => {
            let mut at = Some(value);
            for part in next {
                at = at.and_then(|value| value.get_mut(part));
            }
            if let Some(cursor) = at {
                *cursor = Json::from("");
            }
        }
        Some(Pagination::After { more, .. }) => {
            if let Some(more) = value.get_mut(more) {
                *more = Json::Bool(false);
            }
        }
        _ => {}
    }
}

/// The operations on which failures are tried: one that reads, one that writes, one that is paged.
pub fn failures(resources: &[Value]) -> Value {
    let mut all = Vec::new();
    for resource in resources {
        let operations = resource.get_attr("operations").ok().and_then(|operations| operations.try_iter().ok());
        for operation in operations.into_iter().flatten() {
            all.push((resource.clone(), operation));
        }
    }
    let text = |value: &Value, key: &str| value.get_attr(key).map(|found| found.to_string()).unwrap_or_default();
    let flag = |value: &Value, key: &str| value.get_attr(key).is_ok_and(|found| found.is_true());
    let reply = |operation: &Value| operation.get_attr("reply").unwrap_or_default();
    let json = |operation: &Value| text(&reply(operation), "kind") == "json";
    let find = |wanted: &dyn Fn(&Value) -> bool| {
        let found = all.iter().find(|(_, operation)| wanted(operation));
        found.map_or(
            Value::from(()),
            |(resource, operation)| view! { resource: resource.clone(), op: operation.clone() },
        )
    };
    let read = find(&|operation| {
        text(operation, "method") == "GET"
            && json(operation)
            && !flag(operation, "pages")
            && flag(&reply(operation), "is_model")
    });
    let write = find(&|operation| {
        matches!(text(operation, "method").as_str(), "POST" | "PATCH") && !flag(operation, "idempotency_header")
    });
    let keyed = find(&|operation| flag(operation, "idempotency_header"));
    let token = find(&|operation| {
        flag(operation, "takes_token")
            && json(operation)
            && !flag(operation, "pages")
            && flag(&reply(operation), "is_model")
    });
    let locked = find(&|operation| flag(operation, "needs_credentials") && !flag(operation, "pages"));
    if !read.is_true() && !write.is_true() {
        return Value::from(());
    }
    view! { read: read, write: write, keyed: keyed, token: token, locked: locked }
}
