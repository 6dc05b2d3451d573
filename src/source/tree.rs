//! Text of a YAML or JSON document → a tree in which every node knows its line, its column and its parent.

mod parsing;

use std::fmt::Write as _;

use crate::unseen;

pub use parsing::MAX_BYTES;

/// A parsed document. Nodes are numbered in the order they end; text lives in one arena.
#[derive(Debug)]
pub struct Tree {
    /// The name shown in messages: a path relative to where we were called, or a URL.
    pub file: String,
    nodes: Vec<NodeData>,
    children: Vec<u32>,
    text: String,
    root: u32,
}

#[derive(Debug, Clone, Copy)]
struct NodeData {
    kind: Kind,
    /// Where its text, its children, or (for an alias) its target begins.
    start: u32,
    length: u32,
    parent: u32,
    line: u32,
    column: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A scalar without quotes: its type follows from its text (YAML 1.2, core schema).
    Plain,
    Quoted,
    List,
    Map,
    Alias,
}

impl Tree {
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, id: self.root }
    }

    /// The text under each key `name` anywhere in the document.
    pub fn texts_under<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        let maps = self.nodes.iter().filter(|node| node.kind == Kind::Map);
        maps.flat_map(move |node| {
            self.range(node).chunks_exact(2).filter_map(move |pair| {
                let [key, value] = [pair[0], pair[1]].map(|id| Node { tree: self, id });
                if key.text() == Some(name) { value.text() } else { None }
            })
        })
    }

    /// The texts with characters that reorder or hide what a reader sees, each with what it holds.
    pub fn unseen(&self) -> impl Iterator<Item = (Node<'_>, String)> {
        let ids = 0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let ids = ids.filter(|id| matches!(self.nodes[*id as usize].kind, Kind::Plain | Kind::Quoted));
        ids.map(|id| Node { tree: self, id }).filter_map(|node| {
            let mut names: Vec<String> =
                unseen::find(node.text()?).map(|(_, c, _)| format!("`U+{:04X}`", u32::from(c))).collect();
            names.sort();
            names.dedup();
            (!names.is_empty()).then(|| (node, names.join(", ")))
        })
    }

    fn range(&self, node: &NodeData) -> &[u32] {
        &self.children[node.start as usize..(node.start + node.length) as usize]
    }
}

/// A node of a `Tree`; as cheap to copy as a reference.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: u32,
}

