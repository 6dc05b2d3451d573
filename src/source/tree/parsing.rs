//! Bytes → a `Tree`, within limits: what is no text, stands twice or would grow without end is refused with its place.

use anyhow::Result;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span};
use indexmap::IndexMap;

use super::{Kind, Node, NodeData, Tree};
use crate::problem;
use crate::problem::Problem;

/// The largest document read, in bytes; GitHub's, the largest public one we know, has 13 MB.
pub const MAX_BYTES: usize = 64 << 20;

/// The deepest nesting read; the deepest real document we know has 24 levels.
const MAX_DEPTH: usize = 200;

/// The most nodes a document may stand for once its aliases are followed.
const MAX_EXPANDED: u64 = 10_000_000;

/// The most bytes read again because of lines that stand too far out.
const MAX_REREAD: usize = 256 << 20;

/// Further in than anything stands.
const INSIDE: usize = 1024;

impl Tree {
    /// Reads `bytes`; errors name `file`, the line and the column.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let text = decode(file, bytes)?;
        let (mut indented, mut first, mut read) = (String::new(), None, 0);
        let tree = loop {
            let text = if indented.is_empty() { text } else { &indented };
            let mut builder = Builder::new(file, text.len());
            let fault = match builder.read(text) {
                Ok(Ended::Whole) => break builder.finish()?,
                Ok(Ended::InText(fault)) => fault,
                // A quote that nothing ends goes wrong where the next one stands: where it began to is worth more.
                Err(fault) => return Err(first.map_or(fault, |first| builder.refusal(&first))),
            };
            read += text.len();
            let mended = indent(text, fault.marker().line()).filter(|_| read < MAX_REREAD);
            let first = first.get_or_insert(fault);
            indented = mended.ok_or_else(|| builder.refusal(first))?;
        };
        tree.refuse_alias_bombs()?;
        Ok(tree)
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
}

/// The text with its `line` (from 1) so far in that it goes on with a text in quotes, whatever that stands in.
fn indent(text: &str, line: usize) -> Option<String> {
    let start = text.match_indices('\n').nth(line.checked_sub(2)?)?.0 + 1;
    Some([&text[..start], &" ".repeat(INSIDE), &text[start..]].concat())
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

/// How far a document was read.
enum Ended {
    Whole,
    /// A text in quotes goes on in a line that is not further in than its key. YAML 1.2 forbids that, and most readers take it:
    /// white space at the start of such a line is none of the text.
    InText(ScanError),
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

    fn read(&mut self, text: &str) -> Result<Ended> {
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            simple_key_max_lookahead: 1 << 20,
        };
        for next in Parser::new_from_str_with_options(text, options) {
            match next {
                Ok((event, span)) => self.take(event, span)?,
                Err(fault) if *fault.kind() == ErrorKind::InvalidQuotedScalarIndent => return Ok(Ended::InText(fault)),
                Err(fault) => return Err(self.refusal(&fault)),
            }
        }
        Ok(Ended::Whole)
    }

    fn refusal(&self, fault: &ScanError) -> anyhow::Error {
        let at = fault.marker();
        let place = format!("{}:{}:{}", self.tree.file, at.line(), at.col() + 1);
        Problem::new(format!("{place}: {}", fault.info()), "mend the document: it is not valid YAML or JSON here")
            .into()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        Tree::parse("a.yaml", text.as_bytes()).unwrap_err().to_string()
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
    fn a_text_in_quotes_may_go_on_further_out() {
        let text = "a:\n  - b: \"one\n\n  two\n    three\n\"\n    c: 'x\n    y'\n";
        let tree = Tree::parse("a.yaml", text.as_bytes()).unwrap();
        assert_eq!(tree.root().to_json(), serde_json::json!({"a": [{"b": "one\ntwo three ", "c": "x y"}]}));
        assert_eq!(tree.root().at("/a/0/c").unwrap().place(), "a.yaml:7:8");
        assert!(
            fault("a: \"one\nb: 2\nc: \"x\"\n").starts_with("a.yaml:2:1: "),
            "{}",
            fault("a: \"one\nb: 2\nc: \"x\"\n")
        );
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
