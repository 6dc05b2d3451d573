//! Entities as answers → `Service`: the tables that somebody wants, where there is no database yet.

use anyhow::Result;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::qualified;
use crate::model::column_type::ColumnType;
use crate::model::tables::{Column, Identity, Key, OnDelete, Reference, Table, TableKind};
use crate::model::{Entry, Ledger, Origin, Outcome, Service, Surface, Tables};
use crate::problem;
use crate::render::encode::{is_treacherous, visible};
use crate::source::answers;

/// The schema of SQLite's own file.
const SQLITE: &str = "main";

/// What the options say, as far as the tables are concerned.
#[derive(Debug, Deserialize)]
struct Answers {
    product: String,
    entities: Vec<Entity>,
}

/// One thing that is kept.
#[derive(Debug, Deserialize)]
struct Entity {
    name: String,
    /// Field → type; a type that ends in `?` may be NULL, `identity` is a number that the database gives.
    fields: IndexMap<String, String>,
    /// The fields of the primary key; `id` where there is one and nothing is said.
    #[serde(default)]
    key: Option<Vec<String>>,
    /// Field → the entity whose key it holds.
    #[serde(default)]
    references: IndexMap<String, String>,
}

pub fn read(name: &str, options: &Value) -> Result<Service> {
    if options.get("entities").is_none_or(Value::is_null) {
        problem!(help: "give `--source` with a database, `--set entities=…`, or `--yes` to take the default";
            "`{name}` needs the option `entities`: the tables, where there is no database to read them from");
    }
    let answers: Answers = serde_json::from_value(options.clone())?;
    let schema = if answers.product == "sqlite" { SQLITE } else { "public" };
    let mut tables: Vec<Table> = Vec::new();
    for (at, entity) in answers.entities.iter().enumerate() {
        if tables.iter().any(|table| table.name.eq_ignore_ascii_case(&entity.name)) {
            problem!(help: "give each entity a name of its own"; "`{name}`: option `entities/{at}/name`: there are two `{}`", entity.name);
        }
        if let Some(hidden) =
            std::iter::once(&entity.name).chain(entity.fields.keys()).find(|name| name.contains(is_treacherous))
        {
            problem!(help: "give it a name that can be seen"; "`{name}`: option `entities/{at}`: `{}` holds a character that hides or reorders text", visible(hidden));
        }
        tables.push(table(name, entity, at, schema)?);
    }
    for (at, entity) in answers.entities.iter().enumerate() {
        tables[at].references = references(entity, at, &tables, schema)?;
        widen(&mut tables, at);
    }
    let entries: Vec<Entry> = tables
        .iter()
        .map(|table| Entry {
            name: qualified(schema, &table.name),
            outcome: Outcome::Generated,
            reasons: Vec::new(),
            origin: table.origin.clone(),
        })
        .collect();
    Ok(Service {
        ledger: Ledger { source: tables.len(), entries, notes: Vec::new() },
        surface: Surface::Tables(Tables {
            product: answers.product,
            product_version: String::new(),
            default_schema: schema.to_owned(),
            enums: Vec::new(),
            tables,
        }),
        ..answers::service(name)
    })
}

fn table(service: &str, entity: &Entity, at: usize, schema: &str) -> Result<Table> {
    let place = format!("entities/{at}");
    let columns = entity
        .fields
        .iter()
        .map(|(name, text)| column(service, name, text, &place, schema))
        .collect::<Result<Vec<_>>>()?;
    let key = match &entity.key {
        Some(key) => key.clone(),
        None => columns.iter().filter(|column| column.name == "id").map(|column| column.name.clone()).collect(),
    };
    if let Some(unknown) = key.iter().find(|name| !entity.fields.contains_key(*name)) {
        problem!(help: "name fields of the entity"; "option `{place}/key`: `{}` has no field `{unknown}`", entity.name);
    }
    if let Some(column) = columns.iter().find(|column| column.nullable && key.contains(&column.name)) {
        problem!(help: "take the `?` away"; "option `{place}/fields/{}`: a part of the key cannot be NULL", column.name);
    }
    Ok(Table {
        name: entity.name.clone(),
        schema: schema.to_owned(),
        kind: TableKind::Table,
        description: String::new(),
        columns,
        primary_key: (!key.is_empty()).then_some(Key { name: String::new(), columns: key, deferrable: false }),
        unique: Vec::new(),
        references: Vec::new(),
        origin: origin(service, &place),
    })
}

fn column(service: &str, name: &str, text: &str, place: &str, schema: &str) -> Result<Column> {
    let (word, nullable) = text.trim().strip_suffix('?').map_or((text.trim(), false), |word| (word, true));
    let place = format!("{place}/fields/{name}");
    let is_identity = word == "identity";
    // What SQLite numbers is declared `integer`, and is read as one.
    let number = ColumnType::Integer(if schema == SQLITE { 32 } else { 64 });
    let of = match if is_identity { Ok(number) } else { word.parse() } {
        Ok(ColumnType::Enum(_) | ColumnType::Domain(..) | ColumnType::Other(_)) => {
            problem!(help: "take `text`"; "option `{place}`: a type of the database's own needs a database to read it from")
        }
        Ok(of) => of,
        Err(what) => {
            problem!(help: "a `?` behind the type allows NULL; `identity` is a number the database gives"; "option `{place}`: {what}")
        }
    };
    Ok(Column {
        name: name.to_owned(),
        of,
        nullable,
        default: None,
        identity: is_identity.then_some(Identity::ByDefault),
        generated: None,
        description: String::new(),
        origin: origin(service, &place),
    })
}

