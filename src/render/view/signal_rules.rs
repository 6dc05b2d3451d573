//! Signals → what Prometheus records of them, when it tells somebody, and the tests of both. The same in every language.

use minijinja::Value;

use super::signals::description;
use crate::model::Signals;
use crate::model::signals::{Alert, Signal, SignalKind};
use crate::render::engine::Code;
use crate::source::signals::lasting_seconds;
use crate::{view, words};

/// Minutes after which the tests look, unless an alert lasts longer.
const LOOK: u64 = 40;

/// Recording rules, alerts, and what their tests take.
pub fn view(surface: &Signals, application: &str) -> Value {
    let rules = rules(surface, application);
    let alerts: Vec<(&Rule<'_>, &Alert)> =
        rules.iter().filter_map(|rule| Some((rule, rule.signal.alert.as_ref()?))).collect();
    let longest = alerts.iter().filter_map(|(_, alert)| lasting_seconds(&alert.lasting)).max().unwrap_or_default();
    // A test of a long alert takes larger steps, but none at which what was recorded before counts as gone (5 minutes).
    let step = (longest / 3_600).clamp(1, 4);
    let look = LOOK.max(longest / 60 + step + 20).div_ceil(step) * step;
    let mut by: Vec<&str> = Vec::new();
    for label in alerts.iter().flat_map(|(rule, _)| &rule.signal.labels) {
        if !["alertname", "service", "operation", "severity"].contains(&label.name.as_str())
            && !by.contains(&label.name.as_str())
        {
            by.push(&label.name);
        }
    }
    view! {
        recording: rules.iter().filter_map(Rule::recording).collect::<Vec<_>>(),
        alerts: alerts.iter().map(|(rule, alert)| rule.alert(alert)).collect::<Vec<_>>(),
        by: by.into_iter().map(|label| Value::from(Code(label.to_owned()))).collect::<Vec<_>>(),
        step: step,
        look: look,
        samples: look + 20,
        series: alerts.iter().flat_map(|(rule, alert)| rule.series(alert, look + 20)).collect::<Vec<_>>(),
        fires: alerts.iter().map(|(rule, alert)| rule.fires(alert)).collect::<Vec<_>>(),
    }
}

/// The value at which the gauge at `at` raises its alert, and the alert's name.
pub fn firing(surface: &Signals, application: &str, at: usize) -> Option<(f64, String)> {
    let rule = rules(surface, application).into_iter().nth(at)?;
    let alert = rule.signal.alert.as_ref()?;
    Some((beyond(alert), rule.alert_name(alert)))
}

/// Asks for the series of a signal's first labels.
pub fn query(signal: &Signal, application: &str, suffix: &str) -> String {
    let rule = Rule { signal, metric: signal.metric(application), name: String::new() };
    format!("{}{suffix}{}", rule.metric, selector(&rule.case(0)))
}

struct Rule<'s> {
    signal: &'s Signal,
    metric: String,
    /// Of its alert, without `High` and `Low`.
    name: String,
}

fn rules<'s>(surface: &'s Signals, application: &str) -> Vec<Rule<'s>> {
    let mut rules: Vec<Rule<'_>> = Vec::new();
    for signal in &surface.signals {
        let metric = signal.metric(application);
        let short = pascal(metric.strip_suffix(signal.unit.as_deref().unwrap_or_default()).unwrap_or(&metric));
        let name = if rules.iter().any(|other| other.name == short) { pascal(&metric) } else { short };
        rules.push(Rule { signal, metric, name });
    }
    rules
}

fn pascal(name: &str) -> String {
    let capital = |word: String| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
    };
    words::split(name).into_iter().map(capital).collect()
}

