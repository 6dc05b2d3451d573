//! Packs that mean ill, through the command line: refused with status 2 and their place, and the tree as it was.

use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use super::scene::*;

/// A pack whose one pattern `evil` yields one file; each test spoils one part of it.
struct Pack {
    pattern: String,
    files: String,
    template: String,
}

impl Default for Pack {
    fn default() -> Self {
        Self {
            pattern: "title: Evil\nsummary: Does harm.\nvariants:\n  plain:\n    summary: s\n    surface: answers\n    sources: [answers]\n    options: {type: object, properties: {text: {type: string, default: word}, list: {type: array, default: []}}}\n".to_owned(),
            files: "files: [{template: a.txt.j2, path: \"{{ adapter.package }}/a.txt\"}]\n".to_owned(),
            template: "plain\n".to_owned(),
        }
    }
}

const CELL: &str = "integrations/patterns/templates/python/evil/plain";
const CREATE: [&str; 6] = ["create", "thing", "--type", "evil", "--language", "python"];

impl Pack {
    fn project(&self) -> Project {
        let project = Project::with_packs(&[]);
        project.write("integrations/patterns/evil/pattern.yaml", &self.pattern);
        project.write(&format!("{CELL}/files.yaml"), &self.files);
        project.write(&format!("{CELL}/a.txt.j2"), &self.template);
        project
    }

    fn at(path: &str) -> Self {
        Self { files: format!("files: [{{template: a.txt.j2, path: '{path}'}}]\n"), ..Self::default() }
    }

    fn template(template: &str) -> Self {
        Self { template: template.to_owned(), ..Self::default() }
    }
}

/// The run is refused as the user's own fault, says so, and leaves nothing behind.
fn refused(project: &Project, wanted: &str) -> String {
    refused_with(project, &[], wanted)
}

fn refused_with(project: &Project, more: &[&str], wanted: &str) -> String {
    let said = project.fails(2, &[&CREATE[..], more].concat());
    assert!(said.contains(wanted), "wanted {wanted:?}\n{said}");
    for written in ["integrations/thing", "integrations/runtime", "integrate.yaml", "integrate.lock", ".integrate"] {
        assert!(!project.path(written).exists() || written == "integrate.yaml", "{written} is there\n{said}");
    }
    said
}

#[test]
fn the_pack_is_fine_as_long_as_nothing_is_spoiled() {
    let project = Pack::default().project();
    project.ok(&CREATE);
    assert_eq!(project.read("integrations/thing/a.txt"), "plain\n");
}

#[test]
fn hostile_22_a_rendered_path_that_leads_out_is_refused() {
    for (path, why) in [
        ("../escaped.txt", "leads out of the project"),
        ("{{ adapter.package }}/../../../escaped.txt", "leads out of the project"),
        ("/etc/escaped.txt", "an absolute path"),
        ("//etc/escaped.txt", "an absolute path"),
        ("C:/escaped.txt", "a colon"),
        ("..\\escaped.txt", "a backslash"),
        ("{{ options.text|line }}/a.txt", "leads out of the project"),
    ] {
        let project = Pack::at(path).project();
        refused_with(&project, &["--set", "text=.."], why);
        assert!(!project.folder.path().parent().unwrap().join("escaped.txt").exists());
    }
}

#[test]
fn hostile_22_a_pack_writes_nothing_but_below_the_integrations() {
    let project = Pack::at(".github/workflows/run.yml").project();
    project.ok(&CREATE);
    assert!(project.path("integrations/.github/workflows/run.yml").is_file() && !project.path(".github").exists());
}

#[test]
fn hostile_23_a_link_in_a_pack_is_not_read() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "the secret").unwrap();
    let project = Pack::default().project();
    std::fs::remove_file(project.path(&format!("{CELL}/a.txt.j2"))).unwrap();
    symlink(secret.path(), project.path(&format!("{CELL}/a.txt.j2"))).unwrap();
    let said = refused(&project, "a.txt.j2: packs hold plain files, no links and no devices");
    assert!(!said.contains("the secret"));
}

