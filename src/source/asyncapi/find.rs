//! Where operations, their channels and their messages stand in either version.

use super::Dialect;
use crate::model::channels::Action;
use crate::source::documents::{Documents, Fault, fault};
use crate::source::tree::Node;

/// One operation of the document, before it is read.
pub struct Found<'d> {
    pub id: String,
    /// None where the document names none that we know.
    pub action: Option<Action>,
    pub node: Node<'d>,
    pub channel: Result<Place<'d>, Box<Fault>>,
}

/// A channel, before it is read.
#[derive(Clone)]
pub struct Place<'d> {
    pub id: String,
    /// None where the document leaves it open.
    pub address: Option<&'d str>,
    pub node: Node<'d>,
}

impl Found<'_> {
    /// As the ledger names it: `send OrderCreated on orders.events`.
    pub fn line(&self, message: Option<&str>) -> String {
        let action = self.action.map_or("use", Action::name);
        let place = self.channel.as_ref().map_or(self.id.as_str(), |channel| channel.address.unwrap_or(&channel.id));
        match message {
            Some(message) => format!("{action} {message} on {place}"),
            None => format!("{action} on {place}"),
        }
    }
}

/// All operations in the order of the source.
pub fn operations(documents: &Documents, dialect: Dialect) -> Vec<Found<'_>> {
    match dialect {
        Dialect::V2 => in_channels(documents),
        Dialect::V3 => of_their_own(documents),
    }
}

fn of_their_own(documents: &Documents) -> Vec<Found<'_>> {
    let declared = documents.root().get("operations").into_iter().flat_map(Node::entries).filter(is_no_extension);
    declared
        .map(|(id, node)| {
            let node = documents.resolve(node).map_or(node, |(target, _)| target);
            let action = match node.get_text("action") {
                Some("send") => Some(Action::Send),
                Some("receive") => Some(Action::Receive),
                _ => None,
            };
            Found { id: id.to_owned(), action, node, channel: channel(documents, node).map_err(Box::new) }
        })
        .collect()
}

fn channel<'d>(documents: &'d Documents, operation: Node<'d>) -> Result<Place<'d>, Fault> {
    let Some(named) = operation.get("channel") else { return Err(fault(operation, "no channel is named")) };
    let (node, reference) = documents.resolve(named)?;
    if !node.is_map() {
        return Err(fault(named, "a channel was wanted here, a map"));
    }
    let id = reference.map_or_else(|| "channel".to_owned(), last_part);
    let address = node.get("address").filter(|address| !address.is_null()).and_then(Node::text);
    Ok(Place { id, address, node })
}

fn in_channels(documents: &Documents) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (address, item) in documents.root().get("channels").into_iter().flat_map(Node::entries).filter(is_no_extension)
    {
        let item = documents.resolve(item).map_or(item, |(target, _)| target);
        let actions = [("subscribe", Action::Send), ("publish", Action::Receive)];
        for (key, node) in item.entries() {
            let Some((_, action)) = actions.iter().find(|(known, _)| *known == key) else { continue };
            let id = node.get_text("operationId").filter(|id| !id.is_empty());
            found.push(Found {
                id: id.map_or_else(|| format!("{key} {address}"), str::to_owned),
                action: Some(*action),
                node,
                channel: Ok(Place { id: address.to_owned(), address: Some(address), node: item }),
            });
        }
    }
    found
}

/// The messages of an operation, each with the key it is known by.
pub fn messages<'d>(
    documents: &'d Documents,
    found: &Found<'d>,
    channel: &Place<'d>,
) -> Result<Vec<(String, Node<'d>)>, Fault> {
    let mut named: Vec<(String, Node<'d>)> = Vec::new();
    let one_of = |message: Node<'d>| message.get("oneOf").filter(|list| list.is_list());
    if let Some(list) = found.node.get("messages").filter(|list| list.is_list()) {
        named.extend(list.items().map(|message| (String::new(), message)));
    } else if let Some(message) = found.node.get("message") {
        let (target, _) = documents.resolve(message)?;
        match one_of(target) {
            Some(list) => named.extend(list.items().map(|message| (String::new(), message))),
            None => named.push((String::new(), message)),
        }
    } else {
        named.extend(
            channel
                .node
                .get("messages")
                .into_iter()
                .flat_map(Node::entries)
                .map(|(key, message)| (key.to_owned(), message)),
        );
    }
    let mut all: Vec<(String, Node<'d>)> = Vec::new();
    for (at, (key, message)) in named.iter().enumerate() {
        let (node, reference) = documents.resolve(*message)?;
        if !node.is_map() {
            return Err(fault(*message, "a message was wanted here, a map"));
        }
        let key = match reference {
            Some(reference) => last_part(reference),
            None if !key.is_empty() => key.clone(),
            None if named.len() == 1 => format!("{} message", found.id),
            None => format!("{} message {}", found.id, at + 1),
        };
        all.push((key, node));
    }
    Ok(all)
}

/// What `node` says under `key`, or one of its traits does.
pub fn first<'d>(documents: &'d Documents, node: Node<'d>, key: &str) -> Option<Node<'d>> {
    node.get(key).or_else(|| {
        let traits: Vec<Node<'d>> = node.get("traits").into_iter().flat_map(Node::items).collect();
        traits.into_iter().rev().find_map(|part| documents.resolve(part).ok()?.0.get(key))
    })
}

/// What a node says about AMQP, of its own or by a trait.
pub fn amqp<'d>(documents: &'d Documents, node: Node<'d>) -> Option<Node<'d>> {
    let bindings = documents.resolve(first(documents, node, "bindings")?).ok()?.0;
    Some(documents.resolve(bindings.get("amqp")?).ok()?.0)
}

/// `#/components/messages/a~1b` → `a/b`.
pub fn last_part(reference: &str) -> String {
    let last = reference.rsplit(['/', '#']).next().unwrap_or_default();
    last.replace("~1", "/").replace("~0", "~").replace("%20", " ")
}

fn is_no_extension((key, _): &(&str, Node<'_>)) -> bool {
    !key.starts_with("x-")
}
