//! Databases whose tables and columns are called what no program would call them.
//!
//! The oracle: a name stays inside one literal or comment of the parsed output, and nothing is written outside of the
//! integrations folder.

use std::path::Path;

use assert_cmd::Command;
use integrate::validate::claims::{Claim, literal_or_comment_only};
use integrate::validate::grammar::Grammar;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

/// Puts an SQLite file into `folder` whose tables and columns bear `name`.
fn database(folder: &Path, name: &str) {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let statements = [
        format!(
            "CREATE TABLE {0} ({0} integer PRIMARY KEY, {1} text NOT NULL)",
            quoted(name),
            quoted(&format!("{name} 2"))
        ),
        format!("CREATE TABLE plain ({0} text, b integer REFERENCES {0} ({0}), PRIMARY KEY (b, {0}))", quoted(name)),
        format!("CREATE TABLE keyless ({} numeric(10, 2))", quoted(name)),
        format!("CREATE VIEW {} AS SELECT * FROM plain", quoted(&format!("view {name}"))),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(folder.join("shop.db")).create_if_missing(true);
        let mut connection: SqliteConnection = options.connect().await.unwrap();
        for statement in statements {
            connection.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        connection.close().await.unwrap();
    });
}

/// Generates an adapter to such a file in each language, and checks every file of it.
fn held(name: &str, fragment: &str) {
    for language in ["python", "typescript"] {
        let folder = TempDir::new().unwrap();
        let project = folder.path().join("project");
        std::fs::create_dir(&project).unwrap();
        database(&project, name);
        let run = Command::cargo_bin("integrate")
            .unwrap()
            .arg("-C")
            .arg(&project)
            .args(["create", "shop", "--source", "shop.db", "--language", language, "--allow-skipped"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{language}: {said}");
        let outside: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(outside, ["project"], "written outside");
        check_files(&project, language, fragment, &said);
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
        match literal_or_comment_only(&source, Grammar::of(&shown, language).unwrap(), fragment) {
            Claim::Held(times) => held += times,
            Claim::Absent => {}
            Claim::Broken(why) => panic!("{language}: {shown}: {why}\n{source}"),
        }
        for bad in ['\u{202e}', '\u{200b}', '\u{2028}', '\u{7f}'] {
            assert!(!source.contains(bad), "{shown} holds {bad:?}");
        }
    }
    assert!(held > 0, "{language}: the name is nowhere: the case shows nothing\n{said}");
}

macro_rules! hostile {
    ($($test:ident: $name:expr, $fragment:expr;)*) => {
        $(#[test]
        fn $test() {
            held($name, $fragment);
        })*
    };
}

hostile! {
    hostile_01_a_column_with_quotes_is_no_code: "x'\"); import canary; evil(7) #", "evil(7)";
    hostile_01_a_column_with_a_newline_is_no_code: "x\nimport canary\nevil(7)", "evil(7)";
    hostile_01_a_column_that_ends_sql_is_no_code: "x\"; DROP TABLE plain; -- evil(7)", "evil(7)";
    hostile_04_a_column_with_a_line_separator_ends_no_comment: "x\u{2028}evil(7)\u{2029}y\rz", "evil(7)";
    hostile_05_a_column_that_ends_comments_ends_none: "**//*/ evil(7) /*", "evil(7)";
    hostile_06_a_column_that_ends_docstrings_ends_none: "\"\"\" + evil(7) + \"\"\" {evil(7)} ''' \\", "evil(7)";
    hostile_07_a_column_with_a_template_is_no_template: "${evil(7)} `${evil(7)}` #{evil(7)} {{ evil(7) }}", "evil(7)";
    hostile_10_a_table_that_is_a_path_stays_inside: "/../evil(7)\\..", "evil(7)";
    hostile_12_a_column_with_hidden_characters_shows_them: "a\u{202e}evil(7)\u{200b}\u{2066}b\u{feff}", "evil(7)";
}
