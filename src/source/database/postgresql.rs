//! The catalog of a PostgreSQL server (12 or newer): a handful of questions, whatever the number of tables.

use std::collections::HashMap;
use std::str::FromStr;

use anyhow::Result;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{ConnectOptions, Connection, FromRow};

use super::{Catalog, Relation, origin};
use crate::model::column_type::{ColumnType, TypeName};
use crate::model::tables::{Column, Enum, Identity, Key, OnDelete, Reference, Table, TableKind};
use crate::problem::Problem;

/// What is not the user's own.
macro_rules! own_schemas {
    () => {
        "n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and c.relkind in ('r', 'p', 'v', 'm', 'f')"
    };
}

const SERVER: &str = "select current_setting('server_version'), current_setting('server_version_num')::int4,
    coalesce(current_schema()::text, ''), current_database()::text";

const RELATIONS: &str = concat!(
    "select c.oid::int8, n.nspname::text, c.relname::text, c.relkind::text, obj_description(c.oid, 'pg_class'),
        case when c.relispartition then coalesce(p.relname::text, '') end, x.extname::text,
        c.relkind = 'r' and exists (select from pg_inherits i where i.inhparent = c.oid)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
        left join pg_class p on c.relispartition and p.oid = pg_partition_root(c.oid)
        left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0 and d.deptype = 'e'
        left join pg_extension x on x.oid = d.refobjid
    where ",
    own_schemas!(),
    " order by n.nspname, c.relname"
);

const COLUMNS: &str = concat!(
    "select a.attrelid::int8, a.attname::text, a.atttypid::int8, a.atttypmod::int4, a.attndims::int4, a.attnotnull,
        a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum)
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped and ",
    own_schemas!(),
    " order by a.attrelid, a.attnum"
);

/// The types that columns are of, and those that these are made of.
const TYPES: &str = concat!(
    "with recursive used (oid) as (
        select a.atttypid from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where a.attnum > 0 and not a.attisdropped and ",
    own_schemas!(),
    " union
        select x.oid from used u join pg_type t on t.oid = u.oid cross join lateral (values (t.typelem), (t.typbasetype)) x (oid)
        where x.oid <> 0
    )
    select t.oid::int8, n.nspname::text, t.typname::text, t.typtype::text, t.typcategory::text, t.typelem::int8,
        t.typbasetype::int8, t.typtypmod::int4, t.typndims::int4, t.typnotnull, pg_get_expr(t.typdefaultbin, 0)
    from used u join pg_type t on t.oid = u.oid join pg_namespace n on n.oid = t.typnamespace"
);

const ENUMS: &str = "select enumtypid::int8, enumlabel::text from pg_enum order by enumtypid, enumsortorder";

const CONSTRAINTS: &str = concat!(
    "select k.conrelid::int8, k.conname::text, k.contype::text, k.condeferrable, k.confrelid::int8, k.confdeltype::text,
        (select array_agg(a.attname::text order by u.i) from unnest(k.conkey) with ordinality u (n, i)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n),
        (select array_agg(a.attname::text order by u.i) from unnest(k.confkey) with ordinality u (n, i)
            join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n)
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype in ('p', 'u', 'f') and (k.contype <> 'f' or k.conparentid = 0) and ",
    own_schemas!(),
    " order by k.conrelid, k.contype, k.conname"
);

type RelationRow = (i64, String, String, String, Option<String>, Option<String>, Option<String>, bool);

type ColumnRow = (i64, String, i64, i32, i32, bool, String, String, Option<String>, Option<String>);

type TypeRow = (i64, String, String, String, String, i64, i64, i32, i32, bool, Option<String>);

type ConstraintRow = (i64, String, String, bool, i64, String, Option<Vec<String>>, Option<Vec<String>>);

/// Everything asked for, by table.
struct Answers {
    file: String,
    columns: HashMap<i64, Vec<ColumnRow>>,
    constraints: HashMap<i64, Vec<ConstraintRow>>,
    types: HashMap<i64, TypeRow>,
    enums: HashMap<i64, Vec<String>>,
    names: HashMap<i64, (String, String)>,
}

pub async fn read(url: &str, name: &str) -> Result<Catalog> {
    let parsed = super::url::parse(url)?;
    let options = PgConnectOptions::from_str(parsed.as_str()).map_err(|fault| problem_of(&fault, name))?;
    let options = options.application_name("integrate").disable_statement_logging();
    let mut connection = PgConnection::connect_with(&options).await.map_err(|fault| problem_of(&fault, name))?;
    let catalog = ask(&mut connection, name).await;
    // The answers are there; how the goodbye goes changes nothing.
    let _ = connection.close().await;
    catalog.map_err(|fault| problem_of(&fault, name).into())
}

