//! Values of YAML → the JSON that schemas and templates know.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use serde_yaml::Value as Yaml;

/// Reads a value. Infinity and what is no number, which JSON has not, stay the words they were written as.
pub fn parse(text: &str) -> Result<Value, serde_yaml::Error> {
    serde_yaml::from_str(text).and_then(json)
}

/// The options of an entry, from a map.
pub fn options<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IndexMap<String, Value>, D::Error> {
    let read = IndexMap::<String, Yaml>::deserialize(deserializer)?;
    read.into_iter().map(|(key, value)| Ok((key, json(value).map_err(de::Error::custom)?))).collect()
}

fn json(value: Yaml) -> Result<Value, serde_yaml::Error> {
    serde_yaml::from_value(in_words(value))
}

fn in_words(value: Yaml) -> Yaml {
    match value {
        Yaml::Number(number) if number.as_f64().is_some_and(|number| !number.is_finite()) => {
            Yaml::String(number.to_string())
        }
        Yaml::Sequence(items) => items.into_iter().map(in_words).collect(),
        Yaml::Mapping(entries) => {
            Yaml::Mapping(entries.into_iter().map(|(key, value)| (key, in_words(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_has_no_number_for_stays_a_word() {
        let read = parse("[.inf, -.inf, .nan, {a: [1.5, .inf]}, 7, text, null]").unwrap();
        assert_eq!(read, serde_json::json!([".inf", "-.inf", ".nan", {"a": [1.5, ".inf"]}, 7, "text", null]));
    }
}
