//! A document and the files beside it that it refers to, all parsed; and what a `$ref` stands for.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use percent_encoding::percent_decode_str;

use super::tree::{Node, Tree};
use super::within::Within;
use crate::lock::{hash, hash_of_text};
use crate::model::ledger::Reason;

/// The most `$ref` followed before we call it a cycle.
const MAX_HOPS: usize = 64;

/// How many texts with unseen characters are told one by one.
const TOLD: usize = 3;

/// What a schema may say beside its `$ref`, and what its target does not say for it.
const DESCRIBING: [&str; 11] = [
    "properties",
    "required",
    "allOf",
    "oneOf",
    "anyOf",
    "items",
    "prefixItems",
    "additionalProperties",
    "patternProperties",
    "enum",
    "const",
];

/// What cannot be read, and where: confined to what needs it.
pub type Fault = Reason;

/// The root document first, then each file it reaches, all within the root's project.
pub struct Documents {
    trees: Vec<Tree>,
    /// Path relative to the root's folder → index into `trees`; the root is "".
    by_path: HashMap<String, Result<usize, String>>,
    paths: Vec<String>,
    /// The hash of each file beside the root, as `paths` counts without it.
    hashes: Vec<String>,
}

/// Where the root document came from, which decides what it may refer to.
pub enum Place {
    /// A file: files of its project may be referred to.
    File(Within),
    /// A URL, standard input, a text: nothing outside may be referred to.
    Elsewhere,
}

impl Documents {
    /// Takes the parsed root document and reads the files it refers to. Opens no socket.
    ///
    /// A reference that may not or cannot be followed is no error here: `resolve` reports it to whoever needs it.
    pub fn load(root: Tree, place: &Place) -> Result<Self> {
        let mut documents =
            Self { trees: vec![root], by_path: HashMap::new(), paths: vec![String::new()], hashes: Vec::new() };
        if let (Place::File(_), Some(name)) = (place, Path::new(&documents.trees[0].file).file_name()) {
            documents.by_path.insert(name.to_string_lossy().into_owned(), Ok(0));
        }
        let mut next = 0;
        while next < documents.trees.len() {
            for target in documents.files_named_in(next) {
                documents.bring(next, &target, place)?;
            }
            next += 1;
        }
        Ok(documents)
    }

    /// What a reader of any of them does not see: the first places, and how many more there are.
    pub fn unseen(&self) -> Vec<Fault> {
        let told = |(node, names): (Node<'_>, String)| {
            fault(node, format!("the text here holds {names}, which reorders or hides what is read; it is escaped"))
        };
        let mut all: Vec<Fault> = self.trees.iter().flat_map(Tree::unseen).map(told).collect();
        let more = all.len().saturating_sub(TOLD);
        all.truncate(TOLD);
        if let (Some(last), true) = (all.last_mut(), more > 0) {
            last.what += &format!("; so do {more} more texts");
        }
        all
    }

    /// The hash of all that was read: of the root alone where it is all there is.
    pub fn hash(&self, root: &[u8]) -> String {
        let root = hash_of_text(root);
        if self.hashes.is_empty() {
            return root;
        }
        let mut files: Vec<String> =
            self.paths[1..].iter().zip(&self.hashes).map(|(path, hash)| format!("{path} {hash}\n")).collect();
        files.sort();
        hash(format!("{root}\n{}", files.concat()).as_bytes())
    }

