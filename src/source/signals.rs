//! The answers of the pattern that shows an application's own work → `Signals`.

use std::collections::HashMap;

use anyhow::Result;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::{answers, metric_names};
use crate::model::signals::{Alert, Label, Signal, SignalKind, Signals};
use crate::model::{Entry, Ledger, Origin, Outcome, Service, Surface};
use crate::problem;
use crate::words::split;

/// The most series one signal may make.
const MAX_SERIES: usize = 1_000;

/// The longest an alert may wait, in seconds: a week.
const MAX_LASTING: u64 = 7 * 86_400;

/// One signal as people write it down; the variant's JSON Schema has seen it already.
#[derive(Debug, Deserialize)]
struct Answer {
    name: String,
    #[serde(default = "counter")]
    kind: SignalKind,
    #[serde(default)]
    description: String,
    unit: Option<String>,
    #[serde(default)]
    labels: IndexMap<String, Vec<String>>,
    #[serde(default)]
    buckets: Vec<f64>,
    alert: Option<AlertAnswer>,
}

#[derive(Debug, Deserialize)]
struct AlertAnswer {
    quantile: Option<f64>,
    above: Option<f64>,
    below: Option<f64>,
    #[serde(default = "ten_minutes", rename = "for")]
    lasting: String,
    #[serde(default = "warning")]
    severity: String,
}

fn counter() -> SignalKind {
    SignalKind::Counter
}

fn ten_minutes() -> String {
    "10m".to_owned()
}

fn warning() -> String {
    "warning".to_owned()
}

/// Reads the options of the entry `name`: `application` and `signals`.
pub fn read(name: &str, options: &Value) -> Result<Service> {
    let application = options.get("application").and_then(Value::as_str).unwrap_or("app");
    let answers = options.get("signals").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    let answers: Vec<Answer> = serde_json::from_value(answers)?;
    let signals: Vec<Signal> =
        answers.into_iter().enumerate().map(|(at, answer)| signal(name, at, answer)).collect::<Result<_>>()?;
    signals.iter().try_for_each(|signal| check(signal, application))?;
    refuse_collisions(&signals, application)?;
    let entry = |signal: &Signal| Entry {
        name: format!("{} {}", signal.kind.name(), signal.name),
        outcome: Outcome::Generated,
        reasons: Vec::new(),
        origin: signal.origin.clone(),
    };
    Ok(Service {
        ledger: Ledger { source: signals.len(), entries: signals.iter().map(entry).collect(), notes: Vec::new() },
        surface: Surface::Signals(Signals { signals }),
        ..answers::service(application)
    })
}

fn signal(entry: &str, at: usize, answer: Answer) -> Result<Signal> {
    let base = answers::origin(entry);
    let origin = Origin { pointer: format!("{}/signals/{at}", base.pointer), ..base };
    let mut name = split(&answer.name);
    if answer.kind == SignalKind::Counter && name.len() > 1 {
        // Prometheus puts it there itself.
        name.pop_if(|word| word == "total");
    }
    let labels: Vec<Label> =
        answer.labels.into_iter().map(|(name, values)| Label { name: split(&name).join("_"), values }).collect();
    let mut buckets = answer.buckets;
    buckets.sort_by(f64::total_cmp);
    buckets.dedup();
    let quantile = |given: Option<f64>| (answer.kind == SignalKind::Histogram).then(|| given.unwrap_or(0.95));
    let alert = answer.alert.map(|alert| Alert {
        quantile: quantile(alert.quantile),
        above: alert.above,
        below: alert.below,
        lasting: alert.lasting,
        severity: alert.severity,
    });
    Ok(Signal {
        name: name.join("_"),
        kind: answer.kind,
        description: answer.description,
        unit: answer.unit.map(|unit| split(&unit).join("_")),
        labels,
        buckets,
        alert,
        origin,
    })
}

fn check(signal: &Signal, application: &str) -> Result<()> {
    let place = signal.origin.place();
    if let Some((what, help)) = metric_names::fault(signal, application) {
        problem!(help: help; "{place}: {what}");
    }
    if !signal.buckets.is_empty() && signal.kind != SignalKind::Histogram {
        problem!(help: "leave `buckets` away, or make it a histogram"; "{place}: the {} `{}` has buckets", signal.kind.name(), signal.name);
    }
    if signal.series() > MAX_SERIES {
        problem!(help: "declare fewer labels, or fewer values"; "{place}: the labels of `{}` make {} series, at most {MAX_SERIES} are allowed", signal.name, signal.series());
    }
    if let Some((at, label)) = signal
        .labels
        .iter()
        .enumerate()
        .find(|(at, label)| signal.labels[..*at].iter().any(|other| other.name == label.name))
    {
        problem!(help: "rename one of them"; "{place}: label {} of `{}` is `{}`, as one before it", at + 1, signal.name, label.name);
    }
    signal.alert.as_ref().map_or(Ok(()), |alert| check_alert(signal, alert))
}

