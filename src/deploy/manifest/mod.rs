//! What generated code stands on → edits of the project's own manifests, line by line, and what the lock remembers of them.

mod edit;
mod json_text;
mod package_json;
mod pyproject;
mod range;
mod requirement;
mod toml_list;

use super::disk::{self, Content};
use super::plan::{Action, Change};
use super::protected::Protected;
use super::{Target, state};
use crate::lock::{Addition, Lock, LockedDocument, hash};
use crate::package::Dependency;
use crate::paths::{self, RelPath};
use crate::problem;
use anyhow::Result;
use edit::{Edited, Manifest};
use std::collections::BTreeMap;

/// What the manifests are to gain and to lose.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Of two with one name the first counts.
    pub add: Vec<Dependency>,
    /// Everything we added earlier and `add` does not name goes.
    pub drop_others: bool,
    /// What goes of that which we added earlier.
    pub drop: Vec<Dependency>,
    /// A manifest we made and the user deleted is made again.
    pub restore: bool,
}

/// The manifests' part of a plan.
#[derive(Debug, Clone, Default)]
pub struct Wiring {
    pub changes: Vec<Change>,
    pub notes: Vec<String>,
    /// What the lock is to remember of every document.
    pub documents: BTreeMap<String, LockedDocument>,
}

/// One manifest file: the languages it serves, what it holds when we make it, and whose presence means it is not used.
struct Format {
    file: &'static str,
    languages: &'static [&'static str],
    starter: &'static str,
    instead: &'static [&'static str],
    parse: fn(&str) -> Result<Box<dyn Manifest>>,
}

const FORMATS: [Format; 2] = [
    Format {
        file: "pyproject.toml",
        languages: &["python"],
        starter: pyproject::STARTER,
        instead: &["setup.py", "setup.cfg", "Pipfile"],
        parse: pyproject::parse,
    },
    Format {
        file: "package.json",
        languages: &["typescript", "javascript"],
        starter: package_json::STARTER,
        instead: &[],
        parse: package_json::parse,
    },
];

/// What became of one manifest.
type Outcome = (Option<Change>, Vec<String>, Option<LockedDocument>);

/// Returns the edits of every manifest the wish concerns.
///
/// A requirement of the user's on the same package stays as it is; where no version can meet both it is a conflict.
pub fn wire(target: &Target, lock: &Lock, protected: &Protected, wish: &Wish) -> Result<Wiring> {
    let mut wiring = Wiring { documents: lock.documents.clone(), ..Wiring::default() };
    for format in &FORMATS {
        let previous = lock.documents.get(format.file).cloned().unwrap_or_default();
        let (add, drop) = share(format, wish, &previous);
        if add.is_empty() && drop.is_empty() {
            continue;
        }
        let (change, notes, document) = one(format, target, protected, &previous, (&add, &drop), wish.restore)?;
        wiring.changes.extend(change);
        wiring.notes.extend(notes);
        wiring.documents.remove(format.file);
        wiring.documents.extend(document.map(|document| (format.file.to_owned(), document)));
    }
    Ok(wiring)
}

/// Returns the part of the wish that concerns one manifest, each name once.
fn share(format: &Format, wish: &Wish, previous: &LockedDocument) -> (Vec<Dependency>, Vec<Addition>) {
    let mut add: Vec<Dependency> = Vec::new();
    for one in wish.add.iter().filter(|one| format.languages.contains(&one.language.as_str())) {
        match add.iter_mut().find(|known| known.name == one.name) {
            Some(known) => known.development &= one.development,
            None => add.push(one.clone()),
        }
    }
    let named = |list: &[Dependency], name: &str| {
        list.iter().any(|one| one.name == name && format.languages.contains(&one.language.as_str()))
    };
    let goes = |name: &str| !named(&add, name) && (wish.drop_others || named(&wish.drop, name));
    let drop = previous.added.iter().filter(|added| goes(&added.name)).cloned().collect();
    (add, drop)
}

