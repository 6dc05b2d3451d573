//! One operation of the document → `Operation`, or the fault that keeps it out.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::schema::{Types, example, origin};
use super::{Dialect, Found, form, media, outcome, pagination, parameters, security, servers};
use crate::model::ledger::Reason;
use crate::model::operations::{Body, Content, Encoding, Failure, Operation, Reply};
use crate::model::types::{Shape, Type};
use crate::model::{Entry, Outcome, SecurityScheme};
use crate::source::Filter;
use crate::source::documents::{Documents, Fault, fault};
use crate::source::tree::Node;
use crate::words::split;

/// Reads operations and collects the types they need.
pub struct Reader<'d> {
    pub documents: &'d Documents,
    pub dialect: Dialect,
    pub types: Types<'d>,
    security: IndexMap<String, SecurityScheme>,
    /// What the operation being read loses.
    pub notes: Vec<Reason>,
}

impl<'d> Reader<'d> {
    pub fn new(documents: &'d Documents, dialect: Dialect) -> Self {
        let security = security::schemes(documents, dialect);
        Self { documents, dialect, types: Types::new(documents), security, notes: Vec::new() }
    }

    /// All operations that `filter` keeps and that can be read, and the account of all of them.
    pub fn all(mut self, found: &[Found<'d>], filter: &Filter) -> (Vec<Operation>, Vec<Entry>, Types<'d>) {
        let read: Vec<Result<(Operation, Vec<Reason>), Entry>> =
            found.iter().map(|one| self.one(one, filter)).collect();
        super::unions::untangle(&mut self.types);
        super::unions::cut_lists(&mut self.types);
        super::unions::send_tags(&mut self.types);
        super::endless::end(&mut self.types);
        let (mut operations, mut entries) = (Vec::new(), Vec::new());
        for (one, found) in read.into_iter().zip(found) {
            let entry = match one {
                Err(entry) => entry,
                Ok((operation, reasons)) => {
                    let entry = outcome(found, &operation, reasons, &self.types);
                    if entry.outcome != Outcome::Skipped {
                        operations.push(operation);
                    }
                    entry
                }
            };
            entries.push(entry);
        }
        (operations, entries, self.types)
    }

    fn one(&mut self, found: &Found<'d>, filter: &Filter) -> Result<(Operation, Vec<Reason>), Entry> {
        let entry = |outcome, reasons| Entry { name: found.line(), outcome, reasons, origin: origin(found.node) };
        if !filter.keeps(&[&found.id(), &found.line(), &found.group, &format!("{}.{}", found.group, found.name)]) {
            return Err(entry(Outcome::Excluded, Vec::new()));
        }
        self.notes = Vec::new();
        match self.operation(found) {
            Ok(operation) => Ok((operation, std::mem::take(&mut self.notes))),
            Err(reason) => Err(entry(Outcome::Skipped, vec![reason])),
        }
    }

    fn operation(&mut self, found: &Found<'d>) -> Result<Operation, Fault> {
        let node = found.node;
        if !node.is_map() {
            return Err(fault(node, "an operation was wanted here, a map"));
        }
        if found.method == "TRACE" {
            return Err(fault(
                node,
                "TRACE shows what proxies do to a request; clients of web platforms may not send it",
            ));
        }
        let hint = if found.group.is_empty() { found.name.clone() } else { format!("{} {}", found.group, found.name) };
        let security = security::sets(node.get("security").or_else(|| self.documents.root().get("security")));
        let mut parameters = self.parameters(found, &hint)?;
        parameters.retain(|parameter| !security::holds(&self.security, &security, parameter));
        let body = self.body(node, &hint)?;
        let body = self.carried(found, body)?;
        let reply = self.reply(node, &hint)?;
        let pagination = pagination::find(&found.method, &parameters, &reply, &self.types, self.has_link_header(node));
        let text = |key: &str| node.get_text(key).unwrap_or_default().to_owned();
        let documentation = node.get("externalDocs").and_then(|docs| docs.get_text("url")).unwrap_or_default();
        Ok(Operation {
            id: found.id(),
            group: found.group.clone(),
            name: found.name.clone(),
            method: found.method.clone(),
            path: found.wire_path(),
            summary: text("summary"),
            description: text("description"),
            documentation_url: documentation.to_owned(),
            deprecated: node.get_bool("deprecated").unwrap_or_default(),
            repeatable: matches!(found.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" | "TRACE"),
            parameters,
            body,
            reply,
            errors: self.errors(node),
            security,
            pagination,
            server: node
                .get("servers")
                .or(found.path_item.get("servers"))
                .and_then(|list| list.items().next())
                .and_then(servers::one)
                .map(|server| server.url),
            origin: origin(node),
        })
    }

    /// The body of a request, in the encoding we would choose of those the source offers.
    fn body(&mut self, node: Node<'d>, hint: &str) -> Result<Option<Body>, Fault> {
        if self.dialect == Dialect::Swagger2 {
            return parameters::swagger_body(self, node, hint);
        }
        let Some(body) = node.get("requestBody") else { return Ok(None) };
        let (body, reference) = self.documents.resolve(body)?;
        let hint = self.shared_name(reference, hint, "body");
        let Some((media_type, content, encoding)) = body.get("content").and_then(media::for_request) else {
            return Ok(None);
        };
        check_media_type(media_type, content)?;
        // Some documents give every GET an empty form; there is nothing to send.
        let of = match content.get("schema") {
            Some(schema) => self.types.read(schema, &hint, &mut self.notes)?,
            None => Type::Json,
        };
        let empty = matches!(encoding, Encoding::Form) && of == Type::map(Type::Json);
        if empty || of == Type::Nothing {
            return Ok(None);
        }
        let (mut media_type, mut encoding) = (media_type, encoding);
        if matches!(encoding, Encoding::Form | Encoding::Multipart) && !form::has_fields(&of, &self.types) {
            return Err(fault(
                content,
                format!("a body of `{media_type}` whose schema is no object has no fields to send"),
            ));
        }
        let is_open = matches!(encoding, Encoding::Form | Encoding::Multipart) && of == Type::Json;
        let of = if is_open { Type::map(Type::Json) } else { of };
        if encoding == Encoding::Form && form::holds_file(&of, &self.types) {
            self.notes.push(fault(
                content,
                format!("a file does not fit into `{media_type}`: it is sent as multipart/form-data"),
            ));
            (media_type, encoding) = ("multipart/form-data", Encoding::Multipart);
        }
        let (encoding, of) = self.sent(content, media_type, encoding, of);
        let styles = form::styles(content, encoding, &of, &self.types, &mut self.notes);
        Ok(Some(Body {
            encoding,
            media_type: media_type.to_owned(),
            of,
            required: body.get_bool("required").unwrap_or_default(),
            description: body.get_text("description").unwrap_or_default().to_owned(),
            example: media::example(content),
            styles,
            origin: origin(body),
        }))
    }

    /// The body where the method carries one (RFC 9110, 9.3.1); one that is required keeps the operation out.
    fn carried(&mut self, found: &Found<'d>, body: Option<Body>) -> Result<Option<Body>, Fault> {
        let Some(body) = body else { return Ok(None) };
        if !matches!(found.method.as_str(), "GET" | "HEAD") {
            return Ok(Some(body));
        }
        let place = found.node.get("requestBody").unwrap_or(found.node);
        let reason =
            fault(place, format!("the body of a {} request means nothing in HTTP, and is not sent", found.method));
        if body.required {
            return Err(reason);
        }
        self.notes.push(reason);
        Ok(None)
    }

    /// How a body is sent, with a note where the form that its schema has is left to the caller.
    pub fn sent(&mut self, node: Node<'d>, media_type: &str, encoding: Encoding, of: Type) -> (Encoding, Type) {
        let has_form = match of.not_null() {
            Type::List(_) | Type::Map(_) => true,
            Type::Named(name) => {
                !matches!(self.types.found.get(name).map(|found| &found.shape), Some(Shape::Alias(of)) if !matches!(of, Type::List(_) | Type::Map(_)))
            }
            _ => false,
        };
        if encoding == Encoding::Text && has_form {
            self.notes.push(fault(node, format!("a body of `{media_type}` is sent as the text that is given")));
        }
        media::sent(encoding, of)
    }

    /// What successes bring: the union of their contents, which may be absent where one of them has none.
    fn reply(&mut self, node: Node<'d>, hint: &str) -> Result<Reply, Fault> {
        let responses: Vec<(&str, Node<'d>)> = node.get("responses").into_iter().flat_map(Node::entries).collect();
        let mut good: Vec<(&str, Node<'d>)> =
            responses.iter().filter(|(status, _)| status.starts_with('2')).copied().collect();
        if good.is_empty() {
            good = responses
                .iter()
                .filter(|(status, _)| matches!(*status, "301" | "302" | "303" | "307" | "308"))
                .copied()
                .take(1)
                .collect();
        }
        if good.is_empty() {
            good = responses.iter().filter(|(status, _)| *status == "default").copied().collect();
        }
        let Some((status, _)) = good.first().copied() else {
            return Ok(Reply { status: "200".to_owned(), content: None, description: String::new() });
        };
        let mut contents = Vec::new();
        let mut description = String::new();
        for (status, response) in &good {
            let (response, reference) = self.documents.resolve(*response)?;
            let hint = self.shared_name(reference, hint, "reply");
            if description.is_empty() {
                response.get_text("description").unwrap_or_default().clone_into(&mut description);
            }
            contents.push(self.content(node, status, response, &hint)?);
        }
        let status = if status == "default" { "200" } else { status };
        Ok(Reply { status: status.to_owned(), content: joined(contents), description })
    }

    fn content(
        &mut self,
        node: Node<'d>,
        status: &str,
        response: Node<'d>,
        hint: &str,
    ) -> Result<Option<Content>, Fault> {
        if status.starts_with('3') {
            let media_type = "application/octet-stream".to_owned();
            return Ok(Some(Content {
                media_type,
                encoding: Encoding::Bytes,
                of: Type::Bytes,
                optional: false,
                example: None,
            }));
        }
        if matches!(status, "204" | "205") {
            let said = response.get("content").or_else(|| response.get("schema"));
            if said.is_some_and(|said| said.entries().next().is_some()) {
                self.notes.push(fault(response, format!("a reply of the status {status} has no body (RFC 9110)")));
            }
            return Ok(None);
        }
        if self.dialect == Dialect::Swagger2 {
            return parameters::swagger_content(self, node, response, hint);
        }
        let Some((media_type, content, encoding)) = response.get("content").and_then(media::for_reply) else {
            return Ok(None);
        };
        check_media_type(media_type, content)?;
        let of = match (encoding, content.get("schema")) {
            (Encoding::Json, Some(schema)) => self.types.read(schema, hint, &mut self.notes)?,
            (Encoding::Json, None) => Type::Json,
            (Encoding::Text, _) => Type::Text,
            _ => Type::Bytes,
        };
        if media_type.contains("event-stream") {
            self.notes.push(fault(content, "a stream of events is read as one text when it ends"));
        } else if media_type.contains("xml") {
            self.notes.push(fault(content, "XML is returned as text"));
        }
        Ok(Some(Content {
            media_type: media_type.to_owned(),
            encoding,
            of,
            optional: false,
            example: media::example(content).or_else(|| example(content.get("schema")?)),
        }))
    }

    /// What to call the body or the reply of an operation: as the document calls the one that several share.
    fn shared_name(&self, reference: Option<&str>, hint: &str, what: &str) -> String {
        let own = reference.and_then(|reference| reference.split_once('#')?.1.rsplit('/').next());
        let is_schema = |name: &str| {
            let all = ["/components/schemas", "/definitions"].map(|at| self.documents.root().at(at));
            all.into_iter()
                .flatten()
                .flat_map(Node::entries)
                .any(|(known, _)| split(known).concat() == split(name).concat())
        };
        match own.filter(|name| name.starts_with(char::is_alphabetic)) {
            Some(name) if is_schema(name) => format!("{name} {what}"),
            Some(name) => name.to_owned(),
            None => format!("{hint} {what}"),
        }
    }

    fn errors(&self, node: Node<'d>) -> Vec<Failure> {
        let responses = node.get("responses").into_iter().flat_map(Node::entries);
        responses
            .filter(|(status, _)| status.starts_with(['4', '5']))
            .map(|(status, response)| {
                let response = self.documents.resolve(response).map_or(response, |(target, _)| target);
                Failure {
                    status: status.to_owned(),
                    description: response.get_text("description").unwrap_or_default().to_owned(),
                }
            })
            .collect()
    }

    fn has_link_header(&self, node: Node<'d>) -> bool {
        let good =
            node.get("responses").into_iter().flat_map(Node::entries).filter(|(status, _)| status.starts_with('2'));
        let headers: HashSet<String> = good
            .filter_map(|(_, response)| self.documents.resolve(response).ok()?.0.get("headers"))
            .flat_map(Node::entries)
            .map(|(name, _)| name.to_lowercase())
            .collect();
        headers.contains("link")
    }
}

/// A media type goes into a header, which holds no other signs than these (RFC 9110, section 5.5).
pub fn check_media_type(media_type: &str, node: Node<'_>) -> Result<(), Fault> {
    if media_type.chars().all(|c| (' '..='~').contains(&c)) {
        return Ok(());
    }
    Err(fault(node, format!("`{media_type}` cannot be sent as a media type: it is not ASCII")))
}

/// Several successes' contents as one; None among them makes it optional.
fn joined(contents: Vec<Option<Content>>) -> Option<Content> {
    let optional = contents.iter().any(Option::is_none);
    let mut all = contents.into_iter().flatten();
    let mut first = all.next()?;
    first.optional = optional;
    let mut types = vec![first.of.clone()];
    for other in all.filter(|other| other.encoding == first.encoding) {
        if !types.contains(&other.of) {
            types.push(other.of);
        }
    }
    if types.len() > 1 {
        first.of = Type::Union(types);
    }
    Some(first)
}
