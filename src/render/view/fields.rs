//! The fields of a record: how the language names and reads them, and which of a reply hold its items and their total.

use minijinja::Value;
use minijinja::value::merge_maps;

use super::definitions;
use super::types::Types;
use crate::model::types::{Field, Shape, Type};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::view;

/// A property's key as the language writes it in a literal or an interface: bare where it is an identifier.
pub fn key(types: &Types<'_>, wire: &str) -> String {
    let bare = wire.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && wire.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_plain = bare && !types.language.values.keys.contains_key(wire);
    if is_plain { wire.to_owned() } else { crate::render::encode::key(types.language, wire) }
}

/// The fields of a record.
pub fn record<'s>(of: &Type, types: &Types<'s>) -> Option<&'s [Field]> {
    let Type::Named(name) = of.not_null() else { return None };
    match &types.service.types.get(name)?.shape {
        Shape::Record { fields, .. } => Some(fields),
        Shape::Alias(inner) => record(inner, types),
        Shape::Union { .. } => None,
    }
}

/// The fields that every received record of the type has, by their names on the wire.
pub fn required_keys(of: &Type, types: &Types<'_>) -> Vec<Value> {
    let is_there = |field: &&Field| {
        field.required
            && Direction::Received.has(field)
            && !matches!(field.of, Type::Nullable(_) | Type::Json | Type::Nothing)
    };
    record(of, types).into_iter().flatten().filter(is_there).map(|field| Value::from(field.name.clone())).collect()
}

/// The variants of a union that nothing tells apart: whatever it is, it is one of them.
fn union<'s>(of: &Type, types: &Types<'s>) -> Option<&'s [Type]> {
    let Type::Named(name) = of.not_null() else { return None };
    match &types.service.types.get(name)?.shape {
        Shape::Union { variants, discriminator: None } if !variants.is_empty() => Some(variants),
        _ => None,
    }
}

/// The type of a list's items: of the reply itself, or of the field `path`.
pub fn item_type(reply: &Type, path: Option<&str>, types: &Types<'_>) -> Option<Type> {
    let list = match path {
        None => reply.clone(),
        Some(wire) => record(reply, types)?.iter().find(|field| field.name == wire)?.of.clone(),
    };
    match list.not_null() {
        Type::List(item) => Some((**item).clone()),
        _ => None,
    }
}

/// How a field of a received record is read.
pub fn field_access(of: &Type, wire: &str, types: &Types<'_>) -> Value {
    if let Some(variants) = union(of, types) {
        let found: Vec<Value> = variants.iter().map(|variant| field_access(variant, wire, types)).collect();
        let all = found.iter().all(|access| {
            access.is_true() && Some(access.get_attr("name").unwrap_or_default()) == found[0].get_attr("name").ok()
        });
        return if all { found.into_iter().next().unwrap_or_default() } else { Value::from(()) };
    }
    let Some(fields) = record(of, types) else { return Value::from(()) };
    let names = definitions::field_names(types, fields);
    let found = fields.iter().zip(names).find(|(field, _)| field.name == wire);
    found.map_or(Value::from(()), |(field, name)| {
        let key = key(types, wire);
        let is_nullable = matches!(field.of, Type::Nullable(_));
        let access = if key == wire { format!(".{key}") } else { format!("[{key}]") };
        let safely = if key == wire { format!("?.{key}") } else { format!("?.[{key}]") };
        view! { name: Code(name), key: Code(key), access: Code(access), safely: Code(safely), nullable: is_nullable, optional: !field.required || is_nullable, is_text: matches!(field.of.not_null(), Type::Text) }
    })
}

/// How a field in a record in a record is read: one access a step, each with the names up to there.
pub fn access_path(of: &Type, path: &[String], types: &Types<'_>) -> Value {
    let mut steps = Vec::new();
    let mut at = of.clone();
    let mut reached = String::new();
    for wire in path {
        let step = field_access(&at, wire, types);
        reached = format!("{reached}.{}", step.get_attr("name").unwrap_or_default());
        let so_far = view! { reached: Code(reached.trim_start_matches('.').to_owned()) };
        steps.push(if step.is_true() { merge_maps([so_far, step]) } else { step });
        let next = record(&at, types).and_then(|fields| fields.iter().find(|field| field.name == *wire));
        at = next.map_or(Type::Json, |field| field.of.clone());
    }
    Value::from(steps)
}

/// The type of a field in a record in a record, without null.
pub fn type_at(of: &Type, path: &[String], types: &Types<'_>) -> Option<Type> {
    let mut at = of.clone();
    for wire in path {
        at = record(&at, types)?.iter().find(|field| field.name == *wire)?.of.not_null().clone();
    }
    Some(at)
}

/// How the field is read in which a reply says how many items there are in all; no steps where it does not.
pub fn total(of: &Type, types: &Types<'_>) -> Value {
    total_path(of, types).map_or(Value::from(Vec::<Value>::new()), |path| access_path(of, &path, types))
}

/// Where a reply says how many items there are in all.
pub fn total_path(of: &Type, types: &Types<'_>) -> Option<Vec<String>> {
    const TOTALS: [&str; 4] = ["total", "totalcount", "totalresults", "totalitems"];
    let is_total = |field: &&Field| {
        TOTALS.contains(&crate::words::split(&field.name).concat().as_str()) && *field.of.not_null() == Type::Integer
    };
    let fields = record(of, types)?;
    if let Some(field) = fields.iter().find(is_total) {
        return Some(vec![field.name.clone()]);
    }
    fields.iter().find_map(|outer| {
        let found = record(&outer.of, types)?.iter().find(is_total)?;
        Some(vec![outer.name.clone(), found.name.clone()])
    })
}

/// Whether every value of the type is an object or a list of JSON.
pub fn is_object(of: &Type, types: &Types<'_>) -> bool {
    object_within(of, types, 16)
}

fn object_within(of: &Type, types: &Types<'_>, depth: usize) -> bool {
    match of {
        Type::List(_) | Type::Map(_) => true,
        Type::Union(variants) => depth > 0 && variants.iter().all(|variant| object_within(variant, types, depth - 1)),
        Type::Named(name) if depth > 0 => match types.service.types.get(name).map(|found| &found.shape) {
            Some(Shape::Record { .. }) => true,
            Some(Shape::Union { variants, .. }) => {
                variants.iter().all(|variant| object_within(variant, types, depth - 1))
            }
            Some(Shape::Alias(inner)) => object_within(inner, types, depth - 1),
            None => false,
        },
        _ => false,
    }
}
