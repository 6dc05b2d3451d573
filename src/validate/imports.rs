//! The modules a file imports: which it may, by its text, and whether one is part of another.

/// Whether `module` is `wanted` or a part of it: `google.cloud.storage` of `google.cloud`, `jose/jwt` of `jose`.
pub fn is_of(module: &str, wanted: &str) -> bool {
    module.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}

/// Whether the text could import the module: where it cannot, it need not be parsed to know.
pub fn may_be_in(text: &str, wanted: &str, language: &str) -> bool {
    // Python may have spaces around its dots.
    let first = if language == "python" { wanted.split('.').next().unwrap_or(wanted) } else { wanted };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(first).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + first.len()..]);
        let is_whole = !before.ends_with(is_word) && !after.starts_with(is_word);
        is_whole && if language == "python" { is_imported(before) } else { before.ends_with(['"', '\'', '`']) }
    })
}

/// Whether the statement of Python that `before` ends in, or the line, may be an import.
fn is_imported(before: &str) -> bool {
    let mut lines = before.rsplit('\n');
    let says = |line: &str| line.contains("import") || line.contains("from");
    lines.next().is_some_and(says) || lines.take_while(|line| line.trim_end().ends_with('\\')).any(says)
}
