//! The parameters of an operation as arguments of a method: path segments by position, everything else by keyword.

use std::collections::HashSet;

use minijinja::Value;
use serde_json::Value as Json;

use super::fields::{is_object, key, record};
use super::types::{Expression, Types};
use super::{code, docs, styles};
use crate::model::operations::{Body, Encoding, Location, Operation, Parameter, Style};
use crate::model::types::{Field, Shape, Type};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::names::{Role, Scope};
use crate::view;

pub use super::fields::required_keys;

/// Names that methods use themselves.
const TAKEN: [&str; 13] = [
    "self",
    "timeout_seconds",
    "options",
    "params",
    "request",
    "in_query",
    "in_body",
    "in_header",
    "in_cookie",
    "idempotency_key",
    "query",
    "headers",
    "path",
];

/// One argument.
pub struct Keyword<'o> {
    pub name: String,
    pub wire: &'o str,
    /// Its name in an object of all keywords: that on the wire, unless another has it.
    pub property: String,
    pub place: Place,
    pub of: &'o Type,
    pub expression: Expression,
    pub required: bool,
    pub nullable: bool,
    pub description: &'o str,
    pub default: Option<&'o Json>,
    pub example: Option<&'o Json>,
    pub style: Style,
    pub deprecated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Header,
    Cookie,
    /// A field of the body.
    Field,
    /// The body as a whole.
    Body,
}

/// The arguments of one operation.
pub struct Keywords<'o> {
    pub all: Vec<Keyword<'o>>,
    /// The name of the body's type and the type, where the one object of all keywords is the body.
    whole: Option<(String, &'o Type)>,
}

impl<'o> Keywords<'o> {
    pub fn of(operation: &'o Operation, types: &'o Types<'_>) -> Self {
        let mut scope = Scope::with(TAKEN);
        let is_key = |parameter: &&Parameter| {
            parameter.location == Location::Header && idempotency_header(operation) == Some(parameter.name.as_str())
        };
        let parameters = operation.parameters.iter().filter(|parameter| !is_key(parameter));
        let mut all: Vec<Keyword<'o>> =
            parameters.map(|parameter| of_parameter(parameter, types, &mut scope)).collect();
        let mut fields = body_fields(operation, types);
        let is_one_object = types.language.types.always_params;
        if is_one_object
            && fields
                .iter()
                .any(|field| all.iter().any(|keyword| keyword.place != Place::Path && keyword.wire == field.name))
        {
            fields.clear();
        }
        let multipart = operation.body.as_ref().is_some_and(|body| body.encoding == Encoding::Multipart);
        if let Some(body) = &operation.body {
            if fields.is_empty() {
                all.push(of_body(body, types, &mut scope));
            }
            all.extend(fields.iter().map(|field| of_field(field, body, types, &mut scope)));
        }
        let whole = match operation.body.as_ref().filter(|_| is_one_object).map(|body| &body.of) {
            Some(of) if is_the_body(&all, of, types) && !(multipart && holds_files(of, types)) => {
                Some((types.express(of, Direction::Sent).code, of))
            }
            _ => None,
        };
        part_properties(&mut all);
        Self { all, whole }
    }

    /// The type of the body and its name, where it stands for all keywords.
    pub fn body_type(&self) -> Option<(&str, &'o Type)> {
        self.whole.as_ref().map(|(name, of)| (name.as_str(), *of))
    }

    /// How many there are beside the path's.
    pub fn count(&self) -> usize {
        self.all.iter().filter(|keyword| keyword.place != Place::Path).count()
    }

    pub fn has_required(&self) -> bool {
        self.all.iter().any(|keyword| keyword.place != Place::Path && keyword.required)
    }

    pub fn has_body_fields(&self) -> bool {
        self.all.iter().any(|keyword| keyword.place == Place::Field)
    }

