//! What each check finds in a file, and what it leaves alone.

use integrate::validate::claims::{self, Claim};
use integrate::validate::grammar::Grammar;
use integrate::validate::{HeldTo, Severity, coverage, lock};

use super::scene::{WITHOUT_TIMEOUT, check_one, found, held_to};

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
