//! Pages that say what the program does are held to what it does: README.md, docs/cli.md, and the grid of what can be made.

#[path = "machine/mod.rs"]
mod machine;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use clap::CommandFactory;
use integrate::cli::Cli;
use integrate::pattern::assets::Assets;
use integrate::pattern::{Patterns, cell};
use integrate::render::language::Language;
use regex::Regex;
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

fn integrate(arguments: &[&str], folder: &Path) -> String {
    let run =
        Command::cargo_bin("integrate").unwrap().args(arguments).current_dir(folder).env("CI", "1").output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{arguments:?}\n{said}{}", String::from_utf8_lossy(&run.stderr));
    said
}

/// Writes `fresh` to `path` where INTEGRATE_UPDATE is set; fails where the file says something else.
fn in_step(path: &str, fresh: &str) {
    let file = root().join(path);
    if std::env::var_os("INTEGRATE_UPDATE").is_some() {
        std::fs::write(&file, fresh).unwrap();
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(there == fresh, "{path} is not up to date: run `INTEGRATE_UPDATE=1 cargo test --test docs`");
}

/// Every command, those inside of others too: `patterns list`.
fn commands() -> Vec<Vec<String>> {
    fn below(command: &clap::Command, path: &[String], found: &mut Vec<Vec<String>>) {
        for inner in command.get_subcommands() {
            let path = [path, &[inner.get_name().to_owned()]].concat();
            found.push(path.clone());
            below(inner, &path, found);
        }
    }
    let mut found = vec![Vec::new()];
    below(&Cli::command(), &[], &mut found);
    found
}

#[test]
fn the_page_of_commands_is_their_help() {
    let mut page = String::from(
        "# Commands\n\nWhat `--help` says of each. Made by `INTEGRATE_UPDATE=1 cargo test --test docs`; edit `src/cli.rs`. The JSON documents\nthat `--format json` prints have their schemas in [schemas/](schemas/).\n",
    );
    for command in commands() {
        let words: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = integrate(&words, &root());
        let name = ["integrate"].into_iter().chain(command.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
        page += &format!(
            "\n## {name}\n```text\n{}\n```\n",
            help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end()
        );
    }
    in_step("docs/cli.md", &page);
}

#[test]
fn every_command_has_examples() {
    for command in commands().iter().filter(|command| command.len() == 1) {
        let name = &command[0];
        let help = integrate(&[name, "--help"], &root());
        assert!(help.contains("Examples:\n") && help.contains(&format!("  integrate {name}")), "{name}\n{help}");
    }
}

/// The code blocks of the README's section, in order.
fn blocks(section: &str) -> Vec<String> {
    let readme = readme();
    let text = readme
        .split(&format!("\n## {section}\n"))
        .nth(1)
        .unwrap_or_else(|| panic!("README.md has no section `{section}`"));
    let text = text.split("\n## ").next().unwrap();
    text.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap().1.to_owned()).collect()
}

/// Figures of time, which differ from run to run.
fn masked(text: &str) -> String {
    Regex::new(r"\d+\.\d\d s").unwrap().replace_all(text, "0.00 s").into_owned()
}

/// An empty folder with the README's example created in it, and what that printed.
fn sixty_seconds() -> (tempfile::TempDir, String) {
    let blocks = blocks("Sixty seconds");
    let folder = tempfile::tempdir().unwrap();
    let mut said = String::new();
    for line in blocks[0].lines() {
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["cargo", "install", ..] => {}
            ["mkdir", "shop", "&&", "cd", "shop"] => std::fs::create_dir(folder.path().join("shop")).unwrap(),
            ["cp", from, "."] => {
                let from = root().join(from.trim_start_matches("../"));
                std::fs::copy(&from, folder.path().join("shop").join(from.file_name().unwrap())).map(drop).unwrap();
            }
            ["integrate", arguments @ ..] => said += &integrate(arguments, &folder.path().join("shop")),
            other => panic!("the README's example has a step that this test does not know: {other:?}"),
        }
    }
    (folder, said)
}

#[test]
fn the_sixty_seconds_of_the_readme_print_what_it_shows() {
    let (_folder, said) = sixty_seconds();
    let shown = &blocks("Sixty seconds")[1];
    let fresh = if masked(&said) == masked(shown) { readme() } else { readme().replace(shown.as_str(), &said) };
    in_step("README.md", &fresh);
}

