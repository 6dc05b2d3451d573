//! Types → the same, each with a value that ends: a record that always holds itself has none, and no test could make one.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::schema::Types;
use crate::model::ledger::Reason;
use crate::model::types::{Field, Shape, Type, TypeDefinition};

/// Makes the required fields optional that no value could fill, and notes each at its record.
pub fn end(types: &mut Types<'_>) {
    let mut ending = HashSet::new();
    grow(&mut ending, &types.found);
    while let Some(at) = types.found.iter().position(|(name, found)| !ending.contains(name) && is_record(found)) {
        let (name, found) = types.found.get_index_mut(at).expect("a place that was just found");
        let name = name.clone();
        for field in endless(&mut found.shape, &ending) {
            field.required = false;
            types.notes.entry(name.clone()).or_default().push(Reason {
                what: format!("`{}` is required and never ends; it is optional here", field.name),
                place: field.origin.place(),
            });
        }
        grow(&mut ending, &types.found);
    }
}

/// Adds the types that have a value made of those known so far, until there are no more. Types come before what they
/// need, so few rounds do.
fn grow(ending: &mut HashSet<String>, types: &IndexMap<String, TypeDefinition>) {
    loop {
        let before = ending.len();
        for (name, found) in types.iter().rev() {
            if !ending.contains(name) && shape_ends(&found.shape, ending) {
                ending.insert(name.clone());
            }
        }
        if ending.len() == before {
            return;
        }
    }
}

fn is_record(found: &TypeDefinition) -> bool {
    matches!(found.shape, Shape::Record { .. })
}

fn endless<'t>(shape: &'t mut Shape, ending: &HashSet<String>) -> Vec<&'t mut Field> {
    let Shape::Record { fields, .. } = shape else { return Vec::new() };
    fields.iter_mut().filter(|field| field.required && !ends(&field.of, ending)).collect()
}

fn shape_ends(shape: &Shape, ending: &HashSet<String>) -> bool {
    match shape {
        Shape::Record { fields, .. } => fields.iter().all(|field| !field.required || ends(&field.of, ending)),
        Shape::Union { variants, .. } => variants.iter().any(|variant| ends(variant, ending)),
        Shape::Alias(of) => ends(of, ending),
    }
}

fn ends(of: &Type, ending: &HashSet<String>) -> bool {
    match of {
        Type::Named(name) => ending.contains(name),
        Type::Union(variants) => variants.iter().any(|variant| ends(variant, ending)),
        _ => true,
    }
}
