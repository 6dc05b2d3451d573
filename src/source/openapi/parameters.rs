//! Parameters of an operation, and what Swagger 2.0 says with parameters: bodies and forms.

use indexmap::IndexMap;

use crate::model::operations::{Body, Content, Encoding, Location, Parameter, Style};
use crate::model::types::{Field, Shape, Type, TypeDefinition};
use crate::source::documents::{Fault, fault};
use crate::source::tree::Node;

use super::operation::{Reader, check_media_type};
use super::schema::{example, origin};
use super::{Dialect, Found, inner_query, is_reserved_header, media};

impl<'d> Reader<'d> {
    /// The parameters of the path and the operation; the operation's own count where both name one.
    pub fn parameters(&mut self, found: &Found<'d>, hint: &str) -> Result<Vec<Parameter>, Fault> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let shared = [Some(found.path_item), found.beside];
        for list in shared.into_iter().flatten().chain([found.node]).map(|node| node.get("parameters")) {
            for node in list.into_iter().flat_map(Node::items) {
                let (node, _) = self.documents.resolve(node)?;
                let Some(parameter) = self.parameter(node, hint)? else { continue };
                let same = |known: &Parameter| {
                    known.location == parameter.location
                        && match parameter.location {
                            Location::Header => known.name.eq_ignore_ascii_case(&parameter.name),
                            _ => known.name == parameter.name,
                        }
                };
                match parameters.iter_mut().find(|known| same(known)) {
                    Some(known) => *known = parameter,
                    None => parameters.push(parameter),
                }
            }
        }
        inner_query::take(found, &mut parameters)?;
        self.match_path(found, &mut parameters);
        Ok(parameters)
    }

    fn parameter(&mut self, node: Node<'d>, hint: &str) -> Result<Option<Parameter>, Fault> {
        let (Some(name), Some(place)) = (node.get_text("name"), node.get_text("in")) else {
            return Err(fault(node, "a parameter needs `name` and `in`"));
        };
        let location = match place {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            "cookie" => Location::Cookie,
            "body" | "formData" if self.dialect == Dialect::Swagger2 => return Ok(None),
            other => return Err(fault(node, format!("a parameter cannot be in `{other}`"))),
        };
        if is_reserved_header(name, location) {
            return Ok(None);
        }
        let required = location == Location::Path || node.get_bool("required").unwrap_or_default();
        if matches!(location, Location::Header | Location::Cookie) && !is_token(name) {
            let reason = fault(node, format!("`{name}` cannot be the name of a {place} (RFC 9110, section 5.6.2)"));
            if required {
                return Err(reason);
            }
            self.notes.push(reason);
            return Ok(None);
        }
        let content = node.get("content").and_then(media::for_request);
        let is_json = content.is_some_and(|(_, _, encoding)| encoding == Encoding::Json);
        let schema = match (self.dialect, content) {
            (Dialect::Swagger2, _) => Some(node),
            (_, Some((_, content, _))) => content.get("schema"),
            _ => node.get("schema"),
        };
        let of = match schema {
            Some(schema) => self.types.read(schema, &format!("{hint} {name}"), &mut self.notes)?,
            None if is_json => Type::Json,
            None => Type::Text,
        };
        let fact = |key: &str| node.get(key).or_else(|| schema?.get(key));
        let of = if is_json { of } else { as_text(of) };
        self.note_style(node, location, &of);
        if location == Location::Path {
            self.check_segment(node, name, &of)?;
        }
        Ok(Some(Parameter {
            name: name.to_owned(),
            location,
            of: if location == Location::Path { of.not_null().clone() } else { of },
            required,
            deprecated: node.get_bool("deprecated").unwrap_or_default(),
            description: fact("description").and_then(Node::text).unwrap_or_default().to_owned(),
            style: if is_json { Style::Json } else { self.style(node, location) },
            default: schema.and_then(|schema| schema.get("default")).map(Node::to_json),
            minimum: schema.and_then(|schema| schema.get("minimum")?.to_json().as_i64()),
            example: example(node)
                .or_else(|| node.get("examples")?.entries().next()?.1.get("value").map(Node::to_json))
                .or_else(|| example(schema?)),
            origin: origin(node),
        }))
    }