fn references(entity: &Entity, at: usize, tables: &[Table], schema: &str) -> Result<Vec<Reference>> {
    let one = |(field, target): (&String, &String)| -> Result<Reference> {
        let place = format!("entities/{at}/references/{field}");
        if !entity.fields.contains_key(field) {
            problem!(help: "name a field of the entity"; "option `{place}`: `{}` has no field `{field}`", entity.name);
        }
        let Some(table) = tables.iter().find(|table| table.name == *target) else {
            problem!(help: "name one of the entities"; "option `{place}`: there is no entity `{target}`");
        };
        match table.primary_key.as_ref().map(|key| key.columns.as_slice()) {
            Some([only]) => Ok(Reference {
                name: String::new(),
                columns: vec![field.clone()],
                target_schema: schema.to_owned(),
                target_table: target.clone(),
                target_columns: vec![only.clone()],
                on_delete: OnDelete::NoAction,
            }),
            _ => {
                problem!(help: "refer to an entity whose key is one field"; "option `{place}`: the key of `{target}` is not one field")
            }
        }
    };
    entity.references.iter().map(one).collect()
}

/// Makes whole numbers that refer to a key as wide as the key: `integer` is said where `integer(64)` is meant.
fn widen(tables: &mut [Table], at: usize) {
    for reference in tables[at].references.clone() {
        let target = tables.iter().find(|table| table.name == reference.target_table);
        let of =
            |table: &Table, name: &str| table.columns.iter().find(|own| own.name == name).map(|own| own.of.clone());
        let key = target.and_then(|table| of(table, &reference.target_columns[0]));
        let Some(ColumnType::Integer(bits)) = key else { continue };
        let own = tables[at].columns.iter_mut().find(|own| own.name == reference.columns[0]);
        if let Some(own) = own
            && matches!(own.of, ColumnType::Integer(narrow) if narrow < bits)
        {
            own.of = ColumnType::Integer(bits);
        }
    }
}

/// Where an answer stands.
fn origin(service: &str, place: &str) -> Origin {
    let whole = answers::origin(service);
    Origin { pointer: format!("{}/{place}", whole.pointer), ..whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_yaml(entities: &str) -> Result<Service> {
        let entities: Value = serde_yaml::from_str(entities).unwrap();
        read("shop", &serde_json::json!({ "product": "postgresql", "entities": entities, "attempts": 3 }))
    }

    #[test]
    fn entities_become_tables() {
        let service = read_yaml("[{name: customer, fields: {id: identity, name: text(80)}}, {name: order, fields: {number: integer, customer_id: 'integer(64)?'}, key: [number], references: {customer_id: customer}}]").unwrap();
        let Surface::Tables(surface) = &service.surface else { panic!("tables") };
        assert_eq!(surface.tables[0].primary_key.as_ref().unwrap().columns, ["id"]);
        assert_eq!(surface.tables[0].columns[0].identity, Some(Identity::ByDefault));
        assert!(surface.tables[1].columns[1].nullable);
        assert_eq!(surface.tables[1].references[0].target_columns, ["id"]);
        assert_eq!(service.ledger.count(Outcome::Generated), service.ledger.source);
    }

    #[test]
    fn a_reference_is_as_wide_as_the_key_it_holds() {
        let service = read_yaml("[{name: customer, fields: {id: identity}}, {name: order, fields: {id: identity, customer_id: integer, 'note': 'integer'}, references: {customer_id: customer}}]").unwrap();
        let Surface::Tables(surface) = &service.surface else { panic!("tables") };
        let columns = &surface.tables[1].columns;
        assert_eq!((&columns[1].of, &columns[2].of), (&ColumnType::Integer(64), &ColumnType::Integer(32)));
    }

    #[test]
    fn err_a_mistake_is_named_with_its_place() {
        let cases = [
            ("[{name: a, fields: {x: strnig}}]", "option `entities/0/fields/x`: `strnig` is no type"),
            ("[{name: a, fields: {x: text}, key: [y]}]", "option `entities/0/key`: `a` has no field `y`"),
            ("[{name: a, fields: {id: 'text?'}}]", "option `entities/0/fields/id`: a part of the key"),
            (
                "[{name: a, fields: {x: text}, references: {x: b}}]",
                "option `entities/0/references/x`: there is no entity `b`",
            ),
            (
                "[{name: a, fields: {x: text}}, {name: A, fields: {x: text}}]",
                "`shop`: option `entities/1/name`: there are two `A`",
            ),
            (
                "[{name: a, fields: {\"x\\u202ey\": text}}]",
                "`shop`: option `entities/0`: `x<U+202E>y` holds a character that hides",
            ),
        ];
        for (entities, expected) in cases {
            let fault = read_yaml(entities).unwrap_err().to_string();
            assert!(fault.starts_with(expected), "{fault}");
        }
    }
}
