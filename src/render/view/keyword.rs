//! One argument of a method, and what is sent without being one.

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::Value as Json;

use super::fields::key;
use super::types::{Expression, Types};
use super::{code, docs, styles};
use crate::model::operations::{Body, Encoding, Location, Parameter, Style};
use crate::model::types::{Field, Type};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::names::{Role, Scope};
use crate::view;

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

/// A parameter that no caller gives.
pub struct Fixed<'o> {
    pub wire: &'o str,
    pub place: Place,
    pub value: &'o Json,
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

impl Keyword<'_> {
    /// Whether it is written otherwise than by repeating its name for each value of a list.
    fn is_styled(&self, types: &Types<'_>) -> bool {
        self.style == Style::Json || (self.style != Style::Repeat && styles::has_parts(self.of, types))
    }

    pub fn view(&self, types: &Types<'_>, hidden: &[(String, String)]) -> Value {
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
            is_styled: self.is_styled(types),
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

impl Fixed<'_> {
    pub fn view(&self, types: &Types<'_>) -> Value {
        view! { wire: self.wire.to_owned(), key: code(&key(types, self.wire)), value: Value::from(Serde(self.value)) }
    }
}

impl From<Location> for Place {
    fn from(location: Location) -> Self {
        match location {
            Location::Path => Place::Path,
            Location::Query => Place::Query,
            Location::Header => Place::Header,
            Location::Cookie => Place::Cookie,
        }
    }
}

impl Place {
    pub fn word(self) -> &'static str {
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

pub fn of_parameter<'o>(parameter: &'o Parameter, place: Place, types: &Types<'_>, scope: &mut Scope) -> Keyword<'o> {
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

pub fn of_field<'o>(field: &'o Field, body: &Body, types: &Types<'_>, scope: &mut Scope) -> Keyword<'o> {
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

pub fn of_body<'o>(body: &'o Body, types: &Types<'_>, scope: &mut Scope) -> Keyword<'o> {
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
