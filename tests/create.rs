//! The line from end to end, as a user runs it: `create`, `validate`, `deploy`, `rollback`, `remove`.

#[path = "scene/mod.rs"]
mod scene;

use scene::{DOCUMENT, Project};

const CREATE: [&str; 6] = ["create", "bookshop", "--source", "openapi.yaml", "--language", "python"];

impl Project {
    fn new() -> Self {
        Self::empty()
    }

    fn created() -> Self {
        Self::after(&[&CREATE])
    }
}

#[test]
fn create_writes_adapter_tests_and_docs_and_says_why() {
    let project = Project::with_document();
    let said = project.ok(&CREATE);
    for part in [
        "bookshop: api/rest in Python",
        "the kind of source `openapi`",
        "9 in the source: 9 generated",
        "rollback 0001`",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    for file in [
        "client.py",
        "models/books.py",
        "resources/orders.py",
        "tests/test_books.py",
        "README.md",
        "config.schema.json",
        ".env.example",
    ] {
        assert!(project.path(&format!("integrations/bookshop/{file}")).is_file(), "{file}");
    }
    assert!(project.read("pyproject.toml").contains("httpx2"));
}

#[test]
fn a_second_run_finds_nothing_to_do() {
    let project = Project::created();
    let before = project.tree();
    for arguments in [&CREATE[..], &["create"], &["create", "bookshop"]] {
        assert!(project.ok(arguments).contains("nothing to do"));
    }
    assert_eq!(project.tree(), before);
}

#[test]
fn the_same_input_gives_the_same_bytes_in_another_folder() {
    assert_eq!(Project::created().tree(), Project::created().tree());
}

#[test]
fn a_dry_run_writes_nothing() {
    let project = Project::with_document();
    let before = project.tree();
    assert!(project.ok(&[&CREATE[..], &["--dry-run"]].concat()).contains("nothing was written: this was a dry run"));
    assert_eq!(project.tree(), before);
}

#[test]
fn a_file_edited_by_hand_is_a_conflict_and_nothing_is_written() {
    let project = Project::created();
    let edited = project.read("integrations/bookshop/client.py") + "\n# mine\n";
    project.write("integrations/bookshop/client.py", &edited);
    let before = project.tree();
    let said = project.fails(1, &["create", "bookshop", "--set", "attempts=5"]);
    assert!(said.contains("conflict integrations/bookshop/client.py"), "{said}");
    assert_eq!(project.tree(), before);
}

#[test]
fn rollback_takes_a_run_back_byte_for_byte() {
    let project = Project::with_document();
    let before = project.tree();
    project.ok(&CREATE);
    let created = project.tree();
    project.ok(&["rollback"]);
    assert_eq!(project.tree(), before);
    project.ok(&["rollback", "0002"]);
    assert_eq!(project.tree(), created);
}

#[test]
fn remove_leaves_the_project_as_it_was_before() {
    let project = Project::with_document();
    let before = project.tree();
    project.ok(&CREATE);
    project.ok(&["remove", "bookshop"]);
    let mut after = project.tree();
    // An empty list of integrations is the user's to keep.
    after.remove("integrate.yaml");
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
}

#[test]
fn validate_is_clean_after_create_and_finds_what_is_broken_since() {
    let project = Project::created();
    assert_eq!(project.json(&["validate"])["findings"], serde_json::json!([]));
    project.write("integrations/bookshop/client.py", "def (");
    assert!(project.fails(1, &["validate"]).contains("does-not-parse"));
    std::fs::remove_file(project.path("integrations/bookshop/client.py")).unwrap();
    assert!(project.fails(1, &["validate"]).contains("missing-file"));
}

#[test]
fn validate_of_nothing_is_not_clean() {
    let project = Project::new();
    project.write("notes.txt", "hello");
    project.fails(1, &["validate", project.path("notes.txt").to_str().unwrap()]);
    assert!(project.fails(2, &["validate"]).contains("there are no integrations here"));
}

#[test]
fn a_changed_source_is_told_and_create_follows_it() {
    let project = Project::created();
    let changed = project.read("openapi.yaml").replace("/books/{isbn}/cover", "/books/{isbn}/picture");
    project.write("openapi.yaml", &changed);
    assert!(project.fails(1, &["validate"]).contains("stale-source"));
    project.ok(&["create"]);
    assert!(project.read("integrations/bookshop/resources/books.py").contains("/books/{}/picture"));
    project.ok(&["validate"]);
}

#[test]
fn deploy_takes_an_adapter_to_another_project() {
    let (project, other) = (Project::created(), Project::new());
    let to = other.folder.path().to_str().unwrap();
    assert!(project.ok(&["deploy", "bookshop", "--to", to, "--strategy", "dry-run"]).contains("dry run"));
    assert!(other.tree().is_empty());
    project.ok(&["deploy", "integrations/bookshop", "--to", to, "--no-tests"]);
    assert_eq!(other.read("integrations/bookshop/client.py"), project.read("integrations/bookshop/client.py"));
    assert!(other.read("pyproject.toml").contains("httpx2"));
    // The lock says whose code it is, where no integrate.yaml does.
    let held = other.ok(&["validate"]);
    assert!(held.contains("no findings") && !held.contains("pattern"), "{held}");
    other.ok(&["rollback"]);
    assert!(other.tree().is_empty(), "{:?}", other.tree().keys());
}

#[test]
fn wrong_input_gets_one_error_with_a_way_out_and_status_2() {
    let project = Project::with_document();
    project.write("broken.yaml", "openapi: 3.1.0\npaths:\n  /a: [\n");
    project.write("twins.yaml", "openapi: 3.1.0\nopenapi: 3.0.0\n");
    project.write("old.json", "{\"swagger\": \"1.2\", \"apis\": []}");
    project.write("prose.txt", "hello");
    let before = project.tree();
    let cases: [(&[&str], &str); 12] = [
        (&["create", "a", "--source", "gone.yaml", "--language", "python"], "`gone.yaml`: there is no such file"),
        (&["create", "a", "--source", "broken.yaml", "--language", "python"], "broken.yaml:"),
        (
            &["create", "a", "--source", "twins.yaml", "--language", "python"],
            "twins.yaml:2:1: the key `openapi` stands here a second time",
        ),
        (&["create", "a", "--source", "old.json", "--language", "python"], "old.json:1:13: Swagger `1.2` is not read"),
        (
            &["create", "a", "--source", "prose.txt", "--language", "python", "--type", "api"],
            "reads no source of the kind `unknown`",
        ),
        (
            &["create", "../a", "--source", "openapi.yaml", "--language", "python"],
            "cannot be the name of an integration",
        ),
        (&["create", "a", "--source", "openapi.yaml"], "the project does not show its language"),
        (
            &["create", "a", "--source", "openapi.yaml", "--language", "cobol"],
            "there are no templates for the language `cobol`",
        ),
        (
            &["create", "a", "--source", "openapi.yaml", "--language", "python", "--type", "blog"],
            "there is no pattern `blog`",
        ),
        (&["create", "a", "--source", "openapi.yaml", "--language", "python", "--set", "colour=red"], "colour"),
        (&["create", "a", "--source", "openapi.yaml", "--language", "python", "--set", "attempts=many"], "attempts"),
        (&["create", "a", "--source", "ftp://h/openapi.yaml", "--language", "python"], "does not connect to `ftp:`"),
    ];
    for (arguments, wanted) in cases {
        let said = project.fails(2, arguments);
        assert!(said.contains(wanted), "wanted {wanted:?} of {arguments:?}\n{said}");
        assert_eq!((said.matches("error:").count(), said.matches("help:").count()), (1, 1), "{said}");
        assert_eq!(project.tree(), before, "{arguments:?}");
    }
}

#[test]
fn a_fault_in_some_operations_is_listed_and_written_around_only_on_request() {
    let project = Project::new();
    let broken = "  /lost:\n    get:\n      operationId: lost\n      responses:\n        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}\n";
    project.write("openapi.yaml", &DOCUMENT.replace("  /orders:\n", &format!("{broken}  /orders:\n")));
    let before = project.tree();
    let said = project.fails(1, &CREATE);
    assert!(
        said.contains("skipped  GET /lost: openapi.yaml:")
            && said.contains("`#/components/schemas/Gone`, which is not defined"),
        "{said}"
    );
    assert_eq!(project.tree(), before);
    let ledger = project.json(&[&CREATE[..], &["--allow-skipped"]].concat())["ledger"].clone();
    assert_eq!((&ledger["source"], &ledger["generated"], &ledger["skipped"]), (&10.into(), &9.into(), &1.into()));
}

#[test]
fn include_and_exclude_choose_operations_and_the_ledger_still_adds_up() {
    let project = Project::with_document();
    let ledger =
        project.json(&[&CREATE[..], &["--include", "books.*", "--exclude", "DELETE *"]].concat())["ledger"].clone();
    assert_eq!((&ledger["source"], &ledger["generated"], &ledger["excluded"]), (&9.into(), &6.into(), &3.into()));
    assert!(!project.path("integrations/bookshop/resources/orders.py").exists());
}

#[test]
fn history_averages_the_builds() {
    let project = Project::created();
    project.ok(&["create", "bookshop", "--set", "attempts=5"]);
    let history = project.json(&["history"]);
    assert_eq!(history["averages"]["builds"], 2);
    assert!(history["averages"]["lines"].as_f64().unwrap() > 1000.0, "{history}");
}

#[test]
fn the_model_of_a_source_is_printed() {
    let project = Project::with_document();
    let model = project.json(&["model", "openapi.yaml"]);
    assert_eq!(model["surface"]["operations"]["operations"][0]["name"], "list");
    assert_eq!(model["types"]["Book"]["shape"]["record"]["fields"][1]["type"], "text");
}

#[test]
fn a_service_whose_place_nobody_knows_is_noted_until_it_is_said() {
    let project = Project::new();
    project.write("api.yaml", "openapi: 3.0.0\ninfo: {title: Shop, version: '1'}\npaths:\n  /books:\n    get: {responses: {'204': {description: None}}}\n");
    let arguments = ["create", "shop", "--source", "api.yaml", "--language", "python", "--dry-run"];
    let note = "no server of the document is an http address";
    assert!(project.ok(&arguments).contains(note));
    assert!(!project.ok(&[&arguments[..], &["--set", "base_url=https://shop.test"]].concat()).contains(note));
}

#[test]
fn a_source_of_which_nothing_can_be_made_is_refused() {
    let project = Project::new();
    let head = "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\n";
    project.write("hooks.yaml", &format!("{head}webhooks: {{sold: {{post: {{responses: {{}}}}}}}}\n"));
    let create = |file: &'static str| ["create", "shop", "--source", file, "--language", "python", "--allow-skipped"];
    let said = project.fails(2, &create("hooks.yaml"));
    assert!(said.contains("`paths` holds no operation; its webhooks are"), "{said}");
    project.write(
        "torn.yaml",
        &format!("{head}paths: {{/a: {{get: {{parameters: [{{$ref: '#/gone'}}], responses: {{}}}}}}}}\n"),
    );
    let said = project.fails(1, &create("torn.yaml"));
    assert!(said.contains("1 skipped") && said.contains("no part of the source can be read"), "{said}");
    assert_eq!(project.tree().len(), 2);
}
