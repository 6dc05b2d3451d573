//! Old and new bytes of a file → a unified diff.

use similar::TextDiff;
use std::time::Duration;

/// How long one diff may take before it turns coarse.
const PATIENCE: Duration = Duration::from_secs(2);

/// Returns the unified diff with three lines of context; empty when nothing differs. None is no file.
pub fn unified(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> String {
    if old == new {
        return String::new();
    }
    let header = (name("a", path, old), name("b", path, new));
    let (Some(before), Some(after)) = (text(old), text(new)) else {
        return format!("Binary files {} and {} differ\n", header.0, header.1);
    };
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    diff.unified_diff().context_radius(3).header(&header.0, &header.1).to_string()
}

fn name(side: &str, path: &str, bytes: Option<&[u8]>) -> String {
    bytes.map_or("/dev/null".to_owned(), |_| format!("{side}/{path}"))
}

fn text(bytes: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(bytes.unwrap_or_default()).ok().filter(|text| !text.contains('\0'))
}
