//! The options of a pattern are its source: what the user answered → `Service`.

use anyhow::Result;
use serde_json::Value;

use crate::model::Service;
use crate::problem;

/// Reads the answers for a pattern that wants `surface`.
pub fn read(name: &str, surface: &str, options: &Value) -> Result<Service> {
    if surface == "tables" {
        return super::database::entities::read(name, options);
    }
    problem!(help: "give `--source`"; "`{name}`: `{surface}` cannot be made from answers");
}
