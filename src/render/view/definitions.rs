//! One type of a service as the file of types declares it.

use minijinja::Value;

use super::fields::key;
use super::types::{Key, Types};
use super::{code, docs};
use crate::model::types::{Discriminator, Field, Shape, Type};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::language::Case;
use crate::render::names::{Role, Scope};
use crate::view;

/// The declarations of a file: records first, then what is built of them, each after what it names.
pub fn ordered(types: &Types<'_>, keys: &[Key]) -> Vec<(String, Value)> {
    let is_record = |key: &&Key| matches!(types.service.types[&key.0].shape, Shape::Record { .. });
    let mut order: Vec<&Key> = keys.iter().filter(is_record).collect();
    let mut open: Vec<&Key> = keys.iter().filter(|key| !is_record(key)).collect();
    // What an alias names must stand before it; a circle of aliases is cut where it is found.
    while !open.is_empty() {
        let waits = |key: &&Key| {
            let mut waits = false;
            types.service.types[&key.0].shape.types().for_each(|of| {
                of.names(&mut |name| waits |= open.iter().any(|other| other.0 == name && other.0 != key.0));
            });
            waits
        };
        let next = open.iter().position(|key| !waits(key)).unwrap_or_default();
        order.push(open.remove(next));
    }
    order.into_iter().map(|key| (types.name(&key.0, key.1).to_owned(), view(types, key))).collect()
}

/// The declaration of a type in one direction.
pub fn view(types: &Types<'_>, (name, direction): &Key) -> Value {
    let definition = &types.service.types[name];
    let (kind, details) = match &definition.shape {
        Shape::Record { fields, additional } => ("record", record(types, fields, additional.as_ref(), *direction)),
        Shape::Union { variants, discriminator } => {
            ("union", union(types, variants, discriminator.as_ref(), *direction))
        }
        Shape::Alias(of) => ("alias", alias(types, of, *direction)),
    };
    let spelled = types.name(name, *direction).to_owned();
    view! {
        name: Code(spelled.clone()),
        name_literal: code(&crate::render::encode::string(types.language, &spelled)),
        wire: name.clone(),
        kind: kind,
        is_sent: *direction == Direction::Sent && types.is_split(name),
        description: docs::sentence(&docs::paragraph(&definition.description)),
        sentence: sentence(name, &definition.description),
        deprecated: definition.deprecated,
        details: details,
    }
}

/// What is said of a type: the source's own words, or where it stands.
fn sentence(name: &str, description: &str) -> String {
    let said = docs::sentence(&docs::paragraph(description));
    if !said.is_empty() {
        return said;
    }
    match (name.rsplit_once('.'), name.rsplit_once(' ')) {
        (Some((parent, field)), _) => format!("The field `{field}` of `{parent}`."),
        (None, Some((of, part @ ("reply" | "body" | "form")))) => format!("The {part} of `{of}`."),
        _ => format!("The type `{name}`."),
    }
}

fn record(types: &Types<'_>, fields: &[Field], additional: Option<&Type>, direction: Direction) -> Value {
    let spelled = field_names(types, fields);
    let kept = fields.iter().zip(spelled).filter(|(field, _)| direction.has(field));
    let views: Vec<Value> = kept.map(|(field, name)| self::field(types, field, &name, direction)).collect();
    let names = &types.language.names;
    let is_free = |name: &String| !names.reserved.contains(name) || names.reserved_but_as_keys.contains(name);
    let names_differ = names.field != Case::Wire;
    let plain =
        fields.iter().all(|field| key(types, &field.name) == field.name && (!names_differ || is_free(&field.name)));
    let additional = additional.map_or(Value::from(()), |of| code(&types.express(of, direction).code));
    view! { fields: views, additional: additional, has_plain_keys: plain }
}

fn field(types: &Types<'_>, field: &Field, name: &str, direction: Direction) -> Value {
    let expression = types.express(field.of.not_null(), direction);
    let is_nullable = matches!(field.of, Type::Nullable(_));
    let taken = key(types, &field.name).chars().count() + 6 - usize::from(field.required);
    let full = types.express(&field.of, direction);
    let declared = types.or_inherited(&expression.code, &field.name, field.required);
    view! {
        name: Code(name.to_owned()),
        wire: field.name.clone(),
        key: code(&key(types, &field.name)),
        is_same: name == field.name,
        type: Code(expression.code.clone()),
        quoted: code(&crate::render::encode::string(types.language, &if field.required { full.code.clone() } else { format!("NotRequired[{}]", full.code) })),
        full: Code(full.code),
        declared: Code(if is_nullable { types.nullable(&declared, taken) } else { declared }),
        nullable: is_nullable || field.of == Type::Nothing,
        required: field.required,
        description: docs::value(&field.description, None, None),
        details: docs::value(&field.description, field.example.as_ref(), field.default.as_ref()),
        deprecated: field.deprecated,
    }
}

fn union(types: &Types<'_>, variants: &[Type], discriminator: Option<&Discriminator>, direction: Direction) -> Value {
    let whole = types.express(&Type::Union(variants.to_vec()), direction);
    let all_records = variants.iter().all(|variant| types.is_record(variant));
    let tagged = discriminator.filter(|_| all_records).map_or(Value::from(()), |discriminator| {
        let tags: Vec<Value> = discriminator.mapping.iter().map(|(tag, name)| view! { tag: tag.clone(), type: code(types.name(name, direction)) }).collect();
        view! { field: discriminator.field.clone(), name: Code(tag_name(types, discriminator)), key: code(&key(types, &discriminator.field)), tags: tags }
    });
    let variants: Vec<Value> = variants.iter().map(|variant| code(&types.express(variant, direction).code)).collect();
    view! { variants: variants, type: Code(whole.code), discriminator: tagged }
}

/// The name of the field that tells variants apart, as their records spell it.
fn tag_name(types: &Types<'_>, discriminator: &Discriminator) -> String {
    let records = discriminator.mapping.iter().filter_map(|(_, name)| match &types.service.types.get(name)?.shape {
        Shape::Record { fields, .. } => Some(fields),
        _ => None,
    });
    let mut spelled = records.filter_map(|fields| {
        let at = fields.iter().position(|field| field.name == discriminator.field)?;
        field_names(types, fields).into_iter().nth(at)
    });
    spelled.next().unwrap_or_else(|| discriminator.field.clone())
}

fn alias(types: &Types<'_>, of: &Type, direction: Direction) -> Value {
    let is_enum = matches!(of.not_null(), Type::Literal { .. });
    view! { type: Code(types.express(of, direction).code), is_enum: is_enum }
}

/// The names of a record's fields, in their order.
pub fn field_names(types: &Types<'_>, fields: &[Field]) -> Vec<String> {
    let wires: Vec<&String> = fields.iter().map(|field| &field.name).collect();
    Scope::default().all(types.language, Role::Field, &wires)
}
