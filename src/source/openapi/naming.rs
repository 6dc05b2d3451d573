//! What people call an operation: the group it belongs to and its name there, from tags, identifiers and paths.

use std::collections::{HashMap, HashSet};

use crate::words::{same_but_number, singular, split};

/// What naming looks at, for one operation.
pub struct Named<'d> {
    /// Empty where the source has none.
    pub id: &'d str,
    pub tag: Option<&'d str>,
    /// In capitals.
    pub method: &'d str,
    pub path: &'d str,
    /// The reply is a list or has pages.
    pub lists: bool,
}

/// More operations than this without tags are grouped by their path.
const FLAT_LIMIT: usize = 20;

/// The group and the name of each operation, unique within its group, in the order given.
pub fn names(operations: &[Named<'_>]) -> Vec<(String, String)> {
    let operations: Vec<Named<'_>> = operations.iter().map(without_path).collect();
    let operations = operations.as_slice();
    let from_paths = operations.iter().filter(|operation| is_from_path(operation)).count() * 5 >= operations.len() * 4;
    let untagged = operations.iter().filter(|operation| operation.tag.is_none()).count() * 2 > operations.len();
    // Paths below which things stand one by one, as `/orders` where there is `/orders/{id}`, and those that are read, too.
    let collections: HashSet<&str> = operations
        .iter()
        .filter_map(|operation| match operation.path.rsplit_once('/') {
            Some((path, last)) if last.starts_with('{') => Some(path),
            _ if operation.method == "GET" => Some(operation.path),
            _ => None,
        })
        .collect();
    let group_by_path = untagged && (from_paths || operations.len() > FLAT_LIMIT);
    let mut named: Vec<(String, String)> = operations
        .iter()
        .map(|operation| {
            let group = group(operation, group_by_path);
            let name = name(operation, &group, from_paths, &collections);
            (group, name)
        })
        .collect();
    part_twins(operations, &mut named);
    named
}

/// The operation with its identifier less the path and the method that some frameworks put behind it:
/// `read_item_items__item_id__get` → `read_item`.
fn without_path<'d>(operation: &Named<'d>) -> Named<'d> {
    let path = operation.path.replace(|c: char| !c.is_alphanumeric(), "_");
    let tail = format!("{path}_{}", operation.method.to_lowercase());
    let id = operation.id.strip_suffix(&tail).filter(|id| !id.is_empty()).unwrap_or(operation.id);
    Named { id, ..*operation }
}

fn group(operation: &Named<'_>, by_path: bool) -> String {
    if let Some((group, _)) = operation.id.split_once('/').filter(|(group, rest)| !group.is_empty() && !rest.is_empty())
    {
        return split(group).join(" ");
    }
    match operation.tag {
        _ if by_path => literals(operation.path).first().map(|first| split(first).join(" ")).unwrap_or_default(),
        Some(tag) => split(tag).join(" "),
        None => String::new(),
    }
}

fn name(operation: &Named<'_>, group: &str, from_paths: bool, collections: &HashSet<&str>) -> String {
    if let Some((_, name)) = operation.id.split_once('/').filter(|(group, rest)| !group.is_empty() && !rest.is_empty())
    {
        return split(name).join(" ");
    }
    if operation.id.is_empty() || from_paths {
        return from_path(operation, group, collections);
    }
    if let Some(verb) = plain_verb(operation, group) {
        return verb.to_owned();
    }
    without_group(&split(operation.id), group)
}

