//! Operations as one language spells them: resources with methods, their parameters, their types in modules.

mod modules;
mod replies;
mod resources;

use std::collections::BTreeSet;

use minijinja::Value;
use serde_json::Value as Json;

use self::modules::{Module, Wide, modules};
use self::resources::{Resource, both, resources};
use super::parameters::{self, Keywords};
use super::types::Types;
use super::{Names, arguments, code, docs, encoding_name, full, security, tests, wire};
use crate::model::operations::{Operation, Operations};
use crate::model::types::Type;
use crate::model::{Outcome, Service};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::language::Language;
use crate::render::names::{Role, Scope, spell};
use crate::view;

/// What the templates of an api see beside what all patterns have.
pub fn view(
    service: &Service,
    surface: &Operations,
    names: &Names,
    language: &Language,
    options: &Json,
) -> Vec<(&'static str, Value)> {
    let settings = format!("{}Options", names.class);
    let mut scope = Scope::with([names.class.as_str(), names.async_class.as_str(), settings.as_str()]);
    let mut types = Types::new(service, language, &mut scope).in_json();
    types.name_by_use(
        surface
            .operations
            .iter()
            .flat_map(|operation| roots(operation).into_iter().map(|(of, direction)| ("", of, direction))),
    );
    let types = types;
    let (resources, attributes) = resources(surface, language, &mut scope);
    let mut methods = Methods {
        types: &types,
        language,
        scope,
        attributes,
        surface,
        options,
        symbols: Vec::new(),
        hidden: Vec::new(),
        wide: Vec::new(),
    };
    let mut views = Vec::new();
    for (at, resource) in resources.iter().enumerate() {
        views.push(methods.resource(at, resource, surface));
    }
    let modules = modules(&types, &resources, surface, methods.wide);
    let examples = tests::examples(
        surface,
        &resources.iter().map(|resource| (resource.name.as_str(), resource.module.as_str())).collect::<Vec<_>>(),
        &types,
    );
    let failures = tests::failures(&resources.iter().zip(&views).map(|(_, view)| view.clone()).collect::<Vec<_>>());
    let all = views.clone();
    let base_url = options.get("base_url").and_then(Json::as_str).map(str::to_owned).or_else(|| server_url(surface));
    let (root, named): (Vec<Value>, Vec<Value>) =
        resources.iter().zip(views).fold((Vec::new(), Vec::new()), |(mut root, mut named), (resource, view)| {
            if resource.name.is_empty() {
                root.push(view);
            } else {
                named.push(view);
            }
            (root, named)
        });
    vec![
        ("resources", Value::from(named)),
        ("root_resource", root.into_iter().next().unwrap_or(Value::from(()))),
        ("all_resources", Value::from(all)),
        ("modules", Value::from(modules.into_iter().map(Module::view).collect::<Vec<_>>())),
        ("examples", examples),
        ("base_url", Value::from(base_url.clone().unwrap_or_else(|| "https://api.example.com".to_owned()))),
        ("has_base_url", Value::from(base_url.is_some())),
        (
            "security",
            security::view(
                service,
                surface,
                language,
                options.get("auth").and_then(Json::as_str).unwrap_or("document"),
            ),
        ),
        ("declared_key", declared_key(surface)),
        ("failures", failures),
        ("ledger", ledger(service)),
        ("symbols", Value::from(methods.symbols)),
    ]
}

/// The header that the source itself declares for repeats of a write, on some operation.
fn declared_key(surface: &Operations) -> Value {
    surface.operations.iter().find_map(parameters::idempotency_header).map_or(Value::from(()), Value::from)
}

/// The first server that is a whole URL.
fn server_url(surface: &Operations) -> Option<String> {
    surface.servers.iter().find(|server| server.is_whole()).map(|server| server.url.clone())
}

/// Turns operations into views of methods.
struct Methods<'s> {
    types: &'s Types<'s>,
    language: &'s Language,
    scope: Scope,
    surface: &'s Operations,
    options: &'s Json,
    /// The names of all methods as they are called: `planets.list`.
    symbols: Vec<String>,
    wide: Vec<Wide>,
    /// The names of the resources.
    attributes: Scope,
    /// Types that a method of the class hides → what its other methods write instead.
    hidden: Vec<(String, String)>,
}

