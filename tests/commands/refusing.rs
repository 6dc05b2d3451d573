//! What is typed, or stands in `integrate.yaml`, and cannot be done: one error, a way out, status 2, nothing changed.

use super::scene::{DOCUMENT, Project, SHOP, UP, said};

#[test]
fn a_name_that_spells_like_another_is_refused_before_anything_is_rendered() {
    for (one, other) in [("my-api", "my_api"), ("Shop", "shop"), ("myApi", "my-api")] {
        let create = |name: &'static str| ["create", name, "--source", "openapi.yaml", "--language", "python"];
        let project = Project::after(&[&create(one)]);
        let said = project.refuses(&create(other));
        assert!(said.contains(&format!("those of the integration `{one}`")), "{said}");
        project.ok(&["create"]);
        project.fails(2, &["remove", other]);
        project.ok(&["remove", one]);
        project.ok(&create(other));
    }
    let project = Project::new();
    project.write("integrate.yaml", "version: 1\nlanguage: python\nintegrations:\n  my-api: &a {pattern: api, source: openapi.yaml}\n  my_api: *a\n");
    assert!(project.refuses(&["create"]).contains("those of the integration"));
}

#[test]
fn an_integration_is_not_replaced_by_one_of_another_pattern() {
    let project = Project::after(&[&UP]);
    for arguments in [&["create", "up", "--type", "queue", "--yes"][..], &["create", "up", "--source", "openapi.yaml"]]
    {
        let said = project.refuses(arguments);
        assert!(said.contains("`up` is of the pattern `storage`") && said.contains("integrate remove up"), "{said}");
    }
}

#[test]
fn what_is_said_about_one_integration_needs_its_name() {
    let project = Project::after(&[&SHOP]);
    for (flag, value) in [
        ("--source", "openapi.yaml"),
        ("--requirements", "keep files"),
        ("--type", "api"),
        ("--variant", "rest"),
        ("--language", "typescript"),
        ("--include", "books.*"),
        ("--exclude", "books.*"),
        ("--set", "attempts=4"),
    ] {
        let said = project.refuses(&["create", flag, value]);
        assert!(said.contains(&format!("integrate create NAME {flag}")), "{said}");
    }
}

#[test]
fn a_filter_that_leaves_nothing_names_itself_and_what_there_is() {
    let project = Project::new();
    for filter in [["--include", "nope"], ["--exclude", "*"]] {
        for command in [&SHOP[..], &["model", "openapi.yaml"]] {
            let said = project.refuses(&[command, &filter].concat());
            assert!(said.contains(&filter.join(" ")) && said.contains("`GET /books`"), "{said}");
        }
    }
    let said = project.refuses(&[&UP[..], &["--include", "books.*"]].concat());
    assert!(said.contains("there is no source"), "{said}");
}

#[test]
fn a_folder_that_python_cannot_import_from_is_refused() {
    let project = Project::new();
    for folder in ["a b", "src/my-ints", "1abc", "class", "a.b", ".hidden", "src/ünï"] {
        let said = project.refuses(&[&SHOP[..], &["--out", folder]].concat());
        assert!(said.contains("no module can be called") && said.contains("--out"), "{said}");
    }
    project.ok(&["create", "shop", "--source", "openapi.yaml", "--language", "typescript", "--out", "src/my-ints"]);
}

#[test]
fn a_pattern_and_a_source_that_disagree_are_told_by_their_entry() {
    let project = Project::new();
    project.write(
        "integrate.yaml",
        "version: 1\nlanguage: python\nintegrations:\n  q: {pattern: queue, source: openapi.yaml}\n",
    );
    let said = project.refuses(&["create"]);
    assert!(said.contains("integrate.yaml: `q`:") && said.contains("the kind `openapi`"), "{said}");
    let typed =
        ["create", "p", "--type", "queue", "--variant", "broker", "--source", "openapi.yaml", "--language", "python"];
    assert!(project.refuses(&typed).contains("`p`: `broker` of `queue` reads no source of the kind `openapi`"));
}

