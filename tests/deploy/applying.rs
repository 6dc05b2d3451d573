//! One apply at a time, all or nothing, also on a disk that will not have it.

use crate::scene::*;
use integrate::deploy::{self, Target};
use std::fs::{self, File};
use std::process::Command;

#[test]
fn hostile_40_an_edit_between_plan_and_apply_is_refused_by_name() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n"), ("b.py", "1\n"), ("c.py", "1\n")]));
    let plan = scene.plan(&package(&[("a.py", "2\n"), ("b.py", "2\n"), ("d.py", "2\n")]));
    scene.write("a.py", "mine\n");
    scene.write("c.py", "mine\n");
    scene.write("d.py", "mine\n");
    let before = scene.tree();
    let told = problem(deploy::apply(&plan, &scene.target));
    assert_eq!(told, "`a.py`, `d.py`, `c.py`: changed since it was read; nothing was written");
    assert!(scene.tree() == before);
}

#[cfg(unix)]
#[test]
fn hostile_40_permissions_changed_after_the_plan_are_an_edit() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n")]));
    let plan = scene.plan(&package(&[("a.py", "2\n")]));
    set_bits(&scene.root().join("a.py"), 0o700);
    problem(deploy::apply(&plan, &scene.target));
}

#[test]
fn hostile_41_of_two_applies_at_once_one_wins() {
    for _ in 0..20 {
        let scene = Scene::new();
        let plans = ["one\n", "two\n"].map(|text| scene.plan(&package(&[("a.py", text), ("in/b.py", text)])));
        let target = &scene.target;
        let outcomes = std::thread::scope(|scope| {
            let runs = plans.each_ref().map(|plan| scope.spawn(move || deploy::apply(plan, target).is_ok()));
            runs.map(|run| run.join().unwrap())
        });
        assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);
        assert_eq!(scene.read("a.py"), scene.read("in/b.py"));
        assert_eq!(scene.read("a.py"), if outcomes[0] { "one\n" } else { "two\n" });
    }
}

#[test]
fn hostile_41_a_lock_that_is_held_names_its_process_and_a_dead_one_is_free() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n")]));
    let path = scene.root().join(".integrate/lock");
    fs::write(&path, "4242\n").unwrap();
    let plan = scene.plan(&package(&[("a.py", "2\n")]));
    let held = File::open(&path).unwrap();
    held.try_lock().unwrap();
    let told = problem(deploy::apply(&plan, &scene.target));
    assert!(told.ends_with("another `integrate` is writing here (process 4242)"), "{told}");
    problem(deploy::rollback(&scene.target, None));
    problem(deploy::recover(&scene.target));
    drop(held);
    deploy::apply(&plan, &scene.target).unwrap();
}

#[test]
fn our_own_folder_ignores_itself_and_keeps_a_receipt() {
    let scene = Scene::new();
    let mut plan = scene.plan(&package(&[("a.py", "1\n")]));
    plan.build = serde_json::json!({ "lines": 1 });
    let receipt = deploy::apply(&plan, &scene.target).unwrap();
    assert_eq!(scene.read(".integrate/.gitignore"), "*\n");
    assert_eq!((receipt.id.as_str(), receipt.files.len()), ("0001", 3));
    assert_eq!(receipt.build["lines"], 1);
    assert_eq!(deploy::receipts(&scene.target).unwrap(), [receipt]);
    assert!(fs::read_dir(scene.root().join(".integrate/journal")).unwrap().next().is_none());
}

#[test]
fn a_missing_folder_is_an_empty_project() {
    let outer = tempfile::tempdir().unwrap();
    let target = Target::open(&outer.path().join("new/project"), &[]).unwrap();
    let plan = deploy::plan(&package(&[("a.py", "1\n")]), &target, &Default::default(), &entries(&["a"])).unwrap();
    assert!(!outer.path().join("new").exists());
    deploy::apply(&plan, &target).unwrap();
    assert!(outer.path().join("new/project/a.py").exists());
    fs::write(outer.path().join("file"), "").unwrap();
    problem(Target::open(&outer.path().join("file"), &[]));
}

#[cfg(target_os = "linux")]
#[test]
fn hostile_39_a_full_disk_leaves_the_old_tree() {
    let scene = Scene::new();
    let Some(_disk) = Mount::new(scene.root(), "size=256k") else { return };
    scene.apply(&package(&[("a.py", "1\n"), ("in/b.py", "1\n")]));
    let before = scene.tree();
    let big = noise(400_000);
    for files in [[("a.py", "2\n"), ("new/c.py", big.as_str())], [("new/c.py", big.as_str()), ("a.py", "2\n")]] {
        let plan = scene.plan(&package(&files));
        let told = problem(deploy::apply(&plan, &scene.target));
        assert!(told.contains("No space left"), "{told}");
        assert!(scene.tree() == before);
        deploy::refuse_unfinished(&scene.target).unwrap();
    }
    let plan = scene.plan(&package(&[("a.py", "2\n")]));
    // A child that another test is just starting still holds the big file open, and its space with it.
    let done = (0..100_000).any(|_| deploy::apply(&plan, &scene.target).is_ok());
    assert!(done && scene.read("a.py") == "2\n", "the space is free again");
}

#[cfg(target_os = "linux")]
#[test]
fn hostile_39_other_disks_within_the_project_are_no_hindrance() {
    let scene = Scene::new();
    for folder in [".integrate/backups", "in"] {
        fs::create_dir_all(scene.root().join(folder)).unwrap();
    }
    let Some(_backups) = Mount::new(&scene.root().join(".integrate/backups"), "size=1m") else { return };
    let Some(_inner) = Mount::new(&scene.root().join("in"), "size=1m") else { return };
    scene.apply(&package(&[("a.py", "1\n"), ("in/b.py", "1\n")]));
    let before = scene.tree();
    scene.apply(&package(&[("a.py", "2\n"), ("in/b.py", "2\n")]));
    deploy::rollback(&scene.target, None).unwrap();
    assert!(scene.tree() == before);
    let plan = scene.plan(&package(&[("a.py", "2\n"), ("in/b.py", &noise(2_000_000))]));
    assert!(problem(deploy::apply(&plan, &scene.target)).contains("No space left"));
    assert!(scene.tree() == before);
}

#[cfg(target_os = "linux")]
#[test]
fn hostile_39_a_read_only_backup_folder_leaves_the_old_tree() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n")]));
    let before = scene.tree();
    let plan = scene.plan(&package(&[("a.py", "2\n")]));
    let Some(_disk) = Mount::new(&scene.root().join(".integrate/backups"), "ro") else { return };
    let told = problem(deploy::apply(&plan, &scene.target));
    assert!(told.contains("Read-only file system") && told.ends_with("the files are as they were"), "{told}");
    assert!(scene.tree() == before);
}

/// A file system in memory, for as long as it lives.
#[cfg(target_os = "linux")]
struct Mount(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl Mount {
    /// None, and a line that says so, where we may not mount.
    fn new(place: &std::path::Path, options: &str) -> Option<Self> {
        let output = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(place).output();
        if !output.is_ok_and(|output| output.status.success()) {
            crate::machine::leave_out("tests of full, other and read-only disks (hostile 39)", "mounting needs root");
            return None;
        }
        Some(Self(place.to_path_buf()))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mount {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().unwrap();
    }
}

/// Text that no compression makes small.
#[cfg(target_os = "linux")]
fn noise(length: usize) -> String {
    let mut state = 1_u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b' ' + (state >> 58) as u8)
    };
    (0..length).map(next).collect()
}
