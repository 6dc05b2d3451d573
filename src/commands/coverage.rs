//! Whether each operation of an adapter is tested and documented: what the lock says it offers against its tests and pages.

use crate::deploy::Target;
use crate::lock::{Lock, LockedEntry};
use crate::validate::{self, Finding};

/// The findings for one entry whose operations the lock names.
pub fn check(name: &str, entry: &LockedEntry, target: &Target, lock: &Lock) -> Vec<Finding> {
    let own = lock.files.iter().filter(|(_, file)| file.entry == *name);
    let texts: Vec<(String, String)> = own
        .filter_map(|(path, _)| Some((path.clone(), std::fs::read_to_string(target.root.join(path)).ok()?)))
        .collect();
    let of = |wanted: fn(&str) -> bool| -> Vec<&str> {
        texts.iter().filter(|(path, _)| wanted(path)).map(|(_, text)| text.as_str()).collect()
    };
    let operations: Vec<_> =
        entry.operations.iter().map(|symbol| validate::coverage::Operation { symbol, path: &entry.folder }).collect();
    validate::coverage::check(&operations, &of(validate::is_test), &of(|path| path.ends_with(".md")))
}
