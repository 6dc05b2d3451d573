//! An OpenAPI 3.0, 3.1 or Swagger 2.0 document → `Service`.

mod endless;
mod flat;
mod form;
mod inner_query;
pub mod media;
mod naming;
mod operation;
mod pagination;
mod parameters;
pub mod schema;
pub mod security;
mod servers;
mod subtypes;
#[cfg(test)]
mod tests;
mod unions;

use std::collections::HashSet;

use anyhow::Result;
use indexmap::IndexMap;

use self::operation::Reader;
use self::schema::Types;
use super::Filter;
use super::documents::Documents;
use super::tree::Node;
use crate::model::ledger::Reason;
use crate::model::operations::{Location, Operation, Operations};
use crate::model::{Entry, Ledger, Outcome, Service, SourceName, Surface};
use crate::problem;

/// Which of the formats a document is in; they differ in where things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Swagger2,
    /// 3.0, 3.1 and, as far as they say the same, later ones.
    OpenApi3,
}

/// The methods an operation may have, in the order they are read.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Whether `root` says that it is such a document.
pub fn is(root: Node<'_>) -> bool {
    root.get("openapi").is_some() || root.get("swagger").is_some()
}

/// Reads the operations that `filter` keeps. A fault inside an operation ends in the ledger, not in an error.
pub fn read(documents: &Documents, filter: &Filter) -> Result<Service> {
    let root = documents.root();
    let dialect = dialect(root)?;
    let found = find(documents, root)?;
    if found.is_empty() {
        let hooks = if root.get("webhooks").is_some() { "; its webhooks are what the service calls" } else { "" };
        problem!(help: "give a document that has operations under `paths`";
            "{}: `paths` holds no operation{hooks}", root.get("paths").unwrap_or(root).place());
    }
    let (operations, entries, types) = Reader::new(documents, dialect).all(&found, filter);
    let source = found.len();
    let types = used_types(&operations, types);
    let info = root.get("info");
    let servers = servers::all(root, dialect);
    let (notes, security) = (notes(documents), security::usual(&operations));
    let text = |key: &str| info.and_then(|info| info.get_text(key)).unwrap_or_default().to_owned();
    Ok(Service {
        title: text("title"),
        description: text("description"),
        version: text("version"),
        source: SourceName {
            kind: if dialect == Dialect::Swagger2 { "swagger" } else { "openapi" }.to_owned(),
            name: root.tree().file.clone(),
            hash: String::new(),
        },
        types,
        security: security::schemes(documents, dialect),
        surface: Surface::Operations(Operations { servers, security, operations }),
        ledger: Ledger { source, entries, notes },
    })
}

fn dialect(root: Node<'_>) -> Result<Dialect> {
    if let Some(version) = root.get("swagger") {
        if version.text() == Some("2.0") {
            return Ok(Dialect::Swagger2);
        }
        problem!(help: "give Swagger 2.0, OpenAPI 3.0 or 3.1"; "{}: Swagger `{}` is not read", version.place(), version.text().unwrap_or_default());
    }
    match root.get("openapi") {
        Some(version) if version.text().is_some_and(|text| text == "3" || text.starts_with("3.")) => {
            Ok(Dialect::OpenApi3)
        }
        Some(version) => {
            problem!(help: "give Swagger 2.0, OpenAPI 3.0 or 3.1"; "{}: OpenAPI `{}` is not read", version.place(), version.text().unwrap_or_default())
        }
        None => {
            problem!(help: "give a document with `openapi: 3.x` or `swagger: '2.0'`"; "{}: neither `openapi` nor `swagger` is named", root.place())
        }
    }
}

/// One operation of the document, before it is read.
pub struct Found<'d> {
    pub path: &'d str,
    pub path_item: Node<'d>,
    /// What stands beside the `$ref` that names `path_item`.
    pub beside: Option<Node<'d>>,
    /// In capitals.
    pub method: String,
    pub node: Node<'d>,
    pub group: String,
    pub name: String,
}

impl Found<'_> {
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub fn id(&self) -> String {
        let given = self.node.get_text("operationId").filter(|id| !id.is_empty());
        given.map_or_else(|| format!("{} {}", self.method.to_lowercase(), self.path), str::to_owned)
    }
}

