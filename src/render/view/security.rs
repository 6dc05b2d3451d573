//! How callers prove who they are, as settings of an adapter.

use indexmap::IndexMap;
use minijinja::Value;

use super::docs;
use crate::model::operations::{Location, Operation, Operations};
use crate::model::{SecurityKind, SecurityScheme, Service};
use crate::render::engine::Code;
use crate::render::language::Language;
use crate::render::names::{Role, Scope, spell};
use crate::view;

/// What every secret of a test is.
const EXAMPLE: &str = "a-secret";

/// The schemes that can be sent, the settings they take, and what allows an operation that does not say.
///
/// All schemes that send a bearer token share one setting, `token`; `auth` says what to do where the document says nothing.
pub fn view(service: &Service, surface: &Operations, language: &Language, auth: &str) -> Value {
    let mut scope = Scope::with([
        "base_url",
        "baseUrl",
        "anonymous",
        "timeout_seconds",
        "attempts",
        "burst",
        "calls",
        "client",
        "fetch",
        "retry",
        "limiter",
        "metrics",
        "events",
        "clock",
        "slowSeconds",
        "headers",
        "attemptSeconds",
        "token",
        "username",
        "password",
    ]);
    let declared: IndexMap<String, SecurityScheme> =
        if service.security.is_empty() { fallback(auth) } else { service.security.clone() };
    let mut settings: IndexMap<String, Value> = IndexMap::new();
    let schemes: Vec<Value> = declared
        .iter()
        .filter_map(|(name, scheme)| self::scheme(name, scheme, language, &mut scope, &mut settings))
        .collect();
    let usual = if service.security.is_empty() && !schemes.is_empty() {
        vec![
            Value::from(declared.keys().map(|name| Value::from(name.clone())).collect::<Vec<_>>()),
            Value::from(Vec::<Value>::new()),
        ]
    } else {
        let usual = alternatives(service, &surface.security);
        if usual.is_empty() { vec![Value::from(Vec::<Value>::new())] } else { usual }
    };
    let open =
        |operation: &Operation| operation.security.is_empty() || operation.security.iter().any(IndexMap::is_empty);
    view! {
        example: EXAMPLE,
        has_schemes: !schemes.is_empty(),
        schemes: schemes,
        settings: Value::from(settings.into_values().collect::<Vec<_>>()),
        allows_anonymous: surface.operations.iter().any(open),
        needs_nothing: service.security.is_empty(),
        usual: Value::from(usual),
    }
}

/// The keys that a test's call puts into its query, where all settings are `EXAMPLE`: those of the first alternative that
/// needs anything.
pub fn in_query(operation: &Operation, service: &Service) -> Vec<(String, String)> {
    let sendable = sendable(service, &operation.security);
    let names = sendable.into_iter().find(|set| !set.is_empty()).into_iter().flat_map(IndexMap::keys);
    names
        .filter_map(|name| match &service.security.get(name)?.kind {
            SecurityKind::ApiKey { location: Location::Query, name } => Some((name.clone(), EXAMPLE.to_owned())),
            _ => None,
        })
        .collect()
}

/// What is sent where the document names no scheme.
fn fallback(auth: &str) -> IndexMap<String, SecurityScheme> {
    let kind = match auth {
        "none" => return IndexMap::new(),
        "basic" => SecurityKind::Basic,
        "api_key" => SecurityKind::ApiKey { location: Location::Header, name: "X-API-Key".to_owned() },
        _ => SecurityKind::Bearer,
    };
    let scheme = SecurityScheme { kind, description: String::new(), origin: crate::model::Origin::default() };
    IndexMap::from([(if auth == "document" { "bearer" } else { auth }.to_owned(), scheme)])
}

