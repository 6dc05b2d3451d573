//! What was found, as it is told: to people, as JSON, as SARIF, as annotations.

use integrate::report::{annotations, findings, sarif};
use integrate::validate::{HeldTo, Report};

use super::machine;
use super::scene::{WITHOUT_TIMEOUT, check_one, found, held_to, root, rules};

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