/// `list`, `get`, `create`, `update`, `delete` where the path is the group's own collection or one thing in it.
fn plain_verb(operation: &Named<'_>, group: &str) -> Option<&'static str> {
    let segments = segments(operation.path);
    let (last, before) = segments.split_last()?;
    let own = |segment: &str| {
        let words = split(segment).join(" ");
        let group_tail = split(group).pop().unwrap_or_default();
        same_but_number(&words, group) || same_but_number(&words, &group_tail)
    };
    let is_item = last.starts_with('{');
    let literal = if is_item { before.last()? } else { last };
    let nested = segments.iter().filter(|segment| segment.starts_with('{')).count() > usize::from(is_item);
    if literal.starts_with('{') || !own(literal) || nested {
        return None;
    }
    Some(match (operation.method, is_item) {
        ("GET", false) if operation.lists => "list",
        ("GET", _) => "get",
        ("POST", false) => "create",
        ("PUT" | "PATCH", _) | ("POST", true) => "update",
        ("DELETE", true) => "delete",
        _ => return None,
    })
}

/// `GET /v1/customers/{id}/sources/{source}` in `customers` → `get source`.
fn from_path(operation: &Named<'_>, group: &str, collections: &HashSet<&str>) -> String {
    let segments = segments(operation.path);
    let literals = literals(operation.path);
    let rest: Vec<&str> = literals
        .iter()
        .skip(usize::from(literals.first().is_some_and(|first| split(first).join(" ") == group)))
        .copied()
        .collect();
    let is_item = segments.last().is_some_and(|last| last.starts_with('{'));
    let after_item = segments.len() > 1 && segments[segments.len() - 2].starts_with('{');
    let is_collection = collections.contains(operation.path);
    let verb = match operation.method {
        "GET" if is_item => "get",
        "GET" if operation.lists => "list",
        "GET" => "get",
        "POST" if is_item => "update",
        "POST" if after_item && !is_collection && !rest.is_empty() => "",
        "POST" if rest.is_empty() && !is_collection && singular(group).is_none() => "post",
        "POST" => "create",
        "PUT" | "PATCH" => "update",
        "DELETE" => "delete",
        _ => return split(&format!("{} {}", operation.method, rest.join(" "))).join(" "),
    };
    let mut words: Vec<String> = split(verb);
    for (at, literal) in rest.iter().enumerate() {
        let last = at + 1 == rest.len();
        let one = !last || is_item || verb == "create";
        words.extend(split(&if one {
            singular(literal).unwrap_or_else(|| (*literal).to_owned())
        } else {
            (*literal).to_owned()
        }));
    }
    words.join(" ")
}

/// The words of an identifier less those of its group at either end, as long as a verb stays.
fn without_group(words: &[String], group: &str) -> String {
    let group: Vec<String> = split(group);
    let alike =
        |part: &[String]| part.len() == group.len() && part.iter().zip(&group).all(|(a, b)| same_but_number(a, b));
    if !group.is_empty() && words.len() > group.len() {
        let (head, tail) = words.split_at(group.len());
        if alike(head) {
            return tail.join(" ");
        }
        let (head, tail) = words.split_at(words.len() - group.len());
        if alike(tail) && head.len() == 1 {
            return head.join(" ");
        }
    }
    words.join(" ")
}

/// Whether an identifier only repeats the method and the path, as tools make them.
fn is_from_path(operation: &Named<'_>) -> bool {
    let squeeze = |text: &str| split(text).concat();
    let path = squeeze(operation.path);
    let id = squeeze(operation.id);
    let method = operation.method.to_lowercase();
    id.is_empty()
        || id == format!("{method}{path}")
        || id == format!("{path}{method}")
        || path_without_prefix(operation.path).is_some_and(|path| id == format!("{method}{}", squeeze(&path)))
}

/// A path without its first segment, where that is a version or `api`.
fn path_without_prefix(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let kept: Vec<&str> = segments.iter().skip_while(|segment| is_prefix(segment)).copied().collect();
    (kept.len() < segments.len()).then(|| kept.join("/"))
}

fn is_prefix(segment: &str) -> bool {
    let version = segment.strip_prefix(['v', 'V']).unwrap_or(segment);
    matches!(segment, "api" | "rest")
        || (!version.is_empty() && version.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-')))
}

/// The segments of a path after its version; one with a placeholder counts as that, unless a word comes before it.
fn segments(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|segment| !matches!(*segment, "" | "."))
        .skip_while(|segment| is_prefix(segment))
        .map(|segment| match segment.split_once('{') {
            Some((word, _)) if word.chars().filter(|c| c.is_alphabetic()).count() > 1 => word,
            Some(_) => "{}",
            None => segment,
        })
        .collect()
}

fn literals(path: &str) -> Vec<&str> {
    segments(path).into_iter().filter(|segment| !segment.starts_with('{')).collect()
}

/// `update path` → `replace path` where it is a PUT, and `create path` or `post path` where it is a POST.
fn with_own_verb((group, name): &(String, String), method: &str, all: &[(String, String)]) -> String {
    let is_free = |name: &str| !all.iter().any(|(other, known)| other == group && known == name);
    match (method, name.strip_prefix("update").filter(|rest| rest.is_empty() || rest.starts_with(' '))) {
        ("PUT", Some(rest)) => format!("replace{rest}"),
        ("POST", Some(rest)) => {
            let created = format!("create{rest}");
            if is_free(&created) { created } else { format!("post{rest}") }
        }
        _ => name.clone(),
    }
}

/// The last parameter of a path, or else its last word.
fn told_apart_by(path: &str) -> &str {
    path.rsplit_once('{')
        .and_then(|(_, rest)| rest.split('}').next())
        .unwrap_or(path.rsplit('/').next().unwrap_or_default())
}

/// Twins within a group take the identifier's own words, then the method's verb, then what the path ends in, then a number.
fn part_twins(operations: &[Named<'_>], named: &mut [(String, String)]) {
    for attempt in 0..5 {
        let mut seen: HashMap<(String, String), Vec<usize>> = HashMap::new();
        for (at, (group, name)) in named.iter().enumerate() {
            seen.entry((group.clone(), split(name).concat())).or_default().push(at);
        }
        for twins in seen.into_values().filter(|twins| twins.len() > 1) {
            for (count, at) in twins.into_iter().enumerate() {
                let operation = &operations[at];
                named[at].1 = match attempt {
                    0 if !operation.id.is_empty() => {
                        without_group(&split(operation.id.rsplit('/').next().unwrap_or_default()), &named[at].0)
                    }
                    1 if !operation.id.is_empty() => {
                        split(operation.id.rsplit('/').next().unwrap_or_default()).join(" ")
                    }
                    2 => with_own_verb(&named[at], operation.method, named),
                    3 if count > 0 => format!("{} by {}", named[at].1, split(told_apart_by(operation.path)).join(" ")),
                    4 if count > 0 => format!("{} {}", named[at].1, count + 1),
                    _ => continue,
                };
            }
        }
    }
    for (_, name) in named.iter_mut().filter(|(_, name)| name.is_empty()) {
        "call".clone_into(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call<'d>(id: &'d str, tag: Option<&'d str>, method: &'d str, path: &'d str, lists: bool) -> Named<'d> {
        Named { id, tag, method, path, lists }
    }

    fn named(operations: &[Named<'_>]) -> Vec<String> {
        names(operations).into_iter().map(|(group, name)| format!("{group}: {name}")).collect()
    }

    #[test]
    fn a_slash_parts_group_and_name() {
        let calls = [call("issues/list-for-repo", Some("issues"), "GET", "/repos/{owner}/{repo}/issues", true)];
        assert_eq!(named(&calls), ["issues: list for repo"]);
    }

    #[test]
    fn a_tags_own_collection_takes_plain_verbs() {
        let calls = [
            call("getAllData", Some("Planets"), "GET", "/planets", true),
            call("createPlanet", Some("Planets"), "POST", "/planets", false),
            call("getPlanet", Some("Planets"), "GET", "/planets/{planetId}", false),
            call("uploadImage", Some("Planets"), "POST", "/planets/{planetId}/image", false),
            call("createUser", Some("Authentication"), "POST", "/user/signup", false),
        ];
        assert_eq!(
            named(&calls),
            [
                "planets: list",
                "planets: create",
                "planets: get",
                "planets: upload image",
                "authentication: create user"
            ]
        );
    }

    #[test]
    fn identifiers_made_from_paths_give_way_to_the_path() {
        let calls = [
            call("GetCustomers", None, "GET", "/v1/customers", true),
            call("PostCustomers", None, "POST", "/v1/customers", false),
            call("GetCustomersCustomer", None, "GET", "/v1/customers/{customer}", false),
            call("PostCustomersCustomer", None, "POST", "/v1/customers/{customer}", false),
            call("GetCustomersCustomerSources", None, "GET", "/v1/customers/{customer}/sources", true),
            call("PostCustomersCustomerSources", None, "POST", "/v1/customers/{customer}/sources", false),
            call("DeleteCustomersCustomerSourcesId", None, "DELETE", "/v1/customers/{customer}/sources/{id}", false),
            call("PostChargesChargeCapture", None, "POST", "/v1/charges/{charge}/capture", false),
        ];
        assert_eq!(
            named(&calls),
            [
                "customers: list",
                "customers: create",
                "customers: get",
                "customers: update",
                "customers: list sources",
                "customers: create source",
                "customers: delete source",
                "charges: capture"
            ]
        );
    }

    #[test]
    fn a_path_behind_an_identifier_is_left_out() {
        let calls = [
            call("read_item_items__item_id__get", Some("items"), "GET", "/items/{item_id}", false),
            call("archive_item_items__item_id__archive_post", Some("items"), "POST", "/items/{item_id}/archive", false),
            call("read_me_me_get", None, "GET", "/me", false),
        ];
        assert_eq!(named(&calls), ["items: get", "items: archive", ": read me"]);
    }

    #[test]
    fn twins_by_their_identifiers_keep_those() {
        let calls = [
            call("get_dag_run", Some("DagRun"), "GET", "/dags/{dag}/dagRuns/{run}", false),
            call("get_dag_runs", Some("DagRun"), "GET", "/dags/{dag}/dagRuns", false),
        ];
        assert_eq!(named(&calls), ["dag run: get dag run", "dag run: get dag runs"]);
        let calls = [("POST", "/users/{id}"), ("PATCH", "/users/{id}"), ("POST", "/users")];
        let calls = calls.map(|(method, path)| call("", Some("users"), method, path, false));
        assert_eq!(named(&calls), ["users: post", "users: update", "users: create"]);
    }

    #[test]
    fn a_post_says_what_it_does() {
        let mail = "/characters/{id}/mail";
        let calls = [
            call("get_characters_id_mail", Some("Mail"), "GET", mail, true),
            call("post_characters_id_mail", Some("Mail"), "POST", mail, false),
            call("posteventattending", Some("Attending"), "POST", "/{event}/attending", false),
            call("post-shutdown", Some("Shutdown"), "POST", "/shutdown", false),
            call("post-orders", Some("orders"), "POST", "/orders", false),
        ];
        assert_eq!(
            named(&calls),
            [
                "mail: list character mail",
                "mail: create character mail",
                "attending: post",
                "shutdown: post",
                "orders: create"
            ]
        );
    }

    #[test]
    fn a_word_before_a_placeholder_is_a_name() {
        let calls = [
            call("", None, "GET", "/Accounts/{sid}/Applications{ext}", false),
            call("", None, "GET", "/Accounts/{sid}/Calls{ext}", true),
            call("", None, "GET", "/Accounts/v{n}", false),
        ];
        assert_eq!(named(&calls), ["accounts: get applications", "accounts: list calls", "accounts: get"]);
    }

    #[test]
    fn twins_without_identifiers_are_parted_by_their_methods() {
        let calls =
            ["PATCH", "PUT", "POST"].map(|method| call("", Some("contents"), method, "/contents/{path}", false));
        assert_eq!(named(&calls), ["contents: update", "contents: replace", "contents: create"]);
    }

    #[test]
    fn twins_are_parted() {
        let calls = [
            call("replacePet", Some("pets"), "PUT", "/pets/{id}", false),
            call("patchPet", Some("pets"), "PATCH", "/pets/{id}", false),
        ];
        assert_eq!(named(&calls), ["pets: replace", "pets: patch"]);
    }
}
