//! Databases whose tables and columns are called what no program would call them.
//!
//! The oracle is in `oracle/mod.rs`.

#[path = "oracle/mod.rs"]
mod oracle;

use std::path::Path;

use integrate::model::{Service, Surface};
use integrate::source::Filter;
use integrate::source::input::Input;
use oracle::Case;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

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

/// Generates an adapter to such a file in each language, and holds it to the oracle.
fn held(name: &str) {
    for language in ["python", "typescript"] {
        let case = Case::create(language, &["shop", "--source", "shop.db"], |project| database(project, name));
        case.generates("4 in the source: 4 generated").holds(&["/tables/", "/tests/"]);
    }
}

macro_rules! hostile {
    ($($test:ident: $name:expr;)*) => {
        $(#[test]
        fn $test() {
            held($name);
        })*
    };
}

hostile! {
    hostile_01_a_column_with_quotes_is_no_code: "x'\"); import canary; evil(7) #";
    hostile_01_a_column_with_a_newline_is_no_code: "x\nimport canary\nevil(7)";
    hostile_01_a_column_that_ends_sql_is_no_code: "x\"; DROP TABLE plain; -- evil(7)";
    hostile_04_a_column_with_a_line_separator_ends_no_comment: "x\u{2028}evil(7)\u{2029}y\rz";
    hostile_05_a_column_that_ends_comments_ends_none: "**//*/ evil(7) /*";
    hostile_06_a_column_that_ends_docstrings_ends_none: "\"\"\" + evil(7) + \"\"\" {evil(7)} ''' \\";
    hostile_07_a_column_with_a_template_is_no_template: "${evil(7)} `${evil(7)}` #{evil(7)} {{ evil(7) }}";
    hostile_12_a_column_with_hidden_characters_shows_them: "a\u{202e}evil(7)\u{200b}\u{2066}b\u{feff}";
}

#[test]
fn hostile_10_a_table_that_is_a_path_stays_inside() {
    for (language, ledger) in [
        ("python", "4 in the source: 4 generated"),
        ("typescript", "4 in the source: 1 generated, 1 degraded, 2 skipped"),
    ] {
        let arguments = ["shop", "--source", "shop.db", "--allow-skipped"];
        let case = Case::create(language, &arguments, |project| database(project, "/../evil(7)\\.."));
        case.generates(ledger).holds(&["/tables/", "/tests/"]);
    }
}

/// Fills an SQLite file from a script of statements.
fn filled(file: &Path, script: String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let mut connection: SqliteConnection = options.connect().await.unwrap();
        connection.execute(AssertSqlSafe(script)).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn the_model_of_chinook_is_the_one_that_is_written_down() {
    let corpus = std::env::var_os("INTEGRATE_CORPUS").map(|corpus| Path::new(&corpus).join("sql/chinook-Sqlite.sql"));
    let Some(script) = corpus.and_then(|script| std::fs::read_to_string(script).ok()) else {
        oracle::machine::leave_out(
            "the model of Chinook",
            "INTEGRATE_CORPUS names no folder with sql/chinook-Sqlite.sql",
        );
        return;
    };
    let folder = tempfile::TempDir::new().unwrap();
    filled(&folder.path().join("chinook.db"), script.trim_start_matches('\u{feff}').to_owned());
    let input = Input::open("chinook.db", folder.path()).unwrap();
    let mut read = integrate::source::read(&input, &Filter::default()).unwrap();
    let Surface::Tables(tables) = &mut read.surface else { panic!("no tables") };
    assert!(!std::mem::take(&mut tables.product_version).is_empty());
    let written: Service = serde_yaml::from_str(include_str!("../snapshots/models/chinook.yaml")).unwrap();
    assert_eq!(read, written);
}
