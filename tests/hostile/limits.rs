//! Documents that would take all time or all memory: each run is given so much of both, and ends by itself.

use std::process::Command;

use super::LANGUAGES;
use tempfile::TempDir;

/// What a run may take of the machine.
struct Limits {
    /// Of address space, which is never less than the memory that is used; held on Linux, where systems let one hold it.
    mebibytes: u32,
    /// Of processor time. Generous: the program under test is not optimised.
    seconds: u32,
}

/// `integrate` within limits; a run that exceeds them is killed, or aborts, and has neither status nor sense.
fn run(folder: &std::path::Path, arguments: &[&str], limits: &Limits) -> (Option<i32>, String) {
    let memory =
        if cfg!(target_os = "linux") { format!("ulimit -v {};", limits.mebibytes << 10) } else { String::new() };
    let line = format!("{memory} ulimit -t {}; exec \"$0\" \"$@\"", limits.seconds);
    let mut command = Command::new("sh");
    command.args(["-c", &line, env!("CARGO_BIN_EXE_integrate"), "-C"]).arg(folder).args(arguments);
    let run = command.env("CI", "1").output().unwrap();
    (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr))
}

/// `create` from a document, within limits.
fn create(document: &str, language: &str, limits: Limits) -> (Option<i32>, String) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("api.yaml"), document).unwrap();
    let arguments = ["create", "thing", "--source", "api.yaml", "--language", language];
    let (code, said) = run(folder.path(), &arguments, &limits);
    assert_eq!(folder.path().join("integrations").exists(), code == Some(0), "{said}");
    (code, said)
}

#[test]
fn hostile_17_references_in_a_circle_end() {
    let circle = "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n";
    let in_parts =
        circle.replace("A: {$ref: '#/components/schemas/B'}", "A: {allOf: [{$ref: '#/components/schemas/A'}]}");
    for document in [circle, &in_parts] {
        let (code, said) = create(document, "python", Limits { mebibytes: 512, seconds: 10 });
        assert!(code == Some(1) && said.contains("circle"), "{said}");
    }
}

#[test]
fn hostile_17_a_record_that_always_holds_itself_is_given_an_end() {
    let endless = "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\n      responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}\ncomponents:\n  schemas:\n    A: {type: object, required: [a, n], properties: {a: {$ref: '#/components/schemas/A'}, n: {type: integer}}}\n    B: {type: object, required: [c], properties: {c: {$ref: '#/components/schemas/C'}}}\n    C: {type: object, required: [b], properties: {b: {oneOf: [{$ref: '#/components/schemas/B'}]}}}\n";
    for language in LANGUAGES {
        let (code, said) = create(endless, language, Limits { mebibytes: 512, seconds: 10 });
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("1 in the source: 0 generated, 1 degraded"), "{said}");
        assert!(said.contains("`a` is required and never ends; it is optional here"), "{said}");
    }
}

/// Each schema refers to ten others that refer to all of them again.
#[test]
fn hostile_17_a_net_of_references_is_not_walked_by_every_path() {
    let mut document = String::from(
        "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}\ncomponents:\n  schemas:\n",
    );
    for n in 0..60 {
        let properties = (1..=10).map(|step| format!("p{step}: {{$ref: '#/components/schemas/S{}'}}", (n + step) % 60));
        document +=
            &format!("    S{n}: {{type: object, properties: {{{}}}}}\n", properties.collect::<Vec<_>>().join(", "));
    }
    for language in LANGUAGES {
        let (code, said) = create(&document, language, Limits { mebibytes: 1024, seconds: 30 });
        assert!(code == Some(0) && said.contains("1 in the source: 1 generated"), "{said}");
    }
}

#[test]
fn hostile_18_an_alias_bomb_is_refused_within_a_second() {
    let mut bomb = String::from(
        "openapi: 3.0.0\ninfo: {title: x, version: '1'}\nx-a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n",
    );
    for n in 1..12 {
        let before = format!("*a{}", n - 1);
        bomb += &format!("x-a{n}: &a{n} [{}]\n", vec![before; 10].join(", "));
    }
    bomb += "paths: {/a: {get: {responses: {}}}}\n";
    let (code, said) = create(&bomb, "python", Limits { mebibytes: 512, seconds: 1 });
    assert!(code == Some(2) && said.contains("following the aliases here gives more than"), "{said}");
}

#[test]
fn hostile_19_a_hundred_thousand_levels_are_refused_without_a_crash() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{{\"openapi\": \"3.0.0\", \"x-a\": {}1{}}}", open.repeat(100_000), close.repeat(100_000));
        let (code, said) = create(&deep, "python", Limits { mebibytes: 512, seconds: 10 });
        assert_eq!(code, Some(2), "{said}");
    }
}

fn many_operations(count: usize) -> String {
    let mut document =
        String::from("openapi: 3.0.0\ninfo: {title: x, version: '1'}\nservers: [{url: 'https://a.test'}]\npaths:\n");
    for n in 0..count {
        document += &format!("  /p{n}: {{get: {{tags: [t{}], responses: {{}}}}}}\n", n % 500);
    }
    document
}

#[test]
fn hostile_20_a_hundred_thousand_operations_are_read_and_generated_within_bounds() {
    let document = many_operations(100_000);
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("api.yaml"), &document).unwrap();
    let limits = Limits { mebibytes: 2048, seconds: 120 };
    let (code, said) = run(folder.path(), &["model", "api.yaml", "--format", "json"], &limits);
    assert_eq!(code, Some(0), "{}", &said[..said.len().min(2000)]);
    let (code, said) = create(&document, "python", Limits { mebibytes: 4096, seconds: 300 });
    assert!(code == Some(0) && said.contains("100000 in the source: 100000 generated"), "{said}");
}

#[test]
fn hostile_20_a_hundred_megabytes_are_refused() {
    let (code, said) = create(&"#".repeat(101 << 20), "python", Limits { mebibytes: 512, seconds: 10 });
    assert!(code == Some(2) && said.contains("is more than the 64 MiB that are read"), "{said}");
}
