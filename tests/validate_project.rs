//! A project held to its lock, its sources and what `create` would write now: as a whole, and by the paths that are named.

#[path = "scene/mod.rs"]
mod scene;

use std::process::Output;

use assert_cmd::Command;
use scene::{Project, said};
use serde_json::Value;
use tempfile::TempDir;

const API: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\nservers: [{url: 'https://shop.test'}]\npaths:\n  /books:\n    get:\n      operationId: listBooks\n      tags: [books]\n      responses: {'200': {description: All, content: {application/json: {schema: {$ref: 'parts/book.yaml#/Book'}}}}}\n  /orders:\n    get:\n      operationId: listOrders\n      tags: [orders]\n      responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {type: string}}}}}}\n";
const BOOK: &str = "Book: {type: object, properties: {title: {type: string}}}\n";

impl Project {
    /// A project with one adapter, whose source is two files.
    fn new() -> Self {
        let project = Self::empty();
        project.write("api.yaml", API);
        project.write("parts/book.yaml", BOOK);
        project.ok(&["create", "shop", "--source", "api.yaml", "--language", "python"]);
        project
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name}: {text}");
        self.write(name, &text.replace(from, to));
    }

    /// A run from inside of the project, as its users start it.
    fn inside(&self, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("integrate").unwrap();
        command.current_dir(self.folder.path()).env("CI", "1").args(arguments).output().unwrap()
    }

    /// The report of `validate` as JSON, with the exit status.
    fn report(&self, arguments: &[&str]) -> (Value, Option<i32>) {
        let run = self.inside(&[&["validate", "--format", "json"], arguments].concat());
        let report = serde_json::from_slice(&run.stdout)
            .unwrap_or_else(|_| panic!("{arguments:?}: {}", String::from_utf8_lossy(&run.stderr)));
        (report, run.status.code())
    }

    /// What was found, as `rule path`.
    fn found(&self, arguments: &[&str]) -> Vec<String> {
        let (report, status) = self.report(arguments);
        let of = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
        let findings = report["findings"].as_array().unwrap();
        let fails = findings.iter().any(|finding| finding["severity"] != "note");
        assert_eq!(status, Some(i32::from(fails)), "{report:#}");
        findings.iter().map(|finding| format!("{} {}", of(finding, "rule"), of(finding, "path"))).collect()
    }

    fn left_out(&self, arguments: &[&str]) -> Vec<String> {
        let of =
            |skipped: &Value| format!("{}: {}", skipped["path"].as_str().unwrap(), skipped["reason"].as_str().unwrap());
        self.report(arguments).0["skipped"].as_array().unwrap().iter().map(of).collect()
    }

    fn is_clean(&self) {
        assert_eq!(self.found(&[]), Vec::<String>::new());
    }
}

#[test]
fn a_path_is_held_to_its_lock_and_source_as_the_whole_project_is() {
    let project = Project::new();
    project.is_clean();
    project.edit("integrations/shop/client.py", "\n", "\n\n");
    std::fs::remove_file(project.path("integrations/shop/README.md")).unwrap();
    project.edit("api.yaml", "title: Shop", "title: Shops");
    let whole = project.found(&[]);
    for wanted in [
        "missing-file integrations/shop/README.md",
        "stale-source integrate.yaml",
        "edited-file integrations/shop/client.py",
    ] {
        assert!(whole.iter().any(|found| found == wanted), "{wanted}: {whole:?}");
    }
    let absolute = project.path("integrations").display().to_string();
    for path in
        ["integrations/", "integrations", ".", "integrations/shop/", "./integrations/../integrations", &absolute]
    {
        assert_eq!(project.found(&[path]), whole, "{path}");
    }
    assert_eq!(project.found(&["integrations/shop/client.py"]), ["edited-file integrations/shop/client.py"]);
    assert_eq!(project.found(&["integrations/shop/README.md"]), ["missing-file integrations/shop/README.md"]);
    assert_eq!(project.found(&["integrations/runtime"]), Vec::<String>::new());
}

#[test]
fn an_operation_without_a_test_is_found_by_the_path_of_its_adapter() {
    let project = Project::new();
    for entry in walkdir::WalkDir::new(project.path("integrations/shop/tests")) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            std::fs::write(entry.path(), "").unwrap();
        }
    }
    let found = project.found(&["integrations/"]);
    assert_eq!(found.iter().filter(|found| found.starts_with("untested-operation")).count(), 2, "{found:?}");
}

#[test]
fn a_file_that_the_source_refers_to_is_part_of_it() {
    let project = Project::new();
    project.write("parts/book.yaml", &BOOK.replace("title:", "name:"));
    assert_eq!(project.found(&[]), ["stale-source integrate.yaml"]);
    project.ok(&["create"]);
    project.is_clean();
}

#[test]
fn a_source_with_other_line_ends_is_the_same_source() {
    let project = Project::new();
    for name in ["api.yaml", "parts/book.yaml"] {
        project.edit(name, "\n", "\r\n");
    }
    project.is_clean();
    assert!(project.ok(&["create"]).contains("nothing"), "nothing is written");
}