    pub fn root(&self) -> Node<'_> {
        self.trees[0].root()
    }

    /// The index of the document that `node` stands in: with `Node::id` it identifies a node.
    pub fn index_of(&self, node: Node<'_>) -> usize {
        self.trees.iter().position(|tree| std::ptr::eq(tree, node.tree())).unwrap_or_default()
    }

    /// Follows `$ref` from `node` until something that is not a reference; returns it with the last reference followed.
    pub fn resolve<'d>(&'d self, node: Node<'d>) -> Result<(Node<'d>, Option<&'d str>), Fault> {
        self.follow_until(node, |_| false)
    }

    /// Follows `$ref` from a schema until something that is more than a reference: see `extends`.
    pub fn resolve_schema<'d>(&'d self, node: Node<'d>) -> Result<(Node<'d>, Option<&'d str>), Fault> {
        self.follow_until(node, |at| self.extends(at))
    }

    fn follow_until<'d>(
        &'d self,
        node: Node<'d>,
        is_end: impl Fn(Node<'d>) -> bool,
    ) -> Result<(Node<'d>, Option<&'d str>), Fault> {
        let (mut at, mut last) = (node, None);
        for _ in 0..MAX_HOPS {
            let Some(reference) = at.get_text("$ref").filter(|_| !is_end(at)) else { return Ok((at, last)) };
            at = self.follow(at, reference, 0)?;
            last = Some(reference);
        }
        Err(fault(node, format!("`$ref` goes in a circle: `{}`", node.get_text("$ref").unwrap_or_default())))
    }

    /// What the `$ref` of `node` names, where it has one.
    pub fn target<'d>(&'d self, node: Node<'d>) -> Result<Option<Node<'d>>, Fault> {
        node.get_text("$ref").map(|reference| self.follow(node, reference, 0)).transpose()
    }

    /// Whether a schema says more than its `$ref`: from OpenAPI 3.1 on, both count. Before, all beside it is ignored.
    pub fn extends(&self, node: Node<'_>) -> bool {
        let counts = self.root().get_text("openapi").is_some_and(|version| version >= "3.1");
        // A type beside the target's own says nothing new; beside a target without one it says all.
        let is_told = |key: &str| {
            let target = self.target(node).ok().flatten();
            target.is_some_and(|target| {
                ["$ref", "type", "allOf", "oneOf", "anyOf", "properties", key]
                    .iter()
                    .all(|key| target.get(key).is_none())
            })
        };
        counts
            && node.get_text("$ref").is_some()
            && (beside_reference(node).is_some()
                || ["type", "format"].iter().any(|key| node.get(key).is_some() && is_told(key)))
    }

    fn follow<'d>(&'d self, from: Node<'d>, reference: &str, depth: usize) -> Result<Node<'d>, Fault> {
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let index = if file.is_empty() { self.index_of(from) } else { self.file_index(from, file)? };
        let pointer = percent_decode_str(pointer).decode_utf8_lossy();
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Err(fault(from, format!("`$ref` names `{reference}`, an anchor, which is not followed")));
        }
        self.at(self.trees[index].root(), &pointer, depth)
            .ok_or_else(|| fault(from, format!("`$ref` names `{reference}`, which is not defined")))
    }

    /// Follows a JSON pointer, and what it meets on its way that is a reference itself.
    fn at<'d>(&'d self, root: Node<'d>, pointer: &str, depth: usize) -> Option<Node<'d>> {
        pointer.split('/').skip(1).try_fold(root, |mut node, part| {
            for _ in depth..MAX_HOPS {
                match (node.step(part), node.get_text("$ref")) {
                    (Some(next), _) => return Some(next),
                    (None, Some(reference)) => node = self.follow(node, reference, depth + 1).ok()?,
                    (None, None) => return None,
                }
            }
            None
        })
    }

    fn file_index(&self, from: Node<'_>, file: &str) -> Result<usize, Fault> {
        let path = join(&self.paths[self.index_of(from)], file).map_err(|why| fault(from, why))?;
        match self.by_path.get(&path) {
            Some(Ok(index)) => Ok(*index),
            Some(Err(why)) => Err(fault(from, why.clone())),
            None => Err(fault(from, format!("`$ref` to `{file}` was not read"))),
        }
    }

    fn files_named_in(&self, index: usize) -> Vec<String> {
        let mut files: Vec<String> = Vec::new();
        for reference in self.trees[index].texts_under("$ref") {
            let file = reference.split('#').next().unwrap_or_default();
            if !file.is_empty() && files.iter().all(|known| known != file) {
                files.push(file.to_owned());
            }
        }
        files
    }

    fn bring(&mut self, from: usize, file: &str, place: &Place) -> Result<()> {
        let Ok(path) = join(&self.paths[from], file) else { return Ok(()) };
        if path.is_empty() || self.by_path.contains_key(&path) {
            return Ok(());
        }
        let outcome = match place {
            Place::File(within) => self.read_beside(within, &path),
            Place::Elsewhere => {
                Err(format!("`$ref` to the file `{file}` is not followed from a document that is not a file"))
            }
        };
        self.by_path.insert(path, outcome);
        Ok(())
    }

    fn read_beside(&mut self, within: &Within, path: &str) -> Result<usize, String> {
        let leaves = || format!("`$ref` to `{path}` leaves the project of the document");
        // Before anything is looked for: what is outside is not even found to be there or not.
        if !within.holds(path) {
            return Err(leaves());
        }
        let unreadable = |_| format!("`$ref` names the file `{path}`, which cannot be read");
        let full = within.folder.join(path).canonicalize().map_err(unreadable)?;
        if !full.starts_with(&within.bound) {
            return Err(leaves());
        }
        let bytes = std::fs::read(&full).map_err(unreadable)?;
        let name = beside(&self.trees[0].file, path);
        let tree = Tree::parse(&name, &bytes)
            .map_err(|fault| format!("`$ref` names `{path}`, which is not valid: {fault}"))?;
        self.trees.push(tree);
        self.paths.push(path.to_owned());
        self.hashes.push(hash_of_text(&bytes));
        Ok(self.trees.len() - 1)
    }
}

