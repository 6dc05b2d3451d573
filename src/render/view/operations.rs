//! Operations as one language spells them: resources with methods, their parameters, their types in modules.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;
use serde_json::Value as Json;

use super::parameters::{self, Keywords};
use super::types::{Key, Types};
use super::{Names, arguments, code, docs, encoding_name, fields, full, tests, wire};
use crate::model::operations::{Encoding, Operation, Operations, PageEnd, Pagination};
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
    let mut modules = modules(&types, &resources, surface);
    methods.add_params(&mut modules, &resources);
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
            super::security::view(
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

/// The operations of one group.
struct Resource {
    /// Words; empty for the service itself.
    name: String,
    class: String,
    attribute: String,
    module: String,
    operations: Vec<usize>,
}

fn resources(surface: &Operations, language: &Language, scope: &mut Scope) -> (Vec<Resource>, Scope) {
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, operation) in surface.operations.iter().enumerate() {
        match groups.iter_mut().find(|(name, _)| *name == operation.group) {
            Some((_, operations)) => operations.push(at),
            None => groups.push((&operation.group, vec![at])),
        }
    }
    let mut attributes = Scope::with(["http", "close", "from_env", "shared"]);
    let mut modules = Scope::with(["shared", "index", "config", "failures", "live", "setup"]);
    let resources = groups
        .into_iter()
        .map(|(name, operations)| Resource {
            name: name.to_owned(),
            class: free_class(scope, language, name),
            attribute: attributes.name(language, Role::Function, name),
            module: modules.name(language, Role::Module, if name.is_empty() { "service" } else { name }),
            operations,
        })
        .collect();
    (resources, attributes)
}

/// A resource's class and its asynchronous twin, in the order of an import.
fn both(class: &str) -> String {
    let twin = format!("Async{class}");
    if twin.to_lowercase() < class.to_lowercase() { format!("{twin}, {class}") } else { format!("{class}, {twin}") }
}

