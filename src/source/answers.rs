//! The options of a pattern are its source: what the user answered → `Service`.

use anyhow::Result;
use indexmap::IndexMap;
use serde_json::Value;

use super::{channels, oidc, operations, store};
use crate::model::{Ledger, Operations, Origin, Service, SourceName, Surface};
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
        _ => problem!(help: "give `--source`"; "`{name}`: `{surface}` cannot be made from answers"),
    }
}

/// Completes a service that was read with what the answers of the entry `name` say about it.
pub fn fit(service: &mut Service, name: &str, options: &Value) -> Result<()> {
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