fn one(
    format: &Format,
    target: &Target,
    protected: &Protected,
    previous: &LockedDocument,
    (add, drop): (&[Dependency], &[Addition]),
    restore: bool,
) -> Result<Outcome> {
    let path = paths::checked(format.file)?;
    let old = disk::look(&target.root, &path)?;
    if old.is_none() && add.is_empty() {
        return Ok((None, Vec::new(), None));
    }
    if let Some(why) = untouchable(format, target, protected, &path, old.as_ref(), previous.created && !restore)? {
        let lines: Vec<_> = add.iter().map(|one| format!("`{} {}`", one.name, one.version)).collect();
        let kept = (*previous != LockedDocument::default()).then(|| previous.clone());
        return Ok((None, vec![format!("{why}: add {} yourself", lines.join(", "))], kept));
    }
    let edited = edited(format, &path, old.as_ref(), previous, add, drop)?;
    Ok(concluded(path, old, previous, edited, add.is_empty()))
}

/// Returns why the manifest is left alone, if it is.
fn untouchable(
    format: &Format,
    target: &Target,
    protected: &Protected,
    path: &RelPath,
    old: Option<&Content>,
    deleted: bool,
) -> Result<Option<String>> {
    if protected.holds_document(path) {
        return Ok(Some(format!("`{path}` is protected")));
    }
    if old.is_some() {
        return Ok(None);
    }
    let names = state::names(&target.root)?;
    let other = format.instead.iter().find(|other| names.iter().any(|name| name == *other));
    Ok(match (other, deleted) {
        (Some(other), _) => Some(format!("`{other}` holds what the project depends on")),
        (None, true) => Some(format!("`{path}` is kept deleted")),
        (None, false) => None,
    })
}

/// Edits the text without its byte order mark and with LF line ends, and gives both back.
fn edited(
    format: &Format,
    path: &RelPath,
    old: Option<&Content>,
    previous: &LockedDocument,
    add: &[Dependency],
    drop: &[Addition],
) -> Result<Edited> {
    let Ok(text) = std::str::from_utf8(old.map_or(format.starter.as_bytes(), |content| &content.bytes)) else {
        problem!(help: "write it in UTF-8"; "`{path}`: not UTF-8");
    };
    let (mark, text) = text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest));
    let feeds = text.matches('\n').count();
    let windows = feeds > 0 && feeds == text.matches("\r\n").count();
    let plain = if windows { text.replace("\r\n", "\n") } else { text.to_owned() };
    let mut manifest = (format.parse)(&plain)?;
    let read = manifest.text();
    let mut edited = edit::edit(manifest.as_mut(), previous, add, drop);
    if edited.text == read {
        edited.text = plain;
    } else if read != plain {
        edited.conflicts.push("cannot be edited without touching its mixed line ends: make them all alike".to_owned());
    }
    let text = if windows { edited.text.replace('\n', "\r\n") } else { edited.text };
    Ok(Edited { text: format!("{mark}{text}"), ..edited })
}

fn concluded(
    path: RelPath,
    old: Option<Content>,
    previous: &LockedDocument,
    edited: Edited,
    only_drops: bool,
) -> Outcome {
    let new = edited.text.into_bytes();
    let same = old.as_ref().is_some_and(|old| old.bytes == new);
    let untouched = old.as_ref().is_some_and(|old| hash(&old.bytes) == previous.hash);
    let whole = previous.created && untouched && only_drops && edited.added.is_empty();
    let (action, reason, new) = match old {
        _ if !edited.conflicts.is_empty() => (Action::Conflict, edited.conflicts.join("; "), Some(new)),
        Some(_) if whole => (Action::Delete, "nothing generated needs it".to_owned(), None),
        Some(_) if same => (Action::Keep, "has what the generated code needs".to_owned(), Some(new)),
        Some(_) => (Action::Update, "what the generated code needs".to_owned(), Some(new)),
        None => (Action::Create, "what the generated code needs".to_owned(), Some(new)),
    };
    let remembered = LockedDocument {
        hash: if same { previous.hash.clone() } else { new.as_deref().map(hash).unwrap_or_default() },
        created: previous.created || old.is_none(),
        added: edited.added,
        made: edited.made,
    };
    let keep = action != Action::Delete && !(same && remembered.added.is_empty() && !remembered.created);
    let change = Change { path, action, reason, entry: String::new(), template: String::new(), old, new };
    (Some(change), edited.notes, keep.then_some(remembered))
}
