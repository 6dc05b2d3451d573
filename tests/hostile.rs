//! Sources that want to be code, or to be written elsewhere: each case of the list has its number in its name.
//!
//! The oracle: the payload stays inside one literal or comment of the parsed output, and nothing is written outside of
//! the integrations folder.

#[path = "hostile/network.rs"]
mod network;

use std::path::Path;

use assert_cmd::Command;
use integrate::validate::claims::{Claim, literal_or_comment_only};
use integrate::validate::grammar::Grammar;
use tempfile::TempDir;

/// The languages that have templates for an api.
const LANGUAGES: [&str; 2] = ["python", "typescript"];

/// A document with `payload` (as JSON text, with its quotes) wherever a source has text of its own.
fn document(payload: &str) -> String {
    let p = serde_json::Value::String(payload.to_owned()).to_string();
    let key = |prefix: &str| serde_json::Value::String(format!("{prefix}{payload}")).to_string();
    format!(
        r##"{{
  "openapi": "3.1.0",
  "info": {{"title": {p}, "version": {p}, "description": {p}}},
  "servers": [{{"url": {url}, "description": {p}}}],
  "tags": [{{"name": {p}}}],
  "x-{x}": {p},
  "paths": {{
    {path}: {{
      "get": {{
        "operationId": {p}, "tags": [{p}], "summary": {p}, "description": {p}, "x-code": {p},
        "parameters": [
          {{"name": {p}, "in": "query", "description": {p}, "schema": {{"type": "string", "default": {p}, "example": {p}}}}},
          {{"name": {header}, "in": "header", "schema": {{"type": "string", "enum": [{p}, "b"]}}}}
        ],
        "responses": {{"200": {{"description": {p}, "content": {{"application/json": {{"schema": {{"$ref": "#/components/schemas/Thing"}}}}}}}},
                       "404": {{"description": {p}}}}}
      }},
      "post": {{
        "tags": [{p}],
        "requestBody": {{"required": true, "content": {{{media}: {{"schema": {{"$ref": "#/components/schemas/Thing"}}}}}}}},
        "responses": {{"200": {{"description": {p}, "content": {{"application/json": {{"schema": {{"type": "array", "items": {{"const": {p}}}}}}}}}}}}}
      }}
    }}
  }},
  "components": {{
    "securitySchemes": {{{p}: {{"type": "apiKey", "in": "query", "name": {p}, "description": {p}}}}},
    "schemas": {{
      "Thing": {{"type": "object", "title": {p}, "description": {p}, "required": [{p}], "properties": {{
        {p}: {{"type": "string", "description": {p}, "enum": [{p}, "c"], "default": {p}, "example": {p}}},
        "other": {{"$ref": "#/components/schemas/Other"}}
      }}}},
      "Other": {{"type": "object", "description": {p}, "properties": {{{name}: {{"type": "integer"}}}}}}
    }}
  }}
}}"##,
        url = key("https://api.test/"),
        x = "code",
        path = key("/things/"),
        header = serde_json::Value::String("X-Thing".to_owned()),
        media = key("application/json; note="),
        name = key("a"),
    )
}

