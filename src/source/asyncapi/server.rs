//! The servers of a document, and which of them a channel stands at.

use super::Dialect;
use super::find::last_part;
use crate::model::channels::Broker;
use crate::source::documents::Documents;
use crate::source::openapi::schema::origin;
use crate::source::tree::Node;

/// All servers, in the order of the source.
pub fn all(documents: &Documents, dialect: Dialect) -> Vec<Broker> {
    declared(documents).filter_map(|(_, node)| server(documents, node, dialect)).collect()
}

/// What the servers of a channel speak, each protocol once: `amqp`, `kafka`.
pub fn protocols(documents: &Documents, dialect: Dialect, channel: Node<'_>) -> Vec<String> {
    let named: Vec<String> = channel
        .get("servers")
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|node| match dialect {
            Dialect::V2 => node.text().map(str::to_owned),
            Dialect::V3 => node.get_text("$ref").map(last_part),
        })
        .collect();
    let mut found: Vec<String> = Vec::new();
    for (name, node) in declared(documents) {
        let protocol = node.get_text("protocol").unwrap_or_default().to_lowercase();
        if (named.is_empty() || named.iter().any(|known| known == name))
            && !protocol.is_empty()
            && !found.contains(&protocol)
        {
            found.push(protocol);
        }
    }
    found
}

fn declared(documents: &Documents) -> impl Iterator<Item = (&str, Node<'_>)> {
    let servers = documents.root().get("servers").into_iter().flat_map(Node::entries);
    servers.filter_map(|(name, node)| Some((name, documents.resolve(node).ok()?.0)))
}

fn server(documents: &Documents, node: Node<'_>, dialect: Dialect) -> Option<Broker> {
    let protocol = node.get_text("protocol").unwrap_or("amqp").to_lowercase();
    let place = match dialect {
        Dialect::V2 => node.get_text("url")?.to_owned(),
        Dialect::V3 => format!("{}{}", node.get_text("host")?, node.get_text("pathname").unwrap_or_default()),
    };
    let mut url = if place.contains("://") { place } else { format!("{protocol}://{place}") };
    for (name, variable) in node.get("variables").into_iter().flat_map(Node::entries) {
        let variable = documents.resolve(variable).map_or(variable, |(target, _)| target);
        url = url.replace(&format!("{{{name}}}"), variable.get_text("default").unwrap_or_default());
    }
    let security = node.get("security").into_iter().flat_map(Node::items);
    let security = security.filter_map(|one| match one.get_text("$ref") {
        Some(reference) => Some(last_part(reference)),
        None => one.entries().next().map(|(name, _)| name.to_owned()).filter(|_| dialect == Dialect::V2),
    });
    Some(Broker {
        url: crate::source::credentials::shown(&url).trim_end_matches('/').to_owned(),
        description: node.get_text("description").unwrap_or_default().trim().to_owned(),
        security: security.collect(),
        origin: origin(node),
    })
}
