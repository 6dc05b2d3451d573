//! The parameters of an operation as arguments of a method: path segments by position, everything else by keyword.

use std::collections::HashSet;

use minijinja::Value;

use super::fields::{is_object, record};
use super::keyword::{Fixed, Keyword, Place, of_body, of_field, of_parameter};
use super::types::Types;
use crate::model::operations::{Encoding, Location, Operation, Parameter};
use crate::model::types::{Field, Shape, Type};
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::names::Scope;
use crate::view;

/// Names that methods use themselves.
const TAKEN: [&str; 10] = [
    "self",
    "timeout_seconds",
    "options",
    "params",
    "request",
    "in_query",
    "in_body",
    "in_headers",
    "in_cookies",
    "idempotency_key",
];

/// The arguments of one operation.
pub struct Keywords<'o> {
    pub all: Vec<Keyword<'o>>,
    /// What is always sent, and no argument: parameters that have one value only.
    pub fixed: Vec<Fixed<'o>>,
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
        let (mut all, mut fixed) = (Vec::new(), Vec::new());
        for parameter in parameters {
            let place = Place::from(parameter.location);
            match parameter.only_value() {
                Some(value) => fixed.push(Fixed { wire: &parameter.name, place, value }),
                None => all.push(of_parameter(parameter, place, types, &mut scope)),
            }
        }
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
        Self { all, fixed, whole }
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
        Value::from(self.at(&[Place::Path]).map(|keyword| keyword.view(types, hidden)).collect::<Vec<_>>())
    }

    /// Name of the argument → name on the wire, by place; empty where one place has all and the names are the same.
    pub fn wire_names(&self) -> Value {
        let at = |places: &[Place]| {
            Value::from_pairs(self.at(places).map(|keyword| (keyword.name.clone(), Value::from(keyword.wire))))
        };
        let places = [&[Place::Query][..], &[Place::Header], &[Place::Cookie], &[Place::Field, Place::Body]];
        let used = places.iter().filter(|places| self.at(places).next().is_some()).count();
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

    /// What is always sent, by place.
    pub fn fixed(&self, types: &Types<'_>) -> Value {
        let at = |place: Place| Value::from(self.fixed_at(place).map(|one| one.view(types)).collect::<Vec<_>>());
        view! { query: at(Place::Query), headers: at(Place::Header), cookies: at(Place::Cookie) }
    }

    fn at(&self, places: &[Place]) -> impl Iterator<Item = &Keyword<'o>> {
        self.all.iter().filter(move |keyword| places.contains(&keyword.place))
    }

    pub fn fixed_at(&self, place: Place) -> impl Iterator<Item = &Fixed<'o>> {
        self.fixed.iter().filter(move |one| one.place == place)
    }

    /// All but the path's: by place, each list in the order of the source.
    pub fn view(&self, types: &Types<'_>, hidden: &[(String, String)]) -> Value {
        let at = |places: &[Place]| {
            Value::from(self.at(places).map(|keyword| keyword.view(types, hidden)).collect::<Vec<_>>())
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
