//! The keywords of an operation as one object, `params`, for languages whose methods take it so: its type, and which of its
//! properties go where.

use minijinja::Value;

use super::fields::key;
use super::keyword::{Keyword, Place};
use super::parameters::Keywords;
use super::types::Types;
use super::{code, encoding_name};
use crate::model::operations::{Encoding, Operation};
use crate::model::types::{Shape, Type};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::view;

/// The fields of a request, beside the one of its body.
const FIELDS: [(Place, &str); 3] = [(Place::Query, "query"), (Place::Header, "headers"), (Place::Cookie, "cookies")];

/// What stands for the properties that are not named one by one.
const RESTS: [&str; 3] = ["rest", "others", "remaining"];

/// The object that a method takes beside the path's parameters, and what goes into which part of the request; `params` is the
/// name of the object's own type.
pub fn view(operation: &Operation, keywords: &Keywords<'_>, params: &str, types: &Types<'_>) -> (Value, Value) {
    let whole = keywords.body_type();
    let Split { taken, rest, mut parts } = match whole {
        Some(_) => Split::of(vec![Part::of(&body_field(operation), code("params"))]),
        None => split(operation, keywords, types),
    };
    add_fixed(&mut parts, keywords, types);
    let arguments = view! {
        type: Code(whole.map_or(params, |whole| whole.0).to_owned()),
        form: form(operation, keywords, types),
        is_own: whole.is_none(),
        taken: taken,
        rest: rest,
    };
    let arguments = if keywords.count() == 0 { Value::from(()) } else { arguments };
    (arguments, Value::from(parts.into_iter().map(Part::view).collect::<Vec<_>>()))
}

/// Whether the object must be given: `required`, `defaulted` to an empty one, or `optional`.
fn form(operation: &Operation, keywords: &Keywords<'_>, types: &Types<'_>) -> &'static str {
    let is_optional = operation.body.as_ref().is_some_and(|body| !body.required);
    match keywords.body_type() {
        Some((_, of)) if is_optional && may_be_empty(of, types) => "defaulted",
        // Documents forget `required` on bodies that are of no use without their fields.
        Some(_) if is_optional && !keywords.has_required() => "optional",
        Some(_) => "required",
        None if keywords.has_required() => "required",
        None => "defaulted",
    }
}

/// Whether `{}` is a value of the type.
fn may_be_empty(of: &Type, types: &Types<'_>) -> bool {
    let Type::Named(name) = of.not_null() else { return matches!(of, Type::Map(_)) };
    match types.service.types.get(name).map(|found| &found.shape) {
        Some(Shape::Record { fields, .. }) => fields.iter().all(|field| !field.required || !Direction::Sent.has(field)),
        _ => false,
    }
}

/// Which properties of `params` are named, what stands for the others, and what goes where.
struct Split {
    taken: Vec<Value>,
    rest: Value,
    parts: Vec<Part>,
}

impl Split {
    /// No property is named.
    fn of(parts: Vec<Part>) -> Self {
        Self { taken: Vec::new(), rest: Value::from(()), parts }
    }
}

/// What goes into one field of the request: a value, or a record of members; before either what is fixed.
struct Part {
    field: String,
    value: Value,
    members: Vec<Value>,
    fixed: Vec<Value>,
}

impl Part {
    fn of(field: &str, value: Value) -> Self {
        Self { field: field.to_owned(), value, members: Vec::new(), fixed: Vec::new() }
    }

    fn view(self) -> Value {
        view! { is_form: self.field == "form", field: Code(self.field), value: self.value, members: self.members, fixed: self.fixed }
    }
}

fn split(operation: &Operation, keywords: &Keywords<'_>, types: &Types<'_>) -> Split {
    let body = [Place::Field, Place::Body];
    let places = FIELDS.iter().map(|(place, name)| (std::slice::from_ref(place), (*name).to_owned()));
    let places = places.chain([(&body[..], body_field(operation))]);
    let at =
        |places: &[Place]| keywords.all.iter().filter(|keyword| places.contains(&keyword.place)).collect::<Vec<_>>();
    let used: Vec<(Vec<&Keyword<'_>>, String)> =
        places.map(|(places, name)| (at(places), name)).filter(|(all, _)| !all.is_empty()).collect();
    let stands_alone = |all: &[&Keyword<'_>]| {
        all.iter().all(|keyword| keyword.place != Place::Body && keyword.property == keyword.wire)
    };
    if let [(all, name)] = used.as_slice() {
        if stands_alone(all) {
            return Split::of(vec![Part::of(name, code("params"))]);
        }
        if let [only] = all.as_slice()
            && only.place == Place::Body
        {
            return Split::of(vec![Part::of(name, code("params.body"))]);
        }
    }
    let rest_at = used
        .iter()
        .enumerate()
        .filter(|(_, (all, _))| stands_alone(all))
        .max_by_key(|(at, (all, _))| (all.len(), *at))
        .map(|(at, _)| at);
    let name_of_rest =
        RESTS.into_iter().find(|rest| keywords.all.iter().all(|keyword| keyword.name != *rest)).unwrap_or(RESTS[0]);
    let mut taken = Vec::new();
    let mut parts = Vec::new();
    for (at, (all, name)) in used.iter().enumerate() {
        if Some(at) == rest_at {
            parts.push(Part::of(name, code(name_of_rest)));
            continue;
        }
        let named = |keyword: &&Keyword<'_>, wire: &str| view! { key: code(&key(types, wire)), variable: Code(keyword.name.clone()), is_same: wire == keyword.name };
        taken.extend(all.iter().map(|keyword| named(keyword, &keyword.property)));
        parts.push(match all.as_slice() {
            [body] if body.place == Place::Body => Part::of(name, code(&body.name)),
            _ => Part {
                members: all.iter().map(|keyword| named(keyword, keyword.wire)).collect(),
                ..Part::of(name, Value::from(()))
            },
        });
    }
    Split { taken, rest: rest_at.map_or(Value::from(()), |_| code(name_of_rest)), parts }
}

/// Puts what is always sent before what a caller gives.
fn add_fixed(parts: &mut Vec<Part>, keywords: &Keywords<'_>, types: &Types<'_>) {
    for (place, field) in FIELDS {
        let fixed: Vec<Value> = keywords.fixed_at(place).map(|one| one.view(types)).collect();
        match parts.iter_mut().find(|part| part.field == field) {
            Some(part) => part.fixed = fixed,
            None if fixed.is_empty() => {}
            None => parts.push(Part { fixed, ..Part::of(field, Value::from(())) }),
        }
    }
}

/// The field of a request that takes the body.
fn body_field(operation: &Operation) -> String {
    operation.body.as_ref().map_or(String::new(), |body| match body.encoding {
        Encoding::Text | Encoding::Bytes => "raw".to_owned(),
        _ => encoding_name(body).to_owned(),
    })
}
