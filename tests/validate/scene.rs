//! The rules and the signs that there are, and one file held to them.

use std::path::{Path, PathBuf};

use integrate::validate::{HeldTo, Report, Rules, SourceFile, check, detect};

pub const WITHOUT_TIMEOUT: &str = "import requests\n\n\ndef orders():\n    reply = requests.get(\n        \"https://api.example.com/orders\",\n    )\n    reply.raise_for_status()\n    return reply.json()\n";

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads `patterns/*/<folder>/*.yaml` and the like, in order.
fn texts(is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root().join("patterns")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("`patterns` can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    paths.sort();
    let text = |path: PathBuf| {
        let name = path.strip_prefix(root()).expect("it lies below").to_string_lossy().into_owned();
        is_wanted(&name).then(|| (name, std::fs::read_to_string(&path).expect("it can be read")))
    };
    paths.into_iter().filter_map(text).collect()
}

pub fn rules() -> Rules {
    let texts = texts(|path| path.contains("/rules/") && path.ends_with(".yaml"));
    Rules::read(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())))
        .unwrap_or_else(|error| panic!("{error:#}"))
}

pub fn signs() -> Vec<detect::Signs> {
    let texts = texts(|path| path.ends_with("/detect.yaml"));
    detect::read(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())))
        .unwrap_or_else(|error| panic!("{error:#}"))
}

pub fn held_to(pattern: &'static str) -> HeldTo<'static> {
    HeldTo::Pattern(pattern, "--type")
}

pub fn check_one(path: &str, bytes: &[u8], held_to: HeldTo<'_>) -> Report {
    check(&[SourceFile { path, bytes, language: "", held_to }], &rules(), &signs()).expect("the rules are sound")
}

pub fn found(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule.as_str()).collect()
}
