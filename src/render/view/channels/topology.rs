//! What must be at the broker: exchanges, the queues we receive from, and the keys by which messages find them.

use minijinja::Value;

use super::messages::Messages;
use super::{code, parameter_scope};
use crate::model::channels::{Action, Channel, Channels, Correlation, ExchangeKind};
use crate::render::engine::Code;
use crate::render::language::Language;
use crate::render::names::{Role, Scope, spell};
use crate::{view, words};

/// The longest a queue's own part of its name gets: room is needed for a prefix and what we put behind it.
const QUEUE_LENGTH: usize = 120;

/// A channel as the code spells it.
pub struct Spot {
    /// Of the routing key, or of the queue's name.
    pub key: String,
    /// With the names of parameters as the language spells them.
    pub address: String,
    /// What a queue is bound with.
    pub pattern: String,
    /// None for a queue, to which messages go without one.
    pub exchange: Option<String>,
    pub exchange_name: String,
    pub queue: String,
    pub queue_constant: String,
    pub attribute: String,
    pub parameters: Vec<String>,
}

/// All channels with their exchanges.
pub struct Topology<'s> {
    surface: &'s Channels,
    exchanges: Vec<Hub>,
    spots: Vec<Spot>,
}

/// An exchange, and who uses it.
struct Hub {
    constant: String,
    name: String,
    kind: ExchangeKind,
    durable: bool,
    is_sent_to: bool,
    is_received_from: bool,
}

impl<'s> Topology<'s> {
    /// `entry` names the exchange where the source names none, and begins the names of our queues.
    pub fn new(surface: &'s Channels, language: &Language, entry: &str) -> Self {
        let mut topology = Self { surface, exchanges: Vec::new(), spots: Vec::new() };
        let mut constants = Scope::with(["SERVICE"]);
        let mut attributes = Scope::with(["_config", "_consumer", "config", "consumer"]);
        for channel in surface.channels.iter().filter(|channel| !channel.is_queue) {
            topology.meet(channel, entry, language, &mut constants);
        }
        let mut queues: Vec<String> = Vec::new();
        for channel in &surface.channels {
            let spot = topology.channel(channel, entry, language, (&mut constants, &mut attributes, &mut queues));
            topology.spots.push(spot);
        }
        topology
    }

    /// Notes the exchange of a channel, each once.
    fn meet(&mut self, channel: &Channel, entry: &str, language: &Language, constants: &mut Scope) {
        let uses = |action| {
            self.surface
                .operations
                .iter()
                .any(|operation| operation.channel == channel.id && operation.action == action)
        };
        let (sends, receives) = (uses(Action::Send), uses(Action::Receive));
        let name = exchange_name(channel, entry);
        if let Some(known) = self.exchanges.iter_mut().find(|known| known.name == name) {
            known.is_sent_to |= sends;
            known.is_received_from |= receives;
            return;
        }
        let exchange = channel.exchange.as_ref();
        self.exchanges.push(Hub {
            constant: free(constants, language, &[name, &format!("{name} exchange")]),
            name: name.to_owned(),
            kind: exchange.map_or(ExchangeKind::Topic, |exchange| exchange.kind),
            durable: exchange.is_none_or(|exchange| exchange.durable),
            is_sent_to: sends,
            is_received_from: receives,
        });
    }

    fn channel(
        &self,
        channel: &Channel,
        entry: &str,
        language: &Language,
        (constants, attributes, queues): (&mut Scope, &mut Scope, &mut Vec<String>),
    ) -> Spot {
        let mut scope = parameter_scope();
        let parameters: Vec<String> =
            channel.parameters.iter().map(|parameter| scope.name(language, Role::Variable, &parameter.name)).collect();
        let address = channel.routing_key(&parameters);
        let exchange = self.exchanges.iter().find(|hub| !channel.is_queue && hub.name == exchange_name(channel, entry));
        let key = free(constants, language, &[&channel.id, &format!("{} key", channel.id)]);
        let queue_constant = free(constants, language, &[&format!("{} queue", channel.id)]);
        Spot {
            pattern: channel.binding(),
            queue: if channel.is_queue { address.clone() } else { queue_name(entry, &channel.id, queues) },
            key,
            queue_constant,
            address,
            exchange: exchange.map(|hub| hub.constant.clone()),
            exchange_name: exchange.map(|hub| hub.name.clone()).unwrap_or_default(),
            attribute: attributes.name(language, Role::Field, &channel.id),
            parameters,
        }
    }

