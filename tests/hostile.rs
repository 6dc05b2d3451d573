//! Sources that want to be code, or to be written elsewhere: each case of the list has its number in its name.
//!
//! The oracle is in `oracle/mod.rs`.

#[path = "hostile/limits.rs"]
mod limits;
#[path = "hostile/network.rs"]
mod network;
#[path = "oracle/mod.rs"]
mod oracle;

use assert_cmd::Command;
use oracle::Case;
use tempfile::TempDir;

/// The languages that have templates for an api.
const LANGUAGES: [&str; 2] = ["python", "typescript"];

/// A document of two operations with `payload` wherever a source has text of its own, but for the path and the server.
fn document(payload: &str, path: &str, server: &str) -> String {
    let text = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    let key = |prefix: &str| text(&format!("{prefix}{payload}"));
    let p = text(payload);
    // What no header can hold would keep the operation out.
    let in_header: String = payload.chars().filter(|c| (' '..='~').contains(c)).collect();
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
        url = text(server),
        x = "code",
        path = text(path),
        header = text("X-Thing"),
        media = text(&format!("application/json; note={in_header}")),
        name = key("a"),
    )
}

/// Generates an adapter from a document in each language, holds its ledger, and hands it over.
fn generated(document: &str, ledger: &str, judge: impl Fn(&Case)) {
    for language in LANGUAGES {
        let arguments = ["thing", "--source", "api.json", "--allow-skipped"];
        let case = Case::create(language, &arguments, |project| {
            std::fs::write(project.join("api.json"), document).unwrap();
        });
        judge(case.generates(ledger));
    }
}

/// What stands everywhere: in operations and in models.
fn held(payload: &str) {
    let document = document(payload, "/things", "https://api.test/");
    generated(&document, BOTH, |case| case.holds(&["/resources/", "/models"]));
}

/// What stands in a path alone, where no other text can make up for it.
fn held_in_a_path(payload: &str) {
    let document = document("plain", &format!("/things/{payload}"), "https://api.test/");
    generated(&document, BOTH, |case| case.holds(&["/resources/"]));
}

/// The same where its braces make it a parameter that nobody declares.
fn held_in_the_braces_of_a_path(payload: &str) {
    let document = document("plain", &format!("/things/{payload}"), "https://api.test/");
    generated(&document, "2 in the source: 0 generated, 2 degraded", |case| case.holds(&["/resources/"]));
}

/// What stands in the server's URL alone.
fn held_in_a_server(payload: &str) {
    let document = document("plain", "/things", &format!("https://api.test/{payload}"));
    generated(&document, BOTH, |case| case.holds(&["/config."]));
}

const BOTH: &str = "2 in the source: 2 generated";

macro_rules! hostile {
    ($held:ident: $($name:ident: $payload:expr;)*) => {
        $(#[test]
        fn $name() {
            $held($payload);
        })*
    };
}

hostile! {
    held:
    hostile_01_a_quote_ends_no_literal: "x'\"); import canary; evil(7) #";
    hostile_01_a_newline_ends_no_literal: "x\nimport canary\nevil(7)";
    hostile_02_a_quote_in_a_name: "a', b); evil(7); ('";
    hostile_04_a_line_separator_ends_no_comment: "x\u{2028}evil(7)\u{2029}y\rz";
    hostile_05_a_comment_end_formed_again: "**//*/ evil(7) /*";
    hostile_06_a_docstring_end_and_braces: "\"\"\" + evil(7) + \"\"\" {evil(7)} ''' \\";
    hostile_06_a_quote_at_the_end: "evil(7)\"";
    hostile_06_a_backslash_at_the_end: "evil(7)\\";
    hostile_07_a_template_expression: "${evil(7)} `${evil(7)}` #{evil(7)}";
    hostile_08_a_template_of_ours: "{{ evil(7) }} {% evil(7) %} {# evil(7) #}";
    hostile_09_markup: "</script><!-- evil(7) --> <img onerror=evil(7)>";
    hostile_10_a_name_that_is_a_path: "../../../../evil(7)";
    hostile_55_terminal_escapes: "\u{1b}[31mevil(7)\u{1b}]0;x\u{7}";
}

