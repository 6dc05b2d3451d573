//! Signals: what an application counts and measures of its own work, and when somebody is to be told.

use serde::{Deserialize, Serialize};

use super::Origin;

/// The signals of one application, whose name is the service's title.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    /// No two are shown under one name.
    pub signals: Vec<Signal>,
}

/// One thing that is counted or measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// Words joined by `_`, without application and unit: `checkout_duration`.
    pub name: String,
    pub kind: SignalKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// A base unit, such as `seconds`, or what is counted, such as `items`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// Upper bounds, ascending, of a histogram whose answers name them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buckets: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Alert>,
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// Only grows: orders, bytes sent.
    Counter,
    /// Goes up and down: a level, a temperature.
    Gauge,
    /// Many values, told by how many fall into each bucket: durations, sizes.
    Histogram,
}

/// By what a signal is told apart, and all it may be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub name: String,
    pub values: Vec<String>,
}

/// When somebody is to be told. Exactly one of `above` and `below` is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// Of a histogram: the share of values below the one that is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantile: Option<f64>,
    /// Compared are a gauge's value, a counter's increase a second, a histogram's quantile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// How long it must last, as `10m`.
    #[serde(rename = "for")]
    pub lasting: String,
    pub severity: String,
}

impl SignalKind {
    pub fn name(self) -> &'static str {
        match self {
            SignalKind::Counter => "counter",
            SignalKind::Gauge => "gauge",
            SignalKind::Histogram => "histogram",
        }
    }
}

impl Signal {
    /// The name it is shown under, without a suffix of its kind: `shop_checkout_duration_seconds`.
    pub fn metric(&self, application: &str) -> String {
        let mut words = crate::words::split(application);
        words.push(self.name.clone());
        let name = words.join("_");
        match &self.unit {
            Some(unit) if name != *unit && !name.ends_with(&format!("_{unit}")) => format!("{name}_{unit}"),
            _ => name,
        }
    }

    /// How many series its labels make.
    pub fn series(&self) -> usize {
        self.labels.iter().fold(1, |all, label| all.saturating_mul(label.values.len()))
    }

    /// Upper bounds of its buckets: those of the answers, or what suits the unit.
    pub fn bounds(&self) -> &[f64] {
        match self.unit.as_deref() {
            _ if !self.buckets.is_empty() => &self.buckets,
            Some("seconds") => &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0],
            Some("bytes") => {
                &[256.0, 1024.0, 4096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0, 4_194_304.0, 16_777_216.0]
            }
            Some("ratio") => &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
            _ => &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0],
        }
    }
}
