//! What was asked for → the files of the user's that remember it: `integrate.yaml`, and a document that came by no file.

use anyhow::Result;

use super::requirement::Wanted;
use super::workspace::Workspace;
use crate::deploy::{Edit, Target};
use crate::lock::{Lock, hash};
use crate::paths;
use crate::problem;
use crate::requirements::{Entry, NAME, edit};
use crate::source::identify::Kind;
use crate::source::input::{Content, Input};

/// A document that came through standard input, and where it is kept so that the entry can be built again.
#[derive(Debug, Clone)]
pub struct Document {
    /// Relative to the project.
    pub path: String,
    pub bytes: Vec<u8>,
    /// What it is called while it is not kept: `standard input`.
    pub came_by: String,
}

impl Document {
    /// Gives what standard input held a place beside the code of the entry; None where that was not the source.
    pub fn of(input: &mut Input, name: &str, root: &str, source: Option<&str>) -> Option<Self> {
        let (Content::Document { bytes, .. }, Some("-")) = (&input.content, source) else { return None };
        // What is of no known kind is refused by the name it came by.
        if input.kind == Kind::Unknown {
            return None;
        }
        let extension = if bytes.trim_ascii_start().starts_with(b"{") { "json" } else { "yaml" };
        let path = format!("{root}/{name}.{}.{extension}", input.kind.name());
        let document = Self { path: path.clone(), bytes: bytes.clone(), came_by: input.name.clone() };
        input.name = path;
        Some(document)
    }

    fn edit(&self, target: &Target, lock: &Lock) -> Result<Edit> {
        let path = paths::checked(&self.path)?;
        let old = std::fs::read(path.under(&target.root)).ok();
        let is_ours = |old: &Vec<u8>| {
            *old == self.bytes || lock.documents.get(&self.path).is_some_and(|known| known.hash == hash(old))
        };
        if old.as_ref().is_some_and(|old| !is_ours(old)) {
            problem!(help: format!("build from that file with `--source {path}`, or move it away");
                "`{path}`: is not as it was left, and what standard input holds would be kept there");
        }
        let reason = "keeps what standard input held".to_owned();
        Ok(Edit { path: self.path.clone(), old, new: Some(self.bytes.clone()), reason })
    }
}

/// The edits of a build.
pub fn edits(workspace: &Workspace, target: &Target, lock: &Lock, wanted: &[Wanted]) -> Result<Vec<Edit>> {
    let documents = wanted.iter().filter_map(|one| one.document.as_ref());
    let mut edits = documents.map(|document| document.edit(target, lock)).collect::<Result<Vec<_>>>()?;
    edits.extend(of_project(workspace, wanted)?);
    Ok(edits)
}

/// The edits of a removal: `integrate.yaml` without the entry, and the document that only it was built from.
pub fn removal(workspace: &Workspace, lock: &Lock, name: &str) -> Result<Vec<Edit>> {
    let (Some(old), Some(entry)) = (&workspace.yaml, workspace.project.integrations.get(name)) else {
        return Ok(Vec::new());
    };
    let new = edit::without_entry(&String::from_utf8_lossy(old), name)?.into_bytes();
    let reason = "no longer lists it".to_owned();
    let mut edits = vec![Edit { path: NAME.to_owned(), old: Some(old.clone()), new: Some(new), reason }];
    let of_others = |source: &String| {
        workspace
            .project
            .integrations
            .iter()
            .any(|(other, entry)| other != name && entry.source.as_ref() == Some(source))
    };
    let source = entry.source.as_ref().filter(|source| !of_others(source));
    if let Some((path, known)) = source.and_then(|source| lock.documents.get_key_value(source)) {
        let old = std::fs::read(paths::checked(path)?.under(&workspace.folder)).ok();
        if known.created && old.as_ref().is_some_and(|old| hash(old) == known.hash) {
            edits.push(Edit { path: path.clone(), old, new: None, reason: "nothing is built from it".to_owned() });
        }
    }
    Ok(edits)
}

/// The change of `integrate.yaml` that keeps what was asked for.
fn of_project(workspace: &Workspace, wanted: &[Wanted]) -> Result<Option<Edit>> {
    let old = workspace.yaml.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let mut text = old.clone();
    for one in wanted {
        let kept = workspace.project.integrations.get(&one.name).map(|entry| {
            // An entry need not say again what the project says.
            let language = entry.language.clone().or_else(|| workspace.project.language.clone());
            Entry { language, ..entry.clone() }
        });
        if kept.as_ref() != Some(&one.entry) {
            text = Some(edit::with_entry(text.as_deref(), &workspace.project, &one.name, &one.entry)?);
        }
    }
    let changed = text.filter(|text| Some(text) != old.as_ref());
    let reason = "remembers what was asked for".to_owned();
    Ok(changed.map(|text| Edit {
        path: NAME.to_owned(),
        old: workspace.yaml.clone(),
        new: Some(text.into_bytes()),
        reason,
    }))
}