impl Rule<'_> {
    /// The labels its series are told apart by; `job` where it has none.
    fn labels(&self) -> Vec<&str> {
        if self.signal.labels.is_empty() {
            vec!["job"]
        } else {
            self.signal.labels.iter().map(|label| label.name.as_str()).collect()
        }
    }

    /// `0.95` of a histogram's values are below the one recorded, unless its alert says otherwise.
    fn quantile(&self) -> f64 {
        self.signal.alert.as_ref().and_then(|alert| alert.quantile).unwrap_or(0.95)
    }

    /// The name of what is recorded; the metric's own for a gauge.
    fn record(&self) -> String {
        let by = self.labels().join("_");
        match self.signal.kind {
            SignalKind::Gauge => self.metric.clone(),
            SignalKind::Counter => format!("{by}:{}:rate5m", self.metric),
            SignalKind::Histogram => {
                format!("{by}:{}:p{}_rate5m", self.metric, percent(self.quantile()).replace('.', "_"))
            }
        }
    }

    fn recording(&self) -> Option<Value> {
        (self.signal.kind != SignalKind::Gauge).then(|| {
            view! {
                kind: self.signal.kind.name(),
                record: Code(self.record()),
                metric: Code(self.metric.clone()),
                quantile: Code(self.quantile().to_string()),
                by: Code(self.labels().join(", ")),
            }
        })
    }

    fn alert(&self, alert: &Alert) -> Value {
        let (sign, word, limit) = limit(alert);
        view! {
            name: Code(self.alert_name(alert)),
            expression: Code(format!("{} {sign} {limit}", self.record())),
            lasting: Code(alert.lasting.clone()),
            severity: alert.severity.clone(),
            summary: self.summary(),
            description: self.explanation(word, limit),
        }
    }

    fn alert_name(&self, alert: &Alert) -> String {
        format!("{}{}", self.name, if alert.above.is_some() { "High" } else { "Low" })
    }

    fn summary(&self) -> String {
        let own: Vec<String> =
            self.signal.labels.iter().map(|label| format!("{{{{ $labels.{} }}}}", label.name)).collect();
        let text = literal(&description(self.signal));
        if own.is_empty() { text } else { format!("{text} ({})", own.join(" ")) }
    }

    fn explanation(&self, word: &str, limit: f64) -> String {
        let unit = self.signal.unit.as_deref().map(|unit| unit.replace('_', " "));
        let (shown, unit) = match unit.as_deref() {
            Some("seconds") => ("{{ $value | humanizeDuration }}".to_owned(), " s".to_owned()),
            Some("bytes") => ("{{ $value | humanize1024 }}B".to_owned(), " B".to_owned()),
            Some("ratio") => ("{{ $value | humanizePercentage }}".to_owned(), String::new()),
            Some(unit) => (format!("{{{{ $value | humanize }}}} {unit}"), String::new()),
            None => ("{{ $value | humanize }}".to_owned(), String::new()),
        };
        match self.signal.kind {
            SignalKind::Gauge => format!("It is {shown}, {word} {limit}{unit}."),
            SignalKind::Counter => format!("It grows by {shown} a second, {word} {limit}{unit}."),
            SignalKind::Histogram => {
                format!("Percentile {} is {shown}, {word} {limit}{unit}.", percent(self.quantile()))
            }
        }
    }

    /// Series that make the alert fire, and where another value of a label allows it, some that do not.
    fn series(&self, alert: &Alert, samples: u64) -> Vec<Value> {
        let mut all = self.samples(&self.case(0), alert, true, samples);
        if self.signal.labels.last().is_some_and(|label| label.values.len() > 1) {
            all.extend(self.samples(&self.case(1), alert, false, samples));
        }
        all
    }

    /// The labels of a case: the first value of each, and value `at` of the last.
    fn case(&self, at: usize) -> Vec<(String, String)> {
        let last = self.signal.labels.len().saturating_sub(1);
        let value = |(n, label): (usize, &crate::model::signals::Label)| {
            (label.name.clone(), label.values[if n == last { at } else { 0 }].clone())
        };
        self.signal.labels.iter().enumerate().map(value).collect()
    }

    fn samples(&self, labels: &[(String, String)], alert: &Alert, fires: bool, samples: u64) -> Vec<Value> {
        let (_, word, limit) = limit(alert);
        let many = fires == (word == "above");
        let one = |suffix: &str, bound: Option<f64>, values: String| {
            let bound = bound.map(|bound| {
                ("le".to_owned(), if bound.is_finite() { format!("{bound:?}") } else { "+Inf".to_owned() })
            });
            let all: Vec<(String, String)> = labels.iter().cloned().chain(bound).collect();
            view! { series: format!("{}{suffix}{}", self.metric, selector(&all)), values: Code(format!("{values}x{samples}")) }
        };
        match self.signal.kind {
            SignalKind::Gauge => {
                let value = if fires { beyond(alert) } else { limit };
                vec![one("", None, value.to_string())]
            }
            SignalKind::Counter => vec![one(
                "_total",
                None,
                if many { format!("0+{}", (limit * 60.0 + 60.0).ceil()) } else { "0".to_owned() },
            )],
            SignalKind::Histogram => {
                // All beyond the last bound, or all below the first.
                let (first, last) = (self.signal.bounds().first().copied(), self.signal.bounds().last().copied());
                let (bound, within) = if many { (last, "0") } else { (first, "0+60") };
                vec![one("_bucket", bound, within.to_owned()), one("_bucket", Some(f64::INFINITY), "0+60".to_owned())]
            }
        }
    }

    /// The labels under which the alert fires, as PromQL writes them.
    fn fires(&self, alert: &Alert) -> Value {
        let mut labels = vec![("alertname".to_owned(), self.alert_name(alert))];
        labels.extend(self.case(0));
        labels.push(("severity".to_owned(), alert.severity.clone()));
        Value::from(selector(&labels))
    }
}

fn limit(alert: &Alert) -> (&'static str, &'static str, f64) {
    match alert.above {
        Some(limit) => (">", "above", limit),
        None => ("<", "below", alert.below.unwrap_or_default()),
    }
}

/// A value well on the other side of the limit.
fn beyond(alert: &Alert) -> f64 {
    let (_, word, limit) = limit(alert);
    let step = limit.abs().max(1.0);
    if word == "above" { limit + step } else { limit - step }
}

/// `0.95` → `95`, `0.999` → `99.9`.
fn percent(quantile: f64) -> String {
    ((quantile * 100_000.0).round() / 1_000.0).to_string()
}

/// `{a="b"}` in PromQL, or nothing.
fn selector(labels: &[(String, String)]) -> String {
    let pairs = pairs(labels.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(", ")) }
}

/// `a="b"` as PromQL and pages of metrics write it.
pub fn pairs<'l>(labels: impl Iterator<Item = (&'l str, &'l str)>) -> Vec<String> {
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect()
}

/// Text as it is, where Prometheus would read `{{` as the beginning of a template.
fn literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}
