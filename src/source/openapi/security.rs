//! Security schemes, as OpenAPI 3 and Swagger 2.0 name them.

use indexmap::IndexMap;

use super::Dialect;
use super::schema::origin;
use crate::model::operations::{Location, Operation, Parameter};
use crate::model::{SecurityKind, SecurityScheme};
use crate::source::documents::Documents;
use crate::source::tree::Node;

/// All schemes the document declares, by their names there.
pub fn schemes(documents: &Documents, dialect: Dialect) -> IndexMap<String, SecurityScheme> {
    let root = documents.root();
    let declared = match dialect {
        Dialect::Swagger2 => root.get("securityDefinitions"),
        Dialect::OpenApi3 => root.get("components").and_then(|components| components.get("securitySchemes")),
    };
    let resolved = declared
        .into_iter()
        .flat_map(Node::entries)
        .filter_map(|(name, node)| Some((name, documents.resolve(node).ok()?.0)));
    resolved
        .map(|(name, node)| {
            let description = node.get_text("description").unwrap_or_default().to_owned();
            (name.to_owned(), SecurityScheme { kind: kind(node), description, origin: origin(node) })
        })
        .collect()
}

/// Alternatives, each a set of schemes with their scopes.
pub fn sets(list: Option<Node<'_>>) -> Vec<IndexMap<String, Vec<String>>> {
    let scopes = |node: Node<'_>| node.items().filter_map(Node::text).map(str::to_owned).collect();
    let sets = list.into_iter().flat_map(Node::items);
    sets.map(|set| set.entries().map(|(name, node)| (name.to_owned(), scopes(node))).collect()).collect()
}

/// What most operations want, so that only the others need say it; scopes do not part them.
pub fn usual(operations: &[Operation]) -> Vec<IndexMap<String, Vec<String>>> {
    let mut counts: Vec<(&Operation, usize)> = Vec::new();
    for operation in operations {
        match counts.iter_mut().find(|(known, _)| known.has_security_of(&operation.security)) {
            Some((_, count)) => *count += 1,
            None => counts.push((operation, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    counts.into_iter().find(|(_, count)| Some(*count) == most).map(|(one, _)| one.security.clone()).unwrap_or_default()
}

/// Whether a parameter is the key that one of these `sets` sends already, from the settings.
pub fn holds(
    schemes: &IndexMap<String, SecurityScheme>,
    sets: &[IndexMap<String, Vec<String>>],
    parameter: &Parameter,
) -> bool {
    let kinds = |set: &IndexMap<String, Vec<String>>| -> Option<Vec<&SecurityKind>> {
        set.keys().map(|name| Some(&schemes.get(name)?.kind).filter(|kind| kind.is_sent())).collect()
    };
    // An alternative of which a part cannot be sent is never taken.
    sets.iter().filter_map(kinds).flatten().any(|kind| match kind {
        SecurityKind::ApiKey { location, name } if *location == parameter.location => match location {
            Location::Header => name.eq_ignore_ascii_case(&parameter.name),
            _ => *name == parameter.name,
        },
        _ => false,
    })
}

fn kind(node: Node<'_>) -> SecurityKind {
    let text = |key: &str| node.get_text(key).unwrap_or_default().to_owned();
    match node.get_text("type").unwrap_or_default() {
        "basic" => SecurityKind::Basic,
        "http" => match node.get_text("scheme").unwrap_or_default().to_lowercase().as_str() {
            "basic" => SecurityKind::Basic,
            "bearer" => SecurityKind::Bearer,
            other => SecurityKind::Other { name: other.to_owned() },
        },
        "apiKey" => match node.get_text("in") {
            Some("query") => SecurityKind::ApiKey { location: Location::Query, name: text("name") },
            Some("cookie") => SecurityKind::ApiKey { location: Location::Cookie, name: text("name") },
            Some("header") => SecurityKind::ApiKey { location: Location::Header, name: text("name") },
            _ => SecurityKind::Other { name: "apiKey".to_owned() },
        },
        "oauth2" => oauth2(node),
        "userPassword" => SecurityKind::UserPassword {},
        "openIdConnect" => SecurityKind::OpenidConnect { url: text("openIdConnectUrl") },
        other => SecurityKind::Other { name: other.to_owned() },
    }
}

fn oauth2(node: Node<'_>) -> SecurityKind {
    let flows: Vec<Node<'_>> = match node.get("flows") {
        Some(flows) => flows.entries().map(|(_, flow)| flow).collect(),
        None => vec![node],
    };
    let token_url = flows.iter().find_map(|flow| flow.get_text("tokenUrl")).map(str::to_owned);
    let scopes = flows.iter().filter_map(|flow| flow.get("scopes")).flat_map(Node::entries);
    let scopes = scopes.map(|(name, text)| (name.to_owned(), text.text().unwrap_or_default().to_owned())).collect();
    SecurityKind::Oauth2 { token_url, scopes }
}
