//! The address of a server as the source: it selects the pattern and becomes options; user and password go nowhere.

use super::scene::Project;

#[test]
fn the_address_of_a_broker_selects_the_queue_and_stands_in_its_settings_without_credentials() {
    for language in ["python", "typescript"] {
        let project = Project::new();
        let address = "amqps://bob:s3cret@mq.acme.io:5671/shop";
        let said = project.ok(&["create", "orders", "--source", address, "--language", language, "--yes"]);
        assert!(said.contains("queue/broker"), "{said}");
        let settings = project.read("integrations/orders/.env.example");
        assert!(settings.contains("\nORDERS_URL=amqps://user:password@mq.acme.io:5671/shop\n"), "{settings}");
        let kept = project.read("integrate.yaml");
        assert!(kept.contains("url: amqps://mq.acme.io:5671/shop") && !kept.contains("source:"), "{kept}");
        for (path, bytes) in project.tree() {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("s3cret") && !text.contains("bob"), "{path}");
        }
        project.ok(&["validate"]);
        // Built again from what was kept, nothing changes.
        let before = project.tree();
        project.ok(&["create", "--yes"]);
        assert!(project.tree() == before);
    }
}

#[test]
fn the_address_of_a_bucket_or_a_folder_gives_the_options_of_a_storage() {
    let project = Project::new();
    let address = "s3://acme-docs/in/2026?region=eu-west-1";
    project.ok(&["create", "documents", "--source", address, "--language", "python"]);
    let kept = project.read("integrate.yaml");
    for line in ["bucket: acme-docs", "prefix: in/2026", "region: eu-west-1"] {
        assert!(kept.contains(line), "{line}: {kept}");
    }
    project.ok(&["create", "uploads", "--source", "file:///srv/up%20loads", "--language", "python"]);
    assert!(project.read("integrate.yaml").contains("folder: /srv/up loads"));
    // A file is a document, whatever it is named by.
    let document = format!("file://{}/openapi.yaml", project.place());
    assert!(project.ok(&["create", "shop", "--source", &document, "--language", "python"]).contains("api/rest"));
    let said = project.refuses(&["create", "more", "--source", "s3://acme-docs?acl=public", "--language", "python"]);
    assert!(said.contains("`acl`") && said.contains("region, endpoint"), "{said}");
}

#[test]
fn an_address_that_no_variant_connects_to_is_refused_with_those_that_are() {
    let project = Project::new();
    for (address, says) in [
        ("kafka://mq.acme.io:9092/orders", "amqp, amqps"),
        ("gs://acme-docs/in", "an address of s3, file"),
        // Two patterns use it: the person says which.
        ("redis://cache.acme.io:6379/0", "--type"),
        ("gopher://acme.io", "no pattern connects to `gopher:`"),
        ("ampq://bob:s3cret@mq.acme.io/shop", "amqp, amqps, s3, file"),
    ] {
        let said = project.refuses(&["create", "it", "--source", address, "--language", "python"]);
        assert!(said.contains(says) && !said.contains("s3cret"), "{address}: {said}");
    }
    let said = project.refuses(&["create", "it", "--type", "api", "--source", "s3://a-bucket", "--language", "python"]);
    assert!(said.contains("the pattern `api` does not connect to `s3:`"), "{said}");
}

#[test]
fn another_address_leaves_nothing_of_the_one_before() {
    let project = Project::new();
    project.ok(&["create", "it", "--source", "s3://one/in?endpoint=http://minio:9000", "--language", "python"]);
    project.ok(&["create", "it", "--source", "s3://two", "--language", "python"]);
    let kept = project.read("integrate.yaml");
    assert!(kept.contains("bucket: two") && !kept.contains("prefix") && !kept.contains("minio"), "{kept}");
    // Written by hand where a source is wanted, it is named with the way to make options of it.
    project.write("integrate.yaml", &kept.replace("    options:\n      bucket: two\n", "    source: s3://two\n"));
    assert!(project.refuses(&["create"]).contains("`integrate create it --source s3://two`"));
    assert!(project.ok(&["create", "it", "--source", "s3://two", "--language", "python"]).contains("storage/object"));
}

#[test]
fn a_file_of_another_machine_is_no_folder_and_is_not_shown_with_its_settings() {
    let project = Project::new();
    let said =
        project.refuses(&["create", "it", "--source", "file://openapi.yaml?token=s3cret", "--language", "python"]);
    assert!(said.contains("is no path of this machine") && !said.contains("s3cret"), "{said}");
}

#[test]
fn select_weighs_an_address_and_ends_with_status_2_where_it_is_not_enough() {
    let project = Project::new();
    for (address, pattern) in [("amqp://mq/shop", "queue"), ("s3://acme-docs", "storage"), ("nats://mq:4222", "queue")]
    {
        let ranking = &project.json(&["select", "--source", address])["ranking"];
        assert_eq!(ranking["decision"]["chosen"], pattern, "{address}: {ranking}");
    }
    assert_eq!(project.fails(2, &["select", "--source", "redis://r1:6379/0"]).matches("too close to call").count(), 1);
    assert!(!project.fails(2, &["select", "--source", "foo://bob:s3cret@host/0"]).contains("s3cret"));
}

#[test]
fn a_source_that_is_nearly_a_known_service_is_named() {
    let project = Project::new();
    let said = project.refuses(&["create", "issues", "--source", "githbu", "--language", "python"]);
    assert!(said.contains("there is no such file") && said.contains("GitHub"), "{said}");
}

#[test]
fn the_variant_is_the_one_that_is_asked_for_in_whole_words() {
    for (wanted, variant) in [
        ("structured logging, we already have metrics", "monitoring/logging"),
        ("metrics for Prometheus, no logging", "monitoring/metrics"),
        ("dashboards and alerts for our blogging platform", "monitoring/metrics"),
        ("sign in: check the bearer tokens of our users", "auth/jwt"),
        ("fetch an OAuth token with client credentials, machine to machine", "auth/client-credentials"),
    ] {
        let project = Project::new();
        let said =
            project.ok(&["create", "it", "--requirements", wanted, "--language", "python", "--yes", "--dry-run"]);
        assert!(said.contains(variant), "{wanted}: {said}");
    }
}
