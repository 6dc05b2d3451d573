//! What Prometheus' own linter says about a name, said before anything is written.
//!
//! Source: Prometheus, "Metric and label naming"; the rules of `promtool check metrics`.

use crate::model::signals::Signal;

/// Names of what is shown beside an application's own signals, without suffixes.
pub const TAKEN: [&str; 12] = [
    "integration_calls",
    "integration_call_duration_seconds",
    "integration_retries",
    "integration_errors",
    "integration_cost",
    "integration_calls_in_progress",
    "process_cpu_seconds",
    "process_max_fds",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "process_virtual_memory_bytes",
];

/// Words for a unit that is no base unit → the base unit.
const UNITS: [(&str, &[&str]); 6] = [
    ("seconds", &["s", "ms", "us", "ns", "sec", "m", "h", "d", "minutes", "hours", "days", "weeks"]),
    ("bytes", &["b", "kb", "mb", "gb", "tb", "pb", "bits"]),
    ("celsius", &["kelvins", "fahrenheit", "rankine"]),
    ("meters", &["inches", "yards", "miles"]),
    ("joules", &["calories"]),
    ("grams", &["pounds", "ounces"]),
];

const PREFIXES: [&str; 16] = [
    "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega", "mebi", "giga", "gibi",
    "tera", "tebi",
];

const BASE: [&str; 10] =
    ["amperes", "bytes", "celsius", "grams", "joules", "kelvin", "meters", "metres", "seconds", "volts"];

/// What Prometheus and its clients put behind names.
const SUFFIXES: [&str; 6] = ["_total", "_created", "_info", "_bucket", "_sum", "_count"];

const KINDS: [&str; 4] = ["counter", "gauge", "histogram", "summary"];

/// Labels that Prometheus keeps for itself.
const RESERVED_LABELS: [&str; 4] = ["le", "quantile", "job", "instance"];

/// Labels whose values have no end, however many are declared.
const ENDLESS_LABELS: [&str; 33] = [
    "user_id",
    "customer_id",
    "account_id",
    "session_id",
    "request_id",
    "trace_id",
    "span_id",
    "correlation_id",
    "order_id",
    "message_id",
    "transaction_id",
    "userid",
    "customerid",
    "accountid",
    "sessionid",
    "requestid",
    "traceid",
    "orderid",
    "uuid",
    "email",
    "e_mail",
    "mail",
    "email_address",
    "ip",
    "ip_address",
    "client_ip",
    "remote_addr",
    "url",
    "full_url",
    "raw_path",
    "query",
    "user_agent",
    "timestamp",
];

/// What is wrong with a signal's names, and what to do about it.
pub fn fault(signal: &Signal, application: &str) -> Option<(String, String)> {
    let metric = signal.metric(application);
    if let Some(unit) = signal.unit.as_deref()
        && let Some(base) = base_of(unit)
    {
        return Some((
            format!("the unit `{unit}` is none that Prometheus adds up"),
            format!("measure in `{base}`, and write `unit: {base}`"),
        ));
    }
    if let Some((word, base)) = metric.split('_').find_map(|word| Some((word, base_of(word)?))) {
        return Some((
            format!("`{metric}` has `{word}` in it, which is read as a unit"),
            format!("measure in `{base}` with `unit: {base}`, or spell the word out"),
        ));
    }
    if let Some(kind) = KINDS.iter().find(|kind| metric.split('_').skip(1).any(|word| word == **kind)) {
        return Some((format!("`{metric}` has its kind `{kind}` in it"), "leave the kind out of the name".to_owned()));
    }
    if let Some(suffix) = SUFFIXES.iter().find(|suffix| metric.ends_with(**suffix)) {
        return Some((
            format!("`{metric}` ends in `{suffix}`, which Prometheus puts behind names itself"),
            "choose another last word".to_owned(),
        ));
    }
    signal.labels.iter().find_map(|label| label_fault(&label.name))
}

/// The base unit where a word is another unit of the same.
fn base_of(word: &str) -> Option<&'static str> {
    let stem = PREFIXES.iter().find_map(|prefix| word.strip_prefix(prefix)).filter(|stem| stem.len() > 3);
    let scaled = stem.and_then(|stem| BASE.iter().copied().find(|base| *base == stem).or_else(|| base_of(stem)));
    scaled.or_else(|| UNITS.iter().find(|(_, words)| words.contains(&word)).map(|(base, _)| *base))
}

fn label_fault(label: &str) -> Option<(String, String)> {
    if RESERVED_LABELS.contains(&label) {
        return Some((format!("the label `{label}` is one that Prometheus sets itself"), "rename it".to_owned()));
    }
    let help = "take the label out, and put the value into the log";
    ENDLESS_LABELS.contains(&label).then(|| {
        (format!("the label `{label}` has a value for each case, and each would be a series for ever"), help.to_owned())
    })
}
