//! Files held to rules: every rule's own examples, and what each check finds.

#[path = "machine/mod.rs"]
mod machine;

use integrate::report::{annotations, findings, rules_page, sarif};
use integrate::validate::claims::{self, Claim};
use integrate::validate::grammar::{GRAMMARS, Grammar, Tree};
use integrate::validate::{HeldTo, Report, Rule, Rules, Severity, SourceFile, check, coverage, detect, lock};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads `patterns/*/<folder>/*.yaml` and the like, in order.
fn texts(is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root().join("patterns")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("`patterns` can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    paths.sort();
    let text = |path: PathBuf| {
        let name = path.strip_prefix(root()).expect("it lies below").to_string_lossy().into_owned();
        is_wanted(&name).then(|| (name, std::fs::read_to_string(&path).expect("it can be read")))
    };
    paths.into_iter().filter_map(text).collect()
}

fn rules() -> Rules {
    let texts = texts(|path| path.contains("/rules/") && path.ends_with(".yaml"));
    Rules::read(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())))
        .unwrap_or_else(|error| panic!("{error:#}"))
}

/// How often a rule fits a piece of code; the code must parse, and must import what the rule asks for.
fn fits(rule: &Rule, grammar: Grammar, code: &str) -> Result<usize, String> {
    let tree = Tree::parse(code, grammar).map_err(|error| error.to_string())?;
    if tree.is_faulty() {
        return Err(format!("does not parse:\n{code}"));
    }
    let matcher = rule.matcher(grammar).map_err(|error| error.to_string())?;
    let count = tree.scan(&[(matcher, &rule.message)]).matches.len();
    let may = rule.may_apply(grammar.language(), code).map_err(|error| error.to_string())?;
    Ok(if may && rule.concerns_imports(grammar.language(), &tree.imports()) { count } else { 0 })
}

