//! The settings of an adapter as one table, from which `.env.example` and `config.schema.json` are made.

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::{Map, Value as Json, json};

use super::Names;
use crate::render::engine::Code;
use crate::view;

/// One setting, read from `<PREFIX><name>` or the file that `<PREFIX><name>_FILE` names.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// In capitals, without the prefix: `TIMEOUT_SECONDS`.
    pub name: &'static str,
    /// A sentence or two.
    pub description: String,
    /// What it is unless given; a list is texts separated by spaces.
    pub default: Option<Json>,
    /// What it may look like, where it has no default.
    pub example: Option<String>,
    /// JSON Schema of its value, without description and default.
    pub schema: Json,
    pub required: bool,
    pub secret: bool,
}

impl Setting {
    /// A setting that is a text.
    pub fn text(name: &'static str, description: &str, default: Option<&str>) -> Self {
        Self {
            name,
            description: description.to_owned(),
            default: default.map(Json::from),
            schema: json!({ "type": "string" }),
            ..Self::default()
        }
    }

    /// A text that must be given.
    pub fn required(name: &'static str, description: &str) -> Self {
        Self {
            required: true,
            schema: json!({ "type": "string", "minLength": 1 }),
            ..Self::text(name, description, None)
        }
    }

    pub fn url(name: &'static str, description: &str, default: Option<&str>) -> Self {
        Self { schema: json!({ "type": "string", "format": "uri" }), ..Self::text(name, description, default) }
    }

    pub fn flag(name: &'static str, description: &str, default: bool) -> Self {
        Self {
            default: Some(default.into()),
            schema: json!({ "type": "boolean" }),
            ..Self::text(name, description, None)
        }
    }

    /// A number above 0.
    pub fn number(name: &'static str, description: &str, default: f64) -> Self {
        Self {
            default: Some(number(default)),
            schema: json!({ "type": "number", "exclusiveMinimum": 0 }),
            ..Self::text(name, description, None)
        }
    }

    /// A whole number above 0.
    pub fn integer(name: &'static str, description: &str, default: u64) -> Self {
        Self {
            default: Some(default.into()),
            schema: json!({ "type": "integer", "minimum": 1 }),
            ..Self::text(name, description, None)
        }
    }

    /// The same, never to be shown.
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    fn described(&self) -> String {
        let required = if self.required { " Required." } else { "" };
        let secret = if self.secret { " A secret." } else { "" };
        format!("{}{required}{secret}", self.description)
    }

    fn shown(&self) -> String {
        match &self.default {
            None => self.example.clone().unwrap_or_default(),
            Some(Json::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }
}

/// A number as people write it: 30, not 30.0.
pub fn number(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() < 1e15 { Json::from(value as i64) } else { Json::from(value) }
}

/// What all templates of an adapter with such a table see; each pair of `together` makes sense only together.
pub fn view(settings: &[Setting], names: &Names, name: &str, together: &[[&str; 2]]) -> Vec<(&'static str, Value)> {
    let lines: Vec<Value> = settings
        .iter()
        .map(|setting| {
            view! {
                variable: Code(format!("{}{}", names.prefix, setting.name)),
                description: setting.described(),
                shown: setting.shown(),
                required: setting.required,
            }
        })
        .collect();
    vec![
        ("settings", Value::from(lines)),
        ("config_schema", Value::from(Serde(schema(settings, names, name, together)))),
    ]
}

/// JSON Schema of the settings as environment variables.
fn schema(settings: &[Setting], names: &Names, name: &str, together: &[[&str; 2]]) -> Json {
    let prefix = &names.prefix;
    let mut properties = Map::new();
    for setting in settings {
        properties.insert(format!("{prefix}{}", setting.name), property(setting));
        let file = json!({ "description": format!("A file that holds {prefix}{}.", setting.name), "type": "string" });
        properties.insert(format!("{prefix}{}_FILE", setting.name), file);
    }
    let given = |name: &str| json!({ "anyOf": [{ "required": [format!("{prefix}{name}")] }, { "required": [format!("{prefix}{name}_FILE")] }] });
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Settings of the adapter {name}, as environment variables"),
        "type": "object",
        "properties": properties,
    });
    let required: Vec<Json> =
        settings.iter().filter(|setting| setting.required).map(|setting| given(setting.name)).collect();
    if !required.is_empty() {
        schema["allOf"] = required.into();
    }
    let pairs = together.iter().flat_map(|[one, other]| [(one, other), (other, one)]);
    let dependent: Map<String, Json> = pairs.map(|(one, other)| (format!("{prefix}{one}"), given(other))).collect();
    if !dependent.is_empty() {
        schema["dependentSchemas"] = dependent.into();
    }
    schema
}

fn property(setting: &Setting) -> Json {
    let mut property = json!({ "description": setting.described() });
    for (key, value) in setting.schema.as_object().into_iter().flatten() {
        property[key] = value.clone();
    }
    if setting.secret {
        property["writeOnly"] = true.into();
    }
    if let Some(default) = &setting.default {
        property["default"] = default.clone();
    }
    property
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names {
            package: "up".into(),
            class: "Up".into(),
            async_class: "AsyncUp".into(),
            variable: "up".into(),
            prefix: "UP_".into(),
        }
    }

    #[test]
    fn a_required_setting_may_come_from_a_file() {
        let schema = schema(
            &[Setting::required("KEY", "The key.").secret(), Setting::number("WAIT", "Seconds.", 2.5)],
            &names(),
            "up",
            &[],
        );
        let valid = |settings: Json| jsonschema::validator_for(&schema).unwrap().is_valid(&settings);
        assert!(valid(json!({ "UP_KEY": "k" })));
        assert!(valid(json!({ "UP_KEY_FILE": "/run/key", "UP_WAIT": 1 })));
        assert!(!valid(json!({})));
        assert!(!valid(json!({ "UP_KEY": "k", "UP_WAIT": 0 })));
        assert_eq!(schema["properties"]["UP_KEY"]["writeOnly"], json!(true));
        assert_eq!(schema["properties"]["UP_WAIT"]["default"], json!(2.5));
    }

    #[test]
    fn settings_that_need_one_another_are_said_to() {
        let pair = [Setting::text("USER", "Who.", None), Setting::text("PASSWORD", "What proves it.", None).secret()];
        let schema = schema(&pair, &names(), "up", &[["USER", "PASSWORD"]]);
        let valid = |settings: Json| jsonschema::validator_for(&schema).unwrap().is_valid(&settings);
        assert!(valid(json!({})));
        assert!(valid(json!({ "UP_USER": "u", "UP_PASSWORD_FILE": "/run/p" })));
        assert!(!valid(json!({ "UP_USER": "u" })));
        assert!(!valid(json!({ "UP_PASSWORD": "p" })));
    }
}
