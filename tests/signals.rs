//! Answers about an application's own work → the model, against the model's text form, and → rules for Prometheus.

use integrate::model::Service;
use integrate::source::answers;
use serde_json::Value;

fn options() -> Value {
    let signals: Value = serde_yaml::from_str(include_str!("cases/monitoring-metrics/signals.yaml")).expect("YAML");
    serde_json::json!({ "application": "shop", "signals": signals })
}

#[test]
fn answers_become_the_model() {
    let expected: Value =
        serde_yaml::from_str(include_str!("../snapshots/models/metrics.yaml")).expect("the model is YAML");
    let expected: Service = serde_json::from_value(expected).expect("the model is one");
    assert_eq!(answers::read("metrics", "signals", &options()).expect("the answers are valid"), expected);
}

#[test]
fn the_text_form_reads_back() {
    let service = answers::read("metrics", "signals", &options()).expect("the answers are valid");
    let text = serde_yaml::to_string(&service).expect("the model has a text form");
    assert_eq!(serde_yaml::from_str::<Service>(&text).expect("the text form reads back"), service);
}

#[test]
fn rules_for_prometheus_are_the_same_in_every_language() {
    let assets = integrate::pattern::assets::Assets::built_in();
    let rules = |language: &str| -> Vec<(String, String)> {
        let folder = format!("templates/{language}/monitoring/metrics/prometheus/");
        assets.under(&folder).map(|(path, asset)| (path[folder.len()..].to_owned(), asset.text.to_string())).collect()
    };
    assert_eq!(rules("python").len(), 3);
    assert_eq!(rules("python"), rules("typescript"));
}
