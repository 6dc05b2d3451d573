//! Signals as one language spells them: a method or two each, the values of their labels, what tests expect.

use std::collections::HashMap;

use minijinja::Value;

use super::{code, docs, signal_rules};
use crate::model::Signals;
use crate::model::signals::{Label, Signal, SignalKind};
use crate::render::engine::Code;
use crate::render::language::Language;
use crate::render::names::{Role, Scope, spell};
use crate::{view, words};

/// The most values of a label that documentation lists.
const LISTED: usize = 8;

/// Names of types and constants that the file of the signals has beside those of its labels.
const TYPES: [&str; 8] = ["Signals", "Counter", "Gauge", "Histogram", "Clock", "Literal", "Meter", "Generator"];
const CONSTANTS: [&str; 1] = ["SYSTEM"];

/// What the templates see of signals beside what all patterns have.
pub fn view(surface: &Signals, application: &str, language: &Language) -> Vec<(&'static str, Value)> {
    let mut speller = Speller {
        language,
        application,
        types: Scope::with(TYPES),
        constants: Scope::with(CONSTANTS),
        attributes: Scope::with(["clock"]),
        methods: Scope::default(),
        sets: Vec::new(),
        known: HashMap::new(),
        symbols: Vec::new(),
    };
    let signals: Vec<Value> = surface.signals.iter().map(|signal| speller.signal(signal)).collect();
    let timed = surface.signals.iter().any(is_timed);
    let begun = surface.signals.iter().any(|signal| signal.kind != SignalKind::Gauge && !signal.labels.is_empty());
    let first_bounded = surface.signals.iter().position(|signal| !signal.labels.is_empty());
    vec![
        ("application", Value::from(application)),
        ("prefix", code(&words::split(application).join("_"))),
        ("signals", Value::from(signals.clone())),
        ("label_sets", Value::from(speller.sets)),
        ("has_timed", Value::from(timed)),
        ("has_begun", Value::from(begun)),
        ("bounded", first_bounded.map_or(Value::from(()), |at| signals[at].clone())),
        ("live", live(surface, application, &signals)),
        ("rules", signal_rules::view(surface, application)),
        ("symbols", Value::from(speller.symbols)),
    ]
}

/// A histogram of seconds has a second method, which takes the time itself.
fn is_timed(signal: &Signal) -> bool {
    signal.kind == SignalKind::Histogram && signal.unit.as_deref() == Some("seconds")
}

struct Speller<'s> {
    language: &'s Language,
    application: &'s str,
    types: Scope,
    constants: Scope,
    attributes: Scope,
    methods: Scope,
    /// Views of the distinct sets of values.
    sets: Vec<Value>,
    /// Label → the names of its type and of the constant with its values.
    known: HashMap<Label, (String, String)>,
    symbols: Vec<String>,
}

impl Speller<'_> {
    fn signal(&mut self, signal: &Signal) -> Value {
        let metric = signal.metric(self.application);
        let verb = match signal.kind {
            SignalKind::Counter => "count",
            SignalKind::Gauge => "set",
            SignalKind::Histogram => "observe",
        };
        let method = self.method(verb, signal);
        let timer = if is_timed(signal) { self.method("time", signal) } else { String::new() };
        let mut parameters = Scope::with(["started_at", "startedAt", "labels", "work"]);
        let labels: Vec<Value> = signal.labels.iter().map(|label| self.label(label, signal, &mut parameters)).collect();
        let amount = match (signal.kind, signal.unit.as_deref()) {
            (SignalKind::Counter, None) => "count",
            (_, Some("bytes")) => "size_bytes",
            (_, unit) => unit.unwrap_or("value"),
        };
        let attribute = spell(self.language, Role::Variable, &signal.name).trim_end_matches('_').to_owned();
        let shown = if signal.kind == SignalKind::Counter { format!("{metric}_total") } else { metric.clone() };
        view! {
            kind: signal.kind.name(),
            metric: Code(metric),
            shown: Code(shown),
            description: description(signal),
            help: docs::sentence(&description(signal)),
            doc: docs::sentence(&format!("{}{}", description(signal), signal.unit.as_ref().map_or(String::new(), |unit| format!(", in {}", unit.replace('_', " "))))),
            attribute: Code(self.attributes.name(self.language, Role::Variable, &attribute)),
            method: Code(method),
            is_timed: is_timed(signal),
            timer: Code(timer),
            amount: Code(parameters.name(self.language, Role::Variable, amount)),
            label_text: label_text(signal),
            labels: labels,
            buckets: Code(self.buckets(signal)),
            bounds: bounds(signal),
            example: example(signal),
        }
    }

    fn method(&mut self, verb: &str, signal: &Signal) -> String {
        let name = self.methods.name(self.language, Role::Function, &format!("{verb}_{}", signal.name));
        self.symbols.push(name.clone());
        name
    }

    fn label(&mut self, label: &Label, signal: &Signal, parameters: &mut Scope) -> Value {
        let name = parameters.name(self.language, Role::Variable, &label.name);
        let (of, constant) = self.set(label, signal);
        let undeclared =
            ["undeclared", "unknown"].into_iter().find(|text| !label.values.iter().any(|value| value == text));
        view! {
            pair: Code(if name == label.name { name.clone() } else { format!("{}: {name}", label.name) }),
            name: Code(name),
            wire: Code(label.name.clone()),
            of: Code(of),
            constant: Code(constant),
            first: label.values.first().cloned().unwrap_or_default(),
            undeclared: undeclared.unwrap_or("declared nowhere"),
        }
    }

    /// The names of a label's type and values; labels that are alike share them.
    fn set(&mut self, label: &Label, signal: &Signal) -> (String, String) {
        if let Some(names) = self.known.get(label) {
            return names.clone();
        }
        let plain = spell(self.language, Role::Type, &label.name);
        let stem =
            if self.types.is_free(&plain) { label.name.clone() } else { format!("{}_{}", signal.name, label.name) };
        let of = self.types.name(self.language, Role::Type, &stem);
        let constant = self.constants.name(self.language, Role::Constant, &words::plural(&stem));
        let values = Value::from(label.values.clone());
        self.sets.push(view! { of: Code(of.clone()), constant: Code(constant.clone()), values: values });
        self.known.insert(label.clone(), (of.clone(), constant.clone()));
        (of, constant)
    }

    /// The name of the constant with a histogram's bounds.
    fn buckets(&mut self, signal: &Signal) -> String {
        if signal.kind != SignalKind::Histogram {
            return String::new();
        }
        self.constants.name(self.language, Role::Constant, &format!("{}_buckets", signal.name))
    }
}