    pub fn whole_body(&self) -> Option<&Keyword<'o>> {
        self.all.iter().find(|keyword| keyword.place == Place::Body)
    }

    /// More than fit a signature.
    pub fn is_wide(&self) -> bool {
        self.count() > 8
    }

    pub fn segments(&self, types: &Types<'_>, hidden: &[(String, String)]) -> Value {
        Value::from(
            self.all
                .iter()
                .filter(|keyword| keyword.place == Place::Path)
                .map(|keyword| keyword.view(types, hidden))
                .collect::<Vec<_>>(),
        )
    }

    /// Name of the argument → name on the wire, by place; empty where one place has all and the names are the same.
    pub fn wire_names(&self) -> Value {
        let at = |places: &[Place]| {
            Value::from_pairs(
                self.all
                    .iter()
                    .filter(|keyword| places.contains(&keyword.place))
                    .map(|keyword| (keyword.name.clone(), Value::from(keyword.wire.to_owned()))),
            )
        };
        let places = [&[Place::Query][..], &[Place::Header], &[Place::Cookie], &[Place::Field, Place::Body]];
        let used =
            places.iter().filter(|places| self.all.iter().any(|keyword| places.contains(&keyword.place))).count();
        let same = self.all.iter().all(|keyword| keyword.place == Place::Path || keyword.name == keyword.wire);
        view! { are_plain: used <= 1 && same, query: at(&[Place::Query]), headers: at(&[Place::Header]), cookies: at(&[Place::Cookie]), fields: at(&[Place::Field, Place::Body]) }
    }

    /// The type that holds all keywords of an operation.
    pub fn declaration(&self, name: &str, label: &str, types: &Types<'_>) -> Value {
        let fields: Vec<Value> = self
            .all
            .iter()
            .filter(|keyword| keyword.place != Place::Path)
            .map(|keyword| keyword.view(types, &[]))
            .collect();
        view! { name: Code(name.to_owned()), kind: "params", label: label.to_owned(), is_sent: true, description: "", deprecated: false, details: view! { fields: fields } }
    }

    /// All but the path's: by place, each list in the order of the source.
    pub fn view(&self, types: &Types<'_>, hidden: &[(String, String)]) -> Value {
        let at = |places: &[Place]| {
            Value::from(
                self.all
                    .iter()
                    .filter(|keyword| places.contains(&keyword.place))
                    .map(|keyword| keyword.view(types, hidden))
                    .collect::<Vec<_>>(),
            )
        };
        view! {
            all: at(&[Place::Query, Place::Header, Place::Cookie, Place::Field, Place::Body]),
            query: at(&[Place::Query]),
            headers: at(&[Place::Header]),
            cookies: at(&[Place::Cookie]),
            fields: at(&[Place::Field]),
        }
    }
}

impl Keyword<'_> {
    fn view(&self, types: &Types<'_>, hidden: &[(String, String)]) -> Value {
        let is_body = matches!(self.place, Place::Field | Place::Body);
        let described = docs::value(self.description, self.example, self.default);
        let bare = types.express(self.of.not_null(), Direction::Sent).code;
        let property = key(types, &self.property);
        let declared = if self.expression.code.is_empty() { &bare } else { &self.expression.code };
        let declared = &types.or_inherited(declared, &self.property, self.required);
        let taken = property.chars().count() + 6 - usize::from(self.required);
        view! {
            name: Code(self.name.clone()),
            wire: self.wire.to_owned(),
            key: code(&key(types, self.wire)),
            declared: Code(if self.nullable && is_body { types.nullable(declared, taken) } else { declared.clone() }),
            is_scalar: self.style != Style::Json && !styles::has_parts(self.of, types),
            property: Code(property),
            is_same: self.name == self.wire,
            type: Code(unhidden(if self.expression.code.is_empty() { &bare } else { &self.expression.code }, hidden)),
            nullable: self.nullable && is_body,
            required: self.required,
            in_body: is_body,
            is_list: matches!(self.of.not_null(), Type::List(_)),
            is_record: matches!(self.of.not_null(), Type::Map(_) | Type::Named(_)),
            is_text: matches!(self.of.not_null(), Type::Text),
            style: self.style.word(),
            description: described.clone(),
            sentence: if described.is_empty() { self.place.sentence(self.wire) } else { described },
            lead: format!("{}:", self.name),
            deprecated: self.deprecated,
        }
    }
}

impl Place {
    fn word(self) -> &'static str {
        match self {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
            Place::Field | Place::Body => "body",
        }
    }

    /// What is said of a parameter the source says nothing of.
    fn sentence(self, wire: &str) -> String {
        match self {
            Place::Path => "Part of the path.".to_owned(),
            Place::Query => format!("Sent as `{wire}` in the query."),
            Place::Header => format!("Sent as the header `{wire}`."),
            Place::Cookie => format!("Sent as the cookie `{wire}`."),
            Place::Field => format!("Sent as `{wire}` in the body."),
            Place::Body => "Sent as the body.".to_owned(),
        }
    }
}

/// `code` with the types that a method of the same class hides written so that they are found.
pub fn unhidden(code: &str, hidden: &[(String, String)]) -> String {
    hidden.iter().fold(code.to_owned(), |code, (name, instead)| {
        let mut out = String::with_capacity(code.len());
        let mut rest = code.as_str();
        while let Some(at) = rest.find(name.as_str()) {
            let is_word = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.'));
            out.push_str(&rest[..at]);
            out.push_str(if is_word { instead } else { name });
            rest = &rest[at + name.len()..];
        }
        out + rest
    })
}

