//! The types of columns, and their text form: `integer(32)`, `text(80)`, `list<uuid>`, `enum "public"."mood"`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Whatever is put in: the source names no type.
    Any,
    Boolean,
    /// 16, 32 or 64 bits.
    Integer(u8),
    /// A binary floating-point number of 32 or 64 bits.
    Float(u8),
    /// A decimal number that keeps its digits: how many in all, and how many of them behind the point.
    Decimal(Option<(u16, u16)>),
    /// Text, of at most so many characters.
    Text(Option<u32>),
    /// Text of exactly so many characters, filled up with spaces.
    Char(u32),
    Bytes,
    Date,
    /// A time of day.
    Time,
    /// A time of day in a time zone.
    ZonedTime,
    /// A moment: it is the same everywhere.
    DateTime,
    /// What a calendar and a clock show, without a time zone.
    LocalDateTime,
    Duration,
    Uuid,
    Json,
    List(Box<ColumnType>),
    Enum(TypeName),
    /// A type of the user's with conditions: what it is made of.
    Domain(TypeName, Box<ColumnType>),
    /// A type of this database that has no neutral word; read and written as text.
    Other(TypeName),
}

/// The name of a type of the database itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TypeName {
    pub schema: String,
    pub name: String,
}

impl ColumnType {
    /// What a domain is made of, and any other type itself.
    pub fn base(&self) -> &ColumnType {
        match self {
            ColumnType::Domain(_, base) => base.base(),
            other => other,
        }
    }

    /// What lists hold, however deep, and any other type itself.
    pub fn innermost(&self) -> &ColumnType {
        match self.base() {
            ColumnType::List(item) => item.innermost(),
            other => other,
        }
    }
}

/// The longest text of a type, in bytes.
const MAX_TEXT: usize = 1000;

const WORDS: [(&str, ColumnType); 16] = [
    ("any", ColumnType::Any),
    ("boolean", ColumnType::Boolean),
    ("integer", ColumnType::Integer(32)),
    ("float", ColumnType::Float(64)),
    ("decimal", ColumnType::Decimal(None)),
    ("text", ColumnType::Text(None)),
    ("bytes", ColumnType::Bytes),
    ("date", ColumnType::Date),
    ("time", ColumnType::Time),
    ("zoned_time", ColumnType::ZonedTime),
    ("datetime", ColumnType::DateTime),
    ("local_datetime", ColumnType::LocalDateTime),
    ("duration", ColumnType::Duration),
    ("uuid", ColumnType::Uuid),
    ("json", ColumnType::Json),
    ("char", ColumnType::Char(1)),
];

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ColumnType::Integer(bits) => write!(f, "integer({bits})"),
            ColumnType::Float(bits) => write!(f, "float({bits})"),
            ColumnType::Decimal(Some((precision, scale))) => write!(f, "decimal({precision}, {scale})"),
            ColumnType::Text(Some(length)) => write!(f, "text({length})"),
            ColumnType::Char(length) => write!(f, "char({length})"),
            ColumnType::List(item) => write!(f, "list<{item}>"),
            ColumnType::Enum(name) => write!(f, "enum {name}"),
            ColumnType::Domain(name, base) => write!(f, "domain {name} of {base}"),
            ColumnType::Other(name) => write!(f, "other {name}"),
            plain => f.write_str(WORDS.iter().find(|(_, of)| of == plain).map_or("any", |(word, _)| word)),
        }
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", Value::from(self.schema.as_str()), Value::from(self.name.as_str()))
    }
}

impl FromStr for ColumnType {
    type Err = String;

