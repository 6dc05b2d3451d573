//! A manifest of any format, what is to be in it and what not → the manifest edited, and why where it could not be.

use super::range::{Spelling, overlap};
use super::requirement::{normal, requirement};
use crate::lock::{Addition, LockedDocument};
use crate::package::Dependency;

/// A requirement that a manifest already has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub table: String,
    /// Normalised as its format compares names.
    pub name: String,
    pub extras: Vec<String>,
    /// None where the version cannot be known: a URL, a folder, a workspace.
    pub range: Option<String>,
    pub spelling: Spelling,
    /// Counts only where an environment marker holds.
    pub conditional: bool,
    /// Installed with the project itself, not for development only.
    pub runtime: bool,
}

/// A manifest in memory.
pub trait Manifest {
    /// Returns every requirement in it, in any table.
    fn found(&self) -> Vec<Found>;
    /// Returns the table for a new requirement, or why there is none.
    fn place(&self, development: bool) -> Result<String, String>;
    /// Adds the requirement; says whether its table had to be made.
    fn add(&mut self, addition: &Addition) -> bool;
    /// Says whether the requirement is there exactly as we wrote it.
    fn holds(&self, addition: &Addition) -> bool;
    /// Takes the requirement out, and its table if that is then empty and `with_table`.
    fn remove(&mut self, addition: &Addition, with_table: bool);
    /// How our own versions are spelled.
    fn spelling(&self) -> Spelling;
    /// What else the user should know.
    fn notes(&self) -> Vec<String>;
    fn text(&self) -> String;
}

/// The manifest after the edits.
#[derive(Debug, Clone, Default)]
pub struct Edited {
    pub text: String,
    /// All that is ours in it.
    pub added: Vec<Addition>,
    /// The tables we made.
    pub made: Vec<String>,
    pub conflicts: Vec<String>,
    pub notes: Vec<String>,
}

/// What is to be done about one dependency.
enum Decision {
    /// It is there, as we wrote it.
    Ours(Addition),
    /// It is there as we wrote it, in another version.
    Renew(Addition, Addition),
    Add(Addition),
    /// The user's own requirement serves.
    Leave,
    Conflict(String),
    Note(String),
}

/// Takes out what is to go, then sees to each dependency in turn.
pub fn edit(manifest: &mut dyn Manifest, previous: &LockedDocument, add: &[Dependency], drop: &[Addition]) -> Edited {
    let mut edited = Edited { notes: manifest.notes(), made: previous.made.clone(), ..Edited::default() };
    edited.added = previous.added.iter().filter(|added| !drop.contains(added) && !named(add, added)).cloned().collect();
    edited.notes.extend(drop.iter().filter_map(|gone| take_out(manifest, previous, gone)));
    for dependency in add {
        match decide(manifest, previous, dependency) {
            Decision::Ours(addition) => edited.added.push(addition),
            Decision::Renew(before, after) => {
                manifest.remove(&before, false);
                manifest.add(&after);
                edited.added.push(after);
            }
            Decision::Add(addition) => {
                edited.made.extend(manifest.add(&addition).then(|| addition.table.clone()));
                edited.added.push(addition);
            }
            Decision::Leave => {}
            Decision::Conflict(reason) => edited.conflicts.push(reason),
            Decision::Note(note) => edited.notes.push(note),
        }
    }
    edited.added.sort();
    edited.made.retain(|table| edited.added.iter().any(|added| added.table == *table));
    edited.made.sort();
    edited.made.dedup();
    edited.text = manifest.text();
    edited
}

/// Takes our requirement out; returns a note when it is no longer as we wrote it and stays.
fn take_out(manifest: &mut dyn Manifest, previous: &LockedDocument, gone: &Addition) -> Option<String> {
    if manifest.holds(gone) {
        manifest.remove(gone, previous.made.contains(&gone.table));
        return None;
    }
    let key = normal_name(manifest, &gone.name);
    let stays = manifest.found().iter().any(|found| found.name == key);
    stays.then(|| format!("`{}` stays in `{}`: its line is no longer as it was written", gone.name, gone.table))
}

fn named(add: &[Dependency], addition: &Addition) -> bool {
    add.iter().any(|dependency| dependency.name == addition.name)
}

fn decide(manifest: &dyn Manifest, previous: &LockedDocument, dependency: &Dependency) -> Decision {
    let (name, version) = (dependency.name.clone(), dependency.version.clone());
    if let Some(ours) = previous.added.iter().find(|added| added.name == name && manifest.holds(added)) {
        let wanted = Addition { version, ..ours.clone() };
        return if wanted == *ours { Decision::Ours(wanted) } else { Decision::Renew(ours.clone(), wanted) };
    }
    let key = normal_name(manifest, &name);
    let found: Vec<_> = manifest.found().into_iter().filter(|found| found.name == key).collect();
    if let Some(reason) = unmet(manifest, &found, dependency) {
        return Decision::Conflict(reason);
    }
    let extras = extras(&name);
    let has_extras = |found: &Found| extras.iter().all(|extra| found.extras.contains(extra));
    if found.iter().any(|found| (found.runtime || dependency.development) && has_extras(found)) {
        return Decision::Leave;
    }
    match manifest.place(dependency.development) {
        Ok(table) if found.iter().any(|found| found.table == table && found.spelling == Spelling::Caret) => {
            let extras = extras.join("`, `");
            Decision::Conflict(format!("`{name}` in `{table}` lacks what the generated code needs: add `{extras}`"))
        }
        Ok(table) => Decision::Add(Addition { table, name, version }),
        Err(why) => Decision::Note(format!("{why}: add `{name} {version}` yourself")),
    }
}

/// Returns why the user's requirements cannot serve, if they cannot; one with a marker may, beside another that does.
fn unmet(manifest: &dyn Manifest, found: &[Found], dependency: &Dependency) -> Option<String> {
    let (name, version) = (&dependency.name, &dependency.version);
    let (met, unmet): (Vec<_>, Vec<_>) = found.iter().partition(|found| meets(manifest, found, version));
    let held = unmet.into_iter().find(|found| met.is_empty() || !found.conditional)?;
    let (range, table) = (held.range.clone().unwrap_or_default(), &held.table);
    Some(format!("`{name}` is `{range}` in `{table}`, the generated code needs `{version}`: change one of them"))
}

/// Says whether a version may exist that meets the user's requirement and ours; what cannot be read is the user's affair.
fn meets(manifest: &dyn Manifest, found: &Found, version: &str) -> bool {
    let Some(range) = &found.range else { return true };
    overlap((range, found.spelling), (version, manifest.spelling())).unwrap_or(true)
}

fn normal_name(manifest: &dyn Manifest, name: &str) -> String {
    match manifest.spelling() {
        Spelling::Pep440 => requirement(name).map_or_else(|| normal(name), |found| found.name),
        Spelling::Caret => name.to_owned(),
    }
}

/// Returns the extras in `name[one,two]`.
pub fn extras(text: &str) -> Vec<String> {
    let inside = text.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(inside, _)| inside);
    inside.unwrap_or_default().split(',').map(|extra| normal(extra.trim())).filter(|extra| !extra.is_empty()).collect()
}
