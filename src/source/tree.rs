//! Text of a YAML or JSON document → a tree in which every node knows its line, its column and its parent.

use std::fmt::Write as _;

use anyhow::Result;
use granit_parser::{Event, Options, Parser, ScalarStyle, Span};
use indexmap::IndexMap;

use crate::problem;
use crate::problem::Problem;
use crate::unseen;

/// The largest document read, in bytes; GitHub's, the largest public one we know, has 13 MB.
pub const MAX_BYTES: usize = 64 << 20;

/// The deepest nesting read; the deepest real document we know has 24 levels.
const MAX_DEPTH: usize = 200;

/// The most nodes a document may stand for once its aliases are followed.
const MAX_EXPANDED: u64 = 10_000_000;

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
    /// Reads `bytes`; errors name `file`, the line and the column.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let text = decode(file, bytes)?;
        let mut builder = Builder::new(file, text.len());
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            simple_key_max_lookahead: 1 << 20,
        };
        builder.read(text, options)?;
        let tree = builder.finish()?;
        tree.refuse_alias_bombs()?;
        Ok(tree)
    }

    pub fn root(&self) -> Node<'_> {
        Node { tree: self, id: self.root }
    }

    /// Refuses a document that is small in bytes and vast once its aliases are followed.
    fn refuse_alias_bombs(&self) -> Result<()> {
        if self.nodes.iter().all(|node| node.kind != Kind::Alias) {
            return Ok(());
        }
        let mut sizes: Vec<u64> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let size = match node.kind {
                Kind::Plain | Kind::Quoted => 1,
                // An alias to a node that has not ended is inside it: it would never end.
                Kind::Alias => sizes.get(node.start as usize).copied().unwrap_or(u64::MAX),
                Kind::List | Kind::Map => {
                    self.range(node).iter().fold(1, |sum: u64, id| sum.saturating_add(sizes[*id as usize]))
                }
            };
            if size > MAX_EXPANDED {
                problem!(help: "write the repeated parts out, or use `$ref`";
                    "{}:{}:{}: following the aliases here gives more than {MAX_EXPANDED} values", self.file, node.line, node.column);
            }
            sizes.push(size);
        }
        Ok(())
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

fn decode<'t>(file: &str, bytes: &'t [u8]) -> Result<&'t str> {
    if bytes.len() > MAX_BYTES {
        problem!(help: "split the document, or take the part you need";
            "{file}: {} MiB is more than the {} MiB that are read", bytes.len() >> 20, MAX_BYTES >> 20);
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        problem!(help: "save it as UTF-8"; "{file}:1:1: the text is UTF-16, which is not read");
    }
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|fault| {
        let (line, column) = place(&bytes[..fault.valid_up_to()]);
        Problem::new(format!("{file}:{line}:{column}: the bytes here are not UTF-8"), "save it as UTF-8")
    })?;
    if let Some(at) = text.find('\0') {
        let (line, column) = place(&text.as_bytes()[..at]);
        problem!(help: "remove it; text documents have no NUL"; "{file}:{line}:{column}: a NUL character");
    }
    if text.trim().is_empty() {
        problem!(help: "give the document that describes the service"; "{file}: the document is empty");
    }
    Ok(text)
}

/// The line and the column, both from 1, just after `before`.
fn place(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}

/// A container that has begun and not ended.
struct Open {
    kind: Kind,
    span: Span,
    anchor: usize,
    children: Vec<u32>,
}

struct Builder {
    tree: Tree,
    open: Vec<Open>,
    /// Anchor number → node number, for nodes that have ended.
    anchors: Vec<(usize, u32)>,
    documents: usize,
}

impl Builder {
    fn new(file: &str, bytes: usize) -> Self {
        let tree = Tree {
            file: file.to_owned(),
            nodes: Vec::with_capacity(bytes / 12),
            children: Vec::with_capacity(bytes / 12),
            text: String::with_capacity(bytes / 2),
            root: 0,
        };
        Self { tree, open: Vec::new(), anchors: Vec::new(), documents: 0 }
    }

