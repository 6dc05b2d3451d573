//! Bytes or a connection → `Service`; one format a file. The only stage that reads the outside world.

pub mod tree;
