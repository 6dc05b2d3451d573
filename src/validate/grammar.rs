//! Text → tree → matches of structural rules. The only file that knows ast-grep, whose interface is not promised stable.

use anyhow::{Context, Result};
use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRuleCore};
use ast_grep_core::matcher::MatcherExt;
use ast_grep_core::tree_sitter::StrDoc;
use ast_grep_core::{AstGrep, Matcher as _};
use ast_grep_language::SupportLang;
use std::ops::Range;

type Document = StrDoc<SupportLang>;
type Node<'tree> = ast_grep_core::Node<'tree, Document>;

/// How a file is parsed. `Tsx` also reads JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grammar {
    Python,
    TypeScript,
    Tsx,
    Rust,
}

pub const GRAMMARS: [Grammar; 4] = [Grammar::Python, Grammar::TypeScript, Grammar::Tsx, Grammar::Rust];

impl Grammar {
    /// Chooses by the file's extension, and by `language` where the extension says nothing; `None` is a file we cannot parse.
    pub fn of(path: &str, language: &str) -> Option<Self> {
        let extension = path.rsplit('/').next().unwrap_or(path).rsplit_once('.').map_or("", |(_, extension)| extension);
        match (extension, language) {
            ("py" | "pyi", _) | ("", "python") => Some(Self::Python),
            ("ts" | "mts" | "cts", _) | ("", "typescript") => Some(Self::TypeScript),
            ("tsx" | "jsx" | "js" | "mjs" | "cjs", _) => Some(Self::Tsx),
            ("rs", _) | ("", "rust") => Some(Self::Rust),
            _ => None,
        }
    }

    /// The language as rules and templates name it.
    pub fn language(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::TypeScript | Self::Tsx => "typescript",
            Self::Rust => "rust",
        }
    }

    pub fn index(self) -> usize {
        self as usize
    }

    fn support(self) -> SupportLang {
        match self {
            Self::Python => SupportLang::Python,
            Self::TypeScript => SupportLang::TypeScript,
            Self::Tsx => SupportLang::Tsx,
            Self::Rust => SupportLang::Rust,
        }
    }
}

/// A compiled rule body, for one grammar.
pub struct Matcher(RuleCore);

impl Matcher {
    /// Compiles `{rule, constraints, utils}` as ast-grep spells them.
    pub fn compile(body: serde_json::Value, grammar: Grammar) -> Result<Self> {
        let core: SerializableRuleCore = serde_json::from_value(body)?;
        let core = core.get_matcher(DeserializeEnv::new(grammar.support()))?;
        core.potential_kinds().context("the rule fits every node: add `kind` or `pattern`")?;
        Ok(Self(core))
    }

    fn kinds(&self) -> impl Iterator<Item = usize> {
        self.0.potential_kinds().map(|kinds| kinds.iter().collect::<Vec<_>>()).unwrap_or_default().into_iter()
    }
}

/// A file's tree; owns the text.
pub struct Tree(AstGrep<Document>);

/// What one walk over a tree finds; ranges are bytes.
#[derive(Debug, Default)]
pub struct Scan {
    pub matches: Vec<Match>,
    /// Where the parser gave up, or had to invent a token: its range and, for an invention, its name.
    pub faults: Vec<(Range<usize>, Option<String>)>,
    pub comments: Vec<Range<usize>>,
}

/// One place a rule fits.
#[derive(Debug)]
pub struct Match {
    /// Index into the matchers given.
    pub rule: usize,
    pub range: Range<usize>,
    /// The rule's message with `$NAME` filled in.
    pub message: String,
}

impl Tree {
    pub fn parse(text: &str, grammar: Grammar) -> Result<Self> {
        let document = Document::try_new(text, grammar.support()).map_err(anyhow::Error::msg)?;
        Ok(Self(AstGrep::doc(document)))
    }

    /// Whether the parser gave up somewhere.
    pub fn is_faulty(&self) -> bool {
        self.0.root().get_inner_node().has_error()
    }

