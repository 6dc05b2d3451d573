//! A path of the project → what is there now; bytes → a file that is there whole or not at all.

use crate::lock::hash;
use crate::paths::RelPath;
use crate::problem;
use crate::problem::Problem;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// A file's bytes and its permission bits; no bits where the system has none, or where those of the moment will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub bytes: Vec<u8>,
    pub mode: Option<u32>,
}

impl Content {
    /// Returns what is remembered of the file.
    pub fn stamp(&self) -> Stamp {
        Stamp { hash: hash(&self.bytes), mode: self.mode }
    }
}

/// What is remembered of a file: the SHA-256 of its bytes and its permission bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    pub hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<u32>,
}

/// A folder and its permission bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<u32>,
}

/// Reads the file; none where there is none.
///
/// Errors with a `Problem` when a folder above it is a symbolic link or no folder, or when it is itself anything but a
/// regular file. No link is followed.
pub fn look(root: &Path, path: &RelPath) -> Result<Option<Content>> {
    if !real_parents(root, path)? {
        return Ok(None);
    }
    let full = path.under(root);
    let Some(found) = metadata(&full)? else { return Ok(None) };
    if !found.is_file() {
        problem!(
            help: "move it away, or choose another place for what is generated";
            "`{path}`: is {}, wanted a regular file", kind(&found)
        );
    }
    let bytes = fs::read(&full).map_err(fault("read", &full))?;
    Ok(Some(Content { bytes, mode: mode(&found) }))
}

/// Says whether every folder above the file is there.
///
/// Errors with a `Problem` when one of them is a symbolic link or not a folder.
pub fn real_parents(root: &Path, path: &RelPath) -> Result<bool> {
    for parent in path.parents() {
        match metadata(&parent.under(root))? {
            None => return Ok(false),
            Some(found) if found.is_dir() => {}
            Some(found) => {
                problem!(
                    help: "replace it with a folder, or choose another place for what is generated";
                    "`{path}`: `{parent}` is {}, wanted a folder", kind(&found)
                )
            }
        }
    }
    Ok(true)
}

/// Says whether the path is a folder and so is everything above it; a link is none.
pub fn real_folder(root: &Path, path: &RelPath) -> bool {
    let folder = matches!(metadata(&path.under(root)), Ok(Some(found)) if found.is_dir());
    folder && matches!(real_parents(root, path), Ok(true))
}

/// Returns what the path is, without following a link at its end; none where there is nothing.
pub fn metadata(path: &Path) -> Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(fault("look at", path)(error)),
    }
}

/// Returns the permission bits.
pub fn mode(found: &Metadata) -> Option<u32> {
    #[cfg(unix)]
    return Some(std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o7777);
    #[cfg(not(unix))]
    return found.permissions().readonly().then_some(0o444);
}

/// Sets the permission bits, where the system has them.
pub fn set_mode(path: &Path, mode: Option<u32>) -> Result<()> {
    #[cfg(unix)]
    if let Some(bits) = mode {
        let wanted = std::os::unix::fs::PermissionsExt::from_mode(bits);
        fs::set_permissions(path, wanted).map_err(fault("set the permissions of", path))?;
    }
    let _ = (path, mode);
    Ok(())
}

/// Gives one file the owner of another, as far as we may; it matters when root runs us in somebody's project.
pub fn keep_owner(from: &Path, to: &Path) {
    #[cfg(unix)]
    if let (Ok(wanted), Ok(found)) = (fs::symlink_metadata(from), fs::symlink_metadata(to)) {
        use std::os::unix::fs::MetadataExt;
        if (wanted.uid(), wanted.gid()) != (found.uid(), found.gid()) {
            let _ = std::os::unix::fs::chown(to, Some(wanted.uid()), Some(wanted.gid()));
        }
    }
    let _ = (from, to);
}

/// Writes a new file under exactly this name, with the given permission bits or else those of any new file.
///
/// Not yet on the disk for certain: see `sync`.
pub fn write_new(path: &Path, content: &Content) -> Result<()> {
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(&content.bytes)
    };
    write().map_err(fault("write", path))?;
    set_mode(path, content.mode)
}

/// Replaces a file of our own in `.integrate/`, whole or not at all, for certain on the disk.
pub fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let write = || {
        let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|failed| failed.error)
    };
    write().map_err(fault("write", &path))?;
    sync(folder)
}

/// How the name of a half-written file of our own begins.
pub const TEMPORARY: &str = ".tmp-";

/// Waits until the file or folder is on the disk; a folder only where the system can.
pub fn sync(path: &Path) -> Result<()> {
    if cfg!(not(unix)) && path.is_dir() {
        return Ok(());
    }
    let open = OpenOptions::new().read(true).write(cfg!(windows)).open(path);
    open.and_then(|file: File| file.sync_all()).map_err(fault("flush", path))
}

/// Removes the file; it may be gone already.
pub fn remove_file(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_file(path)).map_err(fault("remove", path))
}

/// Removes the folder and all in it; it may be gone already.
pub fn remove_tree(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_dir_all(path)).map_err(fault("remove", path))
}

/// Removes the folder if nothing is in it; says whether it is gone.
pub fn remove_empty(path: &Path) -> Result<bool> {
    match fs::remove_dir(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(false),
        Err(error) => Err(fault("remove", path)(error)),
    }
}

fn absent_is_fine(outcome: io::Result<()>) -> io::Result<()> {
    outcome.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// Returns a function that turns a fault of the file system into a `Problem` with its place and what to do.
pub fn fault<'a>(doing: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> anyhow::Error + 'a {
    move |error| {
        let help = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "free some space on the disk, then run the command again"
            }
            ErrorKind::PermissionDenied => "give yourself the right to write there, then run the command again",
            ErrorKind::ReadOnlyFilesystem => "make the file system writable, then run the command again",
            _ => "check the folder and the disk it is on, then run the command again",
        };
        anyhow::Error::new(Problem::new(format!("cannot {doing} `{}`: {error}", path.display()), help))
    }
}

fn kind(found: &Metadata) -> &'static str {
    if found.is_symlink() {
        "a symbolic link"
    } else if found.is_dir() {
        "a folder"
    } else if found.is_file() {
        "a file"
    } else {
        "a device, pipe or socket"
    }
}