    /// A path takes plain values, and lists of them in the style `simple`; anything else would ask for something else.
    fn check_segment(&self, node: Node<'d>, name: &str, of: &Type) -> Result<(), Fault> {
        match node.get_text("style") {
            None | Some("simple") => {}
            Some(style) => {
                return Err(fault(
                    node,
                    format!("the path parameter `{name}` has the style `{style}`, which is not written"),
                ));
            }
        }
        let item = match of.not_null() {
            Type::List(item) => item,
            of => of,
        };
        if self.is_plain(item, 0) {
            Ok(())
        } else {
            Err(fault(node, format!("the path parameter `{name}` holds more than plain values")))
        }
    }

    fn is_plain(&self, of: &Type, depth: usize) -> bool {
        match of.not_null() {
            Type::List(_) | Type::Map(_) => false,
            Type::Union(variants) => variants.iter().all(|variant| self.is_plain(variant, depth)),
            Type::Named(name) => match self.types.found.get(name).map(|definition| &definition.shape) {
                Some(Shape::Alias(of)) => depth > 8 || self.is_plain(of, depth + 1),
                Some(Shape::Union { variants, .. }) => {
                    depth > 8 || variants.iter().all(|variant| self.is_plain(variant, depth + 1))
                }
                Some(Shape::Record { .. }) => false,
                None => true,
            },
            _ => true,
        }
    }

    /// Notes a style that is not written: tabs between values, and names before values in a header.
    fn note_style(&mut self, node: Node<'d>, location: Location, of: &Type) {
        if node.get_text("collectionFormat") == Some("tsv") {
            self.notes.push(fault(node, "values are sent with commas between them, not tabs"));
        }
        let is_record =
            !matches!(of.not_null(), Type::List(_)) && !self.is_plain(of, 0) && *of.not_null() != Type::Json;
        if location == Location::Header && node.get_bool("explode") == Some(true) && is_record {
            self.notes.push(fault(node, "the header is sent as `a,1,b,2`, not as `a=1,b=2`"));
        }
    }

    pub(super) fn style(&self, node: Node<'d>, location: Location) -> Style {
        if self.dialect == Dialect::Swagger2 {
            return match node.get_text("collectionFormat") {
                Some("multi") => Style::Repeat,
                Some("ssv") => Style::Space,
                Some("pipes") => Style::Pipe,
                _ => Style::Comma,
            };
        }
        let form = matches!(location, Location::Query | Location::Cookie);
        let explode = node.get_bool("explode").unwrap_or(form);
        match node.get_text("style") {
            Some("deepObject") => Style::Brackets,
            Some("spaceDelimited") => Style::Space,
            Some("pipeDelimited") => Style::Pipe,
            _ if form && explode => Style::Repeat,
            _ => Style::Comma,
        }
    }

    /// Placeholders and path parameters that do not match: what is missing is taken as text, what is too much is dropped.
    fn match_path(&mut self, found: &Found<'d>, parameters: &mut Vec<Parameter>) {
        let placeholders: Vec<&str> = found
            .bare_path()
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(name, _)| name)
            .collect();
        for name in &placeholders {
            if !parameters.iter().any(|parameter| parameter.location == Location::Path && parameter.name == *name) {
                self.notes.push(fault(
                    found.node,
                    format!("the path parameter `{name}` is not declared; it is taken as text"),
                ));
                let plain = Parameter::plain(name, Location::Path, Type::Text, origin(found.node));
                parameters.push(Parameter { style: Style::Comma, ..plain });
            }
        }
        parameters.retain(|parameter| {
            let kept = parameter.location != Location::Path || placeholders.contains(&parameter.name.as_str());
            if !kept {
                self.notes.push(fault(
                    found.node,
                    format!("the path has no place for the path parameter `{}`", parameter.name),
                ));
            }
            kept
        });
        let place = |parameter: &Parameter| {
            placeholders
                .iter()
                .position(|name| *name == parameter.name && parameter.location == Location::Path)
                .unwrap_or(usize::MAX)
        };
        parameters.sort_by_key(place);
    }
}

