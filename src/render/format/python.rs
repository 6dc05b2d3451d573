//! Python: unused imports go, the rest is sorted as `ruff check --select I` wants it, and `ruff format` lays it out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::{Context, Result};
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ModModule, PythonVersion, Stmt, StmtFunctionDef};
use ruff_python_formatter::{MagicTrailingComma, PyFormatOptions, format_module_source};
use ruff_python_parser::parse_module;

pub fn format(source: &str, width: usize, root: &str) -> Result<String> {
    let parsed = parse_module(source).with_context(|| format!("the Python is not valid:\n{}", numbered(source)))?;
    lay_out(&tidy(source, parsed.syntax(), root), width)
}

/// Lays code out; its imports stay as they are.
pub fn lay_out(source: &str, width: usize) -> Result<String> {
    let width = ruff_formatter::LineWidth::try_from(u16::try_from(width)?)?;
    let options = PyFormatOptions::default()
        .with_line_width(width)
        .with_target_version(PythonVersion::PY311)
        // Templates put a comma behind every item; what fits a line stands on one.
        .with_magic_trailing_comma(MagicTrailingComma::Ignore);
    Ok(format_module_source(source, options).context("the Python is not valid")?.into_code())
}

/// The source with line numbers, for a fault of ours.
fn numbered(source: &str) -> String {
    source.lines().enumerate().map(|(at, line)| format!("{:5} {line}\n", at + 1)).collect()
}

/// One imported name: `from module import name as alias`, or `import module as alias`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Import {
    module: String,
    /// Empty for `import module`.
    name: String,
    alias: Option<String>,
}

impl Import {
    /// The name that code uses.
    fn bound(&self) -> &str {
        match &self.alias {
            Some(alias) => alias,
            None if self.name.is_empty() => self.module.split('.').next().unwrap_or_default(),
            None => &self.name,
        }
    }
}

fn tidy(source: &str, module: &ModModule, root: &str) -> String {
    let mut used = Used::default();
    module.body.iter().for_each(|statement| used.visit_stmt(statement));
    let mut imports: BTreeSet<Import> = BTreeSet::new();
    let (mut out, mut at, mut place) = (String::with_capacity(source.len()), 0, None);
    for statement in &module.body {
        let found = imports_of(statement);
        if found.is_empty() {
            continue;
        }
        let range = statement_range(statement);
        // Blank lines between imports go with them.
        out.push_str(if place.is_some() { source[at..range.0].trim_matches('\n') } else { &source[at..range.0] });
        place.get_or_insert(out.len());
        at = line_end(source, range.1);
        imports.extend(
            found.into_iter().filter(|import| import.module == "__future__" || used.names.contains(import.bound())),
        );
    }
    out.push_str(if place.is_some() { source[at..].trim_start_matches('\n') } else { &source[at..] });
    if let Some(place) = place {
        out.insert_str(place, &block(&imports, root));
    }
    out
}

fn statement_range(statement: &Stmt) -> (usize, usize) {
    let range = match statement {
        Stmt::Import(import) => import.range,
        Stmt::ImportFrom(import) => import.range,
        _ => return (0, 0),
    };
    (range.start().to_usize(), range.end().to_usize())
}

/// Just after the line that `at` is in.
fn line_end(source: &str, at: usize) -> usize {
    source[at..].find('\n').map_or(source.len(), |end| at + end + 1)
}

