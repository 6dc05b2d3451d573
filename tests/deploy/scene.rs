//! A project in a temporary folder, and the shortest words to write into it.

use integrate::deploy::{self, Action, Options, Plan, Receipt, Target};
use integrate::lock::{Lock, LockedEntry};
use integrate::package::{Dependency, Package, PackageFile};
use integrate::problem::Problem;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A tree without `.integrate` and `.git`: path to permission bits and, for a file, bytes.
pub type Tree = BTreeMap<String, (u32, Option<Vec<u8>>)>;

pub struct Scene {
    _folder: tempfile::TempDir,
    pub target: Target,
}

impl Scene {
    pub fn new() -> Self {
        Self::protecting(&[])
    }

    pub fn protecting(lines: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
        let target = Target::open(folder.path(), &lines).unwrap();
        Self { _folder: folder, target }
    }

    pub fn root(&self) -> &Path {
        &self.target.root
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        String::from_utf8(fs::read(self.root().join(path)).unwrap()).unwrap()
    }

    pub fn exists(&self, path: &str) -> bool {
        fs::symlink_metadata(self.root().join(path)).is_ok()
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    pub fn lock(&self) -> Lock {
        Lock::load(self.root()).unwrap()
    }

    pub fn try_plan(&self, package: &Package, options: &Options) -> anyhow::Result<Plan> {
        deploy::plan(package, &self.target, &self.lock(), options)
    }

    pub fn plan(&self, package: &Package) -> Plan {
        self.try_plan(package, &entries(&["a"])).unwrap()
    }

    pub fn apply(&self, package: &Package) -> Receipt {
        self.apply_with(package, &entries(&["a"]))
    }

    pub fn apply_with(&self, package: &Package, options: &Options) -> Receipt {
        deploy::apply(&self.try_plan(package, options).unwrap(), &self.target).unwrap()
    }

    pub fn remove_entry(&self, name: &str) -> Plan {
        let plan = deploy::plan_removal(name, &self.target, &self.lock(), &Options::default()).unwrap();
        deploy::apply(&plan, &self.target).unwrap();
        plan
    }

    pub fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        let mut folders = vec![self.root().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for item in fs::read_dir(folder).unwrap() {
                let path = item.unwrap().path();
                let name = path.strip_prefix(self.root()).unwrap().to_str().unwrap().to_owned();
                if [".integrate", ".git"].contains(&name.as_str()) {
                    continue;
                }
                let found = fs::symlink_metadata(&path).unwrap();
                let bytes = found.is_file().then(|| fs::read(&path).unwrap());
                tree.insert(name, (bits(&path), bytes));
                folders.extend(found.is_dir().then_some(path));
            }
        }
        tree
    }
}

pub fn bits(path: &Path) -> u32 {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&fs::symlink_metadata(path).unwrap().permissions()) & 0o7777;
    #[cfg(not(unix))]
    return 0;
}

#[cfg(unix)]
pub fn set_bits(path: &Path, bits: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(bits)).unwrap();
}

/// The entries that were rendered, none with dependencies of its own.
pub fn entries(names: &[&str]) -> Options {
    let entries = names.iter().map(|name| ((*name).to_owned(), LockedEntry::default())).collect();
    Options { entries, ..Options::default() }
}

/// Files of the entry `a`.
pub fn package(files: &[(&str, &str)]) -> Package {
    Package { files: files.iter().map(|(path, text)| file("a", path, text)).collect(), ..Package::default() }
}

pub fn file(entry: &str, path: &str, text: &str) -> PackageFile {
    let (path, entry, bytes) = (path.to_owned(), entry.to_owned(), text.as_bytes().to_vec());
    PackageFile { path, bytes, entry, template: "t.j2".to_owned(), language: "python".to_owned() }
}

pub fn dependency(language: &str, name: &str, version: &str) -> Dependency {
    let (language, name, version) = (language.to_owned(), name.to_owned(), version.to_owned());
    Dependency { language, name, version, development: false }
}

/// Each path with its action.
pub fn actions(plan: &Plan) -> Vec<(String, Action)> {
    plan.changes.iter().map(|change| (change.path.to_string(), change.action)).collect()
}

/// The action and the reason of one path.
pub fn of<'a>(plan: &'a Plan, path: &str) -> (Action, &'a str) {
    let change = plan.changes.iter().find(|change| change.path.as_str() == path);
    let change = change.unwrap_or_else(|| panic!("no `{path}` in {:?}", actions(plan)));
    (change.action, &change.reason)
}

/// What the user is told; fails when the user could not act on it.
pub fn problem<T>(outcome: anyhow::Result<T>) -> String {
    let Err(error) = outcome else { panic!("no error") };
    let problem = error.downcast_ref::<Problem>().unwrap_or_else(|| panic!("not a problem: {error:#}"));
    assert!(!problem.help.is_empty() && !problem.what.ends_with('.'), "{problem:?}");
    problem.what.clone()
}
