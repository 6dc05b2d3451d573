//! A path that holds a query or a fragment: `/search?q={text}&kind=all`, `/tags#keys`. OpenAPI has no place for either, and
//! documents are full of them: two operations of one method and path are told apart so.

use url::form_urlencoded;

use super::Found;
use super::schema::origin;
use crate::model::operations::{Location, Parameter, Style};
use crate::model::types::Type;
use crate::source::documents::{Fault, fault};

impl<'d> Found<'d> {
    /// The path itself; a fragment is never sent.
    pub fn bare_path(&self) -> &'d str {
        self.path.split(['?', '#']).next().unwrap_or_default()
    }

    /// The path as it is sent, from the root.
    pub fn wire_path(&self) -> String {
        let path = self.bare_path();
        if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
    }

    /// The query inside the path, without what follows a `#`.
    fn inner_query(&self) -> &'d str {
        let whole = self.path.split('#').next().unwrap_or_default();
        whole.split_once('?').map_or("", |(_, query)| query)
    }
}

/// Makes the query inside the path parameters: a placeholder is one under the name before it, and what is fixed is one that
/// has a single value.
pub fn take(found: &Found<'_>, parameters: &mut Vec<Parameter>) -> Result<(), Fault> {
    for (key, value) in form_urlencoded::parse(found.inner_query().as_bytes()) {
        let at = |parameters: &[Parameter], name: &str, places: &[Location]| {
            parameters.iter().position(|known| known.name == name && places.contains(&known.location))
        };
        let known = at(parameters, &key, &[Location::Query]);
        match value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => match (known, at(parameters, name, &[Location::Path, Location::Query])) {
                (Some(_), Some(other)) if parameters[other].location == Location::Path => {
                    drop(parameters.remove(other))
                }
                (None, Some(other)) => {
                    let parameter = &mut parameters[other];
                    if parameter.location == Location::Path {
                        parameter.style = Style::Repeat;
                    }
                    (parameter.name, parameter.location) = (key.into_owned(), Location::Query);
                }
                (None, None) => parameters.push(parameter(found, &key, Type::Text)),
                _ => {}
            },
            None if key.contains('{') || value.contains('{') => {
                let what = format!("the path `{}` builds its query in a way that is not read", found.path);
                return Err(fault(found.node, what));
            }
            None if known.is_none() => {
                let only = Type::Literal { values: vec![value.into_owned().into()], open: false };
                parameters.push(parameter(found, &key, only));
            }
            None => {}
        }
    }
    Ok(())
}

fn parameter(found: &Found<'_>, name: &str, of: Type) -> Parameter {
    Parameter {
        name: name.to_owned(),
        location: Location::Query,
        of,
        required: true,
        deprecated: false,
        description: String::new(),
        style: Style::Repeat,
        default: None,
        minimum: None,
        example: None,
        origin: origin(found.node),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Surface;
    use crate::source::Filter;
    use crate::source::documents::{Documents, Place};
    use crate::source::tree::Tree;

    /// The path and the parameters of the one operation of a document, or why it is not generated.
    fn read(path: &str, parameters: &str) -> String {
        let text = format!(
            "openapi: 3.1.0\npaths:\n  '{path}':\n    get: {{parameters: [{parameters}], responses: {{'204': {{}}}}}}"
        );
        let documents = Documents::load(Tree::parse("a.yaml", text.as_bytes()).unwrap(), &Place::Elsewhere).unwrap();
        let service = crate::source::openapi::read(&documents, &Filter::default()).unwrap();
        let Surface::Operations(surface) = &service.surface else { panic!("no operations") };
        let Some(operation) = surface.operations.first() else {
            return service.ledger.entries[0].reasons[0].what.clone();
        };
        let shown = operation.parameters.iter().map(|one| format!("{:?} {}: {}", one.location, one.name, one.of));
        format!("{} {}", operation.path, shown.collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn the_query_of_a_path_becomes_parameters() {
        let q = "{name: q, in: path, required: true, schema: {type: integer}}";
        for (path, parameters, expected) in [
            ("/a?x={q}", q, "/a Query x: integer"),
            ("/a?q={q}", "{name: q, in: query, schema: {type: integer}}", "/a Query q: integer"),
            ("/a?x={q}&v=2", "", "/a Query x: text, Query v: \"2\""),
            ("/a?uploads", "", "/a Query uploads: \"\""),
            ("/a?acl", "{name: acl, in: query, schema: {type: boolean}}", "/a Query acl: boolean"),
            ("/a/{q}#keys", q, "/a/{q} Path q: integer"),
            ("/#Target=a.b", "", "/ "),
        ] {
            assert_eq!(read(path, parameters), expected, "{path}");
        }
        assert!(read("/a?x=v{q}", "").contains("builds its query in a way that is not read"));
    }
}
