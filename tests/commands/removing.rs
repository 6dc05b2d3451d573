//! `remove`, and a change of language: what no remaining entry stands on goes.

use super::scene::{Project, SHOP, UP};

fn files(project: &Project, below: &str) -> Vec<String> {
    project.tree().into_keys().filter(|path| path.starts_with(below)).collect()
}

#[test]
fn what_only_the_removed_entry_stood_on_goes_with_it() {
    for built in [&[&UP[..], &SHOP][..], &[&SHOP, &UP], &[&SHOP, &UP, &["create"]]] {
        let (project, alone) = (Project::after(built), Project::after(&[&UP]));
        project.ok(&["remove", "shop"]);
        assert_eq!(files(&project, "integrations/"), files(&alone, "integrations/"), "{built:?}");
        assert_eq!(project.read("pyproject.toml"), alone.read("pyproject.toml"), "{built:?}");
        project.ok(&["validate"]);
        assert!(project.ok(&["create"]).contains("nothing to do"));
    }
}

#[test]
fn another_language_leaves_nothing_of_the_old_one() {
    let project = Project::after(&[&UP, &["create", "up", "--language", "typescript"]]);
    let alone = Project::after(&[&["create", "up", "--type", "storage", "--language", "typescript", "--yes"]]);
    assert_eq!(files(&project, ""), files(&alone, ""));
    // What another entry stands on stays.
    let both = Project::after(&[&UP, &SHOP, &["create", "up", "--language", "typescript"]]);
    let shop = Project::after(&[&SHOP]);
    let python = |project: &Project| {
        let all = files(project, "integrations/");
        all.into_iter().filter(|path| path.ends_with(".py")).collect::<Vec<_>>()
    };
    assert_eq!(python(&both), python(&shop));
    assert_eq!(both.read("pyproject.toml"), shop.read("pyproject.toml"));
}

#[test]
fn an_entry_that_was_never_built_is_removed_from_the_list() {
    let project = Project::new();
    project.write(
        "integrate.yaml",
        "version: 1\nlanguage: python\nintegrations:\n  a:\n    pattern: queue\n  b:\n    pattern: api\n",
    );
    project.ok(&["remove", "b"]);
    assert!(!project.read("integrate.yaml").contains("b:") && project.read("integrate.yaml").contains("a:"));
    let said = project.refuses(&["remove", "gone"]);
    assert!(said.contains("there is no integration `gone`") && said.contains("`a`"), "{said}");
    let said = Project::new().refuses(&["remove", "gone"]);
    assert!(!said.contains("one of: \n") && said.contains("there is nothing to remove"), "{said}");
}

#[test]
fn remove_takes_no_flag_that_means_nothing() {
    let said = Project::after(&[&SHOP]).fails(2, &["remove", "shop", "--restore"]);
    assert!(said.contains("--restore"), "{said}");
}
