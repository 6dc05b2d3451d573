//! What this machine has for tests, and a word in the closing lines of `scripts/test` on what it has not.

#![allow(dead_code, clippy::print_stderr, reason = "each test takes what it needs, and says what it goes without")]

use std::io::Write;
use std::path::PathBuf;

/// Says that a group of tests was left out: on standard error, and in the list that `scripts/test` ends with.
pub fn leave_out(group: &str, reason: &str) {
    eprintln!("left out: {group}: {reason}");
    if let Some(list) = std::env::var_os("LEFT_OUT") {
        let mut list = std::fs::OpenOptions::new().append(true).create(true).open(list).unwrap();
        writeln!(list, "{group}: {reason}").unwrap();
    }
}

/// Where `scripts/test` keeps its tools.
fn cache() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/integrate-test"));
    std::env::var_os("INTEGRATE_CACHE").map(PathBuf::from).or(home)
}

/// Python with all that generated code stands on.
pub fn python(group: &str) -> Option<PathBuf> {
    let python = cache().map(|cache| cache.join("python/bin/python")).filter(|python| python.is_file());
    if python.is_none() {
        leave_out(group, "the Python environment of `scripts/test` is not there");
    }
    python
}

/// Node 22 or newer, and the modules that generated code stands on.
pub struct Node {
    pub program: PathBuf,
    pub modules: PathBuf,
}

pub fn node(group: &str) -> Option<Node> {
    let node = cache().and_then(|cache| {
        let own = cache.join("python/bin/node");
        let program = if own.is_file() { own } else { PathBuf::from("node") };
        let version = std::process::Command::new(&program).args(["-p", "process.versions.node"]).output().ok()?;
        let major: u32 = String::from_utf8_lossy(&version.stdout).split('.').next()?.parse().ok()?;
        let modules = cache.join("node/node_modules");
        (major >= 22 && modules.is_dir()).then_some(Node { program, modules })
    });
    if node.is_none() {
        leave_out(group, "Node 22 with the modules of `scripts/test` is not there");
    }
    node
}
