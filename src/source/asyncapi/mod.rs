//! An AsyncAPI 2 or 3 document → `Service`, seen from the application it describes.

mod channel;
mod find;
mod message;
mod server;

pub use self::channel::{bound_wider, names};

use std::collections::HashSet;

use anyhow::Result;
use indexmap::IndexSet;

use self::channel::Seen;
use self::find::Found;
use self::message::Messages;
use super::Filter;
use super::documents::{Documents, Fault, fault};
use super::openapi::schema::origin;
use super::openapi::security;
use super::tree::Node;
use crate::model::channels::{Action, Channels, Exchanged, Message};
use crate::model::ledger::Reason;
use crate::model::types::Type;
use crate::model::{Entry, Ledger, Outcome, Service, SourceName, Surface};
use crate::problem;

/// What differs between the major versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Operations stand in their channels, and are named from outside: others `subscribe` to what the application sends.
    V2,
    V3,
}

/// Reads the operations that `filter` keeps. A fault inside an operation ends in the ledger, not in an error.
pub fn read(documents: &Documents, filter: &Filter) -> Result<Service> {
    let root = documents.root();
    let dialect = dialect(root)?;
    let found = find::operations(documents, dialect);
    if found.is_empty() {
        problem!(help: "give a document that says what the application sends or receives"; "{}: the document holds no operation", root.place());
    }
    let mut reader = Reader::new(documents, dialect);
    for one in &found {
        reader.operation(one, filter);
    }
    let Reader { mut surface, entries, messages, .. } = reader;
    surface.servers = server::all(documents, dialect);
    surface.messages = messages.read;
    part_wires(&mut surface);
    let info = root.get("info");
    let text = |key: &str| info.and_then(|info| info.get_text(key)).unwrap_or_default().trim().to_owned();
    let needed = reach(
        surface.messages.iter().flat_map(|message| [&message.payload].into_iter().chain(&message.headers)),
        &messages.types.found,
    );
    let types = messages.types.found.into_iter().filter(|(name, _)| needed.contains(name)).collect();
    Ok(Service {
        title: text("title"),
        description: text("description"),
        version: text("version"),
        source: SourceName { kind: "asyncapi".to_owned(), name: root.tree().file.clone(), hash: String::new() },
        types,
        security: security::schemes(documents, super::openapi::Dialect::OpenApi3),
        surface: Surface::Channels(surface),
        ledger: Ledger { source: entries.len(), entries, notes: notes(root, dialect) },
    })
}

/// Messages of one name that come through the same channel cannot be told apart by it: they keep the names that part them.
fn part_wires(surface: &mut Channels) {
    let channels: Vec<Vec<&String>> = surface
        .channels
        .iter()
        .map(|channel| {
            let received =
                surface.operations.iter().filter(|one| one.action == Action::Receive && one.channel == channel.id);
            received.flat_map(|one| &one.messages).collect::<IndexSet<_>>().into_iter().collect()
        })
        .collect();
    let wire = |name: &str| surface.message(name).map_or("", Message::wire);
    let alike: HashSet<String> = channels
        .iter()
        .flat_map(|names| {
            names.iter().enumerate().filter(|(at, name)| names[..*at].iter().any(|other| wire(other) == wire(name)))
        })
        .map(|(_, name)| (*name).clone())
        .collect();
    for message in surface.messages.iter_mut().filter(|message| alike.contains(&message.name)) {
        message.wire = None;
    }
}

fn dialect(root: Node<'_>) -> Result<Dialect> {
    let Some(version) = root.get("asyncapi") else {
        problem!(help: "give a document with `asyncapi: 3.0.0`"; "{}: `asyncapi` is not named", root.place());
    };
    match version.text().unwrap_or_default().split('.').next() {
        Some("3") => Ok(Dialect::V3),
        Some("2") => Ok(Dialect::V2),
        _ => {
            problem!(help: "give AsyncAPI 2 or 3; `npx @asyncapi/cli convert` brings an older document up to date";
                "{}: AsyncAPI `{}` is not read", version.place(), version.text().unwrap_or_default())
        }
    }
}

fn notes(root: Node<'_>, dialect: Dialect) -> Vec<Reason> {
    if dialect == Dialect::V3 {
        return Vec::new();
    }
    let what = "AsyncAPI 2 looks from outside: `subscribe` is read as what the application sends, `publish` as what it receives";
    vec![Reason { what: what.to_owned(), place: root.get("channels").unwrap_or(root).place() }]
}

