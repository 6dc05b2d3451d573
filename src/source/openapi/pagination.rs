//! How the rest of a list is asked for, guessed from parameters and reply: the conventions that services share.

use serde_json::Value;

use super::flat::Flat;
use super::schema::Types;
use crate::model::operations::{Location, PageEnd, Pagination, Parameter, Reply};
use crate::model::types::{Field, Shape, Type};
use crate::source::documents::Documents;
use crate::source::tree::Node;
use crate::words::split;

const LIMITS: [&str; 11] =
    ["limit", "perpage", "pagesize", "size", "count", "maxresults", "first", "take", "top", "maxitems", "pagelimit"];
const OFFSETS: [&str; 4] = ["offset", "skip", "start", "startat"];
const PAGES: [&str; 4] = ["page", "pagenumber", "pageno", "pagenum"];
const CURSORS: [&str; 11] = [
    "cursor",
    "pagetoken",
    "nexttoken",
    "after",
    "continuationtoken",
    "nextpagetoken",
    "marker",
    "pagecursor",
    "nextcursor",
    "startcursor",
    "pagestate",
];
const NEXTS: [&str; 9] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "cursor",
    "after",
    "continuationtoken",
    "endcursor",
    "nextmarker",
    "nextpagecursor",
];
/// Where a page says that there is another one, or where.
const MORE: [&str; 6] = ["hasmore", "hasnext", "hasnextpage", "more", "hasmorepages", "morepages"];
const NEXT_PAGES: [&str; 5] = ["next", "nextpage", "nexturl", "nextpageurl", "nextlink"];
/// Where a page has the URL of the next one, and where it may have it.
const NEXT_URLS: [&str; 8] =
    ["nexturl", "nextpageurl", "nexturi", "nextpageuri", "nextlink", "nextpagelink", "odatanextlink", "nexthref"];
const LINKS: [&str; 3] = ["links", "_links", "link"];
/// Where a page says how many pages or items there are.
const LAST: [&str; 6] = ["totalpages", "pagecount", "lastpage", "numpages", "pagestotal", "numberofpages"];
const TOTALS: [&str; 4] = ["total", "totalcount", "totalresults", "totalitems"];
const ZERO_BASED: [&str; 6] = ["zero-based", "0-based", "zero based", "zero-indexed", "0-indexed", "starts at 0"];
const ITEMS: [&str; 6] = ["data", "items", "results", "records", "values", "entries"];

/// The pagination of an operation that reads a list, where it follows a convention we know.
pub fn find(
    method: &str,
    parameters: &[Parameter],
    reply: &Reply,
    types: &Types<'_>,
    link: bool,
) -> Option<Pagination> {
    if method != "GET" {
        return None;
    }
    let items = items(&reply.content.as_ref()?.of, types)?;
    let query = |names: &[&str], fits: fn(&Parameter) -> bool| {
        parameters.iter().find(|parameter| {
            let name = split(&parameter.name).concat();
            parameter.location == Location::Query
                && !parameter.required
                && names.contains(&name.as_str())
                && fits(parameter)
        })
    };
    let has =
        |name: &str| parameters.iter().any(|parameter| parameter.name == name && parameter.location == Location::Query);
    let fields = fields(&reply.content.as_ref()?.of, types);
    let after =
        if has("starting_after") { Some("starting_after") } else { query(&["after"], is_mark).map(|_| "after") };
    if let (Some(after), Some(more), Some(list)) =
        (after, fields.iter().find(|field| field.name == "has_more"), &items.field)
        && (after == "starting_after" || item_has_id(fields, list, types))
    {
        let (after, id) = (after.to_owned(), "id".to_owned());
        return Some(Pagination::After { after, id, more: more.name.clone(), items: list.clone() });
    }
    if let Some((cursor, next)) = query(&CURSORS, is_mark).zip(next(fields, types)) {
        return Some(Pagination::Cursor { cursor: cursor.name.clone(), next, items: items.field });
    }
    if link {
        return Some(Pagination::Link { items: items.field });
    }
    if let Some(offset) = query(&OFFSETS, is_count) {
        let limit = query(&LIMITS, is_count).map(|limit| limit.name.clone());
        return Some(Pagination::Offset { offset: offset.name.clone(), limit, items: items.field });
    }
    if let Some(page) = query(&PAGES, is_count) {
        let (first, end) = (first_page(page), end(fields, types));
        return Some(Pagination::Page { first, page: page.name.clone(), items: items.field, end });
    }
    let next = next_url(&reply.content.as_ref()?.of, types)?;
    Some(Pagination::Url { next, items: items.field })
}

