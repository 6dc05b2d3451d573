//! The keywords of an operation as one object, `params`, for languages whose methods take it so: its type, and which of its
//! properties go where.

use minijinja::Value;

use super::fields::key;
use super::parameters::{Keyword, Keywords, Place};
use super::types::Types;
use super::{code, encoding_name};
use crate::model::operations::{Encoding, Operation};
use crate::model::types::{Shape, Type};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::view;

/// What stands for the properties that are not named one by one.
const RESTS: [&str; 3] = ["rest", "others", "remaining"];

/// The object that a method takes beside the path's parameters; `params` is the name of its own type.
pub fn view(operation: &Operation, keywords: &Keywords<'_>, params: &str, types: &Types<'_>) -> Value {
    if keywords.count() == 0 {
        return Value::from(());
    }
    let whole = keywords.body_type();
    let parts =
        if whole.is_some() { vec![part(&encoding_name_of(operation), code("params"), &[])] } else { Vec::new() };
    let (taken, rest, parts) =
        if whole.is_some() { (Vec::new(), Value::from(()), parts) } else { split(operation, keywords, types) };
    view! {
        type: Code(whole.map_or(params, |whole| whole.0).to_owned()),
        form: form(operation, keywords, types),
        is_own: whole.is_none(),
        taken: taken,
        rest: rest,
        parts: parts,
    }
}

/// Whether the object must be given: `required`, `defaulted` to an empty one, or `optional`.
fn form(operation: &Operation, keywords: &Keywords<'_>, types: &Types<'_>) -> &'static str {
    let is_optional = operation.body.as_ref().is_some_and(|body| !body.required);
    match keywords.body_type() {
        Some((_, of)) if is_optional && may_be_empty(of, types) => "defaulted",
        // Documents forget `required` on bodies that are of no use without their fields.
        Some((_, of)) if is_optional && !types.is_record(of) => "optional",
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
fn split(operation: &Operation, keywords: &Keywords<'_>, types: &Types<'_>) -> (Vec<Value>, Value, Vec<Value>) {
    let places: [(&[Place], String); 4] = [
        (&[Place::Query], "query".to_owned()),
        (&[Place::Header], "headers".to_owned()),
        (&[Place::Cookie], "cookies".to_owned()),
        (&[Place::Field, Place::Body], encoding_name_of(operation)),
    ];
    let at =
        |places: &[Place]| keywords.all.iter().filter(|keyword| places.contains(&keyword.place)).collect::<Vec<_>>();
    let used: Vec<(Vec<&Keyword<'_>>, String)> =
        places.iter().map(|(places, name)| (at(places), name.clone())).filter(|(all, _)| !all.is_empty()).collect();
    let stands_alone = |all: &[&Keyword<'_>]| {
        all.iter().all(|keyword| keyword.place != Place::Body && keyword.property == keyword.wire)
    };
    if let [(all, name)] = used.as_slice() {
        if stands_alone(all) {
            return (Vec::new(), Value::from(()), vec![part(name, code("params"), &[])]);
        }
        if let [only] = all.as_slice()
            && only.place == Place::Body
        {
            return (Vec::new(), Value::from(()), vec![part(name, code("params.body"), &[])]);
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
            parts.push(part(name, code(name_of_rest), &[]));
            continue;
        }
        let named = |keyword: &&Keyword<'_>, wire: &str| view! { key: code(&key(types, wire)), variable: Code(keyword.name.clone()), is_same: wire == keyword.name };
        taken.extend(all.iter().map(|keyword| named(keyword, &keyword.property)));
        let members: Vec<Value> = all.iter().map(|keyword| named(keyword, keyword.wire)).collect();
        parts.push(match all.as_slice() {
            [body] if body.place == Place::Body => part(name, code(&body.name), &[]),
            _ => part(name, Value::from(()), &members),
        });
    }
    (taken, rest_at.map_or(Value::from(()), |_| code(name_of_rest)), parts)
}

/// What goes into one field of the request: a value, or a record of members.
fn part(field: &str, value: Value, members: &[Value]) -> Value {
    view! { field: Code(field.to_owned()), is_form: field == "form", value: value, members: members.to_vec() }
}

/// The field of a request that takes the body.
fn encoding_name_of(operation: &Operation) -> String {
    operation.body.as_ref().map_or(String::new(), |body| match body.encoding {
        Encoding::Text | Encoding::Bytes => "raw".to_owned(),
        _ => encoding_name(body).to_owned(),
    })
}
