//! Inheritance: a schema with a `discriminator`, and those that take it in with `allOf`. A value of it is one of theirs.

use std::collections::HashMap;

use super::schema::Types;
use crate::model::types::{Discriminator, Shape, Type, TypeDefinition};
use crate::source::documents::{Documents, Fault};
use crate::source::tree::Node;

/// The deepest line of descent read.
const MAX_DEPTH: usize = 16;

/// Schema → the named schemas that take it in.
pub type Children<'d> = HashMap<(usize, u32), Vec<(&'d str, Node<'d>)>>;

/// All that the document says of descent.
pub fn children<'d>(documents: &'d Documents) -> Children<'d> {
    let mut children = Children::new();
    let all = ["/components/schemas", "/definitions"].map(|at| documents.root().at(at));
    for (name, node) in all.into_iter().flatten().flat_map(Node::entries) {
        let parts = node.get("allOf").into_iter().flat_map(Node::items).filter(|part| part.get("$ref").is_some());
        let beside = Some(node).filter(|node| documents.extends(*node));
        for part in parts.chain(beside) {
            if let Ok(Some(parent)) = documents.target(part) {
                children.entry((documents.index_of(parent), parent.id())).or_default().push((name, node));
            }
        }
    }
    children
}

impl<'d> Types<'d> {
    /// The union that the record at `node` stands for, where others take it in and a field of it tells which one.
    pub(super) fn descent(&mut self, node: Node<'d>, name: &str) -> Result<Option<Shape>, Fault> {
        let Some(said) = node.get("discriminator") else { return Ok(None) };
        // Swagger 2.0 has the field's name alone.
        let Some(field) = said.get_text("propertyName").or_else(|| said.text()) else { return Ok(None) };
        let mut below = Vec::new();
        self.below(node, 0, &mut below);
        let declared: Vec<(&str, &str)> = said
            .get("mapping")
            .into_iter()
            .flat_map(Node::entries)
            .filter_map(|(tag, to)| Some((tag, to.text()?)))
            .collect();
        let tags_of = |of: &str| -> Vec<String> {
            let names = |to: &str| to.rsplit('/').next() == Some(of);
            declared.iter().filter(|(_, to)| names(to)).map(|(tag, _)| (*tag).to_owned()).collect()
        };
        let own = node.pointer().rsplit('/').next().map(&tags_of).unwrap_or_default();
        if below.is_empty() || (below.len() == 1 && own.is_empty()) {
            return Ok(None);
        }
        let (mut variants, mut mapping) = (Vec::new(), Vec::new());
        let mut take = |of: Type, tags: Vec<String>| {
            if let Type::Named(name) = &of {
                mapping.extend(tags.into_iter().map(|tag| (tag, name.clone())));
            }
            if !variants.contains(&of) {
                variants.push(of);
            }
        };
        for (short, child) in below {
            let of = self.schema(child, short)?.not_null().clone();
            let tags = [tags_of(short), self.tags(child, field)?].into_iter().find(|tags| tags.len() == 1);
            take(
                of,
                tags.unwrap_or_else(|| {
                    Some(tags_of(short)).filter(|tags| !tags.is_empty()).unwrap_or(vec![short.to_owned()])
                }),
            );
        }
        if !own.is_empty() {
            take(self.itself(node, name)?, own);
        }
        Ok(Some(Shape::Union { variants, discriminator: Some(Discriminator { field: field.to_owned(), mapping }) }))
    }

    /// Those that take `node` in, and theirs, where nothing tells them apart from each other.
    fn below(&self, node: Node<'d>, depth: usize, found: &mut Vec<(&'d str, Node<'d>)>) {
        let key = (self.documents.index_of(node), node.id());
        for (name, child) in self.children.get(&key).into_iter().flatten() {
            if depth > MAX_DEPTH || found.iter().any(|(known, _)| known == name) {
                continue;
            }
            found.push((name, *child));
            if child.get("discriminator").is_none() {
                self.below(*child, depth + 1, found);
            }
        }
    }

    /// The record at `node` as one of the things that it stands for.
    fn itself(&mut self, node: Node<'d>, name: &str) -> Result<Type, Fault> {
        let own = format!("{name} itself");
        let shape = self.own_record(node, &own)?;
        let of = self.found.get(name).cloned();
        if let Some(of) = of {
            self.found.insert(own.clone(), TypeDefinition { shape, ..of });
        }
        Ok(Type::Named(own))
    }
}
