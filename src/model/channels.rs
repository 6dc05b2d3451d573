//! The surface of a queue: where messages go, what they hold, and which of them we send or receive.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Origin;
use super::types::{Type, is_false};
use crate::words::split;

/// All channels of an application, as it sees them: `send` is what it sends.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    /// The first is the one to use unless told otherwise; may be empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<Broker>,
    pub channels: Vec<Channel>,
    pub messages: Vec<Message>,
    pub operations: Vec<Exchanged>,
}

impl Channels {
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    pub fn message(&self, name: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.name == name)
    }
}

/// A server that passes messages on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broker {
    /// With the protocol as its scheme, variables filled in with their defaults.
    pub url: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Names of schemes, each of which is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<String>,
    pub origin: Origin,
}

/// Where messages go, and come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// The source's own identifier. Unique.
    pub id: String,
    /// A routing key, a topic or the name of a queue, with `{name}` for parameters.
    pub address: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What its servers speak, where that is not AMQP.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub protocol: String,
    /// In the order of the address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<AddressParameter>,
    /// What spreads the messages by their routing key; None where the source names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Exchange>,
    /// The address is the name of a queue, to which messages go without an exchange of their own.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_queue: bool,
    pub origin: Origin,
}

impl Channel {
    /// The address as a routing key, with `names` for its parameters, and with dots where a document for another protocol
    /// has slashes, as RabbitMQ itself translates them. Where nothing is left of it, the channel's own name stands in.
    ///
    /// Source: RabbitMQ, "MQTT Plugin", section "Topic level separators".
    pub fn routing_key(&self, names: &[impl AsRef<str>]) -> String {
        let mut address = self.address.clone();
        for (parameter, name) in self.parameters.iter().zip(names) {
            address = address.replace(&format!("{{{}}}", parameter.name), &format!("{{{}}}", name.as_ref()));
        }
        if self.protocol.is_empty() {
            return address;
        }
        let key = address.trim_matches('/').replace('/', ".");
        [key, split(&self.id).join(".")].into_iter().find(|key| !key.is_empty()).unwrap_or(address)
    }

    /// What a queue is bound with: any word stands where a parameter is one, or part of one.
    pub fn binding(&self) -> String {
        let key = self.routing_key(&vec![""; self.parameters.len()]);
        let words: Vec<&str> = key.split('.').map(|word| if word.contains("{}") { "*" } else { word }).collect();
        words.join(".")
    }

    /// Whether the binding lets in keys that do not fit the address: no binding says a part of a word.
    pub fn is_bound_wider(&self) -> bool {
        let is_topic = self.exchange.as_ref().is_none_or(|exchange| exchange.kind == ExchangeKind::Topic);
        let key = self.routing_key(&vec![""; self.parameters.len()]);
        !self.is_queue && is_topic && key.split('.').any(|word| word.contains("{}") && word != "{}")
    }
}

/// A part of an address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressParameter {
    pub name: String,
    #[serde(rename = "type")]
    pub of: Type,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub origin: Origin,
}

/// What spreads messages over queues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub name: String,
    pub kind: ExchangeKind,
    pub durable: bool,
}

/// By what an exchange decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeKind {
    /// The words of the routing key.
    Topic,
    /// The routing key as a whole.
    Direct,
    /// Nothing: every queue gets everything.
    Fanout,
}

/// What is sent or received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What it is called here. Unique.
    pub name: String,
    /// As it travels beside the message, to tell it from others of its queue, where that is not its name here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    pub content_type: String,
    /// `nothing` where the source describes none: the body is empty then.
    pub payload: Type,
    /// None where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<Type>,
    /// Where the id stands that ties it to what caused it; None where the source does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Correlation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    pub origin: Origin,
}

impl Message {
    /// As it travels beside the message.
    pub fn wire(&self) -> &str {
        self.wire.as_ref().unwrap_or(&self.name)
    }
}

/// Where a correlation id stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correlation {
    /// The broker's own property.
    Property,
    /// A header of this name.
    Header(String),
}

/// A message that the source shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
}

/// What the application does with the messages of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchanged {
    /// The source's own identifier. Unique.
    pub id: String,
    pub action: Action,
    /// Its id.
    pub channel: String,
    /// Their names.
    pub messages: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Send,
    Receive,
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Action::Send => "send",
            Action::Receive => "receive",
        }
    }
}
