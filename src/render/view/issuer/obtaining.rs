//! What it takes to obtain tokens of an issuer: how a service proves itself, what the tokens are for, when to renew.

use minijinja::Value;

use super::{Answers, key_of, setting};
use crate::model::Issuer;
use crate::model::issuer::AlgorithmKind;
use crate::render::engine::Code;
use crate::render::names::{Role, spell};
use crate::render::view::settings::{Setting, number};
use crate::view;

/// Returns what templates see, and the settings.
pub fn view(issuer: &Issuer, answers: &Answers<'_>) -> (Vec<(&'static str, Value)>, Vec<Setting>) {
    let method = method(issuer, answers);
    let algorithm = signing_algorithm(issuer, answers);
    let early = answers.number("early_seconds", 60.0);
    let scopes = answers.texts("scopes");
    let target = answers.text("audience_parameter").filter(|name| name != "none");
    let resource = answers.text("resource");
    let entries = vec![
        ("client", client(&method, &algorithm, answers)),
        ("scopes", Value::from(scopes.clone())),
        ("target", target.as_ref().map_or(Value::from(()), |name| aim(name, resource.as_deref(), answers))),
        ("early_seconds", answers.spelled(early)),
        ("early", Value::from(Code(number(early).to_string()))),
        ("symbols", answers.symbols(&["token"])),
    ];
    let target = target.map(|name| (name, resource));
    (entries, table(issuer, &method, &scopes, target, early))
}

/// How the service proves itself: as answered, else the first that the issuer lists and we can do.
fn method(issuer: &Issuer, answers: &Answers<'_>) -> String {
    const METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
    let listed = issuer.client_authentication.iter().map(|method| method.name.clone());
    let mut listed = listed.filter(|name| METHODS.contains(&name.as_str()));
    answers.text("client_auth").or_else(|| listed.next()).unwrap_or_else(|| METHODS[0].to_owned())
}

fn signing_algorithm(issuer: &Issuer, answers: &Answers<'_>) -> String {
    let mut listed = issuer.client_signing.iter().filter(|algorithm| algorithm.kind == AlgorithmKind::Asymmetric);
    let listed = listed.next().map(|algorithm| algorithm.name.clone());
    answers.text("signing_algorithm").or(listed).unwrap_or_else(|| "RS256".to_owned())
}

fn client(method: &str, algorithm: &str, answers: &Answers<'_>) -> Value {
    let has_key = method == "private_key_jwt";
    let words = if has_key { "private key" } else { "client secret" };
    let (kind, curve) = key_of(algorithm);
    view! {
        method: method,
        is_basic: method == "client_secret_basic",
        is_post: method == "client_secret_post",
        has_key: has_key,
        proof: Code(spell(answers.language, Role::Variable, words)),
        variable: Code(crate::words::split(words).join("_").to_uppercase()),
        description: proof_description(method),
        algorithm: algorithm,
        key_kind: Code(kind.to_owned()),
        curve: curve,
        bits: 2048,
        is_deprecated: algorithm == "EdDSA",
    }
}

fn proof_description(method: &str) -> String {
    let form = if method == "private_key_jwt" { ", as a JWK" } else { "" };
    format!("What proves it{form} (`{method}`).")
}

/// What names the API that the tokens are for.
fn aim(parameter: &str, value: Option<&str>, answers: &Answers<'_>) -> Value {
    view! {
        parameter: parameter,
        name: Code(spell(answers.language, Role::Variable, parameter)),
        variable: Code(parameter.to_uppercase()),
        attribute: aim_attribute(parameter),
        value: value,
    }
}

fn aim_description(parameter: &str) -> &'static str {
    if parameter == "resource" {
        "The API the tokens are for (RFC 8707)."
    } else {
        "The API the tokens are for (`audience`)."
    }
}

fn aim_attribute(parameter: &str) -> String {
    format!("{}; None sends none.", aim_description(parameter).trim_end_matches('.'))
}

fn table(
    issuer: &Issuer,
    method: &str,
    scopes: &[String],
    target: Option<(String, Option<String>)>,
    early: f64,
) -> Vec<Setting> {
    let proof = if method == "private_key_jwt" { "PRIVATE_KEY" } else { "CLIENT_SECRET" };
    let scopes = Some(scopes.join(" ")).filter(|text| !text.is_empty());
    let mut table = vec![
        Setting::required("CLIENT_ID", "The name the issuer knows this service by."),
        Setting::required(proof, &proof_description(method)).secret(),
        setting(issuer),
        Setting::url(
            "TOKEN_URL",
            if issuer.endpoints.token.is_some() {
                "Where tokens are asked for. With another ISSUER, its metadata says so."
            } else {
                "Where tokens are asked for; the issuer's metadata says so unless given."
            },
            issuer.endpoints.token.as_deref(),
        ),
        Setting::text("SCOPES", "What the tokens must allow, separated by spaces.", scopes.as_deref()),
    ];
    if let Some((parameter, value)) = target {
        let name = if parameter == "resource" { "RESOURCE" } else { "AUDIENCE" };
        table.push(Setting::text(name, aim_description(&parameter), value.as_deref()));
    }
    table.push(Setting::number("EARLY_SECONDS", "How long before its end a token is replaced.", early));
    table
}
