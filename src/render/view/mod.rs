//! A `Service` as one language spells it: what templates see. One surface a file.

mod answers;
mod arguments;
mod channels;
mod definitions;
mod docs;
mod fields;
mod full;
mod issuer;
mod keyword;
mod operations;
mod parameters;
mod security;
mod settings;
mod signal_rules;
mod signals;
mod store;
mod styles;
pub mod tables;
mod tests;
pub mod types;
mod wire;

use minijinja::Value;

use super::engine::Code;
use super::language::Language;
use super::names::{Role, spell};
use super::project::{Job, Shared};
use crate::model::Surface;
use crate::model::operations::{Body, Encoding};
use crate::view;

/// The names of an adapter in its language.
#[derive(Debug, Clone)]
pub struct Names {
    /// Its folder and package: `github_v2`.
    pub package: String,
    /// Its main class: `GithubV2`.
    pub class: String,
    pub async_class: String,
    /// A variable that holds one: `github_v2`.
    pub variable: String,
    /// Before its environment variables: `GITHUB_V2_`.
    pub prefix: String,
}

/// Spellings that people use and rules do not give.
const BRANDS: [(&str, &str); 8] = [
    ("github", "GitHub"),
    ("gitlab", "GitLab"),
    ("openai", "OpenAI"),
    ("paypal", "PayPal"),
    ("youtube", "YouTube"),
    ("linkedin", "LinkedIn"),
    ("rabbitmq", "RabbitMQ"),
    ("postgresql", "PostgreSQL"),
];

impl Names {
    /// `name` is the entry's; a title that is the same word gives its own capitals.
    pub fn of(name: &str, title: &str, language: &Language) -> Self {
        let squeezed = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let plain = spell(language, Role::Type, name);
        let own = title.split_whitespace().map(squeezed).find(|word| word.to_lowercase() == plain.to_lowercase());
        let brand =
            BRANDS.iter().find(|(known, _)| *known == plain.to_lowercase()).map(|(_, brand)| (*brand).to_owned());
        let class = brand.or(own.filter(|word| word.starts_with(char::is_uppercase))).unwrap_or(plain);
        let class = if language.names.reserved_classes.contains(&class) { format!("{class}Client") } else { class };
        let variable = spell(language, Role::Variable, name);
        let is_taken = language.names.reserved_adapters.contains(&variable);
        Self {
            package: spell(language, Role::Module, name),
            async_class: format!("Async{class}"),
            class,
            variable: if is_taken { variable + &language.names.escape } else { variable },
            prefix: format!("{}_", crate::words::split(name).join("_").to_uppercase()),
        }
    }

    /// The same with other names where one is `taken` by code that stands beside it.
    pub fn free_of(mut self, taken: &[String], name: &str, language: &Language) -> Self {
        let is_taken = |spelled: &str| taken.iter().any(|taken| taken == spelled);
        let longer = format!("{name} adapter");
        if is_taken(&self.class) || is_taken(&self.async_class) {
            self.class = spell(language, Role::Type, &longer);
            self.async_class = format!("Async{}", self.class);
        }
        if is_taken(&self.variable) {
            self.variable = spell(language, Role::Variable, &longer);
        }
        self
    }
}

/// Everything the templates of an entry see.
pub fn of(job: &Job, shared: &Shared, names: &Names) -> Value {
    let service = &job.service;
    let title =
        if service.title.is_empty() { job.name.clone() } else { service.title.trim().trim_end_matches('.').to_owned() };
    let mut entries: Vec<(&'static str, Value)> = vec![
        ("root", Value::from(Code(shared.root.replace('/', ".")))),
        ("root_path", Value::from(Code(shared.root.clone()))),
        ("adapter", adapter(job, names)),
        (
            "service",
            view! {
                title: title.clone(),
                calls: format!("Calls {title}. Share one between threads; close it, or use it in `with`."),
                calls_async: format!("Calls {title} without blocking, like `{}`.", names.class),
                reaches: format!("How to reach {title}, and as whom."),
                offers: format!("{title}: its operations as methods of `{}` and `{}`.", names.class, names.async_class),
                written_from: format!("Written by integrate from {}{}. Yours to edit, under no licence of the generator; `README.md` says how to use and test it.", docs::cited(&service.source.name), if service.version.is_empty() { String::new() } else { format!(" (version {})", service.version) }),
                description: docs::paragraph(&service.description),
                version: service.version.clone(),
                source: docs::cited(&service.source.name).to_owned(),
                source_kind: service.source.kind.clone(),
            },
        ),
        ("options", Value::from(minijinja::value::Serde(&job.options))),
        ("versions", versions(&job.language)),
        (
            "entries",
            Value::from(
                shared
                    .entries
                    .iter()
                    .map(|(name, pattern)| view! { name: name.clone(), pattern: pattern.clone() })
                    .collect::<Vec<_>>(),
            ),
        ),
    ];
    match &service.surface {
        Surface::Operations(surface) => {
            entries.extend(operations::view(service, surface, names, &job.language, &job.options));
        }
        Surface::Issuer(surface) => entries.extend(issuer::view(surface, names, &job.language, &job.options)),
        Surface::Tables(surface) => {
            entries.extend(tables::view(service, surface, names, &job.language, &job.options, &job.name));
        }
        Surface::Store(surface) => entries.extend(store::view(service, surface, names, &job.language, &job.options)),
        Surface::Channels(surface) => {
            entries.extend(channels::view(service, surface, names, &job.language, &job.options, &job.name));
        }
        Surface::Signals(surface) => entries.extend(signals::view(surface, &service.title, &job.language)),
        Surface::Answers(surface) => entries.extend(answers::view(surface, &job.language)),
    }
    Value::from_pairs(entries)
}

fn adapter(job: &Job, names: &Names) -> Value {
    view! {
        name: job.name.clone(),
        package: Code(names.package.clone()),
        class: Code(names.class.clone()),
        async_class: Code(names.async_class.clone()),
        variable: Code(names.variable.clone()),
        prefix: Code(names.prefix.clone()),
        pattern: job.pattern.clone(),
        variant: job.variant.clone(),
    }
}

fn versions(language: &Language) -> Value {
    Value::from_pairs(language.libraries.iter().map(|(name, version)| (name.clone(), Value::from(version.clone()))))
}

/// `context` with one value more.
pub fn with(context: &Value, name: &'static str, value: Value) -> Value {
    let known = context
        .try_iter()
        .into_iter()
        .flatten()
        .filter_map(|key| Some((key.to_string(), context.get_item(&key).ok()?)));
    Value::from_pairs(known.chain([(name.to_owned(), value)]).collect::<Vec<_>>())
}

/// How a body is encoded, in a word.
fn encoding_name(body: &Body) -> &'static str {
    match body.encoding {
        Encoding::Json => "json",
        Encoding::Form => "form",
        Encoding::Multipart => "multipart",
        Encoding::Text => "text",
        Encoding::Bytes => "bytes",
    }
}

/// Code that a template prints as it is.
fn code(text: &str) -> Value {
    Value::from(Code(text.to_owned()))
}
