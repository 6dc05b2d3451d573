//! Answers about an api (`operations` and `base_url` of its options) → `Service`.

use anyhow::Result;
use indexmap::IndexMap;
use serde_json::Value;

use super::answers::{origin, service};
use crate::model::ledger::Reason;
use crate::model::operations::{Body, Content, Encoding, Location, Operation, Operations, Parameter, Reply, Server};
use crate::model::types::{Field, Shape, Type, TypeDefinition};
use crate::model::{Entry, Origin, Outcome, Service, Surface};
use crate::problem;
use crate::words::split;

/// Reads the operations that were answered; types are in the model's text form, and a `?` behind one makes it optional.
pub fn read(name: &str, options: &Value) -> Result<Service> {
    let answered = options.get("operations").and_then(Value::as_array).filter(|list| !list.is_empty());
    let Some(answered) = answered else {
        problem!(help: "give `--source` with an OpenAPI document, `--set operations=…`, or `--yes` for one to begin with";
            "`{name}`: neither a document nor operations are given");
    };
    let mut service = service(name);
    let place = origin(name);
    let mut operations = Vec::new();
    for answer in answered {
        operations.push(operation(name, answer, &place, &mut service.types)?);
    }
    service.ledger.source = operations.len();
    let entry = |operation: &Operation| Entry {
        name: operation.line(),
        outcome: Outcome::Generated,
        reasons: Vec::new(),
        origin: place.clone(),
    };
    service.ledger.entries = operations.iter().map(entry).collect();
    let servers = options
        .get("base_url")
        .and_then(Value::as_str)
        .map(|url| Server { url: url.to_owned(), description: String::new() });
    service.surface =
        Surface::Operations(Operations { servers: servers.into_iter().collect(), security: Vec::new(), operations });
    Ok(service)
}

/// Says so where neither the document nor the answers know where the service is.
pub fn fit(service: &mut Service, options: &Value) {
    let Surface::Operations(surface) = &service.surface else { return };
    if options.get("base_url").is_none_or(Value::is_null) && !surface.servers.iter().any(Server::is_whole) {
        let what =
            "no server of the document is an http address; say which with `--set base_url=…`, or in the settings";
        service.ledger.notes.push(Reason { what: what.to_owned(), place: service.source.name.clone() });
    }
}

fn operation(
    entry: &str,
    answer: &Value,
    place: &Origin,
    types: &mut IndexMap<String, TypeDefinition>,
) -> Result<Operation> {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (name, method, path) = (split(&text("name")).join(" "), text("method"), text("path"));
    let mut parameters: Vec<Parameter> = Vec::new();
    for wire in path.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(wire, _)| wire) {
        parameters.push(parameter(wire, Location::Path, Type::Text, true, place));
    }
    for field in fields(entry, answer, "query", place)? {
        parameters.push(parameter(&field.name, Location::Query, field.of.clone(), field.required, place));
    }
    let mut record = |part: &str| -> Result<Option<Type>> {
        let fields = fields(entry, answer, part, place)?;
        if fields.is_empty() {
            return Ok(None);
        }
        let of = format!("{name} {part}");
        let shape = Shape::Record { fields, additional: None };
        types.insert(
            of.clone(),
            TypeDefinition { description: String::new(), deprecated: false, shape, origin: place.clone() },
        );
        Ok(Some(Type::Named(of)))
    };
    let body = record("body")?.map(|of| Body {
        encoding: Encoding::Json,
        media_type: "application/json".to_owned(),
        of,
        required: true,
        description: String::new(),
        example: None,
        styles: IndexMap::new(),
        origin: place.clone(),
    });
    let reply = record("reply")?.unwrap_or(Type::Json);
    let content = Content {
        media_type: "application/json".to_owned(),
        encoding: Encoding::Json,
        of: reply,
        optional: false,
        example: None,
    };
    Ok(Operation {
        id: text("name"),
        group: String::new(),
        name,
        repeatable: !matches!(method.as_str(), "POST" | "PATCH"),
        method,
        path,
        summary: String::new(),
        description: String::new(),
        documentation_url: String::new(),
        deprecated: false,
        parameters,
        body,
        reply: Reply { status: "200".to_owned(), content: Some(content), description: String::new() },
        errors: Vec::new(),
        security: Vec::new(),
        pagination: None,
        server: None,
        origin: place.clone(),
    })
}

fn parameter(wire: &str, location: Location, of: Type, required: bool, place: &Origin) -> Parameter {
    Parameter { required, ..Parameter::plain(wire, location, of, place.clone()) }
}

/// `{id: integer, note: text?}` → fields.
pub(super) fn fields(entry: &str, answer: &Value, part: &str, place: &Origin) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    for (wire, of) in answer.get(part).and_then(Value::as_object).into_iter().flatten() {
        let written = of.as_str().unwrap_or_default();
        let (plain, required) = written.strip_suffix('?').map_or((written, true), |plain| (plain, false));
        let of = match plain.parse::<Type>() {
            Ok(of) => of,
            Err(fault) => {
                problem!(help: "write types such as `text`, `integer`, `datetime?`, `list<text>`"; "`{entry}`: `{part}.{wire}`: {fault}")
            }
        };
        fields.push(Field {
            name: wire.clone(),
            of,
            required,
            read_only: false,
            write_only: false,
            deprecated: false,
            description: String::new(),
            default: None,
            example: None,
            origin: place.clone(),
        });
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_become_operations() {
        let options = serde_json::json!({"base_url": "https://a.test", "operations": [{"name": "add order", "method": "POST", "path": "/orders/{shop}",
            "query": {"dry": "boolean?"}, "body": {"total": "integer", "note": "text?"}, "reply": {"id": "text"}}]});
        let service = read("shop", &options).unwrap();
        let Surface::Operations(surface) = &service.surface else { panic!("no operations") };
        let operation = &surface.operations[0];
        assert_eq!(
            (operation.name.as_str(), operation.parameters.len(), operation.repeatable),
            ("add order", 2, false)
        );
        assert_eq!(service.types["add order body"].shape.types().count(), 2);
    }

    #[test]
    fn a_type_that_is_none_is_refused() {
        let options =
            serde_json::json!({"operations": [{"name": "a", "method": "GET", "path": "/", "reply": {"id": "string"}}]});
        assert!(read("shop", &options).unwrap_err().to_string().contains("`reply.id`: `string` is no type"));
    }
}
