//! The servers of a document → where its paths are below.

use url::Url;

use super::Dialect;
use crate::model::operations::Server;
use crate::source::credentials;
use crate::source::tree::Node;

/// The servers that a document names, in its order.
pub fn all(root: Node<'_>, dialect: Dialect) -> Vec<Server> {
    let named: Vec<Server> = match dialect {
        Dialect::OpenApi3 => root.get("servers").into_iter().flat_map(Node::items).filter_map(one).collect(),
        Dialect::Swagger2 => host(root).into_iter().collect(),
    };
    // A document that names no server speaks of the one that it comes from (OpenAPI 3.1, OpenAPI Object).
    if named.is_empty() {
        from(root, "/").map(|url| Server { url, description: String::new() }).into_iter().collect()
    } else {
        named
    }
}

/// The server of Swagger 2.0.
fn host(root: Node<'_>) -> Option<Server> {
    let base = root.get_text("basePath").unwrap_or_default().trim_end_matches('/');
    let Some(host) = root.get_text("host") else {
        return from(root, base).map(|url| Server { url, description: String::new() });
    };
    let schemes: Vec<&str> = root.get("schemes").into_iter().flat_map(Node::items).filter_map(Node::text).collect();
    let scheme = if schemes.is_empty() || schemes.contains(&"https") { "https" } else { schemes[0] };
    let url = credentials::without(&format!("{scheme}://{host}{base}"));
    Some(Server { url, description: String::new() })
}

/// A server with its variables filled in, without credentials.
pub fn one(node: Node<'_>) -> Option<Server> {
    let mut url = node.get_text("url")?.trim().to_owned();
    for (name, variable) in node.get("variables").into_iter().flat_map(Node::entries) {
        url = url.replace(&format!("{{{name}}}"), variable.get_text("default").unwrap_or_default());
    }
    let url = from(node, &url).unwrap_or_else(|| credentials::without(&url));
    Some(Server {
        url: url.trim_end_matches('/').to_owned(),
        description: node.get_text("description").unwrap_or_default().to_owned(),
    })
}

/// A relative URL as seen from where the document was read; None where that is a file, or the URL is whole.
fn from(node: Node<'_>, url: &str) -> Option<String> {
    let document = Url::parse(&node.tree().file).ok().filter(Url::has_host)?;
    let is_relative = !url.contains("://") && !url.contains('{');
    is_relative.then(|| document.join(url).ok()).flatten().map(|url| url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tree::Tree;

    fn urls(file: &str, text: &str, dialect: Dialect) -> Vec<String> {
        let tree = Tree::parse(file, text.as_bytes()).unwrap();
        all(tree.root(), dialect).into_iter().map(|server| server.url).collect()
    }

    #[test]
    fn a_relative_server_is_where_the_document_was_read() {
        let place = "https://shop.example.com/docs/openapi.yaml";
        for (text, url) in [
            ("servers: [{url: /api/v3/}]", "https://shop.example.com/api/v3"),
            ("servers: [{url: ../v1}]", "https://shop.example.com/v1"),
            ("servers: [{url: '{base}/v2', variables: {base: {default: /b}}}]", "https://shop.example.com/b/v2"),
            ("paths: {}", "https://shop.example.com"),
            ("servers: [{url: 'https://api.example.com/'}]", "https://api.example.com"),
        ] {
            assert_eq!(urls(place, text, Dialect::OpenApi3), [url], "{text}");
        }
        assert_eq!(urls(place, "basePath: /v2", Dialect::Swagger2), ["https://shop.example.com/v2"]);
        assert_eq!(urls("a.yaml", "servers: [{url: /api}]", Dialect::OpenApi3), ["/api"]);
        assert!(urls("a.yaml", "paths: {}", Dialect::OpenApi3).is_empty());
    }

    #[test]
    fn the_credentials_of_a_server_are_left_out() {
        let text = "servers: [{url: 'https://bob:s3cret@api.example.com/v1'}, {url: 'https://s3cret@{host}/v1'}]";
        let found = urls("a.yaml", text, Dialect::OpenApi3);
        assert!(found[0] == "https://api.example.com/v1" && !found[1].contains("s3cret"), "{found:?}");
    }
}
