//! A bucket as the settings and the operations of an adapter.

use minijinja::Value;
use serde_json::Value as Json;

use super::settings::{self, Setting};
use super::{Names, code};
use crate::model::Service;
use crate::model::store::{Addressing, Store};
use crate::render::encode;
use crate::render::language::Language;
use crate::render::names::{Role, spell};
use crate::view;

/// What can be done with objects, in the order of the documentation.
const OPERATIONS: [&str; 9] = ["put", "get", "head", "list", "folder", "delete", "copy", "sign get", "sign put"];

/// What the templates of a storage see beside what all patterns have.
pub fn view(
    service: &Service,
    store: &Store,
    names: &Names,
    language: &Language,
    options: &Json,
) -> Vec<(&'static str, Value)> {
    let limits = Limits::of(options);
    let symbols: Vec<Value> =
        OPERATIONS.iter().map(|words| Value::from(spell(language, Role::Function, words))).collect();
    let mut entries = vec![
        (
            "store",
            view! {
                bucket: store.container.clone(),
                folder: store.folder.clone(),
                endpoint: store.endpoint.clone(),
                region: store.region.clone(),
                is_usual_region: store.region == "us-east-1",
                path_style: store.addressing == Addressing::Path,
                prefix: Some(store.root.clone()).filter(|root| !root.is_empty()),
            },
        ),
        ("limits", limits.view(language)),
        ("symbols", Value::from(symbols)),
    ];
    entries.extend(settings::view(
        &table(store, &limits),
        names,
        &service.title,
        &[["ACCESS_KEY_ID", "SECRET_ACCESS_KEY"]],
    ));
    entries
}

/// How long and how often an operation is tried.
struct Limits {
    connect_seconds: f64,
    attempt_seconds: f64,
    timeout_seconds: f64,
    attempts: u64,
}

impl Limits {
    fn of(options: &Json) -> Self {
        let number = |key: &str, usual: f64| options.get(key).and_then(Json::as_f64).unwrap_or(usual);
        Self {
            connect_seconds: number("connect_seconds", 5.0),
            attempt_seconds: number("attempt_seconds", 30.0),
            timeout_seconds: number("timeout_seconds", 300.0),
            attempts: options.get("attempts").and_then(Json::as_u64).unwrap_or(3),
        }
    }

    fn view(&self, language: &Language) -> Value {
        let number = |value: f64| code(&encode::number(language, value));
        view! {
            connect_seconds: number(self.connect_seconds),
            is_usual_connect: self.connect_seconds == 5.0,
            attempt_seconds: number(self.attempt_seconds),
            is_usual_attempt: self.attempt_seconds == 30.0,
            timeout_seconds: number(self.timeout_seconds),
            timeout: code(&settings::number(self.timeout_seconds).to_string()),
            attempts: self.attempts,
        }
    }
}

fn table(store: &Store, limits: &Limits) -> Vec<Setting> {
    let root = Some(store.root.as_str()).filter(|root| !root.is_empty());
    vec![
        Setting::text("BUCKET", "The bucket's name.", Some(&store.container)),
        Setting::text("PREFIX", "What all keys are below; the adapter's keys leave it out.", root),
        match &store.folder {
            None => Setting::text("FOLDER", "A folder to use in place of the bucket, for development.", None),
            Some(folder) => Setting::text(
                "FOLDER",
                "A folder to use in place of the bucket; used unless BUCKET is given.",
                Some(folder),
            ),
        },
        Setting::text(
            "ENDPOINT",
            "Where the service is; Amazon S3 of the region unless given.",
            store.endpoint.as_deref(),
        ),
        Setting::text("REGION", "The bucket's region.", Some(&store.region)),
        Setting::flag(
            "PATH_STYLE",
            "Name the bucket in the path, as most services besides Amazon want.",
            store.addressing == Addressing::Path,
        ),
        Setting::text("ACCESS_KEY_ID", "Who we are; what the environment or machine says unless given.", None),
        Setting::text("SECRET_ACCESS_KEY", "The secret that belongs to it.", None).secret(),
        Setting::text("SESSION_TOKEN", "The token of temporary credentials.", None).secret(),
        Setting::number("CONNECT_SECONDS", "Longest wait for a connection.", limits.connect_seconds),
        Setting::number("ATTEMPT_SECONDS", "Longest wait between two pieces of a reply.", limits.attempt_seconds),
        Setting::number("TIMEOUT_SECONDS", "Time for a whole operation, retries included.", limits.timeout_seconds),
        Setting::integer("ATTEMPTS", "How often an operation that may be repeated is tried.", limits.attempts),
    ]
}
