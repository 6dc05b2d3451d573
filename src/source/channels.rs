//! Answers about a queue (`channels` and `exchange` of its options) → `Service`.

use anyhow::Result;
use serde_json::Value;

use super::answers::{origin, service};
use super::asyncapi::{bound_wider, names};
use super::operations::fields;
use crate::model::channels::{Action, AddressParameter, Channel, Channels, Exchange, ExchangeKind, Exchanged, Message};
use crate::model::ledger::Reason;
use crate::model::types::{Shape, Type, TypeDefinition};
use crate::model::{Entry, Ledger, Origin, Outcome, Service, Surface};
use crate::problem;
use crate::words::split;

/// Reads the channels that were answered; types are in the model's text form, and a `?` behind one makes it optional.
pub fn read(name: &str, options: &Value) -> Result<Service> {
    let answered = options.get("channels").and_then(Value::as_array).filter(|list| !list.is_empty());
    let Some(answered) = answered else {
        problem!(help: "give `--source` with an AsyncAPI document, `--set channels=…`, or `--yes` for two to begin with";
            "`{name}`: neither a document nor channels are given");
    };
    let mut service = service(name);
    let mut surface = Channels::default();
    let usual = options.get("exchange").and_then(Value::as_str).unwrap_or(name);
    for (at, answer) in answered.iter().enumerate() {
        let place = Origin { pointer: format!("{}/channels/{at}", origin(name).pointer), ..origin(name) };
        let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = text("name");
        if surface.message(&id).is_some() {
            problem!(help: "give each channel a name of its own"; "`{name}`: option `channels/{at}/name`: there are two `{id}`");
        }
        for (part, of) in [("fields", id.clone()), ("headers", format!("{id} headers"))] {
            // A message of no fields holds any.
            let fields = fields(name, answer, part, &place)?;
            if !fields.is_empty() {
                let shape = Shape::Record { fields, additional: None };
                let definition =
                    TypeDefinition { description: String::new(), deprecated: false, shape, origin: place.clone() };
                service.types.insert(of, definition);
            }
        }
        let channel = channel(answer, &id, usual, &place);
        if let Some(word) = channel.address.split('.').find(|word| matches!(*word, "*" | "#")) {
            problem!(help: "name the parameters, as in `stock.{region}.reserve`";
                "`{name}`: option `channels/{at}/address`: `{word}` is a pattern, and no part of an address");
        }
        for action in actions(&text("direction")) {
            let wider = bound_wider(&channel).filter(|_| *action == Action::Receive);
            let at = place.place();
            let reasons: Vec<Reason> = wider.map(|what| Reason { what, place: at }).into_iter().collect();
            service.ledger.entries.push(Entry {
                name: format!("{} {id} on {}", action.name(), channel.address),
                outcome: if reasons.is_empty() { Outcome::Generated } else { Outcome::Degraded },
                reasons,
                origin: place.clone(),
            });
            surface.operations.push(Exchanged {
                id: format!("{} {id}", action.name()),
                action: *action,
                channel: channel.id.clone(),
                messages: vec![id.clone()],
                summary: String::new(),
                origin: place.clone(),
            });
        }
        let headers = format!("{id} headers");
        let named = |name: &str| service.types.contains_key(name).then(|| Type::Named(name.to_owned()));
        surface.messages.push(Message {
            payload: named(&id).unwrap_or_else(|| Type::map(Type::Json)),
            name: id,
            wire: None,
            summary: text("summary"),
            description: String::new(),
            deprecated: false,
            content_type: "application/json".to_owned(),
            headers: named(&headers),
            correlation: None,
            examples: Vec::new(),
            origin: place,
        });
        surface.channels.push(channel);
    }
    service.ledger = Ledger { source: service.ledger.entries.len(), ..service.ledger };
    service.surface = Surface::Channels(surface);
    Ok(service)
}

fn actions(direction: &str) -> &'static [Action] {
    match direction {
        "receive" => &[Action::Receive],
        "both" => &[Action::Send, Action::Receive],
        _ => &[Action::Send],
    }
}

fn channel(answer: &Value, name: &str, usual: &str, place: &Origin) -> Channel {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    // A name with parameters is an address.
    let named = || if names(name).next().is_some() { name.to_owned() } else { split(name).join(".") };
    let address = text("address").map_or_else(named, str::to_owned);
    let mut parameters: Vec<AddressParameter> = Vec::new();
    for parameter in names(&address) {
        if parameters.iter().all(|known| known.name != parameter) {
            let (name, description) = (parameter.to_owned(), String::new());
            parameters.push(AddressParameter { name, of: Type::Text, description, origin: place.clone() });
        }
    }
    let exchange = text("exchange").unwrap_or(usual).to_owned();
    Channel {
        id: name.to_owned(),
        address,
        title: String::new(),
        description: String::new(),
        protocol: String::new(),
        parameters,
        exchange: Some(Exchange { name: exchange, kind: ExchangeKind::Topic, durable: true }),
        is_queue: false,
        origin: place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_json(channels: Value) -> Result<Service> {
        read("shop", &serde_json::json!({ "channels": channels }))
    }

    #[test]
    fn answers_become_channels() {
        let service = read_json(serde_json::json!([
            {"name": "order-created", "direction": "send", "fields": {"id": "uuid", "note": "text?"}},
            {"name": "paid", "direction": "receive", "address": "pay.{provider}", "exchange": "payments", "headers": {"tenant": "text"}},
            {"name": "user.{id}.created", "direction": "send"},
        ]))
        .unwrap();
        let Surface::Channels(surface) = &service.surface else { panic!("no channels") };
        assert_eq!(surface.channels[0].address, "order.created");
        assert_eq!(surface.channels[0].exchange.as_ref().unwrap().name, "shop");
        assert_eq!(surface.channels[1].parameters[0].name, "provider");
        assert_eq!(surface.messages[1].headers, Some(Type::Named("paid headers".to_owned())));
        assert_eq!(surface.messages[1].payload, Type::map(Type::Json));
        assert_eq!(service.ledger.entries[1].name, "receive paid on pay.{provider}");
        assert_eq!(surface.channels[2].address, "user.{id}.created");
        assert_eq!(service.ledger.count(Outcome::Generated), service.ledger.source);
    }

    #[test]
    fn err_a_mistake_is_named_with_its_place() {
        let cases = [
            (
                serde_json::json!([{"name": "a", "direction": "send", "fields": {"x": "strnig"}}]),
                "`shop`: `fields.x`: `strnig` is no type",
            ),
            (
                serde_json::json!([{"name": "a", "direction": "send", "fields": {}}, {"name": "a", "direction": "receive", "fields": {}}]),
                "`shop`: option `channels/1/name`: there are two `a`",
            ),
            (
                serde_json::json!([{"name": "a", "direction": "receive", "address": "a.*"}]),
                "`shop`: option `channels/0/address`: `*` is a pattern, and no part of an address",
            ),
        ];
        for (channels, expected) in cases {
            let fault = read_json(channels).unwrap_err().to_string();
            assert!(fault.starts_with(expected), "{fault}");
        }
    }
}