#[test]
fn a_folder_where_a_file_should_be_is_no_fault_of_ours() {
    for name in ["integrate.yaml", "integrate.lock"] {
        let project = Project::new();
        std::fs::create_dir(project.path(name)).unwrap();
        assert!(project.refuses(&SHOP).contains(name));
    }
    let project = Project::new();
    for arguments in [
        &["create", "a", "--source", ".", "--language", "python"][..],
        &["create", "a", "--requirements", "@.", "--language", "python"],
        &["create", "a", "--type", "api", "--set", "auth=@.", "--language", "python"],
        &["select", "--evaluate", "."],
        &["model", "."],
    ] {
        project.refuses(arguments);
    }
}

#[test]
fn a_project_that_is_not_there_is_refused_by_every_command() {
    let project = Project::new();
    let gone = project.path("gone");
    for command in ["history", "recover", "rollback", "doctor", "create", "validate"] {
        let run =
            assert_cmd::Command::cargo_bin("integrate").unwrap().arg("-C").arg(&gone).arg(command).output().unwrap();
        let said = said(&run, 2, &[command]);
        assert!(said.contains("there is no such folder"), "{command}: {said}");
    }
}

#[test]
fn text_options_are_taken_as_they_are_typed() {
    let project = Project::after(&[&SHOP]);
    for (typed, kept) in
        [("2026", "2026"), ("*a", "*a"), ("a #b", "a #b"), ("'q'", "q"), ("[x]", "[x]"), ("a: b", "a: b")]
    {
        let said = project.fails(2, &["create", "shop", "--set", &format!("base_url={typed}")]);
        assert!(said.contains(&format!("\"{kept}\" does not match")), "{typed}: {said}");
    }
}

#[test]
fn what_an_option_may_be_is_said_where_it_is_refused() {
    let project = Project::new();
    let storage = ["create", "docs", "--type", "storage", "--language", "python", "--set"];
    for prefix in ["a/../b", "a//b", ".", "a/."] {
        let said = project.refuses(&[&storage[..], &[&format!("prefix={prefix}")]].concat());
        assert!(said.contains("What all keys are below"), "{prefix}: {said}");
    }
    let auth = ["create", "login", "--type", "auth", "--language", "python", "--set"];
    let said = project.refuses(&[&auth[..], &["issuer=http://login.example.com"]].concat());
    assert!(said.contains("http on this machine only"), "{said}");
    let queue = ["create", "events", "--type", "queue", "--language", "python", "--yes", "--set"];
    let said = project.refuses(&[&queue[..], &["url=amqp://bob:s3cret@h/v"]].concat());
    assert!(said.contains("leave user and password out") && !said.contains("s3cret"), "{said}");
}

#[test]
fn a_message_quotes_a_short_part_of_a_value_and_all_of_the_rule() {
    let project = Project::after(&[&SHOP]);
    let said = project.refuses(&["create", "shop", "--set", "cost_header=@openapi.yaml"]);
    assert!(said.len() < 400 && said.contains("…") && said.contains("does not match \"^[A-Za-z0-9-]+$\""), "{said}");
    let said = project.refuses(&["create", "shop", "--set", "base_url=https://bob:s3cret@h/ a"]);
    assert!(!said.contains("s3cret") && said.contains(r#"^https?://[^/@\s]+"#), "{said}");
}

#[test]
fn a_protected_path_names_the_line_that_frees_it() {
    let project = Project::after(&[&SHOP]);
    let yaml = project.read("integrate.yaml") + "protected: [client.py]\n";
    project.write("integrate.yaml", &yaml);
    let said = project.refuses(&["create", "shop", "--set", "attempts=5"]);
    assert!(said.contains("add `!/integrations/shop/client.py`"), "{said}");
}

#[test]
fn a_byte_order_mark_before_the_project_is_no_second_document() {
    let project = Project::after(&[&SHOP]);
    let yaml = format!("\u{feff}{}...\n", project.read("integrate.yaml"));
    project.write("integrate.yaml", &yaml);
    project.ok(&UP);
    project.ok(&["create"]);
    project.ok(&["remove", "up"]);
    assert_eq!(project.read("integrate.yaml"), yaml);
    assert_eq!(project.read("openapi.yaml"), DOCUMENT);
}
