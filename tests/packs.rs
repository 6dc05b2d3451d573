//! Packs of a user's own: a seventh pattern and a third language made of data alone, and packs that mean ill.

#[path = "packs/hostile.rs"]
mod hostile;
#[path = "machine/mod.rs"]
mod machine;
#[path = "packs/page.rs"]
mod page;
#[path = "packs/scene.rs"]
mod scene;

use std::process::Command;

use integrate::validate::grammar::{Grammar, Tree};
use integrate::validate::rules::Rules;
use scene::*;
use serde_json::json;

const MESSAGES: &str = "messages=[{name: order shipped, subject: Your order is on its way}, {name: \"order-shipped\", subject: \"Again: \\\"here\\\" \"}]";

fn create<'a>(name: &'a str, language: &'a str) -> Vec<&'a str> {
    vec!["create", name, "--type", "mail", "--language", language, "--set", MESSAGES]
}

#[test]
fn a_seventh_pattern_is_selected_by_its_own_signals() {
    let project = Project::with_packs(&["mail-pack"]);
    let wanted = "send a mail through our SMTP server when an order has shipped";
    let said =
        project.json(&["create", "notices", "--requirements", wanted, "--language", "python", "--set", MESSAGES]);
    let choice = &said["choice"];
    assert_eq!(
        (&choice["pattern"], &choice["variant"], &choice["given_by"]),
        (&json!("mail"), &json!("smtp"), &json!("selection"))
    );
    assert!(
        choice["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .any(|evidence| evidence["what"] == "the protocol of mail, or a library for it"),
        "{choice:#}"
    );
    assert_eq!((&said["ledger"]["source"], &said["ledger"]["generated"]), (&json!(2), &json!(2)));
    assert_eq!(said["ledger"]["entries"][1]["origin"]["pointer"], "/integrations/notices/options/messages/1");
    let other = project.json(&["select", "keep invoices as PDF in an S3 bucket"]);
    assert_eq!(other["ranking"]["decision"]["chosen"], "storage", "{other:#}");
}

#[test]
fn a_seventh_pattern_yields_files_like_any_other() {
    let project = Project::with_packs(&["mail-pack"]);
    project.ok(&create("notices", "python"));
    for file in ["__init__.py", "client.py", "config.py", "tests/test_messages.py", "README.md", ".env.example"] {
        assert!(project.path(&format!("integrations/notices/{file}")).is_file(), "{file}");
    }
    let client = project.read("integrations/notices/client.py");
    for part in ["class Notices:", "def order_shipped(self", "def order_shipped_2(self", r#"'Again: "here" '"#] {
        assert!(client.contains(part), "{part}\n{client}");
    }
    assert!(project.path("integrations/runtime/calls.py").is_file(), "what it shares comes along");
    assert!(project.read("pyproject.toml").contains("pytest"));
    assert!(project.ok(&["validate"]).contains("no findings"));
    assert!(project.ok(&["create"]).contains("nothing to do"));
    let moved = Project::with_packs(&[]);
    assert!(project.ok(&["deploy", "notices", "--to", moved.place(), "--no-tests"]).contains("not tested"));
    project.ok(&["remove", "notices"]);
    assert!(!project.path("integrations/notices").exists());
}

#[test]
fn what_a_seventh_pattern_yields_passes_its_own_tests_and_the_checkers() {
    let Some(python) = machine::python("tests of what a pack yields") else { return };
    let project = Project::with_packs(&["mail-pack"]);
    project.ok(&create("notices", "python"));
    let tools: [&[&str]; 5] = [
        &["-m", "pytest", "-q", "-p", "no:cacheprovider", "integrations"],
        &["-m", "mypy", "--strict", "--cache-dir=/dev/null", "integrations"],
        &["-m", "ruff", "check", "--no-cache", "integrations"],
        &["-m", "ruff", "format", "--no-cache", "--check", "integrations"],
        &["-m", "pyright", "integrations"],
    ];
    for tool in tools {
        let run = Command::new(&python)
            .args(tool)
            .current_dir(project.folder.path())
            .env("PATH", path_with(&python))
            .output()
            .unwrap();
        assert!(run.status.success(), "{tool:?}\n{}", both(&run));
    }
}

#[test]
fn a_seventh_pattern_is_listed_and_shown() {
    let project = Project::with_packs(&["mail-pack", "perl-pack"]);
    let list = project.json(&["patterns", "list"]);
    let mail = list.as_array().unwrap().iter().find(|row| row["pattern"] == "mail").unwrap();
    assert_eq!(mail["languages"], json!(["python", "perl"]), "ours first, then those of packs");
    let shown = project.ok(&["patterns", "show", "mail"]);
    for part in ["mail: Mail", "--set messages=…", "mail-without-timeout", "languages  python, perl", "--type mail"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn the_rules_of_a_pack_find_what_they_say_they_find() {
    let path = "patterns/mail/rules/mail-without-timeout.yaml";
    let yaml = std::fs::read_to_string(examples().join("mail-pack/mail/rules/mail-without-timeout.yaml")).unwrap();
    let rules = Rules::read([(path, yaml.as_str())]).unwrap();
    let (rule, grammar) = (&rules.rules[0], Grammar::Python);
    let body = &rule.languages["python"];
    for (codes, must) in [(&body.must_trigger, true), (&body.must_not_trigger, false)] {
        for code in codes {
            let tree = Tree::parse(code, grammar).unwrap();
            let found = tree.scan(&[(rule.matcher(grammar).unwrap(), &rule.message)]);
            let applies = rule.may_apply("python", code).unwrap() && rule.concerns_imports("python", &tree.imports());
            assert_eq!(applies && !found.matches.is_empty(), must, "{code}");
        }
    }
    let project = Project::with_packs(&["mail-pack"]);
    project.write("send.py", &body.must_trigger[0]);
    let file = project.path("send.py").display().to_string();
    let said = project.fails(1, &["validate", &file]);
    assert!(said.contains("mail-without-timeout") && said.contains("mail 7 points: imports `smtplib`"), "{said}");
}

#[test]
fn a_pack_may_lie_anywhere_that_is_named() {
    let pack = examples().join("mail-pack").display().to_string();
    let named = Project::with_packs(&[]);
    let create = create("notices", "python");
    assert!(named.fails(2, &create).contains("there is no pattern `mail`"));
    named.ok(&[&create[..], &["--patterns", &pack]].concat());
    let listed = Project::with_packs(&[]);
    copy(&examples().join("mail-pack"), &listed.path("tools/packs"));
    listed.write("integrate.yaml", "version: 1\npatterns: [tools/packs]\nintegrations: {}\n");
    listed.ok(&create);
    assert!(listed.read("integrate.yaml").contains("patterns: [tools/packs]"));
}

#[test]
fn a_third_language_is_a_folder_of_data_and_is_not_called_parsed() {
    let project = Project::with_packs(&["mail-pack", "perl-pack"]);
    let said = project.ok(&create("notices", "perl"));
    assert!(said.contains("mail/smtp in Perl") && said.contains("2 not parsed: not a language we read"), "{said}");
    let module = project.read("integrations/Notices/Mailer.pm");
    for part in ["package Notices::Mailer;", "sub order_shipped (", "sub order_shipped_2 (", r#""Again: \"here\" ""#] {
        assert!(module.contains(part), "{part}\n{module}");
    }
    // Nothing that a rule was tried on: that is not clean, and is said file by file.
    let said = project.fails(1, &["validate"]);
    assert!(
        said.contains("nothing was checked") && said.contains("Mailer.pm: skipped: not a language we read"),
        "{said}"
    );
    let python = project.json(&create("other", "python"));
    assert_eq!(python["unchecked"], json!([]));
    let both = project.json(&["validate"]);
    let skipped: Vec<_> =
        both["skipped"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    let language = "not a language we read";
    assert_eq!(skipped, [language, language, "a pattern pack: its own tests check it"], "{both:#}");
    assert_eq!(both["summary"]["exit_status"], 0);
}

#[test]
fn a_third_language_writes_text_as_its_own_literals() {
    let project = Project::with_packs(&["mail-pack", "perl-pack"]);
    let subject = "messages=[{name: a, subject: '@{[evil(7)]} $x \\ \"'}]";
    project.ok(&["create", "notices", "--type", "mail", "--language", "perl", "--set", subject]);
    let module = project.read("integrations/Notices/Mailer.pm");
    assert!(module.contains(r#""\@{[evil(7)]} \$x \\ \"""#), "{module}");
}

#[test]
fn what_a_third_language_yields_runs() {
    if Command::new("prove").arg("--version").output().is_err() {
        machine::leave_out("tests of what a third language yields", "`prove` (Perl) is not installed");
        return;
    }
    let project = Project::with_packs(&["mail-pack", "perl-pack"]);
    project.ok(&create("notices", "perl"));
    let run =
        Command::new("prove").arg("integrations/Notices/tests").current_dir(project.folder.path()).output().unwrap();
    assert!(run.status.success(), "{}", both(&run));
}

#[test]
fn the_language_of_a_project_is_seen_by_the_manifests_its_pack_names() {
    let project = Project::with_packs(&["mail-pack", "perl-pack"]);
    project.write("cpanfile", "");
    let said = project.ok(&["create", "notices", "--type", "mail", "--set", MESSAGES]);
    assert!(said.contains("in Perl"), "{said}");
    let fresh = Project::with_packs(&["mail-pack", "perl-pack"]);
    assert!(
        fresh.ok(&["create", "notices", "--type", "mail", "--yes"]).contains("in Python"),
        "a pack does not change what is usual"
    );
}

#[test]
fn a_language_names_only_what_is_built_in() {
    let project = Project::with_packs(&["mail-pack", "perl-pack"]);
    let path = "integrations/patterns/templates/perl/language.yaml";
    let yaml = project.read(path);
    project.write(path, &format!("grammar: perl\n{yaml}"));
    let said = project.fails(2, &create("notices", "perl"));
    assert!(
        said.contains("language.yaml: there is no grammar `perl`") && said.contains("reported as not parsed"),
        "{said}"
    );
    project.write(path, &yaml.replace("title: Perl", "titel: Perl"));
    let said = project.fails(2, &create("notices", "perl"));
    assert!(said.contains("templates/perl/language.yaml:") && said.contains("unknown field `titel`"), "{said}");
}

#[test]
fn a_language_without_templates_for_a_pattern_says_so() {
    let project = Project::with_packs(&["mail-pack", "perl-pack"]);
    let said = project.fails(2, &["create", "up", "--type", "storage", "--language", "perl", "--yes"]);
    assert!(said.contains("the variant `object` of `storage` has no templates for `perl`"), "{said}");
}

#[test]
fn a_variant_that_is_not_for_a_language_says_why() {
    let project = Project::with_packs(&["mail-pack"]);
    let path = "integrations/patterns/mail/pattern.yaml";
    let pattern = project.read(path);
    project.write(
        path,
        &pattern.replace("    sources:", "    not_for: {typescript: Node has a mail library of its own}\n    sources:"),
    );
    let said = project.fails(2, &create("notices", "typescript"));
    assert!(
        said.contains("`smtp` of `mail` is not meant to be in TypeScript: Node has a mail library of its own"),
        "{said}"
    );
    assert!(project.ok(&["patterns", "show", "mail"]).contains("not for    typescript: Node has"));
}

#[test]
fn a_library_that_our_table_lacks_has_its_version_in_the_cell() {
    let project = Project::with_packs(&["mail-pack"]);
    let path = "integrations/patterns/templates/python/mail/smtp/files.yaml";
    let files = project.read(path);
    project.write(path, &format!("dependencies: [aiosmtplib]\n{files}"));
    let said = project.fails(2, &create("notices", "python"));
    assert!(said.contains("no version of the library `aiosmtplib`"), "{said}");
    project.write(path, &format!("dependencies: [aiosmtplib]\nlibraries: {{aiosmtplib: \">=4,<6\"}}\n{files}"));
    project.ok(&create("notices", "python"));
    assert!(project.read("pyproject.toml").contains("aiosmtplib>=4,<6"));
}
