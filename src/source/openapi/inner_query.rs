//! A path that holds a query or a fragment: `/search?q={text}&kind=all`, `/tags#keys`. OpenAPI has no place for either, and
//! documents are full of them: two operations of one method and path are told apart so.

use std::collections::HashSet;

use url::form_urlencoded;

use super::Found;
use super::schema::origin;
use crate::model::operations::{Location, Parameter};
use crate::model::types::Type;
use crate::source::documents::{Fault, fault};

impl<'d> Found<'d> {
    /// The path itself; a fragment is never sent.
    pub fn bare_path(&self) -> &'d str {
        self.path.split(['?', '#']).next().unwrap_or_default()
    }

    /// The path as it is sent, from the root, without the `.` that every client takes out (RFC 3986, section 5.2.4).
    pub fn wire_path(&self) -> String {
        let path = self.bare_path();
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let (folder, last) = path.rsplit_once('/').unwrap_or_default();
        let folder: Vec<&str> = folder.split('/').filter(|segment| *segment != ".").collect();
        format!("{}/{}", folder.join("/"), if last == "." { "" } else { last })
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
    let unread = || fault(found.node, format!("the path `{}` builds its query in a way that is not read", found.path));
    let bare = found.bare_path();
    if bare.split('/').any(|segment| segment == "..") {
        return Err(fault(found.node, format!("the path `{}` leads out of itself", found.path)));
    }
    if bare.matches('{').count() != bare.matches('}').count() {
        return Err(unread());
    }
    let query = found.inner_query();
    if query.is_empty() {
        return Ok(());
    }
    let plain = |key: &str, of: Type| Parameter::plain(key, Location::Query, of, origin(found.node));
    let declared = parameters.clone();
    let of = |name: &str, place: Location| declared.iter().find(|one| one.name == name && one.location == place);
    let (mut keys, mut moved) = (HashSet::new(), HashSet::new());
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        if !keys.insert(key.to_string()) || key.contains(['{', '}']) {
            return Err(unread());
        }
        let inner = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        if inner.unwrap_or(&value).contains(['{', '}']) {
            return Err(unread());
        }
        let known = parameters.iter_mut().find(|one| one.name == key && one.location == Location::Query);
        let only = Type::Literal { values: vec![value.to_string().into()], open: false };
        match (known, inner) {
            (Some(_), Some(name)) => drop(moved.insert(name.to_owned())),
            (Some(known), None) => {
                known.required = true;
                if !value.is_empty() {
                    known.of = only;
                }
            }
            (None, None) => parameters.push(plain(&key, only)),
            (None, Some(name)) => {
                moved.insert(name.to_owned());
                let declared = of(name, Location::Path).or_else(|| of(name, Location::Query));
                parameters.push(match declared {
                    Some(one) => Parameter { name: key.into_owned(), location: Location::Query, ..one.clone() },
                    None => plain(&key, Type::Text),
                });
            }
        }
    }
    // What went into the query is no longer where it was declared, unless it is wanted there too.
    parameters.retain(|one| match one.location {
        Location::Path => !moved.contains(&one.name) || bare.contains(&format!("{{{}}}", one.name)),
        Location::Query => keys.contains(&one.name) || !moved.contains(&one.name),
        Location::Header | Location::Cookie => true,
    });
    Ok(())
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
        let both = "{name: id, in: path, required: true, schema: {type: integer}}";
        assert_eq!(
            read("/b/{id}?id={id}&as={id}", both),
            "/b/{id} Path id: integer, Query id: integer, Query as: integer"
        );
        let kind = "{name: kind, in: query, schema: {type: string}}";
        assert_eq!(read("/a?kind=1", kind), "/a Query kind: \"1\"");
        for path in ["/a?x=v{q}", "/a{?q,limit}", "/a?x=1&x=2", "/a?{k}={v}", "/a?q={a}{b}"] {
            assert!(read(path, "").contains("builds its query in a way that is not read"), "{path}");
        }
    }
}
