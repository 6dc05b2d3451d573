//! What `create` is not told: asked for at a terminal; elsewhere the run ends with status 2 and names the flag.

#![cfg(unix)]

#[path = "machine/mod.rs"]
mod machine;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const OPENAPI: &str = include_str!("cases/bookshop/openapi.yaml");
const ENTER: &str = "\r";

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), OPENAPI).unwrap();
    folder
}

/// A run at a terminal that `script` makes.
struct Terminal {
    child: Child,
    said: Arc<Mutex<Vec<u8>>>,
    seen: usize,
}

impl Terminal {
    /// None, and a line that says so, where there is no `script` of util-linux.
    fn new(folder: &Path, arguments: &str) -> Option<Self> {
        let known = Command::new("script").arg("--version").output();
        if !known.is_ok_and(|known| String::from_utf8_lossy(&known.stdout).contains("util-linux")) {
            machine::leave_out("tests at a terminal", "`script` of util-linux is not installed");
            return None;
        }
        let line = format!("'{}' -C '{}' {arguments}", env!("CARGO_BIN_EXE_integrate"), folder.display());
        let mut command = Command::new("script");
        command.args(["-qefc", &line, "/dev/null"]).env_remove("CI").env("TERM", "xterm").env("SHELL", "/bin/sh");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (said, mut out) = (Arc::new(Mutex::new(Vec::new())), child.stdout.take().unwrap());
        let kept = Arc::clone(&said);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                kept.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        Some(Self { child, said, seen: 0 })
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap()).into_owned()
    }

    /// Waits until the question stands there, behind what was seen already, and answers it.
    fn answer(&mut self, question: &str, answer: &str) {
        let start = Instant::now();
        loop {
            let said = self.said();
            if let Some(at) = said.get(self.seen..).and_then(|fresh| fresh.find(question)) {
                self.seen += at + question.len();
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "nobody asked {question:?}\n{said}");
            std::thread::sleep(Duration::from_millis(5));
        }
        let keys = self.child.stdin.as_mut().unwrap();
        keys.write_all(answer.as_bytes()).unwrap();
        keys.flush().unwrap();
    }

    /// The status it ends with, and all it said.
    fn end(mut self) -> (Option<i32>, String) {
        let start = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if start.elapsed() > Duration::from_secs(60) {
                self.child.kill().unwrap();
                panic!("it still asks\n{}", self.said());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let code = self.child.wait().unwrap().code();
        // What the other thread has not read yet.
        std::thread::sleep(Duration::from_millis(100));
        (code, self.said())
    }
}

/// What stands on a terminal once these bytes came: text, line ends, and the sequences that move the cursor and erase.
fn screen(bytes: &str) -> Vec<String> {
    let (mut lines, mut row, mut column): (Vec<Vec<char>>, usize, usize) = (vec![Vec::new()], 0, 0);
    let mut chars = bytes.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => column = 0,
            '\n' => row += 1,
            '\u{8}' => column = column.saturating_sub(1),
            '\u{1b}' if chars.next_if_eq(&'[').is_some() => {
                let mut number = String::new();
                let end = loop {
                    match chars.next() {
                        Some(c) if c.is_ascii_digit() || matches!(c, ';' | '?') => number.push(c),
                        end => break end.unwrap_or(' '),
                    }
                };
                let count: usize = number.parse().unwrap_or(0);
                let line = &mut lines[row];
                match (end, count) {
                    ('A', count) => row = row.saturating_sub(count.max(1)),
                    ('B', count) => row += count.max(1),
                    ('C', count) => column += count.max(1),
                    ('D', count) => column = column.saturating_sub(count.max(1)),
                    ('G', count) => column = count.saturating_sub(1),
                    ('K', 2) => line.clear(),
                    ('K', 0) => line.truncate(column),
                    ('J', 0) => {
                        line.truncate(column);
                        lines.truncate(row + 1);
                    }
                    _ => {}
                }
            }
            '\u{1b}' => {}
            c => {
                let width = lines[row].len().max(column + 1);
                lines[row].resize(width, ' ');
                lines[row][column] = c;
                column += 1;
            }
        }
        let count = lines.len().max(row + 1);
        lines.resize(count, Vec::new());
    }
    lines.into_iter().map(|line| line.into_iter().collect()).collect()
}

#[test]
fn a_screen_shows_what_is_left_of_what_was_written() {
    assert_eq!(screen("a?\r\u{1b}[2Kb\r\nc\u{1b}[1A\rd"), ["d", "c"]);
    assert_eq!(screen("ab\u{1b}[1D\u{1b}[Kx\r\n\u{1b}[32my\u{1b}[0m"), ["ax", "y"]);
}

/// The program draws while it works, and must not draw over a question.
#[test]
fn a_question_stays_on_the_screen_until_it_is_answered() {
    let folder = folder();
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/mail-pack");
    let line = format!("create notices --patterns '{}' --type mail --language python", packs.display());
    let Some(mut terminal) = Terminal::new(folder.path(), &line) else { return };
    let question = "messages: The messages that are sent";
    let start = Instant::now();
    while !terminal.said().contains(question) {
        assert!(start.elapsed() < Duration::from_secs(60), "nobody asked\n{}", terminal.said());
        std::thread::sleep(Duration::from_millis(5));
    }
    // Longer than anything that is drawn again and again takes.
    std::thread::sleep(Duration::from_millis(500));
    let shown = screen(&terminal.said());
    assert!(shown.iter().any(|line| line.contains(question)), "it is gone: {shown:?}");
    terminal.answer(question, &format!("{}[{{name: hello, subject: Hi}}]\r", "\u{7f}".repeat(60)));
    let (code, said) = terminal.end();
    assert!(
        code == Some(0) && screen(&said).iter().any(|line| line.contains("[{name: hello, subject: Hi}]")),
        "{said}"
    );
}

