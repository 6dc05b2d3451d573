//! The claims that an application reads beside the usual ones, as fields.

use minijinja::Value;
use serde_json::{Value as Json, json};

use super::Answers;
use crate::model::Issuer;
use crate::model::issuer::ClaimType;
use crate::render::encode;
use crate::render::engine::Code;
use crate::render::names::{Role, Scope, spell};
use crate::view;

/// The fields that all claims have.
const USUAL: [&str; 8] = ["subject", "audience", "expires at", "scopes", "client id", "token id", "all", "from json"];

/// Claims that every token of ours has already.
const REGISTERED: [&str; 6] = ["iss", "sub", "aud", "iat", "exp", "scope"];

/// A claim that an option asks for.
struct Wanted<'o> {
    name: &'o str,
    of: ClaimType,
    required: bool,
}

/// The fields, and which readers they take beside those of the usual ones.
pub fn view(issuer: &Issuer, answers: &Answers<'_>) -> Value {
    let language = answers.language;
    let usual: Vec<String> = USUAL.iter().map(|words| spell(language, Role::Variable, words)).collect();
    let mut scope = Scope::with(usual.iter().map(String::as_str));
    let wanted: Vec<Wanted<'_>> = answers
        .options
        .get("claims")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(|claim| one(issuer, claim))
        .collect();
    let fields = wanted.iter().enumerate().filter(|(at, claim)| wanted[..*at].iter().all(|before| before.name != claim.name)).map(|(_, claim)| claim).map(|claim| {
        let (kind, example, wrong) = kind(claim.of);
        view! {
            wire: claim.name,
            field: Code(scope.name(language, Role::Variable, claim.name)),
            reader: Code(spell(language, Role::Function, &if claim.required { kind.to_owned() } else { format!("optional {kind}") })),
            required: claim.required,
            is_own: !REGISTERED.contains(&claim.name),
            is_text: claim.of == ClaimType::Text,
                is_boolean: claim.of == ClaimType::Boolean,
                is_number: claim.of == ClaimType::Number,
                is_moment: claim.of == ClaimType::Moment,
            example: Code(encode::value(language, &example)),
            wrong: Code(encode::value(language, &wrong)),
        }
    });
    let has = |of: ClaimType, required: Option<bool>| {
        wanted.iter().any(|claim| claim.of == of && required.is_none_or(|required| claim.required == required))
    };
    view! {
        fields: fields.collect::<Vec<_>>(),
        has_boolean: has(ClaimType::Boolean, None),
        has_optional_boolean: has(ClaimType::Boolean, Some(false)),
        has_number: has(ClaimType::Number, None),
        has_optional_number: has(ClaimType::Number, Some(false)),
        has_optional_texts: has(ClaimType::Texts, Some(false)),
        has_optional_moment: has(ClaimType::Moment, Some(false)),
    }
}

/// What an option asks for; a type that is not said is the standard's or the issuer's, or a text.
fn one<'o>(issuer: &Issuer, claim: &'o Json) -> Option<Wanted<'o>> {
    let name = claim.get("name").and_then(Json::as_str)?;
    let said = claim.get("type").and_then(|of| serde_json::from_value(of.clone()).ok());
    let listed = || issuer.claims.iter().find(|known| known.name == name).map(|known| known.of);
    let of = said.or_else(listed).filter(|of| *of != ClaimType::Unknown).unwrap_or_else(|| ClaimType::of(name));
    let of = if of == ClaimType::Unknown { ClaimType::Text } else { of };
    Some(Wanted { name, of, required: claim.get("required").and_then(Json::as_bool).unwrap_or_default() })
}

/// The name of a type, a value of it, and one that is not.
fn kind(of: ClaimType) -> (&'static str, Json, Json) {
    match of {
        ClaimType::Boolean => ("boolean", json!(true), json!("yes")),
        ClaimType::Number => ("number", json!(1), json!("one")),
        ClaimType::Texts => ("texts", json!(["example"]), json!(7)),
        ClaimType::Moment => ("moment", json!(1_700_000_000), json!("soon")),
        ClaimType::Text | ClaimType::Unknown => ("text", json!("example"), json!(7)),
    }
}
