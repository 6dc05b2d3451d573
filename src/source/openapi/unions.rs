//! Types → the same, with unions that a language can write: none is one of its own alternatives, and the field that tells
//! alternatives apart is always sent.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::schema::Types;
use crate::model::ledger::Reason;
use crate::model::types::{Shape, Type, TypeDefinition};

/// Takes out of each union, and of each other name, what only leads back to it: it adds no value.
pub fn untangle(types: &mut Types<'_>) {
    let names: Vec<String> = types.found.keys().cloned().collect();
    for name in names {
        let leads_back = |of: &Type| leads_to(of, &name, &types.found, false, &mut HashSet::new());
        let shape = match &types.found[&name].shape {
            Shape::Union { variants, discriminator } if variants.iter().any(leads_back) => Shape::Union {
                variants: variants.iter().filter(|variant| !leads_back(variant)).cloned().collect(),
                discriminator: discriminator.clone(),
            },
            Shape::Alias(of) if leads_back(of) => Shape::Union { variants: Vec::new(), discriminator: None },
            _ => continue,
        };
        let shape = match shape {
            Shape::Union { variants, .. } if variants.is_empty() => {
                let what = "it is made of nothing but itself; any JSON is accepted".to_owned();
                let place = types.found[&name].origin.place();
                types.notes.entry(name.clone()).or_default().push(Reason { what, place });
                Shape::Alias(Type::Json)
            }
            shape => shape,
        };
        types.found[&name].shape = shape;
    }
}

/// Reads lists and maps that hold themselves, through other names than those of records, as ones of any JSON: not every
/// language can write such a type.
pub fn cut_lists(types: &mut Types<'_>) {
    let names: Vec<String> = types.found.keys().cloned().collect();
    for name in names {
        let mut shape = types.found[&name].shape.clone();
        let mut parts: Vec<&mut Type> = match &mut shape {
            Shape::Record { .. } => continue,
            Shape::Union { variants, .. } => variants.iter_mut().collect(),
            Shape::Alias(of) => vec![of],
        };
        if parts.iter_mut().map(|of| cut(of, &name, &types.found)).sum::<usize>() > 0 {
            let what = "a list or map that holds itself is read as any JSON".to_owned();
            let place = types.found[&name].origin.place();
            types.notes.entry(name.clone()).or_default().push(Reason { what, place });
            types.found[&name].shape = shape;
        }
    }
}

/// Makes what lists and maps inside of `of` hold any JSON where it holds `name` again; returns how many there were.
fn cut(of: &mut Type, name: &str, found: &IndexMap<String, TypeDefinition>) -> usize {
    match of {
        Type::List(item) | Type::Map(item) if leads_to(item, name, found, true, &mut HashSet::new()) => {
            **item = Type::Json;
            1
        }
        Type::Nullable(inner) => cut(inner, name, found),
        Type::Union(variants) => variants.iter_mut().map(|one| cut(one, name, found)).sum(),
        _ => 0,
    }
}

/// Whether a value of `of` may be one of `name`, through unions and other names; in `lists`, too, where they count.
fn leads_to(
    of: &Type,
    name: &str,
    found: &IndexMap<String, TypeDefinition>,
    lists: bool,
    seen: &mut HashSet<String>,
) -> bool {
    match of.not_null() {
        Type::Named(other) if other == name => true,
        Type::Named(other) if seen.insert(other.clone()) => match found.get(other).map(|found| &found.shape) {
            Some(Shape::Union { variants, .. }) => variants.iter().any(|of| leads_to(of, name, found, lists, seen)),
            Some(Shape::Alias(of)) => leads_to(of, name, found, lists, seen),
            _ => false,
        },
        Type::Union(variants) => variants.iter().any(|of| leads_to(of, name, found, lists, seen)),
        Type::List(inner) | Type::Map(inner) if lists => leads_to(inner, name, found, lists, seen),
        _ => false,
    }
}

/// Makes the fields that tell alternatives apart ones that are sent as well, whatever is said of them.
pub fn send_tags(types: &mut Types<'_>) {
    let mut tags: Vec<(String, String)> = Vec::new();
    for definition in types.found.values() {
        if let Shape::Union { discriminator: Some(told_by), .. } = &definition.shape {
            tags.extend(told_by.mapping.iter().map(|(_, variant)| (variant.clone(), told_by.field.clone())));
        }
    }
    for (variant, tag) in tags {
        if let Some(Shape::Record { fields, .. }) = types.found.get_mut(&variant).map(|found| &mut found.shape) {
            fields.iter_mut().filter(|field| field.name == tag).for_each(|field| field.read_only = false);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Surface;
    use crate::source::Filter;
    use crate::source::documents::{Documents, Place};
    use crate::source::tree::Tree;

    /// The types of a document with these schemas, of which `A` is sent.
    fn types(schemas: &str) -> (serde_json::Value, usize) {
        let text = format!(
            "openapi: 3.1.0\npaths:\n  /a:\n    post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}, responses: {{'204': {{}}}}}}\ncomponents:\n  schemas: {{{schemas}}}"
        );
        let documents = Documents::load(Tree::parse("a.yaml", text.as_bytes()).unwrap(), &Place::Elsewhere).unwrap();
        let service = crate::source::openapi::read(&documents, &Filter::default()).unwrap();
        assert!(matches!(&service.surface, Surface::Operations(surface) if surface.operations.len() == 1));
        (serde_json::to_value(&service.types).unwrap(), service.ledger.entries[0].reasons.len())
    }

    #[test]
    fn a_union_that_is_one_of_its_own_alternatives_is_the_others() {
        let (types, reasons) = types(
            "A: {oneOf: [{$ref: '#/components/schemas/B'}]}, B: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}, {type: integer}]}",
        );
        assert!(!types.to_string().contains("\"B\",\"text\""), "{types}");
        assert_eq!(reasons, 0, "{types}");
    }

    #[test]
    fn a_list_that_holds_itself_through_a_union_is_any_json_and_says_so() {
        let (types, reasons) = types(
            "A: {oneOf: [{$ref: '#/components/schemas/B'}, {type: array, items: {$ref: '#/components/schemas/A'}}]}, B: {type: object, properties: {a: {type: array, items: {$ref: '#/components/schemas/A'}}}}",
        );
        assert!(types.to_string().contains("list<json>"), "{types}");
        assert_eq!(reasons, 1, "{types}");
    }

    #[test]
    fn a_type_that_is_nothing_but_itself_is_any_json_and_says_so() {
        let (types, reasons) =
            types("A: {anyOf: [{$ref: '#/components/schemas/B'}]}, B: {oneOf: [{$ref: '#/components/schemas/A'}]}");
        assert!(reasons > 0, "{types}");
    }

    #[test]
    fn the_field_that_tells_alternatives_apart_is_sent() {
        let one = |name: &str| {
            format!(
                "{name}: {{type: object, required: [kind], properties: {{kind: {{type: string, readOnly: true, enum: [{name}]}}}}}}"
            )
        };
        let union = "A: {oneOf: [{$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/D'}], discriminator: {propertyName: kind}}";
        let (types, _) = types(&format!("{union}, {}, {}", one("C"), one("D")));
        assert!(!types.to_string().contains("read_only"), "{types}");
    }
}