    /// Reads what `Display` writes; a word alone takes its usual size.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > MAX_TEXT {
            return Err("the type of a column is too long".to_owned());
        }
        if let Some(item) = text.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            return Ok(ColumnType::List(Box::new(item.parse()?)));
        }
        for (word, make) in [("enum ", ColumnType::Enum as fn(TypeName) -> ColumnType), ("other ", ColumnType::Other)] {
            if let Some(rest) = text.strip_prefix(word) {
                let (name, rest) = type_name(rest)?;
                return if rest.is_empty() { Ok(make(name)) } else { Err(unknown(text)) };
            }
        }
        if let Some(rest) = text.strip_prefix("domain ") {
            let (name, rest) = type_name(rest)?;
            let base = rest.trim_start().strip_prefix("of ").ok_or_else(|| unknown(text))?;
            return Ok(ColumnType::Domain(name, Box::new(base.parse()?)));
        }
        if let Some((_, of)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(of.clone());
        }
        sized(text).ok_or_else(|| unknown(text))
    }
}

/// `text(80)`, `decimal(10, 2)`.
fn sized(text: &str) -> Option<ColumnType> {
    let (word, rest) = text.strip_suffix(')')?.split_once('(')?;
    let numbers: Vec<u32> = rest.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    match (word.trim(), numbers.as_slice()) {
        ("integer", [bits @ (16 | 32 | 64)]) => Some(ColumnType::Integer(u8::try_from(*bits).ok()?)),
        ("float", [bits @ (32 | 64)]) => Some(ColumnType::Float(u8::try_from(*bits).ok()?)),
        ("text", [length]) if *length > 0 => Some(ColumnType::Text(Some(*length))),
        ("char", [length]) if *length > 0 => Some(ColumnType::Char(*length)),
        ("decimal", [precision, scale]) if scale <= precision && (1..=1000).contains(precision) => {
            Some(ColumnType::Decimal(Some((u16::try_from(*precision).ok()?, u16::try_from(*scale).ok()?))))
        }
        _ => None,
    }
}

/// `"schema"."name" rest` → the name, and the rest.
fn type_name(text: &str) -> Result<(TypeName, &str), String> {
    let mut parts = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let schema = parts.next().and_then(Result::ok).ok_or_else(|| unknown(text))?;
    let rest = text[parts.byte_offset()..].strip_prefix('.').ok_or_else(|| unknown(text))?;
    let mut parts = serde_json::Deserializer::from_str(rest).into_iter::<String>();
    let name = parts.next().and_then(Result::ok).ok_or_else(|| unknown(text))?;
    Ok((TypeName { schema, name }, &rest[parts.byte_offset()..]))
}

fn unknown(text: &str) -> String {
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    format!("`{text}` is no type of a column: use {}, list<…>, text(80), decimal(10, 2)", words.join(", "))
}

impl Serialize for ColumnType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ColumnType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_reads_as_it_is_written() {
        let name = |name: &str| TypeName { schema: "a \"b\"".to_owned(), name: name.to_owned() };
        let mut types: Vec<ColumnType> = WORDS.iter().map(|(_, of)| of.clone()).collect();
        types.extend([
            ColumnType::Integer(64),
            ColumnType::Decimal(Some((12, 4))),
            ColumnType::Text(Some(80)),
            ColumnType::List(Box::new(ColumnType::List(Box::new(ColumnType::Enum(name("m.o> of")))))),
            ColumnType::Domain(
                name("email"),
                Box::new(ColumnType::Domain(name("x"), Box::new(ColumnType::Text(None)))),
            ),
            ColumnType::Other(name("inet\n")),
        ]);
        for of in types {
            assert_eq!(of.to_string().parse(), Ok(of.clone()), "{of}");
        }
    }

    #[test]
    fn err_what_is_no_type_is_named() {
        for text in
            ["", "strnig", "integer(7)", "decimal(2, 4)", "text(0)", "list<text", "enum \"a\"", "other \"a\".\"b\" c"]
        {
            assert!(text.parse::<ColumnType>().is_err(), "{text}");
        }
        assert!(
            "strnig"
                .parse::<ColumnType>()
                .unwrap_err()
                .starts_with("`strnig` is no type of a column: use any, boolean")
        );
    }
}
