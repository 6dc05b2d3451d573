//! One schema with its `allOf` parts laid together: what the reader of types looks at.

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use crate::source::documents::{Documents, Fault, beside_reference, fault};
use crate::source::tree::Node;

/// The deepest chain of `allOf` followed.
const MAX_PARTS: usize = 64;

/// Keywords of an alternative that restrict a value without describing it.
const RESTRICTING: [&str; 8] =
    ["required", "not", "title", "description", "minProperties", "maxProperties", "dependentRequired", "deprecated"];

/// A schema as one flat thing. Where parts disagree the later one counts.
pub struct Flat<'d> {
    pub node: Node<'d>,
    /// The schema and its `allOf` parts, references followed, outermost first; what a `$ref` names before what stands beside it.
    parts: Vec<Node<'d>>,
    pub properties: IndexMap<&'d str, Node<'d>>,
    pub required: IndexSet<&'d str>,
    pub additional: Option<Node<'d>>,
    pub items: Option<Node<'d>>,
    /// `oneOf` or `anyOf`, without alternatives that only restrict and without `null`.
    pub variants: Vec<Node<'d>>,
    pub discriminator: Option<Node<'d>>,
    /// An alternative says `null`.
    null_variant: bool,
    /// What a part says beside its `$ref` and what does not count there.
    ignored: Vec<(&'static str, Node<'d>)>,
    /// Properties of alternatives were taken into the record as optional ones.
    pub mixed: bool,
}

impl<'d> Flat<'d> {
    pub fn read(documents: &'d Documents, node: Node<'d>) -> Result<Self, Fault> {
        let mut flat = Self {
            node,
            parts: Vec::new(),
            properties: IndexMap::new(),
            required: IndexSet::new(),
            additional: None,
            items: None,
            variants: Vec::new(),
            discriminator: None,
            null_variant: false,
            ignored: Vec::new(),
            mixed: false,
        };
        flat.take(documents, node, 0)?;
        flat.sort_variants(documents)?;
        Ok(flat)
    }

    fn take(&mut self, documents: &'d Documents, node: Node<'d>, depth: usize) -> Result<(), Fault> {
        if depth > 0 && node.get_text("$ref").is_some() && !documents.extends(node) {
            self.ignored.extend(beside_reference(node).map(|keyword| (keyword, node)));
        }
        let (node, _) = documents.resolve_schema(node)?;
        if depth > MAX_PARTS {
            return Err(fault(node, "`allOf` goes in a circle, or more than 64 deep"));
        }
        if let Some(target) = documents.target(node)? {
            self.take(documents, target, depth + 1)?;
        }
        self.parts.push(node);
        for part in node.get("allOf").into_iter().flat_map(Node::items) {
            self.take(documents, part, depth + 1)?;
        }
        self.properties.extend(node.get("properties").into_iter().flat_map(Node::entries));
        self.required.extend(node.get("required").into_iter().flat_map(Node::items).filter_map(Node::text));
        self.additional = node.get("additionalProperties").or(self.additional);
        self.items = node.get("items").or(node.get("prefixItems")).or(self.items);
        self.discriminator = node.get("discriminator").or(self.discriminator);
        if let Some(variants) = node.get("oneOf").or(node.get("anyOf")) {
            self.variants = variants.items().collect();
        }
        Ok(())
    }

    /// Drops alternatives that only restrict; beside properties, takes the others' properties in as optional.
    fn sort_variants(&mut self, documents: &'d Documents) -> Result<(), Fault> {
        let variants = std::mem::take(&mut self.variants);
        for variant in variants {
            let (target, _) = documents.resolve_schema(variant)?;
            if is_null(target) {
                self.null_variant = true;
            } else if target.entries().any(|(key, _)| !RESTRICTING.contains(&key)) || target.bool().is_some() {
                self.variants.push(variant);
            }
        }
        if self.properties.is_empty() {
            return Ok(());
        }
        for variant in std::mem::take(&mut self.variants) {
            let inner = Flat::read(documents, variant)?;
            self.mixed = true;
            for (name, node) in inner.properties {
                self.properties.entry(name).or_insert(node);
            }
        }
        Ok(())
    }

