//! `--set`, `integrate.yaml` and a variant's JSON Schema → the options of an entry, complete and valid.

use std::path::Path;

use anyhow::Result;
use indexmap::IndexMap;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value};

use super::ask;
use crate::pattern::Variant;
use crate::problem;
use crate::problem::Problem;
use crate::requirements::values;
use crate::source::credentials;

/// How much of a value is quoted, in characters.
const QUOTED: usize = 60;

/// Reads `KEY=VALUE` pairs; values are YAML, or text where the schema wants text; `@FILE` is a file's content, relative to `folder`.
pub fn parse(set: &[String], folder: &Path, schema: &Value) -> Result<IndexMap<String, Value>> {
    let mut options = IndexMap::new();
    for pair in set {
        let Some((key, text)) = pair.split_once('=').filter(|(key, _)| !key.trim().is_empty()) else {
            problem!(help: "write `--set KEY=VALUE`"; "`--set {pair}`: wanted `KEY=VALUE`");
        };
        let text = match text.strip_prefix('@') {
            Some(file) => std::fs::read_to_string(folder.join(file)).map_err(|fault| {
                Problem::new(format!("`--set {key}=@{file}`: {fault}"), "name a file that can be read")
            })?,
            None => text.to_owned(),
        };
        let value = value(&text, key.trim(), schema).map_err(|fault| {
            Problem::new(
                format!("`--set {key}`: the value is not YAML: {fault}"),
                "quote it, or put it into a file: `--set KEY=@FILE`",
            )
        })?;
        options.insert(key.trim().to_owned(), value);
    }
    Ok(options)
}

/// What was typed for an option: YAML; where the schema wants text, that very text, unless YAML quotes it or spreads it over lines.
pub fn value(text: &str, key: &str, schema: &Value) -> Result<Value, serde_yaml::Error> {
    let read = values::parse(text);
    let is_text = schema.pointer(&format!("/properties/{key}/type")) == Some(&Value::from("string"));
    let is_quoted = text.trim_start().starts_with(['"', '\'', '|', '>']) && matches!(read, Ok(Value::String(_)));
    if is_text && !is_quoted { Ok(Value::String(text.trim().to_owned())) } else { read }
}

/// The options of an entry with defaults filled in; what is missing is asked for, or taken from the variant's own defaults.
///
/// Returns what the entry should keep, and the complete options.
pub fn complete(
    given: &IndexMap<String, Value>,
    variant: &Variant,
    yes: bool,
    name: &str,
) -> Result<(IndexMap<String, Value>, Value)> {
    let mut kept = given.clone();
    if yes {
        for (key, value) in &variant.defaults {
            kept.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    for missing in missing(&kept, variant) {
        let value = match ask::is_possible() {
            true => answer(&missing, variant)?,
            false => {
                problem!(help: format!("add `--set {missing}=…`{}", if variant.defaults.contains_key(&missing) { ", or `--yes` to take the default" } else { "" });
                "`{name}` needs the option `{missing}`: {}", describe(&missing, variant))
            }
        };
        kept.insert(missing, value);
    }
    let complete = settled(&kept, variant, name)?;
    Ok((kept, complete))
}

/// The options as they are given, with the schema's defaults; asks nobody.
pub fn settled(given: &IndexMap<String, Value>, variant: &Variant, name: &str) -> Result<Value> {
    let mut complete: Map<String, Value> = given.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    fill(&mut complete, &variant.options);
    let complete = Value::Object(complete);
    check(&complete, variant, name)?;
    Ok(with_nulls(complete, &variant.options))
}

fn missing(given: &IndexMap<String, Value>, variant: &Variant) -> Vec<String> {
    let required = variant.options.get("required").and_then(Value::as_array);
    required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|key| !given.contains_key(*key))
        .map(str::to_owned)
        .collect()
}

fn describe(key: &str, variant: &Variant) -> String {
    let property = variant.options.pointer(&format!("/properties/{key}/description"));
    property.and_then(Value::as_str).unwrap_or("required").trim_end_matches('.').to_owned()
}

fn answer(key: &str, variant: &Variant) -> Result<Value> {
    let default =
        variant.defaults.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let text = ask::line(&format!("{key}: {}", describe(key, variant)), default.as_deref())?;
    Ok(value(&text, key, &variant.options).unwrap_or(Value::String(text)))
}

/// Puts in the defaults of the schema, however deep.
fn fill(options: &mut Map<String, Value>, schema: &Value) {
    for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if let (false, Some(default)) = (options.contains_key(key), property.get("default")) {
            options.insert(key.clone(), default.clone());
        }
        match options.get_mut(key) {
            Some(Value::Object(inner)) => fill(inner, property),
            Some(Value::Array(items)) => {
                let of_items = property.get("items").cloned().unwrap_or(Value::Null);
                items.iter_mut().filter_map(Value::as_object_mut).for_each(|item| fill(item, &of_items));
            }
            _ => {}
        }
    }
}

