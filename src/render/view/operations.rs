//! Operations as one language spells them: resources with methods, their parameters, their types in modules.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;
use serde_json::Value as Json;

use super::parameters::{self, Keywords};
use super::types::{Key, Types};
use super::{Names, code, docs, tests};
use crate::model::operations::{Body, Encoding, Operation, Operations, Pagination};
use crate::model::types::{Shape, Type};
use crate::model::{Outcome, Service};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::language::Language;
use crate::render::names::{Role, Scope, spell};
use crate::view;

/// What the templates of an api see beside what all patterns have.
pub fn view(service: &Service, surface: &Operations, names: &Names, language: &Language, options: &Json) -> Vec<(&'static str, Value)> {
    let mut scope = Scope::with([names.class.as_str(), names.async_class.as_str()]);
    let types = Types::new(service, language, &mut scope);
    let resources = resources(surface, language, &mut scope);
    let mut methods = Methods { types: &types, language, scope, surface, options, symbols: Vec::new() };
    let mut views = Vec::new();
    for resource in &resources {
        views.push(methods.resource(resource, surface));
    }
    let modules = modules(&types, &resources, surface);
    let base_url = surface.servers.first().map(|server| server.url.clone()).filter(|url| url.starts_with("http"));
    let (root, named): (Vec<Value>, Vec<Value>) = resources.iter().zip(views).fold((Vec::new(), Vec::new()), |(mut root, mut named), (resource, view)| {
        if resource.name.is_empty() { root.push(view) } else { named.push(view) }
        (root, named)
    });
    vec![
        ("resources", Value::from(named)),
        ("root_resource", root.into_iter().next().unwrap_or(Value::from(()))),
        ("modules", modules),
        ("base_url", Value::from(base_url.unwrap_or_else(|| "https://api.example.com".to_owned()))),
        ("has_base_url", Value::from(surface.servers.iter().any(|server| server.url.starts_with("http")))),
        ("security", super::security::view(service, surface, language, names)),
        ("failures", tests::failures(surface, &types, language)),
        ("ledger", ledger(service)),
        ("symbols", Value::from(methods.symbols)),
    ]
}

/// The operations of one group.
struct Resource {
    /// Words; empty for the service itself.
    name: String,
    class: String,
    attribute: String,
    module: String,
    operations: Vec<usize>,
}

fn resources(surface: &Operations, language: &Language, scope: &mut Scope) -> Vec<Resource> {
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, operation) in surface.operations.iter().enumerate() {
        match groups.iter_mut().find(|(name, _)| *name == operation.group) {
            Some((_, operations)) => operations.push(at),
            None => groups.push((&operation.group, vec![at])),
        }
    }
    let mut attributes = Scope::with(["http", "close", "from_env", "shared"]);
    let mut modules = Scope::with(["shared"]);
    groups
        .into_iter()
        .map(|(name, operations)| Resource {
            name: name.to_owned(),
            class: free_class(scope, language, name),
            attribute: attributes.name(language, Role::Function, name),
            module: modules.name(language, Role::Module, name),
            operations,
        })
        .collect()
}

/// The class of a resource; `Resource` parts it from a type of the same name.
fn free_class(scope: &mut Scope, language: &Language, name: &str) -> String {
    let plain = spell(language, Role::Type, name);
    let twin = format!("Async{plain}");
    let wanted = if scope.is_free(&plain) && scope.is_free(&twin) { name.to_owned() } else { format!("{name} resource") };
    let class = scope.name(language, Role::Type, &wanted);
    scope.take(&format!("Async{class}"));
    class
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
}