#[test]
fn the_sixty_seconds_of_the_readme_end_in_green_tests_and_code_that_fits() {
    let (folder, _) = sixty_seconds();
    let shop = folder.path().join("shop");
    let blocks = blocks("Sixty seconds");
    let manifest = std::fs::read_to_string(shop.join("pyproject.toml")).unwrap();
    for wanted in Regex::new(r#""([^"]+)""#).unwrap().captures_iter(&blocks[2]) {
        assert!(manifest.contains(&wanted[1]), "the README installs `{}`, the project wants\n{manifest}", &wanted[1]);
    }
    let Some(python) = machine::python("the README's example, run") else { return };
    let run = |arguments: &[&str]| {
        let run = std::process::Command::new(&python).args(arguments).current_dir(&shop).output().unwrap();
        assert!(
            run.status.success(),
            "{arguments:?}\n{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
    };
    let tests =
        blocks[2].lines().find_map(|line| line.strip_prefix(".venv/bin/python ")).expect("the README runs the tests");
    run(&tests.split_whitespace().collect::<Vec<_>>());
    std::fs::write(shop.join("example.py"), &blocks[3]).unwrap();
    run(&["-m", "mypy", "--strict", "--cache-dir=/dev/null", "example.py"]);
}

#[test]
fn the_commands_that_the_readme_shows_of_answers_work() {
    for line in blocks("What it makes").iter().flat_map(|block| block.lines()) {
        let folder = tempfile::tempdir().unwrap();
        // A shell of its own reads the quotes.
        let line = line.replacen("integrate", "\"$INTEGRATE\"", 1) + " --dry-run --language python";
        let line =
            line.replace("--language python --yes --dry-run --language python", "--language python --yes --dry-run");
        let run = std::process::Command::new("sh")
            .args(["-c", &line])
            .env("INTEGRATE", env!("CARGO_BIN_EXE_integrate"))
            .env("CI", "1")
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{line}\n{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
    }
}

/// The rows of the README's table under a heading, cell by cell, without the two of its head.
fn table(section: &str) -> Vec<Vec<String>> {
    let readme = readme();
    let text = readme.split(&format!("\n## {section}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = text.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn the_readme_says_what_patterns_list_says() {
    let list: Value = serde_json::from_str(&integrate(&["patterns", "list", "--format", "json"], &root())).unwrap();
    let mut made: BTreeMap<(String, String), (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    let texts =
        |value: &Value| value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect();
    for row in list.as_array().unwrap() {
        let key = (row["pattern"].as_str().unwrap().to_owned(), row["variant"].as_str().unwrap().to_owned());
        made.insert(key, (texts(&row["sources"]), texts(&row["languages"])));
    }
    let mut told = BTreeSet::new();
    for row in table("What it makes") {
        let [pattern, variants, sources, python, typescript] = row.as_slice() else { panic!("{row:?}") };
        for variant in variants.split(", ") {
            let key = (pattern.clone(), variant.to_owned());
            let (kinds, languages) = made.get(&key).unwrap_or_else(|| panic!("README.md: there is no {key:?}"));
            for (language, said) in [("python", python), ("typescript", typescript)] {
                let is = if languages.contains(language) { "yes" } else { "coming" };
                assert_eq!(said, is, "README.md: {key:?} in {language}");
            }
            for kind in kinds {
                assert!(sources.to_lowercase().contains(kind.as_str()), "README.md: {key:?} reads `{kind}` too");
            }
            told.insert(key);
        }
    }
    assert_eq!(told, made.into_keys().collect(), "README.md has a row for each variant");
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    let code = Regex::new("`([a-z]+)[^`]*`").unwrap();
    let rows = table("Commands");
    let told: BTreeSet<String> =
        rows.iter().flat_map(|row| code.captures_iter(&row[0])).map(|found| found[1].to_owned()).collect();
    let there = commands().into_iter().filter(|command| command.len() == 1).map(|command| command[0].clone());
    assert_eq!(told, there.collect());
}

/// Every pattern × variant × language: templates, or `not_for` with a reason, or a row of the README that says it is coming.
#[test]
fn every_cell_of_the_grid_has_templates_or_says_why_not() {
    let assets = Assets::built_in();
    let patterns = Patterns::load(&assets).unwrap();
    let coming: BTreeSet<(String, &str)> = table("What it makes")
        .into_iter()
        .flat_map(|row| [(row[0].clone(), "python", row[3].clone()), (row[0].clone(), "typescript", row[4].clone())])
        .filter(|(_, _, said)| said == "coming")
        .map(|(pattern, language, _)| (pattern, language))
        .collect();
    let mut cells = 0;
    for (pattern, variant, language) in grid(&patterns, &assets) {
        let place = cell::place(language, pattern, variant);
        let reason = patterns.all[pattern].variants[variant].not_for.get(language);
        let Some(cell) = cell::find(&assets, language, pattern, variant).unwrap() else {
            assert!(
                reason.is_some_and(|why| !why.is_empty()) || coming.contains(&(pattern.to_owned(), language)),
                "{place} is missing"
            );
            continue;
        };
        assert!(reason.is_none(), "{place} is there, and `not_for` says it is not");
        let folder = place.trim_end_matches("files.yaml");
        for file in &cell.files {
            assert!(
                assets.get(&format!("{folder}{}", file.template)).is_some(),
                "{place}: there is no `{}`",
                file.template
            );
        }
        for kind in ["README.md", ".env.example", "config.schema.json"] {
            assert!(cell.files.iter().any(|file| file.path.ends_with(kind)), "{place}: no `{kind}`");
        }
        assert!(cell.files.iter().any(|file| file.path.contains("/tests/")), "{place}: no tests");
        cells += 1;
    }
    assert!(cells >= 13, "only {cells} cells");
}

fn grid<'a>(patterns: &'a Patterns, assets: &'a Assets) -> Vec<(&'a str, &'a str, &'a str)> {
    let variants = patterns
        .all
        .iter()
        .flat_map(|(name, pattern)| pattern.variants.keys().map(move |variant| (name.as_str(), variant.as_str())));
    variants
        .flat_map(|(pattern, variant)| {
            Language::names(assets).into_iter().map(move |language| (pattern, variant, language))
        })
        .collect()
}

/// The blocks of shell under `First calls` in a page, each without what it does with a database's server.
fn first_calls(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    let section = text.split("\n## First calls\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned());
    blocks.filter(|block| !block.contains("psql ")).collect()
}

/// What the `integrate create` of a block prints in an empty folder.
fn created(block: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(root().join("tests/cases/bookshop/openapi.yaml"), folder.path().join("openapi.yaml")).unwrap();
    let line = block.lines().find(|line| line.starts_with("integrate create")).unwrap();
    let binary = Command::cargo_bin("integrate").unwrap();
    let shell = line.replacen("integrate", &binary.get_program().to_string_lossy(), 1);
    let run = Command::new("sh").args(["-c", &shell]).current_dir(folder.path()).env("CI", "1").output().unwrap();
    assert!(run.status.success(), "{line}\n{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn the_first_calls_install_and_test_as_create_says() {
    for page in ["README.md", "docs/first-calls.md"] {
        let blocks = first_calls(page);
        assert!(blocks.len() >= 5, "{page}");
        for block in blocks {
            let said = created(&block);
            let told = |label: &str| {
                let line = said.lines().find_map(|line| line.trim_start().strip_prefix(label)).unwrap();
                line.trim().to_owned()
            };
            let quietly = told("install ")
                .replacen("install", "install --quiet", 1)
                .replace("npm install --quiet", "npm install --silent");
            assert!(block.contains(&quietly), "{page} does not say `{quietly}`:\n{block}");
            assert!(block.contains(&told("tests ")), "{page}\n{said}\n{block}");
        }
    }
}

/// Every script that a page names is there, and README.md has a row for each that people start.
#[cfg(unix)]
#[test]
fn the_scripts_that_pages_name_are_there_and_the_readme_names_all() {
    use std::os::unix::fs::PermissionsExt;
    let pages = ["README.md", "docs/ci.md", "docs/architecture.md", "docs/pattern-development.md"];
    let script = Regex::new(r"(?:^|[\s`(])((?:scripts|\.ci)/[a-z_.-]*[a-z])\b").unwrap();
    let mut named = BTreeSet::new();
    for page in pages {
        let text = std::fs::read_to_string(root().join(page)).unwrap_or_default();
        for found in script.captures_iter(&text) {
            assert!(root().join(&found[1]).exists(), "{page}: there is no `{}`", &found[1]);
            if page == "README.md" {
                named.insert(found[1].to_owned());
            }
        }
    }
    for entry in std::fs::read_dir(root().join("scripts")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let is_started = entry.file_type().unwrap().is_file()
            && !name.contains('.')
            && entry.metadata().unwrap().permissions().mode() & 0o111 != 0;
        assert!(!is_started || named.contains(&format!("scripts/{name}")), "README.md: no word of `scripts/{name}`");
    }
}

/// Runs what docs/ci.md shows, where it would run: flags, formats and paths are those that there are.
#[test]
fn the_commands_of_the_page_on_ci_work() {
    let page = std::fs::read_to_string(root().join("docs/ci.md")).unwrap();
    let command = Regex::new(r"integrate (validate [^>|#\n`]*)").unwrap();
    let code = page.split("\n```").skip(1).step_by(2).collect::<Vec<_>>().join("\n");
    let (folder, _) = sixty_seconds();
    let shop = folder.path().join("shop");
    std::fs::create_dir(shop.join("src")).unwrap();
    std::fs::write(shop.join("src/worker.py"), "import pika\n").unwrap();
    let mut ran = 0;
    for found in command.captures_iter(&code) {
        let arguments: Vec<&str> = found[1].split_whitespace().collect();
        // Its name in pre-commit.
        let arguments = if arguments == ["validate"] { vec!["validate", "integrations/"] } else { arguments };
        integrate(&arguments, &shop);
        ran += 1;
    }
    assert!(ran >= 5, "only {ran} commands\n{code}");
    // A change of the source fails the recipe, too.
    let source = std::fs::read_dir(&shop).unwrap().map(|entry| entry.unwrap().path()).find(|path| {
        path.extension().is_some_and(|extension| extension == "yaml") && !path.ends_with("integrate.yaml")
    });
    let source = source.expect("the README's example has a source");
    let text = std::fs::read_to_string(&source).unwrap();
    std::fs::write(&source, format!("{text}\nx-more: 1\n")).unwrap();
    let run = Command::cargo_bin("integrate").unwrap().args(["validate", "integrations/"]).current_dir(&shop).output();
    assert_eq!(run.unwrap().status.code(), Some(1));
}
