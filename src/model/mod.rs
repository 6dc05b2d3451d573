//! `Service`: what a source says about a service, in no source's words and no language's. Data only.
//!
//! Everything is resolved: there are no references but the names of types, so recursion is plain. Order is the source's.
//! Each node keeps its wire name and its origin. A `Service` has a text form (YAML): sources are tested against it, and
//! languages from it.

pub mod answers;
pub mod channels;
pub mod column_type;
pub mod issuer;
pub mod ledger;
pub mod operations;
pub mod origin;
pub mod signals;
pub mod store;
pub mod tables;
mod type_text;
pub mod types;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use answers::Answers;
pub use channels::Channels;
pub use issuer::Issuer;
pub use ledger::{Entry, Ledger, Outcome};
pub use operations::{Operation, Operations};
pub use origin::Origin;
pub use signals::Signals;
pub use store::Store;
pub use tables::{Table, Tables};
pub use types::{Field, Shape, Type, TypeDefinition};

/// One service as its source describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What people call it, such as `Scalar Galaxy`.
    pub title: String,
    /// Markdown, as the source has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The description's own version, not the format's; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// The kind and the display name of what it was read from.
    pub source: SourceName,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub types: IndexMap<String, TypeDefinition>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub security: IndexMap<String, SecurityScheme>,
    pub surface: Surface,
    pub ledger: Ledger,
}

/// Where a `Service` was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceName {
    /// `openapi`, `swagger`, `asyncapi`, `postgresql`, `sqlite`, `oidc`, `answers`, …
    pub kind: String,
    /// As the user would name it again, without credentials and without the place on this machine.
    pub name: String,
    /// Of the bytes read, SHA-256 in hex; empty for a live connection.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
}

/// What a service offers. A variant of a pattern accepts exactly one of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    Operations(Operations),
    Tables(Tables),
    Store(Store),
    Issuer(Issuer),
    Signals(Signals),
    Answers(Answers),
    Channels(Channels),
}

impl Surface {
    /// Whether it lists things that there is code for, and lists none.
    pub fn is_empty(&self) -> bool {
        match self {
            Surface::Operations(surface) => surface.operations.is_empty(),
            Surface::Tables(surface) => surface.tables.is_empty(),
            Surface::Channels(surface) => surface.operations.is_empty(),
            Surface::Store(_) | Surface::Issuer(_) | Surface::Signals(_) | Surface::Answers(_) => false,
        }
    }

    /// The name under which a variant's `surface` asks for it.
    pub fn name(&self) -> &'static str {
        match self {
            Surface::Operations(_) => "operations",
            Surface::Tables(_) => "tables",
            Surface::Store(_) => "store",
            Surface::Issuer(_) => "issuer",
            Surface::Signals(_) => "signals",
            Surface::Answers(_) => "answers",
            Surface::Channels(_) => "channels",
        }
    }
}

/// How callers prove who they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityScheme {
    pub kind: SecurityKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityKind {
    /// `Authorization: Bearer …`
    Bearer,
    /// `Authorization: Basic …`
    Basic,
    /// A key under `name` in a header, the query or a cookie.
    ApiKey { location: operations::Location, name: String },
    /// OAuth 2: a bearer token from `token_url`, where the flow has one.
    Oauth2 { token_url: Option<String>, scopes: IndexMap<String, String> },
    /// OpenID Connect: a bearer token; the issuer's discovery document.
    OpenidConnect { url: String },
    /// A name and a password that a broker asks for.
    UserPassword {},
    /// Something the source names and we do not send.
    Other { name: String },
}

impl SecurityKind {
    /// Whether an adapter sends it with its calls.
    pub fn is_sent(&self) -> bool {
        !matches!(self, SecurityKind::UserPassword {} | SecurityKind::Other { .. })
    }
}
