//! `integrate.yaml` and what was typed → `Entry`: what is to be integrated, and how.

pub mod edit;
mod merge;
pub mod project;
pub mod values;

pub use project::{Entry, NAME, Project};
