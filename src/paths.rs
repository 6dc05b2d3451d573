//! A path from outside → a path that is safe to write under a project on every system, or why not.

use crate::problem;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// A path relative to a project, `/` between parts, that means the same file on Linux, macOS and Windows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(String);

impl RelPath {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path under `root`, in the spelling of this system.
    pub fn under(&self, root: &Path) -> PathBuf {
        self.0.split('/').fold(root.to_path_buf(), |path, part| path.join(part))
    }

    /// Yields the folders above the file, outermost first, without the project itself.
    pub fn parents(&self) -> impl Iterator<Item = RelPath> + '_ {
        self.0.match_indices('/').map(|(at, _)| RelPath(self.0[..at].to_owned()))
    }

    /// Returns the innermost folder above the file; none when it lies in the project's own folder.
    pub fn parent(&self) -> Option<RelPath> {
        self.0.rfind('/').map(|at| RelPath(self.0[..at].to_owned()))
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names Windows gives to devices, whatever the extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Longest part that common file systems store, in bytes.
const PART_BYTES: usize = 255;

/// Longest path that Linux takes, in bytes, less room for the project's own place.
const PATH_BYTES: usize = 3000;

/// Returns the path when it stays inside the project and names the same file everywhere.
///
/// Errors with a `Problem`: absolute, `.` or `..`, empty parts, control and invisible characters, backslashes, drive
/// letters and alternate streams, Windows device names and short names, trailing dots and spaces, `.git` and
/// `.integrate` in any spelling.
pub fn checked(path: &str) -> Result<RelPath> {
    if let Some(fault) = path_fault(path).or_else(|| path.split('/').find_map(part_fault)) {
        problem!(
            help: "give a path inside the project, with plain names and `/` between them";
            "`{}`: {fault}", path.escape_debug()
        );
    }
    Ok(RelPath(path.to_owned()))
}

/// Errors when two of the paths are one file on a system that ignores case or Unicode form, or when one is the other's folder.
pub fn distinct<'a>(paths: impl IntoIterator<Item = &'a RelPath>) -> Result<()> {
    let mut files: BTreeMap<String, &str> = BTreeMap::new();
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    for path in paths {
        if let Some(other) = files.insert(folded(&path.0), &path.0) {
            return collision(other, &path.0);
        }
        for folder in path.parents() {
            let kept = folders.entry(folded(&folder.0)).or_insert_with(|| folder.0.clone());
            if *kept != folder.0 {
                return collision(kept, &folder.0);
            }
        }
    }
    match files.iter().find_map(|(key, file)| folders.get(key).map(|folder| (file, folder))) {
        Some((file, folder)) => collision(file, folder),
        None => Ok(()),
    }
}

/// Returns the spelling under which a system that ignores case and Unicode form finds the path.
pub fn folded(path: &str) -> String {
    path.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

fn collision(one: &str, other: &str) -> Result<()> {
    problem!(
        help: "rename one of them: they are the same file where case and Unicode form do not count";
        "`{other}`: cannot be written beside `{one}`"
    )
}

fn path_fault(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("an empty path");
    }
    if path.starts_with('/') {
        return Some("an absolute path");
    }
    (path.len() > PATH_BYTES).then_some("longer than 3000 bytes")
}

fn part_fault(part: &str) -> Option<&'static str> {
    let plain = folded(part);
    Some(match part {
        "" => "an empty part",
        "." => "a part that is `.`",
        ".." => "a part that is `..`: it leads out of the project",
        _ if part.chars().any(char::is_control) => "a control character",
        _ if part.chars().any(invisible) => "an invisible character",
        _ if part.contains('\\') => "a backslash",
        _ if part.contains(':') => "a colon: on Windows a drive letter or an alternate stream",
        _ if part.contains(['<', '>', '"', '|', '?', '*']) => "a character that Windows file names cannot have",
        _ if part.ends_with(['.', ' ']) || part.starts_with(' ') => "a part with a trailing dot or a space at its end",
        _ if part.len() > PART_BYTES => "a part longer than 255 bytes",
        _ if plain == ".git" => "inside `.git`",
        _ if plain == ".integrate" => "inside `.integrate`",
        _ if short_name(&plain) => "a short name of Windows, such as `git~1`",
        _ if is_device(&plain) => "the name of a Windows device",
        _ if plain.contains(['/', '\\', ':']) => "a character that turns into a separator",
        _ => return None,
    })
}

/// Says whether some systems drop or reorder the character, so that `.g\u{200c}it` opens `.git`.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

fn short_name(plain: &str) -> bool {
    let stem = plain.split('.').next().unwrap_or_default();
    stem.rsplit_once('~').is_some_and(|(head, digits)| {
        !head.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Says whether Windows takes a file of this name, in small letters, for one of its devices.
pub fn is_device(plain: &str) -> bool {
    let stem = plain.split('.').next().unwrap_or_default().trim_end();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    DEVICES.contains(&stem) || port.is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
}