/// Whether each item of a list has an `id` that is text.
fn item_has_id(of_reply: &[Field], list: &str, types: &Types<'_>) -> bool {
    let of = of_reply.iter().find(|field| field.name == list).map(|field| field.of.not_null());
    let Some(Type::List(item)) = of else { return false };
    fields(item, types).iter().any(|field| field.name == "id" && *field.of.not_null() == Type::Text)
}

/// The path of the field that holds the URL of the next page: in the reply, or among its links.
fn next_url(reply: &Type, types: &Types<'_>) -> Option<Vec<String>> {
    let word = |field: &Field| split(&field.name).concat();
    let is_text = |field: &Field| *field.of.not_null() == Type::Text;
    let is_url = |field: &&Field| {
        let is_known = || matches!(reply.not_null(), Type::Named(owner) if types.urls.contains(&(owner.clone(), field.name.clone())));
        is_text(field)
            && (NEXT_URLS.contains(&word(field).as_str()) || (NEXT_PAGES.contains(&word(field).as_str()) && is_known()))
    };
    let fields_of_reply = fields(reply, types);
    if let Some(field) = fields_of_reply.iter().find(is_url) {
        return Some(vec![field.name.clone()]);
    }
    let links = fields_of_reply.iter().find(|field| LINKS.contains(&field.name.as_str()))?;
    let next = fields(&links.of, types).iter().find(|field| word(field) == "next")?;
    let path = vec![links.name.clone(), next.name.clone()];
    if is_text(next) {
        return Some(path);
    }
    let href = fields(&next.of, types).iter().find(|field| field.name == "href" && is_text(field))?;
    Some([path, vec![href.name.clone()]].concat())
}

/// Whether a parameter can take the text that a reply goes on with: `after` may be a time as well.
fn is_mark(parameter: &Parameter) -> bool {
    matches!(parameter.of.not_null(), Type::Text | Type::Uuid | Type::Json | Type::Named(_) | Type::Union(_))
}

/// Whether a parameter can be a number that is counted on: it may be a time as well, or a mark of the service's own, and of a
/// text something must say that it is a number.
fn is_count(parameter: &Parameter) -> bool {
    let said = parameter.description.to_lowercase();
    let is_number = |value: &Value| value.is_i64() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok());
    match parameter.of.not_null() {
        _ if said.contains("timestamp") => false,
        Type::Integer | Type::Number | Type::Json | Type::Named(_) | Type::Literal { .. } => true,
        Type::Text => {
            said.contains("number") || [&parameter.default, &parameter.example].into_iter().flatten().any(is_number)
        }
        _ => false,
    }
}

/// The number of the first page: what is assumed when none is given, or the least, or what is said of it.
fn first_page(parameter: &Parameter) -> i64 {
    let assumed = parameter.default.as_ref().and_then(Value::as_i64);
    let said = parameter.description.to_lowercase();
    let is_zero = parameter.minimum == Some(0) || ZERO_BASED.iter().any(|words| said.contains(words));
    assumed.unwrap_or(i64::from(!is_zero))
}

/// What a reply says of the pages after it: in itself, or one record down.
fn end(fields_of_reply: &[Field], types: &Types<'_>) -> Option<PageEnd> {
    let find = |wanted: &dyn Fn(&Field) -> bool| {
        if let Some(field) = fields_of_reply.iter().find(|field| wanted(field)) {
            return Some(vec![field.name.clone()]);
        }
        fields_of_reply.iter().find_map(|outer| {
            let inner = fields(&outer.of, types).iter().find(|field| wanted(field))?;
            Some(vec![outer.name.clone(), inner.name.clone()])
        })
    };
    let is_of = |field: &Field, names: &[&str], kinds: &[Type]| {
        names.contains(&split(&field.name).concat().as_str()) && kinds.contains(field.of.not_null())
    };
    find(&|field| is_of(field, &MORE, &[Type::Boolean]) || is_of(field, &NEXT_PAGES, &[Type::Text, Type::Integer]))
        .map(PageEnd::More)
        .or_else(|| find(&|field| is_of(field, &LAST, &[Type::Integer])).map(PageEnd::Last))
        .or_else(|| find(&|field| is_of(field, &TOTALS, &[Type::Integer])).map(PageEnd::Total))
}

