//! What a media type's `encoding` says of the fields of a form.

use indexmap::IndexMap;

use super::media;
use super::schema::Types;
use crate::model::ledger::Reason;
use crate::model::operations::{Encoding, Style};
use crate::model::types::{Field, Shape, Type};
use crate::source::documents::fault;
use crate::source::tree::Node;

/// How the fields of the form `of` are written, by their names; what cannot be done is noted.
pub fn styles(
    content: Node<'_>,
    encoding: Encoding,
    of: &Type,
    types: &Types<'_>,
    notes: &mut Vec<Reason>,
) -> IndexMap<String, Style> {
    let said = content.get("encoding").into_iter().flat_map(Node::entries);
    match encoding {
        Encoding::Form => said.filter_map(|(name, node)| Some((name.to_owned(), style(name, node, notes)?))).collect(),
        Encoding::Multipart => {
            said.for_each(|(name, node)| note_part(name, node, field(of, name, types), types, notes));
            IndexMap::new()
        }
        _ => IndexMap::new(),
    }
}

/// Whether a body has fields that a form can be made of.
pub fn has_fields(of: &Type, types: &Types<'_>) -> bool {
    match of.not_null() {
        Type::Json | Type::Map(_) => true,
        Type::Named(name) if let Some(Shape::Alias(of)) = types.found.get(name).map(|found| &found.shape) => {
            matches!(of.not_null(), Type::Json | Type::Map(_)) || !records(of, types, 0).is_empty()
        }
        of => !records(of, types, 0).is_empty(),
    }
}

/// Whether one of the fields of a form is a file, or several.
pub fn holds_file(of: &Type, types: &Types<'_>) -> bool {
    let is_file = |of: &Type| match of.not_null() {
        Type::List(item) => *item.not_null() == Type::Bytes,
        of => *of == Type::Bytes,
    };
    records(of, types, 0).iter().any(|fields| fields.iter().any(|field| is_file(&field.of)))
}