impl<'t> Node<'t> {
    fn data(self) -> &'t NodeData {
        let data = &self.tree.nodes[self.id as usize];
        if data.kind == Kind::Alias { &self.tree.nodes[data.start as usize] } else { data }
    }

    /// Its number, unique within its tree.
    pub fn id(self) -> u32 {
        self.id
    }

    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    pub fn line(self) -> u32 {
        self.tree.nodes[self.id as usize].line
    }

    pub fn column(self) -> u32 {
        self.tree.nodes[self.id as usize].column
    }

    /// `file:line:column`, as messages begin.
    pub fn place(self) -> String {
        format!("{}:{}:{}", self.tree.file, self.line(), self.column())
    }

    pub fn is_map(self) -> bool {
        self.data().kind == Kind::Map
    }

    pub fn is_list(self) -> bool {
        self.data().kind == Kind::List
    }

    pub fn is_null(self) -> bool {
        self.data().kind == Kind::Plain && matches!(self.text(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// The scalar's own text, whatever its type: `1.10` stays `1.10`. None for lists and maps.
    pub fn text(self) -> Option<&'t str> {
        let data = self.data();
        matches!(data.kind, Kind::Plain | Kind::Quoted)
            .then(|| &self.tree.text[data.start as usize..(data.start + data.length) as usize])
    }

    pub fn bool(self) -> Option<bool> {
        (self.data().kind == Kind::Plain).then(|| self.text())?.and_then(|text| match text {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        })
    }

    /// The items of a list; nothing for anything else.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let data = self.data();
        let range = if data.kind == Kind::List { self.tree.range(data) } else { &[] };
        range.iter().map(move |id| Node { tree: self.tree, id: *id })
    }

    /// The entries of a map in the order of the source, keys as nodes; nothing for anything else.
    pub fn pairs(self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> {
        let data = self.data();
        let range = if data.kind == Kind::Map { self.tree.range(data) } else { &[] };
        range
            .chunks_exact(2)
            .map(move |pair| (Node { tree: self.tree, id: pair[0] }, Node { tree: self.tree, id: pair[1] }))
    }

    /// The entries of a map in the order of the source.
    pub fn entries(self) -> impl Iterator<Item = (&'t str, Node<'t>)> {
        self.pairs().map(|(key, value)| (key.text().unwrap_or_default(), value))
    }

    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entries().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The text under `key`, where that is a scalar.
    pub fn get_text(self, key: &str) -> Option<&'t str> {
        self.get(key)?.text()
    }

    pub fn get_bool(self, key: &str) -> Option<bool> {
        self.get(key)?.bool()
    }

    /// Follows a JSON pointer (RFC 6901) from here; "" is this node.
    pub fn at(self, pointer: &str) -> Option<Node<'t>> {
        pointer.split('/').skip(1).try_fold(self, Node::step)
    }

    /// What one part of a JSON pointer leads to.
    pub fn step(self, part: &str) -> Option<Node<'t>> {
        let part = part.replace("~1", "/").replace("~0", "~");
        match part.parse::<usize>() {
            Ok(index) if self.is_list() => self.items().nth(index),
            _ => self.get(&part),
        }
    }

    /// The JSON pointer (RFC 6901) of this node, "" for the root.
    pub fn pointer(self) -> String {
        let mut parts = Vec::new();
        let mut id = self.id;
        loop {
            let parent = self.tree.nodes[id as usize].parent;
            if parent == u32::MAX {
                break;
            }
            parts.push(self.tree.step(parent, id));
            id = parent;
        }
        parts.iter().rev().fold(String::new(), |mut pointer, part| {
            let _ = write!(pointer, "/{}", part.replace('~', "~0").replace('/', "~1"));
            pointer
        })
    }

    /// The same value as plain JSON data.
    pub fn to_json(self) -> serde_json::Value {
        use serde_json::Value;
        let data = self.data();
        match data.kind {
            Kind::List => Value::Array(self.items().map(Node::to_json).collect()),
            Kind::Map => Value::Object(self.entries().map(|(key, value)| (key.to_owned(), value.to_json())).collect()),
            Kind::Quoted => Value::String(self.text().unwrap_or_default().to_owned()),
            Kind::Plain | Kind::Alias => self.plain_to_json(),
        }
    }

    fn plain_to_json(self) -> serde_json::Value {
        use serde_json::Value;
        let text = self.text().unwrap_or_default();
        if self.is_null() {
            return Value::Null;
        }
        if let Some(flag) = self.bool() {
            return Value::Bool(flag);
        }
        let looks_numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
        match looks_numeric.then(|| serde_json::from_str::<serde_json::Number>(text.trim_start_matches('+'))) {
            Some(Ok(number)) => Value::Number(number),
            _ => Value::String(text.to_owned()),
        }
    }
}

impl Tree {
    /// The key or the index under which `child` stands in `parent`.
    fn step(&self, parent: u32, child: u32) -> String {
        let data = &self.nodes[parent as usize];
        // Nodes are numbered in the order they end, so children stand in ascending order.
        let at = self.range(data).binary_search(&child).unwrap_or_default();
        match data.kind {
            Kind::Map => Node { tree: self, id: self.range(data)[at - at % 2] }.text().unwrap_or_default().to_owned(),
            _ => at.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_knows_its_place_and_pointer() {
        let tree = Tree::parse("a.yaml", b"\xef\xbb\xbfpaths:\n  /a~b:\n    get: [x, {y: 1.10}]\n").unwrap();
        let node = tree.root().at("/paths/~1a~0b/get/1/y").unwrap();
        assert_eq!((node.place().as_str(), node.pointer().as_str()), ("a.yaml:3:18", "/paths/~1a~0b/get/1/y"));
        assert_eq!(node.text(), Some("1.10"));
    }

    #[test]
    fn json_reads_as_json_does() {
        let text = "{\n\t\"a\": [1, -2.5e3, true, null, \"\\u00e9\\ud83d\\ude00\\/\", 9223372036854776000],\n\t\"b\": {\"no\": \"yes\"}\n}";
        let tree = Tree::parse("a.json", text.as_bytes()).unwrap();
        assert_eq!(tree.root().to_json(), serde_json::from_str::<serde_json::Value>(text).unwrap());
    }

    #[test]
    fn yaml_1_1_words_stay_text() {
        let tree = Tree::parse("a.yaml", b"[no, yes, on, 0o17, 2020-01-01, 1_000]").unwrap();
        assert!(tree.root().items().all(|item| item.to_json().is_string()));
    }
}
