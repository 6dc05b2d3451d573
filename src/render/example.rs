//! A value that a type allows, the same at each run: the source's own examples where they fit, made ones where not.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::model::types::{Discriminator, Field, Shape, Type, TypeDefinition};

/// Which way data goes: what a caller sends lacks read-only fields, what the service returns lacks write-only ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    Sent,
    Received,
}

impl Direction {
    pub fn has(self, field: &Field) -> bool {
        match self {
            Direction::Sent => !field.read_only,
            Direction::Received => !field.write_only,
        }
    }
}

/// The deepest records are filled with optional fields.
const MAX_DEPTH: usize = 6;

/// A record of at most so many fields is shown whole.
const SMALL: usize = 12;

/// Makes examples of the types of one service.
pub struct Examples<'s> {
    types: &'s IndexMap<String, TypeDefinition>,
    direction: Direction,
    /// Records have as little in them as they may, but something.
    slim: bool,
}

impl<'s> Examples<'s> {
    pub fn new(types: &'s IndexMap<String, TypeDefinition>, direction: Direction) -> Self {
        Self { types, direction, slim: false }
    }

    /// Makes the smallest examples that show every part.
    pub fn slim(types: &'s IndexMap<String, TypeDefinition>, direction: Direction) -> Self {
        Self { types, direction, slim: true }
    }

    /// An example of `of`; `given`, the source's own, is taken where the type allows it.
    pub fn of(&self, of: &Type, given: Option<&Value>) -> Value {
        given.filter(|given| self.allows(of, given, 0)).map_or_else(|| self.made(of, &mut Vec::new()), Clone::clone)
    }

    fn made(&self, of: &Type, inside: &mut Vec<String>) -> Value {
        match of {
            Type::Json => json!({}),
            Type::Nothing => Value::Null,
            Type::Text | Type::Bytes => json!("text"),
            Type::Boolean => json!(true),
            Type::Integer => json!(1),
            Type::Number => json!(1.5),
            Type::Decimal => json!("1.50"),
            Type::Date => json!("2024-01-31"),
            Type::DateTime if self.direction == Direction::Sent => json!("2024-01-31T12:00:00+00:00"),
            Type::DateTime => json!("2024-01-31T12:00:00Z"),
            Type::Time => json!("12:00:00"),
            Type::Uuid => json!("123e4567-e89b-42d3-a456-426614174000"),
            Type::Literal { values, .. } => values.first().cloned().unwrap_or(Value::Null),
            Type::List(item) if self.is_inside(item, inside) => json!([]),
            Type::List(item) => Value::Array(vec![self.made(item, inside)]),
            Type::Map(value) if self.is_inside(value, inside) => json!({}),
            Type::Map(value) => json!({ "key": self.made(value, inside) }),
            Type::Nullable(inner) if self.is_inside(inner, inside) => Value::Null,
            Type::Nullable(inner) => self.made(inner, inside),
            Type::Union(variants) => {
                self.first(variants, inside).map_or(Value::Null, |variant| self.made(variant, inside))
            }
            Type::Named(name) => self.named(name, inside),
        }
    }

    fn named(&self, name: &str, inside: &mut Vec<String>) -> Value {
        let Some(definition) = self.types.get(name) else { return json!({}) };
        inside.push(name.to_owned());
        let value = match &definition.shape {
            Shape::Alias(of) => self.made(of, inside),
            Shape::Record { fields, .. } => self.record(fields, inside),
            Shape::Union { variants, discriminator } => self.variant(variants, discriminator.as_ref(), inside),
        };
        inside.pop();
        value
    }

    fn record(&self, fields: &[Field], inside: &mut Vec<String>) -> Value {
        let wanted = fields.iter().filter(|field| self.direction.has(field));
        if self.slim {
            return self.slim_record(&wanted.collect::<Vec<_>>(), inside);
        }
        // Required fields, and near the top optional ones, all of a small record: tests stay readable.
        let all = inside.len() <= 1 && fields.len() <= SMALL;
        let kept = wanted.filter(|field| field.required || all || (inside.len() <= 2 && field.example.is_some()));
        self.object(kept.collect(), inside)
    }

    fn slim_record(&self, fields: &[&Field], inside: &mut Vec<String>) -> Value {
        let mut kept: Vec<&Field> = fields.iter().filter(|field| field.required).copied().collect();
        if kept.is_empty() {
            kept.extend(fields.iter().find(|field| !self.is_inside(&field.of, inside)));
        }
        self.object(kept, inside)
    }

    fn object(&self, fields: Vec<&Field>, inside: &mut Vec<String>) -> Value {
        let entries = fields.into_iter().map(|field| {
            let given = field.example.as_ref().filter(|given| self.allows(&field.of, given, 0));
            (field.name.clone(), given.cloned().unwrap_or_else(|| self.made(&field.of, inside)))
        });
        Value::Object(entries.collect::<Map<String, Value>>())
    }

    fn variant(&self, variants: &[Type], discriminator: Option<&Discriminator>, inside: &mut Vec<String>) -> Value {
        let Some(chosen) = self.first(variants, inside) else { return Value::Null };
        let mut value = self.made(chosen, inside);
        if let (Some(discriminator), Some(object), Type::Named(name)) = (discriminator, value.as_object_mut(), chosen)
            && let Some((tag, _)) = discriminator.mapping.iter().find(|(_, of)| of == name)
            && (self.direction == Direction::Received || self.declares(name, &discriminator.field))
        {
            object.insert(discriminator.field.clone(), json!(tag));
        }
        value
    }