/// Generates an adapter from the hostile document in a language, and checks every file of it.
fn held(payload: &str, fragment: &str) {
    for language in LANGUAGES {
        let folder = TempDir::new().unwrap();
        let project = folder.path().join("project");
        std::fs::create_dir(&project).unwrap();
        std::fs::write(project.join("api.json"), document(payload)).unwrap();
        let run = Command::cargo_bin("integrate")
            .unwrap()
            .arg("-C")
            .arg(&project)
            .args(["create", "thing", "--source", "api.json", "--language", language, "--allow-skipped"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
        // A document whose path or server cannot be used may be refused, clearly; it is never a fault of ours.
        assert!(matches!(run.status.code(), Some(0..=2)), "{language}: {said}");
        assert!(!said.contains('\u{1b}') || !payload.contains('\u{1b}'), "{said}");
        let outside: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(outside, ["project"], "written outside");
        if run.status.success() {
            check_files(&project, language, fragment, &said);
        }
    }
}

fn check_files(project: &Path, language: &str, fragment: &str, said: &str) {
    let mut held = 0;
    for entry in walkdir::WalkDir::new(project.join("integrations")) {
        let entry = entry.unwrap();
        let extension = entry.path().extension().unwrap_or_default().to_string_lossy().into_owned();
        if !entry.file_type().is_file() || !["py", "ts"].contains(&extension.as_str()) {
            continue;
        }
        let shown = entry.path().display().to_string();
        // The grammar of the oracle does not know this form yet.
        let source = std::fs::read_to_string(entry.path()).unwrap().replace("export type * from", "export * from");
        let grammar = Grammar::of(&shown, language).unwrap();
        match literal_or_comment_only(&source, grammar, fragment) {
            Claim::Held(times) => held += times,
            Claim::Absent => {}
            Claim::Broken(why) => panic!("{language}: {shown}: {why}\n{source}"),
        }
        for bad in ['\u{202e}', '\u{200b}', '\u{2028}', '\0', '\u{7f}'] {
            assert!(!source.contains(bad), "{shown} holds {bad:?}");
        }
    }
    assert!(held > 0, "{language}: the payload is nowhere: the case shows nothing\n{said}");
}

macro_rules! hostile {
    ($($name:ident: $payload:expr, $fragment:expr;)*) => {
        $(#[test]
        fn $name() {
            held($payload, $fragment);
        })*
    };
}

hostile! {
    hostile_01_a_quote_ends_no_literal: "x'\"); import canary; evil(7) #", "evil(7)";
    hostile_01_a_newline_ends_no_literal: "x\nimport canary\nevil(7)", "evil(7)";
    hostile_02_a_quote_in_a_path_or_name: "a', b); evil(7); ('", "evil(7)";
    hostile_03_a_server_is_no_code: "v1\"; evil(7); //", "evil(7)";
    hostile_04_a_line_separator_ends_no_comment: "x\u{2028}evil(7)\u{2029}y\rz", "evil(7)";
    hostile_05_a_comment_end_formed_again: "**//*/ evil(7) /*", "evil(7)";
    hostile_06_a_docstring_end_and_braces: "\"\"\" + evil(7) + \"\"\" {evil(7)} ''' \\", "evil(7)";
    hostile_06_a_quote_at_the_end: "evil(7)\"", "evil(7)";
    hostile_06_a_backslash_at_the_end: "evil(7)\\", "evil(7)";
    hostile_07_a_template_expression: "${evil(7)} `${evil(7)}` #{evil(7)}", "evil(7)";
    hostile_08_a_template_of_ours: "{{ evil(7) }} {% evil(7) %} {# evil(7) #}", "evil(7)";
    hostile_09_markup: "</script><!-- evil(7) --> <img onerror=evil(7)>", "evil(7)";
    hostile_10_a_name_that_is_a_path: "../../../../evil(7)", "evil(7)";
    hostile_11_a_command_in_a_description: "run `evil(7) | sh` to install", "evil(7)";
    hostile_12_bidirectional_and_zero_width_characters: "a\u{202e}evil(7)\u{200b}\u{2066}b\u{feff}", "evil(7)";
    hostile_55_terminal_escapes: "\u{1b}[31mevil(7)\u{1b}]0;x\u{7}", "evil(7)";
}

#[test]
fn hostile_13_names_that_collide_or_are_reserved_are_parted() {
    let names = [
        "+1",
        "-1",
        "class",
        "self",
        "None",
        "Class",
        "class_",
        "model_config",
        "copy",
        "a-b",
        "a_b",
        "aB",
        "a b",
        "json",
        "list",
        "日本",
        "_x",
        "1st",
    ];
    let properties: serde_json::Map<String, serde_json::Value> =
        names.iter().map(|name| ((*name).to_owned(), serde_json::json!({"type": "string"}))).collect();
    let schemas = ["List", "Exception", "Thing", "thing", "THING", "Optional", "date", "Record", "Promise"];
    let mut components = serde_json::Map::new();
    for name in schemas {
        components.insert(name.to_owned(), serde_json::json!({"type": "object", "properties": properties}));
    }
    let mut paths = serde_json::Map::new();
    for (at, name) in schemas.iter().enumerate() {
        let reply = serde_json::json!({"200": {"description": "x", "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}}});
        let parameters: Vec<_> = names
            .iter()
            .map(|name| serde_json::json!({"name": name, "in": "query", "schema": {"type": "string"}}))
            .collect();
        paths.insert(
            format!("/p{at}"),
            serde_json::json!({"get": {"operationId": "list", "tags": ["class"], "parameters": parameters, "responses": reply}, "delete": {"operationId": "import", "tags": ["import"], "responses": {}}}),
        );
    }
    let document = serde_json::json!({"openapi": "3.0.0", "info": {"title": "x", "version": "1"}, "paths": paths, "components": {"schemas": components}});
    for language in LANGUAGES {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
        let mut command = Command::cargo_bin("integrate").unwrap();
        command.arg("-C").arg(folder.path()).args(["create", "class", "--source", "api.json", "--language", language]);
        let run = command.output().unwrap();
        assert!(
            run.status.success(),
            "{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
    }
}

fn refused(source: &str, wanted: &str) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("api.yaml"), source).unwrap();
    let run = Command::cargo_bin("integrate")
        .unwrap()
        .arg("-C")
        .arg(folder.path())
        .args(["create", "thing", "--source", "api.yaml", "--language", "python"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert!(matches!(run.status.code(), Some(1 | 2)) && said.contains(wanted), "wanted {wanted:?}\n{said}");
    assert!(!folder.path().join("integrations").exists());
}

/// A document whose only operation needs `reference`.
fn referring(reference: &str) -> String {
    format!(
        "openapi: 3.0.0\ninfo: {{title: x, version: '1'}}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {{description: x, content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}}}\n"
    )
}

#[test]
fn hostile_14_a_remote_reference_is_refused() {
    refused(&referring("https://evil.test/a.yaml#/X"), "other hosts and schemes are not followed");
    refused(&referring("//evil.test/a.yaml#/X"), "other hosts and schemes are not followed");
}

#[test]
fn hostile_16_a_reference_outside_the_documents_folder_is_refused() {
    for reference in
        ["file:///etc/passwd", "/etc/passwd", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a/../../b.yaml"]
    {
        refused(
            &referring(reference),
            if reference.contains("..") { "leaves the document's folder" } else { "followed" },
        );
    }
}

#[cfg(unix)]
#[test]
fn hostile_16_a_link_out_of_the_documents_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("secret.yaml"), "X: {type: string}\n").unwrap();
    std::fs::create_dir(folder.path().join("project")).unwrap();
    std::os::unix::fs::symlink("../secret.yaml", folder.path().join("project/link.yaml")).unwrap();
    std::fs::write(folder.path().join("project/api.yaml"), referring("link.yaml#/X")).unwrap();
    let run = Command::cargo_bin("integrate")
        .unwrap()
        .arg("-C")
        .arg(folder.path().join("project"))
        .args(["create", "thing", "--source", "api.yaml", "--language", "python"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.code() == Some(1) && said.contains("leaves the document's folder"), "{said}");
}

#[test]
fn hostile_17_references_in_a_circle_end() {
    let circle = "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n";
    refused(circle, "goes in a circle");
    refused(
        &circle.replace("A: {$ref: '#/components/schemas/B'}", "A: {allOf: [{$ref: '#/components/schemas/A'}]}"),
        "circle",
    );
}

#[test]
fn hostile_17_a_record_that_always_holds_itself_is_given_an_end() {
    let endless = "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\n      responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}\ncomponents:\n  schemas:\n    A: {type: object, required: [a, n], properties: {a: {$ref: '#/components/schemas/A'}, n: {type: integer}}}\n    B: {type: object, required: [c], properties: {c: {$ref: '#/components/schemas/C'}}}\n    C: {type: object, required: [b], properties: {b: {oneOf: [{$ref: '#/components/schemas/B'}]}}}\n";
    for language in LANGUAGES {
        let project = TempDir::new().unwrap();
        std::fs::write(project.path().join("api.yaml"), endless).unwrap();
        let run = Command::cargo_bin("integrate")
            .unwrap()
            .arg("-C")
            .arg(project.path())
            .args(["create", "thing", "--source", "api.yaml", "--language", language])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert_eq!(run.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&run.stderr));
        assert!(said.contains("1 in the source: 0 generated, 1 degraded"), "{said}");
        assert!(said.contains("`a` is required and never ends; it is optional here"), "{said}");
    }
}

#[test]
fn hostile_20_a_hundred_thousand_operations_work_and_a_hundred_megabytes_are_refused() {
    let mut document = String::from("openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n");
    for n in 0..100_000 {
        document += &format!("  /p{n}: {{get: {{tags: [t{}], responses: {{}}}}}}\n", n % 500);
    }
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("api.yaml"), &document).unwrap();
    let run = Command::cargo_bin("integrate")
        .unwrap()
        .arg("-C")
        .arg(folder.path())
        .args(["model", "api.yaml", "--format", "json"])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    refused(&"#".repeat(101 << 20), "is more than the 64 MiB that are read");
}

#[test]
fn hostile_21_a_byte_order_mark_is_accepted_and_a_pattern_is_never_run() {
    let folder = TempDir::new().unwrap();
    let evil = "(a+)+$";
    let document = referring("#/components/schemas/A")
        + &format!(
            "components:\n  schemas:\n    A: {{type: object, properties: {{a: {{type: string, pattern: '{evil}', example: '{}!'}}}}}}\n",
            "a".repeat(5000)
        );
    std::fs::write(folder.path().join("api.yaml"), "\u{feff}".to_owned() + &document).unwrap();
    let run = Command::cargo_bin("integrate")
        .unwrap()
        .arg("-C")
        .arg(folder.path())
        .args(["create", "thing", "--source", "api.yaml", "--language", "python"])
        .timeout(std::time::Duration::from_secs(20))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}
