//! A channel and its AMQP bindings → `Channel`, and what of it is not carried over.

use super::find::{Place, amqp};
use super::{Dialect, is_amqp, server};
use crate::model::channels::{Action, AddressParameter, Channel, Exchange, ExchangeKind};
use crate::model::ledger::Reason;
use crate::model::types::Type;
use crate::source::documents::{Documents, Fault, fault};
use crate::source::openapi::schema::origin;
use crate::source::tree::Node;

/// The longest name of an exchange or a queue, and the longest routing key, in bytes.
///
/// Source: AMQP 0-9-1, section 4.2.5.3 (short strings).
const SHORT: usize = 255;

/// A channel, and why what uses it is less than the source says.
#[derive(Debug, Clone)]
pub struct Seen {
    pub channel: Channel,
    pub reasons: Vec<Reason>,
}

/// Reads a channel for what is done with it.
pub fn read(documents: &Documents, dialect: Dialect, place: &Place<'_>, action: Action) -> Result<Seen, Fault> {
    let node = place.node;
    let mut reasons = Vec::new();
    let binding = amqp(documents, node);
    let protocols = server::protocols(documents, dialect, node);
    let speaks_amqp = protocols.is_empty() || protocols.iter().any(|protocol| is_amqp(protocol));
    if !speaks_amqp {
        let spoken = protocols.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        reasons.push(fault(node, format!("the document's server speaks {spoken}; the adapter speaks AMQP 0-9-1")));
    }
    let (exchange, is_queue) = match binding {
        Some(binding) => spread(binding, &mut reasons)?,
        None => (None, false),
    };
    let queue = binding.and_then(|binding| binding.get("queue"));
    let given = queue.filter(|_| is_queue).and_then(|queue| queue.get_text("name")).filter(|name| !name.is_empty());
    let Some(address) = given.or(place.address).filter(|address| !address.is_empty()) else {
        return Err(fault(node, "the channel has no address"));
    };
    check(node, address, action, (exchange.as_ref(), is_queue))?;
    if exchange.is_none() && !is_queue && speaks_amqp {
        reasons.push(fault(node, "no exchange is named: a topic exchange with the name of the adapter stands in"));
    }
    if let Some(queue) = queue.filter(|_| action == Action::Receive) {
        reasons.extend(weaker(queue));
    }
    let text = |key: &str| node.get_text(key).unwrap_or_default().trim().to_owned();
    let channel = Channel {
        id: place.id.clone(),
        address: address.to_owned(),
        title: text("title"),
        description: text("description"),
        protocol: if speaks_amqp { String::new() } else { protocols.first().cloned().unwrap_or_default() },
        parameters: parameters(documents, node, address),
        exchange,
        is_queue,
        origin: origin(node),
    };
    if action == Action::Receive {
        reasons.extend(bound_wider(&channel).map(|what| fault(node, what)));
    }
    Ok(Seen { channel, reasons })
}

/// That a queue gets more than the address says, where it does.
pub fn bound_wider(channel: &Channel) -> Option<String> {
    channel.is_bound_wider().then(|| {
        format!(
            "a parameter is a part of a word of `{}`, which no binding can say: the queue is bound with `{}`, and what does not fit the address is passed over",
            channel.address,
            channel.binding()
        )
    })
}

/// The exchange that a binding names; or that the channel is a queue.
fn spread(binding: Node<'_>, reasons: &mut Vec<Reason>) -> Result<(Option<Exchange>, bool), Fault> {
    if binding.get_text("is") == Some("queue") {
        return Ok((None, true));
    }
    let Some(node) = binding.get("exchange") else { return Ok((None, false)) };
    let name = node.get_text("name").unwrap_or_default();
    let kind = match node.get_text("type").unwrap_or("topic") {
        // The broker's own exchange, by the names of queues.
        "default" => return Ok((None, true)),
        _ if name.is_empty() && node.get("name").is_some() => return Ok((None, true)),
        "topic" => ExchangeKind::Topic,
        "direct" => ExchangeKind::Direct,
        "fanout" => ExchangeKind::Fanout,
        other => return Err(fault(node, format!("messages are not spread by an exchange of the type `{other}`"))),
    };
    if name.len() > SHORT {
        return Err(fault(node, format!("the exchange's name has more than {SHORT} bytes")));
    }
    if node.get_bool("autoDelete") == Some(true) {
        reasons.push(fault(node, "`autoDelete` of the exchange is not read: it stays"));
    }
    let durable = node.get_bool("durable").unwrap_or(true);
    Ok(((!name.is_empty()).then(|| Exchange { name: name.to_owned(), kind, durable }), false))
}

