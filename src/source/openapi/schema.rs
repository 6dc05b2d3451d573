//! Schemas → types. Named types are read from a queue, so that neither recursion nor long chains cost stack.

use std::collections::{HashMap, HashSet, VecDeque};

use indexmap::IndexMap;
use serde_json::Value;

use super::flat::Flat;
use super::subtypes::{self, Children};
use crate::model::types::{Discriminator, Field, Shape, Type, TypeDefinition};
use crate::model::{Origin, ledger::Reason};
use crate::source::documents::{Documents, Fault, beside_reference, fault};
use crate::source::tree::Node;

/// The deepest nesting of inline schemas read.
const MAX_DEPTH: usize = 100;

/// The types met so far, and what is wrong with some of them.
pub struct Types<'d> {
    pub documents: &'d Documents,
    pub found: IndexMap<String, TypeDefinition>,
    /// Type → what could not be read: whatever needs it is skipped.
    pub faults: HashMap<String, Reason>,
    /// Type → what was read with less than the source says: whatever needs it is degraded.
    pub notes: HashMap<String, Vec<Reason>>,
    /// Type and field → it holds a URL.
    pub urls: HashSet<(String, String)>,
    by_node: HashMap<(usize, u32), String>,
    pub(super) children: Children<'d>,
    queue: VecDeque<(String, Node<'d>)>,
    /// Schemas without a name of their own that are being read, innermost last.
    inside: Vec<(usize, u32)>,
    /// Notes of what is being read, until it is known whose they are.
    pending: Vec<Reason>,
}