/// Whether a header or a cookie can have this name (RFC 9110, section 5.6.2).
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// A parameter is text, also where a document says that it is binary.
fn as_text(of: Type) -> Type {
    match of {
        Type::Bytes => Type::Text,
        Type::List(item) => Type::list(as_text(*item)),
        Type::Nullable(of) => as_text(*of).or_null(),
        of => of,
    }
}

/// Swagger 2.0 has bodies among the parameters: one `body`, or `formData` fields.
pub fn swagger_body<'d>(reader: &mut Reader<'d>, node: Node<'d>, hint: &str) -> Result<Option<Body>, Fault> {
    let mut form: Vec<Node<'d>> = Vec::new();
    for parameter in node.get("parameters").into_iter().flat_map(Node::items) {
        let (parameter, _) = reader.documents.resolve(parameter)?;
        match parameter.get_text("in") {
            Some("body") => {
                let encoding = match consumes(reader, node).map_or(Encoding::Json, media::encoding) {
                    Encoding::Form | Encoding::Multipart => Encoding::Json,
                    encoding => encoding,
                };
                let of = match parameter.get("schema") {
                    Some(schema) => reader.types.read(schema, &format!("{hint} body"), &mut reader.notes)?,
                    None => Type::Json,
                };
                let media_type = consumes(reader, node).unwrap_or("application/json").to_owned();
                check_media_type(&media_type, parameter)?;
                let (encoding, of) = reader.sent(parameter, &media_type, encoding, of);
                return Ok(Some(Body {
                    encoding,
                    media_type,
                    of,
                    required: parameter.get_bool("required").unwrap_or_default(),
                    description: parameter.get_text("description").unwrap_or_default().to_owned(),
                    example: None,
                    styles: IndexMap::new(),
                    origin: origin(parameter),
                }));
            }
            Some("formData") => form.push(parameter),
            _ => {}
        }
    }
    if form.is_empty() { Ok(None) } else { swagger_form(reader, node, &form, hint).map(Some) }
}

fn swagger_form<'d>(reader: &mut Reader<'d>, node: Node<'d>, form: &[Node<'d>], hint: &str) -> Result<Body, Fault> {
    let name = format!("{hint} form");
    let mut fields: Vec<Field> = Vec::new();
    let mut styles = IndexMap::new();
    for parameter in form {
        let Some(wire) = parameter.get_text("name") else {
            return Err(fault(*parameter, "a parameter needs `name` and `in`"));
        };
        let mut field = reader.types.form_field(wire, *parameter, &name, &mut reader.notes)?;
        field.required = parameter.get_bool("required").unwrap_or_default();
        if matches!(field.of, Type::List(_)) {
            styles.insert(wire.to_owned(), reader.style(*parameter, Location::Query));
        }
        fields.push(field);
    }
    let holds_file = fields.iter().any(|field| field.of == Type::Bytes);
    let multipart = holds_file || consumes(reader, node).is_some_and(|media| media.starts_with("multipart/"));
    let definition = TypeDefinition {
        description: String::new(),
        deprecated: false,
        shape: Shape::Record { fields, additional: None },
        origin: origin(form[0]),
    };
    reader.types.found.insert(name.clone(), definition);
    Ok(Body {
        encoding: if multipart { Encoding::Multipart } else { Encoding::Form },
        media_type: if multipart { "multipart/form-data" } else { "application/x-www-form-urlencoded" }.to_owned(),
        of: Type::Named(name),
        required: true,
        description: String::new(),
        example: None,
        styles: if multipart { IndexMap::new() } else { styles },
        origin: origin(form[0]),
    })
}

/// The first media type an operation takes, JSON before others.
fn consumes<'d>(reader: &Reader<'d>, node: Node<'d>) -> Option<&'d str> {
    first_media(node.get("consumes").or_else(|| reader.documents.root().get("consumes")))
}