#[test]
fn everything_that_is_missing_is_asked_for_at_a_terminal() {
    let folder = folder();
    let Some(mut terminal) = Terminal::new(folder.path(), "create") else { return };
    terminal.answer("What is the integration called?", "../x\r");
    terminal.answer("cannot be the name", &format!("{}bookshop\r", "\u{7f}".repeat(4)));
    terminal.answer("What describes the service?", "openapi.yaml\r");
    terminal.answer("Which language?", ENTER);
    let (code, said) = terminal.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("api/rest in Python") && folder.path().join("integrations/bookshop/client.py").is_file(),
        "{said}"
    );
}

#[test]
fn what_is_too_close_to_call_is_asked_for_and_so_is_a_required_option() {
    let folder = folder();
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/mail-pack");
    let line = format!("create notices --patterns '{}'", packs.display());
    let Some(mut terminal) = Terminal::new(folder.path(), &line) else { return };
    terminal.answer("What describes the service?", ENTER);
    terminal.answer("What is wanted, in a sentence?", "xyzzy\r");
    // The list begins anew at its end: up is the last, `storage`; `mail` is the fourth of seven.
    terminal.answer("What is it about?", &format!("{}{ENTER}", "\u{1b}[B".repeat(3)));
    terminal.answer("Which language?", ENTER);
    terminal.answer(
        "messages: The messages that are sent",
        &format!("{}[{{name: hello, subject: Hi}}]\r", "\u{7f}".repeat(60)),
    );
    let (code, said) = terminal.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        std::fs::read_to_string(folder.path().join("integrations/notices/client.py")).unwrap().contains("def hello("),
        "{said}"
    );
}

#[test]
fn a_pattern_that_reads_documents_asks_for_one() {
    let folder = folder();
    let Some(mut terminal) = Terminal::new(folder.path(), "create bookshop --type api --language python") else {
        return;
    };
    terminal.answer("What describes the service?", "openapi.yaml\r");
    let (code, said) = terminal.end();
    assert!(code == Some(0) && said.contains("from openapi.yaml (openapi)"), "{said}");
}

#[test]
fn what_was_said_is_not_asked_for() {
    let folder = folder();
    for line in [
        "create bookshop --source openapi.yaml --language python",
        "create up --type storage --yes --language python",
        "create up2 --type storage --yes",
    ] {
        let Some(terminal) = Terminal::new(folder.path(), line) else { return };
        let (code, said) = terminal.end();
        assert!(code == Some(0) && !said.contains('?'), "{line}\n{said}");
    }
}

#[test]
fn in_ci_nothing_is_asked_for_even_at_a_terminal() {
    let folder = folder();
    std::fs::write(
        folder.path().join("ci.sh"),
        format!(
            "CI=1 '{}' -C '{}' create bookshop --source openapi.yaml",
            env!("CARGO_BIN_EXE_integrate"),
            folder.path().display()
        ),
    )
    .unwrap();
    // A terminal, with `CI` set by what runs in it.
    let mut script = Command::new("script");
    let Ok(run) = script
        .args(["-qefc", &format!("sh '{}'", folder.path().join("ci.sh").display()), "/dev/null"])
        .stdin(Stdio::null())
        .output()
    else {
        return;
    };
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.code() == Some(2) && said.contains("--language"), "{said}");
}

#[test]
fn what_is_missing_elsewhere_names_its_flag() {
    let cases: [(&[&str], &str); 9] = [
        (&["create"], "integrate create NAME --source"),
        (&["create", "--source", "openapi.yaml"], "integrate create NAME"),
        (&["create", "--requirements", "call an HTTP API"], "integrate create NAME"),
        (&["create", "bookshop", "--source", "openapi.yaml"], "add `--language` with one of python, typescript"),
        (&["create", "xyzzy", "--language", "python"], "add `--type` with one of"),
        (&["create", "xyzzy", "--language", "python"], "say more with `--source` or `--requirements`"),
        (
            &["create", "shop", "--type", "api", "--language", "python"],
            "give `--source` with an OpenAPI document, `--set operations=…`, or `--yes`",
        ),
        (
            &["create", "shop", "--type", "database", "--language", "python"],
            "give `--source` with a database, `--set entities=…`",
        ),
        (&["deploy", "shop"], "--to <DIR>"),
    ];
    let folder = folder();
    for (arguments, wanted) in cases {
        for ci in [false, true] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_integrate"));
            command.env_remove("CI").arg("-C").arg(folder.path()).args(arguments).stdin(Stdio::null());
            if ci {
                command.env("CI", "true");
            }
            let run = command.output().unwrap();
            let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
            assert!(run.status.code() == Some(2) && said.contains(wanted), "{arguments:?}, wanted {wanted:?}\n{said}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "{arguments:?} left something");
    }
}