/// What no broker takes as an address.
fn check(
    node: Node<'_>,
    address: &str,
    action: Action,
    (exchange, is_queue): (Option<&Exchange>, bool),
) -> Result<(), Fault> {
    if address.len() > SHORT {
        return Err(fault(node, format!("the address has more than {SHORT} bytes")));
    }
    if action == Action::Send && address.split('.').any(|word| matches!(word, "*" | "#")) {
        return Err(fault(node, format!("`{address}` is a pattern, to which nothing can be sent")));
    }
    if action == Action::Receive && is_queue && names(address).next().is_some() {
        return Err(fault(node, "the name of a queue to receive from has parameters"));
    }
    let is_direct = exchange.is_some_and(|exchange| exchange.kind == ExchangeKind::Direct);
    if action == Action::Receive && is_direct && names(address).next().is_some() {
        return Err(fault(
            node,
            "a direct exchange is asked for whole keys, and the address to receive from has parameters",
        ));
    }
    Ok(())
}

/// What a queue of theirs is and ours is not.
fn weaker(queue: Node<'_>) -> Option<Reason> {
    let found = [("exclusive", true), ("autoDelete", true), ("durable", false)]
        .into_iter()
        .find(|(key, value)| queue.get_bool(key) == Some(*value));
    found
        .map(|(key, value)| fault(queue, format!("`{key}: {value}` of the queue is not read: it is shared, and stays")))
}

/// What the binding of an operation says and is not done.
pub fn unread(documents: &Documents, operation: Node<'_>, action: Action) -> Vec<Reason> {
    let Some(binding) = amqp(documents, operation).filter(|_| action == Action::Send) else { return Vec::new() };
    let keys = ["expiration", "priority", "cc", "bcc"];
    let unread = keys.iter().filter_map(|key| Some((key, binding.get(key)?)));
    unread.map(|(key, node)| fault(node, format!("`{key}` is not sent"))).collect()
}

/// The parameters of an address, in its order; those it names and nobody describes are texts.
fn parameters(documents: &Documents, channel: Node<'_>, address: &str) -> Vec<AddressParameter> {
    let described = channel.get("parameters");
    let mut parameters: Vec<AddressParameter> = Vec::new();
    for name in names(address) {
        if parameters.iter().any(|known| known.name == name) {
            continue;
        }
        let node = described.and_then(|all| all.get(name)).unwrap_or(channel);
        let node = documents.resolve(node).map_or(node, |(target, _)| target);
        let is_described = node.id() != channel.id();
        let schema = node.get("schema").and_then(|schema| Some(documents.resolve(schema).ok()?.0)).unwrap_or(node);
        let values: Vec<serde_json::Value> = schema
            .get("enum")
            .filter(|_| is_described)
            .into_iter()
            .flat_map(Node::items)
            .filter_map(|value| value.text().map(serde_json::Value::from))
            .collect();
        parameters.push(AddressParameter {
            name: name.to_owned(),
            of: if values.is_empty() { Type::Text } else { Type::Literal { values, open: true } },
            description: node
                .get_text("description")
                .or_else(|| schema.get_text("description"))
                .filter(|_| is_described)
                .unwrap_or_default()
                .trim()
                .to_owned(),
            origin: origin(node),
        });
    }
    parameters
}

/// `stock.{region}.reserve` → `region`.
pub fn names(address: &str) -> impl Iterator<Item = &str> {
    address.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}
