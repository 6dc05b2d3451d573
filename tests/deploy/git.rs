//! Work in a git checkout that is not committed: never overwritten, and nothing of the repository is executed.

use crate::scene::*;
use integrate::deploy::{self, Action, Options};
use integrate::package::Package;
use std::path::Path;
use std::process::Command;

/// A committed project with a manifest of the user's.
fn checkout() -> Scene {
    let scene = Scene::new();
    git(scene.root(), &["init", "-q", "-b", "main"]);
    scene.write("pyproject.toml", MANIFEST);
    commit(&scene);
    scene
}

const MANIFEST: &str = "[project]\nname = \"mine\"\ndependencies = []\n";

fn git(root: &Path, arguments: &[&str]) {
    let output = command(root, arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Git with an identity, and without what this machine's user has set.
fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.org"]).arg("-C").arg(root).args(arguments);
    command
}

fn commit(scene: &Scene) {
    git(scene.root(), &["add", "-A"]);
    git(scene.root(), &["commit", "-q", "--allow-empty", "-m", "x"]);
}

fn needing(version: &str, text: &str) -> Package {
    let mut files = package(&[("in/a.py", text)]);
    files.dependencies = vec![dependency("python", "httpx2", version)];
    files
}

#[test]
fn hostile_40_a_dirty_file_of_the_users_is_a_conflict() {
    let scene = checkout();
    scene.write("other.txt", "dirty, but not ours to touch\n");
    scene.write("pyproject.toml", format!("{MANIFEST}# work\n"));
    let plan = scene.plan(&needing(">=2", "1\n"));
    assert_eq!(of(&plan, "pyproject.toml"), (Action::Conflict, "has uncommitted changes: commit or stash them first"));
    problem(deploy::apply(&plan, &scene.target));
    git(scene.root(), &["add", "pyproject.toml"]);
    assert_eq!(
        of(&scene.plan(&needing(">=2", "1\n")), "pyproject.toml").0,
        Action::Conflict,
        "staged is not committed"
    );
    let allowed = Options { allow_dirty: true, ..entries(&["a"]) };
    assert_eq!(of(&scene.try_plan(&needing(">=2", "1\n"), &allowed).unwrap(), "pyproject.toml").0, Action::Update);
    commit(&scene);
    scene.apply(&needing(">=2", "1\n"));
}

#[test]
fn hostile_40_a_half_staged_file_is_a_conflict() {
    let scene = checkout();
    scene.write("pyproject.toml", format!("{MANIFEST}# staged\n"));
    git(scene.root(), &["add", "-A"]);
    scene.write("pyproject.toml", MANIFEST);
    let plan = scene.plan(&needing(">=2", "1\n"));
    assert_eq!(of(&plan, "pyproject.toml"), (Action::Conflict, "half-staged: commit or stash its changes first"));
}

#[test]
fn hostile_40_a_half_staged_generated_file_is_a_conflict() {
    let scene = checkout();
    scene.apply(&needing(">=2", "1\n"));
    commit(&scene);
    scene.write("in/a.py", "staged by hand\n");
    git(scene.root(), &["add", "-A"]);
    scene.write("in/a.py", "1\n");
    assert_eq!(of(&scene.plan(&needing(">=2", "2\n")), "in/a.py").0, Action::Conflict);
}

#[test]
fn hostile_40_a_file_in_the_middle_of_a_merge_is_a_conflict() {
    let scene = checkout();
    for (branch, text) in [("one", "# 1\n"), ("two", "# 2\n")] {
        git(scene.root(), &["checkout", "-q", "-b", branch, "main"]);
        scene.write("pyproject.toml", format!("{MANIFEST}{text}"));
        commit(&scene);
    }
    let merge = command(scene.root(), &["merge", "-q", "one"]).output().unwrap();
    assert!(!merge.status.success() && scene.read("pyproject.toml").contains("<<<<<<<"));
    scene.write("pyproject.toml", MANIFEST);
    assert_eq!(
        of(&scene.plan(&needing(">=2", "1\n")), "pyproject.toml"),
        (Action::Conflict, "in the middle of a merge")
    );
}

#[test]
fn what_we_left_ourselves_is_no_work_of_the_users() {
    let scene = checkout();
    scene.apply(&needing(">=2", "1\n"));
    scene.apply(&needing(">=3", "2\n"));
    git(scene.root(), &["add", "-A"]);
    scene.apply(&needing(">=4", "3\n"));
    scene.apply(&needing(">=5", "4\n"));
    assert!(scene.read("pyproject.toml").contains("httpx2>=5"));
    scene.remove_entry("a");
    assert_eq!(scene.read("pyproject.toml"), MANIFEST);
}

#[test]
fn a_repository_without_a_commit_and_files_git_does_not_know_are_no_hindrance() {
    let scene = Scene::new();
    git(scene.root(), &["init", "-q"]);
    scene.write("pyproject.toml", MANIFEST);
    scene.apply(&needing(">=2", "1\n"));
    deploy::rollback(&scene.target, None).unwrap();
    git(scene.root(), &["add", "-A"]);
    scene.apply(&needing(">=2", "1\n"));
}

#[test]
fn line_ends_that_git_changed_on_checkout_are_not_dirty() {
    let scene = checkout();
    git(scene.root(), &["config", "core.autocrlf", "true"]);
    scene.remove("pyproject.toml");
    git(scene.root(), &["checkout", "-q", "pyproject.toml"]);
    assert!(scene.read("pyproject.toml").contains("\r\n"));
    scene.apply(&needing(">=2", "1\n"));
    let text = scene.read("pyproject.toml");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

#[test]
fn a_project_below_the_top_of_its_checkout_is_looked_at_too() {
    let outer = checkout();
    outer.write("sub/pyproject.toml", MANIFEST);
    commit(&outer);
    outer.write("sub/pyproject.toml", format!("{MANIFEST}# work\n"));
    let target = deploy::Target::open(&outer.root().join("sub"), &[]).unwrap();
    let plan = deploy::plan(&needing(">=2", "1\n"), &target, &Default::default(), &entries(&["a"])).unwrap();
    assert_eq!(of(&plan, "pyproject.toml").0, Action::Conflict);
}

#[test]
fn a_repository_git_cannot_read_is_said_aloud() {
    let scene = Scene::new();
    scene.write(".git", "gitdir: nowhere\n");
    scene.write("pyproject.toml", MANIFEST);
    let plan = scene.plan(&needing(">=2", "1\n"));
    assert_eq!(plan.notes, ["uncommitted changes were not looked for: git is missing or cannot read this repository"]);
    assert_eq!(of(&plan, "pyproject.toml").0, Action::Update);
}

#[cfg(unix)]
#[test]
fn hostile_36_hooks_filters_and_monitors_of_the_repository_never_run() {
    let scene = checkout();
    let canary = scene.root().join(".git/canary");
    let script = scene.root().join(".git/evil");
    scene.write(".git/evil", format!("#!/bin/sh\ntouch '{}'\ncat\n", canary.display()));
    set_bits(&script, 0o755);
    let run = script.to_str().unwrap();
    let settings = [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "filter.evil.clean",
        "filter.evil.smudge",
        "diff.external",
        "core.alternateRefsCommand",
        "gpg.program",
        "core.gitProxy",
    ];
    for setting in settings {
        git(scene.root(), &["config", setting, run]);
    }
    scene.write(".git/info/attributes", "* filter=evil diff=evil\n");
    for hook in ["pre-commit", "post-index-change", "post-checkout", "reference-transaction"] {
        scene.write(&format!(".git/hooks/{hook}"), format!("#!/bin/sh\ntouch '{}'\n", canary.display()));
        set_bits(&scene.root().join(".git/hooks").join(hook), 0o755);
    }
    scene.write("pyproject.toml", format!("{MANIFEST}# work\n"));
    assert_eq!(of(&scene.plan(&needing(">=2", "1\n")), "pyproject.toml").0, Action::Conflict);
    scene.write("pyproject.toml", MANIFEST);
    scene.apply(&needing(">=2", "1\n"));
    deploy::rollback(&scene.target, None).unwrap();
    assert!(!canary.exists());
    command(scene.root(), &["status"]).output().unwrap();
    assert!(canary.exists(), "the trap works");
}
