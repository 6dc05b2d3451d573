//! The file of messages: the types they are made of, and a constant for each.

use std::collections::HashMap;

use minijinja::Value;

use super::correlation_header;
use crate::model::Service;
use crate::model::channels::{Action, Channel, Channels, Message};
use crate::model::types::{Field, Shape, Type, TypeDefinition};
use crate::render::example::Direction;
use crate::render::language::Language;
use crate::render::names::{Role, Scope};
use crate::render::view::fields::required_keys;
use crate::render::view::types::{Key, Types};
use crate::render::view::{code, definitions, with};
use crate::view;

/// Names that the file of messages imports.
const IMPORTED: [&str; 8] =
    ["IncomingType", "OutgoingType", "RawHeaders", "Tag", "Infer", "IncomingMessage", "OutgoingMessage", "JsonValue"];

/// The service, with a named type for the payload and the headers of every message.
pub struct Named {
    pub service: Service,
    /// Message → the types of its payload and its headers, each of which has a name.
    types: HashMap<String, (Type, Option<Type>)>,
}

/// Names what has no name yet, after its message.
pub fn with_names(service: &Service, surface: &Channels) -> Named {
    let mut named = Named { service: service.clone(), types: HashMap::new() };
    for message in &surface.messages {
        let payload = named.name(&message.payload, &message.name, message);
        let headers = message.headers.as_ref().map(|of| named.name(of, &format!("{} headers", message.name), message));
        named.types.insert(message.name.clone(), (payload, headers));
    }
    named
}

impl Named {
    fn name(&mut self, of: &Type, hint: &str, message: &Message) -> Type {
        if matches!(of, Type::Named(_)) {
            return of.clone();
        }
        let mut name = hint.to_owned();
        while self.service.types.contains_key(&name) {
            name.push_str(" message");
        }
        let of = if *of == Type::Nothing { Type::Json } else { of.clone() };
        let definition = TypeDefinition {
            description: String::new(),
            deprecated: false,
            shape: Shape::Alias(of),
            origin: message.origin.clone(),
        };
        self.service.types.insert(name.clone(), definition);
        Type::Named(name)
    }

    pub fn payload(&self, message: &Message) -> &Type {
        self.types.get(&message.name).map_or(&Type::Json, |(payload, _)| payload)
    }

    pub fn headers(&self, message: &Message) -> Option<&Type> {
        self.types.get(&message.name)?.1.as_ref()
    }

    /// Whether the headers cannot be left out.
    pub fn needs_headers(&self, message: &Message) -> bool {
        let Some(Type::Named(name)) = self.headers(message) else { return false };
        match self.service.types.get(name).map(|found| &found.shape) {
            Some(Shape::Record { fields, .. }) => fields.iter().any(|field: &Field| field.required),
            _ => false,
        }
    }
}

/// Messages as one language spells them.
pub struct Messages<'s> {
    pub types: Types<'s>,
    pub named: &'s Named,
    surface: &'s Channels,
    constants: HashMap<(String, Action), String>,
    keys: Vec<Key>,
}

impl<'s> Messages<'s> {
    pub fn new(named: &'s Named, surface: &'s Channels, language: &'s Language) -> Self {
        let mut scope = Scope::with(IMPORTED);
        let mut types = Types::new(&named.service, language, &mut scope).in_json();
        let roots: Vec<(&str, &Type, Direction)> = surface
            .messages
            .iter()
            .flat_map(|message| [Action::Send, Action::Receive].map(|action| (message, action)))
            .filter(|(message, action)| uses(surface, message, *action))
            .flat_map(|(message, action)| {
                let types = [named.payload(message)].into_iter().chain(named.headers(message));
                types.map(move |of| (message.name.as_str(), of, direction(action)))
            })
            .collect();
        types.name_by_use(roots.iter().copied());
        let keys = types.used_by(roots.into_iter()).into_values().map(|(key, _)| key).collect();
        let mut constants = HashMap::new();
        for message in &surface.messages {
            let is_received = uses(surface, message, Action::Receive);
            if is_received {
                let constant = scope.name(language, Role::Constant, &message.name);
                constants.insert((message.name.clone(), Action::Receive), constant);
            }
            if uses(surface, message, Action::Send) {
                let words = if is_received { format!("{} outgoing", message.name) } else { message.name.clone() };
                constants.insert((message.name.clone(), Action::Send), scope.name(language, Role::Constant, &words));
            }
        }
        Self { types, named, surface, constants, keys }
    }

