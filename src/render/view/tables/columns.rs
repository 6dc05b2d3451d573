//! Columns as one language writes them: their types, what they are declared with, and values that tests put into them.

use minijinja::Value;

use super::names::{Names, TableName};
use super::sql::{identifier, without_size};
use crate::model::column_type::{ColumnType, TypeName};
use crate::model::tables::{Column, Identity, Table};
use crate::render::encode;
use crate::render::engine::Code;
use crate::render::language::{Case, ColumnForm, Columns, Language};
use crate::render::names::{Role, cased};
use crate::view;

/// A type written out.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// What code reads.
    pub of: String,
    /// What code writes.
    pub written: String,
    /// What the table is declared with.
    pub column: String,
    /// Values as they are written, and as they are then read: up to three that differ.
    pub values: Vec<(String, String)>,
}

/// A column with everything decided about it.
pub struct Decided<'s> {
    pub column: &'s Column,
    pub name: String,
    pub parameter: String,
    pub written: Written,
    pub is_key: bool,
    /// The database fills it where nothing is given.
    pub is_filled: bool,
    pub is_insertable: bool,
    pub is_required: bool,
    pub is_updatable: bool,
}

/// What writes types.
pub struct Writer<'s> {
    pub language: &'s Language,
    pub columns: &'s Columns,
    pub names: &'s Names<'s>,
    pub default_schema: &'s str,
}

