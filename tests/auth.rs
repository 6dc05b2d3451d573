//! Issuers: their metadata as the model's own text form, what is refused, and how answers fit.

#[path = "oracle/mod.rs"]
mod oracle;

use integrate::model::{Outcome, Service};
use integrate::source::identify::of_bytes;
use integrate::source::input::{Content, Input};
use integrate::source::{Filter, answers, read};
use serde_json::{Value, json};

fn input(name: &str, bytes: &[u8]) -> Input {
    Input {
        name: name.to_owned(),
        kind: of_bytes(bytes),
        content: Content::Document { bytes: bytes.to_vec(), file: None },
        folder: std::path::PathBuf::new(),
    }
}

fn login() -> Service {
    let bytes = include_bytes!("../snapshots/models/login.openid-configuration.json");
    read(&input("login.openid-configuration.json", bytes), &Filter::default()).unwrap()
}

/// The metadata of an issuer with `more` in place of what it says.
fn metadata(more: Value) -> Result<Service, String> {
    let mut document = json!({
        "issuer": "https://a.example",
        "jwks_uri": "https://a.example/keys",
        "token_endpoint": "https://a.example/token",
    });
    for (key, value) in more.as_object().unwrap() {
        document[key] = value.clone();
    }
    document.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let bytes = serde_json::to_vec_pretty(&document).unwrap();
    read(&input("a.json", &bytes), &Filter::default()).map_err(|fault| fault.to_string())
}

/// Whether a variant with these options can be made of the issuer.
fn fitted(more: Value, options: Value) -> Result<Service, String> {
    let mut service = metadata(more)?;
    answers::fit(&mut service, "login", &options).map_err(|fault| fault.to_string())?;
    Ok(service)
}

#[test]
fn the_metadata_of_an_issuer_is_its_model() {
    let mut read = login();
    assert_eq!(std::mem::take(&mut read.source.hash).len(), 64);
    let written: Service = serde_yaml::from_str(include_str!("../snapshots/models/issuer.yaml")).unwrap();
    assert_eq!(read, written);
}

#[test]
fn everything_the_issuer_lists_is_accounted_for() {
    let ledger = login().ledger;
    assert_eq!((ledger.source, ledger.entries.len()), (11, 11));
    assert_eq!((ledger.count(Outcome::Generated), ledger.count(Outcome::Excluded)), (6, 5));
    for entry in ledger.entries {
        assert_eq!(entry.reasons.is_empty(), entry.outcome == Outcome::Generated, "{}", entry.name);
    }
}

#[test]
fn what_is_not_wanted_is_left_out() {
    let filter = Filter { include: Vec::new(), exclude: vec!["token_signing ES*".to_owned()] };
    let bytes = include_bytes!("../snapshots/models/login.openid-configuration.json");
    let service = read(&input("login.json", bytes), &filter).unwrap();
    let integrate::model::Surface::Issuer(issuer) = service.surface else { panic!("no issuer") };
    assert!(issuer.token_signing.iter().all(|algorithm| algorithm.name != "ES256"));
    assert_eq!(service.ledger.count(Outcome::Generated), 5);
}

#[test]
fn err_metadata_that_cannot_be_trusted() {
    let cases = [
        (
            json!({ "issuer": "http://a.example" }),
            "a.json:2:13: `issuer` is `http://a.example`, which is not an https URL",
        ),
        (json!({ "issuer": "https://a.example?x=1" }), "a.json:2:13: `issuer` has a query or a fragment"),
        (
            json!({ "issuer": "https://a.example\"\n" }),
            "a.json:2:13: `issuer` is `https://a.example\\\"\\n`, which is not an https URL",
        ),
        (
            json!({ "issuer": "https://a.example/\u{202e}" }),
            "a.json:2:13: `issuer` is `https://a.example/\\u{202e}`, which is not an https URL",
        ),
        (
            json!({ "jwks_uri": "http://localhost.evil.example/keys" }),
            "a.json:3:15: `jwks_uri` is `http://localhost.evil.example/keys`, which is not an https URL",
        ),
        (json!({ "token_endpoint": ["x"] }), "a.json:4:21: `token_endpoint` is ``, which is not an https URL"),
        (json!({ "scopes_supported": "openid" }), "a.json:5:23: `scopes_supported` is not a list"),
        (json!({ "grant_types_supported": [{}] }), "a.json:6:5: an item of `grant_types_supported` is not a text"),
    ];
    for (more, expected) in cases {
        assert_eq!(metadata(more).unwrap_err(), expected);
    }
    assert!(metadata(json!({ "issuer": "http://127.0.0.1:9400" })).is_ok());
}

