//! Queues from AsyncAPI documents: documents that want to be code, names that collide, and real ones.

#[path = "oracle/mod.rs"]
mod oracle;

use std::path::Path;

use assert_cmd::Command;
use oracle::Case;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The languages that have templates for a queue.
const LANGUAGES: [&str; 2] = ["python", "typescript"];

/// A document with `payload` wherever a source has text of its own.
fn document(payload: &str) -> Value {
    let properties = json!({payload: {"type": "string", "description": payload, "enum": [payload, "b"], "examples": [payload]}, "at": {"type": "string", "format": "date-time"}});
    let message = |name: String| {
        json!({
            "name": name, "title": payload, "summary": payload, "description": payload,
            "correlationId": {"description": payload, "location": format!("$message.header#/x{payload}")},
            "headers": {"type": "object", "description": payload, "properties": {payload: {"type": "string", "description": payload}}},
            "payload": {"$ref": "#/components/schemas/Thing"},
            "examples": [{"name": payload, "payload": {payload: payload}}],
        })
    };
    let channel = |exchange: &str| {
        json!({
            "address": format!("a.{{{payload}}}.{payload}"), "title": payload, "description": payload,
            "parameters": {payload: {"description": payload, "enum": [payload]}},
            "messages": {"m": message(payload.to_owned()), "n": message(format!("{payload} more"))},
            "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": format!("{exchange}{payload}"), "type": "topic"}}},
        })
    };
    json!({
        "asyncapi": "3.0.0",
        "info": {"title": payload, "version": payload, "description": payload},
        "servers": {payload: {"host": format!("h{payload}"), "protocol": "amqp", "description": payload}},
        "channels": {"c": channel("e"), "d": channel("f")},
        "operations": {
            payload: {"action": "send", "channel": {"$ref": "#/channels/c"}, "summary": payload, "description": payload},
            "o": {"action": "receive", "channel": {"$ref": "#/channels/d"}, "summary": payload},
        },
        "components": {
            "schemas": {"Thing": {"type": "object", "title": payload, "description": payload, "required": [payload], "properties": properties}},
            "securitySchemes": {payload: {"type": "userPassword", "description": payload}},
        },
    })
}

fn held(payload: &str) {
    held_with(payload, "4 in the source: 4 generated");
}

/// Where braces in the payload are parameters of an address, within a word: no binding says that.
fn held_in_braces(payload: &str) {
    held_with(payload, "4 in the source: 2 generated, 2 degraded");
}

fn held_with(payload: &str, ledger: &str) {
    for language in LANGUAGES {
        let case = generated(&document(payload), language);
        case.generates(ledger).holds(&["/messages", "/thing/"]);
    }
}

fn generated(document: &Value, language: &str) -> Case {
    let arguments = ["thing", "--type", "queue", "--source", "queue.json", "--allow-skipped"];
    Case::create(language, &arguments, |project| {
        std::fs::write(project.join("queue.json"), document.to_string()).unwrap();
    })
}

#[test]
fn hostile_01_a_quote_ends_no_literal_of_a_queue() {
    held("x'\"); import canary; evil(7) #");
}

#[test]
fn hostile_01_a_newline_ends_no_literal_of_a_queue() {
    held("x\nimport canary\nevil(7)");
}

#[test]
fn hostile_05_a_comment_end_ends_no_comment_of_a_queue() {
    held("**//*/ evil(7) /*");
}

#[test]
fn hostile_06_a_docstring_end_ends_no_docstring_of_a_queue() {
    held_in_braces("\"\"\" + evil(7) + \"\"\" {evil(7)} ''' \\");
}

#[test]
fn hostile_07_a_template_expression_is_text_in_a_queue() {
    held_in_braces("${evil(7)} `${evil(7)}` {{ evil(7) }} {% evil(7) %}");
}

#[test]
fn hostile_10_a_name_that_is_a_path_writes_nothing_outside_from_a_queue() {
    held("../../../../evil(7)");
}

#[test]
fn hostile_13_names_of_a_queue_that_collide_or_are_reserved_are_parted() {
    let names = [
        "class", "self", "None", "Class", "a-b", "a_b", "aB", "list", "日本", "1st", "Model", "SERVICE", "messages",
        "Literal",
    ];
    let mut channels = serde_json::Map::new();
    let mut operations = serde_json::Map::new();
    for name in names {
        let payload = json!({"type": "object", "properties": {name: {"type": "string"}, "a.b": {"type": "integer"}}});
        let message = json!({"name": name, "payload": payload, "headers": {"type": "object", "properties": {name: {"type": "string"}}}});
        let channel = json!({"address": format!("{{{name}}}.{{payload}}"), "messages": {name: message}, "bindings": {"amqp": {"exchange": {"name": name}}}});
        channels.insert(name.to_owned(), channel);
        for action in ["send", "receive"] {
            operations.insert(
                format!("{name} {action}"),
                json!({"action": action, "channel": {"$ref": format!("#/channels/{name}")}}),
            );
        }
    }
    let document = json!({"asyncapi": "3.0.0", "info": {"title": "x", "version": "1"}, "channels": channels, "operations": operations});
    for language in LANGUAGES {
        generated(&document, language).generates("28 in the source: 28 generated").runs();
    }
}

