//! A `Service` as one language spells it: what templates see. One surface a file.

pub mod types;
