//! The ways back: rollback of a receipt, recovery, removal of an entry.

use crate::scene::*;
use integrate::deploy::{self, Action};
use std::fs;

#[cfg(unix)]
#[test]
fn a_rollback_brings_back_bytes_permissions_and_folders() {
    let scene = Scene::new();
    fs::create_dir(scene.root().join("in")).unwrap();
    let start = scene.tree();
    scene.apply(&package(&[("in/a.py", "1\n"), ("in/x/gone.py", "1\n")]));
    set_bits(&scene.root().join("in/a.py"), 0o750);
    set_bits(&scene.root().join("in/x"), 0o711);
    let middle = scene.tree();
    scene.apply(&package(&[("in/a.py", "2\n"), ("new/deep/b.py", "2\n")]));
    let end = scene.tree();
    assert!(!scene.exists("in/x"));
    let back = deploy::rollback(&scene.target, None).unwrap();
    assert_eq!(back.rolls_back.as_deref(), Some("0002"));
    assert!(scene.tree() == middle);
    deploy::rollback(&scene.target, Some(&back.id)).unwrap();
    assert!(scene.tree() == end, "a rollback can be rolled back");
    deploy::rollback(&scene.target, Some("2")).unwrap();
    set_bits(&scene.root().join("in/a.py"), bits(&scene.root().join("integrate.lock")));
    set_bits(&scene.root().join("in/x"), 0o755);
    deploy::rollback(&scene.target, None).unwrap();
    assert!(scene.tree() == start, "the first receipt is next, and the empty folder was there before");
    problem(deploy::rollback(&scene.target, None));
}

#[test]
fn hostile_45_a_rollback_after_an_edit_refuses_and_names_the_files() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n"), ("b.py", "1\n"), ("c.py", "1\n")]));
    scene.apply(&package(&[("a.py", "2\n"), ("b.py", "2\n")]));
    scene.write("a.py", "mine\n");
    scene.write("c.py", "mine\n");
    let before = scene.tree();
    let told = problem(deploy::rollback(&scene.target, None));
    assert_eq!(told, "`a.py`, `c.py`: changed since run `0002`; nothing was rolled back");
    assert!(scene.tree() == before);
    scene.write("a.py", "2\n");
    scene.remove("c.py");
    deploy::rollback(&scene.target, None).unwrap();
    assert_eq!(scene.read("c.py"), "1\n");
}

#[test]
fn hostile_45_an_older_receipt_waits_for_the_later_ones() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n")]));
    scene.apply(&package(&[("a.py", "2\n")]));
    assert!(problem(deploy::rollback(&scene.target, Some("0001"))).starts_with("`a.py`, "));
    assert_eq!(
        problem(deploy::rollback(&scene.target, Some("../x"))),
        format!("there is no run `../x` in `{}`", scene.root().display())
    );
}

#[test]
fn a_rollback_leaves_files_the_user_put_into_our_folders() {
    let scene = Scene::new();
    scene.apply(&package(&[("in/a.py", "1\n")]));
    scene.write("in/mine.txt", "mine");
    deploy::rollback(&scene.target, None).unwrap();
    assert!(!scene.exists("in/a.py") && scene.exists("in/mine.txt"));
}

#[test]
fn a_damaged_backup_is_not_restored() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n")]));
    scene.apply(&package(&[("a.py", "2\n")]));
    scene.write(".integrate/backups/0002/0", "other");
    assert!(problem(deploy::rollback(&scene.target, None)).contains("damaged"));
    assert_eq!(scene.read("a.py"), "2\n");
}

#[test]
fn recovery_has_nothing_to_do_where_nothing_was_interrupted() {
    let scene = Scene::new();
    assert_eq!(deploy::recover(&scene.target).unwrap().id, None);
    assert!(!scene.exists(".integrate"));
    scene.apply(&package(&[("a.py", "1\n")]));
    let before = scene.tree();
    assert_eq!(deploy::recover(&scene.target).unwrap().id, None);
    assert!(scene.tree() == before);
    deploy::rollback(&scene.target, None).unwrap();
}

/// Leaves the project as a crash between the last rename and the end of the journal does.
fn interrupted() -> Scene {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n")]));
    let receipt = scene.apply(&package(&[("a.py", "2\n"), ("in/b.py", "2\n")]));
    let steps = receipt.files.iter().map(
        |file| serde_json::json!({ "path": file.path, "old": file.old, "new": file.new.as_ref().map(|new| &new.hash) }),
    );
    let steps: Vec<_> = steps.collect();
    let journal =
        serde_json::json!({ "version": 1, "id": "0002", "steps": steps, "made": receipt.made, "emptied": [] });
    scene.write(".integrate/journal/0002.json", journal.to_string());
    scene
}