fn scheme(
    name: &str,
    scheme: &SecurityScheme,
    language: &Language,
    scope: &mut Scope,
    settings: &mut IndexMap<String, Value>,
) -> Option<Value> {
    let (kind, location, parameter) = match &scheme.kind {
        SecurityKind::Bearer | SecurityKind::Oauth2 { .. } | SecurityKind::OpenidConnect { .. } => {
            ("bearer", "header", "Authorization")
        }
        SecurityKind::Basic => ("basic", "header", "Authorization"),
        SecurityKind::ApiKey { location: Location::Query, name } => ("api_key", "query", name.as_str()),
        SecurityKind::ApiKey { location: Location::Cookie, name } => ("api_key", "cookie", name.as_str()),
        SecurityKind::ApiKey { name, .. } => ("api_key", "header", name.as_str()),
        SecurityKind::UserPassword {} | SecurityKind::Other { .. } => return None,
    };
    let described = docs::paragraph(&scheme.description);
    let described = described.trim_end_matches('.');
    let said = |fallback: &str| if described.is_empty() { fallback.to_owned() } else { described.to_owned() };
    let in_header = matches!((kind, location), ("bearer", _) | ("api_key", "header"));
    let mut set = |words: &str, kind: &'static str, description: String| {
        let name = spell(language, Role::Variable, words);
        let variable = crate::words::split(words).join("_").to_uppercase();
        settings.entry(words.to_owned()).or_insert_with(|| view! { name: Code(name.clone()), variable: Code(variable), kind: kind, in_header: in_header, sentence: format!("{description}."), lead: format!("{name}:"), description: description });
        name
    };
    let setting = match kind {
        "bearer" => set("token", "token", said("The bearer token")),
        "basic" => {
            set("username", "name", format!("{}: the name", said("Basic authentication")));
            set("password", "password", format!("{}: the password", said("Basic authentication")))
        }
        _ => {
            let own = scope.name(language, Role::Variable, name);
            set(&own, "key", said(&format!("The key that goes into `{parameter}`")))
        }
    };
    Some(
        view! { name: name.to_owned(), kind: kind, location: location, parameter: parameter.to_owned(), parameter_lower: parameter.to_lowercase(), cookie: format!("{parameter}=s"), variable: crate::words::split(&setting).join("_").to_uppercase(), setting: Code(setting) },
    )
}

/// The alternatives without those that need what cannot be sent.
fn sendable<'s>(
    service: &Service,
    sets: &'s [IndexMap<String, Vec<String>>],
) -> Vec<&'s IndexMap<String, Vec<String>>> {
    let can_be_sent = |name: &String| service.security.get(name).is_some_and(|scheme| scheme.kind.is_sent());
    sets.iter().filter(|set| set.keys().all(can_be_sent)).collect()
}

/// The same as lists of names.
fn alternatives(service: &Service, sets: &[IndexMap<String, Vec<String>>]) -> Vec<Value> {
    let names =
        |set: &IndexMap<String, Vec<String>>| set.keys().map(|name| Value::from(name.clone())).collect::<Vec<_>>();
    sendable(service, sets).into_iter().map(|set| Value::from(names(set))).collect()
}

/// What allows an operation: a list of alternatives; one that is empty needs nothing.
pub fn of(operation: &Operation, service: &Service) -> Value {
    let sets = alternatives(service, &operation.security);
    Value::from(if sets.is_empty() { vec![Value::from(Vec::<Value>::new())] } else { sets })
}

/// Whether a bearer token alone allows an operation.
pub fn takes_token(operation: &Operation, service: &Service) -> bool {
    let is_bearer = |name: &String| {
        let kind = service.security.get(name).map(|scheme| &scheme.kind);
        matches!(kind, Some(SecurityKind::Bearer | SecurityKind::Oauth2 { .. } | SecurityKind::OpenidConnect { .. }))
    };
    operation.security.iter().any(|set| !set.is_empty() && set.keys().all(is_bearer))
        && needs_credentials(operation, service)
}

/// Whether an operation is refused without credentials that we can send.
pub fn needs_credentials(operation: &Operation, service: &Service) -> bool {
    !sendable(service, &operation.security).is_empty() && operation.security.iter().all(|set| !set.is_empty())
}

/// Whether an operation says it for itself, other than the service does.
pub fn is_own(operation: &Operation, surface: &Operations) -> bool {
    !operation.has_security_of(&surface.security)
}