#[test]
fn hostile_23_a_linked_folder_of_a_pack_is_not_read() {
    let outside = tempfile::tempdir().unwrap();
    let project = Pack::default().project();
    std::fs::rename(project.path(CELL), outside.path().join("plain")).unwrap();
    symlink(outside.path().join("plain"), project.path(CELL)).unwrap();
    refused(&project, "packs hold plain files, no links and no devices");
}

#[test]
fn hostile_23_nothing_is_written_through_a_linked_folder() {
    let outside = tempfile::tempdir().unwrap();
    let project = Pack::default().project();
    symlink(outside.path(), project.path("integrations/thing")).unwrap();
    let run = project.run(&CREATE);
    let said = both(&run);
    assert!(matches!(run.status.code(), Some(1 | 2)) && said.contains("link"), "{said}");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0, "written outside");
    assert!(!project.path("integrate.yaml").exists());
}

#[test]
fn hostile_24_a_chain_of_links_and_a_dangling_one_are_refused() {
    let project = Pack::default().project();
    symlink("/nowhere/at/all", project.path(&format!("{CELL}/z.j2"))).unwrap();
    refused(&project, "z.j2: packs hold plain files");
    let project = Pack::default().project();
    symlink("two.j2", project.path(&format!("{CELL}/one.j2"))).unwrap();
    symlink("a.txt.j2", project.path(&format!("{CELL}/two.j2"))).unwrap();
    refused(&project, "one.j2: packs hold plain files");
    let project = Pack::default().project();
    symlink(".", project.path(&format!("{CELL}/circle"))).unwrap();
    refused(&project, "circle: packs hold plain files");
}

#[test]
fn hostile_25_a_project_names_no_pack_outside_of_itself() {
    let outside = Pack::default().project();
    for (root, why) in [
        ("..", "leads out of the project"),
        ("packs/../../outside", "leads out of the project"),
        (&outside.path("integrations/patterns").display().to_string(), "an absolute path"),
        (".git/hooks", "inside `.git`"),
    ] {
        let project = Project::with_packs(&[]);
        project.write("integrate.yaml", &format!("version: 1\npatterns: ['{root}']\nintegrations: {{}}\n"));
        refused(&project, why);
    }
    for name in ["integrations/patterns", "packs"] {
        let project = Project::with_packs(&[]);
        project.write("integrate.yaml", "version: 1\npatterns: [packs]\nintegrations: {}\n");
        std::fs::create_dir_all(project.path("integrations")).unwrap();
        symlink(outside.path("integrations/patterns"), project.path(name)).unwrap();
        refused(&project, "the folder of a pack is no link");
    }
}

#[test]
fn hostile_25_a_pack_reads_no_data_from_elsewhere() {
    for template in ["/etc/passwd", "../../../../../../../../etc/passwd", "../../api/rest/client.py.j2"] {
        let pack = Pack { files: format!("files: [{{template: {template}, path: a.txt}}]\n"), ..Pack::default() };
        let said = refused(&pack.project(), "cannot read the template");
        assert!(!said.contains("root:"), "{said}");
    }
    for reference in ["/etc/passwd", "file:///etc/passwd", "https://evil.test/schema.json"] {
        let pattern = Pack::default().pattern.replace("type: object,", &format!("$ref: '{reference}', type: object,"));
        let said = refused(&Pack { pattern, ..Pack::default() }.project(), "are no JSON Schema");
        assert!(!said.contains("root:"), "{said}");
    }
}

#[test]
fn hostile_26_an_include_stays_in_the_language() {
    for name in
        ["../../../../../../etc/passwd", "/etc/passwd", "../typescript/language.yaml", "evil/plain/../../language.yaml"]
    {
        let said = refused(&Pack::template(&format!("{{% include '{name}' %}}")).project(), "template not found");
        assert!(!said.contains("root:"), "{said}");
        refused(&Pack::template(&format!("{{% from '{name}' import a %}}")).project(), "template not found");
        refused(&Pack::template(&format!("{{% extends '{name}' %}}")).project(), "template not found");
    }
    let project = Pack::template("{% include 'evil/plain/link.j2' %}").project();
    symlink("/etc/passwd", project.path(&format!("{CELL}/link.j2"))).unwrap();
    refused(&project, "packs hold plain files");
}

