//! The URL of a database: what of it may be kept and shown, and where the rest comes from.
//!
//! User and password are never kept, shown or locked. `integrate.yaml` gets the URL without them; when it is read again they
//! come from `<NAME>_DATABASE_URL` (or the file that `<NAME>_DATABASE_URL_FILE` names), which the adapter itself reads, as
//! far as it names the same database, or else from what every PostgreSQL program reads: `PGUSER`, `PGPASSWORD`, `~/.pgpass`.

use std::path::Path;

use anyhow::Result;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::problem;
use crate::source::identify::{Kind, of_url};

/// What a URL may say that is no secret and that reaching the database takes.
const KEPT: [&str; 14] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "options",
];

/// The URL of a server's database, with the scheme `postgresql` or `mysql`.
pub fn parse(text: &str) -> Result<Url> {
    let kind = of_url(text).map_or("", Kind::name);
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    // A password with `/`, `?` or `#` in it ends the host too early: the `@` comes where none can be.
    let is_torn = |url: &Url| {
        url.path().contains('@') || (url.path().is_empty() && url.query().is_some_and(|query| query.contains('@')))
    };
    match Url::parse(&format!("{kind}:{rest}")) {
        Ok(url) if !url.cannot_be_a_base() && url.fragment().is_none() && !is_torn(&url) => Ok(url),
        _ => problem!(
            help: "write `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`, with `%2F` for `/`, `%40` for `@`, `%23` for `#`, `%3F` for `?` and `%3A` for `:` inside user or password";
            "the database URL cannot be read (it is not shown, because it may hold a password)"
        ),
    }
}

/// The URL as `integrate.yaml` keeps it: without user, password and what is not known to be harmless.
pub fn kept(text: &str) -> Result<String> {
    if of_url(text) == Some(Kind::Sqlite) {
        return Ok(text.split('?').next().unwrap_or(text).to_owned());
    }
    let url = parse(text)?;
    let mut kept = bare(&url);
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| KEPT.contains(&&**key) || key.starts_with("options["))
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    if !pairs.is_empty() {
        kept.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(kept.to_string())
}

/// The URL as people may see it: without user, password and settings.
pub fn shown(text: &str) -> String {
    if of_url(text) == Some(Kind::Sqlite) {
        return text.split('?').next().unwrap_or(text).to_owned();
    }
    parse(text).map_or_else(|_| "a database URL".to_owned(), |url| bare(&url).to_string())
}

/// The name of the database itself.
pub fn database(url: &Url) -> String {
    let named = url.query_pairs().find(|(key, _)| key == "dbname").map(|(_, value)| value.into_owned());
    let path = url.path().trim_start_matches('/');
    named.unwrap_or_else(|| percent_decode_str(path).decode_utf8_lossy().into_owned())
}

fn bare(url: &Url) -> Url {
    let mut bare = url.clone();
    // These fail only where there is no host, and so nothing to take away.
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare.set_query(None);
    bare
}

/// `text`, or where it names no user the URL of the same database that the environment holds for the entry `name`.
pub fn with_credentials(text: &str, name: &str, environment: impl Fn(&str) -> Option<String>) -> String {
    let Ok(url) = parse(text) else { return text.to_owned() };
    if of_url(text) == Some(Kind::Sqlite) || !url.username().is_empty() || url.password().is_some() {
        return text.to_owned();
    }
    let variable = format!("{}_DATABASE_URL", crate::words::split(name).join("_").to_uppercase());
    let from_file = || {
        let file = environment(&format!("{variable}_FILE"))?;
        std::fs::read_to_string(Path::new(&file)).ok().map(|text| text.trim().to_owned())
    };
    let Some(own) = environment(&variable).or_else(from_file).filter(|own| of_url(own) == of_url(text)) else {
        return text.to_owned();
    };
    let Ok(mut own) = parse(&own) else { return text.to_owned() };
    let place = |url: &Url| (url.host_str().map(str::to_lowercase), url.port().unwrap_or(5432), database(url));
    if place(&own) != place(&url) {
        return text.to_owned();
    }
    if own.query().is_none() {
        own.set_query(url.query());
    }
    own.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_holds_no_secret() {
        let cases = [
            (
                "postgres://bob:s3cret@h:5433/shop?sslmode=require&password=s3cret&user=bob&sslpassword=s3cret&x=s3cret",
                "postgresql://h:5433/shop?sslmode=require",
            ),
            (
                "postgresql+psycopg://bob@h/shop?options=-csearch_path%3Dshop",
                "postgresql://h/shop?options=-csearch_path%3Dshop",
            ),
            ("postgresql:///shop?host=/run/postgresql", "postgresql:///shop?host=%2Frun%2Fpostgresql"),
            ("sqlite:shop.db?mode=ro", "sqlite:shop.db"),
        ];
        for (text, expected) in cases {
            assert_eq!(kept(text).unwrap(), expected);
        }
        assert_eq!(shown("postgres://bob:s3cret@h/shop?sslmode=require"), "postgresql://h/shop");
    }

    #[test]
    fn err_a_password_that_is_not_encoded_is_not_shown() {
        for text in [
            "postgresql://bob:p/w@h/d",
            "postgresql://bob:1#w@h/d",
            "postgresql://bob:1/w@h/d",
            "postgresql://bob:1?w@h/d",
            "postgresql://a:b@h1:1,h2:2/d",
            "postgresql:bob:w@h",
        ] {
            let fault = kept(text).unwrap_err().to_string();
            assert!(!fault.contains("bob") && !fault.contains("w@h"), "{fault}");
            assert_eq!(shown(text), "a database URL");
        }
    }

    #[test]
    fn credentials_come_from_the_environment_for_the_same_database_only() {
        let environment =
            |own: &'static str| move |name: &str| (name == "MY_SHOP_DATABASE_URL").then(|| own.to_owned());
        let source = "postgresql://h/shop?sslmode=require";
        let with = |own| with_credentials(source, "my-shop", environment(own));
        assert_eq!(with("postgres://bob:s3cret@H:5432/shop"), "postgresql://bob:s3cret@H:5432/shop?sslmode=require");
        assert_eq!(with("postgres://bob:s3cret@other/shop"), source);
        assert_eq!(
            with_credentials("postgresql://eve@h/shop", "my-shop", environment("postgres://bob@h/shop")),
            "postgresql://eve@h/shop"
        );
    }
}
