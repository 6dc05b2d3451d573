//! The text form of a type: `list<Planet>`, `text?`, `"open" | "closed" | …`, `@"user.owner" | integer`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::types::Type;

/// The built-in names; anything else begins with `@`.
const WORDS: [(&str, Type); 11] = [
    ("json", Type::Json),
    ("nothing", Type::Nothing),
    ("text", Type::Text),
    ("boolean", Type::Boolean),
    ("integer", Type::Integer),
    ("number", Type::Number),
    ("decimal", Type::Decimal),
    ("date", Type::Date),
    ("datetime", Type::DateTime),
    ("time", Type::Time),
    ("uuid", Type::Uuid),
];

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bytes => f.write_str("bytes"),
            Type::List(item) => write!(f, "list<{item}>"),
            Type::Map(value) => write!(f, "map<{value}>"),
            Type::Nullable(inner) if matches!(**inner, Type::Union(_) | Type::Literal { .. }) => {
                write!(f, "({inner})?")
            }
            Type::Nullable(inner) => write!(f, "{inner}?"),
            Type::Union(variants) => write_joined(f, variants),
            Type::Named(name) if name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) => {
                write!(f, "@{name}")
            }
            Type::Named(name) => write!(f, "@{}", Value::String(name.clone())),
            Type::Literal { values, open } => {
                write_joined(f, values)?;
                if *open { f.write_str(" | …") } else { Ok(()) }
            }
            other => f.write_str(WORDS.iter().find(|(_, word)| word == other).map_or("json", |(text, _)| text)),
        }
    }
}

fn write_joined<T: fmt::Display>(f: &mut fmt::Formatter<'_>, parts: &[T]) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        write!(f, "{}{part}", if at == 0 { "" } else { " | " })?;
    }
    Ok(())
}

impl std::str::FromStr for Type {
    type Err = String;

    /// Reads what `Display` writes; the error says what was wanted and where, in characters from 1.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text, all: text };
        let found = reader.union()?;
        if reader.rest.is_empty() { Ok(found) } else { Err(reader.wanted("`|`, `?` or the end")) }
    }
}

struct Reader<'t> {
    rest: &'t str,
    all: &'t str,
}

impl Reader<'_> {
    fn union(&mut self) -> Result<Type, String> {
        let (mut types, mut values, mut open) = (Vec::new(), Vec::new(), false);
        loop {
            match self.one()? {
                One::Type(of) => types.push(of),
                One::Value(value) => values.push(value),
                One::More => open = true,
            }
            if !self.eat("|") {
                break;
            }
        }
        if open && values.is_empty() {
            return Err(self.wanted("a value before `…`"));
        }
        if !values.is_empty() {
            types.push(Type::Literal { values, open });
        }
        Ok(if types.len() == 1 { types.remove(0) } else { Type::Union(types) })
    }

    fn one(&mut self) -> Result<One, String> {
        self.rest = self.rest.trim_start();
        if self.eat("…") {
            return Ok(One::More);
        }
        if self.rest.starts_with(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
            return self.value().map(One::Value);
        }
        let mut of = self.primary()?;
        while self.eat("?") {
            of = of.or_null();
        }
        Ok(match of {
            Type::Literal { values, open: false } if values.len() == 1 => One::Value(values[0].clone()),
            of => One::Type(of),
        })
    }

    fn primary(&mut self) -> Result<Type, String> {
        for (opening, make) in [("list<", Type::list as fn(Type) -> Type), ("map<", Type::map)] {
            if self.eat(opening) {
                let inner = self.union()?;
                return if self.eat(">") { Ok(make(inner)) } else { Err(self.wanted("`>`")) };
            }
        }
        if self.eat("(") {
            let inner = self.union()?;
            return if self.eat(")") { Ok(inner) } else { Err(self.wanted("`)`")) };
        }
        if self.eat("@") {
            return self.name().map(Type::Named);
        }
        self.word()
    }

    fn word(&mut self) -> Result<Type, String> {
        let word = self.take(|c| c.is_ascii_alphabetic());
        match word {
            "bytes" => Ok(Type::Bytes),
            "true" | "false" => Ok(Type::Literal { values: vec![Value::Bool(word == "true")], open: false }),
            "null" => Ok(Type::Literal { values: vec![Value::Null], open: false }),
            _ => WORDS.iter().find(|(text, _)| *text == word).map(|(_, of)| of.clone()).ok_or_else(|| {
                format!("`{word}` is no type: use text, boolean, integer, number, decimal, date, datetime, time, uuid, bytes, json, list<…>, map<…> or @name")
            }),
        }
    }

    fn name(&mut self) -> Result<String, String> {
        if self.rest.starts_with('"') {
            return match self.value()? {
                Value::String(name) => Ok(name),
                _ => Err(self.wanted("a name")),
            };
        }
        let name = self.take(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if name.is_empty() { Err(self.wanted("a name")) } else { Ok(name.to_owned()) }
    }

    fn value(&mut self) -> Result<Value, String> {
        let mut values = serde_json::Deserializer::from_str(self.rest).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                self.rest = &self.rest[values.byte_offset()..];
                Ok(value)
            }
            _ => Err(self.wanted("a JSON value")),
        }
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> &str {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn wanted(&self, what: &str) -> String {
        format!(
            "wanted {what} at character {} of `{}`",
            self.all.chars().count() - self.rest.chars().count() + 1,
            self.all
        )
    }
}

enum One {
    Type(Type),
    Value(Value),
    More,
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_reads_back_as_it_was_written() {
        let named = |name: &str| Type::Named(name.to_owned());
        let literal = |open| Type::Literal { values: vec!["a\"b".into(), 1.into()], open };
        let types = [
            Type::Json,
            Type::Bytes,
            Type::list(Type::map(named("simple-user"))).or_null(),
            Type::Union(vec![named("User«Info»"), Type::Text, literal(false)]),
            literal(true).or_null(),
            Type::list(Type::Union(vec![Type::Text.or_null(), Type::Integer])),
            Type::Literal { values: vec![true.into(), (-1).into()], open: false },
        ];
        for of in types {
            assert_eq!(of.to_string().parse::<Type>(), Ok(of.clone()), "{of}");
        }
    }

    #[test]
    fn a_wrong_type_says_what_was_wanted() {
        assert_eq!("list<text".parse::<Type>(), Err("wanted `>` at character 10 of `list<text`".to_owned()));
        assert!("string".parse::<Type>().unwrap_err().starts_with("`string` is no type: use text"));
    }
}
