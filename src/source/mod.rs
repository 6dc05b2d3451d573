//! Bytes or a connection → `Service`; one format a file. The only stage that reads the outside world.

pub mod answers;
pub mod asyncapi;
mod channels;
pub mod credentials;
pub mod database;
pub mod documents;
pub mod identify;
pub mod input;
pub mod metric_names;
mod oidc;
pub mod openapi;
pub mod operations;
pub mod signals;
mod store;
pub mod tree;
mod within;

use anyhow::Result;

use self::documents::{Documents, Place};
use self::identify::Kind;
use self::input::{Content, Input};
use self::tree::Tree;
use self::within::Within;
use crate::lock::hash_of_text;
use crate::model::Service;
use crate::problem;

/// Reads what `input` describes, as far as `filter` wants it.
pub fn read(input: &Input, filter: &Filter) -> Result<Service> {
    let (mut service, hash) = match (&input.content, input.kind) {
        (Content::Document { bytes, file }, Kind::Openapi | Kind::Swagger | Kind::Asyncapi) => {
            let place = match file {
                Some(file) => Place::File(Within::of(file, &input.folder)?),
                None => Place::Elsewhere,
            };
            let documents = Documents::load(Tree::parse(&input.name, bytes)?, &place)?;
            let read = if input.kind == Kind::Asyncapi { asyncapi::read } else { openapi::read };
            let mut service = read(&documents, filter)?;
            service.ledger.notes.extend(documents.unseen());
            (service, documents.hash(bytes))
        }
        (Content::Document { bytes, .. }, Kind::Oidc) => {
            let documents = Documents::load(Tree::parse(&input.name, bytes)?, &Place::Elsewhere)?;
            let mut service = oidc::read(documents.root().tree(), filter)?;
            service.ledger.notes.extend(documents.unseen());
            (service, hash_of_text(bytes))
        }
        (Content::Document { bytes, .. }, Kind::Unknown) => {
            // A document that is not even text says so better than we could.
            Tree::parse(&input.name, bytes)?;
            problem!(help: "give OpenAPI, Swagger 2.0, AsyncAPI, an OIDC discovery document or a database"; "{}:1:1: the document is of no kind we read", input.name)
        }
        // What a database says is in what is generated from it; it has no bytes to be compared.
        (Content::Database { url }, kind @ (Kind::Postgresql | Kind::Sqlite)) => {
            (database::read(url, &input.name, kind, filter)?, String::new())
        }
        (_, kind) => {
            problem!(help: "give OpenAPI, Swagger 2.0, AsyncAPI, an OIDC discovery document or a database"; "`{}`: sources of the kind `{}` are not read", input.name, kind.name())
        }
    };
    service.source.hash = hash;
    Ok(service)
}

/// Which operations, tables or channels are wanted: `--include` and `--exclude`, with `*` for any text.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

impl Filter {
    /// Whether something known under these names is wanted.
    pub fn keeps(&self, names: &[&str]) -> bool {
        let any = |patterns: &[String]| patterns.iter().any(|pattern| names.iter().any(|name| matches(pattern, name)));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }
}

/// Whether `name` is `pattern`, in which each `*` stands for any text; upper and lower case are one.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let cases = [
            ("issues/*", "issues/list", true),
            ("*/list", "issues/list", true),
            ("a*b*c", "aXbYc", true),
            ("a*a", "a", false),
            ("list", "lists", false),
            ("*", "", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