#[test]
fn what_is_asked_for_is_held_to_what_was_generated() {
    for (from, to) in [
        ("source: api.yaml", "source: api.yaml\n    include: ['books.*']"),
        ("source: api.yaml", "source: api.yaml\n    exclude: ['orders.*']"),
    ] {
        let project = Project::new();
        project.edit("integrate.yaml", from, to);
        assert_eq!(project.found(&[]), ["stale-options integrate.yaml"], "{to}");
        assert_eq!(project.found(&["integrations/"]), ["stale-options integrate.yaml"], "{to}");
        project.ok(&["create"]);
        project.is_clean();
    }
    let project = Project::empty();
    project.ok(&[
        "create",
        "media",
        "--type",
        "storage",
        "--language",
        "typescript",
        "--set",
        "bucket=photos",
        "--yes",
    ]);
    project.is_clean();
    project.edit("integrate.yaml", "bucket: photos", "bucket: pictures");
    assert_eq!(project.found(&[]), ["stale-options integrate.yaml"]);
    project.edit("integrate.yaml", "bucket: pictures", "bukket: pictures");
    assert_eq!(project.found(&[]), ["cannot-generate integrate.yaml"]);
}

#[test]
fn the_line_of_the_entry_is_told() {
    let project = Project::new();
    project.edit("integrate.yaml", "source: api.yaml", "source: api.yaml\n    include: ['books.*']");
    let (report, _) = project.report(&[]);
    assert_eq!(report["findings"][0]["region"]["snippet"], "  shop:", "{report:#}");
}

#[test]
fn a_page_that_names_the_other_integrations_goes_out_of_date_with_them() {
    let project = Project::new();
    project.ok(&["create", "watch", "--type", "monitoring", "--language", "python", "--yes"]);
    project.is_clean();
    project.ok(&["create", "media", "--type", "storage", "--language", "python", "--set", "bucket=photos", "--yes"]);
    let found = project.found(&[]);
    assert!(
        !found.is_empty() && found.iter().all(|found| found.starts_with("stale-file integrations/watch/")),
        "{found:?}"
    );
    project.ok(&["create"]);
    project.is_clean();
}

#[test]
fn a_source_that_is_gone_or_broken_is_a_finding() {
    let project = Project::new();
    std::fs::remove_file(project.path("api.yaml")).unwrap();
    assert_eq!(project.found(&["integrations"]), ["cannot-generate integrate.yaml"]);
    project.write("api.yaml", "openapi: 3.0.3\npaths: [\n");
    assert_eq!(project.found(&[]), ["cannot-generate integrate.yaml"]);
    let (report, _) = project.report(&[]);
    assert!(report["findings"][0]["message"].as_str().unwrap().contains("api.yaml:"), "{report:#}");
}

#[test]
fn entries_and_the_lock_name_the_same() {
    let project = Project::new();
    let yaml = project.read("integrate.yaml");
    let entries = yaml.find("integrations:").unwrap();
    project.write("integrate.yaml", &format!("{}integrations: {{}}\n", &yaml[..entries]));
    assert_eq!(project.found(&[]), ["orphaned-entry integrate.yaml"]);
    project.write(
        "integrate.yaml",
        &format!("{yaml}  other:\n    pattern: storage\n    language: python\n    options: {{bucket: photos}}\n"),
    );
    assert_eq!(project.found(&["integrations"]), ["not-generated integrate.yaml"]);
}

#[test]
fn a_run_that_was_interrupted_is_a_finding() {
    let project = Project::new();
    project.write(
        ".integrate/journal/0002.json",
        "{\"version\": 1, \"id\": \"0002\", \"steps\": [], \"made\": [], \"emptied\": []}",
    );
    for path in [&[][..], &["integrations/"]] {
        assert_eq!(project.found(path), ["unfinished-run .integrate/journal"]);
    }
}

#[test]
fn a_server_is_asked_only_where_the_user_wants_it() {
    let project = Project::new();
    project.edit("integrate.yaml", "source: api.yaml", "source: http://127.0.0.1:1/api.yaml");
    assert_eq!(project.found(&[]), Vec::<String>::new());
    assert_eq!(
        project.left_out(&[]),
        ["integrate.yaml: `shop`: `http://127.0.0.1:1/api.yaml` was not asked whether it changed; `--online` asks"]
    );
    assert_eq!(project.found(&["--online"]), ["cannot-generate integrate.yaml"]);
}

#[test]
fn a_database_file_whose_tables_changed_is_a_changed_source() {
    let project = Project::empty();
    let define = |statement: &'static str| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(project.path("shop.db")).create_if_missing(true);
        runtime.block_on(async {
            use sqlx::{ConnectOptions, Connection, Executor};
            let mut connection = options.connect().await.unwrap();
            connection.execute(statement).await.unwrap();
            connection.close().await.unwrap();
        });
    };
    define("CREATE TABLE book (id integer PRIMARY KEY)");
    project.ok(&["create", "shop", "--source", "shop.db", "--language", "python"]);
    project.is_clean();
    define("ALTER TABLE book ADD COLUMN title text");
    assert_eq!(project.found(&["integrations"]), ["stale-source integrate.yaml"]);
}

