//! An issuer as the settings of what checks its tokens, or of what obtains them.

mod claims;
mod obtaining;
mod verifying;

use minijinja::Value;
use serde_json::Value as Json;

use super::settings::{self, Setting};
use super::{Names, code};
use crate::model::Issuer;
use crate::render::encode;
use crate::render::engine::Code;
use crate::render::language::Language;
use crate::view;

/// What the templates of an adapter to an issuer see beside what all patterns have.
pub fn view(issuer: &Issuer, names: &Names, language: &Language, options: &Json) -> Vec<(&'static str, Value)> {
    let answers = Answers { options, language };
    let mut entries = vec![("issuer", facts(issuer))];
    // An option that only variants have which obtain tokens.
    let (own, table) = if options.get("client_auth").is_some() {
        obtaining::view(issuer, &answers)
    } else {
        verifying::view(issuer, &answers)
    };
    entries.extend(own);
    entries.extend(settings::view(&table, names, &names.package, &[]));
    entries
}

fn facts(issuer: &Issuer) -> Value {
    let url = issuer.identifier.clone();
    view! {
        is_known: url.is_some(),
        shown: url.clone().unwrap_or_else(|| "the issuer that the settings name".to_owned()),
        url: url,
        keys_url: issuer.endpoints.keys.clone(),
        token_url: issuer.endpoints.token.clone(),
    }
}

/// The setting that names the issuer.
fn setting(issuer: &Issuer) -> Setting {
    const DESCRIPTION: &str = "The issuer, compared letter by letter.";
    match &issuer.identifier {
        Some(url) => Setting::url("ISSUER", DESCRIPTION, Some(url)),
        None => Setting { required: true, ..Setting::url("ISSUER", DESCRIPTION, None) },
    }
}

/// The options of an entry, with what they are unless given.
struct Answers<'a> {
    options: &'a Json,
    language: &'a Language,
}

impl Answers<'_> {
    fn text(&self, key: &str) -> Option<String> {
        self.options.get(key).and_then(Json::as_str).map(str::to_owned)
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let items = self.options.get(key).and_then(Json::as_array).into_iter().flatten();
        items.filter_map(Json::as_str).map(str::to_owned).collect()
    }

    fn number(&self, key: &str, usual: f64) -> f64 {
        self.options.get(key).and_then(Json::as_f64).unwrap_or(usual)
    }

    /// A number that may have a fraction, as the language writes it.
    fn spelled(&self, number: f64) -> Value {
        code(&encode::number(self.language, number))
    }

    /// The names of operations as the language writes them.
    fn symbols(&self, operations: &[&str]) -> Value {
        use crate::render::names::{Role, spell};
        let spelled = operations.iter().map(|words| Value::from(spell(self.language, Role::Function, words)));
        Value::from(spelled.collect::<Vec<_>>())
    }
}

/// The kind of key that an algorithm takes, and its curve.
fn key_of(algorithm: &str) -> (&'static str, &'static str) {
    match algorithm {
        "ES256" => ("EC", "P-256"),
        "ES384" => ("EC", "P-384"),
        "ES512" => ("EC", "P-521"),
        "Ed25519" | "EdDSA" => ("OKP", "Ed25519"),
        _ => ("RSA", ""),
    }
}

/// Seconds as people say them: `10 minutes`, `a day`.
fn duration(seconds: f64) -> Value {
    const UNITS: [(f64, &str, &str); 3] =
        [(86_400.0, "a day", "days"), (3600.0, "an hour", "hours"), (60.0, "a minute", "minutes")];
    let unit = UNITS.iter().find(|(length, ..)| seconds >= *length && seconds % length == 0.0);
    let said = match unit {
        Some((length, one, _)) if seconds == *length => (*one).to_owned(),
        Some((length, _, many)) => format!("{} {many}", seconds / length),
        None if seconds == 1.0 => "a second".to_owned(),
        None => format!("{seconds} seconds"),
    };
    Value::from(Code(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let cases = [
            (600.0, "10 minutes"),
            (86_400.0, "a day"),
            (7200.0, "2 hours"),
            (90.0, "90 seconds"),
            (2.5, "2.5 seconds"),
            (60.0, "a minute"),
        ];
        for (seconds, said) in cases {
            assert_eq!(duration(seconds).to_string(), said);
        }
    }
}
