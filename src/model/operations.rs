//! The surface of an api: what can be asked, and what comes back.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Origin;
use super::types::{Type, is_false};

/// All operations of a service, in the order of the source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    /// The first is the one to use unless told otherwise; may be empty.
    pub servers: Vec<Server>,
    /// What allows an operation unless it says otherwise: alternatives, each a set of schemes with their scopes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<IndexMap<String, Vec<String>>>,
    pub operations: Vec<Operation>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Variables filled in with their defaults.
    pub url: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

impl Server {
    /// Whether paths can follow the URL: an http address with no gap, open variable, query or fragment.
    pub fn is_whole(&self) -> bool {
        let no_place = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '{' | '?' | '#');
        (self.url.starts_with("https://") || self.url.starts_with("http://")) && !self.url.contains(no_place)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The source's own identifier, or `get /planets/{id}` where it has none. Unique.
    pub id: String,
    /// Words that name what it belongs to: `issues`; empty for the service itself.
    pub group: String,
    /// Words that name it within its group: `list-for-repo`. Unique there.
    pub name: String,
    /// In capitals.
    pub method: String,
    /// As the source has it, with `{name}` for path parameters.
    pub path: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub documentation_url: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// Asking twice does no more than asking once (RFC 9110, section 9.2.2).
    pub repeatable: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// What a success brings; the status it comes with in `status`.
    pub reply: Reply,
    /// What the source says of failures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Failure>,
    /// Alternatives, each a set of schemes with their scopes; an empty set means that nothing is needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub security: Vec<IndexMap<String, Vec<String>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// A server of its own, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    pub origin: Origin,
}

impl Operation {
    /// As the ledger and the docs name it: `GET /planets`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether these schemes allow it, whatever their scopes.
    pub fn has_security_of(&self, sets: &[IndexMap<String, Vec<String>>]) -> bool {
        self.security.len() == sets.len()
            && self.security.iter().zip(sets).all(|(own, other)| own.keys().eq(other.keys()))
    }

    /// The types of its parameters, its body and its reply.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let body = self.body.iter().map(|body| &body.of);
        let reply = self.reply.content.iter().map(|content| &content.of);
        self.parameters.iter().map(|parameter| &parameter.of).chain(body).chain(reply)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// On the wire.
    pub name: String,
    pub location: Location,
    #[serde(rename = "type")]
    pub of: Type,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub style: Style,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The least number it may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    pub origin: Origin,
}

impl Parameter {
    /// One that must be given, of which no more is known than its type.
    pub fn plain(name: &str, location: Location, of: Type, origin: Origin) -> Self {
        Self {
            name: name.to_owned(),
            location,
            of,
            required: true,
            deprecated: false,
            description: String::new(),
            style: Style::Repeat,
            default: None,
            minimum: None,
            example: None,
            origin,
        }
    }

    /// The one value that it can have and must have: there is nothing to ask a caller for.
    pub fn only_value(&self) -> Option<&Value> {
        let Type::Literal { values, .. } = &self.of else { return None };
        let [only] = values.as_slice() else { return None };
        let is_asked_for = !self.required || self.location == Location::Path || self.style == Style::Json;
        (!is_asked_for && !only.is_null()).then_some(only)
    }
}

/// How a list or a record is written into a parameter or a form (OpenAPI's `style` and `explode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// `a=1&a=2`; fields of a record stand for themselves.
    Repeat,
    /// `a=1,2`
    Comma,
    /// `a=1 2`
    Space,
    /// `a=1|2`
    Pipe,
    /// `a[b]=1&a[c][]=2`
    Brackets,
    /// `a=1&a=2`; what is deeper goes into brackets.
    Nested,
    /// The value as JSON text.
    Json,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    pub encoding: Encoding,
    /// As sent: `application/json`.
    pub media_type: String,
    #[serde(rename = "type")]
    pub of: Type,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    /// How fields of a form are written, where the source says so; the others are `Nested`.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub styles: IndexMap<String, Style>,
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`: fields of type `bytes` are files.
    Multipart,
    /// Text, as it is.
    Text,
    /// Bytes, as they are.
    Bytes,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// `200`, `2XX`; the first success the source names, or `200`.
    pub status: String,
    /// None where there is nothing to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub media_type: String,
    pub encoding: Encoding,
    #[serde(rename = "type")]
    pub of: Type,
    /// A success may come without it (another success has no content).
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// `404`, `4XX`, `default`.
    pub status: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// What a page says of those after it: the path of a field in the reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageEnd {
    /// True, or where the next one is; nothing on the last page.
    More(Vec<String>),
    /// How many pages there are.
    Last(Vec<String>),
    /// How many items there are.
    Total(Vec<String>),
}

/// How the rest of a list is asked for. `items` is the wire name of the reply's field with the items; None: the reply is the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pagination {
    /// The `Link` header names the next page (RFC 8288).
    Link { items: Option<String> },
    /// Count what came, ask from there on; ends with a page that is not full.
    Offset { offset: String, limit: Option<String>, items: Option<String> },
    /// Pages are numbered; ends where `end` says so, or with an empty page.
    Page {
        page: String,
        items: Option<String>,
        first: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end: Option<PageEnd>,
    },
    /// The reply holds what to send for the next page: `next` is the path of the field, `cursor` the parameter.
    Cursor { cursor: String, next: Vec<String>, items: Option<String> },
    /// The reply holds the URL of the next page: `next` is the path of the field.
    Url { next: Vec<String>, items: Option<String> },
    /// Ask for what follows the last item: its `id` goes into `after`, while the field `more` is true.
    After { after: String, id: String, more: String, items: String },
}

impl Pagination {
    /// The wire name of the reply's field with the items; None: the reply is the list.
    pub fn items(&self) -> Option<&str> {
        match self {
            Self::Link { items }
            | Self::Offset { items, .. }
            | Self::Page { items, .. }
            | Self::Cursor { items, .. }
            | Self::Url { items, .. } => items.as_deref(),
            Self::After { items, .. } => Some(items),
        }
    }
}