async fn ask(connection: &mut PgConnection, name: &str) -> Result<Catalog, sqlx::Error> {
    let mut one_moment = connection.begin_with("begin isolation level repeatable read read only").await?;
    let (version, number, default_schema, title): (String, i32, String, String) =
        sqlx::query_as(SERVER).persistent(false).fetch_one(&mut *one_moment).await?;
    if number < 120_000 {
        return Err(sqlx::Error::Configuration(
            format!("PostgreSQL {version} is too old: 12 is the oldest that can be read").into(),
        ));
    }
    let relations: Vec<RelationRow> = all(RELATIONS, &mut one_moment).await?;
    let columns: Vec<ColumnRow> = all(COLUMNS, &mut one_moment).await?;
    let types: Vec<TypeRow> = all(TYPES, &mut one_moment).await?;
    let labels: Vec<(i64, String)> = all(ENUMS, &mut one_moment).await?;
    let constraints: Vec<ConstraintRow> = all(CONSTRAINTS, &mut one_moment).await?;
    one_moment.rollback().await?;
    let answers = Answers {
        file: name.to_owned(),
        columns: by_table(columns, |row| row.0),
        constraints: by_table(constraints, |row| row.0),
        types: types.into_iter().map(|row| (row.0, row)).collect(),
        enums: by_table(labels, |row| row.0)
            .into_iter()
            .map(|(oid, rows)| (oid, rows.into_iter().map(|row| row.1).collect()))
            .collect(),
        names: relations.iter().map(|row| (row.0, (row.1.clone(), row.2.clone()))).collect(),
    };
    let version = version.split(' ').next().unwrap_or_default().to_owned();
    Ok(Catalog {
        title,
        version,
        default_schema,
        enums: answers.enums(),
        relations: relations.into_iter().map(|row| answers.relation(row)).collect(),
    })
}

async fn all<T: for<'r> FromRow<'r, PgRow> + Send + Unpin>(
    question: &'static str,
    connection: &mut PgConnection,
) -> Result<Vec<T>, sqlx::Error> {
    sqlx::query_as(question).persistent(false).fetch_all(connection).await
}

fn by_table<T>(rows: Vec<T>, table: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut found: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        found.entry(table(&row)).or_default().push(row);
    }
    found
}

impl Answers {
    fn enums(&self) -> Vec<Enum> {
        let named = |(oid, values): (&i64, &Vec<String>)| {
            let row = self.types.get(oid)?;
            Some(Enum {
                name: row.2.clone(),
                schema: row.1.clone(),
                values: values.clone(),
                origin: origin(&self.file, &[&row.1, &row.2]),
            })
        };
        let mut enums: Vec<Enum> = self.enums.iter().filter_map(named).collect();
        enums.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        enums
    }

    fn relation(&self, row: RelationRow) -> Relation {
        let (oid, schema, name, kind, comment, partitioned, extension, is_inherited) = row;
        let columns: Vec<Column> =
            self.columns.get(&oid).into_iter().flatten().map(|column| self.column(column, &schema, &name)).collect();
        let left_out = match (partitioned, extension) {
            (Some(whole), _) => Some(format!("a partition: its rows are read and written through `{whole}`")),
            (None, Some(extension)) => Some(format!("it belongs to the extension `{extension}`")),
            (None, None) if columns.is_empty() => Some("it has no columns".to_owned()),
            _ => None,
        };
        let kind = match kind.as_str() {
            "v" => TableKind::View,
            "m" => TableKind::MaterializedView,
            "f" => TableKind::ForeignTable,
            _ => TableKind::Table,
        };
        let rows = self.constraints.get(&oid).map_or(&[][..], Vec::as_slice);
        let keys = |wanted: &'static str| rows.iter().filter(move |row| row.2 == wanted).map(key);
        let degraded = (is_inherited && keys("p").next().is_some()).then(|| {
            "its primary key is not unique among the rows of the tables that inherit from it: it is read as one without a key"
                .to_owned()
        });
        let table = Table {
            origin: origin(&self.file, &[&schema, &name]),
            primary_key: keys("p").next().filter(|_| !is_inherited),
            unique: keys("u").filter(|_| !is_inherited).collect(),
            references: rows.iter().filter(|row| row.2 == "f").filter_map(|row| self.reference(row)).collect(),
            name,
            schema,
            kind,
            description: comment.unwrap_or_default(),
            columns,
        };
        Relation { table, left_out, fault: None, degraded }
    }

