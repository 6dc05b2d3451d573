//! `deploy`: what it leaves alone in the other project, and what of it outlives the builds there.

use std::os::unix::fs::PermissionsExt;

use super::scene::{Project, SHOP, UP, tools};

const ALONE: [&str; 1] = ["--no-tests"];

fn deploy<'a>(to: &'a Project, more: &[&'a str]) -> Vec<&'a str> {
    [&["deploy", "shop", "--to", to.place()], more].concat()
}

/// Gives the project a Python of its own, which is a script.
fn python(project: &Project, script: &str) {
    project.write(".venv/bin/python", &format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(project.path(".venv/bin/python"), std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn what_was_deployed_outlives_the_builds_there() {
    let (project, other) = (Project::after(&[&SHOP]), Project::after(&[&UP]));
    project.ok(&deploy(&other, &ALONE));
    let after = other.tree();
    for arguments in [&["create"][..], &["create", "up"], &["create", "--yes"], &["validate"]] {
        other.ok(arguments);
        assert!(other.tree() == after, "{arguments:?} changed what was deployed");
    }
    other.ok(&["remove", "up"]);
    assert!(other.has("integrations/shop/client.py") && other.has("integrations/runtime/http.py"));
    assert!(!other.has("integrations/up") && !other.has("integrations/runtime/objects.py"));
    let manifest = other.read("pyproject.toml");
    assert!(manifest.contains("httpx2") && !manifest.contains("obstore"), "{manifest}");
    other.ok(&["remove", "shop"]);
    assert_eq!(other.tree().keys().collect::<Vec<_>>(), ["integrate.yaml", "openapi.yaml"]);
}

#[test]
fn what_was_deployed_is_deployed_again_and_not_built_over() {
    let (project, other) = (Project::after(&[&SHOP]), Project::new());
    project.ok(&deploy(&other, &ALONE));
    let said = other.refuses(&SHOP);
    assert!(said.contains("`shop` came from another project") && said.contains("integrate remove shop"), "{said}");
    project.ok(&["create", "shop", "--set", "attempts=5"]);
    project.ok(&deploy(&other, &ALONE));
    let of = |project: &Project| {
        let mut files = project.tree();
        files.retain(|path, _| path.starts_with("integrations/"));
        files
    };
    assert!(of(&project) == of(&other));
}

#[test]
fn an_integration_of_the_other_projects_own_is_never_written_over() {
    let project = Project::after(&[&SHOP]);
    for name in ["shop", "Shop", "SHOP"] {
        let other = Project::after(&[&["create", name, "--type", "storage", "--language", "python", "--yes"]]);
        let before = other.tree();
        let said = project.refuses(&deploy(&other, &ALONE));
        assert!(said.contains(&format!("integration `{name}`")) && said.contains(&format!("remove {name}`")), "{said}");
        assert!(other.tree() == before);
    }
    // One that is listed and was never built, too.
    let other = Project::new();
    other.write("integrate.yaml", "version: 1\nintegrations:\n  shop: {pattern: queue}\n");
    project.refuses(&deploy(&other, &ALONE));
    assert!(!other.has("integrations"));
}

#[test]
fn a_project_that_keeps_its_integrations_elsewhere_is_refused() {
    let (project, other) = (Project::after(&[&SHOP]), Project::new());
    other.write("integrate.yaml", "version: 1\nroot: src/adapters\n");
    let said = project.refuses(&deploy(&other, &ALONE));
    assert!(said.contains("it keeps its integrations in `src/adapters`, this project in `integrations`"), "{said}");
    assert!(!other.has("integrations") && !other.has("src"));
}

#[test]
fn the_folder_deployed_to_is_named_from_the_project() {
    let (project, other) = (Project::after(&[&SHOP]), Project::new());
    let name = other.folder.path().file_name().unwrap().to_str().unwrap();
    project.ok(&["deploy", "shop", "--to", &format!("../{name}"), "--no-tests"]);
    assert!(other.has("integrations/shop/client.py"));
    assert!(project.refuses(&["deploy", "shop", "--to", "."]).contains("that is this project"));
    for part in ["integrations", "integrations/shop", ".integrate"] {
        assert!(project.refuses(&["deploy", "shop", "--to", part]).contains("a part of this project"));
    }
}

#[test]
fn deploy_runs_the_tests_there_and_keeps_what_passes() {
    let Some(own) = tools("python/bin/python") else { return };
    let (project, other) = (Project::after(&[&SHOP]), Project::new());
    python(&other, &format!("exec '{}' \"$@\"", own.display()));
    let said = project.ok(&deploy(&other, &[]));
    assert!(said.contains("tested with") && other.has("integrations/shop/client.py"), "{said}");
    let leaves = |name: &str| {
        walkdir::WalkDir::new(other.folder.path()).into_iter().any(|entry| entry.unwrap().file_name() == name)
    };
    assert!(!leaves(".pytest_cache") && !leaves("__pycache__"));
}

#[test]
fn deploy_takes_back_what_fails_its_tests() {
    let Some(own) = tools("python/bin/python") else { return };
    let (project, other) = (Project::after(&[&SHOP]), Project::new());
    python(&other, &format!("exec '{}' \"$@\"", own.display()));
    let before = other.tree();
    let broken = project.read("integrations/shop/tests/test_books.py")
        + "\n\ndef test_broken() -> None:\n    raise AssertionError\n";
    project.write("integrations/shop/tests/test_books.py", &broken);
    let said = project.fails(1, &deploy(&other, &[]));
    assert!(said.contains("1 failed") && said.contains("so everything is as it was"), "{said}");
    assert!(
        other.tree() == before && [".integrate", "integrations", ".pytest_cache"].iter().all(|name| !other.has(name)),
        "{:?}",
        other.tree().keys()
    );
}

#[test]
fn a_machine_that_cannot_run_the_tests_is_told_from_tests_that_fail() {
    let (project, other) = (Project::after(&[&SHOP]), Project::new());
    python(&other, "case \"$*\" in --version) echo Python 3.14.0;; *) echo no module >&2; exit 1;; esac");
    let said = project.refuses(&deploy(&other, &[]));
    assert!(said.contains("the tests cannot run: pytest is not there") && said.contains("--no-tests"), "{said}");
    assert!(!other.has("integrations"));
    python(&other, "echo Python 3.9.1");
    assert!(project.refuses(&deploy(&other, &[])).contains("Python is `3.9.1`, wanted 3.11 or newer"));
}
