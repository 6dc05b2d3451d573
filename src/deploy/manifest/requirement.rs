//! A requirement as `pyproject.toml` spells it → its name and its version range.

/// The parts that matter here; extras and markers decide nothing about versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Normalised: `Typing_Extensions` is `typing-extensions`.
    pub name: String,
    /// `>=2.14,<3`; none for a direct reference (`name @ URL`), whose version cannot be known.
    pub range: Option<String>,
}

/// Reads `name[extras] range ; marker`; none when it is nothing of the kind.
///
/// Source: PyPA dependency specifiers (PEP 508).
pub fn requirement(text: &str) -> Option<Requirement> {
    let text = text.split(';').next().unwrap_or_default().trim();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return None;
    }
    let rest = rest.trim_start();
    let rest = if rest.starts_with('[') { rest.split_once(']')?.1 } else { rest };
    let rest = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let range = (!rest.starts_with('@')).then(|| rest.to_owned());
    Some(Requirement { name: normal(name), range })
}

/// Returns the name as every spelling of it compares.
///
/// Source: PyPA name normalisation (PEP 503).
pub fn normal(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}