    fn column(&self, row: &ColumnRow, schema: &str, table: &str) -> Column {
        let (_, name, of, modifier, dimensions, not_null, identity, generated, expression, comment) = row;
        let is_generated = !generated.is_empty();
        Column {
            name: name.clone(),
            of: self.column_type(*of, *modifier, *dimensions),
            nullable: !not_null && !self.is_never_null(*of),
            default: expression.clone().or_else(|| self.types.get(of)?.10.clone()).filter(|_| !is_generated),
            identity: match identity.as_str() {
                "a" => Some(Identity::Always),
                "d" => Some(Identity::ByDefault),
                _ => None,
            },
            generated: expression.clone().filter(|_| is_generated),
            description: comment.clone().unwrap_or_default(),
            origin: origin(&self.file, &[schema, table, name]),
        }
    }

    /// Whether a domain, or one that it is made of, refuses NULL.
    fn is_never_null(&self, of: i64) -> bool {
        self.types.get(&of).is_some_and(|row| row.9 || self.is_never_null(row.6))
    }

    fn column_type(&self, oid: i64, modifier: i32, dimensions: i32) -> ColumnType {
        let Some((_, schema, name, kind, category, element, base, base_modifier, base_dimensions, ..)) =
            self.types.get(&oid)
        else {
            return ColumnType::Any;
        };
        let own = TypeName { schema: schema.clone(), name: name.clone() };
        match (kind.as_str(), category.as_str()) {
            ("d", _) => ColumnType::Domain(own, Box::new(self.column_type(*base, *base_modifier, *base_dimensions))),
            ("e", _) => ColumnType::Enum(own),
            (_, "A") if *element != 0 => {
                let item = match self.column_type(*element, modifier, 0) {
                    // Drivers do not know arrays of a domain, whatever it stands for.
                    ColumnType::Domain(domain, _) => ColumnType::Other(domain),
                    item => item,
                };
                (1..dimensions).fold(ColumnType::List(Box::new(item)), |list, _| ColumnType::List(Box::new(list)))
            }
            _ if schema == "pg_catalog" => built_in(name, modifier).unwrap_or(ColumnType::Other(own)),
            _ => ColumnType::Other(own),
        }
    }

    /// None for a foreign key to a table that cannot be seen.
    fn reference(&self, row: &ConstraintRow) -> Option<Reference> {
        let (_, name, _, _, target, on_delete, columns, target_columns) = row;
        let (target_schema, target_table) = self.names.get(target)?.clone();
        let on_delete = match on_delete.as_str() {
            "r" => OnDelete::Restrict,
            "c" => OnDelete::Cascade,
            "n" => OnDelete::SetNull,
            "d" => OnDelete::SetDefault,
            _ => OnDelete::NoAction,
        };
        let (columns, target_columns) = (columns.clone()?, target_columns.clone()?);
        Some(Reference { name: name.clone(), columns, target_schema, target_table, target_columns, on_delete })
    }
}

fn key(row: &ConstraintRow) -> Key {
    Key { name: row.1.clone(), columns: row.6.clone().unwrap_or_default(), deferrable: row.3 }
}

/// The types that PostgreSQL brings along and that have a neutral word.
fn built_in(name: &str, modifier: i32) -> Option<ColumnType> {
    // The modifier counts a header of four bytes.
    let length = u32::try_from(modifier - 4).ok().filter(|length| *length > 0);
    Some(match name {
        "bool" => ColumnType::Boolean,
        "int2" => ColumnType::Integer(16),
        "int4" => ColumnType::Integer(32),
        "int8" => ColumnType::Integer(64),
        "float4" => ColumnType::Float(32),
        "float8" => ColumnType::Float(64),
        "numeric" => ColumnType::Decimal(digits(modifier)),
        "text" | "name" => ColumnType::Text(None),
        "varchar" => ColumnType::Text(length),
        "bpchar" => length.map_or(ColumnType::Text(None), ColumnType::Char),
        "bytea" => ColumnType::Bytes,
        "date" => ColumnType::Date,
        "time" => ColumnType::Time,
        "timetz" => ColumnType::ZonedTime,
        "timestamp" => ColumnType::LocalDateTime,
        "timestamptz" => ColumnType::DateTime,
        "interval" => ColumnType::Duration,
        "uuid" => ColumnType::Uuid,
        "json" | "jsonb" => ColumnType::Json,
        _ => return None,
    })
}