#[test]
fn hostile_14_a_remote_reference_of_a_queue_is_refused() {
    let folder = TempDir::new().unwrap();
    let message = json!({"$ref": "https://127.0.0.1:1/message.yaml#/m"});
    let document = json!({
        "asyncapi": "3.0.0", "info": {"title": "x", "version": "1"},
        "channels": {"c": {"address": "a", "messages": {"m": message}}},
        "operations": {"o": {"action": "send", "channel": {"$ref": "#/channels/c"}}},
    });
    std::fs::write(folder.path().join("queue.json"), document.to_string()).unwrap();
    let mut command = Command::cargo_bin("integrate").unwrap();
    command.arg("-C").arg(folder.path()).args([
        "create",
        "thing",
        "--type",
        "queue",
        "--source",
        "queue.json",
        "--language",
        "python",
    ]);
    let run = command.output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("other hosts and schemes are not followed"), "{said}");
    assert!(!folder.path().join("integrations").exists());
}

/// The README's block runs as it stands, though its queue holds two messages: each that a queue may hold needs a handler.
#[test]
fn the_block_on_receiving_runs_as_it_is_printed() {
    const GROUP: &str = "the README of a queue, run";
    let messages = json!({
        "Created": {"payload": {"type": "object"}},
        "Cancelled": {"payload": {"type": "object"}, "headers": {"type": "object", "properties": {"by": {"type": "string"}}}},
    });
    let document = json!({
        "asyncapi": "3.0.0", "info": {"title": "x", "version": "1"},
        "channels": {"orders": {"address": "orders", "messages": messages}},
        "operations": {"o": {"action": "receive", "channel": {"$ref": "#/channels/orders"}}},
    });
    for language in LANGUAGES {
        let case = generated(&document, language);
        let project = case.project();
        let readme = std::fs::read_to_string(project.join("integrations/thing/README.md")).unwrap();
        let section = readme.split("\n## Receive\n").nth(1).unwrap();
        let block = section.split("```").nth(1).unwrap().split_once('\n').unwrap().1;
        let run = |program: &Path, arguments: &[&str]| {
            let mut command = std::process::Command::new(program);
            let run = command.args(arguments).current_dir(&project).env("THING_URL", "memory:").output().unwrap();
            let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
            assert!(run.status.success(), "{language}: {arguments:?}\n{said}");
        };
        if language == "python" {
            let Some(python) = oracle::machine::python(GROUP) else { continue };
            std::fs::write(project.join("receive.py"), block).unwrap();
            run(&python, &["-m", "mypy", "--strict", "--cache-dir=/dev/null", "receive.py"]);
            // As if the signal came at once: it starts, and stops.
            let at_once = "import asyncio.unix_events as e; e._UnixSelectorEventLoop.add_signal_handler = lambda _, __, stop: stop(); import receive";
            run(&python, &["-c", at_once]);
        } else {
            let Some(node) = oracle::machine::node(GROUP) else { continue };
            #[cfg(unix)]
            std::os::unix::fs::symlink(&node.modules, project.join("node_modules")).unwrap();
            std::fs::write(
                project.join("receive.test.ts"),
                format!("import {{ test }} from \"vitest\";\n{block}\ntest(\"it started\", () => undefined);\n"),
            )
            .unwrap();
            run(&node.program, &["node_modules/typescript/bin/tsc", "--noEmit"]);
            run(&node.program, &["node_modules/vitest/vitest.mjs", "run", "receive.test.ts"]);
        }
    }
}

#[test]
fn real_documents_end_in_a_ledger_that_adds_up_or_in_one_clear_error() {
    let Some(folder) = std::env::var_os("INTEGRATE_CORPUS") else {
        oracle::machine::leave_out(
            "AsyncAPI documents of others",
            "INTEGRATE_CORPUS does not name the folder with asyncapi/",
        );
        return;
    };
    let mut read = 0;
    for entry in walkdir::WalkDir::new(Path::new(&folder).join("asyncapi")) {
        let entry = entry.unwrap();
        if !entry.file_type().is_file() {
            continue;
        }
        let mut command = Command::cargo_bin("integrate").unwrap();
        let run = command.arg("model").arg(entry.path()).args(["--format", "json"]).output().unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
        let shown = entry.path().display();
        if run.status.code() == Some(2) {
            assert!(said.contains("is not read") || said.contains("of no kind we read"), "{shown}: {said}");
            continue;
        }
        assert_eq!(run.status.code(), Some(0), "{shown}: {said}");
        let model: Value = serde_json::from_slice(&run.stdout).unwrap();
        let entries = model["ledger"]["entries"].as_array().unwrap();
        assert_eq!(model["ledger"]["source"], json!(entries.len()), "{shown}");
        assert!(entries.iter().all(|entry| (entry["outcome"] == "generated") == entry["reasons"].is_null()), "{shown}");
        read += 1;
    }
    assert!(read > 20, "only {read} documents were read");
}
