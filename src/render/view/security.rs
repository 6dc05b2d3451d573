//! How callers prove who they are, as settings of an adapter.

use indexmap::IndexMap;
use minijinja::Value;

use super::{Names, docs};
use crate::model::operations::{Location, Operation, Operations};
use crate::model::{SecurityKind, SecurityScheme, Service};
use crate::render::engine::Code;
use crate::render::language::Language;
use crate::render::names::{Role, Scope};
use crate::view;

/// The schemes that can be sent, and what allows an operation that does not say.
pub fn view(service: &Service, surface: &Operations, language: &Language, names: &Names) -> Value {
    let _ = names;
    let mut scope = Scope::with(["base_url", "baseUrl", "anonymous", "timeout_seconds", "attempts", "burst", "calls", "client", "fetch"]);
    let schemes: Vec<Value> = service.security.iter().filter_map(|(name, scheme)| self::scheme(name, scheme, language, &mut scope)).collect();
    let usual = alternatives(service, &surface.security);
    view! {
        has_schemes: !schemes.is_empty(),
        schemes: schemes,
        allows_anonymous: surface.operations.iter().any(|operation| operation.security.iter().any(IndexMap::is_empty) || operation.security.is_empty()),
        usual: Value::from(usual),
    }
}

fn scheme(name: &str, scheme: &SecurityScheme, language: &Language, scope: &mut Scope) -> Option<Value> {
    let (kind, location, parameter) = match &scheme.kind {
        SecurityKind::Bearer | SecurityKind::Oauth2 { .. } | SecurityKind::OpenidConnect { .. } => ("bearer", "header", "Authorization"),
        SecurityKind::Basic => ("basic", "header", "Authorization"),
        SecurityKind::ApiKey { location: Location::Query, name } => ("api_key", "query", name.as_str()),
        SecurityKind::ApiKey { location: Location::Cookie, name } => ("api_key", "cookie", name.as_str()),
        SecurityKind::ApiKey { name, .. } => ("api_key", "header", name.as_str()),
        SecurityKind::Other { .. } => return None,
    };
    let is_token = matches!(scheme.kind, SecurityKind::Oauth2 { .. } | SecurityKind::OpenidConnect { .. });
    let described = docs::paragraph(&scheme.description);
    let description = if described.is_empty() { default_description(kind, parameter) } else { described };
    let attribute = scope.name(language, Role::Variable, name);
    let variable = crate::words::split(name).join("_").to_uppercase();
    Some(view! {
        name: name.to_owned(),
        attribute: Code(attribute),
        variable: Code(variable),
        kind: kind,
        is_token: is_token,
        location: location,
        parameter: parameter.to_owned(),
        parameter_lower: parameter.to_lowercase(),
        description: description.trim_end_matches('.').to_owned(),
    })
}

fn default_description(kind: &str, parameter: &str) -> String {
    match kind {
        "bearer" => "The bearer token".to_owned(),
        "basic" => "Name and password".to_owned(),
        _ => format!("The key that goes into `{parameter}`"),
    }
}

/// Alternatives as lists of names, without those that need what cannot be sent.
fn alternatives(service: &Service, sets: &[IndexMap<String, Vec<String>>]) -> Vec<Value> {
    let sendable = |name: &String| service.security.get(name).is_some_and(|scheme| !matches!(scheme.kind, SecurityKind::Other { .. }));
    let kept = sets.iter().filter(|set| set.keys().all(sendable));
    kept.map(|set| Value::from(set.keys().map(|name| Value::from(name.clone())).collect::<Vec<_>>())).collect()
}

/// What allows an operation: a list of alternatives; one that is empty needs nothing.
pub fn of(operation: &Operation, service: &Service) -> Value {
    let sets = alternatives(service, &operation.security);
    Value::from(if sets.is_empty() { vec![Value::from(Vec::<Value>::new())] } else { sets })
}

/// Whether an operation says it for itself, other than the service does.
pub fn is_own(operation: &Operation, surface: &Operations) -> bool {
    operation.security != surface.security
}