impl<'s> Writer<'s> {
    pub fn decide(&self, table: &'s Table, name: &TableName, is_keyed: bool) -> Vec<Decided<'s>> {
        let key: &[String] = table.primary_key.as_ref().filter(|_| is_keyed).map_or(&[], |key| &key.columns);
        let spelled = name.columns.iter().zip(&name.parameters);
        let decided = table.columns.iter().zip(spelled).map(|(column, (name, parameter))| {
            let is_key = key.contains(&column.name);
            let is_filled = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
            let is_insertable =
                table.kind.is_writable() && column.generated.is_none() && column.identity != Some(Identity::Always);
            Decided {
                column,
                name: name.clone(),
                parameter: parameter.clone(),
                written: self.of(column),
                is_key,
                is_filled,
                is_insertable,
                is_required: is_insertable && !column.nullable && !is_filled,
                is_updatable: is_insertable && !is_key,
            }
        });
        decided.collect()
    }

    /// JSON has a null of its own, which is all that a column can hold that takes no NULL.
    fn of(&self, column: &Column) -> Written {
        let own = self.columns.types.get("json and not null");
        match own.filter(|_| matches!(column.of.base(), ColumnType::Json) && !column.nullable) {
            Some(form) => self.filled(form, "", &[], &[]),
            None => self.write(&column.of),
        }
    }

    pub fn write(&self, of: &ColumnType) -> Written {
        let Some(form) = self.columns.types.get(word(of)) else {
            return Written { of: "unknown".to_owned(), ..Written::default() };
        };
        match of.base() {
            ColumnType::List(item) => self.list(form, item),
            ColumnType::Enum(name) => match self.names.enum_name(name) {
                Some(alias) => self.filled(form, alias, &[("{name}", self.type_name(name))], &self.labels(name)),
                // It has no values yet.
                None => self.write(&ColumnType::Other(name.clone())),
            },
            ColumnType::Other(name) => self.filled(form, "", &[("{name}", self.type_name(name))], &[]),
            ColumnType::Decimal(Some((precision, scale))) => {
                let sizes = [("{precision}", precision.to_string()), ("{scale}", scale.to_string())];
                self.filled(form, "", &sizes, &decimals(*precision, *scale))
            }
            ColumnType::Text(Some(length)) => self.filled(form, "", &[("{length}", length.to_string())], &[]),
            ColumnType::Char(length) => {
                let values: Vec<String> =
                    ["a", "b", "c"].iter().map(|letter| letter.repeat((*length as usize).min(20))).collect();
                self.filled(form, "", &[("{length}", length.to_string())], &values)
            }
            _ => self.filled(form, "", &[], &[]),
        }
    }

    fn list(&self, form: &ColumnForm, item: &ColumnType) -> Written {
        let innermost = item.innermost();
        let dimensions = 1 + layers(item).count();
        let name = match innermost {
            ColumnType::Enum(name) | ColumnType::Other(name) => self.type_name(name),
            _ => String::new(),
        };
        let item = self.write(item);
        let innermost = self.write(innermost).column;
        Written {
            of: form.r#type.replace("{}", &item.of),
            written: form.written.as_ref().unwrap_or(&form.r#type).replace("{}", &item.written),
            column: form
                .column
                .replace("{item}", &innermost)
                .replace("{word}", without_size(&innermost))
                .replace("{name}", &name)
                .replace("{dimensions}", &dimensions.to_string()),
            values: item
                .values
                .into_iter()
                .map(|(written, read)| (format!("[{written}]"), format!("[{read}]")))
                .collect(),
        }
    }

    fn filled(&self, form: &ColumnForm, inner: &str, sizes: &[(&str, String)], samples: &[String]) -> Written {
        let values: Vec<String> = match &form.value {
            Some(around) => {
                samples.iter().map(|sample| around.replace("{}", &encode::string(self.language, sample))).collect()
            }
            None => form.values.clone(),
        };
        let read =
            values.iter().enumerate().map(|(at, value)| form.read.get(at).unwrap_or(value).clone()).collect::<Vec<_>>();
        Written {
            of: form.r#type.replace("{}", inner),
            written: form.written.as_ref().unwrap_or(&form.r#type).replace("{}", inner),
            column: sizes.iter().fold(form.column.clone(), |column, (place, size)| column.replace(place, size)),
            values: values.into_iter().zip(read).collect(),
        }
    }

    /// The labels of an enum that tests use, in the order in which SQLite sorts them.
    fn labels(&self, name: &TypeName) -> Vec<String> {
        let found = self.names.enums.iter().find(|(found, _)| found.is(name));
        let mut labels: Vec<String> =
            found.map_or_else(Vec::new, |(found, _)| found.values.iter().take(3).cloned().collect());
        labels.sort();
        if labels.is_empty() { vec!["a".to_owned()] } else { labels }
    }

    /// The name of a type of the database's own, as SQL writes it, as a literal.
    fn type_name(&self, name: &TypeName) -> String {
        let qualified = if name.schema == "pg_catalog" {
            built_in(&name.name)
        } else if name.schema == self.default_schema {
            identifier(&name.name)
        } else {
            format!("{}.{}", identifier(&name.schema), identifier(&name.name))
        };
        encode::string(self.language, &qualified)
    }

    pub fn view(&self, column: &Decided<'_>, references: &[String]) -> Value {
        let key = self.key(&column.name);
        let nullable = |of: &str| match column.column.nullable {
            true => self.nullable(&key, of),
            false => of.to_owned(),
        };
        let wire = column.column.name.as_str();
        let value = |at: usize, read: bool| {
            let value = column.written.values.get(at).map(|(written, back)| if read { back } else { written });
            value.map_or(Value::from(()), |value| Value::from(Code(value.clone())))
        };
        view! {
            name: Code(column.name.clone()),
            name_text: column.name.clone(),
            parameter: Code(column.parameter.clone()),
            key: Code(key.clone()),
            access: Code(self.access(&column.name)),
            pair: Code(if key == column.parameter { key.clone() } else { format!("{key}: {}", column.parameter) }),
            wire: wire.to_owned(),
            is_same: column.name == wire,
            has_space: wire.contains(' '),
            type: Code(column.written.of.clone()),
            full: Code(nullable(&column.written.of)),
            written: Code(column.written.written.clone()),
            written_full: Code(nullable(&column.written.written)),
            writes_other: column.written.of != column.written.written,
            reads_other: column.written.values.iter().any(|(written, read)| written != read),
            column: Code(column.written.column.clone()),
            description: super::super::docs::paragraph(&column.column.description),
            references: references.to_vec(),
            nullable: column.column.nullable,
            is_key: column.is_key,
            is_filled: column.is_filled,
            is_always_filled: column.column.generated.is_some() || column.column.identity == Some(Identity::Always),
            is_identity: column.column.identity.is_some(),
            is_integer: matches!(column.column.of.base(), ColumnType::Integer(_)),
            is_json: matches!(column.column.of.base(), ColumnType::Json),
            is_insertable: column.is_insertable,
            is_required: column.is_required,
            is_updatable: column.is_updatable,
            value: value(0, false),
            second: value(1, false),
            read: value(0, true),
            read_second: value(1, true),
        }
    }

    /// `of`, or nothing; written so that the property stays on its line (docs/decisions/0002-formatting.md).
    fn nullable(&self, key: &str, of: &str) -> String {
        let types = &self.language.types;
        let short = types.nullable.replace("{}", of);
        let width = format!("  {key}: {short};").chars().count();
        let long = types.nullable_long.as_ref().filter(|_| width > self.language.width);
        long.map_or(short, |long| long.replace("{}", of))
    }

    /// Whether its own name was taken in code.
    pub fn is_renamed(&self, column: &Decided<'_>) -> bool {
        self.language.names.field != Case::Wire && column.name != cased(self.language, Role::Field, &column.column.name)
    }

    /// A property's key as the language writes it: bare where it is an identifier.
    pub fn key(&self, name: &str) -> String {
        let is_bare = self.language.names.field != Case::Wire || is_identifier(name);
        if is_bare { name.to_owned() } else { encode::string(self.language, name) }
    }

    /// What stands behind a row to reach a column of it.
    fn access(&self, name: &str) -> String {
        let key = self.key(name);
        if key == name { format!(".{name}") } else { format!("[{key}]") }
    }
}

/// A type of PostgreSQL's own as a cast names it: `bit` there means one bit, and `char` another type.
fn built_in(name: &str) -> String {
    match name {
        "bit" => "varbit".to_owned(),
        "char" => "\"char\"".to_owned(),
        name => identifier(name),
    }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The word by which a language says how it writes a type.
pub fn word(of: &ColumnType) -> &'static str {
    match of.base() {
        ColumnType::Any | ColumnType::Domain(..) => "any",
        ColumnType::Boolean => "boolean",
        ColumnType::Integer(16) => "integer(16)",
        ColumnType::Integer(32) => "integer(32)",
        ColumnType::Integer(_) => "integer(64)",
        ColumnType::Float(32) => "float(32)",
        ColumnType::Float(_) => "float(64)",
        ColumnType::Decimal(None) => "decimal",
        ColumnType::Decimal(Some(_)) => "decimal()",
        ColumnType::Text(None) => "text",
        ColumnType::Text(Some(_)) => "text()",
        ColumnType::Char(_) => "char()",
        ColumnType::Bytes => "bytes",
        ColumnType::Date => "date",
        ColumnType::Time => "time",
        ColumnType::ZonedTime => "zoned_time",
        ColumnType::DateTime => "datetime",
        ColumnType::LocalDateTime => "local_datetime",
        ColumnType::Duration => "duration",
        ColumnType::Uuid => "uuid",
        ColumnType::Json => "json",
        ColumnType::List(item) => match item.innermost() {
            ColumnType::Enum(_) | ColumnType::Other(_) => "list of named",
            _ if matches!(item.base(), ColumnType::List(_)) => "list of lists",
            _ => "list",
        },
        ColumnType::Enum(_) => "enum",
        ColumnType::Other(_) => "other",
    }
}

/// The lists inside a list, one in the other.
fn layers(of: &ColumnType) -> impl Iterator<Item = &ColumnType> {
    std::iter::successors(Some(of), |of| match of.base() {
        ColumnType::List(item) => Some(item.as_ref()),
        _ => None,
    })
    .skip(1)
}

/// Three numbers that fit, with all digits behind the point.
fn decimals(precision: u16, scale: u16) -> Vec<String> {
    let (whole, zeros) = (precision > scale, usize::from(scale));
    let one = |digit: u16| match (whole, zeros) {
        (true, 0) => digit.to_string(),
        (true, _) => format!("{digit}.{}", "0".repeat(zeros)),
        (false, _) => format!("0.{digit}{}", "0".repeat(zeros.saturating_sub(1))),
    };
    (1..=3).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_built_in_type_is_quoted_unless_it_is_plain() {
        for (name, written) in [
            ("inet", "inet"),
            ("bit", "varbit"),
            ("char", "\"char\""),
            ("x); drop table a; --", "\"x); drop table a; --\""),
        ] {
            assert_eq!(built_in(name), written);
        }
    }
}
