//! Answers about a bucket → `Service`.

use anyhow::Result;
use serde_json::Value;

use super::answers;
use crate::model::store::{Addressing, Limits};
use crate::model::{Entry, Ledger, Outcome, Service, Store, Surface};

/// Reads the options of an entry called `name`; one that names no bucket has a folder.
pub fn read(name: &str, options: &Value) -> Result<Service> {
    let text = |key: &str| options.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let path_style = options.get("path_style").and_then(Value::as_bool);
    let origin = answers::origin(name);
    let (bucket, endpoint) = (text("bucket"), text("endpoint"));
    let from_name_alone = bucket.is_none() && endpoint.is_none();
    let store = Store {
        folder: text("folder").or_else(|| from_name_alone.then(|| format!("data/{}", bucket_name(name)))),
        container: bucket.unwrap_or_else(|| bucket_name(name)),
        addressing: if path_style.unwrap_or(endpoint.is_some()) { Addressing::Path } else { Addressing::VirtualHost },
        endpoint,
        region: text("region").unwrap_or_else(|| "us-east-1".to_owned()),
        root: text("prefix").map(|prefix| prefix.trim_matches('/').to_owned()).unwrap_or_default(),
        limits: Limits::S3,
        conditional_create: true,
        origin: origin.clone(),
    };
    let entry =
        Entry { name: format!("bucket {}", store.container), outcome: Outcome::Generated, reasons: Vec::new(), origin };
    Ok(Service {
        surface: Surface::Store(store),
        ledger: Ledger { source: 1, entries: vec![entry], notes: Vec::new() },
        ..answers::service(name)
    })
}

/// A bucket's name made of an entry's: small letters, digits and `-`, three to 63 of them.
///
/// Source: Amazon S3 User Guide, "General purpose bucket naming rules".
fn bucket_name(name: &str) -> String {
    let words = crate::words::split(name).join("-");
    let words = if words.len() < 3 { format!("{words}-objects") } else { words };
    words.chars().take(63).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn store(name: &str, options: &Value) -> Store {
        match read(name, options).unwrap().surface {
            Surface::Store(store) => store,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_name_alone_gives_a_folder() {
        let store = store("User_Uploads", &json!({ "bucket": null }));
        assert_eq!((store.container.as_str(), store.folder.as_deref()), ("user-uploads", Some("data/user-uploads")));
    }

    #[test]
    fn a_bucket_that_is_named_is_used() {
        let store = store("documents", &json!({ "bucket": "acme-documents", "prefix": "/2026/" }));
        assert_eq!((store.container.as_str(), store.folder, store.root.as_str()), ("acme-documents", None, "2026"));
        assert_eq!(store.addressing, Addressing::VirtualHost);
    }

    #[test]
    fn another_service_than_amazons_has_the_bucket_in_the_path() {
        let endpoint = json!({ "endpoint": "http://127.0.0.1:9000" });
        assert_eq!(store("documents", &endpoint).addressing, Addressing::Path);
        let told = json!({ "endpoint": "https://fra1.digitaloceanspaces.com", "path_style": false });
        assert_eq!(store("documents", &told).addressing, Addressing::VirtualHost);
    }

    #[test]
    fn a_bucket_is_named_as_buckets_may_be() {
        for (name, expected) in [
            ("a", "a-objects"),
            ("UserUploads", "user-uploads"),
            ("x__y", "x-y"),
            (&"long".repeat(16), &"long".repeat(16)[..63]),
        ] {
            assert_eq!(bucket_name(name), expected);
        }
    }
}