hostile! {
    held_in_a_path:
    hostile_02_a_quote_in_a_path: "a', b); evil(7); ('";
    hostile_02_a_double_quote_in_a_path: "\") ; import canary; evil(7)";
    hostile_02_a_newline_in_a_path: "x\nimport canary\nevil(7)";
    hostile_04_a_line_separator_in_a_path: "x\u{2028}evil(7)\u{2029}y\rz";
    hostile_05_a_comment_end_in_a_path: "**//*/ evil(7) /*";
    hostile_06_a_backslash_at_the_end_of_a_path: "evil(7)\\";
    hostile_09_markup_in_a_path: "</script><!-- evil(7) -->";
}

hostile! {
    held_in_the_braces_of_a_path:
    hostile_06_a_docstring_end_in_a_path: "\"\"\" + evil(7) + \"\"\" {evil(7)} ''' \\";
    hostile_07_a_template_expression_in_a_path: "${evil(7)} `${evil(7)}`";
    hostile_08_a_template_of_ours_in_a_path: "{{ evil(7) }} {% evil(7) %}";
}

hostile! {
    held_in_a_server:
    hostile_03_a_server_is_no_code: "v1\";evil(7);//";
    hostile_03_a_server_with_a_template_is_no_code: "`$evil(7)`'''\"\"\"%s\\";
}

#[test]
fn hostile_03_a_server_with_a_newline_is_left_out_and_said_so() {
    let document = document("plain", "/things", "https://api.test/x\nimport canary\nevil(7)");
    generated(&document, BOTH, |case| {
        assert!(case.said.contains("no server of the document is an http address"), "{}", case.said);
    });
}

#[test]
fn err_a_query_in_a_path_that_is_not_read_is_skipped_with_its_reason() {
    let good = "  \"paths\": {\n    \"/good\": {\"get\": {\"responses\": {\"204\": {\"description\": \"None\"}}}},";
    let document = document("plain", "/things?x=v{x} evil(7)", "https://api.test/").replace("  \"paths\": {", good);
    generated(&document, "3 in the source: 1 generated, 2 skipped", |case| {
        assert!(case.said.contains("builds its query in a way that is not read"), "{}", case.said);
    });
}

#[test]
fn hostile_10_a_path_that_climbs_is_skipped() {
    let good = "  \"paths\": {\n    \"/good\": {\"get\": {\"responses\": {\"204\": {\"description\": \"None\"}}}},";
    let document =
        document("plain", "/things/../../../../evil(7)", "https://api.test/").replace("  \"paths\": {", good);
    generated(&document, "3 in the source: 1 generated, 2 skipped", |case| {
        assert!(case.said.contains("leads out of itself"), "{}", case.said);
    });
}

#[test]
fn hostile_02_the_query_and_the_fragment_of_a_path_are_no_code() {
    let document = document("plain", "/things?x='); evil(7); ('#\"); evil(7)", "https://api.test/");
    generated(&document, BOTH, |case| case.holds(&["/resources/"]));
}

#[test]
fn hostile_11_a_command_in_a_description_is_not_shown_as_ours() {
    let payload = "Install it:\n\n```sh\nevil(7) | sh\n```\n\n    $ evil(7)\n\nrun `evil(7) | sh`";
    let document = document(payload, "/things", "https://api.test/")
        .replace(&format!("\"title\": {}", serde_json::Value::String(payload.to_owned())), "\"title\": \"Thing\"");
    generated(&document, BOTH, |case| {
        case.holds(&["/resources/"]);
        assert!(!case.said.contains("evil(7)"), "what we print is what we say: {}", case.said);
        for entry in walkdir::WalkDir::new(case.project().join("integrations")) {
            let path = entry.unwrap().into_path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let page = std::fs::read_to_string(&path).unwrap();
                let mut is_code = false;
                for line in page.lines() {
                    is_code ^= line.trim_start().starts_with("```");
                    let is_command = is_code || line.starts_with("    ") || line.starts_with('\t');
                    assert!(!(is_command && line.contains("evil(7)")), "shown as ours: {}\n{page}", path.display());
                }
            }
        }
        for name in ["pyproject.toml", "package.json"] {
            let manifest = std::fs::read_to_string(case.project().join(name)).unwrap_or_default();
            assert!(!manifest.contains("evil(7)"), "{name}: {manifest}");
        }
    });
}