fn of_parameter<'o>(parameter: &'o Parameter, types: &Types<'_>, scope: &mut Scope) -> Keyword<'o> {
    let place = match parameter.location {
        Location::Path => Place::Path,
        Location::Query => Place::Query,
        Location::Header => Place::Header,
        Location::Cookie => Place::Cookie,
    };
    Keyword {
        name: scope.name(types.language, Role::Variable, &parameter.name),
        wire: &parameter.name,
        property: parameter.name.clone(),
        place,
        of: &parameter.of,
        expression: types.express(parameter.of.not_null(), Direction::Sent),
        required: parameter.required,
        nullable: matches!(parameter.of, Type::Nullable(_)),
        description: &parameter.description,
        default: parameter.default.as_ref(),
        example: parameter.example.as_ref(),
        style: parameter.style,
        deprecated: parameter.deprecated,
    }
}

fn of_field<'o>(field: &'o Field, body: &Body, types: &Types<'_>, scope: &mut Scope) -> Keyword<'o> {
    let multipart = body.encoding == Encoding::Multipart;
    let expression = types.express(field.of.not_null(), Direction::Sent);
    let code = if multipart { types.with_files(&expression, &field.of) } else { expression.code.clone() };
    Keyword {
        name: scope.name(types.language, Role::Variable, &field.name),
        wire: &field.name,
        property: field.name.clone(),
        place: Place::Field,
        of: &field.of,
        expression: Expression { code, ..expression },
        required: field.required,
        nullable: matches!(field.of, Type::Nullable(_)),
        description: &field.description,
        default: field.default.as_ref(),
        example: field.example.as_ref(),
        style: body.styles.get(&field.name).copied().unwrap_or(Style::Nested),
        deprecated: field.deprecated,
    }
}

fn of_body<'o>(body: &'o Body, types: &Types<'_>, scope: &mut Scope) -> Keyword<'o> {
    let mut expression = types.express(body.of.not_null(), Direction::Sent);
    if let (Encoding::Bytes, Some(content)) = (body.encoding, types.language.types.plain.get("content")) {
        expression.code.clone_from(content);
    }
    Keyword {
        name: scope.name(types.language, Role::Variable, "body"),
        wire: "body",
        property: "body".to_owned(),
        place: Place::Body,
        of: &body.of,
        expression,
        required: body.required,
        nullable: matches!(body.of, Type::Nullable(_)),
        description: &body.description,
        default: None,
        example: None,
        style: Style::Json,
        deprecated: false,
    }
}

/// Gives each keyword beside the path's a property of its own.
fn part_properties(all: &mut [Keyword<'_>]) {
    let mut taken: HashSet<String> = HashSet::new();
    for keyword in all.iter_mut().filter(|keyword| keyword.place != Place::Path) {
        while !taken.insert(keyword.property.clone()) {
            keyword.property = format!("{}_{}", keyword.property, keyword.place.word());
        }
    }
}

/// Whether an object with nothing but the body in it can be the body itself.
fn is_the_body(all: &[Keyword<'_>], of: &Type, types: &Types<'_>) -> bool {
    let is_body = |keyword: &Keyword<'_>| matches!(keyword.place, Place::Path | Place::Field | Place::Body);
    matches!(of, Type::Named(_)) && all.iter().all(is_body) && is_object(of, types)
}

/// Whether a form has files among its fields.
fn holds_files(of: &Type, types: &Types<'_>) -> bool {
    let is_file = |of: &Type| {
        matches!(of.not_null(), Type::Bytes)
            || matches!(of.not_null(), Type::List(item) if *item.not_null() == Type::Bytes)
    };
    record(of, types).is_none_or(|fields| fields.iter().any(|field| is_file(&field.of)))
}

/// The fields of a body that become arguments of their own: those of a record that a caller may send.
pub fn body_fields<'s>(operation: &Operation, types: &Types<'s>) -> Vec<&'s Field> {
    let Some(body) = &operation.body else { return Vec::new() };
    if matches!(body.encoding, Encoding::Text | Encoding::Bytes) {
        return Vec::new();
    }
    match body.of.not_null() {
        // Further fields of any name cannot be arguments.
        Type::Named(name) => match types.service.types.get(name).map(|found| &found.shape) {
            Some(Shape::Record { fields, additional: None }) => {
                fields.iter().filter(|field| Direction::Sent.has(field)).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The header by which an operation that writes recognises a repeat, where it declares one.
pub fn idempotency_header(operation: &Operation) -> Option<&str> {
    let is_key = |parameter: &&Parameter| {
        parameter.location == Location::Header
            && matches!(parameter.name.to_lowercase().as_str(), "idempotency-key" | "x-idempotency-key")
    };
    let found = operation.parameters.iter().find(is_key).filter(|_| !operation.repeatable)?;
    Some(&found.name)
}
