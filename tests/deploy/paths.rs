//! Hostile paths: nothing is written outside, through a link, or where it is protected.

use crate::scene::*;
use integrate::deploy::{self, Action};
use integrate::lock::{Lock, LockedFile};
use integrate::paths::{checked, distinct};

#[test]
fn hostile_22_a_path_that_leaves_the_project_is_refused() {
    for path in
        ["/etc/passwd", "../x", "a/../../x", "a/./x", "./x", "a//x", "", "a/", "C:\\x", "C:x", "a\\..\\x", "x:stream"]
    {
        let scene = Scene::new();
        let told = problem(scene.try_plan(&package(&[(path, "x")]), &entries(&["a"])));
        assert!(told.starts_with(&format!("`{}`: ", path.escape_debug())), "{told}");
        assert!(!scene.exists(".integrate"));
    }
}

#[test]
fn hostile_10_a_name_with_control_or_invisible_characters_is_refused() {
    for path in ["a\0b", "a\nb", "a\u{1b}[31mb", "a\u{7f}", "a\u{85}", "a\u{200b}b", "a\u{202e}b", "a\u{feff}b"] {
        let told = problem(checked(path));
        assert!(!told.contains(|c: char| c.is_control()), "{told:?}");
    }
    assert!(checked("größe/naïve_日本.py").is_ok());
}

#[test]
fn hostile_33_git_folders_devices_and_short_names_are_refused() {
    let paths = [
        ".git/hooks/x",
        ".GIT/config",
        "a/.Git/x",
        "git~1/x",
        "GIT~2",
        ".g\u{200c}it/x",
        "\u{2024}git/x",
        ".git./x",
        ".git /x",
        ".integrate/lock",
        ".INTEGRATE/x",
        "CON",
        "con.py",
        "a/NUL.tar.gz",
        "aux",
        "COM1",
        "lpt9.txt",
        "COM\u{b9}",
        "conin$",
        "a.",
        "a ",
        " a",
        "a<b",
        "a|b",
        "a*",
        "what?",
        "integr~1",
    ];
    for path in paths {
        problem(checked(path));
    }
    let long = "x".repeat(256);
    problem(checked(&long));
    problem(checked(&"folder/".repeat(500).replace("folder/x", "")));
    for path in [
        "git/x",
        ".gitignore",
        ".github/x",
        "console.py",
        "com10.py",
        "aux_files/x",
        "a~b",
        "~x",
        "nulls.py",
        ".hidden",
    ] {
        assert!(checked(path).is_ok(), "{path}");
    }
}

#[test]
fn hostile_33_names_that_differ_by_case_or_unicode_form_only_are_refused() {
    let pairs = [
        ("a/Client.py", "a/client.py"),
        ("A/x.py", "a/y.py"),
        ("caf\u{e9}.py", "cafe\u{301}.py"),
        ("\u{212a}.py", "k.py"),
        ("stra\u{df}e/x", "STRA\u{1e9e}E/x"),
        ("a", "a/b"),
        ("x/a/b", "x/A"),
        ("same", "same"),
    ];
    for (one, other) in pairs {
        let told = problem(Scene::new().try_plan(&package(&[(one, "1"), (other, "2")]), &entries(&["a"])));
        assert!(told.contains("cannot be written beside"), "{told}");
    }
    assert!(distinct(&[checked("a/b").unwrap(), checked("a/c").unwrap(), checked("b").unwrap()]).is_ok());
}

#[cfg(unix)]
#[test]
fn hostile_23_nothing_is_written_through_a_symlinked_folder() {
    let (scene, outside) = (Scene::new(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), scene.root().join("integrations")).unwrap();
    let told = problem(scene.try_plan(&package(&[("integrations/a/x.py", "x")]), &entries(&["a"])));
    assert_eq!(told, "`integrations/a/x.py`: `integrations` is a symbolic link, wanted a folder");
    assert!(outside.path().read_dir().unwrap().next().is_none());
}

#[cfg(unix)]
#[test]
fn hostile_23_a_folder_swapped_for_a_link_after_the_plan_is_refused() {
    let (scene, outside) = (Scene::new(), tempfile::tempdir().unwrap());
    scene.apply(&package(&[("in/a.py", "1")]));
    let plan = scene.plan(&package(&[("in/a.py", "2"), ("in/b.py", "2")]));
    std::fs::rename(scene.root().join("in"), scene.root().join("moved")).unwrap();
    std::os::unix::fs::symlink(outside.path(), scene.root().join("in")).unwrap();
    problem(deploy::apply(&plan, &scene.target));
    assert!(outside.path().read_dir().unwrap().next().is_none());
}