/// What a signal is, without a full stop.
pub fn description(signal: &Signal) -> String {
    let text = docs::paragraph(&signal.description);
    let text = text.trim_end_matches('.');
    if !text.is_empty() {
        return text.to_owned();
    }
    let name = signal.name.replace('_', " ");
    let mut chars = name.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn label_text(signal: &Signal) -> String {
    let one = |label: &Label| {
        let more = if label.values.len() > LISTED { ", …" } else { "" };
        let values: Vec<&str> = label.values.iter().take(LISTED).map(String::as_str).collect();
        format!("{}: {}{more}", label.name, values.join(", "))
    };
    signal.labels.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Upper bounds of a histogram.
fn bounds(signal: &Signal) -> Vec<Value> {
    let bounds = if signal.kind == SignalKind::Histogram { signal.bounds() } else { &[] };
    bounds.iter().copied().map(bound).collect()
}

/// A number as languages write it that tell `1` from `1.0`, and as those that do not.
fn bound(bound: f64) -> Value {
    view! { number: Code(bound.to_string()), decimal: Code(format!("{bound:?}")) }
}

/// What a test sends: the first value of each label, another of the last, and a value.
fn example(signal: &Signal) -> Value {
    let first: Vec<(&Label, &str)> =
        signal.labels.iter().map(|label| (label, label.values.first().map_or("", String::as_str))).collect();
    let other: Option<Vec<(&Label, &str)>> = match (signal.labels.last(), first.split_last()) {
        (Some(label), Some((_, before))) => {
            label.values.get(1).map(|second| before.iter().copied().chain([(label, second.as_str())]).collect())
        }
        _ => None,
    };
    let pairs = |pairs: Vec<(&Label, &str)>| -> Value {
        pairs.into_iter().map(|(label, value)| view! { wire: Code(label.name.clone()), value: value }).collect()
    };
    let selected = |pairs: &[(&Label, &str)]| {
        signal_rules::pairs(pairs.iter().map(|(label, value)| (label.name.as_str(), *value)))
    };
    let (own, others) = (selected(&first), other.as_deref().map_or(Vec::new(), selected));
    // Clients write other numbers each in a way of their own.
    let is_plain = |bound: &f64| *bound == 0.0 || (0.001..1e6).contains(bound);
    view! {
        pairs: own.iter().map(|pair| format!("{pair},")).collect::<String>(),
        selector: braced(&own),
        other_selector: braced(&others),
        labels: pairs(first),
        other: other.map_or(Value::from(()), pairs),
        observed: bound(example_value(signal)),
        bounds: signal.bounds().iter().take(2).copied().filter(is_plain).map(bound).collect::<Vec<_>>(),
    }
}

/// What a test against a real server sends and asks for: the first signal, and a gauge whose alert then is raised.
fn live(surface: &Signals, application: &str, views: &[Value]) -> Value {
    let alerting = surface.signals.iter().position(|signal| signal.kind == SignalKind::Gauge && signal.alert.is_some());
    let first = (!surface.signals.is_empty() && alerting != Some(0)).then_some(0);
    let one = |at: usize| {
        let signal = &surface.signals[at];
        let rules = signal_rules::firing(surface, application, at).filter(|_| signal.kind == SignalKind::Gauge);
        let (suffix, value, expected) = match (signal.kind, &rules) {
            (SignalKind::Counter, _) => ("_total", "1".to_owned(), "1".to_owned()),
            (SignalKind::Histogram, _) => ("_count", example_value(signal).to_string(), "1".to_owned()),
            (SignalKind::Gauge, Some((value, _))) => ("", value.to_string(), value.to_string()),
            (SignalKind::Gauge, None) => ("", "7".to_owned(), "7".to_owned()),
        };
        view! {
            signal: views[at].clone(),
            value: Code(value),
            query: signal_rules::query(signal, application, suffix),
            expected: expected,
            alert: Code(rules.map_or(String::new(), |(_, name)| name)),
        }
    };
    first.into_iter().chain(alerting).map(one).collect()
}

/// A value between a histogram's first two bounds, or at the only one, with no more digits than that takes.
fn example_value(signal: &Signal) -> f64 {
    let number = match signal.bounds() {
        [first, second, ..] => f64::midpoint(*first, *second),
        [first, ..] => *first,
        [] => 1.0,
    };
    if number.abs() >= 0.001 { (number * 10_000.0).round() / 10_000.0 } else { number }
}

/// Labels as a page of metrics shows them.
fn braced(pairs: &[String]) -> String {
    if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) }
}
