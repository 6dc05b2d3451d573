//! Types as a column of SQLite declares them, in free text → `ColumnType`.

use crate::model::column_type::ColumnType;

/// The type that `declared` stands for: first by the words people use, then by SQLite's own rules of affinity.
///
/// SQLite keeps whatever it is given; the type is what the table's author meant. Whole numbers are of 32 bits unless the
/// word says otherwise, although SQLite would keep 64.
///
/// Source: "Datatypes In SQLite", section 3.1.
pub fn column_type(declared: &str) -> ColumnType {
    let lower = declared.trim().to_lowercase();
    let (word, numbers) = parts(&lower);
    match (word.as_str(), numbers.as_slice()) {
        ("" | "any", _) => ColumnType::Any,
        ("int2" | "smallint" | "tinyint", _) => ColumnType::Integer(16),
        ("bigint" | "int8" | "unsigned big int", _) => ColumnType::Integer(64),
        ("boolean" | "bool", _) => ColumnType::Boolean,
        ("date", _) => ColumnType::Date,
        ("datetime" | "timestamp" | "timestamp without time zone", _) => ColumnType::LocalDateTime,
        ("timestamptz" | "timestamp with time zone", _) => ColumnType::DateTime,
        ("time", _) => ColumnType::Time,
        ("json" | "jsonb", _) => ColumnType::Json,
        ("decimal" | "numeric" | "dec", [precision, scale]) if scale <= precision && *precision <= 1000 => {
            ColumnType::Decimal(Some((*precision, *scale)))
        }
        ("decimal" | "numeric" | "dec" | "money", _) => ColumnType::Decimal(None),
        _ => by_affinity(&word, &numbers),
    }
}

fn by_affinity(word: &str, numbers: &[u16]) -> ColumnType {
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    match () {
        () if has(&["int"]) => ColumnType::Integer(32),
        () if has(&["char", "clob", "text"]) => {
            ColumnType::Text(numbers.first().filter(|length| **length > 0).map(|length| u32::from(*length)))
        }
        () if has(&["uuid", "guid"]) => ColumnType::Text(None),
        () if has(&["blob", "binary"]) => ColumnType::Bytes,
        () if has(&["real", "floa", "doub"]) => ColumnType::Float(64),
        () => ColumnType::Any,
    }
}

/// `varchar (80)` → `varchar`, `[80]`.
fn parts(declared: &str) -> (String, Vec<u16>) {
    let (word, rest) = declared.split_once('(').unwrap_or((declared, ""));
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    let numbers = inside.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    let words: Vec<&str> = word.split_whitespace().chain(after.split_whitespace()).collect();
    (words.join(" "), numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_type_is_what_its_author_meant() {
        let cases = [
            ("INTEGER", "integer(32)"),
            ("NVARCHAR(160)", "text(160)"),
            ("varchar (20) collate nocase", "text(20)"),
            ("NUMERIC(10,2)", "decimal(10, 2)"),
            ("UNSIGNED BIG INT", "integer(64)"),
            ("DATETIME", "local_datetime"),
            ("timestamp with time zone", "datetime"),
            ("BLOB SUB_TYPE TEXT", "text"),
            ("DOUBLE PRECISION", "float(64)"),
            ("", "any"),
            ("decimal(2, 5)", "decimal"),
            ("whatever)('\"", "any"),
        ];
        for (declared, expected) in cases {
            assert_eq!(column_type(declared).to_string(), expected, "{declared}");
        }
    }
}