#[cfg(unix)]
#[test]
fn hostile_23_our_own_folder_as_a_link_is_refused() {
    for place in [".integrate", ".integrate/backups", ".integrate/journal", ".integrate/receipts"] {
        let (scene, outside) = (Scene::new(), tempfile::tempdir().unwrap());
        let link = scene.root().join(place);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(outside.path(), link).unwrap();
        problem(deploy::apply(&scene.plan(&package(&[("a.py", "1")])), &scene.target));
        assert!(outside.path().read_dir().unwrap().next().is_none() && !scene.exists("a.py"));
    }
}

#[cfg(unix)]
#[test]
fn hostile_24_a_link_folder_or_pipe_in_a_files_place_is_refused() {
    let scene = Scene::new();
    scene.write("real.txt", "real");
    std::os::unix::fs::symlink("nowhere", scene.root().join("dangling")).unwrap();
    std::os::unix::fs::symlink("real.txt", scene.root().join("first")).unwrap();
    std::os::unix::fs::symlink("first", scene.root().join("chain")).unwrap();
    std::fs::create_dir(scene.root().join("folder")).unwrap();
    std::process::Command::new("mkfifo").arg(scene.root().join("pipe")).status().unwrap();
    for (path, what) in [
        ("dangling", "a symbolic link"),
        ("chain", "a symbolic link"),
        ("folder", "a folder"),
        ("pipe", "a device, pipe or socket"),
    ] {
        let told = problem(scene.try_plan(&package(&[(path, "x")]), &entries(&["a"])));
        assert_eq!(told, format!("`{path}`: is {what}, wanted a regular file"));
    }
    assert_eq!(
        problem(scene.try_plan(&package(&[("real.txt/x", "x")]), &entries(&["a"]))),
        "`real.txt/x`: `real.txt` is a file, wanted a folder"
    );
    assert_eq!(scene.read("real.txt"), "real");
}

#[test]
fn hostile_46_a_protected_path_is_blocked_in_any_case() {
    let paths = [
        ".github/workflows/ci.yml",
        ".GitHub/Workflows/ci.yml",
        ".gitlab-ci.yml",
        "poetry.lock",
        "sub/UV.LOCK",
        "pnpm-lock.yaml",
        ".env",
        "pyproject.toml",
        "Package.JSON",
        "integrate.lock",
        "integrate.yaml",
        "integrate.lock.pristine",
        ".husky/pre-commit",
        ".vscode/tasks.json",
        ".gitattributes",
        "x/.npmrc",
    ];
    for path in paths {
        let told = problem(Scene::new().try_plan(&package(&[(path, "x")]), &entries(&["a"])));
        assert_eq!(told, format!("`{path}`: a protected path"));
    }
}

#[test]
fn hostile_46_the_projects_own_lines_protect_and_release() {
    let scene = Scene::protecting(&["/src/", "*.sql", "!/.github/workflows/mine.yml", "!.env.local"]);
    for path in ["src/x.py", "SRC/x.py", "db/schema.SQL", ".github/workflows/other.yml"] {
        problem(scene.try_plan(&package(&[(path, "x")]), &entries(&["a"])));
    }
    assert!(
        scene
            .try_plan(&package(&[(".github/workflows/mine.yml", "x"), ("lib/src/x.py", "x")]), &entries(&["a"]))
            .is_ok()
    );
    let broken = Scene::protecting(&["[z-a]"]);
    assert!(problem(broken.try_plan(&package(&[]), &entries(&["a"]))).starts_with("integrate.yaml: `protected`"));
}

#[test]
fn hostile_46_a_lock_that_names_a_protected_file_cannot_have_it_deleted() {
    let scene = Scene::new();
    scene.write(".github/workflows/ci.yml", "on: push\n");
    let hash = integrate::lock::hash(b"on: push\n");
    let mut lock = Lock::default();
    lock.files.insert(
        ".github/workflows/ci.yml".to_owned(),
        LockedFile { hash, entry: "a".to_owned(), template: "t".to_owned() },
    );
    scene.write("integrate.lock", lock.render().unwrap());
    assert_eq!(problem(scene.try_plan(&package(&[]), &entries(&[]))), "`.github/workflows/ci.yml`: a protected path");
}

#[cfg(unix)]
#[test]
fn hostile_46_a_protected_path_behind_a_link_is_blocked() {
    let scene = Scene::new();
    scene.write(".github/workflows/ci.yml", "on: push\n");
    std::os::unix::fs::symlink(".github/workflows", scene.root().join("docs")).unwrap();
    problem(scene.try_plan(&package(&[("docs/ci.yml", "x")]), &entries(&["a"])));
    assert_eq!(scene.read(".github/workflows/ci.yml"), "on: push\n");
}

#[test]
fn a_safe_file_beside_all_that_is_created() {
    let scene = Scene::new();
    let plan = scene.plan(&package(&[("integrations/a/x.py", "x\n")]));
    assert_eq!(of(&plan, "integrations/a/x.py"), (Action::Create, "new"));
}