fn check_alert(signal: &Signal, alert: &Alert) -> Result<()> {
    let place = signal.origin.place();
    if lasting_seconds(&alert.lasting).is_none_or(|seconds| seconds > MAX_LASTING) {
        problem!(help: "write it as `30s`, `10m`, `2h` or `1d`, at most a week"; "{place}: the alert of `{}` lasts `{}`", signal.name, alert.lasting.escape_debug());
    }
    let (sign, limit) = match (alert.above, alert.below) {
        (Some(limit), None) => ("above", limit),
        (None, Some(limit)) => ("below", limit),
        _ => {
            problem!(help: "give `above` or `below`, one of them"; "{place}: the alert of `{}` has no limit, or two", signal.name)
        }
    };
    let (lowest, highest) = range(signal, alert);
    let can_fire =
        if sign == "above" { limit >= lowest && limit < highest } else { limit > lowest && limit <= highest };
    if !can_fire {
        let bounds = if highest.is_finite() {
            format!("between {lowest} and {highest}, where its buckets end")
        } else {
            format!("{lowest} or more")
        };
        problem!(help: format!("choose a limit {bounds}"); "{place}: an alert on `{}` {sign} {limit} would fire always or never", signal.name);
    }
    Ok(())
}

/// The lowest and the highest value that an alert can see.
fn range(signal: &Signal, alert: &Alert) -> (f64, f64) {
    let bounds = signal.bounds();
    match (signal.kind, bounds.first(), bounds.last()) {
        (SignalKind::Gauge, ..) => (f64::NEG_INFINITY, f64::INFINITY),
        // Within the first bucket Prometheus counts from 0, if that is lower.
        (SignalKind::Histogram, Some(first), Some(last)) => {
            (if *first > 0.0 { first * alert.quantile.unwrap_or(0.95) } else { *first }, *last)
        }
        _ => (0.0, f64::INFINITY),
    }
}

/// How many seconds `30s`, `10m`, `2h` or `1d` are.
pub fn lasting_seconds(text: &str) -> Option<u64> {
    let unit = text.chars().last()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    text[..text.len() - 1].parse::<u64>().ok()?.checked_mul(seconds)
}

/// Two signals that Prometheus would show under one name.
fn refuse_collisions(signals: &[Signal], application: &str) -> Result<()> {
    let mut shown: HashMap<String, &str> =
        metric_names::TAKEN.iter().map(|name| ((*name).to_owned(), "what is shown of every process")).collect();
    for signal in signals {
        let metric = signal.metric(application);
        if let Some(other) = shown.insert(metric.clone(), "another signal") {
            problem!(help: "give it another name, or another `application`"; "{}: `{metric}` is the name of {other} already", signal.origin.place());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_yaml(signals: &str) -> Result<Service> {
        let signals: Value = serde_yaml::from_str(signals).unwrap();
        read("metrics", &serde_json::json!({"application": "shop", "signals": signals}))
    }

    #[test]
    fn nothing_answered_is_no_signal() {
        let service = read("metrics", &serde_json::json!({"application": "shop"})).unwrap();
        assert_eq!(service.surface, Surface::Signals(Signals::default()));
        assert_eq!(service.ledger, Ledger::default());
    }

    #[test]
    fn names_become_metrics_with_application_and_unit() {
        let service = read_yaml(
            "[{name: Orders placed}, {name: ordersTotal}, {name: wait_seconds, unit: seconds, kind: gauge}, {name: wait, unit: items, kind: histogram}]",
        );
        let Surface::Signals(surface) = service.unwrap().surface else { panic!("signals") };
        let names: Vec<String> = surface.signals.iter().map(|signal| signal.metric("shop")).collect();
        assert_eq!(names, ["shop_orders_placed", "shop_orders", "shop_wait_seconds", "shop_wait_items"]);
    }

    #[test]
    fn err_what_cannot_work_names_its_place() {
        let cases = [
            ("[{name: a}, {name: A}]", "signals/1: `shop_a` is the name of another signal already"),
            ("[{name: a}, {name: a, kind: gauge}]", "`shop_a` is the name of another"),
            ("[{name: a total, kind: gauge}]", "ends in `_total`"),
            ("[{name: wait, unit: ms, kind: histogram}]", "the unit `ms`"),
            ("[{name: wait_minutes, kind: gauge}]", "`minutes`"),
            ("[{name: order_counter}]", "`counter`"),
            ("[{name: size_sum, kind: gauge}]", "`_sum`"),
            ("[{name: a, labels: {user_id: [x]}}]", "the label `user_id`"),
            ("[{name: a, labels: {le: [x]}}]", "the label `le`"),
            ("[{name: a, labels: {a b: [x], a_b: [y]}}]", "label 2 of `a` is `a_b`, as one before it"),
            ("[{name: a, buckets: [1]}]", "the counter `a` has buckets"),
            ("[{name: a, alert: {}}]", "no limit, or two"),
            ("[{name: a, alert: {above: 1, below: 2}}]", "no limit, or two"),
            ("[{name: a, alert: {below: 0}}]", "always or never"),
            ("[{name: a, alert: {above: 1, for: 8d}}]", "lasts `8d`"),
            ("[{name: a, alert: {above: 1, for: é}}]", "lasts `é`"),
            ("[{name: a, kind: histogram, buckets: [1, 5], alert: {above: 5}}]", "always or never"),
            ("[{name: a, kind: histogram, buckets: [1, 5], alert: {below: 0.5}}]", "always or never"),
        ];
        for (signals, expected) in cases {
            let fault = read_yaml(signals).map(|_| ()).expect_err(signals).to_string();
            assert!(
                fault.contains(expected) && fault.starts_with("integrate.yaml: /integrations/metrics/options/signals/"),
                "{signals}: {fault}"
            );
        }
    }

    #[test]
    fn err_labels_that_make_too_many_series() {
        let values: Vec<String> = (0..32).map(|n| n.to_string()).collect();
        let fault = read("m", &serde_json::json!({"signals": [{"name": "a", "labels": {"x": values, "y": values}}]}))
            .unwrap_err();
        assert!(fault.to_string().contains("make 1024 series"), "{fault}");
    }
}