/// The first keyword beside the `$ref` of a schema that would make it more than its target.
pub fn beside_reference(node: Node<'_>) -> Option<&'static str> {
    // Swagger's `required: true` says something else, and what is empty says nothing.
    let says = |said: Node<'_>| said.items().next().is_some() || said.entries().next().is_some();
    DESCRIBING
        .into_iter()
        .find(|key| node.get(key).is_some_and(|said| says(said) || *key == "const" || said.bool() == Some(false)))
}

/// `path`, relative to the folder of the document `file`, as people see it.
fn beside(file: &str, path: &str) -> String {
    let (mut folder, mut rest) = (Path::new(file).parent().unwrap_or(Path::new("")), path);
    while let (Some(below), Some(above)) = (rest.strip_prefix("../"), folder.parent()) {
        (folder, rest) = (above, below);
    }
    folder.join(rest).to_string_lossy().into_owned()
}

/// What is wrong at `node`.
pub fn fault(node: Node<'_>, what: impl Into<String>) -> Fault {
    Fault { what: what.into(), place: node.place() }
}

/// `file` as seen from the document at `base`, both relative to the root's folder, plain but for `..` at its beginning.
fn join(base: &str, file: &str) -> Result<String, String> {
    if file.contains("://")
        || file.starts_with("//")
        || file.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1 && !scheme.contains('/'))
    {
        return Err(format!("`$ref` to `{file}`: other hosts and schemes are not followed"));
    }
    let decoded = percent_decode_str(file).decode_utf8_lossy();
    if decoded.starts_with('/') || decoded.contains('\\') || decoded.contains(':') {
        return Err(format!(
            "`$ref` to `{file}`: only files of the document's project are followed, by relative paths"
        ));
    }
    let mut joined: Vec<&str> = base.split('/').collect();
    joined.pop();
    for part in decoded.split('/') {
        match (part, joined.last()) {
            ("" | ".", _) => {}
            ("..", Some(&last)) if last != ".." => drop(joined.pop()),
            _ => joined.push(part),
        }
    }
    Ok(joined.join("/"))
}