impl Methods<'_> {
    fn resource(&mut self, resource: &Resource, surface: &Operations) -> Value {
        let mut names = Scope::default();
        let mut constants = Scope::default();
        let mut operations = Vec::new();
        for at in &resource.operations {
            let operation = &surface.operations[*at];
            let method = names.name(self.language, Role::Function, &operation.name);
            let constant = constants.name(self.language, Role::Constant, &operation.name);
            operations.push(self.operation(resource, operation, &method, &constant));
        }
        let used = self.imports(resource, surface);
        view! {
            name: resource.name.clone(),
            class: Code(resource.class.clone()),
            attribute: Code(resource.attribute.clone()),
            module: Code(resource.module.clone()),
            constant: Code(spell(self.language, Role::Constant, &resource.name)),
            is_root: resource.name.is_empty(),
            operations: operations,
            imports: used,
        }
    }

    fn operation(&mut self, resource: &Resource, operation: &Operation, method: &str, constant: &str) -> Value {
        let keywords = Keywords::of(operation, self.types);
        let label = if resource.name.is_empty() { method.to_owned() } else { format!("{}.{method}", resource.attribute) };
        self.symbols.push(label.clone());
        let params = format!("{} {} params", resource.name, operation.name);
        let reply = self.reply(operation);
        let example = tests::call(operation, &keywords, self.types, self.language);
        view! {
            name: Code(method.to_owned()),
            constant: Code(constant.to_owned()),
            test_name: Code(spell(self.language, Role::Function, &format!("test {}", operation.name))),
            label: label,
            method: operation.method.clone(),
            path: operation.path.clone(),
            path_template: positional(&operation.path),
            summary: docs::summary(operation),
            description: docs::paragraph(&operation.description),
            deprecated: operation.deprecated,
            documentation_url: operation.documentation_url.clone(),
            source: docs::source(operation),
            segments: keywords.segments(self.types),
            keywords: keywords.view(self.types),
            is_wide: keywords.count() > 8,
            has_required: keywords.has_required(),
            params: Code(self.scope.name(self.language, Role::Type, &params)),
            body: self.body(operation, &keywords),
            reply: reply,
            failures: docs::failures(operation),
            pages: self.pages(operation),
            security: super::security::of(operation, self.types.service),
            own_security: super::security::is_own(operation, self.surface),
            idempotency_header: self.idempotency_header(operation),
            server: operation.server.clone(),
            example: example,
        }
    }

    fn idempotency_header(&self, operation: &Operation) -> Value {
        let header = self.options.get("idempotency_header").and_then(Json::as_str).unwrap_or_default();
        if operation.repeatable || header.is_empty() { Value::from(()) } else { Value::from(header) }
    }

    fn body(&self, operation: &Operation, keywords: &Keywords<'_>) -> Value {
        let Some(body) = &operation.body else { return Value::from(()) };
        let expression = self.types.express(body.of.not_null(), Direction::Sent);
        let (name, _) = keywords.whole_body().map_or((String::new(), false), |keyword| (keyword.name.clone(), keyword.required));
        view! {
            encoding: encoding_name(body),
            media_type: body.media_type.clone(),
            is_usual_json: body.media_type == "application/json",
            has_fields: keywords.has_body_fields(),
            brackets: body.encoding == Encoding::Form && parameters::has_nested(body, self.types),
            type: Code(expression.code),
            name: Code(name),
            required: body.required,
            key: keywords.body_key().map_or(Value::from(()), Value::from),
        }
    }

    fn reply(&self, operation: &Operation) -> Value {
        let Some(content) = &operation.reply.content else {
            return view! { kind: "nothing", type: Code(self.language.types.plain.get("nothing").cloned().unwrap_or_default()), status: operation.reply.status.clone(), is_model: false, optional: false, media_type: "*/*" };
        };
        let expression = self.types.express(&content.of, Direction::Received);
        let is_model = matches!(&content.of, Type::Named(name) if matches!(self.types.service.types.get(name).map(|found| &found.shape), Some(Shape::Record { .. })));
        view! {
            kind: match content.encoding { Encoding::Json | Encoding::Form => "json", Encoding::Text => "text", _ => "bytes" },
            type: Code(expression.code),
            is_model: is_model,
            optional: content.optional,
            status: operation.reply.status.clone(),
            media_type: content.media_type.clone(),
        }
    }

    fn pages(&self, operation: &Operation) -> Value {
        let (Some(pagination), Some(content)) = (&operation.pagination, &operation.reply.content) else { return Value::from(()) };
        let path = match pagination {
            Pagination::Link { items } | Pagination::Offset { items, .. } | Pagination::Page { items, .. } | Pagination::Cursor { items, .. } => items.clone(),
            Pagination::After { items, .. } => Some(items.clone()),
        };
        let item = parameters::item_type(&content.of, path.as_deref(), self.types);
        let Some(item) = item else { return Value::from(()) };
        let field = |of: &Type, wire: &str| parameters::field_access(of, wire, self.types);
        let items = path.as_deref().map_or(Value::from(()), |wire| field(&content.of, wire));
        let item_type = self.types.express(&item, Direction::Received).code;
        let (kind, parameter, extra) = match pagination {
            Pagination::Link { .. } => ("link", String::new(), Value::from(())),
            Pagination::Offset { offset, .. } => ("offset", offset.clone(), parameters::total(&content.of, self.types)),
            Pagination::Page { page, first, .. } => ("number", page.clone(), Value::from(*first)),
            Pagination::Cursor { cursor, next, .. } => ("cursor", cursor.clone(), parameters::access_path(&content.of, next, self.types)),
            Pagination::After { after, id, more, .. } => ("last_item", after.clone(), view! { id: field(&item, id), more: field(&content.of, more) }),
        };
        view! { kind: kind, items: items, item: Code(item_type), page: Code(self.types.express(&content.of, Direction::Received).code), parameter: parameter, extra: extra }
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

fn encoding_name(body: &Body) -> &'static str {
    match body.encoding {
        Encoding::Json => "json",
        Encoding::Form => "form",
        Encoding::Multipart => "multipart",
        Encoding::Text => "text",
        Encoding::Bytes => "bytes",
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
    let mut roots: Vec<(&Type, Direction)> = operation.parameters.iter().map(|parameter| (&parameter.of, Direction::Sent)).collect();
    roots.extend(operation.body.iter().map(|body| (&body.of, Direction::Sent)));
    roots.extend(operation.reply.content.iter().map(|content| (&content.of, Direction::Received)));
    roots
}

/// The files of types: one a resource for what it alone uses, and `shared` for what several do.
fn modules(types: &Types<'_>, resources: &[Resource], surface: &Operations) -> Value {
    let module_of: BTreeMap<&str, &str> = resources.iter().map(|resource| (resource.name.as_str(), resource.module.as_str())).collect();
    let all = surface.operations.iter().flat_map(|operation| roots(operation).into_iter().map(move |(of, direction)| (operation.group.as_str(), of, direction)));
    let mut modules: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
    let mut place: BTreeMap<String, &str> = BTreeMap::new();
    for (key, groups) in types.used_by(all).into_values() {
        let module = match groups.iter().collect::<Vec<_>>().as_slice() {
            [only] => module_of.get(**only).copied().unwrap_or("shared"),
            _ => "shared",
        };
        place.insert(types.name(&key.0, key.1).to_owned(), module);
        modules.entry(module).or_default().push(key);
    }
    let resource_of = |module: &str| resources.iter().find(|resource| resource.module == module).map_or(String::new(), |resource| resource.name.clone());
    let views = modules.into_iter().map(|(module, keys)| {
        let definitions: Vec<Value> = keys.iter().map(|key| super::definitions::view(types, key)).collect();
        let names: Vec<Value> = keys.iter().map(|(name, direction)| code(types.name(name, *direction))).collect();
        view! { module: Code(module.to_owned()), resource: resource_of(module), is_shared: module == "shared", types: definitions, names: names }
    });
    Value::from(views.collect::<Vec<_>>())
}

fn ledger(service: &Service) -> Value {
    let entries = service.ledger.entries.iter().filter(|entry| matches!(entry.outcome, Outcome::Degraded | Outcome::Skipped));
    let views = entries.map(|entry| {
        let reasons: Vec<Value> = entry.reasons.iter().map(|reason| view! { what: reason.what.clone(), place: reason.place.clone() }).collect();
        view! { name: entry.name.clone(), outcome: if entry.outcome == Outcome::Degraded { "degraded" } else { "skipped" }, reasons: reasons }
    });
    Value::from(views.collect::<Vec<_>>())
}
