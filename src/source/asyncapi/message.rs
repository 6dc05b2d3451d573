//! Messages → `Message`, each once, with the types of its payload and its headers.

use std::collections::{HashMap, HashSet};

use super::find::{amqp, first};
use super::reach;
use crate::model::channels::{Correlation, Example, Message};
use crate::model::ledger::Reason;
use crate::model::operations::Encoding;
use crate::model::types::{Shape, Type};
use crate::source::documents::{Documents, Fault, fault};
use crate::source::openapi::media;
use crate::source::openapi::schema::{Types, origin};
use crate::source::tree::Node;

/// Where the property of AMQP stands in the words of AsyncAPI.
const PROPERTIES: [&str; 3] = ["correlation_id", "correlationId", "correlation-id"];

/// The messages met so far.
pub struct Messages<'d> {
    documents: &'d Documents,
    pub types: Types<'d>,
    pub read: Vec<Message>,
    names: HashMap<(usize, u32), String>,
    /// What messages are called on the wire that have another name here.
    wires: HashMap<String, String>,
    taken: HashSet<String>,
    outcomes: HashMap<String, Result<Vec<Reason>, Fault>>,
    usual: &'d str,
}

impl<'d> Messages<'d> {
    /// Reads the named schemas first, so that they keep their names and their order.
    pub fn new(documents: &'d Documents) -> Self {
        let root = documents.root();
        let mut types = Types::new(documents);
        let named = root.get("components").and_then(|components| components.get("schemas"));
        for (name, node) in named.into_iter().flat_map(Node::entries) {
            // What is wrong with one is found again by what needs it.
            let _ = documents.resolve(node).map(|(target, _)| types.read(target, name, &mut Vec::new()));
        }
        Self {
            documents,
            types,
            read: Vec::new(),
            names: HashMap::new(),
            wires: HashMap::new(),
            taken: HashSet::new(),
            outcomes: HashMap::new(),
            usual: root.get_text("defaultContentType").unwrap_or("application/json"),
        }
    }

    /// The name of the message at `node`: its own, or the `key` it is known by.
    pub fn name(&mut self, node: Node<'d>, key: &str) -> String {
        let place = (self.documents.index_of(node), node.id());
        if let Some(name) = self.names.get(&place) {
            return name.clone();
        }
        let binding = amqp(self.documents, node).and_then(|binding| binding.get_text("messageType"));
        let own =
            ["name", "messageId"].into_iter().find_map(|key| first(self.documents, node, key).and_then(Node::text));
        let plain = binding.or(own).filter(|name| !name.trim().is_empty()).unwrap_or(key).to_owned();
        let (mut name, mut count) = (plain.clone(), 2);
        while !self.taken.insert(name.clone()) {
            name = format!("{plain}.{count}");
            count += 1;
        }
        if name != plain {
            self.wires.insert(name.clone(), plain);
        }
        self.names.insert(place, name.clone());
        name
    }

    /// Reads the message at `node`, unless it was read before; says what of it is not carried over.
    pub fn take(&mut self, node: Node<'d>, name: &str) -> Result<Vec<Reason>, Fault> {
        if let Some(known) = self.outcomes.get(name) {
            return known.clone();
        }
        let outcome = self.message(node, name);
        self.outcomes.insert(name.to_owned(), outcome.clone());
        outcome
    }

