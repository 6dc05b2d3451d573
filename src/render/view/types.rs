//! The types of a service as one language spells them: names, expressions, what to import, which file each belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value as Json;

use crate::model::Service;
use crate::model::types::{Field, Shape, Type};
use crate::render::encode;
use crate::render::example::Direction;
use crate::render::language::{Language, Twins};
use crate::render::names::{Role, Scope};

/// A type written out, and what its file must import for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expression {
    pub code: String,
    /// The service's own types that it names, as spelled.
    pub names: BTreeSet<String>,
}

/// A type in one direction: a record with read-only or write-only fields is two types.
pub type Key = (String, Direction);

/// The names of a service's types in one language.
pub struct Types<'s> {
    pub service: &'s Service,
    pub language: &'s Language,
    /// Spelled name of each type in each direction; both are one where they do not differ.
    names: HashMap<Key, String>,
    /// Types that differ by direction.
    split: HashSet<String>,
    /// Values are as JSON has them, where the language does not decode them.
    is_json: bool,
}

impl<'s> Types<'s> {
    /// Names all types in `scope`; those sent that differ from those received get `Input` behind their name.
    pub fn new(service: &'s Service, language: &'s Language, scope: &mut Scope) -> Self {
        let split = split_types(service, language.types.twins);
        let mut names = HashMap::new();
        for name in service.types.keys() {
            let received = scope.name(language, Role::Type, name);
            let sent = if split.contains(name) {
                scope.name(language, Role::Type, &format!("{name} input"))
            } else {
                received.clone()
            };
            names.insert((name.clone(), Direction::Received), received);
            names.insert((name.clone(), Direction::Sent), sent);
        }
        Self { service, language, names, split, is_json: false }
    }

    /// The same types as JSON has them.
    pub fn in_json(self) -> Self {
        Self { is_json: true, ..self }
    }

