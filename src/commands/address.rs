//! A source that is only the address of a server, such as a broker or a bucket: nothing is read from it. Its parts become
//! options of the variant that knows its scheme.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::options;
use crate::pattern::Variant;
use crate::problem;
use crate::source::credentials;
use crate::source::identify::of_url;

/// The address of a server, without user and password.
#[derive(Debug, Clone)]
pub struct Address {
    url: Url,
}

impl Address {
    /// What `source` is, unless it is a document or a database, which are read.
    pub fn of(source: &str, folder: &Path) -> Option<Self> {
        if !source.contains("://") || of_url(source).is_some() || folder.join(source).is_file() {
            return None;
        }
        let mut url = Url::parse(source).ok().filter(|url| !matches!(url.scheme(), "http" | "https"))?;
        if url.scheme() == "file" && !names_folder(&url) {
            return None;
        }
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Some(Self { url })
    }

    /// As it may be shown: `amqp://host/vhost`.
    pub fn shown(&self) -> String {
        credentials::shown(self.url.as_str())
    }

    pub fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// The options of `variant` that the address gives, as the variant says for its scheme.
    pub fn options(&self, variant: &Variant) -> Result<IndexMap<String, Value>> {
        let mut given = IndexMap::new();
        let Some(wanted) = variant.addresses.get(self.scheme()) else { return Ok(given) };
        let parts = self.parts();
        self.check(wanted)?;
        for (option, part) in wanted {
            if let Some(text) = parts.get(part.as_str()).filter(|text| !text.is_empty()) {
                let read = options::value(text, option, &variant.options);
                given.insert(option.clone(), read.unwrap_or_else(|_| Value::from(text.as_str())));
            }
        }
        Ok(given)
    }

    /// What a variant may take: `url`, `host`, `port`, `path`, and `?name` for a setting.
    fn parts(&self) -> HashMap<String, String> {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let path = decoded(self.url.path());
        let has_host = self.url.has_host();
        let mut parts = HashMap::from([
            ("url".to_owned(), self.shown()),
            ("host".to_owned(), self.url.host_str().map(decoded).unwrap_or_default()),
            ("port".to_owned(), self.url.port().map(|port| port.to_string()).unwrap_or_default()),
            // Below a host a path is that of something in it; without one it is the machine's own.
            ("path".to_owned(), if has_host { path.trim_matches('/').to_owned() } else { path }),
        ]);
        parts.extend(self.url.query_pairs().map(|(key, value)| (format!("?{key}"), value.into_owned())));
        parts
    }

    /// Nothing that was said is left out in silence, and nothing that is taken is missing.
    fn check(&self, wanted: &IndexMap<String, String>) -> Result<()> {
        let takes = |part: &str| wanted.values().any(|one| one == part || one == "url" && !part.starts_with('?'));
        let mut unknown: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        for (key, _) in self.url.query_pairs() {
            if !takes(&format!("?{key}")) || !seen.insert(key.clone()) {
                unknown.push(format!("`{key}`"));
            }
        }
        unknown.extend(self.url.port().filter(|_| !takes("port")).map(|port| format!("the port {port}")));
        unknown.extend(self.url.fragment().map(|fragment| format!("`#{fragment}`")));
        if !unknown.is_empty() {
            let known: Vec<&str> = wanted.values().filter_map(|part| part.strip_prefix('?')).collect();
            let more =
                if known.is_empty() { String::new() } else { format!("; known are {}, once each", known.join(", ")) };
            problem!(help: format!("leave it out{more}"); "`{}`: nothing is known of {}", self.shown(), unknown.join(", "));
        }
        if takes("host") && self.url.host_str().is_none_or(str::is_empty) {
            problem!(help: format!("write `{}://NAME`", self.scheme()); "`{}`: it names nothing behind `//`", self.shown());
        }
        Ok(())
    }
}

/// Whether a `file:` URL is of a folder rather than of a document, which may not be there.
fn names_folder(url: &Url) -> bool {
    url.to_file_path().is_ok_and(|path| path.is_dir() || (!path.is_file() && path.extension().is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Option<Address> {
        Address::of(source, Path::new("."))
    }

    fn variant(addresses: &str) -> Variant {
        serde_yaml::from_str(&format!(
            "{{summary: s, surface: answers, sources: [answers], options: {{}}, addresses: {addresses}}}"
        ))
        .unwrap()
    }

    #[test]
    fn documents_and_databases_are_no_mere_addresses() {
        for source in [
            "https://h/openapi.yaml",
            "postgresql://h/d",
            "sqlite:a.db",
            "file:///a.yaml",
            "a.yaml",
            "c:\\a.yaml",
            "-",
            "s3",
        ] {
            assert!(of(source).is_none(), "{source}");
        }
    }

    #[test]
    fn an_address_gives_its_parts_and_no_credentials() {
        let broker = variant("{amqp: {url: url, name: path}}");
        let options = of("amqp://bob:s3cret@mq.acme.io:5673/orders").unwrap().options(&broker).unwrap();
        assert_eq!(options["url"], "amqp://mq.acme.io:5673/orders");
        assert_eq!(options["name"], "orders");
        let bucket = variant("{s3: {bucket: host, prefix: path, region: '?region'}}");
        let options = of("s3://acme-docs/in/2026/?region=eu-west-1").unwrap().options(&bucket).unwrap();
        assert_eq!((&options["bucket"], &options["prefix"]), (&"acme-docs".into(), &"in/2026".into()));
        assert_eq!(options["region"], "eu-west-1");
        assert_eq!(of("s3://acme-docs").unwrap().options(&bucket).unwrap().len(), 1);
        let folder = variant("{file: {folder: path}}");
        assert_eq!(of("file:///srv/up%20loads").unwrap().options(&folder).unwrap()["folder"], "/srv/up loads");
    }

    #[test]
    fn a_setting_that_nobody_takes_is_an_error() {
        let bucket = variant("{s3: {bucket: host, region: '?region'}}");
        for (address, what) in [
            ("s3://acme-docs?acl=public", "`acl`"),
            ("s3://acme-docs?region=a&region=b", "`region`"),
            ("s3://acme-docs:99", "the port 99"),
            ("s3://acme-docs#in", "`#in`"),
            ("s3:///in", "nothing behind"),
            ("s3://", "nothing behind"),
        ] {
            let fault = of(address).unwrap().options(&bucket).unwrap_err().to_string();
            assert!(fault.contains(what), "{address}: {fault}");
        }
    }
}