    /// Walks the tree once for all `rules`: a matcher and the message of each.
    pub fn scan(&self, rules: &[(&Matcher, &str)]) -> Scan {
        let by_kind = by_kind(rules);
        let faulty = self.is_faulty();
        let mut scan = Scan::default();
        for node in self.0.root().dfs() {
            for &rule in by_kind.get(usize::from(node.kind_id())).into_iter().flatten() {
                scan.matches.extend(match_at(&node, rule, rules[rule]));
            }
            let inner = node.get_inner_node();
            if inner.is_extra() && inner.kind().ends_with("comment") {
                scan.comments.push(inner.byte_range());
            } else if faulty && (inner.is_error() || inner.is_missing()) {
                scan.faults.push((inner.byte_range(), inner.is_missing().then(|| inner.kind().to_string())));
            }
        }
        scan
    }

    /// Lists the modules that are imported, wherever that stands, as written: `httpx`, `google.cloud.storage`, `@aws-sdk/client-s3`.
    pub fn imports(&self) -> Vec<String> {
        let mut modules: Vec<String> = self.0.root().dfs().flat_map(|node| imported(&node)).collect();
        modules.sort_unstable();
        modules.dedup();
        modules
    }

    /// Lists what is called, as written, in order.
    pub fn calls(&self) -> Vec<String> {
        let root = self.0.root();
        let calls = root.dfs().filter(|node| matches!(&*node.kind(), "call" | "call_expression" | "new_expression"));
        let callees = calls.filter_map(|call| call.field("function").or_else(|| call.field("constructor")));
        callees.map(|callee| callee.text().split_whitespace().collect()).collect()
    }

    /// Returns the kinds of the nodes around `range`, innermost first.
    pub fn kinds_around(&self, range: &Range<usize>) -> Vec<String> {
        let mut node = self.0.root().get_inner_node().descendant_for_byte_range(range.start, range.end);
        let mut kinds = Vec::new();
        while let Some(inner) = node {
            kinds.push(inner.kind().to_string());
            node = inner.parent();
        }
        kinds
    }
}

/// The modules that one node imports.
fn imported(node: &Node<'_>) -> Vec<String> {
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let quoted = |text: &str| text.trim_matches(['"', '\'', '`']).to_owned();
    let source = || node.field("source").map(|source| quoted(&source.text())).into_iter().collect();
    match &*node.kind() {
        // TypeScript's form has its module in `source`, Python's has names.
        "import_statement" if node.field("source").is_some() => source(),
        "import_statement" => {
            let named = node.field_children("name").map(|name| name.field("name").unwrap_or(name));
            named.map(|name| plain(&name.text())).collect()
        }
        "import_from_statement" => node.field("module_name").map(|name| plain(&name.text())).into_iter().collect(),
        "export_statement" | "import_require_clause" => source(),
        "call_expression" => {
            let is_import = node.field("function").is_some_and(|name| matches!(&*name.text(), "import" | "require"));
            let first = node.field("arguments").filter(|_| is_import).and_then(|all| all.child(1));
            first.filter(|first| first.kind() == "string").map(|first| quoted(&first.text())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn by_kind(rules: &[(&Matcher, &str)]) -> Vec<Vec<usize>> {
    let mut by_kind = Vec::new();
    for (rule, (matcher, _)) in rules.iter().enumerate() {
        for kind in matcher.kinds() {
            if by_kind.len() <= kind {
                by_kind.resize_with(kind + 1, Vec::new);
            }
            by_kind[kind].push(rule);
        }
    }
    by_kind
}

fn match_at(node: &Node<'_>, rule: usize, (matcher, message): (&Matcher, &str)) -> Option<Match> {
    let found = matcher.0.match_node(node.clone())?;
    let capture = |name: &str| found.get_env().get_match(name).map(|node| node.text().into_owned());
    Some(Match { rule, range: found.range(), message: fill(message, capture) })
}

/// Fills `$NAME` in with what was captured: its first line, at most 60 characters.
fn fill(message: &str, capture: impl Fn(&str) -> Option<String>) -> String {
    let mut parts = message.split('$');
    let mut filled = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_uppercase() && c != '_').unwrap_or(part.len());
        let text = capture(&part[..end]).unwrap_or_else(|| "…".to_string());
        filled.extend(text.lines().next().unwrap_or_default().chars().take(60));
        filled.push_str(&part[end..]);
    }
    filled
}
