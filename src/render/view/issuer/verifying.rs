//! What it takes to check an issuer's tokens: algorithms, audiences, scopes, claims, and how long keys are kept.

use minijinja::Value;
use serde_json::json;

use super::{Answers, claims, duration, key_of, setting};
use crate::model::Issuer;
use crate::model::issuer::AlgorithmKind;
use crate::render::engine::Code;
use crate::render::view::settings::{Setting, number};
use crate::view;

/// What can be called.
const OPERATIONS: [&str; 2] = ["authenticate", "challenge"];

/// Returns what templates see, and the settings.
pub fn view(issuer: &Issuer, answers: &Answers<'_>) -> (Vec<(&'static str, Value)>, Vec<Setting>) {
    let algorithms = algorithms(issuer, answers);
    let list = |key: &str, usual: &[&str]| {
        let given = answers.texts(key);
        if given.is_empty() { usual.iter().map(|text| (*text).to_owned()).collect() } else { given }
    };
    let audiences = answers.texts("audiences");
    let scopes = answers.texts("required_scopes");
    let types: Vec<String> = list("token_types", &["at+jwt", "JWT"]);
    let leeway = answers.number("leeway_seconds", 30.0);
    let entries = vec![
        ("algorithms", Value::from(algorithms.clone())),
        ("audiences", Value::from(audiences.clone())),
        ("required_scopes", Value::from(scopes.clone())),
        ("token_types", Value::from(types.clone())),
        ("leeway_seconds", Value::from(leeway as i64)),
        ("keys", keys(answers)),
        ("claims", claims::view(issuer, answers)),
        ("local_key", local_key(&algorithms)),
        ("symbols", answers.symbols(&OPERATIONS)),
    ];
    (entries, table(issuer, [&audiences, &algorithms, &types, &scopes], leeway))
}

/// What tokens may be signed with; only what a public key verifies. `EdDSA` has a newer name (RFC 9864) that goes with it.
fn algorithms(issuer: &Issuer, answers: &Answers<'_>) -> Vec<String> {
    let listed = issuer.token_signing.iter().filter(|algorithm| algorithm.kind == AlgorithmKind::Asymmetric);
    let mut names = answers.texts("algorithms");
    if names.is_empty() {
        names = listed.map(|algorithm| algorithm.name.clone()).collect();
    }
    if names.iter().any(|name| name == "EdDSA") && names.iter().all(|name| name != "Ed25519") {
        names.push("Ed25519".to_owned());
    }
    names
}

/// How long keys are kept.
fn keys(answers: &Answers<'_>) -> Value {
    let ttl = answers.number("keys_ttl_seconds", 600.0);
    let stale = answers.number("keys_stale_seconds", 86_400.0);
    let pause = answers.number("refresh_pause_seconds", 10.0);
    view! {
        ttl_seconds: answers.spelled(ttl),
        stale_seconds: answers.spelled(stale),
        pause_seconds: answers.spelled(pause),
        ttl: duration(ttl),
        stale: duration(stale),
        pause: duration(pause),
    }
}

/// The key of an issuer of one's own, for tests and development: the quickest to make that is accepted.
fn local_key(algorithms: &[String]) -> Value {
    const PREFERRED: [&str; 10] =
        ["ES256", "ES384", "ES512", "Ed25519", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    let algorithm = PREFERRED.iter().find(|name| algorithms.iter().any(|known| known == *name)).unwrap_or(&"ES256");
    let (kind, curve) = key_of(algorithm);
    view! {
        algorithm: *algorithm,
        kind: Code(kind.to_owned()),
        curve: curve,
        bits: 2048,
        // Of another kind of key.
        other: if kind == "EC" { "RS256" } else { "ES256" },
        in_small_letters: algorithm.to_lowercase(),
    }
}

fn table(issuer: &Issuer, [audiences, algorithms, types, scopes]: [&Vec<String>; 4], leeway: f64) -> Vec<Setting> {
    const AUDIENCES: &str = "Names of this API at the issuer, separated by spaces; a token must be for one of them.";
    let joined = |texts: &[String]| Some(texts.join(" ")).filter(|text| !text.is_empty());
    vec![
        match joined(audiences) {
            None => Setting::required("AUDIENCES", AUDIENCES),
            Some(names) => Setting::text("AUDIENCES", AUDIENCES, Some(&names)),
        },
        setting(issuer),
        Setting::url(
            "KEYS_URL",
            if issuer.endpoints.keys.is_some() {
                "Where the issuer publishes its keys. With another ISSUER, its metadata says so."
            } else {
                "Where the issuer publishes its keys; its metadata says so unless given."
            },
            issuer.endpoints.keys.as_deref(),
        ),
        Setting::text(
            "ALGORITHMS",
            "Accepted signature algorithms; only asymmetric ones.",
            joined(algorithms).as_deref(),
        ),
        Setting::text(
            "TOKEN_TYPES",
            "Accepted `typ` headers; a token without one counts as `JWT`.",
            joined(types).as_deref(),
        ),
        Setting::text("REQUIRED_SCOPES", "Scopes that every token must have.", joined(scopes).as_deref()),
        Setting {
            default: Some(number(leeway)),
            schema: json!({ "type": "integer", "minimum": 0 }),
            ..Setting::text("LEEWAY_SECONDS", "How far the clocks of issuer and machine may be apart.", None)
        },
        Setting::text("LOCAL_KEYS", "A JWK Set in place of the issuer's, for tests and development.", None),
    ]
}