impl<'d> Types<'d> {
    pub fn new(documents: &'d Documents) -> Self {
        Self {
            documents,
            found: IndexMap::new(),
            faults: HashMap::new(),
            notes: HashMap::new(),
            urls: HashSet::new(),
            by_node: HashMap::new(),
            children: subtypes::children(documents),
            queue: VecDeque::new(),
            inside: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// The type of the schema at `node`; `hint` names it should it need a name. Notes go to `notes`.
    pub fn read(&mut self, node: Node<'d>, hint: &str, notes: &mut Vec<Reason>) -> Result<Type, Fault> {
        let before = std::mem::take(&mut self.pending);
        let of = self.schema(node, hint);
        notes.append(&mut std::mem::replace(&mut self.pending, before));
        while let Some((name, node)) = self.queue.pop_front() {
            self.read_named(&name, node);
        }
        of
    }

    fn read_named(&mut self, name: &str, node: Node<'d>) {
        let before = std::mem::take(&mut self.pending);
        match self.shape(node, name) {
            Ok(shape) => self.found[name].shape = shape,
            Err(fault) => {
                self.faults.insert(name.to_owned(), fault);
            }
        }
        let notes = std::mem::replace(&mut self.pending, before);
        if !notes.is_empty() {
            self.notes.insert(name.to_owned(), notes);
        }
    }

    pub(super) fn schema(&mut self, node: Node<'d>, hint: &str) -> Result<Type, Fault> {
        if node.is_map() && node.get("$ref").is_some() && !self.documents.extends(node) {
            if let Some(keyword) = beside_reference(node) {
                self.pending.push(fault(node, format!("`{keyword}` beside `$ref` is ignored before OpenAPI 3.1")));
            }
            let nullable = node.get("nullable").or_else(|| node.get("x-nullable")).and_then(Node::bool) == Some(true);
            let (target, reference) = self.documents.resolve_schema(node)?;
            let of = self.once(target, &name_in(reference.unwrap_or_default(), hint))?;
            return Ok(if nullable { of.or_null() } else { of });
        }
        self.once(node, hint)
    }

    /// Reads a schema that is no reference, unless we are inside of it already.
    fn once(&mut self, node: Node<'d>, hint: &str) -> Result<Type, Fault> {
        let key = (self.documents.index_of(node), node.id());
        if let Some(name) = self.by_node.get(&key) {
            let flat = Flat::read(self.documents, node)?;
            let of = Type::Named(name.clone());
            return Ok(if flat.nullable() { of.or_null() } else { of });
        }
        if self.inside.contains(&key) {
            self.pending.push(fault(node, "a list or map that holds itself is read as any JSON"));
            return Ok(Type::Json);
        }
        if self.inside.len() > MAX_DEPTH {
            return Err(fault(node, format!("schemas are nested more than {MAX_DEPTH} deep")));
        }
        self.inside.push(key);
        let of = self.inline(node, hint, key);
        self.inside.pop();
        of
    }

    fn inline(&mut self, node: Node<'d>, hint: &str, key: (usize, u32)) -> Result<Type, Fault> {
        match node.bool() {
            Some(true) => return Ok(Type::Json),
            Some(false) => return Ok(Type::Nothing),
            None if node.is_null() => {
                self.pending.push(fault(node, "null is no schema; any JSON is accepted"));
                return Ok(Type::Json);
            }
            None if !node.is_map() => return Err(fault(node, "a schema was wanted here, a map")),
            None => {}
        }
        if let Some(dynamic) = node.get("$dynamicRef") {
            self.pending.push(fault(dynamic, "`$dynamicRef` is not followed; any JSON is accepted"));
        }
        let flat = Flat::read(self.documents, node)?;
        if let Some(only) = flat.only_reference() {
            let of = self.schema(only, hint)?;
            return Ok(if flat.nullable() { of.or_null() } else { of });
        }
        let of = if flat.wants_a_name() { self.name(node, hint, key) } else { self.plain(&flat, hint)? };
        Ok(if flat.nullable() { of.or_null() } else { of })
    }

    /// Reserves a name for the record or union at `node`, and reads it later.
    fn name(&mut self, node: Node<'d>, hint: &str, key: (usize, u32)) -> Type {
        let mut name = hint.to_owned();
        let mut count = 2;
        while self.found.contains_key(&name) {
            name = format!("{hint}.{count}");
            count += 1;
        }
        let definition = TypeDefinition {
            description: node.get_text("description").unwrap_or_default().to_owned(),
            deprecated: node.get_bool("deprecated").unwrap_or_default(),
            shape: Shape::Alias(Type::Json),
            origin: origin(node),
        };
        self.found.insert(name.clone(), definition);
        self.by_node.insert(key, name.clone());
        self.queue.push_back((name.clone(), node));
        Type::Named(name)
    }

    /// The shape of a schema that `wants_a_name`.
    fn shape(&mut self, node: Node<'d>, name: &str) -> Result<Shape, Fault> {
        let flat = Flat::read(self.documents, node)?;
        if flat.is_enum() {
            return Ok(Shape::Alias(self.plain(&flat, name)?));
        }
        if flat.variants.is_empty() {
            return match self.descent(node, name)? {
                Some(union) => Ok(union),
                None => self.record(&flat, name),
            };
        }
        let discriminator = self.discriminator(&flat, name)?;
        let variants = self.variants(&flat, name)?;
        Ok(match variants.len() {
            0 => self.record(&flat, name)?,
            1 => Shape::Alias(variants.into_iter().next().unwrap_or(Type::Json)),
            _ => Shape::Union { variants, discriminator },
        })
    }

    pub(super) fn own_record(&mut self, node: Node<'d>, name: &str) -> Result<Shape, Fault> {
        self.record(&Flat::read(self.documents, node)?, name)
    }

    fn record(&mut self, flat: &Flat<'d>, name: &str) -> Result<Shape, Fault> {
        let mut fields = Vec::with_capacity(flat.properties.len());
        for (wire, property) in &flat.properties {
            if wire.is_empty() {
                self.pending.push(fault(*property, "a property whose name is empty is left out"));
                continue;
            }
            fields.push(self.field(wire, *property, flat.required.contains(wire), name)?);
        }
        let additional = match flat.additional {
            Some(extra) if extra.is_map() && extra.pairs().next().is_some() => {
                Some(self.schema(extra, &format!("{name}.value"))?)
            }
            Some(extra) if extra.bool() == Some(true) => Some(Type::Json),
            _ => None,
        };
        for (keyword, node) in flat.unread() {
            self.pending.push(fault(node, format!("`{keyword}` is not read; what it restricts is accepted")));
        }
        Ok(Shape::Record { fields, additional })
    }

    /// A field of a Swagger 2.0 form: a parameter that is a schema as well.
    pub fn form_field(
        &mut self,
        wire: &str,
        node: Node<'d>,
        parent: &str,
        notes: &mut Vec<Reason>,
    ) -> Result<Field, Fault> {
        let of = self.read(node, &format!("{parent}.{wire}"), notes)?;
        Ok(Field { of, ..self.field(wire, node, false, parent)? })
    }

    fn field(&mut self, wire: &str, node: Node<'d>, required: bool, parent: &str) -> Result<Field, Fault> {
        let of = self.schema(node, &format!("{parent}.{wire}"))?;
        let target = self.documents.resolve(node)?.0;
        let fact = |key: &str| node.get(key).or_else(|| target.get(key));
        if is_url(target) {
            self.urls.insert((parent.to_owned(), wire.to_owned()));
        }
        Ok(Field {
            name: wire.to_owned(),
            of,
            required,
            read_only: fact("readOnly").and_then(Node::bool).unwrap_or_default(),
            write_only: fact("writeOnly").and_then(Node::bool).unwrap_or_default(),
            deprecated: fact("deprecated").and_then(Node::bool).unwrap_or_default(),
            description: fact("description").and_then(Node::text).unwrap_or_default().to_owned(),
            default: fact("default").map(Node::to_json),
            example: example(node).or_else(|| example(target)),
            origin: origin(node),
        })
    }

    /// The types of `oneOf` and `anyOf`, without doubles and without `null`.
    fn variants(&mut self, flat: &Flat<'d>, name: &str) -> Result<Vec<Type>, Fault> {
        let mut types: Vec<Type> = Vec::new();
        let (mut literals, mut seen) = (Vec::new(), HashSet::new());
        for (at, variant) in flat.variants.iter().enumerate() {
            let of = self.schema(
                *variant,
                &format!("{name}.{}", variant.get_text("title").map_or_else(|| (at + 1).to_string(), str::to_owned)),
            )?;
            match of.not_null().clone() {
                Type::Literal { values, .. } => values.into_iter().for_each(|value| {
                    if !literals.contains(&value) {
                        literals.push(value);
                    }
                }),
                Type::Nothing => {}
                of if seen.insert(of.to_string()) => types.push(of),
                _ => {}
            }
        }
        if !flat.properties.is_empty() && !types.is_empty() {
            self.pending
                .push(fault(flat.node, "`properties` beside `oneOf` or `anyOf`: only the alternatives are read"));
        }
        if !literals.is_empty() {
            types.push(Type::Literal { values: literals, open: true });
        }
        Ok(types)
    }

    fn discriminator(&mut self, flat: &Flat<'d>, name: &str) -> Result<Option<Discriminator>, Fault> {
        let Some(node) = flat.discriminator.filter(|node| node.is_map()) else { return Ok(None) };
        let Some(field) = node.get_text("propertyName") else { return Ok(None) };
        let mut mapping: Vec<(String, String)> = Vec::new();
        let declared: Vec<(&str, &str)> = node
            .get("mapping")
            .map(|map| map.entries().filter_map(|(value, target)| Some((value, target.text()?))).collect())
            .unwrap_or_default();
        for variant in &flat.variants {
            let Some(reference) = variant.get_text("$ref") else { return Ok(None) };
            let short = reference.rsplit('/').next().unwrap_or_default();
            let Type::Named(of) = self.schema(*variant, name)? else { return Ok(None) };
            let values: Vec<&str> = declared
                .iter()
                .filter(|(_, target)| *target == reference || *target == short)
                .map(|(value, _)| *value)
                .collect();
            let own = if values.is_empty() { self.tags(*variant, field)? } else { Vec::new() };
            let values = match (values.is_empty(), own.is_empty()) {
                (true, true) => vec![short.to_owned()],
                (true, false) => own,
                (false, _) => values.into_iter().map(str::to_owned).collect(),
            };
            mapping.extend(values.into_iter().map(|value| (value, of.clone())));
        }
        Ok((!mapping.is_empty()).then(|| Discriminator { field: field.to_owned(), mapping }))
    }

    /// The values that the schema of a variant allows in the field that tells it apart.
    pub(super) fn tags(&self, variant: Node<'d>, field: &str) -> Result<Vec<String>, Fault> {
        let flat = Flat::read(self.documents, variant)?;
        let Some(tag) = flat.properties.get(field) else { return Ok(Vec::new()) };
        let values = Flat::read(self.documents, *tag)?.values();
        Ok(values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect())
    }

    /// The type of a schema that needs no name.
    fn plain(&mut self, flat: &Flat<'d>, hint: &str) -> Result<Type, Fault> {
        if flat.is_enum() {
            return Ok(literal(flat));
        }
        if !flat.variants.is_empty() {
            let mut types = self.variants(flat, hint)?;
            return Ok(match types.len() {
                0 => Type::Json,
                1 => types.remove(0),
                _ if is_files(&types) => Type::list(Type::Bytes),
                _ => Type::Union(types),
            });
        }
        let kinds: Vec<&str> = flat.kinds().into_iter().filter(|kind| *kind != "null").collect();
        let mut types = Vec::new();
        for kind in &kinds {
            types.push(self.of_kind(kind, flat, hint)?);
        }
        Ok(match types.len() {
            0 if flat.kinds().contains(&"null") => Type::Nothing,
            0 => Type::Json,
            1 => types.remove(0),
            _ => Type::Union(types),
        })
    }

    fn of_kind(&mut self, kind: &str, flat: &Flat<'d>, hint: &str) -> Result<Type, Fault> {
        Ok(match kind {
            "boolean" => Type::Boolean,
            "integer" => Type::Integer,
            // A decimal that is a number of JSON has no more digits than any other.
            "number" => Type::Number,
            "string" => text_of(flat.format()),
            "file" => Type::Bytes,
            "array" => self.list(flat, hint)?,
            "object" => match flat.additional {
                Some(extra) if extra.is_map() && extra.pairs().next().is_some() => {
                    Type::map(self.schema(extra, &format!("{hint}.value"))?)
                }
                _ => Type::map(Type::Json),
            },
            other => {
                self.pending.push(fault(flat.node, format!("`{other}` is no type of a schema; any JSON is accepted")));
                Type::Json
            }
        })
    }

    fn list(&mut self, flat: &Flat<'d>, hint: &str) -> Result<Type, Fault> {
        match flat.items {
            Some(items) if items.is_map() => Ok(Type::list(self.schema(items, &item_name(hint))?)),
            Some(items) if items.is_list() => {
                self.pending.push(fault(items, "a tuple is read as a list of any JSON"));
                Ok(Type::list(Type::Json))
            }
            _ => Ok(Type::list(Type::Json)),
        }
    }
}

/// One of these values; a single one is meant to stay the only one. Lists and maps are no literals of any language.
fn literal(flat: &Flat<'_>) -> Type {
    let values: Vec<Value> = flat.values().into_iter().filter(|value| !value.is_null()).collect();
    let all = |is: fn(&Value) -> bool| !values.is_empty() && values.iter().all(is);
    match values.len() {
        _ if all(Value::is_object) => Type::map(Type::Json),
        _ if all(Value::is_array) => Type::list(Type::Json),
        _ if values.iter().any(|value| value.is_object() || value.is_array()) => Type::Json,
        0 => Type::Nothing,
        1 => Type::Literal { values, open: false },
        _ => Type::Literal { values, open: true },
    }
}

fn text_of(format: Option<&str>) -> Type {
    match format {
        Some("date") => Type::Date,
        Some("date-time") => Type::DateTime,
        Some("uuid") => Type::Uuid,
        Some("decimal") => Type::Decimal,
        Some("binary") => Type::Bytes,
        _ => Type::Text,
    }
}

/// Whether one file is wanted, or several: one is a list of one.
fn is_files(types: &[Type]) -> bool {
    let is_list = |of: &Type| matches!(of, Type::List(item) if **item == Type::Bytes);
    types.iter().any(is_list) && types.iter().all(|of| *of == Type::Bytes || is_list(of))
}

/// Whether a schema, or one of its alternatives, is a URL.
fn is_url(node: Node<'_>) -> bool {
    let mut all = std::iter::once(node)
        .chain(["anyOf", "oneOf"].into_iter().filter_map(|key| node.get(key)).flat_map(Node::items));
    all.any(|one| matches!(one.get_text("format"), Some("uri" | "url" | "uri-reference")))
}

/// The first example a schema gives, in any of the places where it may.
pub fn example(node: Node<'_>) -> Option<Value> {
    node.get("example").or_else(|| node.get("examples")?.items().next()).map(Node::to_json)
}

pub fn origin(node: Node<'_>) -> Origin {
    Origin { file: node.tree().file.clone(), pointer: node.pointer(), line: node.line(), column: node.column() }
}

/// The name a reference gives: its last part, where that is a name.
fn name_in(reference: &str, hint: &str) -> String {
    let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    let parts: Vec<&str> = pointer.split('/').collect();
    match parts.as_slice() {
        [_, "components", "schemas", name] | [_, "definitions", name] | [_, name] if !name.is_empty() => {
            name.replace("~1", "/").replace("~0", "~").replace("%20", " ")
        }
        _ if pointer.is_empty() => {
            let stem = file.rsplit('/').next().unwrap_or(file).split('.').next().unwrap_or_default();
            if stem.is_empty() { hint.to_owned() } else { stem.to_owned() }
        }
        _ => hint.to_owned(),
    }
}

/// One of many: `planet.satellites` → `planet.satellite`.
fn item_name(hint: &str) -> String {
    crate::words::singular(hint).unwrap_or_else(|| format!("{hint}.item"))
}