/// Where in a reply the items are.
struct Items {
    /// None: the reply is the list.
    field: Option<String>,
}

fn items(of: &Type, types: &Types<'_>) -> Option<Items> {
    if matches!(of, Type::List(_)) {
        return Some(Items { field: None });
    }
    let lists: Vec<&Field> =
        fields(of, types).iter().filter(|field| matches!(field.of.not_null(), Type::List(_))).collect();
    let usual = lists.iter().find(|field| ITEMS.contains(&field.name.to_lowercase().as_str()));
    let only = usual.or(if lists.len() == 1 { lists.first() } else { None })?;
    Some(Items { field: Some(only.name.clone()) })
}

fn fields<'t>(of: &Type, types: &'t Types<'_>) -> &'t [Field] {
    let Type::Named(name) = of.not_null() else { return &[] };
    match types.found.get(name).map(|definition| &definition.shape) {
        Some(Shape::Record { fields, .. }) => fields,
        _ => &[],
    }
}

/// The path of the field that holds the next cursor: in the reply, or one record down.
fn next(fields_of_reply: &[Field], types: &Types<'_>) -> Option<Vec<String>> {
    let is_next = |field: &&Field| {
        NEXTS.contains(&split(&field.name).concat().as_str()) && matches!(field.of.not_null(), Type::Text | Type::Uuid)
    };
    if let Some(field) = fields_of_reply.iter().find(is_next) {
        return Some(vec![field.name.clone()]);
    }
    fields_of_reply.iter().find_map(|outer| {
        let inner = fields(&outer.of, types).iter().find(is_next)?;
        Some(vec![outer.name.clone(), inner.name.clone()])
    })
}

