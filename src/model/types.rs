//! The types of a service's data, as facts: absent is not null, enums are open, recursion is by name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Origin;

/// The type of a value on the wire.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Any JSON value.
    Json,
    /// No value at all, or JSON's `null`.
    Nothing,
    Text,
    Boolean,
    Integer,
    /// A binary floating-point number.
    Number,
    /// A decimal number that keeps its digits: money, measurements.
    Decimal,
    /// A calendar day, RFC 3339 `full-date`.
    Date,
    /// A moment, RFC 3339 `date-time`.
    DateTime,
    /// A time of day.
    Time,
    Uuid,
    /// Raw bytes: a file, an upload, a column of bytes.
    Bytes,
    /// One of these values today; the service may add more, unless it is closed.
    Literal {
        values: Vec<Value>,
        open: bool,
    },
    List(Box<Type>),
    /// Keys are text.
    Map(Box<Type>),
    /// The value, or `null`.
    Nullable(Box<Type>),
    Union(Vec<Type>),
    /// A type of the service, by its name there.
    Named(String),
}

impl Type {
    pub fn list(item: Type) -> Self {
        Type::List(Box::new(item))
    }

    pub fn map(value: Type) -> Self {
        Type::Map(Box::new(value))
    }

    /// This type or `null`; not nested twice.
    pub fn or_null(self) -> Self {
        match self {
            Type::Nullable(_) | Type::Json | Type::Nothing => self,
            other => Type::Nullable(Box::new(other)),
        }
    }

    /// This type without `null`.
    pub fn not_null(&self) -> &Type {
        match self {
            Type::Nullable(inner) => inner,
            other => other,
        }
    }

    /// Calls `visit` with the name of each type that this one names, in order.
    pub fn names<'t>(&'t self, visit: &mut impl FnMut(&'t str)) {
        match self {
            Type::Named(name) => visit(name),
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => inner.names(visit),
            Type::Union(variants) => variants.iter().for_each(|variant| variant.names(visit)),
            _ => {}
        }
    }
}

/// A type that has a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeDefinition {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    pub shape: Shape,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Named fields; `additional` is the type of any others, where the source says so.
    Record {
        fields: Vec<Field>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        additional: Option<Type>,
    },
    /// One of several; told apart by a field where the source says so.
    Union {
        variants: Vec<Type>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        discriminator: Option<Discriminator>,
    },
    /// Another name for a type.
    Alias(Type),
}

impl Shape {
    /// The types it is made of, one level down.
    pub fn types(&self) -> Box<dyn Iterator<Item = &Type> + '_> {
        match self {
            Shape::Record { fields, additional } => Box::new(fields.iter().map(|field| &field.of).chain(additional)),
            Shape::Union { variants, .. } => Box::new(variants.iter()),
            Shape::Alias(of) => Box::new(std::iter::once(of)),
        }
    }
}

/// The field whose value tells the variants of a union apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discriminator {
    /// Wire name of the field.
    pub field: String,
    /// Value on the wire → name of the type.
    pub mapping: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// On the wire.
    pub name: String,
    #[serde(rename = "type")]
    pub of: Type,
    /// Never absent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// The service sets it; a caller must not send it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// A caller sends it; the service never returns it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub write_only: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The value the service assumes when it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// A value from the source that shows what it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    pub origin: Origin,
}

pub(crate) fn is_false(flag: &bool) -> bool {
    !flag
}