/// The imports of a statement at the top of the file.
fn imports_of(statement: &Stmt) -> Vec<Import> {
    let alias = |name: &Option<ruff_python_ast::Identifier>| name.as_ref().map(|name| name.as_str().to_owned());
    match statement {
        Stmt::Import(import) => import
            .names
            .iter()
            .map(|one| Import { module: one.name.as_str().to_owned(), name: String::new(), alias: alias(&one.asname) })
            .collect(),
        Stmt::ImportFrom(import) => {
            let module = import.module.as_ref().map(|module| module.as_str().to_owned()).unwrap_or_default();
            import
                .names
                .iter()
                .map(|one| Import {
                    module: module.clone(),
                    name: one.name.as_str().to_owned(),
                    alias: alias(&one.asname),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The names that code reads, and those that `__all__` lists.
#[derive(Default)]
struct Used {
    names: HashSet<String>,
    /// The parameters of the functions that are being visited: inside, these names are no import's.
    parameters: Vec<HashSet<String>>,
}

impl Used {
    fn visit_function(&mut self, function: &StmtFunctionDef) {
        function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        self.visit_parameters(&function.parameters);
        function.returns.iter().for_each(|returned| self.visit_annotation(returned));
        self.parameters.push(function.parameters.iter().map(|one| one.name().to_string()).collect());
        self.visit_body(&function.body);
        self.parameters.pop();
    }
}

impl<'a> Visitor<'a> for Used {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::Assign(assign) = statement
            && matches!(assign.targets.as_slice(), [Expr::Name(name)] if name.id.as_str() == "__all__")
            && let Expr::List(list) = assign.value.as_ref()
        {
            let texts = list.elts.iter().filter_map(|item| item.as_string_literal_expr());
            self.names.extend(texts.map(|text| text.value.to_str().to_owned()));
        }
        match statement {
            Stmt::FunctionDef(function) => self.visit_function(function),
            other => ruff_python_ast::visitor::walk_stmt(self, other),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression
            && name.ctx.is_load()
            && !self.parameters.iter().any(|names| names.contains(name.id.as_str()))
        {
            self.names.insert(name.id.to_string());
        }
        // `X = TypedDict("X", {"a-b": "Sequence[int]"})` names types in text.
        if let Expr::Call(call) = expression
            && matches!(call.func.as_ref(), Expr::Name(name) if name.id.as_str() == "TypedDict")
        {
            let fields = call.arguments.args.iter().filter_map(Expr::as_dict_expr).flat_map(|fields| &fields.items);
            let texts = fields.filter_map(|field| field.value.as_string_literal_expr());
            let is_part = |c: char| !(c.is_alphanumeric() || c == '_');
            self.names.extend(
                texts.flat_map(|text| text.value.to_str().split(is_part).map(str::to_owned).collect::<Vec<_>>()),
            );
        }
        walk_expr(self, expression);
    }
}

/// All imports in their sections: `__future__`, the standard library, others, our own.
fn block(imports: &BTreeSet<Import>, root: &str) -> String {
    let mut sections: [Vec<&Import>; 4] = Default::default();
    for import in imports {
        let top = import.module.split('.').next().unwrap_or_default();
        let section = match top {
            "__future__" => 0,
            _ if STANDARD.contains(&top) => 1,
            _ if top == root.split('.').next().unwrap_or_default() => 3,
            _ => 2,
        };
        sections[section].push(import);
    }
    let written: Vec<String> =
        sections.iter().filter(|section| !section.is_empty()).map(|section| written(section)).collect();
    if written.is_empty() { String::new() } else { written.join("\n") + "\n" }
}

fn written(section: &[&Import]) -> String {
    let (whole, parts): (Vec<&&Import>, Vec<&&Import>) = section.iter().partition(|import| import.name.is_empty());
    let aliased = |import: &Import| import.alias.as_ref().map_or(String::new(), |alias| format!(" as {alias}"));
    let mut out: String = whole.iter().map(|import| format!("import {}{}\n", import.module, aliased(import))).collect();
    let mut modules: BTreeMap<(String, &str), Vec<&Import>> = BTreeMap::new();
    for import in parts {
        modules.entry((import.module.to_lowercase(), &import.module)).or_default().push(import);
    }
    for ((_, module), mut names) in modules {
        names.sort_by_key(|import| (kind(&import.name), natural(&import.name.to_lowercase()), import.name.clone()));
        // A name under another stands on a line of its own.
        let (plain, renamed): (Vec<&Import>, Vec<&Import>) =
            names.into_iter().partition(|import| import.alias.is_none());
        let mut lines: Vec<Vec<&Import>> = renamed.into_iter().map(|import| vec![import]).collect();
        lines.extend((!plain.is_empty()).then_some(plain));
        lines.sort_by_key(|line| line.first().map(|import| (kind(&import.name), natural(&import.name.to_lowercase()))));
        for line in lines {
            let names: Vec<String> =
                line.into_iter().map(|import| format!("{}{}", import.name, aliased(import))).collect();
            out += &format!("from {module} import {}\n", names.join(", "));
        }
    }
    out
}

/// Constants come before classes, and classes before everything else.
fn kind(name: &str) -> u8 {
    let is_constant = name.len() > 1 && name.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_');
    match name.chars().next() {
        _ if is_constant => 0,
        Some(first) if first.is_uppercase() => 1,
        _ => 2,
    }
}

/// A key that orders numbers inside names by their value: `A2` before `A10`.
fn natural(name: &str) -> Vec<(u8, u64, String)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (part, more) = rest.split_at(end);
        parts.push(if is_digit {
            (0, part.parse().unwrap_or(u64::MAX), part.to_owned())
        } else {
            (1, 0, part.to_owned())
        });
        rest = more;
    }
    parts
}

/// The modules of the standard library that code of adapters may import.
const STANDARD: &[&str] = &[
    "abc",
    "aifc",
    "annotationlib",
    "argparse",
    "array",
    "ast",
    "asynchat",
    "asyncio",
    "asyncore",
    "atexit",
    "audioop",
    "base64",
    "bdb",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "cProfile",
    "calendar",
    "cgi",
    "cgitb",
    "chunk",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "compression",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "crypt",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "doctest",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "imaplib",
    "imghdr",
    "imp",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "mailcap",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msilib",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "nis",
    "nntplib",
    "nturl2path",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "ossaudiodev",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pipes",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtpd",
    "smtplib",
    "sndhdr",
    "socket",
    "socketserver",
    "spwd",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "sunau",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "telnetlib",
    "tempfile",
    "termios",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uu",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "winreg",
    "winsound",
    "wsgiref",
    "xdrlib",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];
