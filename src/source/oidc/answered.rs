//! An issuer and the answers about it: one made of answers alone, and whether one that was read suits them.

use anyhow::Result;
use serde_json::Value;

use super::account::{GRANT, METHODS, account};
use super::{host, variables};
use crate::model::issuer::{Algorithm, AlgorithmKind, Endpoints, Named};
use crate::model::{Issuer, Service, Surface};
use crate::problem;
use crate::source::{Filter, answers};

/// Makes an issuer of the options of the entry `name`; what they do not say is looked up at run time.
pub fn read(name: &str, options: &Value) -> Result<Service> {
    let origin = answers::origin(name);
    let named = |name: &str| Named { name: name.to_owned(), origin: origin.clone() };
    let identifier = options.get("issuer").and_then(Value::as_str).map(str::to_owned);
    let chosen = options.get("client_auth").and_then(Value::as_str).unwrap_or(METHODS[0]);
    let mut issuer = Issuer {
        variables: variables(identifier.iter()),
        endpoints: Endpoints::default(),
        token_signing: algorithms(options).iter().map(|name| signing(named(name))).collect(),
        grants: vec![named(GRANT)],
        client_authentication: vec![named(chosen)],
        identifier,
        origin: origin.clone(),
        ..Issuer::default()
    };
    let ledger = account(&mut issuer, &Filter::default(), Vec::new());
    let title = issuer.identifier.as_deref().map_or(name, host).to_owned();
    let mut service = Service { title, surface: Surface::Issuer(issuer), ledger, ..answers::service(name) };
    fit(&mut service, name, options)?;
    Ok(service)
}

fn algorithms(options: &Value) -> Vec<String> {
    let given = options.get("algorithms").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let given: Vec<String> = given.map(str::to_owned).collect();
    if given.is_empty() { vec!["RS256".to_owned()] } else { given }
}

fn signing(named: Named) -> Algorithm {
    Algorithm { kind: AlgorithmKind::of(&named.name), name: named.name, origin: named.origin }
}

/// Fills in what the issuer leaves open, and refuses answers that it contradicts.
pub fn fit(service: &mut Service, name: &str, options: &Value) -> Result<()> {
    let Surface::Issuer(issuer) = &mut service.surface else { return Ok(()) };
    let said = options.get("issuer").and_then(Value::as_str);
    if let (Some(said), Some(identifier)) = (said, issuer.identifier.as_deref().filter(|own| Some(*own) != said)) {
        problem!(help: "leave the option or the source away";
            "`{name}`: the source is of the issuer `{identifier}`, and the option says `{said}`");
    }
    fill(issuer, name, options)?;
    if let Some(identifier) = issuer.identifier.as_deref().filter(|_| service.source.kind == "oidc") {
        service.title = host(identifier).to_owned();
    }
    // An option that only variants have which obtain tokens.
    if options.get("client_auth").is_some() {
        can_ask(issuer, name, options)
    } else {
        can_verify(issuer, name, options)
    }
}

/// Puts the answered values into the URLs.
fn fill(issuer: &mut Issuer, name: &str, options: &Value) -> Result<()> {
    for variable in std::mem::take(&mut issuer.variables) {
        let Some(value) = options.pointer("/variables").and_then(|all| all.get(&variable)).and_then(Value::as_str)
        else {
            problem!(help: format!("add `--set 'variables={{{variable}: …}}'`");
                "`{name}`: the issuer `{}` leaves `{variable}` open", issuer.identifier.as_deref().unwrap_or_default());
        };
        let urls = issuer.identifier.iter_mut().chain(issuer.endpoints.all_mut());
        urls.for_each(|url| *url = url.replace(&format!("{{{variable}}}"), value));
    }
    Ok(())
}

fn can_verify(issuer: &Issuer, name: &str, options: &Value) -> Result<()> {
    let place = issuer.origin.place();
    let is_read = issuer.origin.line > 0;
    if is_read && issuer.endpoints.keys.is_none() {
        problem!(help: "give the metadata of an issuer that publishes its keys"; "{place}: `{name}` needs the issuer's keys, and `jwks_uri` is not named");
    }
    let is_answered = options.get("algorithms").is_some_and(Value::is_array);
    if !is_answered && issuer.token_signing.iter().all(|algorithm| algorithm.kind != AlgorithmKind::Asymmetric) {
        problem!(help: "where its access tokens are signed otherwise, add `--set 'algorithms=[RS256]'`";
            "{place}: the issuer lists no algorithm that a public key can verify, and `{name}` needs one");
    }
    Ok(())
}

fn can_ask(issuer: &Issuer, name: &str, options: &Value) -> Result<()> {
    let place = issuer.origin.place();
    let lists = |list: &[Named], name: &str| list.iter().any(|item| item.name == name);
    if issuer.origin.line > 0 && issuer.endpoints.token.is_none() {
        problem!(help: "give the metadata of an issuer that gives tokens to services"; "{place}: `{name}` needs the issuer's tokens, and `token_endpoint` is not named");
    }
    // Those that the standard implies stand at the document itself; they are too often wrong to be believed.
    let says = |list: &[Named]| list.iter().any(|item| item.origin != issuer.origin);
    if says(&issuer.grants) && !lists(&issuer.grants, GRANT) {
        problem!(help: "take an issuer that offers it, or correct a saved copy of its metadata where that is wrong";
            "{place}: `{name}` needs the grant `{GRANT}`, which `grant_types_supported` does not list");
    }
    match options.get("client_auth").and_then(Value::as_str) {
        Some(wanted) if says(&issuer.client_authentication) && !lists(&issuer.client_authentication, wanted) => {
            problem!(help: "choose one that it lists"; "{place}: `{name}` is to use `{wanted}`, which `token_endpoint_auth_methods_supported` does not list")
        }
        None if METHODS.iter().all(|method| !lists(&issuer.client_authentication, method)) => {
            problem!(help: format!("take an issuer that offers {}", METHODS.join(", "));
                "{place}: the issuer lists no way to prove oneself that `{name}` could use")
        }
        _ => Ok(()),
    }
}
