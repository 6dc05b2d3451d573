//! What `--format json` prints is what `docs/schemas/` says: each command is run, and its document held to its schema.

#[path = "scene/mod.rs"]
mod scene;

use std::collections::BTreeSet;
use std::path::Path;

use assert_cmd::Command;
use scene::{Project, said};
use serde_json::{Value, json};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

impl Project {
    fn created() -> Self {
        let project = Self::with_document();
        project.holds("create", 0, &CREATE);
        project
    }

    /// Runs a command that must end with `status` and print one document of the schema, and nothing else.
    fn holds(&self, schema: &str, status: i32, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--format", "json"]].concat());
        let said = said(&run, status, arguments);
        let document: Value =
            serde_json::from_slice(&run.stdout).unwrap_or_else(|fault| panic!("{fault}: {arguments:?}\n{said}"));
        let faults: Vec<String> = validator(schema)
            .iter_errors(&document)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{schema}: {}\n{arguments:?}\n{said}", faults.join("\n"));
        document
    }
}

const CREATE: [&str; 6] = ["create", "bookshop", "--source", "openapi.yaml", "--language", "python"];

fn read(schema: &str) -> Value {
    let path = Path::new(ROOT).join(format!("docs/schemas/{schema}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display())))
        .unwrap()
}

fn validator(schema: &str) -> jsonschema::Validator {
    jsonschema::validator_for(&read(schema)).unwrap()
}

#[test]
fn every_command_that_prints_a_document_has_a_schema() {
    let there: BTreeSet<String> = std::fs::read_dir(Path::new(ROOT).join("docs/schemas"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().trim_end_matches(".schema.json").to_owned())
        .collect();
    let mut wanted: BTreeSet<String> =
        ["error", "patterns-list", "patterns-show", "select-evaluate"].map(str::to_owned).into();
    let cli = <integrate::cli::Cli as clap::CommandFactory>::command();
    let printed = cli.get_subcommands().map(clap::Command::get_name);
    wanted.extend(printed.filter(|name| *name != "patterns").map(str::to_owned));
    assert_eq!(there, wanted);
}

/// Objects are ours from end to end: a field nobody described is a fault.
#[test]
fn every_schema_closes_its_objects() {
    fn open(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if map.contains_key("properties") && !map.contains_key("additionalProperties") {
                    found.push(path.to_owned());
                }
                map.iter().for_each(|(key, inner)| open(inner, &format!("{path}/{key}"), found));
            }
            Value::Array(items) => items.iter().for_each(|inner| open(inner, path, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(Path::new(ROOT).join("docs/schemas")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        open(&read(name.trim_end_matches(".schema.json")), &name, &mut found);
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn create() {
    let project = Project::with_document();
    let dry = project.holds("create", 0, &[&CREATE[..], &["--dry-run"]].concat());
    assert_eq!((&dry["written"], &dry["stopped"]), (&Value::Null, &Value::Null));
    let done = project.holds("create", 0, &CREATE);
    assert_eq!((&done["written"], &done["choice"]["given_by"]), (&json!("0001"), &json!("selection")));
    assert_eq!((&done["ledger"]["source"], &done["ledger"]["generated"]), (&json!(9), &json!(9)));
    let nothing = project.holds("create", 0, &["create"]);
    assert_eq!(nothing["choice"]["score"], Value::Null);
    project.holds("create", 0, &["create", "bookshop"]);
    project.holds("create", 0, &["create", "up", "--type", "storage", "--yes", "--language", "typescript"]);
    project.write("integrations/bookshop/client.py", "# mine\n");
    let conflict = project.holds("create", 1, &["create", "bookshop"]);
    assert_eq!((&conflict["conflicts"], &conflict["written"]), (&json!(1), &Value::Null));
}

#[test]
fn create_of_a_document_with_a_fault() {
    let project = Project::with_document();
    let text = project.read("openapi.yaml");
    let broken = text.replacen("#/components/schemas/Book", "#/components/schemas/Gone", 1);
    assert_ne!(text, broken);
    project.write("openapi.yaml", &broken);
    let stopped = project.holds("create", 1, &CREATE);
    assert!(stopped["ledger"]["skipped"].as_u64().unwrap() > 0 && stopped["stopped"].is_string());
    project.holds("create", 0, &[&CREATE[..], &["--allow-skipped"]].concat());
}

#[test]
fn validate() {
    let project = Project::created();
    project.holds("validate", 0, &["validate"]);
    let bad = "import requests\nrequests.get(\"https://a.test\", verify=False)\nrequests.get(\"https://a.test\")  # integrate: allow(call-without-timeout) it ends\n";
    project.write("bad.py", bad);
    project.write("other.go", "package a\n");
    let (bad, other) = (project.path("bad.py").display().to_string(), project.path("other.go").display().to_string());
    let found = project.holds("validate", 1, &["validate", &bad, &other]);
    assert!(!found["findings"].as_array().unwrap().is_empty() && found["skipped"][0]["path"] == "other.go");
    assert_eq!(found["allowed"].as_array().unwrap().len(), 1);
}

#[test]
fn deploy() {
    let (project, other) = (Project::created(), Project::empty());
    let arguments = ["deploy", "bookshop", "--to", other.place(), "--no-tests"];
    let dry = project.holds("deploy", 0, &[&arguments[..], &["--strategy", "dry-run"]].concat());
    assert_eq!(dry["state"], "dry-run");
    assert_eq!(project.holds("deploy", 0, &arguments)["state"], "deployed");
    assert_eq!(project.holds("deploy", 0, &arguments)["state"], "unchanged");
    other.write("integrations/bookshop/client.py", "# theirs\n");
    assert_eq!(project.holds("deploy", 1, &arguments)["state"], "conflict");
}

#[test]
fn deploy_whose_tests_fail() {
    let (project, other) = (Project::created(), Project::empty());
    // A Python of the other project's own, which has all that tests need and fails at them.
    let own = ".venv/bin/python";
    other.write(own, "#!/bin/sh\ncase \"$*\" in *--version) echo 3.14.0;; *) exit 1;; esac\n");
    std::fs::set_permissions(other.path(own), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let done = project.holds("deploy", 1, &["deploy", "bookshop", "--to", other.place()]);
    assert!(done["state"] == "rolled-back" && done["tests"].is_string() && !other.has("integrations"));
}

#[test]
fn remove() {
    let project = Project::created();
    assert_eq!(project.holds("remove", 0, &["remove", "bookshop", "--dry-run"])["run"], Value::Null);
    assert_eq!(project.holds("remove", 0, &["remove", "bookshop"])["run"], "0002");
}

#[test]
fn rollback_and_recover() {
    let project = Project::created();
    let done = project.holds("rollback", 0, &["rollback"]);
    assert_eq!((&done["rolled_back"], &done["run"]), (&json!("0001"), &json!("0002")));
    assert_eq!(project.holds("recover", 0, &["recover"]), json!({ "id": null, "files": [] }));
}

#[test]
fn select() {
    let project = Project::with_document();
    let chosen = project.holds("select", 0, &["select", "github"]);
    assert_eq!(chosen["ranking"]["decision"]["chosen"], "api");
    assert!(chosen["known"]["facts_from"].is_array(), "{chosen:#}");
    let nothing = project.holds("select", 2, &["select", "xyzzy"]);
    assert_eq!((&nothing["ranking"]["decision"], &nothing["known"]), (&json!("nothing"), &Value::Null));
    project.holds("select", 0, &["select", "--source", "openapi.yaml"]);
    let rows = "{\"id\": \"1\", \"text\": \"keep PDFs in an S3 bucket\", \"label\": \"storage\"}\n{\"id\": \"2\", \"text\": \"xyzzy\", \"label\": \"api\"}\n";
    project.write("rows.jsonl", rows);
    let rows = project.path("rows.jsonl").display().to_string();
    let report = project.holds("select-evaluate", 0, &["select", "--evaluate", &rows]);
    assert_eq!(
        (&report["accuracy"], &report["wrong"][0]["decided"], &report["asked"]["ambiguous"]),
        (&json!(0.5), &json!("asked"), &Value::Null)
    );
}

#[test]
fn a_choice_too_close_to_call() {
    let project = Project::with_document();
    let said = ["alert", "store a report and publish an event", "job", "a log of files", "notify us of new rows"];
    let close = said.iter().find_map(|text| {
        let mut command = Command::cargo_bin("integrate").unwrap();
        let run = command.args(["select", text, "--format", "json"]).output().unwrap();
        let document: Value = serde_json::from_slice(&run.stdout).unwrap();
        document.pointer("/ranking/decision/too_close").is_some().then_some(*text)
    });
    project.holds("select", 2, &["select", close.expect("one of them is close")]);
}

#[test]
fn patterns() {
    let project = Project::with_document();
    let list = project.holds("patterns-list", 0, &["patterns", "list"]);
    for row in list.as_array().unwrap() {
        project.holds("patterns-show", 0, &["patterns", "show", row["pattern"].as_str().unwrap()]);
    }
    let pack = Path::new(ROOT).join("docs/examples/mail-pack").display().to_string();
    let shown = project.holds("patterns-show", 0, &["patterns", "show", "mail", "--patterns", &pack]);
    assert_eq!(shown["pattern"]["variants"]["smtp"]["items"], "messages");
}

#[test]
fn model() {
    let project = Project::with_document();
    project.holds("model", 0, &["model", "openapi.yaml"]);
    let issuer = Path::new(ROOT).join("tests/cases/issuer");
    let document = walkdir::WalkDir::new(issuer)
        .into_iter()
        .map(Result::unwrap)
        .find(|entry| entry.path().extension().is_some_and(|kind| kind == "json"));
    project.holds("model", 0, &["model", document.expect("a discovery document").path().to_str().unwrap()]);
}

#[test]
fn man_and_completions() {
    let project = Project::with_document();
    project.holds("man", 0, &["man"]);
    project.holds("completions", 0, &["completions", "zsh"]);
}

#[test]
fn history() {
    let project = Project::with_document();
    let empty = project.holds("history", 0, &["history"]);
    assert_eq!((&empty["builds"], &empty["averages"]["builds"]), (&json!([]), &json!(0)));
    let project = Project::created();
    project.holds("rollback", 0, &["rollback"]);
    let all = project.holds("history", 0, &["history"]);
    assert_eq!((&all["builds"][0]["taken_back"], &all["builds"][1]["command"]), (&json!(true), &json!("rollback")));
}

#[test]
fn doctor() {
    let project = Project::with_document();
    let packs = Path::new(ROOT).join("docs/examples/perl-pack").display().to_string();
    // What this machine has decides the status, so the document alone is held to anything.
    for arguments in [&["doctor", "--language", "python"][..], &["doctor", "--language", "perl", "--patterns", &packs]]
    {
        let document = project.json(arguments);
        let faults: Vec<String> = validator("doctor").iter_errors(&document).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}\n{document:#}");
        assert_eq!(document["tools"][0]["looked_for"], arguments[2] == "python");
    }
}

#[test]
fn what_goes_wrong_is_a_document_too() {
    let project = Project::with_document();
    for arguments in [
        &["create", "bookshop", "--source", "gone.yaml"][..],
        &["create", "../x", "--source", "openapi.yaml"],
        &["create"],
        &["validate"],
        &["deploy", "gone", "--to", "."],
        &["rollback"],
        &["remove", "gone"],
        &["select", "--evaluate", "gone.jsonl"],
        &["patterns", "show", "gone"],
        &["model", "gone.yaml"],
        &["doctor", "--language", "gone"],
        // What clap finds, it prints by itself; the document is ours.
        &["create", "x", "--no-such-flag"],
        &["no-such-command"],
        &["deploy", "x"],
        &["select"],
    ] {
        let document = project.holds("error", 2, arguments);
        assert!(!document["error"]["help"].as_str().unwrap().is_empty(), "{document:#}");
    }
}
