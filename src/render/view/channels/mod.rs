//! Channels as one language spells them: what is sent and received, by which methods, and what must be at the broker.

mod messages;
mod options;
mod samples;
mod topology;

use minijinja::Value;
use serde_json::Value as Json;

use self::messages::Messages;
use self::topology::{Spot, Topology};
use super::{Names, code, docs, operations};
use crate::model::Service;
use crate::model::channels::{Action, Channel, Channels, Correlation, Message};
use crate::model::types::Type;
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::language::Language;
use crate::render::names::{Role, Scope};
use crate::view;

/// Names that the methods of a publisher use themselves.
const TAKEN: [&str; 16] = [
    "self",
    "payload",
    "headers",
    "messages",
    "topology",
    "message_id",
    "timeout_seconds",
    "routing_key",
    "options",
    "messageId",
    "timeoutSeconds",
    "routingKey",
    "parameters",
    "signal",
    "exchange",
    "filled",
];

/// What the templates of a queue see beside what all patterns have.
pub fn view(
    service: &Service,
    surface: &Channels,
    names: &Names,
    language: &Language,
    options: &Json,
    entry: &str,
) -> Vec<(&'static str, Value)> {
    let named = messages::with_names(service, surface);
    let messages = Messages::new(&named, surface, language);
    let topology = Topology::new(surface, language, entry);
    let mut methods = Methods {
        surface,
        language,
        messages: &messages,
        topology: &topology,
        sent: Scope::with(["publish", "close", "open"]),
        received: Scope::with(["run", "idle"]),
    };
    let sent = methods.all(Action::Send);
    let received = methods.all(Action::Receive);
    let symbols: Vec<Value> = sent.iter().chain(&received).filter_map(|one| one.get_attr("method").ok()).collect();
    let mut entries = vec![
        ("ledger", operations::ledger(service)),
        ("declarations", messages.declarations()),
        ("constants", messages.constants()),
        ("exchanges", topology.exchanges()),
        ("keys", topology.keys()),
        ("subscriptions", topology.subscriptions(&messages)),
        ("sent", Value::from(sent)),
        ("received", Value::from(received)),
        ("symbols", Value::from(symbols)),
        ("server", server(surface)),
    ];
    entries.extend(options::view(service, surface, names, language, options));
    entries
}

/// The address of the document's own broker, where it has one that speaks AMQP.
fn server(surface: &Channels) -> Value {
    let found = surface.servers.iter().find(|server| server.url.starts_with("amqp"));
    found.map_or(Value::from(()), |server| Value::from(server.url.clone()))
}

/// Makes the methods of publisher and consumer.
struct Methods<'v> {
    surface: &'v Channels,
    language: &'v Language,
    messages: &'v Messages<'v>,
    topology: &'v Topology<'v>,
    sent: Scope,
    received: Scope,
}

impl Methods<'_> {
    /// One method for each message of each channel, in the order of the source.
    fn all(&mut self, action: Action) -> Vec<Value> {
        let mut found: Vec<(&str, &Channel, &Message, &str)> = Vec::new();
        for operation in self.surface.operations.iter().filter(|operation| operation.action == action) {
            let Some(channel) = self.surface.channel(&operation.channel) else { continue };
            for message in operation.messages.iter().filter_map(|name| self.surface.message(name)) {
                if !found.iter().any(|(_, other, known, _)| other.id == channel.id && known.name == message.name) {
                    found.push((&operation.id, channel, message, &operation.summary));
                }
            }
        }
        let twice = |message: &Message| found.iter().filter(|(_, _, other, _)| other.name == message.name).count() > 1;
        found
            .iter()
            .map(|(operation, channel, message, summary)| {
                self.method(action, operation, channel, message, (summary, twice(message)))
            })
            .collect()
    }

    fn method(
        &mut self,
        action: Action,
        operation: &str,
        channel: &Channel,
        message: &Message,
        (summary, is_twice): (&str, bool),
    ) -> Value {
        let (verb, joint, scope) = match action {
            Action::Send => ("publish", "to", &mut self.sent),
            Action::Receive => ("on", "from", &mut self.received),
        };
        let words = if is_twice {
            format!("{verb} {} {joint} {}", message.name, channel.id)
        } else {
            format!("{verb} {}", message.name)
        };
        let method = scope.name(self.language, Role::Function, &words);
        let spot = self.topology.spot(channel);
        let parameters = self.parameters(channel, spot);
        let key = samples::key(channel, spot);
        let [payload, headers] = self.messages.names(message, action);
        view! {
            method: Code(method),
            wire: message.wire().to_owned(),
            constant: code(self.messages.constant(message, action)),
            payload_type: code(&payload),
            has_payload: message.payload != Type::Nothing,
            headers_type: if headers.is_empty() { Value::from(()) } else { code(&headers) },
            headers_required: self.messages.named.needs_headers(message),
            parameters: parameters,
            exchange: spot.exchange.as_ref().map_or(Value::from(()), |constant| code(constant)),
            exchange_name: spot.exchange_name.clone(),
            key: code(&spot.key),
            address: spot.address.clone(),
            pattern: spot.pattern.clone(),
            queue: spot.queue.clone(),
            subscription: code(&spot.attribute),
            sentence: sentence(verb, message, summary),
            source: format!("operation `{operation}`, channel `{}`", channel.address),
            deprecated: message.deprecated,
            correlation_header: correlation_header(message),
            samples: samples::view(self.messages, message, action),
            sample_key: key,
            other_key: samples::other_key(channel).map_or(Value::from(()), Value::from),
        }
    }

    fn parameters(&self, channel: &Channel, spot: &Spot) -> Vec<Value> {
        channel
            .parameters
            .iter()
            .zip(&spot.parameters)
            .map(|(parameter, name)| {
                let literal = samples::of_parameter(parameter);
                view! {
                    name: code(name),
                    wire: parameter.name.clone(),
                    type: code(&self.messages.types.express(&parameter.of, Direction::Sent).code),
                    description: docs::value(&parameter.description, None, None),
                    example: literal,
                }
            })
            .collect()
    }
}

/// The header that holds the correlation id.
fn correlation_header(message: &Message) -> Value {
    match &message.correlation {
        Some(Correlation::Header(name)) => Value::from(name.clone()),
        _ => Value::from(()),
    }
}

/// What a method does, one sentence: "Publish `OrderCreated`: a customer placed an order."
fn sentence(verb: &str, message: &Message, summary: &str) -> String {
    let said = [&message.summary, summary, &message.description]
        .into_iter()
        .map(docs::paragraph)
        .find(|text| !text.is_empty())
        .unwrap_or_default();
    let lead = format!("{} `{}`", if verb == "publish" { "Publish" } else { "Handle" }, message.name);
    if said.is_empty() { format!("{lead}.") } else { docs::sentence(&format!("{lead}: {}", lowered(&said))) }
}

/// Without the capital that begins a sentence; names and abbreviations keep theirs.
fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}

/// A scope in which the parameters of a method get their names.
fn parameter_scope() -> Scope {
    Scope::with(TAKEN)
}