    /// Gives types that are only sent the plain name, where twins are for types that differ alone.
    pub fn name_by_use<'g>(&mut self, roots: impl Iterator<Item = (&'g str, &'s Type, Direction)>) {
        if self.language.types.twins == Twins::All {
            return;
        }
        let used: HashSet<Key> = self.used_by(roots).into_values().map(|(key, _)| key).collect();
        for name in &self.split {
            if !used.contains(&(name.clone(), Direction::Received)) {
                let plain = self.name(name, Direction::Received).to_owned();
                self.names.insert((name.clone(), Direction::Sent), plain);
            }
        }
    }

    pub fn name(&self, name: &str, direction: Direction) -> &str {
        self.names.get(&(name.to_owned(), direction)).map_or("", String::as_str)
    }

    /// Whether a type of the service is spelled so.
    pub fn is_name(&self, spelled: &str) -> bool {
        self.names.values().any(|name| name == spelled)
    }

    /// `of` with the aliases of types followed that only name another type.
    pub fn unaliased(&self, of: &Type) -> Type {
        match of.not_null() {
            Type::Named(name) => match self.service.types.get(name).map(|found| &found.shape) {
                Some(Shape::Alias(inner)) if !matches!(inner, Type::Named(other) if other == name) => {
                    self.unaliased(inner)
                }
                _ => of.clone(),
            },
            _ => of.clone(),
        }
    }

    pub fn is_record(&self, of: &Type) -> bool {
        matches!(of, Type::Named(name) if matches!(self.service.types.get(name).map(|found| &found.shape), Some(Shape::Record { .. })))
    }

    pub fn is_split(&self, name: &str) -> bool {
        self.split.contains(name)
    }

    /// `of` as the language writes it.
    pub fn express(&self, of: &Type, direction: Direction) -> Expression {
        let mut expression = Expression::default();
        expression.code = self.write(of, direction, &mut expression);
        expression
    }

    /// `expression` with the language's type of a file to send instead of its bytes.
    pub fn with_files(&self, expression: &Expression, of: &Type) -> String {
        let (bytes, file) = (self.plain("bytes"), self.language.types.plain.get("file"));
        match (of.not_null(), file) {
            (Type::Bytes, Some(file)) => file.clone(),
            (Type::List(item), Some(file)) if **item == Type::Bytes => expression.code.replace(&bytes, file),
            _ => expression.code.clone(),
        }
    }

    /// `code` as the type of a value that may be null, in a line that has `taken` characters beside it.
    pub fn nullable(&self, code: &str, taken: usize) -> String {
        let types = &self.language.types;
        let short = types.nullable.replace("{}", code);
        let fits = taken + short.chars().count() <= self.language.width;
        types.nullable_long.as_ref().filter(|_| !fits).map_or(short, |long| long.replace("{}", code))
    }

    /// `code` as the type of a field that, where it may be absent, is then what every record has of its name.
    pub fn or_inherited(&self, code: &str, name: &str, required: bool) -> String {
        let types = &self.language.types;
        let is_own = required || !types.inherited_names.iter().any(|inherited| inherited == name);
        if is_own { code.to_owned() } else { types.inherited.replace("{}", code).replace("{name}", name) }
    }

    /// The language's word for one of the neutral types.
    fn plain(&self, name: &str) -> String {
        let types = &self.language.types;
        let json = types.json.get(name).filter(|_| self.is_json);
        json.or(types.plain.get(name)).cloned().unwrap_or_default()
    }

    fn write(&self, of: &Type, direction: Direction, seen: &mut Expression) -> String {
        let types = &self.language.types;
        match of {
            Type::Named(name) => {
                let name = self.name(name, direction).to_owned();
                seen.names.insert(name.clone());
                name
            }
            Type::List(item) => {
                let sent = types.list_sent.as_ref().filter(|_| direction == Direction::Sent);
                let item = match (item.as_ref(), &types.nullable_item) {
                    (Type::Nullable(inner), Some(form)) => form.replace("{}", &self.write(inner, direction, seen)),
                    _ => self.write(item, direction, seen),
                };
                sent.unwrap_or(&types.list).replace("{}", &item)
            }
            Type::Map(value) => {
                let sent = types.map_sent.as_ref().filter(|_| direction == Direction::Sent);
                sent.unwrap_or(&types.map).replace("{}", &self.write(value, direction, seen))
            }
            Type::Nullable(inner) => {
                let inner = self.write(inner, direction, seen);
                let long = types.nullable_long.as_ref().filter(|_| inner.len() > types.nullable_limit);
                long.unwrap_or(&types.nullable).replace("{}", &inner)
            }
            Type::Union(variants) => {
                let mut written: Vec<String> = Vec::new();
                for variant in variants {
                    let code = self.write(variant, direction, seen);
                    if !written.contains(&code) {
                        written.push(code);
                    }
                }
                if written.len() == 1 {
                    written.remove(0)
                } else {
                    types.union.replace("{}", &written.join(&types.union_separator))
                }
            }
            Type::Literal { values, open } => self.literal(values, *open, seen),
            plain => self.plain(&plain.to_string()),
        }
    }

    fn literal(&self, values: &[Json], open: bool, seen: &mut Expression) -> String {
        let types = &self.language.types;
        // A number with a fraction is no literal of most type systems.
        let Some(base) = base(values) else { return self.write(&Type::Number, Direction::Received, seen) };
        let written: Vec<String> = values.iter().map(|value| encode::value(self.language, value)).collect();
        let set = types.literal.replace("{}", &written.join(&types.literal_separator));
        match (open, types.open.get(base), &types.closed) {
            (true, Some(form), _) => form.replace("{}", &set),
            (_, _, Some(form)) if values.len() > 1 => form.replace("{}", &set),
            _ => set,
        }
    }

    /// For each type that `roots` need, in each direction: the groups that need it.
    pub fn used_by<'g>(
        &self,
        roots: impl Iterator<Item = (&'g str, &'s Type, Direction)>,
    ) -> BTreeMap<usize, (Key, BTreeSet<&'g str>)> {
        let mut open: Vec<(&'g str, String, Direction)> = Vec::new();
        for (group, of, direction) in roots {
            of.names(&mut |name| open.push((group, name.to_owned(), direction)));
        }
        let mut used: BTreeMap<usize, (Key, BTreeSet<&'g str>)> = BTreeMap::new();
        while let Some((group, name, direction)) = open.pop() {
            let Some((index, _, definition)) = self.service.types.get_full(&name) else { continue };
            // Received before sent, in the order of the source.
            let place = index * 2 + usize::from(direction == Direction::Sent && self.is_split(&name));
            let direction = if self.is_split(&name) { direction } else { Direction::Received };
            let (_, groups) = used.entry(place).or_insert_with(|| ((name.clone(), direction), BTreeSet::new()));
            if groups.insert(group) {
                let inner = definition.shape.types_in(direction, self.is_split(&name));
                inner.for_each(|of| of.names(&mut |name| open.push((group, name.to_owned(), direction))));
            }
        }
        used
    }
}

impl Shape {
    /// The types it is made of in one direction.
    fn types_in(&self, direction: Direction, split: bool) -> Box<dyn Iterator<Item = &Type> + '_> {
        match self {
            Shape::Record { fields, additional } if split => Box::new(
                fields.iter().filter(move |field| direction.has(field)).map(|field| &field.of).chain(additional),
            ),
            other => other.types(),
        }
    }
}

/// The kind all values share, by which an open set is widened; None where one is a fraction or no scalar.
fn base(values: &[Json]) -> Option<&'static str> {
    let kind = |value: &Json| match value {
        Json::String(_) => Some("text"),
        Json::Bool(_) => Some("boolean"),
        Json::Number(number) if number.is_i64() => Some("integer"),
        _ => None,
    };
    let first = kind(values.first()?)?;
    let all: Option<Vec<&str>> = values.iter().map(kind).collect();
    Some(if all?.iter().all(|kind| *kind == first) { first } else { "mixed" })
}

/// The types that are not the same when sent as when received, and what holds them.
fn split_types(service: &Service, twins: Twins) -> HashSet<String> {
    let mut split: HashSet<String> = HashSet::new();
    let one_way = |field: &Field| twins == Twins::All || field.read_only || field.write_only;
    for (name, definition) in &service.types {
        if let Shape::Record { fields, .. } = &definition.shape
            && fields.iter().any(one_way)
        {
            split.insert(name.clone());
        }
    }
    loop {
        let before = split.len();
        for (name, definition) in &service.types {
            let mut holds = false;
            definition.shape.types().for_each(|of| of.names(&mut |inner| holds |= split.contains(inner)));
            if holds {
                split.insert(name.clone());
            }
        }
        if split.len() == before {
            return split;
        }
    }
}