#[test]
fn a_checkout_with_other_line_ends_is_not_edited() {
    let project = Project::new();
    let mut count = 0;
    for entry in walkdir::WalkDir::new(project.path("integrations")) {
        let path = entry.unwrap().into_path();
        if path.is_file() {
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, text.replace('\n', "\r\n")).unwrap();
            count += 1;
        }
    }
    assert!(count > 20);
    project.is_clean();
}

const BAD: &str = "import requests\n\nrequests.get(\"https://a\", timeout=1, verify=False)\n";

#[test]
fn what_is_named_is_checked_and_what_is_left_out_is_told() {
    let project = Project::empty();
    for place in
        ["a.py", "patterns/b.py", "build/c.py", "dist/d.py", "node_modules/x/e.py", ".hidden/f.py", "ignored/g.py"]
    {
        project.write(&format!("src/{place}"), BAD);
    }
    project.write("src/.ignore", "ignored/\n");
    assert_eq!(
        project.found(&["src"]),
        ["a.py", "build/c.py", "dist/d.py", "patterns/b.py"]
            .map(|path| format!("tls-verification-disabled src/{path}"))
    );
    assert_eq!(
        project.left_out(&["src"]),
        [
            "src/.hidden: hidden",
            "src/.ignore: hidden",
            "src/ignored: git ignores it",
            "src/node_modules: dependencies or a cache"
        ]
    );
    for path in ["src/node_modules/x", "src/.hidden", "src/ignored", "src/ignored/g.py"] {
        assert_eq!(project.found(&[path]).len(), 1, "{path}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_left_out_with_a_word_and_a_loop_of_them_ends() {
    use std::os::unix::fs::symlink;
    let project = Project::empty();
    project.write("other/a.py", BAD);
    project.write("src/b.py", BAD);
    symlink("../other", project.path("src/linked")).unwrap();
    symlink("../other/a.py", project.path("src/a.py")).unwrap();
    symlink("../src", project.path("src/loop")).unwrap();
    symlink("round", project.path("round")).unwrap();
    assert_eq!(project.found(&["src"]), ["tls-verification-disabled src/b.py"]);
    assert_eq!(
        project.left_out(&["src"]),
        ["a.py", "linked", "loop"].map(|name| format!("src/{name}: a link: name it to have it checked"))
    );
    assert_eq!(project.found(&["src/linked"]), ["tls-verification-disabled other/a.py"]);
    assert_eq!(project.found(&["src/a.py"]), ["tls-verification-disabled src/a.py"]);
    let run = project.inside(&["validate", "round"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("`round`: the link leads nowhere"));
}

#[test]
fn an_empty_folder_and_a_file_that_is_no_text_are_never_clean() {
    let project = Project::empty();
    std::fs::create_dir(project.path("empty")).unwrap();
    let run = project.inside(&["validate", "empty"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&run.stdout).contains("nothing was checked: there are no files"), "{run:?}");
    std::fs::write(project.path("latin.py"), b"# caf\xe9\nimport requests\n").unwrap();
    assert_eq!(project.found(&["latin.py"]), ["not-text latin.py"]);
    let run = project.inside(&["validate", "latin.py"]);
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(said.contains("is not UTF-8 on line 1") && said.contains("nothing was checked"), "{said}");
    assert!(!said.contains("no pattern is known"), "{said}");
}

/// A file elsewhere is named so that whoever reads the report finds it: whole, and in SARIF as a URI of its own.
#[test]
fn findings_outside_of_the_project_are_found_again() {
    let elsewhere = TempDir::new().unwrap();
    let file = elsewhere.path().canonicalize().unwrap().join("b c.py");
    std::fs::write(&file, BAD).unwrap();
    let project = Project::empty();
    project.write("a.py", BAD);
    let given = file.display().to_string();
    assert_eq!(
        project.found(&["a.py", &given]),
        [format!("tls-verification-disabled {given}"), "tls-verification-disabled a.py".to_owned()]
    );
    let run = project.inside(&["validate", "--format", "sarif", "a.py", &given]);
    let sarif: Value = serde_json::from_slice(&run.stdout).unwrap();
    let place =
        |at: usize| sarif["runs"][0]["results"][at]["locations"][0]["physicalLocation"]["artifactLocation"].clone();
    assert_eq!(place(0), serde_json::json!({ "uri": format!("file://{}", given.replace(' ', "%20")) }));
    assert_eq!(place(1), serde_json::json!({ "uri": "a.py", "uriBaseId": "%SRCROOT%" }));
    let run = project.inside(&["validate", "--format", "github", &given]);
    assert!(String::from_utf8_lossy(&run.stdout).starts_with(&format!("::error file={given},line=3")), "{run:?}");
}

#[test]
fn a_path_is_looked_for_in_the_project_that_is_named() {
    let project = Project::new();
    let elsewhere = TempDir::new().unwrap();
    let arguments = ["validate", "integrations/"];
    said(&project.command(&arguments).current_dir(elsewhere.path()).output().unwrap(), 0, &arguments);
}
