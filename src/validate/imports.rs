//! Text → the modules it imports, by reading lines: rules that concern a library are tried only where it is imported.

/// Returns the modules a file imports, as written: `httpx`, `google.cloud.storage`, `@aws-sdk/client-s3`.
pub fn of<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let mut modules = Vec::new();
    for line in text.lines().map(str::trim) {
        match language {
            "python" => python(line, &mut modules),
            "typescript" => typescript(line, &mut modules),
            _ => {}
        }
    }
    modules.sort_unstable();
    modules.dedup();
    modules
}

fn python<'a>(line: &'a str, modules: &mut Vec<&'a str>) {
    if let Some(rest) = line.strip_prefix("from ") {
        modules.extend(rest.split_once(" import").map(|(module, _)| module.trim()));
    } else if let Some(rest) = line.strip_prefix("import ") {
        let rest = rest.split('#').next().unwrap_or_default();
        modules.extend(rest.split(',').filter_map(|part| part.split_whitespace().next()));
    }
}

fn typescript<'a>(line: &'a str, modules: &mut Vec<&'a str>) {
    for opening in ["from ", "require(", "import(", "import "] {
        for (at, _) in line.match_indices(opening) {
            let rest = line[at + opening.len()..].trim_start();
            let quoted = rest.strip_prefix('"').or_else(|| rest.strip_prefix('\''));
            modules.extend(quoted.and_then(|rest| rest.split(['"', '\'']).next()));
        }
    }
}

/// Whether `module` is `wanted` or a part of it: `google.cloud.storage` of `google.cloud`, `jose/jwt` of `jose`.
pub fn is_of(module: &str, wanted: &str) -> bool {
    module.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}
