//! Credentials in what names a source: never kept, never shown; found again in the environment.
//!
//! `integrate.yaml` gets the address without user, password and secret settings. When it is read again they come from
//! `<NAME>_SOURCE_URL`, as far as that names the same document. A database has rules of its own: `database::url`.

use std::sync::OnceLock;

use anyhow::Result;
use regex::Regex;
use url::Url;

use super::database;
use super::identify::of_url;

/// Parts of the names of settings that hold secrets, in small letters.
const SECRET: [&str; 14] = [
    "token", "key", "secret", "sig", "auth", "pass", "pwd", "cred", "session", "jwt", "code", "bearer", "x-amz",
    "x-goog",
];
/// A longer value may be a secret, whatever its name.
const MAX_VALUE: usize = 20;

/// A source as `integrate.yaml` keeps it.
pub fn kept(source: &str) -> Result<String> {
    if of_url(source).is_some() {
        return database::url::kept(source);
    }
    let Some(mut url) = parsed(source) else { return Ok(masked(source)) };
    let pairs: Vec<(String, String)> =
        url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    let harmless: Vec<&(String, String)> = pairs.iter().filter(|(key, value)| is_harmless(key, value)).collect();
    if url.username().is_empty() && url.password().is_none() && harmless.len() == pairs.len() {
        return Ok(source.to_owned());
    }
    bare(&mut url);
    if !harmless.is_empty() {
        url.query_pairs_mut().extend_pairs(harmless);
    }
    Ok(url.to_string())
}

fn is_harmless(key: &str, value: &str) -> bool {
    let key = key.to_lowercase();
    value.len() <= MAX_VALUE && !SECRET.iter().any(|part| key.contains(part))
}

/// A source as it may be shown: without user, password and query.
pub fn shown(source: &str) -> String {
    if of_url(source).is_some() {
        return database::url::shown(source);
    }
    match parsed(source) {
        Some(mut url) => {
            bare(&mut url);
            url.to_string()
        }
        None => masked(source.split('?').next().unwrap_or(source)),
    }
}

/// The address of a server without user and password; any other text as it is.
pub fn without(url: &str) -> String {
    if url.contains('@') { shown(url).trim_end_matches('/').to_owned() } else { url.to_owned() }
}

/// Text in which whatever stands where a URL has user and password is gone.
pub fn masked(text: &str) -> String {
    static FORMS: OnceLock<Vec<(Regex, &str)>> = OnceLock::new();
    let forms = FORMS.get_or_init(|| {
        let forms = [
            (r#"([A-Za-z][\w+.-]*://)(?:[^\s/@"'`<>]*@|[^\s/@"'`<>]*:[^\s"'`<>]*@)"#, "$1"),
            (r#"(^|[\s"'`(<=]|/)[^\s"'`(<=]*?:[^\s"'`<>]*@"#, "$1***@"),
            (r"(?i)([?&][\w.-]*(?:token|key|secret|sig|passw|auth)[\w.-]*=)[^\s&#]+", "$1***"),
        ];
        forms.into_iter().filter_map(|(form, instead)| Some((Regex::new(form).ok()?, instead))).collect()
    });
    forms.iter().fold(text.to_owned(), |text, (form, instead)| form.replace_all(&text, *instead).into_owned())
}

/// The same source with the user, the password and the settings that the environment has for the entry `name`.
pub fn completed(source: &str, name: &str, environment: impl Fn(&str) -> Option<String>) -> String {
    let variable = format!("{}_SOURCE_URL", crate::words::split(name).join("_").to_uppercase());
    let own = environment(&variable);
    let same = |own: &&String| match (parsed(own), parsed(source)) {
        (Some(mut own), Some(mut url)) => {
            bare(&mut own);
            bare(&mut url);
            own == url
        }
        _ => false,
    };
    own.as_ref().filter(same).cloned().unwrap_or_else(|| source.to_owned())
}

/// A URL with a host.
fn parsed(source: &str) -> Option<Url> {
    Url::parse(source).ok().filter(|url| source.contains("://") && url.has_host())
}

fn bare(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_holds_no_secret_and_stays_as_it_was_without_one() {
        for (source, expected) in [
            ("https://h/openapi.yaml?format=json&v=3", "https://h/openapi.yaml?format=json&v=3"),
            ("https://bob:s3cret@h/a.yaml?v=3", "https://h/a.yaml?v=3"),
            ("https://s3cret@h/a.yaml", "https://h/a.yaml"),
            ("https://h/a.yaml?access_token=s3cret&v=3", "https://h/a.yaml?v=3"),
            ("https://h/a.yaml?x=0123456789abcdef0123456789", "https://h/a.yaml"),
            ("docs/a b.yaml", "docs/a b.yaml"),
            ("node_modules/@acme/api/openapi.yaml", "node_modules/@acme/api/openapi.yaml"),
        ] {
            assert_eq!(kept(source).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_shown_holds_no_secret_however_it_is_mistyped() {
        for source in [
            "https://bob:s3cret@h/a",
            "https:/bob:s3cret@h/a",
            "https//bob:s3cret@h/a",
            "https://bob:s3/cret@h/a",
            "bob:s3cret@h/a",
            "git+https://bob:s3cret@h/a",
            "see (https://bob:s3cret@h/a), https://eve:s3cret@i/b",
            "url=https://bob:s3cret@h",
        ] {
            let shown = shown(source) + &masked(source);
            assert!(!shown.contains("cret") && !shown.contains("bob"), "{source}: {shown}");
        }
        assert_eq!(masked("see https://h/a?access_token=s3cret&v=3"), "see https://h/a?access_token=***&v=3");
        assert_eq!(masked("mail a@b.c at 10:30, see https://h/a"), "mail a@b.c at 10:30, see https://h/a");
    }

    #[test]
    fn credentials_come_from_the_environment_for_the_same_document_only() {
        let environment = |own: &'static str| move |name: &str| (name == "MY_API_SOURCE_URL").then(|| own.to_owned());
        let with = |own| completed("https://h/a.yaml?v=3", "my-api", environment(own));
        assert_eq!(with("https://bob:s3cret@h/a.yaml?v=3"), "https://bob:s3cret@h/a.yaml?v=3");
        assert_eq!(with("https://bob:s3cret@other/a.yaml"), "https://h/a.yaml?v=3");
        assert_eq!(with("https://bob:s3cret@h/b.yaml"), "https://h/a.yaml?v=3");
    }
}
