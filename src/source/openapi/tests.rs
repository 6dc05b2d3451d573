//! What becomes of operations whose documents say things loosely: the outcome, and why.

use crate::model::{Entry, Outcome, Service, Surface};
use crate::source::Filter;
use crate::source::documents::{Documents, Place};
use crate::source::tree::Tree;

const SCHEMAS: &str = "
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, tags: {type: array, items: {type: string}}}}
    Loop: {$ref: '#/components/schemas/Loop/properties/x'}
";

fn read(version: &str, paths: &str) -> Service {
    let text = format!("{version}\npaths:\n{paths}\n{SCHEMAS}");
    let documents = Documents::load(Tree::parse("a.yaml", text.as_bytes()).unwrap(), &Place::Elsewhere).unwrap();
    super::read(&documents, &Filter::default()).unwrap()
}

/// The entry of the one operation `POST /a`.
fn entry(version: &str, operation: &str) -> Entry {
    read(version, &format!("  /a: {{post: {{{operation}, responses: {{'204': {{}}}}}}}}")).ledger.entries.remove(0)
}

fn body(media_type: &str, schema: &str) -> String {
    format!("requestBody: {{content: {{{media_type}: {{schema: {schema}}}}}}}")
}

#[test]
fn what_cannot_be_done_as_said_is_told() {
    let header =
        |name: &str, required: bool| format!("parameters: [{{name: {name}, in: header, required: {required}}}]");
    let parts = |said: &str| {
        format!(
            "requestBody: {{content: {{multipart/form-data: {{schema: {{$ref: '#/components/schemas/Pet'}}, encoding: {{tags: {{{said}}}}}}}}}}}"
        )
    };
    for (operation, outcome, why) in [
        (header("X-Plan", true), Outcome::Generated, ""),
        (header("X Plan", true), Outcome::Skipped, "cannot be the name of a header"),
        (header("X-Plän", false), Outcome::Degraded, "cannot be the name of a header"),
        (body("'text/plain; label=é'", "{type: string}"), Outcome::Skipped, "cannot be sent as a media type"),
        (body("application/json", "null"), Outcome::Degraded, "null is no schema"),
        (parts("style: form"), Outcome::Generated, ""),
        (parts("style: pipeDelimited"), Outcome::Degraded, "once for each value, whatever its style"),
        (parts("explode: false"), Outcome::Degraded, "once for each value, whatever its style"),
        (
            body("application/json", "{$ref: '#/components/schemas/Pet/properties/none'}"),
            Outcome::Skipped,
            "not defined",
        ),
        (body("application/json", "{$ref: '#/components/schemas/Loop'}"), Outcome::Skipped, "not defined"),
    ] {
        let entry = entry("openapi: 3.1.0", &operation);
        let said: String = entry.reasons.iter().map(|reason| reason.what.as_str()).collect();
        assert!(entry.outcome == outcome && said.contains(why), "{operation}: {entry:?}");
    }
}

#[test]
fn what_stands_beside_a_reference_counts_from_3_1_on() {
    let schema = "{$ref: '#/components/schemas/Pet', required: [name]}";
    let newer = entry("openapi: 3.1.0", &body("application/json", schema));
    assert_eq!(newer.outcome, Outcome::Generated);
    let older = entry("openapi: 3.0.3", &body("application/json", schema));
    assert_eq!(older.reasons[0].what, "`required` beside `$ref` is ignored before OpenAPI 3.1");
    // Swagger's own `required` of one parameter is none of a schema's keywords.
    let plain =
        entry("openapi: 3.0.3", &body("application/json", "{$ref: '#/components/schemas/Pet', required: true}"));
    assert_eq!(plain.outcome, Outcome::Generated);
}

#[test]
fn what_several_share_has_its_own_name() {
    let reply = "{'200': {$ref: '#/components/responses/Done'}}";
    let text = format!(
        "openapi: 3.1.0\npaths:\n  /a: {{get: {{responses: {reply}}}, delete: {{responses: {reply}}}}}\n  /b: {{post: {{requestBody: {{$ref: '#/components/requestBodies/Pet'}}, responses: {{}}}}}}\ncomponents:\n  schemas: {{Pet: {{properties: {{a: {{}}}}}}}}\n  responses: {{Done: {{content: {{application/json: {{schema: {{properties: {{ok: {{type: boolean}}}}}}}}}}}}}}\n  requestBodies: {{Pet: {{content: {{application/json: {{schema: {{properties: {{b: {{}}}}}}}}}}}}}}"
    );
    let documents = Documents::load(Tree::parse("a.yaml", text.as_bytes()).unwrap(), &Place::Elsewhere).unwrap();
    let service = super::read(&documents, &Filter::default()).unwrap();
    assert_eq!(service.types.keys().collect::<Vec<_>>(), ["Done", "Pet body"]);
}

#[test]
fn a_path_may_be_a_reference_and_more() {
    let shared = "{get: {responses: {'204': {}}}, put: {summary: shared, responses: {'204': {}}}}";
    let paths = format!(
        "  /a: {{$ref: '#/x-shared', put: {{summary: own, responses: {{'204': {{}}}}}}}}\n  /b: {{$ref: '#/none'}}\nx-shared: {shared}"
    );
    let service = read("openapi: 3.1.0", &paths);
    let Surface::Operations(surface) = &service.surface else { panic!("no operations") };
    let found: Vec<(&str, &str)> =
        surface.operations.iter().map(|one| (one.method.as_str(), one.summary.as_str())).collect();
    assert_eq!(found, [("PUT", "own"), ("GET", "")]);
    assert_eq!(service.ledger.notes[0].what, "`$ref` names `#/none`, which is not defined");
}