#[test]
fn every_rule_finds_what_it_must_and_leaves_alone_what_it_must() {
    let rules = rules();
    let mut wrong = Vec::new();
    for rule in &rules.rules {
        for grammar in GRAMMARS {
            let Some(body) = rule.languages.get(grammar.language()) else { continue };
            assert!(
                !body.must_trigger.is_empty() && !body.must_not_trigger.is_empty(),
                "{} has examples of both",
                rule.id
            );
            for (codes, must) in [(&body.must_trigger, true), (&body.must_not_trigger, false)] {
                for code in codes {
                    match fits(rule, grammar, code) {
                        Ok(count) if (count > 0) == must => {}
                        Ok(_) => wrong.push(format!(
                            "{} {grammar:?} must{}:\n{code}",
                            rule.id,
                            if must { "" } else { " not" }
                        )),
                        Err(why) => wrong.push(format!("{} {grammar:?}: {why}", rule.id)),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn signs() -> Vec<detect::Signs> {
    let texts = texts(|path| path.ends_with("/detect.yaml"));
    detect::read(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())))
        .unwrap_or_else(|error| panic!("{error:#}"))
}

fn held_to(pattern: &'static str) -> HeldTo<'static> {
    HeldTo::Pattern(pattern, "--type")
}

fn check_one(path: &str, bytes: &[u8], held_to: HeldTo<'_>) -> Report {
    check(&[SourceFile { path, bytes, language: "", held_to }], &rules(), &signs()).expect("the rules are sound")
}

fn found(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

const WITHOUT_TIMEOUT: &str = "import requests\n\n\ndef orders():\n    reply = requests.get(\n        \"https://api.example.com/orders\",\n    )\n    reply.raise_for_status()\n    return reply.json()\n";

#[test]
fn every_rule_compiles_and_says_what_to_do() {
    let rules = rules();
    rules.compile_all().unwrap_or_else(|error| panic!("{error:#}"));
    for about in rules.about() {
        assert!(!about.help.ends_with('.') && !about.help.ends_with('?'), "{}: {}", about.id, about.help);
        assert!(!about.note.trim().is_empty() && !about.message.ends_with('.'), "{}", about.id);
    }
}

#[test]
fn every_pattern_has_five_rules_and_signs_in_both_languages() {
    let (rules, signs) = (rules(), signs());
    for pattern in ["api", "database", "queue", "storage", "auth", "monitoring"] {
        for language in ["python", "typescript"] {
            let of_pattern = |rule: &&Rule| rule.pattern == pattern && rule.languages.contains_key(language);
            assert!(rules.rules.iter().filter(of_pattern).count() >= 5, "{pattern} {language}");
            assert!(
                signs.iter().any(|signs| signs.pattern == pattern && signs.languages.contains_key(language)),
                "{pattern}"
            );
        }
    }
}

#[test]
fn the_page_of_rules_is_in_step_with_them() {
    let path = root().join("docs/rules.md");
    let page = rules_page::page(&rules());
    if std::env::var_os("INTEGRATE_UPDATE").is_some() {
        std::fs::write(&path, &page).expect("it can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/rules.md is not up to date: run `INTEGRATE_UPDATE=1 cargo test --test validate`");
}

#[test]
fn a_finding_tells_its_place_and_what_to_do() {
    let report = check_one("orders.py", WITHOUT_TIMEOUT.as_bytes(), held_to("api"));
    assert_eq!(found(&report), ["call-without-timeout"]);
    let region = report.findings[0].region.as_ref().expect("it has a place");
    assert_eq!((region.start.line, region.start.column, region.end.line, region.end.column), (5, 13, 7, 6));
    assert_eq!(report.findings[0].message, "`requests.get` may wait for ever: it has no timeout");
    assert_eq!(report.exit_status(), 1);
}

#[test]
fn columns_count_characters() {
    let report = check_one(
        "a.py",
        "import requests\nname = \"Zoë ✓\"; requests.get(\"https://a\")\n".as_bytes(),
        held_to("api"),
    );
    assert_eq!(report.findings[0].region.as_ref().map(|region| region.start.column), Some(17));
}

#[test]
fn hostile_64_a_file_that_does_not_parse_is_never_clean() {
    for (path, text) in [
        ("a.py", "def f(:\n    pass\n"),
        ("a.py", "print \"two\"\n"),
        ("a.py", "total = 012\n"),
        ("a.py", "def f():\n        a = 1\n    b = 2\n"),
        ("a.ts", "const a = ;\n"),
        ("a.ts", "export function f( {\n"),
        ("a.json", "{\"a\": }"),
        ("a.yaml", "a: [1\nb: 2\n"),
    ] {
        let report = check_one(path, text.as_bytes(), held_to("api"));
        assert_eq!(found(&report).first(), Some(&"does-not-parse"), "{path}: {text}");
        assert_eq!(report.exit_status(), 1);
    }
}

#[test]
fn what_is_newer_than_the_grammar_still_parses() {
    for (path, text) in [
        (
            "a.py",
            "type Pair[T] = tuple[T, T]\nmatch x:\n    case {\"a\": [1, *_]}: pass\nprint(f\"{x!r:>{width}} {\"quoted\"}\")\n",
        ),
        (
            "a.ts",
            "await using file = await open(\"a\");\nconst a = b satisfies C;\nimport data from \"./a.json\" with { type: \"json\" };\n",
        ),
        ("a.tsx", "export const A = <T,>({ a }: { a: T }) => <div>{String(a)}</div>;\n"),
        ("a.mjs", "export default async function* f() { for await (const a of b) yield a?.b ?? c; }\n"),
    ] {
        assert_eq!(found(&check_one(path, text.as_bytes(), held_to("api"))), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn deep_nesting_ends_without_a_crash() {
    let deep = format!("x = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(check_one("a.py", deep.as_bytes(), held_to("api")).checked.len(), 1);
    let deep = format!("const x = {}1{};\n", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(check_one("a.ts", deep.as_bytes(), held_to("api")).checked.len(), 1);
}

#[test]
fn bytes_that_are_no_text_are_findings() {
    for bytes in [&b"a = '\xff'\n"[..], b"a = 1\0\n", b"\xff\xfea\0"] {
        assert_eq!(found(&check_one("a.py", bytes, held_to("api"))), ["not-text"]);
    }
    assert_eq!(found(&check_one("a.py", "\u{feff}a = 1\n".as_bytes(), held_to("api"))), Vec::<&str>::new());
}

#[test]
fn hostile_12_characters_nobody_sees_are_flagged() {
    let text = "access = \"user\u{202e} \u{2066}# admin\u{2069} \u{2066}\"\nna\u{200b}me = 1\nflag = \"👩\u{200d}🔧 می\u{200c}خواهم\"\n";
    let report = check_one("a.md", text.as_bytes(), HeldTo::Unknown);
    assert_eq!(report.findings.iter().filter(|finding| finding.rule == "bidirectional-control").count(), 4);
    assert_eq!(report.findings.iter().filter(|finding| finding.rule == "invisible-character").count(), 1);
}

#[test]
fn nothing_checked_is_never_clean() {
    for report in [
        Report::default(),
        check_one("a.py", b"a = 1\n", HeldTo::Unknown),
        check_one("a.go", b"package a", HeldTo::Unknown),
    ] {
        assert_eq!(report.exit_status(), 1);
        assert!(findings::text(&report, false).contains("nothing was checked"));
        assert!(annotations::github(&report).contains("::error title=nothing-checked::"));
    }
}

#[test]
fn a_note_does_not_fail_a_run() {
    let text =
        "import boto3\n\n\ndef load(key):\n    return s3.get_object(Bucket=\"media\", Key=key)[\"Body\"].read()\n";
    let report = check_one("media.py", text.as_bytes(), held_to("storage"));
    assert_eq!((found(&report), report.exit_status()), (vec!["whole-object-read"], 0));
}

#[test]
fn an_allowance_with_a_reason_silences_one_rule_in_one_place() {
    let with = |comment: &str| {
        WITHOUT_TIMEOUT.replace("    reply = requests", &format!("    {comment}\n    reply = requests"))
    };
    let report = check_one(
        "a.py",
        with("# integrate: allow(call-without-timeout) the proxy ends it").as_bytes(),
        held_to("api"),
    );
    assert_eq!((found(&report), report.exit_status()), (vec![], 0));
    assert_eq!(report.allowed[0].reason, "the proxy ends it");
    let trailing =
        WITHOUT_TIMEOUT.replace("get(\n", "get(  # integrate: allow(call-without-timeout) the proxy ends it\n");
    assert_eq!(found(&check_one("a.py", trailing.as_bytes(), held_to("api"))), Vec::<&str>::new());
    let without = check_one("a.py", with("# integrate: allow(call-without-timeout)").as_bytes(), held_to("api"));
    assert_eq!(found(&without), ["allowance-without-reason", "call-without-timeout"]);
    let other = check_one("a.py", with("# integrate: allow(path-not-escaped) numbers only").as_bytes(), held_to("api"));
    assert_eq!(found(&other), ["unused-allowance", "call-without-timeout"]);
    let unknown = check_one("a.py", with("# integrate: allow(no-such-rule) because").as_bytes(), held_to("api"));
    assert_eq!(found(&unknown), ["unused-allowance", "call-without-timeout"]);
}

#[test]
fn an_allowance_in_typescript_and_in_text_that_is_no_comment() {
    let code = "// integrate: allow(call-without-timeout) the page ends it\nconst a = fetch(\"/orders\");\n";
    assert_eq!(found(&check_one("a.ts", code.as_bytes(), held_to("api"))), Vec::<&str>::new());
    let code = "const b = \"// integrate: allow(call-without-timeout) no\"; const a = fetch(\"/orders\");\n";
    assert_eq!(found(&check_one("a.ts", code.as_bytes(), held_to("api"))), ["call-without-timeout"]);
}

#[test]
fn a_file_that_does_not_parse_cannot_be_allowed() {
    let code = "def f(:  # integrate: allow(does-not-parse) please\n    pass\n";
    assert!(found(&check_one("a.py", code.as_bytes(), held_to("api"))).contains(&"does-not-parse"));
}

#[test]
fn tests_are_parsed_and_left_alone_by_most_rules() {
    for path in ["tests/orders.py", "test_orders.py", "src/orders_test.py", "conftest.py"] {
        let report = check_one(path, WITHOUT_TIMEOUT.as_bytes(), held_to("api"));
        assert_eq!(found(&report), Vec::<&str>::new(), "{path}");
    }
    assert_eq!(found(&check_one("src/orders.test.ts", b"fetch(\"/orders\");\n", held_to("api"))), Vec::<&str>::new());
}

#[test]
fn the_pattern_of_a_file_by_hand_is_scored_and_explained() {
    for (path, code, pattern) in [
        ("github_adapter.py", WITHOUT_TIMEOUT, "api"),
        (
            "store.py",
            "import sqlite3\n\ndb = sqlite3.connect(\"a\")\ndb.execute(\"SELECT 1\").fetchone()\n",
            "database",
        ),
        ("worker.py", "import pika\n\nchannel.basic_qos(prefetch_count=1)\n", "queue"),
        ("media.ts", "import { S3Client } from \"@aws-sdk/client-s3\";\n", "storage"),
        ("login.py", "from joserfc import jwt\n", "auth"),
        ("metrics.ts", "import { Counter } from \"prom-client\";\n", "monitoring"),
        ("orders.ts", "export const orders = () => fetch(\"/orders\", { signal });\n", "api"),
    ] {
        let report = check_one(path, code.as_bytes(), HeldTo::Unknown);
        assert_eq!(report.checked[0].patterns, [pattern], "{path}");
        assert!(report.checked[0].why.starts_with(&format!("{pattern} ")) && report.checked[0].guessed);
    }
}

#[test]
fn imports_are_read_from_the_tree_wherever_they_stand() {
    for (code, imported) in [
        ("import requests; requests.get(\"https://a\", verify=False)\n", &["requests"][..]),
        ("import os, google . cloud . storage as s\nfrom .a import b\n", &[".a", "google.cloud.storage", "os"]),
        (
            "def f():\n    try:\n        from boto3 import client\n    except ImportError: import s3fs\n",
            &["boto3", "s3fs"],
        ),
        ("\"\"\"Like this:\n\nimport boto3\nfrom botocore import x\n\"\"\"\n# import pika\n", &[]),
    ] {
        let tree = Tree::parse(code, Grammar::Python).unwrap();
        assert_eq!(tree.imports(), imported, "{code}");
    }
    let code = "import a from \"a\"; import \"b\";\nexport * from 'c';\nconst d = require(\"d\"); const e = await import('@x/e');\n\
        import f = require(\"f\");\n/* import g from \"g\" */ const h = 'import i from \"i\"'; import type { J } from \"j\";\n";
    let tree = Tree::parse(code, Grammar::TypeScript).unwrap();
    assert_eq!(tree.imports(), ["@x/e", "a", "b", "c", "d", "f", "j"]);
}

#[test]
fn a_text_that_cannot_import_a_module_is_told_without_a_tree() {
    use integrate::validate::imports::may_be_in;
    for (code, may) in [
        ("import os; import requests as r\n", true),
        ("import os, \\\n    sys, \\\n    requests\n", true),
        ("from requests.sessions import Session\n", true),
        ("import requests2\n", false),
        ("\"\"\"Too many requests.\"\"\"\n", false),
    ] {
        assert_eq!(may_be_in(code, "requests", "python"), may, "{code}");
    }
    assert!(may_be_in("import {\n  a,\n} from\n  'jose/jwt'", "jose", "typescript"));
    assert!(!may_be_in("// the jose library\n", "jose", "typescript"));
}

#[test]
fn a_call_on_the_line_of_its_import_is_held_to_the_rules_and_a_docstring_names_no_pattern() {
    let code = b"import requests; requests.get(\"https://a\", timeout=1, verify=False)\n";
    assert_eq!(found(&check_one("a.py", code, HeldTo::Unknown)), ["tls-verification-disabled"]);
    let docstring = b"\"\"\"Use it like this:\n\nimport boto3\n\"\"\"\n\na = 1\n";
    assert!(check_one("a.py", docstring, HeldTo::Unknown).checked.is_empty());
}

#[test]
fn patterns_too_close_to_tell_are_both_held_to() {
    let code = "import requests\nimport psycopg\n\nrequests.get(\"https://a\")\ndb.execute(\"DELETE FROM orders\")\n";
    let report = check_one("sync.py", code.as_bytes(), HeldTo::Unknown);
    assert_eq!(report.checked[0].patterns, ["api", "database"]);
    assert!(report.checked[0].why.contains("too close to tell apart"));
    assert_eq!(found(&report), ["call-without-timeout", "write-without-condition"]);
}

#[test]
fn a_rule_of_the_users_own_has_the_same_rights() {
    let own = "id: no-sandbox\npattern: weather\nalso_for: [\"*\"]\nseverity: error\nmessage: \"`$URL` is the sandbox\"\nhelp: use the settings\nnote: x\nlanguages:\n  python:\n    rule: { all: [{ kind: string }, { pattern: $URL }, { regex: sandbox }] }\n    must_trigger: [x]\n    must_not_trigger: [x]\n";
    let rules = Rules::read([("integrations/patterns/weather/rules/no-sandbox.yaml", own)]).expect("it is sound");
    let code = b"URL = \"https://sandbox.example.com\"\n";
    let file = SourceFile { path: "a.py", bytes: code, language: "", held_to: held_to("weather") };
    let report = check(&[file], &rules, &[]).expect("the rules are sound");
    assert_eq!(report.findings[0].message, "`\"https://sandbox.example.com\"` is the sandbox");
}

#[test]
fn err_a_faulty_rule_is_told_with_its_place() {
    let sound = "id: a\npattern: api\nseverity: error\nmessage: m\nhelp: h\nnote: n\nlanguages:\n  python:\n    rule: { kind: call }\n    must_trigger: [x]\n    must_not_trigger: [x]\n";
    let told = |path: &str, text: &str| {
        let rules = Rules::read([(path, text)]);
        rules.and_then(|rules| rules.compile_all()).expect_err("it is faulty").to_string()
    };
    assert!(
        told("patterns/api/rules/a.yaml", &sound.replace("severity: error", "severity: fatal"))
            .starts_with("patterns/api/rules/a.yaml:3:11: ")
    );
    assert!(told("patterns/api/rules/b.yaml", sound).contains("the rule in it is called `a`"));
    assert!(told("patterns/queue/rules/a.yaml", sound).contains("the rule is for pattern `api`"));
    assert!(
        told("patterns/api/rules/a.yaml", &sound.replace("kind: call", "kind: phone"))
            .starts_with("rule `a`, python: ")
    );
    assert!(
        told("patterns/api/rules/a.yaml", &sound.replace("{ kind: call }", "{ regex: a }"))
            .starts_with("rule `a`, python: ")
    );
    let edited = sound.replace("id: a", "id: edited-file");
    assert!(told("patterns/api/rules/edited-file.yaml", &edited).contains("there is a rule `edited-file` already"));
}

#[test]
fn a_secret_is_masked_wherever_it_is_reported() {
    let report = check_one("a.py", b"API_KEY = \"a8f5f167f44f4964e6c998dee827110c\"\n", held_to("queue"));
    assert_eq!(found(&report), ["credential-in-code"]);
    let all = [
        findings::text(&report, true),
        findings::json(&report).to_string(),
        annotations::github(&report),
        sarif_of(&report).to_string(),
    ];
    assert!(all.iter().all(|text| !text.contains("f44f4964e6c998dee827110c")), "{all:?}");
}

#[test]
fn the_lock_names_what_is_missing_and_edited_and_other_line_ends_are_no_edit() {
    let written = integrate::lock::hash(b"a\nb\n");
    let rule = |found: Option<&[u8]>| {
        let finding = lock::check(&lock::LockedFile { path: "a.py", written: &written, found });
        finding.map(|finding| (finding.rule, finding.severity))
    };
    assert_eq!(rule(Some(b"a\nb\n")), None);
    assert_eq!(rule(Some(b"a\r\nb\r\n")), None);
    assert_eq!(rule(Some(b"a\r\nb\n")), Some(("edited-file".into(), Severity::Note)));
    assert_eq!(rule(Some(b"c\n")), Some(("edited-file".into(), Severity::Note)));
    assert_eq!(rule(None), Some(("missing-file".into(), Severity::Error)));
}

#[test]
fn an_operation_no_test_calls_and_no_page_names_is_told() {
    let operation = |symbol| coverage::Operation { symbol, path: "integrations/galaxy/client.py" };
    let tests = ["def test_list():\n    galaxy.planets.list(limit=1)\n    galaxy.ping()\n"];
    let pages = ["Call `galaxy.planets.list()` or `ping_all()`."];
    let findings =
        coverage::check(&[operation("planets.list"), operation("ping"), operation("planets.get")], &tests, &pages);
    let told: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(told, ["`ping` is not documented", "no test of `planets.get`", "`planets.get` is not documented"]);
}

#[test]
fn a_payload_in_a_literal_or_a_comment_is_held_and_elsewhere_is_not() {
    for (source, held) in [
        ("a = \"x PAYLOAD y\"  # PAYLOAD\n", Claim::Held(2)),
        ("def f():\n    \"\"\"PAYLOAD\"\"\"\n", Claim::Held(1)),
        ("a = f\"{'PAYLOAD'} {b}\"\n", Claim::Held(1)),
        ("a = 1\n", Claim::Absent),
    ] {
        assert_eq!(claims::literal_or_comment_only(source, Grammar::Python, "PAYLOAD"), held, "{source}");
    }
    for source in [
        "PAYLOAD = 1\n",
        "a = f\"{PAYLOAD}\"\n",
        "a = \"x\"; PAYLOAD()\n",
        "\"\"\"x\"\"\"\nimport PAYLOAD\n",
        "a = \"PAYLOAD\n",
    ] {
        let claim = claims::literal_or_comment_only(source, Grammar::Python, "PAYLOAD");
        assert!(matches!(claim, Claim::Broken(_)), "{source}");
    }
    for (source, is_held) in [
        ("/** PAYLOAD */ type A = \"PAYLOAD\"; const b = `PAYLOAD ${c}`; // PAYLOAD\n", true),
        ("const b = `${PAYLOAD}`;\n", false),
        ("/* x */ PAYLOAD(); /* y */\n", false),
        ("interface A { PAYLOAD: string }\n", false),
    ] {
        let claim = claims::literal_or_comment_only(source, Grammar::TypeScript, "PAYLOAD");
        assert_eq!(matches!(claim, Claim::Held(_)), is_held, "{source}");
    }
}

#[test]
fn the_text_report_shows_source_lines_and_what_to_do() {
    let report = check_one("orders.py", WITHOUT_TIMEOUT.as_bytes(), HeldTo::Unknown);
    insta::assert_snapshot!(findings::text(&report, false), @r#"
    warning[call-without-timeout]: `requests.get` may wait for ever: it has no timeout
     --> orders.py:5:13
      |
    5 |       reply = requests.get(
      |  _____________^
    6 | |         "https://api.example.com/orders",
    7 | |     )
      | |_____^
      |
      = help: pass a timeout with the call, or set one where the client is made

    orders.py: api 9 points: imports `requests` +5, calls `requests.get` +2, calls `raise_for_status` +2
    checked 1 file: 1 warning
    "#);
}

#[test]
fn many_things_left_out_for_one_reason_are_told_together() {
    let skipped = |path: &str, reason: &str| integrate::validate::Skipped { path: path.into(), reason: reason.into() };
    let mut report = Report::default();
    report
        .leave_out((0..40).map(|n| skipped(&format!("{n:02}/__pycache__"), "a cache")).chain([skipped("x", "a link")]));
    let text = findings::text(&report, false);
    let told: Vec<&str> = text.lines().filter(|line| line.contains("skipped")).collect();
    assert_eq!(told.len(), 6, "{text}");
    assert_eq!(told[4], "04/__pycache__ and 35 more: skipped: a cache");
    assert_eq!(told[5], "x: skipped: a link");
}

#[test]
fn hostile_55_escapes_of_a_terminal_are_escaped() {
    let code =
        "import requests\nrequests.get(\"https://a/\u{1b}[31m\")  # integrate: allow(path-not-escaped) \u{1b}[2J\n";
    let report = check_one("a\u{1b}]0;x\u{7}.py", code.as_bytes(), held_to("api"));
    assert!(!report.findings.is_empty());
    for text in [findings::text(&report, false), annotations::github(&report)] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'), "{text:?}");
    }
}

#[test]
fn annotations_of_github_are_escaped() {
    let mut report = check_one("orders.py", WITHOUT_TIMEOUT.as_bytes(), held_to("api"));
    report.findings[0].path = "a,b:c%.py".into();
    report.findings[0].message = "100 %\nnext::error::x".into();
    let line =
        "::warning file=a%2Cb%3Ac%25.py,line=5,endLine=7,title=call-without-timeout::100 %25\\u{a}next::error::x%0A";
    assert!(annotations::github(&report).starts_with(line), "{}", annotations::github(&report));
    assert_eq!(annotations::github(&report).lines().count(), 1);
}

fn sarif_of(report: &Report) -> serde_json::Value {
    sarif::document(report, &rules().about(), "0.1.0")
}

#[test]
fn sarif_names_rules_places_and_what_was_allowed() {
    let code = WITHOUT_TIMEOUT.replace("get(\n", "get(  # integrate: allow(call-without-timeout) the proxy ends it\n");
    let code = code + "\n\nrequests.get(\"https://b\")\nrequests.get(\"https://b\")\n";
    let report = check_one("a b/orders.py", code.as_bytes(), held_to("api"));
    let document = sarif_of(&report);
    let results = document["runs"][0]["results"].as_array().expect("it has results");
    assert_eq!(results.len(), 3);
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b/orders.py");
    assert_eq!(results[2]["suppressions"][0]["justification"], "the proxy ends it");
    let index = results[0]["ruleIndex"].as_u64().expect("it has an index") as usize;
    assert_eq!(document["runs"][0]["tool"]["driver"]["rules"][index]["id"], "call-without-timeout");
    let fingerprints: std::collections::BTreeSet<_> =
        results.iter().map(|result| result["partialFingerprints"].to_string()).collect();
    assert_eq!(fingerprints.len(), 3, "the same text twice is two results");
    let moved = check_one("a b/orders.py", format!("# moved\n\n{code}").as_bytes(), held_to("api"));
    assert_eq!(sarif_of(&moved)["runs"][0]["results"][0]["partialFingerprints"], results[0]["partialFingerprints"]);
}

/// Set `INTEGRATE_SARIF_SCHEMA` to OASIS's `sarif-schema-2.1.0.json`, such as the copy in npm's `@microsoft/sarif-multitool-linux`.
#[test]
fn sarif_keeps_to_its_schema() {
    let Some(path) = std::env::var_os("INTEGRATE_SARIF_SCHEMA") else {
        return machine::leave_out("SARIF held to its schema", "INTEGRATE_SARIF_SCHEMA names no schema");
    };
    let schema = std::fs::read_to_string(path).expect("it can be read");
    let schema = serde_json::from_str(schema.trim_start_matches('\u{feff}')).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    for report in
        [check_one("orders.py", WITHOUT_TIMEOUT.as_bytes(), HeldTo::Unknown), check_one("a b.go", b"", HeldTo::Unknown)]
    {
        let document = sarif_of(&report);
        let faults: Vec<_> = validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn the_json_report_keeps_to_its_schema() {
    let schema = std::fs::read_to_string(root().join("docs/schemas/validate.schema.json")).expect("it can be read");
    let schema = serde_json::from_str(&schema).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let allowed = WITHOUT_TIMEOUT.replace("get(\n", "get(  # integrate: allow(call-without-timeout) it may\n");
    let reports = [
        check_one("orders.py", WITHOUT_TIMEOUT.as_bytes(), HeldTo::Unknown),
        check_one("orders.py", allowed.as_bytes(), held_to("api")),
        check_one("orders.py", b"\xff", held_to("api")),
        Report::default(),
    ];
    for report in reports {
        let document = findings::json(&report);
        let faults: Vec<_> = validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn our_own_snapshots_are_clean() {
    let mut folders = vec![root().join("snapshots")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_ours = !["node_modules", ".venv", "__pycache__"].iter().any(|name| path.ends_with(name));
            if path.is_dir() && is_ours {
                folders.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(root()).expect("it lies below").to_string_lossy().into_owned();
                files.push((name, std::fs::read(&path).expect("it can be read")));
            }
        }
    }
    let held_to = HeldTo::Every("a snapshot");
    let sources: Vec<_> = files.iter().map(|(path, bytes)| SourceFile { path, bytes, language: "", held_to }).collect();
    let report = check(&sources, &rules(), &signs()).expect("the rules are sound");
    let wrong: Vec<_> = report.findings.iter().filter(|finding| finding.severity < Severity::Note).collect();
    assert!(wrong.is_empty(), "{}", findings::text(&report, false));
}