/// The class of a resource; `Resource` parts it from a type of the same name.
fn free_class(scope: &mut Scope, language: &Language, name: &str) -> String {
    let plain = spell(language, Role::Type, name);
    let twin = format!("Async{plain}");
    let is_free = scope.is_free(&plain) && scope.is_free(&twin) && !language.names.reserved_classes.contains(&plain);
    let wanted = if is_free { name.to_owned() } else { format!("{name} resource") };
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
    /// Operations with many parameters: resource, name and declaration of the type that holds them.
    wide: Vec<(usize, String, Value)>,
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
            styles: keywords.styles(self.types),
            names: keywords.wire_names(),
            is_wide: is_wide,
            has_required: keywords.has_required(),
            arguments: arguments::view(operation, &keywords, &params, self.types),
            params: Code(params),
            body: self.body(operation, &keywords),
            body_encoding: operation.body.as_ref().map_or("", encoding_name),
            reply: reply,
            failures: docs::failures(operation),
            pages: self.pages(operation),
            security: super::security::of(operation, self.types.service),
            takes_token: super::security::takes_token(operation, self.types.service),
            needs_credentials: super::security::needs_credentials(operation, self.types.service),
            own_security: super::security::is_own(operation, self.surface),
            idempotency_header: self.idempotency_header(operation),
            server: operation.server.clone(),
            example: example,
            full: full,
        }
    }

    /// Puts the parameter types of wide operations into their resource's file of types.
    fn add_params(&mut self, modules: &mut Vec<Module>, resources: &[Resource]) {
        for (at, name, view) in std::mem::take(&mut self.wide) {
            let resource = &resources[at];
            let found = modules.iter().position(|module| module.module == resource.module).unwrap_or_else(|| {
                modules.push(Module {
                    module: resource.module.clone(),
                    resource: resource.name.clone(),
                    types: Vec::new(),
                });
                modules.len() - 1
            });
            modules[found].types.push((name, view));
        }
        modules.sort_by(|a, b| a.module.cmp(&b.module));
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

    fn reply(&self, operation: &Operation) -> Value {
        let Some(content) = &operation.reply.content else {
            let plain = &self.language.types.plain;
            let nothing = Code(plain.get("no_reply").or_else(|| plain.get("nothing")).cloned().unwrap_or_default());
            return view! { kind: "nothing", type: nothing.clone(), outer: nothing, status: operation.reply.status.clone(), is_model: false, is_union: false, is_object: false, is_list: false, required: Vec::<Value>::new(), is_scalar: false, is_null: false, nullable: false, optional: false, media_type: "*/*", accept: () };
        };
        let of = self.types.unaliased(&content.of);
        let outer = self.types.express(&content.of, Direction::Received).code;
        let is_model = self.types.is_record(&of);
        let kind = match content.encoding {
            Encoding::Json | Encoding::Form => "json",
            Encoding::Text => "text",
            _ => "bytes",
        };
        let accept = if kind == "json" && content.media_type == "application/json" {
            Value::from(())
        } else {
            Value::from(content.media_type.clone())
        };
        view! {
            kind: kind,
            type: Code(super::parameters::unhidden(&outer, &self.hidden)),
            outer: Code(outer),
            is_model: is_model,
            required: fields::required_keys(&of, self.types),
            is_object: fields::is_object(&content.of, self.types),
            is_union: matches!(of.not_null(), Type::Union(_)) || (matches!(of.not_null(), Type::Named(_)) && !self.types.is_record(of.not_null())),
            is_list: matches!(of.not_null(), Type::List(_)),
            is_scalar: !matches!(of.not_null(), Type::Named(_) | Type::Union(_) | Type::List(_) | Type::Map(_) | Type::Json),
            is_null: content.of == Type::Nothing,
            optional: content.optional && operation.pagination.is_none(),
            nullable: matches!(content.of, Type::Nullable(_)),
            status: operation.reply.status.clone(),
            media_type: content.media_type.clone(),
            accept: accept,
        }
    }

    fn pages(&self, operation: &Operation) -> Value {
        let (Some(pagination), Some(content)) = (&operation.pagination, &operation.reply.content) else {
            return Value::from(());
        };
        let path = pagination.items();
        let item = fields::item_type(&content.of, path, self.types);
        let Some(item) = item else { return Value::from(()) };
        let field = |of: &Type, wire: &str| fields::field_access(of, wire, self.types);
        let items = path.map_or(Value::from(()), |wire| field(&content.of, wire));
        let item_type = self.types.express(&item, Direction::Received).code;
        let (mut first, mut end) = (1, "");
        let (kind, parameter, extra) = match pagination {
            Pagination::Link { .. } => ("link", String::new(), Value::from(())),
            Pagination::Offset { offset, .. } => ("offset", offset.clone(), fields::total(&content.of, self.types)),
            Pagination::Page { page, first: number, end: said, .. } => {
                first = *number;
                let (word, path) = match said {
                    Some(PageEnd::More(path)) => ("more", path.as_slice()),
                    Some(PageEnd::Last(path)) => ("last", path.as_slice()),
                    Some(PageEnd::Total(path)) => ("total", path.as_slice()),
                    None => ("", &[][..]),
                };
                let access = fields::access_path(&content.of, path, self.types);
                end = if access.try_iter().is_ok_and(|mut steps| steps.all(|step| step.is_true())) { word } else { "" };
                ("number", page.clone(), access)
            }
            Pagination::Cursor { cursor, next, .. } => {
                ("cursor", cursor.clone(), fields::access_path(&content.of, next, self.types))
            }
            Pagination::After { after, id, more, .. } => {
                let (id, more) = (field(&item, id), field(&content.of, more));
                if !id.is_true() || !more.is_true() {
                    return Value::from(());
                }
                ("last_item", after.clone(), view! { id: id, more: more })
            }
        };
        view! { kind: kind, items: items, item: Code(item_type), page: Code(self.types.express(&content.of, Direction::Received).code), reads_field: path.is_some(), wire: path.unwrap_or_default(), parameter: parameter, first: first, end: if end.is_empty() { Value::from(()) } else { code(end) }, extra: extra }
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

/// The types an operation names in the language: as `roots`, but for a body whose fields are arguments of their own.
fn spelled<'o>(operation: &'o Operation, types: &'o Types<'_>) -> Vec<(&'o Type, Direction)> {
    let keywords = Keywords::of(operation, types);
    let names_body =
        if types.language.types.always_params { keywords.body_type().is_some() } else { !keywords.has_body_fields() };
    if names_body {
        return roots(operation);
    }
    let mut spelled: Vec<(&Type, Direction)> =
        keywords.all.iter().map(|keyword| (keyword.of, Direction::Sent)).collect();
    spelled.extend(operation.reply.content.iter().map(|content| (&content.of, Direction::Received)));
    spelled
}

/// One file of types.
struct Module {
    module: String,
    resource: String,
    /// Declarations, with the names they declare.
    types: Vec<(String, Value)>,
}

impl Module {
    fn view(self) -> Value {
        let names: Vec<Value> = self.types.iter().map(|(name, _)| code(name)).collect();
        let types: Vec<Value> = self.types.into_iter().map(|(_, view)| view).collect();
        view! { is_shared: self.module == "shared", module: Code(self.module), resource: self.resource, types: types, names: names }
    }
}

/// The files of types: one a resource for what it alone uses, and `shared` for what several do.
fn modules(types: &Types<'_>, resources: &[Resource], surface: &Operations) -> Vec<Module> {
    let module_of: BTreeMap<&str, &str> =
        resources.iter().map(|resource| (resource.name.as_str(), resource.module.as_str())).collect();
    let all = surface.operations.iter().flat_map(|operation| {
        spelled(operation, types).into_iter().map(move |(of, direction)| (operation.group.as_str(), of, direction))
    });
    let mut modules: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
    for (key, groups) in types.used_by(all).into_values() {
        let module = match groups.iter().collect::<Vec<_>>().as_slice() {
            [only] => module_of.get(**only).copied().unwrap_or("shared"),
            _ => "shared",
        };
        modules.entry(module).or_default().push(key);
    }
    let resource_of = |module: &str| {
        resources
            .iter()
            .find(|resource| resource.module == module)
            .map_or(String::new(), |resource| resource.name.clone())
    };
    modules
        .into_iter()
        .map(|(module, keys)| Module {
            module: module.to_owned(),
            resource: resource_of(module),
            types: super::definitions::ordered(types, &keys),
        })
        .collect()
}

fn ledger(service: &Service) -> Value {
    let entries =
        service.ledger.entries.iter().filter(|entry| matches!(entry.outcome, Outcome::Degraded | Outcome::Skipped));
    let views = entries.map(|entry| {
        let reasons: Vec<Value> = entry.reasons.iter().map(|reason| view! { what: reason.what.clone(), place: reason.place.clone() }).collect();
        view! { name: entry.name.clone(), outcome: if entry.outcome == Outcome::Degraded { "degraded" } else { "skipped" }, reasons: reasons }
    });
    Value::from(views.collect::<Vec<_>>())
}
