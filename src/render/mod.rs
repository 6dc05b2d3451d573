//! Entries with their services → the files of the project, in each entry's language.

pub mod encode;
pub mod engine;
pub mod example;
pub mod format;
pub mod guard;
mod json;
pub mod language;
pub mod limits;
pub mod names;
pub mod project;
pub mod view;
