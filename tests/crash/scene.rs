//! A project in which a run is killed, or a call of it made to fail, at every point in turn.

use integrate::deploy::{self, Options, Target};
use integrate::lock::{Lock, LockedEntry};
use integrate::package::{Dependency, Package, PackageFile};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Every call that changes a file or a folder, or opens one; `?` skips what this machine's kernel has not.
const CALLS: &str = "openat,write,fsync,fdatasync,ftruncate,?rename,renameat,renameat2,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,?chmod,fchmod,fchmodat,flock";

/// How many opens and writes stand before the work. `strace` counts each thread and each call by itself, so that with
/// these no fault meant for the work hits the test binary's first thread.
pub const PADDING: usize = 60;

/// A tree without `.integrate`: path to permission bits and, for a file, bytes.
pub type Tree = BTreeMap<String, (u32, Option<Vec<u8>>)>;

/// A project before and after a second apply that creates, updates and deletes files and folders.
pub struct Scene {
    pub before: tempfile::TempDir,
    pub after: tempfile::TempDir,
    pub old: Tree,
    pub new: Tree,
}

impl Scene {
    /// None, and a line that says so, where there is no `strace`.
    pub fn new() -> Option<Self> {
        if !has_strace() {
            return None;
        }
        let before = tempfile::tempdir().unwrap();
        first_apply(&target(before.path()));
        let after = copied(before.path());
        second_apply(&target(after.path())).unwrap();
        let (old, new) = (tree(before.path()), tree(after.path()));
        assert!(old != new);
        Some(Self { before, after, old, new })
    }

    pub fn kill_everywhere(&self, work: &str, from: &Path, start: &Tree, end: &Tree) {
        let (mut kills, mut unfinished) = (0, 0);
        let done = copied(from);
        assert!(self.run(work, done.path(), &["-o", "/dev/null", "-e", "trace=flock"]).success());
        self.everywhere(work, from, "signal=KILL", |status, copy, place| {
            assert_eq!(status.signal(), Some(9), "{place}");
            let middle = deploy::refuse_unfinished(&target(copy)).is_err();
            (kills, unfinished) = (kills + 1, unfinished + usize::from(middle));
            deploy::recover(&target(copy)).unwrap();
            let left = tree(copy);
            assert!(left == *start || left == *end, "killed before {place}: {}", difference(&left, start));
            assert!(!middle || left == *start, "killed before {place}: unfinished, yet not the old tree");
            assert_eq!(traces(copy), traces(if left == *start { from } else { done.path() }), "killed before {place}");
            deploy::refuse_unfinished(&target(copy)).unwrap();
        });
        eprintln!("{work}: {kills} kills, {unfinished} of them in the middle");
        assert!(unfinished > 20 && kills > unfinished, "too few calls were reached to mean anything");
    }

    /// Lets one call fail, or with `+` that call and all later ones of its kind.
    pub fn fail_everywhere(&self, error: &str, later: &str) {
        let mut failures = 0;
        self.everywhere("apply", self.before.path(), &format!("{error}{later}"), |_, copy, place| {
            failures += 1;
            if later == "+" {
                deploy::recover(&target(copy)).unwrap();
            }
            let left = tree(copy);
            assert!(left == self.old, "{error} at {place}: {}", difference(&left, &self.old));
            deploy::refuse_unfinished(&target(copy)).unwrap();
        });
        eprintln!("{error}{later}: {failures} failures");
        assert!(failures > 60);
    }