impl Methods<'_> {
    fn resource(&mut self, at_resource: usize, resource: &Resource, surface: &Operations) -> Value {
        // Methods of the service itself stand beside its resources.
        let mut names = if resource.name.is_empty() { self.attributes.clone() } else { Scope::default() };
        let mut constants = Scope::default();
        let mut operations = Vec::new();
        let methods: Vec<String> = resource
            .operations
            .iter()
            .map(|at| spell(self.language, Role::Function, &surface.operations[*at].name))
            .collect();
        let hidden = self
            .language
            .names
            .hidden_by_methods
            .iter()
            .filter(|(code, _)| methods.iter().any(|method| code.starts_with(&format!("{method}["))));
        self.hidden = hidden.map(|(code, instead)| (code.clone(), instead.clone())).collect();
        for at in &resource.operations {
            let operation = &surface.operations[*at];
            let method = names.name(self.language, Role::Function, &operation.name);
            let constant = constants.name(self.language, Role::Constant, &operation.name);
            operations.push(self.operation((at_resource, resource), operation, &method, &constant));
        }
        let used = self.imports(resource, surface);
        view! {
            name: resource.name.clone(),
            class: Code(resource.class.clone()),
            both_classes: Code(both(&resource.class)),
            attribute: Code(resource.attribute.clone()),
            module: Code(resource.module.clone()),
            constant: Code(spell(self.language, Role::Constant, &resource.name)),
            is_root: resource.name.is_empty(),
            operations: operations,
            imports: used,
        }
    }

    fn operation(
        &mut self,
        (at, resource): (usize, &Resource),
        operation: &Operation,
        method: &str,
        constant: &str,
    ) -> Value {
        let keywords = Keywords::of(operation, self.types);
        let label =
            if resource.name.is_empty() { method.to_owned() } else { format!("{}.{method}", resource.attribute) };
        self.symbols.push(label.clone());
        let is_wide = keywords.is_wide();
        let needs_params = if self.language.types.always_params {
            keywords.count() > 0 && keywords.body_type().is_none()
        } else {
            is_wide
        };
        let mut params = String::new();
        if needs_params {
            params =
                self.scope.name(self.language, Role::Type, &format!("{} {} params", resource.name, operation.name));
            self.wide.push((at, params.clone(), keywords.declaration(&params, &label, self.types)));
        }
        let (arguments, parts) = arguments::view(operation, &keywords, &params, self.types);
        let reply = self.reply(operation);
        let example = tests::call(operation, &keywords, self.types, self.language);
        let full = full::call(operation, &keywords, self.types);
        view! {
            name: Code(method.to_owned()),
            constant: Code(constant.to_owned()),
            test_name: Code(spell(self.language, Role::Function, &format!("test {}", operation.name))),
            label: label,
            method: operation.method.clone(),
            path: operation.path.clone(),
            path_encoded: wire::path(&operation.path),
            path_template: positional(&wire::path(&operation.path)),
            summary: docs::summary(operation),
            short: docs::short(operation, self.language.width.saturating_sub(26 + resource.class.len() + method.len())),
            description: docs::paragraph(&operation.description),
            deprecated: operation.deprecated,
            documentation_url: operation.documentation_url.clone(),
            source: docs::source(operation),
            segments: keywords.segments(self.types, &self.hidden),
            keywords: keywords.view(self.types, &self.hidden),
            fixed: keywords.fixed(self.types),
            styles: keywords.styles(self.types),
            json_texts: keywords.json_texts(),
            names: keywords.wire_names(),
            is_wide: is_wide,
            has_required: keywords.has_required(),
            arguments: arguments,
            parts: parts,
            params: Code(params),
            body: self.body(operation, &keywords),
            body_encoding: operation.body.as_ref().map_or("", encoding_name),
            reply: reply,
            failures: docs::failures(operation),
            pages: self.pages(operation),
            security: security::of(operation, self.types.service),
            takes_token: security::takes_token(operation, self.types.service),
            needs_credentials: security::needs_credentials(operation, self.types.service),
            own_security: security::is_own(operation, self.surface),
            idempotency_header: self.idempotency_header(operation),
            server: operation.server.clone(),
            example: example,
            full: full,
        }
    }

    fn idempotency_header(&self, operation: &Operation) -> Value {
        let set = self.options.get("idempotency_header").and_then(Json::as_str).filter(|header| !header.is_empty());
        let header = parameters::idempotency_header(operation).or(set);
        header.filter(|_| !operation.repeatable).map_or(Value::from(()), Value::from)
    }

    fn body(&self, operation: &Operation, keywords: &Keywords<'_>) -> Value {
        let Some(body) = &operation.body else { return Value::from(()) };
        let expression = self.types.express(body.of.not_null(), Direction::Sent);
        let (brackets, styles) = keywords.form_styles(body, self.types);
        let (name, _) =
            keywords.whole_body().map_or((String::new(), false), |keyword| (keyword.name.clone(), keyword.required));
        view! {
            encoding: encoding_name(body),
            media_type: body.media_type.clone(),
            is_usual_json: body.media_type == "application/json",
            has_fields: keywords.has_body_fields(),
            brackets: brackets,
            styles: styles,
            type: Code(expression.code),
            name: Code(name),
            required: body.required,
        }
    }

    /// The types a resource's file names, by the module they are in.
    fn imports(&self, resource: &Resource, surface: &Operations) -> Value {
        let mut names: BTreeSet<String> = BTreeSet::new();
        for at in &resource.operations {
            for (of, direction) in roots(&surface.operations[*at]) {
                names.extend(self.types.express(of, direction).names);
            }
            for field in parameters::body_fields(&surface.operations[*at], self.types) {
                names.extend(self.types.express(&field.of, Direction::Sent).names);
            }
            if let Some(item) = tests::item_of(&surface.operations[*at], self.types) {
                names.extend(self.types.express(&item, Direction::Received).names);
            }
        }
        Value::from(names.into_iter().map(|name| code(&name)).collect::<Vec<_>>())
    }
}

/// `/planets/{planetId}` → `/planets/{}`; braces that are no placeholder are doubled.
fn positional(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// The types an operation names itself, each in its direction.
pub fn roots(operation: &Operation) -> Vec<(&Type, Direction)> {
    let mut roots: Vec<(&Type, Direction)> =
        operation.parameters.iter().map(|parameter| (&parameter.of, Direction::Sent)).collect();
    roots.extend(operation.body.iter().map(|body| (&body.of, Direction::Sent)));
    roots.extend(operation.reply.content.iter().map(|content| (&content.of, Direction::Received)));
    roots
}

/// What is not as the source says.
pub fn ledger(service: &Service) -> Value {
    let entries =
        service.ledger.entries.iter().filter(|entry| matches!(entry.outcome, Outcome::Degraded | Outcome::Skipped));
    let views = entries.map(|entry| {
        let reasons: Vec<Value> = entry.reasons.iter().map(|reason| view! { what: reason.what.clone(), place: reason.place.clone() }).collect();
        view! { name: entry.name.clone(), outcome: if entry.outcome == Outcome::Degraded { "degraded" } else { "skipped" }, reasons: reasons }
    });
    Value::from(views.collect::<Vec<_>>())
}
