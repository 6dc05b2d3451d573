//! The stages of `integrate`, in the order data passes through them.

pub mod cli;
pub mod commands;
pub mod deploy;
pub mod lock;
pub mod model;
pub mod package;
pub mod paths;
pub mod pattern;
pub mod problem;
pub mod render;
pub mod report;
pub mod requirements;
pub mod select;
pub mod source;
pub mod unseen;
pub mod validate;
pub mod words;
