//! A real `integrate create`, killed before each call that changes something, and `integrate recover` after it.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::scene::{Tree, copied, difference, has_strace, tree};

/// Every call that changes a file or a folder.
const CALLS: &str = "write,fsync,fdatasync,ftruncate,?rename,renameat,renameat2,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,?chmod,fchmod,fchmodat";

/// A pattern of three small files, of which one goes and one comes when the option `second` is set.
const PATTERN: &str = "title: T\nsummary: S\nvariants:\n  plain:\n    summary: s\n    surface: answers\n    sources: [answers]\n    options: {type: object, properties: {second: {type: boolean, default: false}}}\n";
const FILES: &str = "development: [pytest]\nfiles:\n  - {template: a.j2, path: \"{{ adapter.package }}/a.txt\"}\n  - {template: b.j2, path: \"{{ adapter.package }}/old/b.txt\", when: not options.second}\n  - {template: b.j2, path: \"{{ adapter.package }}/new/c.txt\", when: options.second}\n";

const SECOND: [&str; 4] = ["create", "thing", "--set", "second=true"];

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let cell = "integrations/patterns/templates/python/plain/plain";
    write("integrations/patterns/plain/pattern.yaml", PATTERN);
    write(&format!("{cell}/files.yaml"), FILES);
    write(&format!("{cell}/a.j2"), "{% if options.second %}two{% else %}one{% endif %}\n");
    write(&format!("{cell}/b.j2"), "the same\n");
    write("notes.txt", "the user's\n");
    let first = integrate(folder.path(), &["create", "thing", "--type", "plain", "--language", "python"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    folder
}

fn integrate(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_integrate"));
    command.env("CI", "1").arg("-C").arg(folder).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// The second `create` under `strace`.
fn traced(folder: &Path, options: &[&str]) -> std::process::ExitStatus {
    let mut strace = Command::new("strace");
    strace.arg("-f").args(options).arg(env!("CARGO_BIN_EXE_integrate")).arg("-C").arg(folder).args(SECOND);
    strace.env("CI", "1").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap()
}

/// Each call of an undisturbed run, with how often one thread makes it.
fn calls(folder: &Path) -> BTreeMap<String, usize> {
    let log = tempfile::NamedTempFile::new().unwrap();
    assert!(traced(folder, &["-o", log.path().to_str().unwrap(), "-e", &format!("trace={CALLS}")]).success());
    let mut made: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in std::fs::read_to_string(log.path()).unwrap().lines() {
        let Some((head, _)) = line.split_once('(') else { continue };
        let Some((thread, call)) = head.split_once(char::is_whitespace) else { continue };
        *made.entry((call.trim().to_owned(), thread.to_owned())).or_default() += 1;
    }
    let mut calls = BTreeMap::new();
    for ((call, _), count) in made {
        let most: &mut usize = calls.entry(call).or_default();
        *most = count.max(*most);
    }
    calls
}

#[test]
fn hostile_38_a_create_killed_before_any_call_leaves_the_old_tree_or_the_new_one() {
    if !has_strace() {
        return;
    }
    let before = project();
    let old: Tree = tree(before.path());
    let after = copied(before.path());
    let calls = calls(after.path());
    let new = tree(after.path());
    assert!(
        old != new && new.contains_key("integrations/thing/new/c.txt") && !new.contains_key("integrations/thing/old")
    );
    let (mut kills, mut taken_back, mut done) = (0, 0, 0);
    for (call, count) in calls {
        for n in 1..=count {
            let copy = copied(before.path());
            let when = format!("inject={call}:signal=KILL:when={n}");
            let status = traced(copy.path(), &["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &when]);
            kills += usize::from(status.signal() == Some(9) || status.code() == Some(137));
            let recovered = integrate(copy.path(), &["recover", "--format", "json"]);
            assert!(recovered.status.success(), "`{call}` {n}: {}", String::from_utf8_lossy(&recovered.stderr));
            let said: serde_json::Value = serde_json::from_slice(&recovered.stdout).unwrap();
            taken_back += usize::from(!said["id"].is_null());
            let left = tree(copy.path());
            done += usize::from(left == new);
            assert!(left == old || left == new, "killed before `{call}` {n}: {}", difference(&left, &old));
            assert!(said["id"].is_null() || left == old, "`{call}` {n}: taken back, yet {}", difference(&left, &old));
            // From either the way is open again.
            let again = integrate(copy.path(), &SECOND);
            assert!(
                again.status.success() && tree(copy.path()) == new,
                "`{call}` {n}: {}",
                String::from_utf8_lossy(&again.stderr)
            );
        }
    }
    eprintln!("create: {kills} kills, {taken_back} taken back, {done} done all the same");
    assert!(kills > 60 && taken_back > 20, "{kills} kills, {taken_back} taken back: too few to mean anything");
}
