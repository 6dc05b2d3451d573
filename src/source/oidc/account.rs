//! The ledger of an issuer: each algorithm, grant and way to prove oneself that it lists, and what is made of it.

use crate::model::issuer::AlgorithmKind;
use crate::model::ledger::Reason;
use crate::model::{Entry, Issuer, Ledger, Origin, Outcome};
use crate::source::Filter;

/// How we can prove ourselves at a token endpoint, in our own order.
pub const METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

/// The one grant that needs no person.
pub const GRANT: &str = "client_credentials";

/// Accounts for everything listed, and leaves in `issuer` what `filter` keeps.
pub fn account(issuer: &mut Issuer, filter: &Filter, notes: Vec<Reason>) -> Ledger {
    let mut entries = Vec::new();
    issuer.token_signing.retain(|algorithm| {
        keep(&mut entries, filter, "token_signing", &algorithm.name, &algorithm.origin, signing(algorithm.kind))
    });
    issuer
        .grants
        .retain(|grant| keep(&mut entries, filter, "grants", &grant.name, &grant.origin, granting(&grant.name)));
    issuer.client_authentication.retain(|method| {
        keep(&mut entries, filter, "client_authentication", &method.name, &method.origin, proving(&method.name))
    });
    Ledger { source: entries.len(), entries, notes }
}

/// Enters one thing; returns whether the user wants it.
fn keep(
    entries: &mut Vec<Entry>,
    filter: &Filter,
    list: &str,
    name: &str,
    origin: &Origin,
    unused: Option<&str>,
) -> bool {
    let line = format!("{list} {name}");
    let is_wanted = filter.keeps(&[name, &line]);
    let reason = unused.filter(|_| is_wanted).map(|what| Reason { what: what.to_owned(), place: origin.place() });
    let outcome = if is_wanted && reason.is_none() { Outcome::Generated } else { Outcome::Excluded };
    entries.push(Entry { name: line, outcome, reasons: reason.into_iter().collect(), origin: origin.clone() });
    is_wanted
}

/// Why nothing is made of an algorithm; None where something is.
fn signing(kind: AlgorithmKind) -> Option<&'static str> {
    match kind {
        AlgorithmKind::Asymmetric => None,
        AlgorithmKind::Symmetric => Some("symmetric: a public key cannot verify it"),
        AlgorithmKind::Unsigned => Some("unsigned tokens are never accepted"),
        AlgorithmKind::Other => Some("not one of the algorithms that the libraries of the generated code verify"),
    }
}

fn granting(name: &str) -> Option<&'static str> {
    match name {
        GRANT => None,
        "authorization_code" | "implicit" | "password" | "refresh_token" => {
            Some("signs people in, which no variant does")
        }
        _ => Some("no variant uses this grant"),
    }
}

fn proving(name: &str) -> Option<&'static str> {
    match name {
        _ if METHODS.contains(&name) => None,
        "none" => Some("a client that proves nothing gets no token of its own"),
        "tls_client_auth" | "self_signed_tls_client_auth" => Some("needs client certificates"),
        "client_secret_jwt" => Some("signs with a shared secret; `private_key_jwt` does it with one's own key"),
        _ => Some("no variant proves itself like this"),
    }
}
