//! The settings of an adapter to a broker.

use minijinja::Value;
use serde_json::{Value as Json, json};

use crate::model::Service;
use crate::model::channels::{Action, Channels};
use crate::render::encode;
use crate::render::language::Language;
use crate::render::view::settings::{self, Setting};
use crate::render::view::{Names, code};
use crate::view;

/// What is answered, or what it is unless answered.
struct Answers<'a>(&'a Json);

impl Answers<'_> {
    fn number(&self, key: &str, usual: f64) -> f64 {
        self.0.get(key).and_then(Json::as_f64).unwrap_or(usual)
    }

    fn count(&self, key: &str, usual: u64) -> u64 {
        self.0.get(key).and_then(Json::as_u64).unwrap_or(usual)
    }

    fn queue_type(&self) -> &str {
        self.0.get("queue_type").and_then(Json::as_str).unwrap_or("quorum")
    }

    /// The broker's address as an example of the setting: with the usual user of a local one, or a place for the own.
    fn url(&self) -> String {
        match self.0.get("url").and_then(Json::as_str).and_then(|url| url.split_once("://")) {
            Some((scheme, rest)) => format!("{scheme}://user:password@{rest}"),
            None => "amqp://guest:guest@127.0.0.1:5672/".to_owned(),
        }
    }

    fn delays(&self) -> Vec<f64> {
        let given = self.0.get("retry_delays_seconds").and_then(Json::as_array);
        let given: Vec<f64> = given.into_iter().flatten().filter_map(Json::as_f64).collect();
        if given.is_empty() { vec![1.0, 5.0, 30.0, 120.0] } else { given }
    }

    fn delays_text(&self) -> String {
        self.delays().iter().map(|delay| settings::number(*delay).to_string()).collect::<Vec<_>>().join(",")
    }
}

/// The values of the settings, and their table.
pub fn view(
    service: &Service,
    surface: &Channels,
    names: &Names,
    language: &Language,
    options: &Json,
) -> Vec<(&'static str, Value)> {
    let answers = Answers(options);
    let number = |key: &str, usual: f64| code(&encode::number(language, answers.number(key, usual)));
    let delays = answers.delays();
    let usual = view! {
        url: answers.url(),
        queue_type: answers.queue_type(),
        publish_timeout_seconds: number("publish_timeout_seconds", 30.0),
        prefetch: answers.count("prefetch", 20),
        retry_delays: answers.delays_text(),
        retry_delays_list: delays.iter().map(|delay| code(&encode::number(language, *delay))).collect::<Vec<_>>(),
        retry_delays_shown: answers.delays_text().replace(',', ", "),
        handler_timeout_seconds: number("handler_timeout_seconds", 60.0),
        dedupe_seconds: number("dedupe_seconds", 3600.0),
        dedupe_entries: answers.count("dedupe_entries", 100_000),
        shutdown_seconds: number("shutdown_seconds", 30.0),
    };
    let mut entries = vec![("usual", usual)];
    entries.extend(settings::view(&table(surface, &answers), names, &service.title, &[]));
    entries
}

fn table(surface: &Channels, answers: &Answers<'_>) -> Vec<Setting> {
    let uses = |action| surface.operations.iter().any(|operation| operation.action == action);
    let mut table = vec![
        Setting {
            schema: json!({ "type": "string", "pattern": "^(amqps?://|memory:)" }),
            example: Some(answers.url()),
            ..Setting::required(
                "URL",
                "`amqps://user:password@host:5671/vhost`, or `memory:` for a broker inside this process.",
            )
            .secret()
        },
        Setting::text("NAME_PREFIX", "Put before every exchange and queue name, such as `staging.`.", None),
        Setting::flag("DECLARE", "Declare exchanges and queues; false when others look after them.", true),
    ];
    if uses(Action::Send) {
        let usual = answers.number("publish_timeout_seconds", 30.0);
        table.push(Setting::number("PUBLISH_TIMEOUT_SECONDS", "Time to publish a message, retries included.", usual));
    }
    if uses(Action::Receive) {
        table.extend(receiving(answers));
    }
    table
}

fn receiving(answers: &Answers<'_>) -> [Setting; 7] {
    [
        Setting {
            schema: json!({ "enum": ["quorum", "classic"] }),
            ..Setting::text(
                "QUEUE_TYPE",
                "`quorum` is replicated, and stops messages that crash consumers; or `classic`.",
                Some(answers.queue_type()),
            )
        },
        Setting::integer("PREFETCH", "Messages under way at once, for each queue.", answers.count("prefetch", 20)),
        Setting {
            schema: json!({ "type": "string", "pattern": "^[0-9.]+(,[0-9.]+)*$" }),
            ..Setting::text(
                "RETRY_DELAYS_SECONDS",
                "Waits before the second, third, … attempt; when they are used up the message is dead-lettered.",
                Some(&answers.delays_text()),
            )
        },
        Setting::number(
            "HANDLER_TIMEOUT_SECONDS",
            "A handler that takes longer has failed.",
            answers.number("handler_timeout_seconds", 60.0),
        ),
        Setting::number(
            "DEDUPE_SECONDS",
            "How long a handled message is remembered.",
            answers.number("dedupe_seconds", 3600.0),
        ),
        Setting::integer(
            "DEDUPE_ENTRIES",
            "How many handled messages are remembered at most.",
            answers.count("dedupe_entries", 100_000),
        ),
        Setting::number(
            "SHUTDOWN_SECONDS",
            "How long stopping waits for handlers before their messages are given back.",
            answers.number("shutdown_seconds", 30.0),
        ),
    ]
}