/// Precision and scale; None without them, and where the scale is not among the digits (`numeric(2, -3)`).
fn digits(modifier: i32) -> Option<(u16, u16)> {
    let packed = u32::try_from(modifier - 4).ok()?;
    let (precision, scale) = (packed >> 16, packed & 0x7ff);
    (scale <= precision).then_some((u16::try_from(precision).ok()?, u16::try_from(scale).ok()?))
}

/// What the server or the way to it says, without a word of user or password.
fn problem_of(fault: &sqlx::Error, name: &str) -> Problem {
    let code = fault.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
    let (what, help) = match (code.get(..2).unwrap_or_default(), fault) {
        ("28", _) => (
            "the server accepts neither user nor password".to_owned(),
            "put them into the URL, into `<NAME>_DATABASE_URL`, or into PGUSER and PGPASSWORD",
        ),
        ("3D", _) => ("the server has no such database".to_owned(), "name another one, or create it"),
        ("42", _) => (
            "the catalog is not that of PostgreSQL 12 or newer".to_owned(),
            "give a PostgreSQL server, or describe the tables: `--set entities=…`",
        ),
        (_, sqlx::Error::Io(error)) => {
            (format!("no connection: {error}"), "check host and port, and that the server runs")
        }
        (_, sqlx::Error::Configuration(what)) => {
            (what.to_string(), "give another server, or describe the tables: `--set entities=…`")
        }
        (_, sqlx::Error::Tls(error)) => {
            (format!("no encrypted connection: {error}"), "check `sslmode` and `sslrootcert` of the URL")
        }
        (_, sqlx::Error::Database(error)) => (error.message().to_owned(), "see the server's log for more"),
        _ => (fault.to_string(), "check the URL"),
    };
    Problem::new(format!("`{name}`: {what}"), help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outcome;

    #[test]
    fn a_domain_says_what_is_filled_and_what_is_never_null() {
        let domain = |oid: i64, name: &str, base: i64, not_null: bool, default: Option<&str>| {
            let text = |text: &str| text.to_owned();
            let row = (oid, text("public"), text(name), text("d"), text("N"), 0, base, -1, 0, not_null);
            (oid, (row.0, row.1, row.2, row.3, row.4, row.5, row.6, row.7, row.8, row.9, default.map(text)))
        };
        let answers = Answers {
            file: "shop".to_owned(),
            columns: HashMap::new(),
            constraints: HashMap::new(),
            types: HashMap::from([
                domain(1, "positive", 0, true, Some("5")),
                domain(2, "wide", 1, false, Some("5")),
                domain(3, "free", 0, false, None),
            ]),
            enums: HashMap::new(),
            names: HashMap::new(),
        };
        let column = |of: i64, own: Option<&str>| {
            let none = String::new;
            let own = own.map(str::to_owned);
            let row = (0, "n".to_owned(), of, -1, 0, false, none(), none(), own, None);
            let column = answers.column(&row, "public", "t");
            (column.nullable, column.default)
        };
        assert_eq!(column(1, None), (false, Some("5".to_owned())));
        assert_eq!(column(1, Some("7")), (false, Some("7".to_owned())));
        assert_eq!(column(2, None), (false, Some("5".to_owned())));
        assert_eq!(column(3, None), (true, None));
    }

    #[test]
    fn a_key_does_not_hold_for_tables_that_inherit() {
        let text = |text: &str| text.to_owned();
        let column = (7, text("id"), 0, -1, 0, true, text(""), text(""), None, None);
        let key = (7, text("place_pkey"), text("p"), false, 0, text(""), Some(vec![text("id")]), None);
        let answers = Answers {
            file: text("shop"),
            columns: HashMap::from([(7, vec![column])]),
            constraints: HashMap::from([(7, vec![key])]),
            types: HashMap::new(),
            enums: HashMap::new(),
            names: HashMap::new(),
        };
        let read = |is_inherited: bool| {
            let relation =
                answers.relation((7, text("public"), text("place"), text("r"), None, None, None, is_inherited));
            let (entry, table) = super::super::account(relation, &crate::source::Filter::default());
            (entry.outcome, entry.reasons.len(), table.unwrap().primary_key.is_some())
        };
        assert_eq!(read(false), (Outcome::Generated, 0, true));
        assert_eq!(read(true), (Outcome::Degraded, 1, false));
    }

    #[test]
    fn a_url_without_a_user_means_that_of_this_machine() {
        if std::env::var_os("PGUSER").is_none() {
            let options = PgConnectOptions::from_str("postgresql:///shop").unwrap();
            assert_ne!(options.get_username(), "unknown");
        }
    }
}