/// The options with `null` for each that was not given: templates see all of them.
fn with_nulls(mut options: Value, schema: &Value) -> Value {
    let names = schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
    if let Value::Object(map) = &mut options {
        names.for_each(|name| {
            map.entry(name.clone()).or_insert(Value::Null);
        });
    }
    options
}

fn check(options: &Value, variant: &Variant, name: &str) -> Result<()> {
    let validator = jsonschema::validator_for(&variant.options)?;
    let Some(fault) = validator.iter_errors(options).next() else { return Ok(()) };
    let place = fault.instance_path().to_string();
    let place = if place.is_empty() { String::new() } else { format!(" in `{}`", place.trim_start_matches('/')) };
    if let ValidationErrorKind::AdditionalProperties { unexpected } = fault.kind()
        && let Some(unknown) = unexpected.first()
    {
        let known = known(&variant.options, &fault.instance_path().to_string());
        let near = known
            .iter()
            .map(|key| (strsim::damerau_levenshtein(key, unknown), key))
            .min()
            .filter(|(distance, key)| *distance <= 2.min(key.len() / 2));
        let help = match near {
            Some((_, key)) => format!("write `{key}`"),
            None => {
                format!("choose from {}", known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "))
            }
        };
        problem!(help: help; "`{name}`: there is no option `{unknown}`{place}");
    }
    let help = wanted(&variant.options, &fault.instance_path().to_string(), fault.instance());
    problem!(help: help;
        "`{name}`: option{}: {}", place.trim_start_matches(" in"), fault.masked_with(quoted(fault.instance())));
}

/// What a value should be: what the schema says of its place.
fn wanted(schema: &Value, place: &str, value: &Value) -> String {
    const MORE: &str = "`integrate patterns show` has all options and what they may be";
    if value.as_str().is_some_and(|text| credentials::masked(text) != text) {
        return format!("leave user and password out: they are settings of the adapter. {MORE}");
    }
    let said = schema_at(schema, place).and_then(|schema| schema.get("description")).and_then(Value::as_str);
    said.map_or_else(|| format!("see what it may be: {MORE}"), |said| format!("{} {MORE}", full_stop(said)))
}

/// The text with a full stop behind it.
fn full_stop(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

/// A value as messages quote it: no secret of it, and not all of a long one.
fn quoted(value: &Value) -> String {
    let text = credentials::masked(&value.to_string());
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The names that a schema knows at a place of what it describes.
fn known<'s>(schema: &'s Value, place: &str) -> Vec<&'s str> {
    let schema = schema_at(schema, place);
    let properties = schema.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// The schema of a place of what `schema` describes.
fn schema_at<'s>(schema: &'s Value, place: &str) -> Option<&'s Value> {
    let step = |schema: Option<&'s Value>, part: &str| match part.parse::<usize>() {
        Ok(_) => schema?.get("items"),
        Err(_) => schema?.get("properties")?.get(part),
    };
    place.split('/').filter(|part| !part.is_empty()).fold(Some(schema), step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant() -> Variant {
        serde_yaml::from_str(
            "{summary: s, surface: store, sources: [answers], defaults: {bucket: uploads}, options: {type: object, additionalProperties: false, required: [bucket], properties: {bucket: {type: string, description: The bucket.}, parts: {type: array, items: {type: object, properties: {size: {type: integer, default: 8}}}}}}}",
        )
        .unwrap()
    }

    #[test]
    fn defaults_are_filled_in_however_deep() {
        let given =
            parse(&["bucket=a".to_owned(), "parts=[{}, {size: 9}]".to_owned()], Path::new("."), &variant().options)
                .unwrap();
        let (_, complete) = complete(&given, &variant(), false, "up").unwrap();
        assert_eq!(complete, serde_json::json!({"bucket": "a", "parts": [{"size": 8}, {"size": 9}]}));
    }

    #[test]
    fn what_is_missing_names_its_flag() {
        let fault = complete(&IndexMap::new(), &variant(), false, "up").unwrap_err();
        assert_eq!(fault.to_string(), "`up` needs the option `bucket`: The bucket");
        assert_eq!(complete(&IndexMap::new(), &variant(), true, "up").unwrap().0["bucket"], "uploads");
    }

    #[test]
    fn an_unknown_option_is_refused() {
        let given =
            parse(&["bucket=a".to_owned(), "colour=red".to_owned()], Path::new("."), &variant().options).unwrap();
        let fault = complete(&given, &variant(), false, "up").unwrap_err();
        assert_eq!(fault.to_string(), "`up`: there is no option `colour`");
    }

    #[test]
    fn an_option_that_is_nearly_right_is_named() {
        let given = parse(&["bukket=a".to_owned(), "bucket=b".to_owned()], Path::new("."), &variant().options).unwrap();
        let fault = complete(&given, &variant(), false, "up").unwrap_err();
        assert_eq!(fault.downcast_ref::<Problem>().unwrap().help, "write `bucket`");
    }
}