    pub fn spot(&self, channel: &Channel) -> &Spot {
        let at = self.surface.channels.iter().position(|other| other.id == channel.id).unwrap_or_default();
        &self.spots[at]
    }

    pub fn exchanges(&self) -> Value {
        let one = |hub: &Hub| {
            view! {
                constant: code(&hub.constant),
                name: hub.name.clone(),
                kind: match hub.kind {
                    ExchangeKind::Topic => "topic",
                    ExchangeKind::Direct => "direct",
                    ExchangeKind::Fanout => "fanout",
                },
                durable: hub.durable,
                is_sent_to: hub.is_sent_to,
                is_received_from: hub.is_received_from,
            }
        };
        Value::from(self.exchanges.iter().map(one).collect::<Vec<_>>())
    }

    pub fn keys(&self) -> Value {
        let one = |spot: &Spot| view! { constant: Code(spot.key.clone()), address: spot.address.clone() };
        Value::from(self.spots.iter().map(one).collect::<Vec<_>>())
    }

    /// The queues we receive from, one for each channel.
    pub fn subscriptions(&self, messages: &Messages<'_>) -> Value {
        let receives = |channel: &&Channel| {
            self.surface
                .operations
                .iter()
                .any(|operation| operation.channel == channel.id && operation.action == Action::Receive)
        };
        let one = |channel: &Channel| {
            let spot = self.spot(channel);
            let mut expected: Vec<&str> = Vec::new();
            let mut headers: Vec<&str> = Vec::new();
            for message in messages.received_from(channel) {
                if !expected.contains(&message.wire()) {
                    expected.push(message.wire());
                }
                if let Some(Correlation::Header(name)) = &message.correlation
                    && !headers.contains(&name.as_str())
                {
                    headers.push(name);
                }
            }
            let texts = |all: Vec<&str>| all.into_iter().map(Value::from).collect::<Vec<_>>();
            view! {
                key: code(&spot.key),
                queue_constant: code(&spot.queue_constant),
                queue: spot.queue.clone(),
                attribute: code(&spot.attribute),
                exchange: spot.exchange.as_ref().map_or(Value::from(()), |constant| code(constant)),
                pattern: spot.pattern.clone(),
                is_bound_wider: channel.is_bound_wider(),
                expected: texts(expected),
                correlation_headers: texts(headers),
            }
        };
        Value::from(self.surface.channels.iter().filter(receives).map(one).collect::<Vec<_>>())
    }
}

/// The exchange that the source names, or one that is called like the adapter.
fn exchange_name<'a>(channel: &'a Channel, entry: &'a str) -> &'a str {
    channel.exchange.as_ref().map_or(entry, |exchange| &exchange.name)
}

/// `orders.payment-events`: told from other applications' queues by the adapter's name.
fn queue_name(entry: &str, id: &str, taken: &mut Vec<String>) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let words: String = words::split(id).join("-").chars().filter(plain).take(QUEUE_LENGTH).collect();
    let words = if words.is_empty() { "messages" } else { words.as_str() };
    let (mut name, mut count) = (format!("{entry}.{words}"), 2);
    while taken.contains(&name) {
        name = format!("{entry}.{words}-{count}");
        count += 1;
    }
    taken.push(name.clone());
    name
}

/// The first of `wanted` that is free, or the last with a number.
fn free(scope: &mut Scope, language: &Language, wanted: &[&str]) -> String {
    let best = wanted.iter().find(|words| scope.is_free(&spell(language, Role::Constant, words)));
    scope.name(language, Role::Constant, best.or(wanted.last()).unwrap_or(&""))
}