#[test]
fn hostile_28_templates_of_a_pack_see_plain_data_only() {
    for expression in [
        "debug()",
        "self",
        "environment",
        "env('HOME')",
        "range(9)|list",
        "options.text.__class__",
        "adapter.name.__init__.__globals__",
        "''.__class__.__mro__",
        "loop",
        "namespace()",
        "options.text|safe",
        "options.text|escape",
        "options.text",
        "options.text.format('a')",
        "cycler",
        "lipsum()",
    ] {
        refused(
            &Pack::template(&format!("{{{{ {expression} }}}}")).project(),
            "templates/python/evil/plain/files.yaml",
        );
    }
    // Nor do paths and conditions.
    let project = Pack {
        files: "files: [{template: a.txt.j2, path: a.txt, when: \"env('HOME')\"}]\n".to_owned(),
        ..Pack::default()
    };
    refused(&project.project(), "unknown function: env");
}

#[test]
fn hostile_29_a_template_of_a_pack_ends() {
    let list = format!("list=[{}]", vec!["1"; 3000].join(","));
    let loops = "{% for a in options.list %}{% for b in options.list %}{% for c in options.list %}{% endfor %}{% endfor %}{% endfor %}";
    let doubling = format!("{{% set a = 'x' %}}{}{{{{ a|literal }}}}", "{% set a = a ~ a %}".repeat(60));
    let nesting = format!("{{% set l = [1, 2] %}}{}{{{{ l|literal }}}}", "{% set l = [l, l] %}".repeat(60));
    let replacing =
        format!("{{% set a = options.text %}}{}{{{{ a|literal }}}}", "{% set a = a|replace('y', a) %}".repeat(5));
    let printing =
        "{% for a in options.list %}{% for b in options.list %}{{ options.text|literal }}{% endfor %}{% endfor %}";
    let text = format!("text={}", "y".repeat(9000));
    for (template, wanted) in [
        (loops, "takes more than 50000000 steps"),
        ("{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}", "recursion limit"),
        ("{% include 'evil/plain/a.txt.j2' %}", "recursion limit"),
        (&doubling, "more than 512 MiB of memory"),
        (&nesting, "more than 512 MiB of memory"),
        (&replacing, "more than 512 MiB of memory"),
        ("{{ ('x' * 2000000000)|literal }}", "too large"),
        (printing, "more than 32 MiB"),
    ] {
        let start = Instant::now();
        let said = bounded(&Pack::template(template).project(), &["--set", &list, "--set", &text]);
        assert!(said.contains(wanted), "wanted {wanted:?}\n{said}");
        assert!(start.elapsed() < Duration::from_secs(60));
    }
}

#[test]
fn hostile_29_paths_and_conditions_end_too() {
    let list = format!("list=[{}]", vec!["1"; 3000].join(","));
    let nested = "{% for a in options.list %}{% for b in options.list %}{% for c in options.list %}{% endfor %}{% endfor %}{% endfor %}a.txt";
    let said = bounded(&Pack::at(nested).project(), &["--set", &list]);
    assert!(said.contains("takes more than"), "{said}");
    let printed = "{% for a in options.list %}{% for b in options.list %}aaaaaaaaaaaaaaaa{% endfor %}{% endfor %}";
    let said = bounded(&Pack::at(printed).project(), &["--set", &list]);
    assert!(said.contains("more than 32 MiB") || said.contains("longer than 3000 bytes"), "{said}");
}

