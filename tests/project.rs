//! A project of every pattern in each language: `snapshots/<language>` is byte for byte what its `integrate.yaml` yields.
//!
//! `INTEGRATE_UPDATE=1 cargo test --test project` writes the trees anew; read the difference before you commit it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The sources of the entries: the case they are of, and their names in the project.
const SOURCES: [(&str, &str); 3] = [
    ("bookshop/openapi.yaml", "openapi.yaml"),
    ("queue-asyncapi/source.yaml", "asyncapi.yaml"),
    ("issuer/login.openid-configuration.json", "login.openid-configuration.json"),
];

#[test]
fn a_python_project_of_every_pattern_is_its_snapshot() {
    holds("python");
}

#[test]
fn a_typescript_project_of_every_pattern_is_its_snapshot() {
    holds("typescript");
}

fn holds(language: &str) {
    let project = project(language);
    integrate(project.path(), &["create"]);
    integrate(project.path(), &["validate"]);
    let made = files(project.path());
    let snapshot = Path::new(ROOT).join("snapshots").join(language);
    if std::env::var_os("INTEGRATE_UPDATE").is_some() {
        accept(&made, &snapshot);
    }
    let kept = files(&snapshot);
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&kept), "the trees have other files");
    for (path, bytes) in &made {
        assert!(
            bytes == &kept[path],
            "{path} is not as in snapshots/{language}:\n{}",
            similar::TextDiff::from_lines(text(&kept[path]), text(bytes)).unified_diff()
        );
    }
}

/// An empty folder with the `integrate.yaml` of the case and what it names.
fn project(language: &str) -> TempDir {
    let cases = Path::new(ROOT).join("tests/cases");
    let folder = TempDir::new().unwrap();
    std::fs::copy(cases.join(format!("project/{language}.yaml")), folder.path().join("integrate.yaml")).unwrap();
    for (case, name) in SOURCES {
        std::fs::copy(cases.join(case), folder.path().join(name)).unwrap();
    }
    folder
}

fn integrate(folder: &Path, arguments: &[&str]) {
    Command::cargo_bin("integrate").unwrap().env("CI", "1").arg("-C").arg(folder).args(arguments).assert().success();
}

/// All files of a tree but the sources, what is compressed, and what is not committed.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let is_ours = |path: &str| {
        !path.starts_with(".integrate/")
            && path != "integrate.lock.pristine"
            && SOURCES.iter().all(|(_, name)| *name != path)
    };
    walkdir::WalkDir::new(root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (relative(root, entry.path()), entry.into_path()))
        .filter(|(path, _)| is_ours(path))
        .map(|(path, place): (String, PathBuf)| (path, std::fs::read(place).unwrap()))
        .collect()
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn accept(made: &BTreeMap<String, Vec<u8>>, snapshot: &Path) {
    if snapshot.exists() {
        std::fs::remove_dir_all(snapshot).unwrap();
    }
    for (path, bytes) in made {
        let place = snapshot.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
}
