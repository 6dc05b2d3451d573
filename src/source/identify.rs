//! What a source is, from its first look: a bounded sniff, before anything is read in earnest.

use super::tree::Tree;

/// The kinds of source, as `source` in patterns names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Openapi,
    Swagger,
    Asyncapi,
    Oidc,
    Postgresql,
    Sqlite,
    Mysql,
    Graphql,
    /// The options of the pattern are the source.
    Answers,
    Unknown,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Openapi => "openapi",
            Kind::Swagger => "swagger",
            Kind::Asyncapi => "asyncapi",
            Kind::Oidc => "oidc",
            Kind::Postgresql => "postgresql",
            Kind::Sqlite => "sqlite",
            Kind::Mysql => "mysql",
            Kind::Graphql => "graphql",
            Kind::Answers => "answers",
            Kind::Unknown => "unknown",
        }
    }
}

/// The kind of a database URL; None for anything else.
pub fn of_url(source: &str) -> Option<Kind> {
    let scheme = source.split_once(':')?.0.to_ascii_lowercase();
    match scheme.split('+').next()? {
        "postgres" | "postgresql" => Some(Kind::Postgresql),
        "sqlite" => Some(Kind::Sqlite),
        "mysql" | "mariadb" => Some(Kind::Mysql),
        _ => None,
    }
}

/// The kind of a document. Looks for the key that each format begins with, and parses small documents whole.
pub fn of_bytes(bytes: &[u8]) -> Kind {
    const LOOK: usize = 64 << 10;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOK)]);
    let says = |key: &str| {
        head.lines().any(|line| {
            let line = line.trim_start_matches(['\u{feff}', '{', ' ', '\t']).trim_start_matches(['"', '\'']);
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        })
    };
    for (key, kind) in [("openapi", Kind::Openapi), ("swagger", Kind::Swagger), ("asyncapi", Kind::Asyncapi)] {
        if says(key) {
            return kind;
        }
    }
    if let Some(kind) = if bytes.len() <= LOOK * 16 { of_small(bytes) } else { of_large(bytes) } {
        return kind;
    }
    let graphql = head.lines().any(|line| {
        ["type Query", "schema {", "extend schema", "interface ", "union "].iter().any(|start| line.starts_with(start))
    });
    if graphql { Kind::Graphql } else { Kind::Unknown }
}

/// A key with a version, wherever it stands in a document too large to parse just for this.
fn of_large(bytes: &[u8]) -> Option<Kind> {
    let text = String::from_utf8_lossy(bytes);
    let versioned = |key: &str, version: char| {
        text.match_indices(key).any(|(at, _)| {
            let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
            rest.strip_prefix(':')
                .is_some_and(|value| value.trim_start().trim_start_matches(['"', '\'']).starts_with(version))
        })
    };
    [
        ("openapi", '3', Kind::Openapi),
        ("swagger", '2', Kind::Swagger),
        ("asyncapi", '3', Kind::Asyncapi),
        ("asyncapi", '2', Kind::Asyncapi),
    ]
    .into_iter()
    .find(|(key, version, _)| versioned(key, *version))
    .map(|(_, _, kind)| kind)
}

/// Keys that stand anywhere at the top of a document, in one line or many.
fn of_small(bytes: &[u8]) -> Option<Kind> {
    let tree = Tree::parse("", bytes).ok()?;
    let has = |key: &str| tree.root().get(key).is_some();
    [("openapi", Kind::Openapi), ("swagger", Kind::Swagger), ("asyncapi", Kind::Asyncapi)]
        .into_iter()
        .find(|(key, _)| has(key))
        .map(|(_, kind)| kind)
        .or_else(|| {
            (has("issuer") && (has("jwks_uri") || has("token_endpoint") || has("authorization_endpoint")))
                .then_some(Kind::Oidc)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_at_the_end_of_a_large_document_is_found() {
        let text = format!("{{\"components\": \"{}\", \"openapi\": \"3.0.0\"}}", "x".repeat(2 << 20));
        assert_eq!(of_bytes(text.as_bytes()), Kind::Openapi);
    }

    #[test]
    fn a_look_tells_the_kind() {
        let cases: [(&str, Kind); 7] = [
            ("openapi: 3.1.0\n", Kind::Openapi),
            ("{\"info\": {}, \"swagger\": \"2.0\"}", Kind::Swagger),
            ("# a comment\n'asyncapi': 3.0.0", Kind::Asyncapi),
            ("{\"issuer\":\"https://a\",\"jwks_uri\":\"https://a/k\"}", Kind::Oidc),
            ("type Query {\n  a: Int\n}", Kind::Graphql),
            ("hello", Kind::Unknown),
            ("", Kind::Unknown),
        ];
        for (text, kind) in cases {
            assert_eq!(of_bytes(text.as_bytes()), kind, "{text}");
        }
        assert_eq!(of_url("postgresql+psycopg://a@b/c"), Some(Kind::Postgresql));
        assert_eq!(of_url("galaxy.yaml"), None);
    }
}