    /// Runs the work once for each call it makes, with the fault at that call; shows each run that did not succeed.
    ///
    /// One that succeeds must leave what a run without faults leaves.
    pub fn everywhere(&self, work: &str, from: &Path, fault: &str, mut check: impl FnMut(ExitStatus, &Path, &str)) {
        let (points, end) = self.points(work, from);
        for (call, n) in points {
            let copy = copied(from);
            let when = format!(
                "inject={call}:{}:when={n}{}",
                fault.trim_end_matches('+'),
                &fault[fault.trim_end_matches('+').len()..]
            );
            let status = self.run(work, copy.path(), &["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &when]);
            match status.success() {
                true => assert!(
                    tree(copy.path()) == end,
                    "`{call}` {n}: done, yet {}",
                    difference(&tree(copy.path()), &end)
                ),
                false => check(status, copy.path(), &format!("`{call}` {n}")),
            }
        }
    }

    /// Returns each call of the work as its name and number, and the tree the work leaves.
    fn points(&self, work: &str, from: &Path) -> (Vec<(String, usize)>, Tree) {
        let (copy, log) = (copied(from), tempfile::NamedTempFile::new().unwrap());
        let log = log.path().to_str().unwrap();
        assert!(self.run(work, copy.path(), &["-o", log, "-e", &format!("trace={CALLS}")]).success());
        let mut threads: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for line in fs::read_to_string(log).unwrap().lines() {
            let Some((head, _)) = line.split_once('(') else { continue };
            let Some((thread, call)) = head.split_once(char::is_whitespace) else { continue };
            *threads.entry(thread.to_owned()).or_default().entry(call.trim().to_owned()).or_default() += 1;
        }
        let calls = threads.into_values().max_by_key(|calls| calls.values().sum::<usize>()).unwrap();
        let first = |call: &str| if matches!(call, "openat" | "write") { PADDING + 1 } else { 1 };
        let points = calls.into_iter().flat_map(|(call, made)| (first(&call)..=made).map(move |n| (call.clone(), n)));
        (points.collect(), tree(copy.path()))
    }

    /// Returns what an apply does, in order: `CALL PATH`, the path below the project.
    pub fn events(&self) -> Vec<String> {
        let (copy, log) = (copied(self.before.path()), tempfile::NamedTempFile::new().unwrap());
        let options = ["-y", "-o", log.path().to_str().unwrap(), "-e", &format!("trace={CALLS}")];
        assert!(self.run("apply", copy.path(), &options).success());
        let root = format!("{}/", copy.path().to_str().unwrap());
        let event = |line: &str| {
            let call = line.split('(').next()?.split_whitespace().next_back()?;
            let path = line.split_once(&root)?.1.split(['"', '>']).next()?;
            Some(format!("{call} {path}"))
        };
        fs::read_to_string(log.path()).unwrap().lines().filter_map(event).collect()
    }

    /// Holds an apply for a moment before its first file is replaced, and does something meanwhile.
    pub fn interfere(&self, meanwhile: impl FnOnce(&Path)) -> (tempfile::TempDir, ExitStatus) {
        let copy = copied(self.before.path());
        let options = ["-o", "/dev/null", "-e", "trace=rename", "-e", "inject=rename:delay_enter=2000000:when=1"];
        let status = std::thread::scope(|scope| {
            let run = scope.spawn(|| self.run("apply", copy.path(), &options));
            while !copy.path().join(".integrate/receipts/0002.json").exists() {
                assert!(!run.is_finished(), "the apply ended before anything could be done");
                std::thread::yield_now();
            }
            meanwhile(copy.path());
            run.join().unwrap()
        });
        (copy, status)
    }

    /// Returns a project in which the apply was killed before its very last step.
    pub fn broken_late(&self) -> tempfile::TempDir {
        let (points, _) = self.points("apply", self.before.path());
        let (call, n) = points.into_iter().rfind(|(call, _)| call.starts_with("unlink")).unwrap();
        let copy = copied(self.before.path());
        let when = format!("inject={call}:signal=KILL:when={n}");
        self.run("apply", copy.path(), &["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &when]);
        assert!(deploy::refuse_unfinished(&target(copy.path())).is_err() && tree(copy.path()) == self.new);
        copy
    }

    fn run(&self, work: &str, root: &Path, options: &[&str]) -> ExitStatus {
        let mut strace = Command::new("strace");
        strace.arg("-f").args(options).arg(std::env::current_exe().unwrap());
        strace.args(["--ignored", "--exact", "the_process_that_is_killed", "--test-threads=1", "--nocapture"]);
        strace.env("INTEGRATE_CRASH", work).env("INTEGRATE_CRASH_ROOT", root);
        strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap()
    }
}

/// Says so where there is no `strace`.
pub fn has_strace() -> bool {
    let there =
        Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if !there {
        crate::machine::leave_out(
            "tests that kill or fail every system call (hostile 37 to 40)",
            "strace is not installed",
        );
    }
    there
}

pub fn target(root: &Path) -> Target {
    Target::open(root, &[]).unwrap()
}

fn first_apply(target: &Target) {
    let root = &target.root;
    write(root, "notes.txt", "the user's\n", 0o600);
    write(root, "pyproject.toml", "[project]\nname = \"mine\"\nversion = \"1\"\ndependencies = []\n", 0o664);
    fs::create_dir(root.join("empty")).unwrap();
    let files = [
        ("integrations/a/client.py", "a = 1\n"),
        ("integrations/gone/old.py", "gone\n"),
        ("integrations/same.py", "same\n"),
    ];
    let plan = deploy::plan(&package(&files, ">=1"), target, &Lock::default(), &options("one")).unwrap();
    deploy::apply(&plan, target).unwrap();
    fs::set_permissions(root.join("integrations/a/client.py"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(root.join("integrations/gone"), fs::Permissions::from_mode(0o700)).unwrap();
}

pub fn second_apply(target: &Target) -> anyhow::Result<deploy::Receipt> {
    let files = [
        ("integrations/a/client.py", "a = 2\n"),
        ("integrations/same.py", "same\n"),
        ("integrations/b/deep/new.py", "new\n"),
    ];
    let lock = Lock::load(&target.root)?;
    deploy::apply(&deploy::plan(&package(&files, ">=2"), target, &lock, &options("two"))?, target)
}

fn options(source: &str) -> Options {
    let entry = LockedEntry { source: source.to_owned(), ..LockedEntry::default() };
    Options { entries: [("a".to_owned(), entry)].into_iter().collect(), ..Options::default() }
}

fn package(files: &[(&str, &str)], version: &str) -> Package {
    let file = |(path, text): &(&str, &str)| PackageFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().to_vec(),
        entry: "a".to_owned(),
        template: "t.j2".to_owned(),
        language: "python".to_owned(),
    };
    let dependency = Dependency {
        language: "python".to_owned(),
        name: "httpx2".to_owned(),
        version: version.to_owned(),
        development: false,
    };
    Package { files: files.iter().map(file).collect(), dependencies: vec![dependency], ..Package::default() }
}

fn write(root: &Path, path: &str, text: &str, mode: u32) {
    fs::write(root.join(path), text).unwrap();
    fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode)).unwrap();
}

pub fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    let status = Command::new("cp").arg("-a").arg(from.join(".")).arg(to.path()).status().unwrap();
    assert!(status.success());
    to
}

pub fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if name == ".integrate" {
                continue;
            }
            let found = fs::symlink_metadata(&path).unwrap();
            let bytes = found.is_file().then(|| fs::read(&path).unwrap());
            tree.insert(name, (found.permissions().mode() & 0o7777, bytes));
            folders.extend(found.is_dir().then_some(path));
        }
    }
    tree
}

pub fn difference(one: &Tree, other: &Tree) -> String {
    let names: Vec<_> = one.keys().chain(other.keys()).filter(|name| one.get(*name) != other.get(*name)).collect();
    format!("differs in {names:?}")
}

/// Returns the names of the receipts and the backups there are.
fn traces(root: &Path) -> Vec<Vec<String>> {
    let names = |folder: &str| {
        let items = fs::read_dir(root.join(".integrate").join(folder)).unwrap();
        let mut names: Vec<_> = items.map(|item| item.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    ["receipts", "backups", "journal"].map(names).to_vec()
}