#[test]
fn unfinished_work_stops_every_command_until_it_is_recovered() {
    let scene = interrupted();
    let told = problem(scene.try_plan(&package(&[]), &entries(&["a"])));
    assert!(told.contains("interrupted while it wrote 4 files"), "{told}");
    problem(deploy::refuse_unfinished(&scene.target));
    problem(deploy::rollback(&scene.target, None));
    problem(deploy::plan_removal("a", &scene.target, &scene.lock(), &Default::default()));
    assert_eq!(deploy::receipts(&scene.target).unwrap().len(), 1, "what was interrupted did not happen");
    let recovery = deploy::recover(&scene.target).unwrap();
    assert_eq!((recovery.id.as_deref(), recovery.files.len()), (Some("0002"), 4));
    assert!(scene.read("a.py") == "1\n" && !scene.exists("in"));
    assert!(scene.plan(&package(&[("a.py", "1\n")])).is_empty());
    scene.apply(&package(&[("a.py", "3\n")]));
}

#[test]
fn a_recovery_does_not_touch_what_somebody_changed_since() {
    let scene = interrupted();
    scene.write("a.py", "mine\n");
    let before = scene.tree();
    assert_eq!(problem(deploy::recover(&scene.target)), "`a.py`: changed after the run was interrupted");
    assert!(scene.tree() == before);
    scene.remove("a.py");
    deploy::recover(&scene.target).unwrap();
    assert_eq!(scene.read("a.py"), "1\n");
}

#[test]
fn removing_the_last_entry_leaves_the_project_as_it_was() {
    let scene = Scene::new();
    scene.write("pyproject.toml", "[project]\nname = \"mine\"\ndependencies = []\n");
    scene.write("package.json", "{\n    \"name\": \"mine\"\n}");
    let before = scene.tree();
    let mut files = package(&[("in/a/x.py", "1\n")]);
    files.files.push(file("", "in/runtime/x.py", "1\n"));
    files.dependencies = vec![dependency("python", "httpx2", ">=2"), dependency("typescript", "kysely", "^0.28.0")];
    scene.apply(&files);
    let plan = scene.remove_entry("a");
    assert_eq!(of(&plan, "integrate.lock").0, Action::Delete);
    assert!(scene.tree() == before);
    deploy::rollback(&scene.target, None).unwrap();
    assert_eq!(scene.read("in/a/x.py"), "1\n");
}

#[test]
fn removing_one_entry_keeps_what_the_other_needs() {
    let scene = Scene::new();
    let mut files = package(&[("in/a/x.py", "1\n"), ("in/a/edited.py", "1\n")]);
    files.files.extend([file("b", "in/b/x.py", "1\n"), file("", "in/runtime/x.py", "1\n")]);
    let mut options = entries(&["a", "b"]);
    let (both, only_a) = (dependency("python", "shared", ">=1"), dependency("python", "only-a", ">=1"));
    options.entries[0].dependencies = vec![both.clone(), only_a.clone()];
    options.entries[1].dependencies = vec![both];
    scene.apply_with(&files, &options);
    scene.write("in/a/edited.py", "mine\n");
    let plan = scene.remove_entry("a");
    assert_eq!(of(&plan, "in/a/edited.py").0, Action::Keep);
    assert!(!scene.exists("in/a/x.py") && scene.exists("in/a/edited.py"));
    assert!(scene.exists("in/b/x.py") && scene.exists("in/runtime/x.py"));
    let manifest = scene.read("pyproject.toml");
    assert!(manifest.contains("shared>=1") && !manifest.contains("only-a"), "{manifest}");
    assert_eq!(scene.lock().entries.keys().collect::<Vec<_>>(), ["b"]);
    assert!(
        problem(deploy::plan_removal("a", &scene.target, &scene.lock(), &Default::default()))
            .contains("no integration `a`")
    );
    scene.remove_entry("b");
    assert_eq!(
        scene.tree().keys().collect::<Vec<_>>(),
        ["in", "in/a", "in/a/edited.py"],
        "the manifest we made went too"
    );
}

#[test]
fn what_python_compiled_from_our_files_goes_with_them() {
    let scene = Scene::new();
    scene.write("in/mine.py", "1\n");
    scene.write("in/__pycache__/mine.cpython-314.pyc", "theirs");
    let before = scene.tree();
    scene.apply(&package(&[("in/a/x.py", "1\n"), ("in/top.py", "1\n")]));
    scene.write("in/a/__pycache__/x.cpython-314.pyc", "ours");
    scene.write("in/a/__pycache__/x.cpython-314-pytest-9.0.pyc", "ours");
    scene.write("in/__pycache__/top.cpython-314.pyc", "ours");
    let full = scene.tree();
    deploy::rollback(&scene.target, None).unwrap();
    assert!(scene.tree() == before);
    deploy::rollback(&scene.target, Some("0002")).unwrap();
    assert!(scene.tree() == full);
    scene.remove_entry("a");
    assert!(scene.tree() == before);
}

#[test]
fn what_a_crash_left_in_our_own_folder_goes_with_the_next_apply() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n")]));
    let debris =
        [".integrate/backups/0007/0", ".integrate/journal/.tmp-x", ".integrate/receipts/.tmp-x", ".integrate/.tmp-x"];
    debris.iter().for_each(|path| scene.write(path, "half"));
    scene.apply(&package(&[("a.py", "2\n")]));
    assert!(debris.iter().all(|path| !scene.exists(path)) && !scene.exists(".integrate/backups/0007"));
    deploy::rollback(&scene.target, None).unwrap();
    assert_eq!(scene.read("a.py"), "1\n");
}