    /// Whether a record has the field; a document may name one that its records lack.
    fn declares(&self, name: &str, field: &str) -> bool {
        match self.types.get(name).map(|definition| &definition.shape) {
            Some(Shape::Record { fields, .. }) => fields.iter().any(|known| known.name == field),
            _ => true,
        }
    }

    /// The first variant that does not lead back to where we are.
    fn first<'t>(&self, variants: &'t [Type], inside: &[String]) -> Option<&'t Type> {
        variants.iter().find(|variant| !self.is_inside(variant, inside)).or(variants.first())
    }

    fn is_inside(&self, of: &Type, inside: &[String]) -> bool {
        let mut found = inside.len() > MAX_DEPTH * 4;
        of.names(&mut |name| found |= inside.iter().any(|known| known == name));
        found
    }

    /// Whether `value` is one that `of` allows: strictly, so that every language's decoder takes it.
    pub fn allows(&self, of: &Type, value: &Value, depth: usize) -> bool {
        let text = |check: fn(&str) -> bool| value.as_str().is_some_and(check);
        match of {
            _ if depth > MAX_DEPTH * 4 => false,
            Type::Json => true,
            Type::Nothing => value.is_null(),
            Type::Text | Type::Bytes => value.is_string(),
            Type::Boolean => value.is_boolean(),
            Type::Integer => value.is_i64(),
            Type::Number => value.is_number(),
            Type::Decimal => text(is_decimal),
            Type::Date => text(is_date),
            // What is sent must come out of every language's own type of moments as it went in.
            Type::DateTime if self.direction == Direction::Sent => {
                text(|text| is_moment(text) && text.len() == 25 && text.ends_with("+00:00"))
            }
            Type::DateTime => text(is_moment),
            Type::Time if self.direction == Direction::Sent => {
                text(|text| text.len() == 8 && text.as_bytes()[2] == b':')
            }
            Type::Time => text(|text| text.len() >= 8 && text.as_bytes()[2] == b':'),
            Type::Uuid if self.direction == Direction::Sent => {
                text(|text| is_uuid(text) && text.to_lowercase() == text)
            }
            Type::Uuid => text(is_uuid),
            Type::Literal { values, .. } => values.contains(value),
            Type::List(item) => {
                value.as_array().is_some_and(|items| items.iter().all(|each| self.allows(item, each, depth + 1)))
            }
            Type::Map(inner) => {
                value.as_object().is_some_and(|map| map.values().all(|each| self.allows(inner, each, depth + 1)))
            }
            Type::Nullable(inner) => value.is_null() || self.allows(inner, value, depth + 1),
            Type::Union(variants) => variants.iter().any(|variant| self.allows(variant, value, depth + 1)),
            Type::Named(name) => {
                self.types.get(name).is_some_and(|definition| self.allows_shape(&definition.shape, value, depth + 1))
            }
        }
    }

    fn allows_shape(&self, shape: &Shape, value: &Value, depth: usize) -> bool {
        match shape {
            Shape::Alias(of) => self.allows(of, value, depth),
            Shape::Union { variants, discriminator: None } => {
                variants.iter().any(|variant| self.allows(variant, value, depth))
            }
            Shape::Union { discriminator: Some(discriminator), .. } => {
                let tag = value.get(&discriminator.field).and_then(Value::as_str);
                let chosen = discriminator.mapping.iter().find(|(known, _)| Some(known.as_str()) == tag);
                chosen.is_some_and(|(_, name)| self.allows(&Type::Named(name.clone()), value, depth))
            }
            Shape::Record { fields, additional } => {
                let Some(object) = value.as_object() else { return false };
                let known: HashSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
                let fits = |field: &Field| match object.get(&field.name) {
                    Some(value) => self.direction.has(field) && self.allows(&field.of, value, depth),
                    None => !field.required || !self.direction.has(field),
                };
                let strange = |key: &String, value: &Value| {
                    known.contains(key.as_str()) || additional.as_ref().is_some_and(|of| self.allows(of, value, depth))
                };
                fields.iter().all(fits) && object.iter().all(|(key, value)| strange(key, value))
            }
        }
    }
}

/// A decimal as every language writes it again: no exponent, no zeros in front.
fn is_decimal(text: &str) -> bool {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && is_digits(rest) && (whole == "0" || !whole.starts_with('0'))
}

fn is_date(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10
}

fn is_moment(text: &str) -> bool {
    text.len() >= 20 && text.parse::<jiff::Timestamp>().is_ok()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text
            .char_indices()
            .all(|(at, c)| if matches!(at, 8 | 13 | 18 | 23) { c == '-' } else { c.is_ascii_hexdigit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_tagged_as_the_one_it_is() {
        let origin = json!({"file": "a.yaml", "pointer": "", "line": 1, "column": 1});
        let field = |name: &str, of: &str| json!({"name": name, "type": of, "required": true, "origin": origin});
        let record = |fields: Vec<Value>| json!({"shape": {"record": {"fields": fields}}, "origin": origin});
        let nodes = json!({"variants": ["@Group", "@Leaf"], "discriminator": {"field": "kind", "mapping": [["group", "Group"], ["leaf", "Leaf"]]}});
        let types = json!({
            "Group": record(vec![field("kind", "text"), field("parts", "list<@Node>")]),
            "Leaf": record(vec![field("kind", "text")]),
            "Node": {"shape": {"union": nodes}, "origin": origin},
        });
        let types: IndexMap<String, TypeDefinition> = serde_json::from_value(types).unwrap();
        let made = Examples::new(&types, Direction::Received).of(&Type::Named("Group".to_owned()), None);
        assert_eq!(made["parts"][0], json!({"kind": "leaf"}));
    }
}