fn find<'d>(documents: &'d Documents, root: Node<'d>) -> Result<Vec<Found<'d>>> {
    let mut found = Vec::new();
    if let Some(paths) = root.get("paths").filter(|paths| !paths.is_map() && !paths.is_null()) {
        problem!(help: "make it a map from path to operations"; "{}: `paths` is not a map", paths.place());
    }
    for (path, item) in
        root.get("paths").into_iter().flat_map(Node::entries).filter(|(path, _)| !path.starts_with("x-"))
    {
        // What stands beside a `$ref` comes before what it names.
        let (target, reference) = documents.resolve(item).unwrap_or((item, None));
        for (at, path_item) in [Some(item), reference.map(|_| target)].into_iter().flatten().enumerate() {
            let is_new = |method: &str| METHODS.contains(&method) && (at == 0 || item.get(method).is_none());
            for (method, node) in path_item.entries().filter(|(method, _)| is_new(method)) {
                let (group, name) = (String::new(), String::new());
                let beside = (at == 1).then_some(item);
                found.push(Found { path, path_item, beside, method: method.to_uppercase(), node, group, name });
            }
        }
    }
    let named: Vec<naming::Named<'_>> = found
        .iter()
        .map(|operation| naming::Named {
            id: operation.node.get_text("operationId").unwrap_or_default(),
            tag: operation.node.get("tags").and_then(|tags| tags.items().next()).and_then(Node::text),
            method: &operation.method,
            path: operation.bare_path(),
            lists: pagination::lists(documents, operation.node),
        })
        .collect();
    let names = naming::names(&named);
    for (operation, (group, name)) in found.iter_mut().zip(names) {
        (operation.group, operation.name) = (group, name);
    }
    Ok(found)
}

/// What the document describes beside operations to call.
fn notes(documents: &Documents) -> Vec<Reason> {
    let root = documents.root();
    let paths = root.get("paths").into_iter().flat_map(Node::entries);
    let mut notes: Vec<Reason> = paths.filter_map(|(_, item)| documents.resolve(item).err()).collect();
    if let Some(webhooks) = root.get("webhooks") {
        let what = match webhooks.entries().count() {
            0 => return notes,
            1 => "1 webhook is described, which the service calls and a client does not".to_owned(),
            count => format!("{count} webhooks are described, which the service calls and a client does not"),
        };
        notes.push(Reason { what, place: webhooks.place() });
    }
    notes
}

/// The types that the operations need, in the order they were found.
fn used_types(operations: &[Operation], types: Types<'_>) -> IndexMap<String, crate::model::TypeDefinition> {
    let used: HashSet<String> = operations.iter().flat_map(|operation| reach(operation, &types)).collect();
    types.found.into_iter().filter(|(name, _)| used.contains(name)).collect()
}

/// The names of the types that an operation needs, however deep.
pub fn reach(operation: &Operation, types: &Types<'_>) -> HashSet<String> {
    let mut reached: HashSet<String> = HashSet::new();
    let mut open: Vec<String> = Vec::new();
    operation.types().for_each(|of| of.names(&mut |name| open.push(name.to_owned())));
    while let Some(name) = open.pop() {
        if !reached.contains(&name) {
            if let Some(definition) = types.found.get(&name) {
                definition.shape.types().for_each(|of| of.names(&mut |name| open.push(name.to_owned())));
            }
            reached.insert(name);
        }
    }
    reached
}

/// The outcome of an operation that was read, given what is wrong with what it needs.
fn outcome(found: &Found<'_>, operation: &Operation, mut reasons: Vec<Reason>, types: &Types<'_>) -> Entry {
    let mut reached: Vec<String> = reach(operation, types).into_iter().collect();
    reached.sort_unstable_by_key(|name| types.found.get_index_of(name));
    let faults: Vec<Reason> = reached.iter().filter_map(|name| types.faults.get(name)).cloned().collect();
    let (outcome, reasons) = if faults.is_empty() {
        reasons.extend(reached.iter().filter_map(|name| types.notes.get(name)).flatten().cloned());
        (if reasons.is_empty() { Outcome::Generated } else { Outcome::Degraded }, reasons)
    } else {
        (Outcome::Skipped, faults)
    };
    Entry { name: found.line(), outcome, reasons, origin: operation.origin.clone() }
}

/// Parameters of these names are the transport's business (OpenAPI 3.1, Parameter Object; RFC 9110, section 6.6 and 7.2).
fn is_reserved_header(name: &str, location: Location) -> bool {
    const OURS: [&str; 7] =
        ["accept", "authorization", "connection", "content-length", "content-type", "host", "transfer-encoding"];
    location == Location::Header && OURS.contains(&name.to_lowercase().as_str())
}