/// The fields of each record that a body may be; none where it may be anything else.
fn records<'t>(of: &'t Type, types: &'t Types<'_>, depth: usize) -> Vec<&'t [Field]> {
    const DEEPEST: usize = 8;
    let each = |variants: &'t [Type]| {
        let each: Vec<Vec<&[Field]>> = variants.iter().map(|variant| records(variant, types, depth + 1)).collect();
        if each.iter().any(Vec::is_empty) { Vec::new() } else { each.concat() }
    };
    match of.not_null() {
        _ if depth > DEEPEST => Vec::new(),
        Type::Union(variants) => each(variants),
        Type::Named(name) => match types.found.get(name).map(|found| &found.shape) {
            Some(Shape::Record { fields, .. }) => vec![fields],
            Some(Shape::Union { variants, .. }) => each(variants),
            Some(Shape::Alias(of)) => records(of, types, depth + 1),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn style(name: &str, node: Node<'_>, notes: &mut Vec<Reason>) -> Option<Style> {
    match (node.get_text("style"), node.get_bool("explode"), node.get_text("contentType")) {
        (Some("deepObject"), ..) => Some(Style::Brackets),
        (Some("spaceDelimited"), ..) => Some(Style::Space),
        (Some("pipeDelimited"), ..) => Some(Style::Pipe),
        (Some(_), Some(false), _) | (None, Some(false), None) => Some(Style::Comma),
        (Some(_), ..) | (None, Some(true), None) => Some(Style::Repeat),
        (None, _, Some(kind)) if media::encoding(kind) == Encoding::Json => Some(Style::Json),
        (None, _, Some(kind)) if !kind.starts_with("text/plain") => {
            notes.push(fault(node, format!("the form's field `{name}` is not sent as `{kind}`")));
            None
        }
        _ => None,
    }
}

/// Files are sent with the type that the caller names, records as JSON, all else as text.
fn note_part(name: &str, node: Node<'_>, of: Option<&Type>, types: &Types<'_>, notes: &mut Vec<Reason>) {
    let is_list = of.is_some_and(|of| matches!(of.not_null(), Type::List(_)));
    let has_parts = is_list || of.is_some_and(|of| matches!(of, Type::Map(_)) || !records(of, types, 0).is_empty());
    let says = node.get("style").or_else(|| node.get("explode"));
    match says.and_then(|_| style(name, node, notes)) {
        Some(Style::Repeat) if is_list => {}
        Some(_) if has_parts => {
            let how = if is_list { "once for each value" } else { "as JSON" };
            notes.push(fault(node, format!("the part `{name}` is sent {how}, whatever its style")));
        }
        _ => {}
    }
    if node.get("headers").is_some_and(|headers| headers.entries().next().is_some()) {
        notes.push(fault(node, format!("the headers of the part `{name}` are not sent")));
    }
    let (Some(kind), Some(of)) = (node.get_text("contentType"), of) else { return };
    let holds_files = |of: &Type| *of.not_null() == Type::Bytes;
    let is_sent = match of.not_null() {
        Type::List(item) if holds_files(item) => true,
        Type::Named(_) | Type::Map(_) | Type::Json => kind.split(',').any(|one| media::encoding(one) == Encoding::Json),
        other => holds_files(other) || kind.contains("text/plain"),
    };
    if !is_sent {
        notes.push(fault(node, format!("the part `{name}` is not sent as `{kind}`")));
    }
}

fn field<'t>(of: &Type, name: &str, types: &'t Types<'_>) -> Option<&'t Type> {
    let Type::Named(record) = of.not_null() else { return None };
    match &types.found.get(record)?.shape {
        Shape::Record { fields, .. } => Some(&fields.iter().find(|field| field.name == name)?.of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outcome;
    use crate::source::Filter;
    use crate::source::documents::{Documents, Place};
    use crate::source::tree::Tree;

    #[test]
    fn a_form_s_encoding_says_how_each_field_is_written() {
        for (said, wanted) in [
            ("{style: deepObject, explode: true}", Some(Style::Brackets)),
            ("{style: form}", Some(Style::Repeat)),
            ("{explode: true}", Some(Style::Repeat)),
            ("{explode: false}", Some(Style::Comma)),
            ("{style: pipeDelimited}", Some(Style::Pipe)),
            ("{style: spaceDelimited}", Some(Style::Space)),
            ("{contentType: application/json}", Some(Style::Json)),
            ("{contentType: text/plain}", None),
        ] {
            let tree = Tree::parse("a.yaml", said.as_bytes()).unwrap();
            let mut notes = Vec::new();
            assert_eq!(style("tags", tree.root(), &mut notes), wanted, "{said}");
            assert!(notes.is_empty(), "{said}");
        }
    }

    /// What becomes of an operation that sends a form of this schema: its outcome, and why.
    fn sent(schema: &str, media: &str) -> (Outcome, String) {
        let text = format!(
            "openapi: 3.1.0\npaths:\n  /a:\n    post: {{requestBody: {{content: {{{media}: {{schema: {schema}}}}}}}, responses: {{'204': {{}}}}}}\ncomponents: {{schemas: {{M: {{type: object, additionalProperties: {{type: string}}}}, S: {{type: string}}}}}}"
        );
        let documents = Documents::load(Tree::parse("a.yaml", text.as_bytes()).unwrap(), &Place::Elsewhere).unwrap();
        let entry = crate::source::openapi::read(&documents, &Filter::default()).unwrap().ledger.entries.remove(0);
        (entry.outcome, entry.reasons.first().map(|reason| reason.what.clone()).unwrap_or_default())
    }

    #[test]
    fn a_form_is_made_of_fields_and_a_file_goes_in_parts() {
        let form = "application/x-www-form-urlencoded";
        for (schema, media, outcome, why) in [
            ("{type: string}", "multipart/form-data", Outcome::Skipped, "no fields to send"),
            ("{$ref: '#/components/schemas/S'}", form, Outcome::Skipped, "no fields to send"),
            ("{$ref: '#/components/schemas/M'}", form, Outcome::Generated, ""),
            ("{properties: {a: {type: string}}}", form, Outcome::Generated, ""),
            (
                "{properties: {a: {type: string, format: binary}}}",
                form,
                Outcome::Degraded,
                "sent as multipart/form-data",
            ),
        ] {
            let found = sent(schema, media);
            assert!(found.0 == outcome && found.1.contains(why), "{schema}: {found:?}");
        }
    }

    #[test]
    fn a_field_that_cannot_be_sent_as_it_should_is_noted() {
        let tree = Tree::parse("a.yaml", b"{contentType: application/xml}").unwrap();
        let mut notes = Vec::new();
        assert_eq!(style("plan", tree.root(), &mut notes), None);
        assert_eq!(notes[0].what, "the form's field `plan` is not sent as `application/xml`");
    }
}
