//! Storage: the model of a bucket from answers, in the model's own text form.

use integrate::model::Service;
use integrate::source::answers;
use serde_json::json;

#[test]
fn answers_about_a_bucket_are_its_model() {
    let options = json!({
        "bucket": "acme-documents", "endpoint": "https://fra1.digitaloceanspaces.com", "region": "fra1",
        "path_style": null, "prefix": "2026", "folder": null,
    });
    let service = answers::read("documents", "store", &options).unwrap();
    let written: Service = serde_yaml::from_str(include_str!("../snapshots/models/bucket.yaml")).unwrap();
    assert_eq!(service, written);
}

#[test]
fn a_name_alone_is_a_folder() {
    let service = answers::read("uploads", "store", &json!({})).unwrap();
    insta::assert_snapshot!(serde_yaml::to_string(&service.surface).unwrap());
}
