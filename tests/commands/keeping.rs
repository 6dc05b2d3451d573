//! What a project remembers of what was asked for, so that it can be built again.

use super::scene::{DOCUMENT, Project, SHOP, said};

const PIPED: [&str; 6] = ["create", "shop", "--source", "-", "--language", "python"];

fn pipe(project: &Project, text: &str, status: i32) -> String {
    said(&project.command(&PIPED).write_stdin(text).output().unwrap(), status, &PIPED)
}

#[test]
fn what_standard_input_held_is_kept_and_built_again() {
    let project = Project::new();
    pipe(&project, DOCUMENT, 0);
    let kept = "integrations/shop.openapi.yaml";
    assert_eq!(project.read(kept), DOCUMENT);
    assert!(project.read("integrate.yaml").contains(&format!("source: {kept}")));
    let before = project.tree();
    for arguments in [&["create"][..], &["create", "shop"], &["create", "--yes"], &["create", "shop", "--yes"]] {
        assert!(project.ok(arguments).contains("nothing to do"));
    }
    pipe(&project, DOCUMENT, 0);
    assert!(project.tree() == before);
    project.ok(&["validate"]);
    pipe(&project, &DOCUMENT.replace("/books/{isbn}/cover", "/books/{isbn}/picture"), 0);
    assert!(project.read("integrations/shop/resources/books.py").contains("/books/{}/picture"));
    project.ok(&["remove", "shop"]);
    assert!(!project.has("integrations"));
}

#[test]
fn what_standard_input_held_and_was_edited_since_is_not_lost() {
    let project = Project::new();
    pipe(&project, DOCUMENT, 0);
    project.write("integrations/shop.openapi.yaml", &format!("{DOCUMENT}\n# mine\n"));
    let before = project.tree();
    let said = pipe(&project, &DOCUMENT.replace("1.4.0", "1.5.0"), 2);
    assert!(said.contains("`integrations/shop.openapi.yaml`: is not as it was left"), "{said}");
    assert!(project.tree() == before);
    project.ok(&["remove", "shop"]);
    assert!(project.read("integrations/shop.openapi.yaml").contains("# mine"));
}

#[test]
fn what_standard_input_held_and_cannot_be_read_is_not_kept() {
    let project = Project::new();
    let before = project.tree();
    let said = pipe(&project, "openapi: 3.1.0\npaths: [\n", 2);
    assert!(said.contains("standard input:") && project.tree() == before, "{said}");
    pipe(&project, "hello\n", 2);
    assert!(project.tree() == before);
    project
        .write("integrate.yaml", "version: 1\nlanguage: python\nintegrations:\n  shop: {pattern: api, source: '-'}\n");
    assert!(project.refuses(&["create"]).contains("`-` is no source that can be read again"));
}

#[test]
fn what_may_be_skipped_once_may_be_skipped_again() {
    let broken = "  /lost:\n    get:\n      responses:\n        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}\n";
    let project = Project::new();
    project.write("openapi.yaml", &DOCUMENT.replace("  /orders:\n", &format!("{broken}  /orders:\n")));
    project.fails(1, &SHOP);
    project.ok(&[&SHOP[..], &["--allow-skipped"]].concat());
    assert!(project.read("integrate.yaml").contains("allow_skipped: true"));
    let said = project.ok(&["create"]);
    assert!(said.contains("skipped  GET /lost") && said.contains("nothing to do"), "{said}");
    // It is not said of a document that can be read.
    let whole = Project::after(&[&[&SHOP[..], &["--allow-skipped"]].concat()]);
    assert!(!whole.read("integrate.yaml").contains("allow_skipped"));
}

#[test]
fn comments_in_an_entry_outlive_a_change_of_it() {
    let project = Project::new();
    let yaml = "version: 1 # ours\nlanguage: python\nintegrations:\n  shop: # the one in Kiel\n    pattern: api\n    source: openapi.yaml # from the vendor\n    options:\n      # it is slow\n      attempts: 3 # enough\n";
    project.write("integrate.yaml", yaml);
    project.ok(&["create", "shop", "--set", "attempts=5"]);
    let now = project.read("integrate.yaml");
    assert_eq!(now.matches('#').count(), 5, "{now}");
    assert!(now.contains("      attempts: 5 # enough\n"), "{now}");
}

#[test]
fn an_entry_behind_an_anchor_is_not_changed_for_another() {
    let project = Project::new();
    project.write(
        "integrate.yaml",
        "version: 1\nlanguage: python\nintegrations:\n  shop: &a {pattern: api, source: openapi.yaml}\n  two: *a\n",
    );
    let said = project.refuses(&["create", "shop", "--set", "attempts=5"]);
    assert!(said.contains("`shop` cannot be changed without changing another entry"), "{said}");
    project.ok(&["create"]);
}
