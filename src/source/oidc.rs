//! An OpenID Connect discovery document, or OAuth 2 server metadata → `Service`.

mod account;
mod answered;

use std::collections::BTreeSet;

use anyhow::Result;
use indexmap::IndexMap;

use super::Filter;
use super::tree::{Node, Tree};
use crate::model::issuer::{Algorithm, AlgorithmKind, Claim, ClaimType, Endpoints, Named};
use crate::model::ledger::Reason;
use crate::model::{Issuer, Ledger, Origin, Service, SourceName, Surface};
use crate::problem;

pub use answered::{fit, read as answered};

/// Reads an issuer's metadata. What it lists and we make nothing of ends in the ledger.
///
/// Source: OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2.
pub fn read(tree: &Tree, filter: &Filter) -> Result<Service> {
    let root = tree.root();
    let Some(node) = root.get("issuer") else {
        problem!(help: "give the metadata of an issuer"; "{}: `issuer` is not named", root.place());
    };
    let identifier = url(node)?;
    if identifier.contains(['?', '#']) {
        problem!(help: "give the metadata as the issuer publishes it"; "{}: `issuer` has a query or a fragment", node.place());
    }
    let mut issuer = Issuer { endpoints: endpoints(root)?, origin: origin(root), ..lists(root)? };
    issuer.variables = variables(std::iter::once(&identifier).chain(issuer.endpoints.all_mut().map(|url| &*url)));
    let notes = notes(root, &identifier);
    let ledger = account::account(&mut issuer, filter, notes);
    let title = host(&identifier).to_owned();
    issuer.identifier = Some(identifier);
    Ok(service(tree, title, issuer, ledger))
}

fn service(tree: &Tree, title: String, issuer: Issuer, ledger: Ledger) -> Service {
    Service {
        title,
        description: String::new(),
        version: String::new(),
        source: SourceName { kind: "oidc".to_owned(), name: tree.file.clone(), hash: String::new() },
        types: IndexMap::new(),
        security: IndexMap::new(),
        surface: Surface::Issuer(issuer),
        ledger,
    }
}

fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or(url)
}

fn origin(node: Node<'_>) -> Origin {
    Origin { file: node.tree().file.clone(), pointer: node.pointer(), line: node.line(), column: node.column() }
}

fn endpoints(root: Node<'_>) -> Result<Endpoints> {
    let get = |key: &str| root.get(key).filter(|node| !node.is_null()).map(url).transpose();
    Ok(Endpoints {
        authorization: get("authorization_endpoint")?,
        token: get("token_endpoint")?,
        userinfo: get("userinfo_endpoint")?,
        keys: get("jwks_uri")?,
        revocation: get("revocation_endpoint")?,
    })
}

/// A URL as it stands: https, or http on this machine; anyone on the way could change the others.
fn url(node: Node<'_>) -> Result<String> {
    let name = node.pointer();
    let name = name.trim_start_matches('/');
    let text = node.text().unwrap_or_default();
    let parsed = url::Url::parse(text).ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_graphic()));
    let is_safe = parsed.is_some_and(|url| {
        let is_local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && is_local))
    });
    if !is_safe {
        problem!(help: "give an https URL (http only on this machine)"; "{}: `{name}` is `{}`, which is not an https URL", node.place(), text.escape_debug());
    }
    Ok(text.to_owned())
}

/// The names in braces, in the order of their names.
fn variables<'u>(urls: impl Iterator<Item = &'u String>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for url in urls {
        for part in url.split('{').skip(1) {
            found.extend(part.split_once('}').map(|(name, _)| name.to_owned()));
        }
    }
    found.into_iter().collect()
}

/// What the issuer lists; where it does not, what its standard says that means.
fn lists(root: Node<'_>) -> Result<Issuer> {
    let or = |listed: Vec<Named>, implied: &[&str]| {
        let implied = implied.iter().map(|name| Named { name: (*name).to_owned(), origin: origin(root) });
        if listed.is_empty() { implied.collect() } else { listed }
    };
    let algorithm =
        |named: Named| Algorithm { kind: AlgorithmKind::of(&named.name), name: named.name, origin: named.origin };
    let signing = or(names(root, "id_token_signing_alg_values_supported")?, &["RS256"]);
    let client_signing = names(root, "token_endpoint_auth_signing_alg_values_supported")?;
    let claims = names(root, "claims_supported")?;
    Ok(Issuer {
        token_signing: signing.into_iter().map(algorithm).collect(),
        grants: or(names(root, "grant_types_supported")?, &["authorization_code", "implicit"]),
        client_authentication: or(names(root, "token_endpoint_auth_methods_supported")?, &["client_secret_basic"]),
        client_signing: client_signing.into_iter().map(algorithm).collect(),
        scopes: names(root, "scopes_supported")?,
        claims: claims
            .into_iter()
            .map(|named| Claim { of: ClaimType::of(&named.name), name: named.name, origin: named.origin })
            .collect(),
        ..Issuer::default()
    })
}

/// The texts of a list, each once; nothing where the list is not there.
fn names(root: Node<'_>, key: &str) -> Result<Vec<Named>> {
    let Some(list) = root.get(key).filter(|node| !node.is_null()) else { return Ok(Vec::new()) };
    if !list.is_list() {
        problem!(help: "make it a list of texts"; "{}: `{key}` is not a list", list.place());
    }
    let mut found: Vec<Named> = Vec::new();
    for item in list.items() {
        let Some(name) = item.text().filter(|name| !name.is_empty()) else {
            problem!(help: "make it a list of texts"; "{}: an item of `{key}` is not a text", item.place());
        };
        if found.iter().all(|known| known.name != name) {
            found.push(Named { name: name.to_owned(), origin: origin(item) });
        }
    }
    Ok(found)
}

/// What the document leaves open, and what is taken instead.
fn notes(root: Node<'_>, identifier: &str) -> Vec<Reason> {
    let implied = [
        ("id_token_signing_alg_values_supported", "`RS256` is taken, which every issuer signs with"),
        ("grant_types_supported", "`authorization_code` and `implicit` are what the standard says that means"),
        ("token_endpoint_auth_methods_supported", "`client_secret_basic` is what the standard says that means"),
    ];
    let absent = implied.iter().filter(|(key, _)| root.get(key).is_none_or(|list| list.items().next().is_none()));
    let mut notes: Vec<Reason> = absent
        .map(|(key, instead)| Reason { what: format!("`{key}` is not listed: {instead}"), place: root.place() })
        .collect();
    let file = &root.tree().file;
    let published =
        [identifier.to_owned(), format!("{}/.well-known/openid-configuration", identifier.trim_end_matches('/'))];
    let is_elsewhere =
        file.contains("://") && published.iter().all(|url| url.trim_end_matches('/') != file.trim_end_matches('/'));
    if is_elsewhere && !identifier.contains('{') {
        let what = format!("fetched from `{file}`, but it says that it is of the issuer `{identifier}`");
        notes.push(Reason { what, place: root.get("issuer").unwrap_or(root).place() });
    }
    notes
}
