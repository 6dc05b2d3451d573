//! What a media type's `encoding` says of the fields of a form.

use indexmap::IndexMap;

use super::media;
use super::schema::Types;
use crate::model::ledger::Reason;
use crate::model::operations::{Encoding, Style};
use crate::model::types::{Shape, Type};
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
            said.for_each(|(name, node)| note_part(name, node, field(of, name, types), notes));
            IndexMap::new()
        }
        _ => IndexMap::new(),
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
fn note_part(name: &str, node: Node<'_>, of: Option<&Type>, notes: &mut Vec<Reason>) {
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

    #[test]
    fn a_field_that_cannot_be_sent_as_it_should_is_noted() {
        let tree = Tree::parse("a.yaml", b"{contentType: application/xml}").unwrap();
        let mut notes = Vec::new();
        assert_eq!(style("plan", tree.root(), &mut notes), None);
        assert_eq!(notes[0].what, "the form's field `plan` is not sent as `application/xml`");
    }
}