/// Whether an operation's reply looks like a list, from the document alone: for naming, before types are read.
pub fn lists(documents: &Documents, operation: Node<'_>) -> bool {
    let good =
        operation.get("responses").into_iter().flat_map(Node::entries).find(|(status, _)| status.starts_with('2'));
    let Some((_, response)) = good else { return false };
    let Ok((response, _)) = documents.resolve(response) else { return false };
    let content =
        response.get("content").and_then(|content| content.entries().next()).and_then(|(_, media)| media.get("schema"));
    let Some(Ok(flat)) = content.or(response.get("schema")).map(|schema| Flat::read(documents, schema)) else {
        return false;
    };
    let is_list =
        |node: Node<'_>| documents.resolve(node).is_ok_and(|(node, _)| node.get_text("type") == Some("array"));
    flat.kinds() == ["array"]
        || flat
            .properties
            .iter()
            .any(|(name, node)| (ITEMS.contains(name) || flat.properties.len() <= 4) && is_list(*node))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Surface;
    use crate::source::Filter;
    use crate::source::documents::Place;
    use crate::source::tree::Tree;

    /// How the pages of an operation follow that takes these parameters and answers `items` beside other fields.
    fn paged(parameters: &str, fields: &str) -> Option<Pagination> {
        let reply =
            format!("{{type: object, properties: {{items: {{type: array, items: {{type: string}}}}{fields}}}}}");
        let text = format!(
            "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      parameters: [{parameters}]\n      responses: {{'200': {{content: {{application/json: {{schema: {reply}}}}}}}}}"
        );
        let documents = Documents::load(Tree::parse("a.yaml", text.as_bytes()).unwrap(), &Place::Elsewhere).unwrap();
        let service = super::super::read(&documents, &Filter::default()).unwrap();
        let Surface::Operations(surface) = service.surface else { panic!("no operations") };
        surface.operations[0].pagination.clone()
    }

    /// The first page, and what ends the list, of an operation that takes `page`.
    fn numbered(page: &str, fields: &str) -> (i64, Option<PageEnd>) {
        match paged(&format!("{{name: page, in: query, {page}}}"), fields) {
            Some(Pagination::Page { first, end, .. }) => (first, end),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_page_may_hold_the_url_of_the_next() {
        let page = "{name: page, in: query, schema: {type: integer}}";
        for (parameters, fields, path) in [
            ("", ", next: {type: string, format: uri}", "next"),
            ("", ", next: {anyOf: [{type: string, format: uri}, {type: 'null'}]}", "next"),
            ("", ", '@odata.nextLink': {type: string}", "@odata.nextLink"),
            ("", ", links: {type: object, properties: {next: {type: [string, 'null']}}}", "links.next"),
            ("", ", _links: {properties: {next: {properties: {href: {type: string}}}}}", "_links.next.href"),
            // What may as well be a mark, and what can be counted.
            ("", ", next: {type: string}", ""),
            (page, ", next: {type: string, format: uri}", "by page"),
        ] {
            let found = match paged(parameters, fields) {
                Some(Pagination::Url { next, .. }) => next.join("."),
                Some(Pagination::Page { .. }) => "by page".to_owned(),
                other => other.map(|other| format!("{other:?}")).unwrap_or_default(),
            };
            assert_eq!(found, path, "{fields}");
        }
    }

    #[test]
    fn a_time_is_no_place_in_a_list() {
        let time = "{type: string, format: date-time}";
        for (parameters, reply, by) in [
            (vec![("start", time), ("page", "{type: integer}")], "", "page"),
            (vec![("start", "{type: string}"), ("page", "{type: integer}")], "", "page"),
            (vec![("start", "{type: integer}"), ("page", "{type: integer}")], "", "start"),
            (vec![("start", time), ("offset", "{type: integer}")], "", "offset"),
            (vec![("offset", "{type: string}"), ("page", "{type: string, default: '1'}")], "", "page"),
            (vec![("after", time), ("cursor", "{type: string}")], ", next_cursor: {type: string}", "cursor"),
            (vec![("after", time), ("page", "{type: integer}")], ", next_cursor: {type: string}", "page"),
        ] {
            let declared: Vec<String> = parameters
                .iter()
                .map(|(name, schema)| format!("{{name: {name}, in: query, schema: {schema}}}"))
                .collect();
            let found = paged(&declared.join(", "), reply);
            let name = match &found {
                Some(Pagination::Offset { offset, .. }) => offset,
                Some(Pagination::Page { page, .. }) => page,
                Some(Pagination::Cursor { cursor, .. }) => cursor,
                other => panic!("{parameters:?}: {other:?}"),
            };
            assert_eq!(name, by, "{parameters:?}");
        }
    }

    #[test]
    fn pages_begin_where_the_document_says() {
        for (page, first) in [
            ("schema: {type: integer}", 1),
            ("schema: {type: integer, minimum: 1}", 1),
            ("schema: {type: integer, default: 0}", 0),
            ("schema: {type: integer, minimum: 0}", 0),
            ("schema: {type: integer, minimum: 0, default: 1}", 1),
            ("schema: {type: integer}, description: Zero-based page index (0..N)", 0),
        ] {
            assert_eq!(numbered(page, "").0, first, "{page}");
        }
    }

    #[test]
    fn pages_end_where_a_reply_says() {
        let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for (fields, end) in [
            ("", None),
            (", count: {type: integer}", None),
            (", count: {type: integer}, next: {type: [string, 'null']}", Some(PageEnd::More(path(&["next"])))),
            (", next: {type: object, properties: {}}", None),
            (", has_more: {type: boolean}, total: {type: integer}", Some(PageEnd::More(path(&["has_more"])))),
            (", totalPages: {type: integer}, total: {type: integer}", Some(PageEnd::Last(path(&["totalPages"])))),
            (
                ", meta: {type: object, properties: {total_count: {type: integer}}}",
                Some(PageEnd::Total(path(&["meta", "total_count"]))),
            ),
        ] {
            assert_eq!(numbered("schema: {type: integer}", fields).1, end, "{fields}");
        }
    }
}