#[test]
fn hostile_29_a_pack_is_small() {
    let project = Pack::default().project();
    project.write(&format!("{CELL}/large.j2"), &"x".repeat((1 << 20) + 1));
    refused(&project, "large.j2: the file is too large");
    let project = Pack::default().project();
    for n in 0..2001 {
        project.write(&format!("integrations/patterns/evil/n{n}.txt"), "");
    }
    refused(&project, "the pack has more than 2000 files");
    let project = Pack::default().project();
    project.write(&format!("integrations/patterns/{}x.txt", "d/".repeat(13)), "");
    refused(&project, "go at most 12 deep");
    let bomb: String = (0..30)
        .map(|n| {
            format!(
                "    x{n}: &a{n} [{}]\n",
                vec![if n == 0 { "1".to_owned() } else { format!("*a{}", n - 1) }; 10].join(", ")
            )
        })
        .collect();
    let pattern = Pack::default().pattern.replace(
        "    options: {type: object,",
        &format!("    options: {{type: object}}\n    defaults:\n{}    examples: {{", bomb.replace("    x", "      x")),
    );
    let start = Instant::now();
    refused(&Pack { pattern, ..Pack::default() }.project(), "evil/pattern.yaml");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_address_gives_only_options_that_there_are_from_parts_that_it_has() {
    for (addresses, says) in
        [("{smtp: {folder: host}}", "has no option `folder`"), ("{smtp: {text: server}}", "have no part `server`")]
    {
        let sources = "    sources: [answers]\n";
        let pattern = Pack::default().pattern.replace(sources, &format!("{sources}    addresses: {addresses}\n"));
        refused(&Pack { pattern, ..Pack::default() }.project(), says);
    }
}

#[test]
fn nothing_of_a_pack_is_run() {
    let project = Project::with_packs(&["mail-pack", "perl-pack"]);
    let canary = project.path("canary");
    let path = "integrations/patterns/templates/perl/language.yaml";
    let touch = format!("[touch, '{}']", canary.display());
    let yaml = project.read(path).replace("[perl, -v]", &touch).replace("[prove, \"{adapter}/tests\"]", &touch);
    project.write(path, &yaml);
    project.ok(&["create", "notices", "--type", "mail", "--language", "perl", "--yes"]);
    assert!(project.ok(&["doctor"]).contains("not looked for, because commands of packs are not run"));
    let to = tempfile::tempdir().unwrap();
    let said = project.ok(&["deploy", "notices", "--to", to.path().to_str().unwrap()]);
    assert!(said.contains("not tested, because commands of packs are not run: `touch"), "{said}");
    assert!(!canary.exists());
}

#[test]
fn a_pack_replaces_nothing() {
    let project = Pack::default().project();
    project.write("integrations/patterns/api/pattern.yaml", &Pack::default().pattern);
    refused(&project, "`patterns/api/pattern.yaml` exists already, and packs replace nothing");
    let project = Pack::default().project();
    project.write("integrations/patterns/templates/python/language.yaml", "title: Python\n");
    refused(&project, "packs replace nothing");
    let project = Pack::default().project();
    project.write("integrations/patterns/evil/detect.yaml", "pattern: api\nlanguages: {python: {imports: {os: 99}}}\n");
    refused(&project, "the signs are for pattern `api`");
}

#[test]
fn what_a_pack_gets_wrong_is_the_packs_fault_with_its_place() {
    let project = Pack::template("one\n{{ nothing_of_the_kind }}\n").project();
    refused(&project, "evil/plain/a.txt.j2:2: undefined value: `nothing_of_the_kind` is undefined");
    let project = Pack {
        files: "files: [{template: a.txt.j2, path: a.py}]\n".to_owned(),
        template: "def (:\n".to_owned(),
        ..Pack::default()
    };
    refused(&project.project(), "`integrations/a.py` from `evil/plain/a.txt.j2`");
    let project = Pack {
        files: "files: [{template: a.txt.j2, path: a.txt, each: options.text}]\n".to_owned(),
        ..Pack::default()
    };
    refused(&project.project(), "is no list");
    let project = Pack { files: "runtime: [nothing]\nfiles: []\n".to_owned(), ..Pack::default() };
    refused(&project.project(), "`templates/python/runtime/files.yaml` has no module `nothing`");
    let project = Pack { files: "file: []\n".to_owned(), ..Pack::default() };
    refused(&project.project(), "templates/python/evil/plain/files.yaml:1:1: unknown field `file`");
}

/// The run ends by itself with status 2, in a minute and in less memory than a small machine has.
fn bounded(project: &Project, more: &[&str]) -> String {
    let run = assert_cmd::Command::new("sh")
        .args(["-c", "ulimit -v 6000000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_integrate"), "-C"])
        .arg(project.folder.path())
        .args(CREATE)
        .args(more)
        .timeout(Duration::from_secs(60))
        .output()
        .unwrap();
    let said = both(&run);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(!project.path("integrations/thing").exists());
    said
}
