//! A message of each kind for tests and documentation: as the language writes it, and as it goes over the wire.

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::Value as Json;

use super::messages::{Messages, direction};
use super::topology::Spot;
use crate::model::channels::{Action, AddressParameter, Channel, Message};
use crate::model::types::{Shape, Type};
use crate::render::encode;
use crate::render::example::{Direction, Examples};
use crate::render::view::types::Types;
use crate::render::view::{code, tests};
use crate::view;

/// Words of which one is no part of any given text.
const OTHERS: [&str; 2] = ["other", "0"];

/// A sample of a message in one direction.
pub fn view(messages: &Messages<'_>, message: &Message, action: Action) -> Value {
    let payload = messages.named.payload(message);
    let given = |pick: fn(&crate::model::channels::Example) -> Option<&Json>| message.examples.iter().find_map(pick);
    let given_payload = match message.payload {
        Type::Nothing => Some(&Json::Null),
        _ => given(|example| example.payload.as_ref()),
    };
    let payload = sample(messages, payload, given_payload, action);
    let headers = messages.named.headers(message);
    let headers = headers.map(|of| sample(messages, of, given(|example| example.headers.as_ref()), action));
    view! { payload: payload, headers: headers.unwrap_or(Value::from(())) }
}

fn sample(messages: &Messages<'_>, of: &Type, given: Option<&Json>, action: Action) -> Value {
    let types = &messages.types;
    let value = Examples::new(&messages.named.service.types, direction(action)).of(of, given);
    let wire = on_wire(types, of, &value);
    view! {
        literal: code(&tests::typed(types.language, types, of, &value)),
        wire: code(&encode::value(types.language, &wire)),
        json: Value::from(Serde(&wire)),
        is_object: wire.is_object(),
    }
}

/// An example as the language's own values come out of it again: a moment in UTC ends in `Z`, where moments are decoded.
fn on_wire(types: &Types<'_>, of: &Type, value: &Json) -> Json {
    let is_decoded = types.language.types.examples.contains_key("datetime");
    match (of.not_null(), value) {
        (Type::DateTime, Json::String(text)) if is_decoded => Json::from(text.replace("+00:00", "Z")),
        (Type::List(item), Json::Array(items)) => items.iter().map(|each| on_wire(types, item, each)).collect(),
        (Type::Map(inner), Json::Object(entries)) => {
            entries.iter().map(|(key, each)| (key.clone(), on_wire(types, inner, each))).collect()
        }
        (Type::Union(variants), value) => {
            variant(types, variants, value).map_or(value.clone(), |of| on_wire(types, of, value))
        }
        (Type::Named(name), value) => match (types.service.types.get(name).map(|found| &found.shape), value) {
            (Some(Shape::Alias(inner)), value) => on_wire(types, inner, value),
            (Some(Shape::Union { variants, .. }), value) => {
                variant(types, variants, value).map_or(value.clone(), |of| on_wire(types, of, value))
            }
            (Some(Shape::Record { fields, .. }), Json::Object(entries)) => {
                let of = |key: &str| fields.iter().find(|field| field.name == key).map(|field| &field.of);
                let one = |(key, each): (&String, &Json)| {
                    (key.clone(), of(key).map_or(each.clone(), |of| on_wire(types, of, each)))
                };
                entries.iter().map(one).collect()
            }
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

fn variant<'t>(types: &Types<'_>, variants: &'t [Type], value: &Json) -> Option<&'t Type> {
    let examples = Examples::new(&types.service.types, Direction::Sent);
    variants.iter().find(|of| examples.allows(of, value, 0))
}

/// The routing key of a sample: every parameter has its example.
pub fn key(channel: &Channel, spot: &Spot) -> String {
    let mut key = spot.address.clone();
    for (parameter, name) in channel.parameters.iter().zip(&spot.parameters) {
        key = key.replace(&format!("{{{name}}}"), &of_parameter(parameter));
    }
    key
}

/// A routing key that the queue of a channel gets and that does not fit its address; None where there is none.
pub fn other_key(channel: &Channel) -> Option<String> {
    let key = channel.routing_key(&vec![""; channel.parameters.len()]);
    let one = |word: &str| match word.split_once("{}") {
        Some(("", "")) => "a1".to_owned(),
        Some((before, after)) => {
            let text = if before.is_empty() { after } else { before };
            OTHERS.iter().find(|other| !other.contains(text)).map_or_else(String::new, |other| (*other).to_owned())
        }
        None => word.to_owned(),
    };
    channel.is_bound_wider().then(|| key.split('.').map(one).collect::<Vec<_>>().join("."))
}

/// A value that a parameter may have: one word of a routing key.
pub fn of_parameter(parameter: &AddressParameter) -> String {
    let known = match &parameter.of {
        Type::Literal { values, .. } => values.iter().filter_map(Json::as_str).find(|value| is_word(value)),
        _ => None,
    };
    known.map_or_else(|| "a1".to_owned(), str::to_owned)
}

fn is_word(value: &str) -> bool {
    !value.is_empty() && !value.contains(['.', '*', '#', '{', '}']) && !value.contains(char::is_whitespace)
}