#[test]
fn err_answers_that_the_issuer_contradicts() {
    let ask = |client_auth: Value| json!({ "client_auth": client_auth });
    let cases = [
        (
            json!({ "issuer": "https://a.example/{tenant}" }),
            json!({}),
            "`login`: the issuer `https://a.example/{tenant}` leaves `tenant` open",
        ),
        (
            json!({}),
            json!({ "issuer": "https://b.example" }),
            "`login`: the source is of the issuer `https://a.example`, and the option says `https://b.example`",
        ),
        (
            json!({ "jwks_uri": null }),
            json!({}),
            "a.json:1:1: `login` needs the issuer's keys, and `jwks_uri` is not named",
        ),
        (
            json!({ "token_endpoint": null }),
            ask(Value::Null),
            "a.json:1:1: `login` needs the issuer's tokens, and `token_endpoint` is not named",
        ),
        (
            json!({ "id_token_signing_alg_values_supported": ["HS256", "none"] }),
            json!({}),
            "a.json:1:1: the issuer lists no algorithm that a public key can verify, and `login` needs one",
        ),
        (
            json!({ "grant_types_supported": ["implicit"] }),
            ask(Value::Null),
            "a.json:1:1: `login` needs the grant `client_credentials`, which `grant_types_supported` does not list",
        ),
        (
            json!({ "token_endpoint_auth_methods_supported": ["none"] }),
            ask(Value::Null),
            "a.json:1:1: the issuer lists no way to prove oneself that `login` could use",
        ),
        (
            json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }),
            ask(json!("private_key_jwt")),
            "a.json:1:1: `login` is to use `private_key_jwt`, which `token_endpoint_auth_methods_supported` does not list",
        ),
    ];
    for (more, options, expected) in cases {
        assert_eq!(fitted(more, options).unwrap_err(), expected);
    }
}

#[test]
fn what_stands_in_braces_is_filled_in_everywhere() {
    let more =
        json!({ "issuer": "https://a.example/{tenant}/v2", "jwks_uri": "https://keys.example/{tenant}/{region}" });
    let service = fitted(more, json!({ "variables": { "tenant": "contoso", "region": "eu" } })).unwrap();
    let integrate::model::Surface::Issuer(issuer) = service.surface else { panic!("no issuer") };
    assert_eq!(issuer.identifier.as_deref(), Some("https://a.example/contoso/v2"));
    assert_eq!(issuer.endpoints.keys.as_deref(), Some("https://keys.example/contoso/eu"));
    assert!(issuer.variables.is_empty());
}

#[test]
fn an_issuer_of_answers_states_what_is_not_looked_up_at_run_time() {
    let options = json!({ "issuer": "https://a.example", "algorithms": ["ES256"] });
    let service = answers::read("login", "issuer", &options).unwrap();
    insta::assert_snapshot!(serde_yaml::to_string(&service.surface).unwrap());
}

#[test]
fn metadata_from_elsewhere_is_noted() {
    let bytes = br#"{"issuer": "https://a.example", "jwks_uri": "https://a.example/keys"}"#;
    let notes = |from: &str| read(&input(from, bytes), &Filter::default()).unwrap().ledger.notes.len();
    let usual = notes("https://a.example/");
    assert_eq!(notes("https://a.example/.well-known/openid-configuration"), usual);
    assert_eq!(notes("https://b.example/"), usual + 1);
}

#[test]
fn hostile_03_the_url_of_an_issuer_is_no_code() {
    let url = "https://a.example/*/'\"\"\";`$evil(7)\\//x";
    let document = json!({
        "issuer": url, "jwks_uri": url, "token_endpoint": url,
        "id_token_signing_alg_values_supported": ["\"); evil(7) #", "RS256"],
        "grant_types_supported": ["client_credentials", "*/ evil(7)"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "\nevil(7)"],
        "token_endpoint_auth_signing_alg_values_supported": ["evil(7)", "ES256"],
        "scopes_supported": ["evil(7)"], "claims_supported": ["\"); evil(7)"],
    });
    for language in ["python", "typescript"] {
        for variant in ["jwt", "client-credentials"] {
            let arguments = ["login", "--type", "auth", "--source", "issuer.json", "--variant", variant];
            let case = oracle::Case::create(language, &arguments, |project| {
                std::fs::write(project.join("issuer.json"), document.to_string()).unwrap();
            });
            assert_eq!(case.status, Some(0), "{}", case.said);
            case.holds(&["/login/"]);
        }
    }
}
