//! The surface of a pattern that is made from its options alone: the things they list, by name.

use serde::{Deserialize, Serialize};

use super::Origin;

/// What the answers list, in their order; the answers themselves are the options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    pub items: Vec<Item>,
}

/// One thing an adapter does something with, such as a message it sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub name: String,
    /// As it was answered.
    pub value: serde_json::Value,
    pub origin: Origin,
}
