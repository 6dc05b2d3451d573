//! `docs/pattern-development.md` shows the files of `docs/examples` as they are, and all that templates see.

use std::path::Path;

use super::scene::{Project, examples};

/// Before each block that is a file: its place below `docs/examples`.
const MARK: &str = "<!-- file: ";

#[test]
fn the_page_shows_the_packs_that_are_tested() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pattern-development.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut parts = page.split(MARK);
    let mut fresh = parts.next().unwrap().to_owned();
    let mut shown = Vec::new();
    for part in parts {
        let (name, rest) = part.split_once(" -->\n```").expect("a block follows the mark");
        let (tag, rest) = rest.split_once('\n').unwrap();
        let (_, after) = rest.split_once("\n```\n").expect("the block ends");
        let text = std::fs::read_to_string(examples().join(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        fresh += &format!("{MARK}{name} -->\n```{tag}\n{text}```\n{after}");
        shown.push(name.to_owned());
    }
    if std::env::var_os("INTEGRATE_UPDATE").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == fresh,
        "docs/pattern-development.md is not up to date: run `INTEGRATE_UPDATE=1 cargo test --test packs`"
    );
    for file in ["mail/pattern.yaml", "mail/signals.yaml", "mail/detect.yaml", "mail/rules/mail-without-timeout.yaml"] {
        assert!(shown.contains(&format!("mail-pack/{file}")), "{file} is not shown");
    }
}

/// Each encoder, and everything at the top of the context, has its line on the page.
#[test]
fn the_page_names_every_encoder_and_all_of_the_context() {
    let page = include_str!("../../docs/pattern-development.md");
    let engine = include_str!("../../src/render/engine.rs");
    let encoders: Vec<&str> = engine.split("    add(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(encoders.len() > 12, "{encoders:?}");
    for encoder in encoders {
        assert!(page.contains(&format!("| `{encoder}` |")) || page.contains(&format!("`{encoder}`,")), "{encoder}");
    }
    let project = Project::with_packs(&["mail-pack"]);
    let cell = "integrations/patterns/templates/python/mail/smtp";
    project.write(&format!("{cell}/files.yaml"), "files: [{template: a.j2, path: \"{{ adapter.package }}/a.txt\"}]\n");
    for (template, value) in rows(page) {
        project.write(&format!("{cell}/a.j2"), &format!("{{{{ {template} }}}}"));
        let options = "messages=[{name: order shipped, subject: S}]";
        project.ok(&["create", "notices", "--type", "mail", "--language", "python", "--set", options]);
        assert_eq!(project.read("integrations/notices/a.txt").trim(), value, "{template}");
    }
}

/// The rows `| what | `{{ template }}` | `value` |` of the page.
fn rows(page: &str) -> Vec<(String, String)> {
    let cells = |line: &str| -> Vec<String> {
        line.split(" | ").map(|cell| cell.trim_matches(['|', ' ', '`']).to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = page.lines().filter(|line| line.contains("| `{{ ")).map(cells).collect();
    assert!(rows.len() > 12, "{rows:?}");
    rows.iter()
        .map(|row| (row[1].trim_start_matches("{{ ").trim_end_matches(" }}").replace("\\|", "|"), row[2].clone()))
        .collect()
}
