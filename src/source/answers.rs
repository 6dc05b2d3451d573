//! The options of a pattern are its source: what the user answered → `Service`.

use anyhow::Result;
use indexmap::IndexMap;
use serde_json::Value;

use super::{channels, oidc, operations, store};
use crate::model::answers::{Answers, Item};
use crate::model::{Entry, Ledger, Operations, Origin, Outcome, Service, SourceName, Surface};
use crate::problem;

/// Reads the answers for a pattern that wants `surface`.
pub fn read(name: &str, surface: &str, options: &Value) -> Result<Service> {
    match surface {
        "operations" => operations::read(name, options),
        "tables" => super::database::entities::read(name, options),
        "store" => store::read(name, options),
        "issuer" => oidc::answered(name, options),
        "channels" => channels::read(name, options),
        "signals" => super::signals::read(name, options),
        "answers" => Ok(listed(name, None, options)),
        _ => problem!(help: "give `--source`"; "`{name}`: `{surface}` cannot be made from answers"),
    }
}

/// A service whose things are the items of the option `list`; without one it is a single thing, the entry itself.
pub fn listed(name: &str, list: Option<&str>, options: &Value) -> Service {
    let items = match list {
        None => vec![Item { name: name.to_owned(), value: options.clone(), origin: origin(name) }],
        Some(list) => {
            let values = options.get(list).and_then(Value::as_array).into_iter().flatten();
            values.enumerate().map(|(at, value)| item(name, list, at, value)).collect()
        }
    };
    let entry = |item: &Item| Entry {
        name: item.name.clone(),
        outcome: Outcome::Generated,
        reasons: Vec::new(),
        origin: item.origin.clone(),
    };
    Service {
        ledger: Ledger { source: items.len(), entries: items.iter().map(entry).collect(), notes: Vec::new() },
        surface: Surface::Answers(Answers { items }),
        ..service(name)
    }
}

/// One item: called by its `name`, or the text that it is.
fn item(entry: &str, list: &str, at: usize, value: &Value) -> Item {
    let named = value.get("name").unwrap_or(value).as_str();
    let mut origin = origin(entry);
    origin.pointer += &format!("/{list}/{at}");
    Item { name: named.map_or_else(|| format!("{list} {}", at + 1), str::to_owned), value: value.clone(), origin }
}

/// Completes a service that was read with what the answers of the entry `name` say about it.
pub fn fit(service: &mut Service, name: &str, options: &Value) -> Result<()> {
    operations::fit(service, options);
    oidc::fit(service, name, options)
}

/// A service that was not read from anywhere and offers nothing yet.
pub fn service(name: &str) -> Service {
    Service {
        title: name.to_owned(),
        description: String::new(),
        version: String::new(),
        source: SourceName { kind: "answers".to_owned(), name: "answers".to_owned(), hash: String::new() },
        types: IndexMap::new(),
        security: IndexMap::new(),
        surface: Surface::Operations(Operations { servers: Vec::new(), security: Vec::new(), operations: Vec::new() }),
        ledger: Ledger::default(),
    }
}

/// Where the answers of the entry `name` stand.
pub fn origin(name: &str) -> Origin {
    Origin {
        file: crate::requirements::NAME.to_owned(),
        pointer: format!("/integrations/{name}/options"),
        line: 0,
        column: 0,
    }
}