    /// The only part of an `allOf` around a single reference: that reference.
    pub fn only_reference(&self) -> Option<Node<'d>> {
        let all = self.node.get("allOf")?;
        let only = all.items().next().filter(|_| all.items().count() == 1)?;
        let alone = self.node.entries().all(|(key, _)| {
            matches!(
                key,
                "allOf"
                    | "description"
                    | "title"
                    | "nullable"
                    | "readOnly"
                    | "writeOnly"
                    | "deprecated"
                    | "example"
                    | "examples"
                    | "default"
                    | "type"
                    | "xml"
            ) || key.starts_with("x-")
        });
        (alone && only.get("$ref").is_some()).then_some(only)
    }

    fn last(&self, key: &str) -> Option<Node<'d>> {
        self.parts.iter().rev().find_map(|part| part.get(key))
    }

    /// The types it may have; guessed from its other keywords where it names none.
    pub fn kinds(&self) -> Vec<&'d str> {
        match self.last("type") {
            Some(kind) if kind.is_list() => kind.items().filter_map(Node::text).collect(),
            Some(kind) => kind.text().into_iter().collect(),
            None if !self.properties.is_empty() || self.additional.is_some() => vec!["object"],
            None if self.items.is_some() => vec!["array"],
            None if ["format", "pattern", "minLength", "maxLength"].iter().any(|key| self.last(key).is_some()) => {
                vec!["string"]
            }
            None => Vec::new(),
        }
    }

    pub fn format(&self) -> Option<&'d str> {
        let encoded = self.last("contentMediaType").filter(|_| self.last("contentEncoding").is_none());
        self.last("format").and_then(Node::text).or(encoded.map(|_| "binary"))
    }

    pub fn is_enum(&self) -> bool {
        self.last("const").is_some() || self.last("enum").is_some_and(|list| list.items().next().is_some())
    }

    pub fn values(&self) -> Vec<Value> {
        match (self.last("const"), self.last("enum")) {
            (Some(only), _) => vec![only.to_json()],
            (_, Some(list)) => list.items().map(|item| self.typed(item)).collect(),
            _ => Vec::new(),
        }
    }

    /// YAML writes `1.10` and `yes` for texts: the schema's own type says what is meant.
    fn typed(&self, item: Node<'d>) -> Value {
        match (self.kinds().as_slice(), item.text()) {
            (["string"], Some(text)) if !item.is_null() => Value::String(text.to_owned()),
            _ => item.to_json(),
        }
    }

    pub fn nullable(&self) -> bool {
        self.null_variant
            || self.last("nullable").or_else(|| self.last("x-nullable")).and_then(Node::bool) == Some(true)
            || (self.kinds().len() > 1 && self.kinds().contains(&"null"))
            || (self.is_enum() && self.values().len() > 1 && self.values().contains(&Value::Null))
    }

    fn is_record(&self) -> bool {
        !self.properties.is_empty() && self.kinds().iter().all(|kind| matches!(*kind, "object" | "null"))
    }

    /// Whether it is a record, a union of records, or an enum of some size: things people call by a name.
    pub fn wants_a_name(&self) -> bool {
        if self.is_enum() {
            return self.values().len() > 6 || (self.values().len() > 1 && self.is_component());
        }
        let holds_records = self.variants.iter().any(|variant| {
            variant.get("$ref").is_some() || variant.get("properties").is_some() || variant.get("allOf").is_some()
        });
        self.is_record() || (self.variants.len() > 1 && holds_records)
    }

    fn is_component(&self) -> bool {
        let pointer = self.node.pointer();
        ["/components/schemas/", "/definitions/"]
            .iter()
            .any(|root| pointer.strip_prefix(root).is_some_and(|name| !name.contains('/')))
    }

    /// Keywords that say more than a type can, with their place.
    pub fn unread(&self) -> Vec<(&'static str, Node<'d>)> {
        let keywords = ["patternProperties", "if", "dependentSchemas", "unevaluatedProperties"];
        let mut unread: Vec<_> = keywords
            .iter()
            .filter_map(|key| Some((*key, self.last(key)?)))
            .filter(|(_, node)| node.bool().is_none())
            .chain(self.ignored.iter().copied())
            .collect();
        if self.mixed {
            unread.push(("oneOf", self.node));
        }
        unread
    }
}

fn is_null(node: Node<'_>) -> bool {
    node.get_text("type") == Some("null")
        || node.get("enum").is_some_and(|list| list.items().count() == 1 && list.items().all(Node::is_null))
}