fn first_media(list: Option<Node<'_>>) -> Option<&str> {
    let all: Vec<&str> = list.into_iter().flat_map(Node::items).filter_map(Node::text).collect();
    all.iter().find(|name| media::encoding(name) == Encoding::Json).or(all.first()).copied()
}

/// Swagger 2.0 has the schema in the response, and the media type in `produces`.
pub fn swagger_content<'d>(
    reader: &mut Reader<'d>,
    node: Node<'d>,
    response: Node<'d>,
    hint: &str,
) -> Result<Option<Content>, Fault> {
    let Some(schema) = response.get("schema") else { return Ok(None) };
    let produces = first_media(node.get("produces").or_else(|| reader.documents.root().get("produces")));
    check_media_type(produces.unwrap_or_default(), response)?;
    let of = reader.types.read(schema, hint, &mut reader.notes)?;
    let encoding = match (&of, produces.map_or(Encoding::Json, media::encoding)) {
        (Type::Bytes, _) => Encoding::Bytes,
        (_, Encoding::Json) => Encoding::Json,
        (_, Encoding::Text) => Encoding::Text,
        _ => Encoding::Bytes,
    };
    let of = match encoding {
        Encoding::Json => of,
        Encoding::Text => Type::Text,
        _ => Type::Bytes,
    };
    let example = response
        .get("examples")
        .and_then(|examples| examples.get("application/json"))
        .map(Node::to_json)
        .or_else(|| example(schema));
    Ok(Some(Content {
        media_type: produces.unwrap_or("application/json").to_owned(),
        encoding,
        of,
        optional: false,
        example,
    }))
}

#[cfg(test)]
mod tests {
    use crate::model::Outcome;
    use crate::source::Filter;
    use crate::source::documents::{Documents, Place};
    use crate::source::tree::Tree;

    /// Why the one operation of a document with this path parameter is not generated; empty where it is.
    fn reason(parameter: &str) -> String {
        let text = format!(
            "openapi: 3.1.0\npaths:\n  /a/{{p}}:\n    get: {{parameters: [{{name: p, in: path, required: true, {parameter}}}], responses: {{'204': {{}}}}}}"
        );
        let documents = Documents::load(Tree::parse("a.yaml", text.as_bytes()).unwrap(), &Place::Elsewhere).unwrap();
        let service = super::super::read(&documents, &Filter::default()).unwrap();
        service.ledger.entries[0].reasons.first().map(|reason| reason.what.clone()).unwrap_or_default()
    }

    #[test]
    fn a_path_takes_plain_values_and_lists_of_them() {
        for parameter in ["schema: {type: string}", "schema: {type: array, items: {type: integer}}, style: simple"] {
            assert_eq!(reason(parameter), "", "{parameter}");
        }
        for (parameter, why) in [
            ("schema: {type: object, properties: {x: {type: string}}}", "more than plain values"),
            ("schema: {type: array, items: {type: array, items: {type: string}}}", "more than plain values"),
            ("schema: {type: string}, style: label", "the style `label`"),
        ] {
            assert!(reason(parameter).contains(why), "{parameter}: {}", reason(parameter));
        }
    }

    #[test]
    fn a_get_carries_no_body() {
        for (required, outcome) in [(false, Outcome::Degraded), (true, Outcome::Skipped)] {
            let text = format!(
                "openapi: 3.1.0\npaths:\n  /a:\n    get: {{requestBody: {{required: {required}, content: {{application/json: {{schema: {{type: integer}}}}}}}}, responses: {{'204': {{}}}}}}"
            );
            let documents =
                Documents::load(Tree::parse("a.yaml", text.as_bytes()).unwrap(), &Place::Elsewhere).unwrap();
            let entry = &super::super::read(&documents, &Filter::default()).unwrap().ledger.entries[0];
            assert_eq!(entry.outcome, outcome);
            assert!(entry.reasons[0].what.starts_with("the body of a GET request"), "{:?}", entry.reasons);
        }
    }
}
