//! Kills apply, rollback and recover before every system call that changes something, or lets the call fail, and looks
//! at what is left: after `recover` exactly the old tree or exactly the new one.
//!
//! Needs `strace`. The process that suffers is this test binary again, run for its one ignored test.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "figures are printed")]
#![cfg(target_os = "linux")]

#[path = "crash/cli.rs"]
mod cli;
#[path = "machine/mod.rs"]
mod machine;
#[path = "crash/scene.rs"]
mod scene;

use integrate::deploy::{self, Target};
use scene::*;
use std::fs;
use std::path::Path;

#[test]
#[ignore = "the process that the other tests kill"]
fn the_process_that_is_killed() {
    let Ok(work) = std::env::var("INTEGRATE_CRASH") else { return };
    let target = Target::open(Path::new(&std::env::var("INTEGRATE_CRASH_ROOT").unwrap()), &[]).unwrap();
    for _ in 0..PADDING {
        fs::write("/dev/null", "-").unwrap();
    }
    let outcome = match work.as_str() {
        "apply" => second_apply(&target).map(|_| ()),
        "rollback" => deploy::rollback(&target, None).map(|_| ()),
        _ => deploy::recover(&target).map(|_| ()),
    };
    std::process::exit(if outcome.is_ok() { 0 } else { 7 });
}

#[test]
fn hostile_38_an_apply_killed_before_any_call_leaves_the_old_tree_or_the_new_one() {
    let Some(scene) = Scene::new() else { return };
    scene.kill_everywhere("apply", scene.before.path(), &scene.old, &scene.new);
}

#[test]
fn hostile_38_a_rollback_killed_before_any_call_leaves_the_old_tree_or_the_new_one() {
    let Some(scene) = Scene::new() else { return };
    scene.kill_everywhere("rollback", scene.after.path(), &scene.new, &scene.old);
}

#[test]
fn hostile_38_a_recovery_killed_before_any_call_can_be_run_again() {
    let Some(scene) = Scene::new() else { return };
    let broken = scene.broken_late();
    let mut kills = 0;
    scene.everywhere("recover", broken.path(), "signal=KILL", |_, copy, place| {
        kills += 1;
        deploy::recover(&target(copy)).unwrap();
        assert!(tree(copy) == scene.old, "killed before {place} of the recovery");
    });
    assert!(kills > 30, "the recovery was killed only {kills} times: it had nothing to do");
}

#[test]
fn hostile_39_any_call_that_fails_leaves_the_old_tree_and_a_failure() {
    let Some(scene) = Scene::new() else { return };
    for error in ["EIO", "ENOSPC"] {
        scene.fail_everywhere(&format!("error={error}"), "");
    }
}

#[test]
fn hostile_39_a_disk_that_fails_for_good_leaves_what_recover_mends() {
    let Some(scene) = Scene::new() else { return };
    scene.fail_everywhere("error=EROFS", "+");
}

#[test]
fn hostile_38_each_step_is_on_the_disk_before_the_next_one_counts_on_it() {
    let Some(scene) = Scene::new() else { return };
    let events = scene.events();
    let at = |event: &str| events.iter().position(|other| other == event).unwrap_or_else(|| panic!("no {event}"));
    let renamed: Vec<_> =
        (0..events.len()).filter(|at| events[*at].contains("rename") && events[*at].ends_with(".tmp")).collect();
    assert_eq!(renamed.len(), 5, "{events:#?}");
    let begun = at("fsync .integrate/journal");
    assert!(at("fsync .integrate/backups/0002/0") < at("fsync .integrate/backups/0002"));
    assert!(at("fsync .integrate/backups/0002") < begun && begun < at("mkdir integrations/b"));
    assert!(at("fsync .integrate/receipts") < renamed[0]);
    for rename in &renamed {
        let staged = events[*rename].split(' ').nth(1).unwrap();
        assert!(at(&format!("fsync {staged}")) < renamed[0], "{staged}");
    }
    let done = at("unlink .integrate/journal/0002.json");
    for folder in ["integrations/a", "integrations/b/deep", "integrations/b", "integrations"] {
        let flushed = at(&format!("fsync {folder}"));
        assert!(renamed.iter().all(|rename| *rename < flushed) && flushed < done, "{folder}");
    }
}

#[test]
fn hostile_40_an_edit_in_mid_apply_is_kept_and_all_else_undone() {
    let Some(scene) = Scene::new() else { return };
    let (copy, status) = scene.interfere(|root| fs::write(root.join("pyproject.toml"), "# mine\n").unwrap());
    assert_eq!(status.code(), Some(7));
    let mut left = tree(copy.path());
    let edited = left.get_mut("pyproject.toml").unwrap();
    assert_eq!(edited.1.as_deref(), Some(b"# mine\n".as_slice()));
    *edited = scene.old["pyproject.toml"].clone();
    assert!(left == scene.old, "{}", difference(&left, &scene.old));
    deploy::refuse_unfinished(&target(copy.path())).unwrap();
}

#[test]
fn hostile_37_a_folder_swapped_for_a_link_in_mid_apply_is_not_written_through() {
    let Some(scene) = Scene::new() else { return };
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir(outside.path().join("deep")).unwrap();
    let (copy, status) = scene.interfere(|root| {
        fs::rename(root.join("integrations/b"), root.join("moved")).unwrap();
        std::os::unix::fs::symlink(outside.path(), root.join("integrations/b")).unwrap();
    });
    assert_eq!(status.code(), Some(7));
    assert!(fs::read_dir(outside.path().join("deep")).unwrap().next().is_none());
    let left = tree(copy.path());
    assert!(scene.old.iter().all(|(path, was)| left.get(path) == Some(was)), "all that was there is as it was");
}