    pub fn constant(&self, message: &Message, action: Action) -> &str {
        self.constants.get(&(message.name.clone(), action)).map_or("", String::as_str)
    }

    /// The names of the types of payload and headers; empty for headers that are not described.
    pub fn names(&self, message: &Message, action: Action) -> [String; 2] {
        let name = |of: &Type| self.types.express(of, direction(action)).code;
        [name(self.named.payload(message)), self.named.headers(message).map(name).unwrap_or_default()]
    }

    /// The messages that come by a channel.
    pub fn received_from(&self, channel: &Channel) -> impl Iterator<Item = &'s Message> {
        let surface = self.surface;
        let here = surface
            .operations
            .iter()
            .filter(|operation| operation.action == Action::Receive)
            .filter(move |operation| operation.channel == channel.id)
            .flat_map(|operation| &operation.messages)
            .filter_map(|name| surface.message(name))
            .collect::<Vec<_>>();
        here.into_iter()
    }

    /// The declarations of all types, each with a sentence that says what it is part of.
    pub fn declarations(&self) -> Value {
        let declared = definitions::ordered(&self.types, &self.keys).into_iter().map(|(_, value)| {
            let wire = value.get_attr("wire").map(|wire| wire.to_string()).unwrap_or_default();
            match self.role(&wire).filter(|_| !value.get_attr("description").is_ok_and(|said| said.is_true())) {
                Some(role) => with(&value, "sentence", Value::from(role)),
                None => value,
            }
        });
        Value::from(declared.collect::<Vec<_>>())
    }

    /// "Payload of `OrderCreated`."
    fn role(&self, name: &str) -> Option<String> {
        let is_it = |of: Option<&Type>| matches!(of, Some(Type::Named(known)) if known == name);
        let of = |headers: bool| -> Vec<String> {
            let each = self.surface.messages.iter().filter(|message| {
                is_it(if headers { self.named.headers(message) } else { Some(self.named.payload(message)) })
            });
            each.map(|message| format!("`{}`", message.name)).collect()
        };
        let (payloads, headers) = (of(false), of(true));
        match (payloads.is_empty(), headers.is_empty()) {
            (false, _) => Some(format!("Payload of {}.", listed(&payloads))),
            (true, false) => Some(format!("Headers of {}.", listed(&headers))),
            (true, true) => None,
        }
    }

    /// A constant for each message and direction.
    pub fn constants(&self) -> Value {
        let both =
            self.surface.messages.iter().flat_map(|message| [(message, Action::Send), (message, Action::Receive)]);
        let used = both.filter(|(message, action)| uses(self.surface, message, *action));
        let views = used.map(|(message, action)| {
            let [payload, headers] = self.names(message, action);
            view! {
                constant: code(self.constant(message, action)),
                wire: message.wire().to_owned(),
                has_payload: message.payload != Type::Nothing,
                is_sent: action == Action::Send,
                payload_type: code(&payload),
                headers_type: if headers.is_empty() { Value::from(()) } else { code(&headers) },
                headers_required: self.named.needs_headers(message),
                correlation_header: correlation_header(message),
                required: required_keys(self.named.payload(message), &self.types),
                required_headers: self.named.headers(message).map(|of| required_keys(of, &self.types)).unwrap_or_default(),
            }
        });
        Value::from(views.collect::<Vec<_>>())
    }
}

fn uses(surface: &Channels, message: &Message, action: Action) -> bool {
    surface.operations.iter().any(|operation| operation.action == action && operation.messages.contains(&message.name))
}

pub fn direction(action: Action) -> Direction {
    match action {
        Action::Send => Direction::Sent,
        Action::Receive => Direction::Received,
    }
}

/// `a`, `b` and `c`; the first three of more.
fn listed(names: &[String]) -> String {
    match names {
        [only] => only.clone(),
        [.., last] if names.len() <= 3 => format!("{} and {last}", names[..names.len() - 1].join(", ")),
        _ => format!("{} and {} more", names[..3.min(names.len())].join(", "), names.len().saturating_sub(3)),
    }
}