    fn message(&mut self, node: Node<'d>, name: &str) -> Result<Vec<Reason>, Fault> {
        let documents = self.documents;
        let get = |key: &str| first(documents, node, key);
        let text = |key: &str| get(key).and_then(Node::text).unwrap_or_default().trim().to_owned();
        let content_type = get("contentType").and_then(Node::text).unwrap_or(self.usual).to_owned();
        if media::encoding(&content_type) != Encoding::Json {
            return Err(fault(node, format!("messages are read and written as JSON, not as `{content_type}`")));
        }
        let mut reasons = Vec::new();
        let payload = match get("payload") {
            Some(payload) => {
                let of = self.schema(payload, get("schemaFormat"), name, &mut reasons)?;
                if of == Type::Nothing {
                    reasons.push(fault(payload, "a payload that is always null is sent as an empty body"));
                }
                of
            }
            None => Type::Nothing,
        };
        let headers = match get("headers") {
            Some(headers) => Some(self.schema(headers, None, &format!("{name} headers"), &mut reasons)?),
            None => None,
        };
        let mut reached: Vec<String> =
            reach([&payload].into_iter().chain(&headers), &self.types.found).into_iter().collect();
        reached.sort_unstable_by_key(|name| self.types.found.get_index_of(name));
        if let Some(fault) = reached.iter().find_map(|name| self.types.faults.get(name)) {
            return Err(fault.clone());
        }
        reasons.extend(reached.iter().filter_map(|name| self.types.notes.get(name)).flatten().cloned());
        if let Some(headers) = &headers {
            self.check_headers(headers, node)?;
        }
        let correlation = match get("correlationId") {
            Some(id) => correlation(documents.resolve(id)?.0, &mut reasons),
            None => None,
        };
        self.read.push(Message {
            name: name.to_owned(),
            wire: self.wires.get(name).cloned(),
            summary: if text("summary").is_empty() { text("title") } else { text("summary") },
            description: text("description"),
            deprecated: get("deprecated").and_then(Node::bool).unwrap_or_default(),
            content_type,
            payload,
            headers,
            correlation,
            examples: get("examples").into_iter().flat_map(Node::items).map(example).collect(),
            origin: origin(node),
        });
        Ok(reasons)
    }

    /// The type of a schema, or of one wrapped with its format.
    fn schema(
        &mut self,
        node: Node<'d>,
        format: Option<Node<'d>>,
        hint: &str,
        reasons: &mut Vec<Reason>,
    ) -> Result<Type, Fault> {
        let (target, _) = self.documents.resolve(node)?;
        let wrapped = target.get("schema").filter(|_| target.get("schemaFormat").is_some());
        let format = target.get("schemaFormat").filter(|_| wrapped.is_some()).or(format);
        if let Some(format) = format.filter(|format| !is_json_schema(format.text().unwrap_or_default())) {
            return Err(fault(
                format,
                format!("schemas in the format `{}` are not read", format.text().unwrap_or_default()),
            ));
        }
        self.types.read(wrapped.unwrap_or(node), hint, reasons)
    }

    /// A header is one value: a broker takes nothing else from everybody.
    fn check_headers(&self, headers: &Type, node: Node<'d>) -> Result<(), Fault> {
        let fields = match headers.not_null() {
            Type::Json | Type::Map(_) => return Ok(()),
            Type::Named(name) => match self.types.found.get(name).map(|found| &found.shape) {
                Some(Shape::Record { fields, .. }) => Some(fields),
                _ => None,
            },
            _ => None,
        };
        let Some(fields) = fields else { return Err(fault(node, "`headers` are no record of single values")) };
        match fields.iter().find(|field| !self.is_single(&field.of)) {
            Some(field) => Err(fault(node, format!("the header `{}` is no single value", field.name))),
            None => Ok(()),
        }
    }

    fn is_single(&self, of: &Type) -> bool {
        match of.not_null() {
            Type::List(_) | Type::Map(_) | Type::Bytes => false,
            Type::Union(variants) => variants.iter().all(|variant| self.is_single(variant)),
            Type::Named(name) => match self.types.found.get(name).map(|found| &found.shape) {
                Some(Shape::Alias(of)) if of != &Type::Named(name.clone()) => self.is_single(of),
                _ => false,
            },
            _ => true,
        }
    }
}

/// `$message.header#/x-request-id` → the header `x-request-id`.
fn correlation(node: Node<'_>, reasons: &mut Vec<Reason>) -> Option<Correlation> {
    let location = node.get_text("location").unwrap_or_default();
    match location.strip_prefix("$message.header#/") {
        Some(name) if PROPERTIES.contains(&name) => Some(Correlation::Property),
        Some(name) if !name.is_empty() => Some(Correlation::Header(name.replace("~1", "/").replace("~0", "~"))),
        _ => {
            let what = format!("the correlation id at `{location}` is not read: the broker's own property is");
            reasons.push(fault(node, what));
            None
        }
    }
}

fn example(node: Node<'_>) -> Example {
    Example {
        name: node.get_text("name").unwrap_or_default().to_owned(),
        headers: node.get("headers").map(Node::to_json),
        payload: node.get("payload").map(Node::to_json),
    }
}

/// JSON Schema, and what AsyncAPI and OpenAPI make of it.
fn is_json_schema(format: &str) -> bool {
    ["application/schema+", "application/vnd.aai.asyncapi", "application/vnd.oai.openapi"]
        .iter()
        .any(|known| format.trim().to_lowercase().starts_with(known))
}