#[test]
fn hostile_12_bidirectional_and_zero_width_characters_are_escaped_and_told_with_their_place() {
    let hidden = ['\u{202e}', '\u{200b}', '\u{2066}', '\u{feff}'];
    let document = document("a\u{202e}evil(7)\u{200b}\u{2066}b\u{feff}", "/things", "https://api.test/");
    generated(&document, BOTH, |case| {
        case.holds(&["/resources/", "/models"]);
        let note = "api.json:3:21: the text here holds `U+200B`, `U+202E`, `U+2066`, `U+FEFF`, which reorders or hides what is read";
        assert!(case.said.contains(note), "{}", case.said);
        assert!(case.said.contains("more texts"), "{}", case.said);
        assert!(!case.said.contains(hidden), "{}", case.said);
        for entry in walkdir::WalkDir::new(case.project().join("integrations")) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                assert!(!text.contains(hidden), "{}\n{text}", entry.path().display());
            }
        }
    });
}

#[test]
fn hostile_12_a_document_without_such_characters_has_no_note() {
    generated(&document("évil 👩\u{200d}🔧", "/things", "https://api.test/"), BOTH, |case| {
        assert!(!case.said.contains("reorders or hides"), "{}", case.said);
    });
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
    generated(&document.to_string(), "18 in the source: 18 generated", Case::runs);
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
fn hostile_16_a_reference_outside_the_documents_project_is_refused() {
    for reference in
        ["file:///etc/passwd", "/etc/passwd", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a/../../b.yaml"]
    {
        refused(
            &referring(reference),
            if reference.contains("..") { "leaves the project of the document" } else { "followed" },
        );
    }
}

#[cfg(unix)]
#[test]
fn hostile_16_a_link_out_of_the_documents_project_is_refused() {
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
    assert!(run.status.code() == Some(1) && said.contains("leaves the project of the document"), "{said}");
}

/// A reference may go up inside of the project, and no link inside of it leads out.
#[cfg(unix)]
#[test]
fn hostile_16_a_reference_up_inside_the_project_is_followed_and_not_out_of_it() {
    let folder = TempDir::new().unwrap();
    let project = folder.path().join("project");
    for part in ["api", "messages"] {
        std::fs::create_dir_all(project.join(part)).unwrap();
    }
    std::fs::write(project.join("messages/x.yaml"), "X: {$ref: 'more.yaml#/Y'}\n").unwrap();
    std::fs::write(project.join("messages/more.yaml"), "Y: {type: string}\n").unwrap();
    std::fs::write(folder.path().join("secret.yaml"), "X: {type: string}\n").unwrap();
    std::os::unix::fs::symlink(folder.path(), project.join("messages/out")).unwrap();
    let model = |reference: &str| {
        std::fs::write(project.join("api/api.yaml"), referring(reference)).unwrap();
        let mut command = Command::cargo_bin("integrate").unwrap();
        let run = command.arg("-C").arg(&project).args(["model", "api/api.yaml"]).output().unwrap();
        String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr)
    };
    assert!(model("../messages/x.yaml#/X").contains("outcome: generated"));
    for outside in ["../../secret.yaml#/X", "../messages/out/secret.yaml#/X", "../../missing.yaml#/X"] {
        let said = model(outside);
        assert!(said.contains("leaves the project of the document") && said.contains("outcome: skipped"), "{said}");
    }
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