/// Reads operations one by one, and keeps what they need and what became of them.
struct Reader<'d> {
    documents: &'d Documents,
    dialect: Dialect,
    messages: Messages<'d>,
    surface: Channels,
    entries: Vec<Entry>,
}

impl<'d> Reader<'d> {
    fn new(documents: &'d Documents, dialect: Dialect) -> Self {
        let messages = Messages::new(documents);
        Self { documents, dialect, messages, surface: Channels::default(), entries: Vec::new() }
    }

    /// Reads an operation with each of its messages: an entry of the ledger for each of them.
    fn operation(&mut self, found: &Found<'d>, filter: &Filter) {
        let origin = origin(found.node);
        let whole = |outcome, reasons| Entry { name: found.line(None), outcome, reasons, origin: origin.clone() };
        let (seen, messages) = match self.parts(found) {
            Ok(parts) => parts,
            Err(reason) => {
                let kept = filter.keeps(&[&found.id, &found.line(None)]);
                let entry =
                    if kept { whole(Outcome::Skipped, vec![reason]) } else { whole(Outcome::Excluded, Vec::new()) };
                return self.entries.push(entry);
            }
        };
        let mut names = Vec::new();
        for (hint, node) in messages {
            let name = self.messages.name(node, &hint);
            let line = found.line(Some(&name));
            let entry = |outcome, reasons| Entry { name: line.clone(), outcome, reasons, origin: origin.clone() };
            if !filter.keeps(&[&found.id, &name, &seen.channel.id, &seen.channel.address, &line]) {
                self.entries.push(entry(Outcome::Excluded, Vec::new()));
                continue;
            }
            match self.messages.take(node, &name) {
                Err(reason) => self.entries.push(entry(Outcome::Skipped, vec![reason])),
                Ok(reasons) => {
                    let reasons: Vec<Reason> = seen.reasons.iter().cloned().chain(reasons).collect();
                    let outcome = if reasons.is_empty() { Outcome::Generated } else { Outcome::Degraded };
                    self.entries.push(entry(outcome, reasons));
                    names.push(name);
                }
            }
        }
        if names.is_empty() {
            return;
        }
        if self.surface.channel(&seen.channel.id).is_none() {
            self.surface.channels.push(seen.channel.clone());
        }
        self.surface.operations.push(Exchanged {
            id: found.id.clone(),
            action: found.action.unwrap_or(Action::Send),
            channel: seen.channel.id,
            messages: names,
            summary: find::first(self.documents, found.node, "summary")
                .and_then(Node::text)
                .unwrap_or_default()
                .trim()
                .to_owned(),
            origin,
        });
    }

    /// The channel and the messages of an operation: the key they are known by, and the node.
    fn parts(&self, found: &Found<'d>) -> Result<(Seen, Vec<(String, Node<'d>)>), Fault> {
        let Some(action) = found.action else {
            return Err(fault(found.node, "`action` is neither `send` nor `receive`"));
        };
        let channel = found.channel.clone().map_err(|fault| *fault)?;
        let mut seen = channel::read(self.documents, self.dialect, &channel, action)?;
        if let Some(reply) = found.node.get("reply") {
            seen.reasons.push(fault(reply, "the reply is not waited for: it is a message like any other"));
        }
        seen.reasons.extend(channel::unread(self.documents, found.node, action));
        let messages = find::messages(self.documents, found, &channel)?;
        if messages.is_empty() {
            return Err(fault(found.node, "no message is named"));
        }
        Ok((seen, messages))
    }
}

/// The names of the types that `roots` need, however deep.
pub fn reach<'t>(
    roots: impl Iterator<Item = &'t Type>,
    types: &'t indexmap::IndexMap<String, crate::model::TypeDefinition>,
) -> HashSet<String> {
    let mut open: Vec<&str> = Vec::new();
    roots.for_each(|of| of.names(&mut |name| open.push(name)));
    let mut reached = HashSet::new();
    while let Some(name) = open.pop() {
        if reached.insert(name.to_owned())
            && let Some(definition) = types.get(name)
        {
            definition.shape.types().for_each(|of| of.names(&mut |name| open.push(name)));
        }
    }
    reached
}

/// Whether a channel of these servers can be used through AMQP as it is described.
pub fn is_amqp(protocol: &str) -> bool {
    matches!(protocol, "amqp" | "amqps")
}

#[cfg(test)]
mod tests;
