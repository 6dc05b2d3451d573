//! The modules a file imports: which it may, by its text, and whether one is part of another.

/// Whether `module` is `wanted` or a part of it: `google.cloud.storage` of `google.cloud`, `jose/jwt` of `jose`.
pub fn is_of(module: &str, wanted: &str) -> bool {
    module.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}

/// Whether the text names the module at all: without that it cannot import it, and need not be parsed to know.
pub fn may_be_in(text: &str, wanted: &str) -> bool {
    // Python may have spaces around its dots.
    let first = if wanted.contains('/') { wanted } else { wanted.split('.').next().unwrap_or(wanted) };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(first).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(is_word)
            && !text[at + first.len()..].chars().next().is_some_and(is_word)
    })
}
