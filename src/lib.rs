//! The stages of `integrate`, in the order data passes through them.

pub mod model;
pub mod package;
pub mod problem;
pub mod source;
pub mod words;
