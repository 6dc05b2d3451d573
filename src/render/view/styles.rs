//! How values with parts are written in queries and forms, where an adapter's own code would not know.

use minijinja::Value;

use super::keyword::{Keyword, Place};
use super::parameters::Keywords;
use super::types::Types;
use crate::model::operations::{Body, Style};
use crate::model::types::{Shape, Type};

impl Keywords<'_> {
    /// The headers and cookies that are sent as JSON.
    pub fn json_texts(&self) -> Vec<String> {
        let in_texts = |keyword: &&Keyword<'_>| matches!(keyword.place, Place::Header | Place::Cookie);
        let all = self.all.iter().filter(in_texts).filter(|keyword| keyword.style == Style::Json);
        all.map(|keyword| keyword.wire.to_owned()).collect()
    }

    /// How query parameters with parts are written, where that is not by repeating lists and by brackets for records.
    pub fn styles(&self, types: &Types<'_>) -> Value {
        let query = self.all.iter().filter(|keyword| keyword.place == Place::Query);
        let said = query.filter_map(|keyword| {
            let style = match (keyword.of.not_null(), keyword.style) {
                (of, Style::Repeat) if may_be(of, types, Part::Record) => "repeat",
                (_, Style::Repeat | Style::Nested) => return None,
                (of, Style::Brackets) if !may_be(of, types, Part::List) => return None,
                (of, style) if style != Style::Json && !has_parts(of, types) => return None,
                (_, style) => style.word(),
            };
            Some((keyword.wire.to_owned(), Value::from(style)))
        });
        Value::from_pairs(said)
    }

    /// How a form is written: whether all in brackets, or else which fields how.
    pub fn form_styles(&self, body: &Body, types: &Types<'_>) -> (bool, Value) {
        let of = |name: &str| self.all.iter().find(|keyword| keyword.place == Place::Field && keyword.wire == name);
        let matters = |name: &str, style: Style| match (of(name).map(|keyword| keyword.of), style) {
            (_, Style::Nested) => false,
            (Some(of), Style::Brackets) => may_be(of, types, Part::List),
            (Some(of), Style::Repeat) => may_be(of, types, Part::Record),
            (Some(of), style) => style == Style::Json || has_parts(of, types),
            (None, _) => true,
        };
        let said: Vec<(&String, Style)> = body
            .styles
            .iter()
            .map(|(name, style)| (name, *style))
            .filter(|(name, style)| matters(name, *style))
            .collect();
        let unsaid = |keyword: &Keyword<'_>| {
            keyword.place == Place::Field
                && may_be(keyword.of, types, Part::List)
                && !body.styles.contains_key(keyword.wire)
        };
        let brackets =
            !said.is_empty() && said.iter().all(|(_, style)| *style == Style::Brackets) && !self.all.iter().any(unsaid);
        let map = Value::from_pairs(said.iter().map(|(name, style)| ((*name).clone(), Value::from(style.word()))));
        if brackets || said.is_empty() { (brackets, Value::from(())) } else { (false, map) }
    }
}

/// Whether a value of the type can have parts.
pub fn has_parts(of: &Type, types: &Types<'_>) -> bool {
    may_be(of, types, Part::List) || may_be(of, types, Part::Record)
}

/// What a value with parts can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    List,
    Record,
}

/// Whether a value of the type can be a list, or a record, on the wire.
pub fn may_be(of: &Type, types: &Types<'_>, part: Part) -> bool {
    part_within(of, types, part, 16)
}

fn part_within(of: &Type, types: &Types<'_>, part: Part, depth: usize) -> bool {
    let any = |variants: &[Type]| depth > 0 && variants.iter().any(|one| part_within(one, types, part, depth - 1));
    match of.not_null() {
        Type::Json => true,
        Type::List(_) => part == Part::List,
        Type::Map(_) => part == Part::Record,
        Type::Union(variants) => any(variants),
        Type::Named(name) => match types.service.types.get(name).map(|found| &found.shape) {
            Some(Shape::Record { .. }) => part == Part::Record,
            Some(Shape::Union { variants, .. }) => any(variants),
            Some(Shape::Alias(inner)) => any(std::slice::from_ref(inner)),
            None => false,
        },
        _ => false,
    }
}

impl Style {
    /// Its name in the adapters' own code.
    pub fn word(self) -> &'static str {
        match self {
            Style::Repeat => "repeat",
            Style::Comma => "comma",
            Style::Space => "space",
            Style::Pipe => "pipe",
            Style::Brackets => "brackets",
            Style::Nested => "nested",
            Style::Json => "json",
        }
    }
}
