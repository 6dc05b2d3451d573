//! The names of entries: which are taken, in a project and in its lock.

use anyhow::Result;

use crate::lock::Lock;
use crate::problem;
use crate::requirements::Project;
use crate::requirements::project::are_alike;

/// The entry of a project, or of its lock, whose folder and variables are those that `name` would have.
pub fn alike<'p>(name: &str, project: &'p Project, lock: &'p Lock) -> Option<&'p str> {
    let known = project.integrations.keys().chain(lock.entries.keys());
    known.map(String::as_str).find(|known| are_alike(known, name))
}

/// Refuses to build an entry over another one: one spelled alike, or one that was deployed here.
pub fn refuse_taken(name: &str, project: &Project, lock: &Lock) -> Result<()> {
    if let Some(other) = alike(name, project, lock) {
        problem!(help: format!("choose another name, or remove the other first: `integrate remove {other}`");
            "`{name}`: its folder and its variables would be those of the integration `{other}`");
    }
    if lock.entries.get(name).is_some_and(|entry| entry.deployed) {
        problem!(help: format!("build it where it came from and deploy it again, or remove it here first: `integrate remove {name}`");
            "`{name}` came from another project, so it is not built here");
    }
    Ok(())
}