    fn read(&mut self, text: &str, options: Options) -> Result<()> {
        for next in Parser::new_from_str_with_options(text, options) {
            let (event, span) = next.map_err(|fault| {
                let at = fault.marker();
                let place = format!("{}:{}:{}", self.tree.file, at.line(), at.col() + 1);
                Problem::new(
                    format!("{place}: {}", fault.info()),
                    "mend the document: it is not valid YAML or JSON here",
                )
            })?;
            self.take(event, span)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<()> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    problem!(help: "keep one document a file"; "{}:{}:1: a second document begins here", self.tree.file, span.start.line());
                }
            }
            Event::Scalar(value, style, anchor, _) => {
                let kind = if style == ScalarStyle::Plain { Kind::Plain } else { Kind::Quoted };
                let start = self.tree.text.len() as u32;
                self.tree.text.push_str(&value);
                self.end(kind, start, value.len() as u32, span, anchor);
            }
            Event::Alias(anchor) => {
                let target =
                    self.anchors.iter().rev().find(|(id, _)| *id == anchor).map_or(u32::MAX, |(_, node)| *node);
                self.end(Kind::Alias, target, 0, span, 0);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(Kind::List, span, anchor),
            Event::MappingStart(_, anchor, _) => self.begin(Kind::Map, span, anchor),
            Event::SequenceEnd | Event::MappingEnd => self.close()?,
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, kind: Kind, span: Span, anchor: usize) {
        self.open.push(Open { kind, span, anchor, children: Vec::new() });
    }

    fn close(&mut self) -> Result<()> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        if open.kind == Kind::Map {
            self.refuse_twins(&open.children)?;
        }
        let start = self.tree.children.len() as u32;
        self.tree.children.extend_from_slice(&open.children);
        let id = self.tree.nodes.len() as u32;
        for child in &open.children {
            self.tree.nodes[*child as usize].parent = id;
        }
        self.end(open.kind, start, open.children.len() as u32, open.span, open.anchor);
        Ok(())
    }

    /// Refuses a map with the same key twice: readers disagree on which one counts.
    fn refuse_twins(&self, children: &[u32]) -> Result<()> {
        let mut seen: IndexMap<&str, u32> = IndexMap::with_capacity(children.len() / 2);
        for id in children.iter().step_by(2) {
            let key = Node { tree: &self.tree, id: *id };
            if let Some(first) = seen.insert(key.text().unwrap_or_default(), *id) {
                let first = Node { tree: &self.tree, id: first };
                problem!(help: "remove or rename one of the two";
                    "{}: the key `{}` stands here a second time; the first is in line {}",
                    key.place(), key.text().unwrap_or_default(), first.line());
            }
        }
        Ok(())
    }

    fn end(&mut self, kind: Kind, start: u32, length: u32, span: Span, anchor: usize) {
        let id = self.tree.nodes.len() as u32;
        let (line, column) = (span.start.line() as u32, span.start.col() as u32 + 1);
        self.tree.nodes.push(NodeData { kind, start, length, parent: u32::MAX, line, column });
        if anchor != 0 {
            self.anchors.push((anchor, id));
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(id),
            None => self.tree.root = id,
        }
    }

    fn finish(self) -> Result<Tree> {
        if self.tree.nodes.is_empty() {
            problem!(help: "give the document that describes the service"; "{}: the document is empty", self.tree.file);
        }
        Ok(self.tree)
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
        pointer.split('/').skip(1).try_fold(self, |node, part| {
            let part = part.replace("~1", "/").replace("~0", "~");
            match part.parse::<usize>() {
                Ok(index) if node.is_list() => node.items().nth(index),
                _ => node.get(&part),
            }
        })
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

    fn fault(text: &str) -> String {
        Tree::parse("a.yaml", text.as_bytes()).unwrap_err().to_string()
    }

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

    #[test]
    fn hostile_18_an_alias_bomb_is_refused_quickly() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for n in 1..30 {
            text += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
        }
        assert!(fault(&text).contains("following the aliases here"), "{}", fault(&text));
    }

    #[test]
    fn hostile_18_an_alias_inside_its_own_anchor_is_refused() {
        assert!(fault("a: &a [1, *a]").contains("aliases"), "{}", fault("a: &a [1, *a]"));
    }

    #[test]
    fn hostile_19_deep_nesting_is_refused() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            assert!(fault(&(open.repeat(100_000) + &close.repeat(100_000))).starts_with("a.yaml:1:"));
        }
        assert!(fault(&"- ".repeat(100_000)).starts_with("a.yaml:1:"));
    }

    #[test]
    fn hostile_21_twins_nul_and_utf_16_are_named_with_their_place() {
        assert_eq!(
            fault("a: 1\nb: 2\na: 3\n"),
            "a.yaml:3:1: the key `a` stands here a second time; the first is in line 1"
        );
        assert_eq!(fault("a: 1\nb: \0"), "a.yaml:2:4: a NUL character");
        let utf16: Vec<u8> = b"\xff\xfea\0".to_vec();
        assert!(Tree::parse("a.yaml", &utf16).unwrap_err().to_string().contains("UTF-16"));
    }
}
