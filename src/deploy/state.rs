//! `.integrate/`: the project's own folder for journal, backups and receipts, and the lock that lets one process write.

use super::disk::{self, fault};
use super::journal;
use crate::problem;
use anyhow::Result;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The folder's name; it ignores itself in git.
pub const FOLDER: &str = ".integrate";

/// The right to write in a project; given back when dropped, and by the system when the process dies.
pub struct Hold {
    file: File,
}

impl Drop for Hold {
    fn drop(&mut self) {
        // Closing alone would leave the lock with a child that another thread is just starting.
        let _ = self.file.unlock();
    }
}

/// Returns the folder of unfinished work.
pub fn journals(root: &Path) -> PathBuf {
    root.join(FOLDER).join("journal")
}

/// Returns the folder of the old files that one receipt can bring back.
pub fn backups(root: &Path) -> PathBuf {
    root.join(FOLDER).join("backups")
}

/// Returns the folder of what was done.
pub fn receipts(root: &Path) -> PathBuf {
    root.join(FOLDER).join("receipts")
}

/// Makes the folder where it is missing and takes the lock.
///
/// Errors with a `Problem` when another process holds it. A process that died holds nothing: the lock is the system's.
pub fn hold(root: &Path) -> Result<Hold> {
    for folder in [root.join(FOLDER), journals(root), backups(root), receipts(root)] {
        make_real(&folder)?;
    }
    let ignore = root.join(FOLDER).join(".gitignore");
    if disk::metadata(&ignore)?.is_none() {
        disk::write_whole(&root.join(FOLDER), ".gitignore", b"*\n")?;
    }
    let path = root.join(FOLDER).join("lock");
    if disk::metadata(&path)?.is_some_and(|found| !found.is_file()) {
        problem!(help: "remove it, then run the command again"; "`{}`: not a regular file", path.display());
    }
    let mut options = OpenOptions::new();
    let mut file =
        options.read(true).write(true).create(true).truncate(false).open(&path).map_err(fault("open", &path))?;
    locked(&mut file, &path)?;
    let note = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    note.map_err(fault("write", &path))?;
    Ok(Hold { file })
}

fn locked(file: &mut File, path: &Path) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::Error(error)) => Err(fault("lock", path)(error)),
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            let _ = file.read_to_string(&mut owner);
            problem!(
                help: "wait until it has ended, then run the command again";
                "`{}`: another `integrate` is writing here (process {})", path.display(), owner.trim()
            )
        }
    }
}

/// Errors with a `Problem` when work was interrupted here and not yet recovered.
pub fn refuse_unfinished(root: &Path) -> Result<()> {
    let Some(journal) = journal::unfinished(root)? else { return Ok(()) };
    let path = root.join(FOLDER).join("lock");
    if let Ok(mut file) = OpenOptions::new().read(true).write(true).open(&path) {
        locked(&mut file, &path)?;
    }
    problem!(
        help: "run `integrate recover`";
        "`{}`: an earlier run was interrupted while it wrote {} files", root.display(), journal.steps.len()
    )
}

/// Removes what interrupted runs left in `.integrate/`. Only while the lock is held and no work is unfinished.
pub fn sweep(root: &Path) -> Result<()> {
    for folder in [journals(root), receipts(root), root.join(FOLDER)] {
        for name in names(&folder)?.iter().filter(|name| name.starts_with(disk::TEMPORARY)) {
            disk::remove_file(&folder.join(name))?;
        }
    }
    let kept = names(&receipts(root))?;
    for id in names(&backups(root))? {
        if !kept.contains(&format!("{id}.json")) {
            disk::remove_tree(&backups(root).join(id))?;
        }
    }
    Ok(())
}

/// Returns the names in a folder in order; none where the folder is missing.
pub fn names(folder: &Path) -> Result<Vec<String>> {
    if disk::metadata(folder)?.is_none() {
        return Ok(Vec::new());
    }
    let read = || -> std::io::Result<Vec<String>> {
        fs::read_dir(folder)?.map(|item| item.map(|item| item.file_name().to_string_lossy().into_owned())).collect()
    };
    let mut names = read().map_err(fault("list", folder))?;
    names.sort();
    Ok(names)
}

fn make_real(folder: &Path) -> Result<()> {
    match disk::metadata(folder)? {
        Some(found) if found.is_dir() => Ok(()),
        Some(_) => {
            problem!(help: "remove it, then run the command again"; "`{}`: not a folder of its own", folder.display())
        }
        None => fs::create_dir_all(folder).map_err(fault("make", folder)),
    }
}
