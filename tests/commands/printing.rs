//! What is printed, and to whom: a reader that goes away, a disk that is full, programs that want JSON.

use std::fs::OpenOptions;
use std::process::{Command, Stdio};

use super::scene::{Project, SHOP, UP};

fn integrate(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_integrate"));
    command.env("CI", "1").args(arguments);
    command
}

#[test]
fn a_full_disk_behind_standard_output_is_an_error_with_a_way_out() {
    for arguments in [&["patterns", "list"][..], &["patterns", "list", "--format", "json"], &["man"], &["--help"]] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = integrate(arguments).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.code() == Some(2) && !said.contains("panicked"), "{arguments:?}: {said}");
    }
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = integrate(&["model", "gone.yaml", "--format", "json"]).stdout(full()).stderr(full()).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut run = integrate(&["man"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(run.stdout.take());
    let run = run.wait_with_output().unwrap();
    assert!(run.status.success() && run.stderr.is_empty(), "{run:?}");
}

#[test]
fn the_manual_holds_every_command_and_every_flag() {
    let project = Project::new();
    let page = project.json(&["man"])["page"].as_str().unwrap().to_owned();
    assert_eq!(page, project.ok(&["man"]));
    fn check(command: &clap::Command, path: &str, page: &str) {
        for inner in command.get_subcommands() {
            let path = format!("{path} {}", inner.get_name());
            let section =
                page.split(&format!(".SH \"{}\"\n", path.to_uppercase())).nth(1).unwrap_or_else(|| panic!("no {path}"));
            let section = section.split("\n.SH ").next().unwrap().replace("\\-", "-");
            for flag in inner.get_arguments().filter_map(clap::Arg::get_long) {
                assert!(section.contains(&format!("--{flag}")), "{path} --{flag}\n{section}");
            }
            check(inner, &path, page);
        }
    }
    check(&<integrate::cli::Cli as clap::CommandFactory>::command(), "integrate", &page);
}

#[test]
fn completions_are_a_document_where_json_is_wanted() {
    let project = Project::new();
    let document = project.json(&["completions", "bash"]);
    assert_eq!(
        (document["shell"].as_str(), document["script"].as_str()),
        (Some("bash"), Some(project.ok(&["completions", "bash"]).as_str()))
    );
}

#[test]
fn a_dry_run_prints_its_diffs_as_json_too() {
    let project = Project::after(&[&SHOP]);
    let change = ["create", "shop", "--set", "attempts=5"];
    let dry = project.json(&[&change[..], &["--dry-run"]].concat());
    let of = |path: &str| dry["files"].as_array().unwrap().iter().find(|file| file["path"] == path).unwrap().clone();
    assert!(of("integrate.yaml")["diff"].as_str().unwrap().contains("+      attempts: 5"), "{dry:#}");
    assert_eq!(of("integrations/shop/models/books.py")["diff"], "");
    assert!(project.json(&change)["files"].as_array().unwrap().iter().all(|file| file.get("diff").is_none()));
}

#[test]
fn paths_that_are_typed_are_named_from_the_project() {
    let project = Project::after(&[&UP]);
    project.write("rows.jsonl", "{\"id\": \"1\", \"text\": \"keep PDFs in an S3 bucket\", \"label\": \"storage\"}\n");
    project.ok(&["select", "--evaluate", "rows.jsonl"]);
    let checked = project.json(&["validate", "integrations/up/client.py"]);
    assert_eq!(checked["checked"][0]["path"], "integrations/up/client.py", "{checked:#}");
}

#[test]
fn a_conflict_prints_a_way_out_that_leads_out() {
    let project = Project::after(&[&SHOP]);
    let (client, before) = ("integrations/shop/client.py", project.tree());
    project.write(client, &(project.read(client) + "# A word of the user's.\n"));
    let said = project.fails(1, &["create"]);
    assert!(said.contains(&format!("delete `{client}` and run this again with `--restore`")), "{said}");
    assert!(project.fails(1, &["create", "--dry-run"]).contains("-# A word of the user's."));
    std::fs::remove_file(project.path(client)).unwrap();
    project.ok(&["create", "--restore"]);
    assert!(project.tree() == before);
    // A file of the user's own, where one of ours would be.
    let project = Project::new();
    project.write(client, "mine = 1\n");
    assert!(project.fails(1, &SHOP).contains(&format!("move `{client}` to another place")));
}

#[test]
fn a_pattern_shows_the_keys_of_its_records() {
    let shown = Project::new().ok(&["patterns", "show", "monitoring"]);
    for line in [
        "  --set signals=…  (array of object, default [])\n",
        "\n             name  (string, required)  What it is, such as `orders placed`.\n",
        "\n             labels  (object of array of string, default {})  Label",
        "\n               severity  (info|warning|critical, default \"warning\")\n",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn the_history_of_a_project_that_was_only_deployed_to_has_no_averages() {
    let (project, other) = (Project::after(&[&UP]), Project::new());
    project.ok(&["deploy", "up", "--to", other.place(), "--no-tests"]);
    let history = other.json(&["history"]);
    assert!(history["builds"][0]["quality_percent"].is_null() && history["averages"]["builds"] == 0, "{history:#}");
    let said = other.ok(&["history"]);
    assert!(said.contains("deploy") && !said.contains("on average") && !said.contains('%'), "{said}");
}

#[test]
fn a_dry_run_in_text_shows_what_is_changed_and_not_all_that_goes() {
    let project = Project::after(&[&SHOP, &["create", "up", "--type", "storage", "--language", "python", "--yes"]]);
    let said = project.ok(&["remove", "shop", "--dry-run"]);
    assert!(said.contains("delete integrations/shop/") && said.contains("-  shop:"), "{said}");
    assert!(!said.contains("--- a/integrations/shop/") && !said.contains("a/integrate.lock"), "{said}");
}

#[test]
fn wrong_input_is_told_with_what_to_do() {
    let project = Project::new();
    let said = project.refuses(&["deploy", "shop", "--to", "."]);
    assert!(said.contains("no integration of this project") && said.contains("integrate create NAME"), "{said}");
    assert!(project.refuses(&["model", "https://"]).contains("`https://`: is no URL: empty host"));
}
