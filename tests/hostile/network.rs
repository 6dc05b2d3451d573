//! Credentials in what names a source: to whom they are sent, and where they are left.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use assert_cmd::Command;
use tempfile::TempDir;

const DOCUMENT: &str = include_str!("../cases/bookshop/openapi.yaml");

/// As it is, and as URLs write it: `/`, `+` and `=` are what tokens are made of.
const TOKEN: &str = "s3cr3t/T0k+en==";
const ENCODED: &str = "s3cr3t%2FT0k%2Ben%3D%3D";
/// `base64` of `TOKEN`, of `ENCODED`, and of `bob:TOKEN`, without what depends on what stands behind.
const BASE64: [&str; 3] = ["czNjcjN0L1Qway", "czNjcjN0JTJGVDBrJTJCZW4lM0Ql", "Ym9iOnMzY3IzdC9UMGsrZW49P"];

/// A server on this machine that answers every request alike, and keeps their heads.
struct Server {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// `answer` gets the path that was asked for, and returns the status line's end, more headers, and the body.
    fn new(answer: impl Fn(&str) -> (&'static str, String, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heads);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = respond(stream.unwrap(), &answer, &kept);
            }
        });
        Self { port, heads }
    }

    fn of(body: &str) -> Self {
        let body = body.to_owned();
        Self::new(move |_| ("200 OK", String::new(), body.clone()))
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn respond(
    mut stream: TcpStream,
    answer: &impl Fn(&str) -> (&'static str, String, String),
    kept: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = String::new();
    let mut lines = BufReader::new(stream.try_clone()?);
    while lines.read_line(&mut head)? > 2 {}
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    kept.lock().unwrap().push(head);
    let (status, headers, body) = answer(&path);
    write!(stream, "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("integrate").unwrap();
    command.env("CI", "1").env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace");
    let run = command.arg("-C").arg(folder).args(arguments).output().unwrap();
    (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr))
}

#[test]
fn hostile_15_a_redirect_to_another_host_carries_no_credentials() {
    let other = Server::of(DOCUMENT);
    let place = format!("Location: http://localhost:{}/elsewhere.yaml\r\n", other.port);
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let place = place.clone();
        let first = Server::new(move |_| (status, place.clone(), String::new()));
        let folder = TempDir::new().unwrap();
        let source = format!("http://bob:{ENCODED}@127.0.0.1:{}/api.yaml?access_token={ENCODED}", first.port);
        let (code, said) = run(folder.path(), &["create", "shop", "--source", &source, "--language", "python"]);
        assert_eq!(code, Some(0), "{said}");
        let asked = first.heads().join("\n").to_lowercase();
        assert!(
            asked.contains("authorization: basic") && asked.contains("access_token="),
            "the first host was asked without\n{asked}"
        );
        for head in other.heads() {
            let head = head.to_lowercase();
            assert!(head.starts_with("get /elsewhere.yaml http"), "{head}");
            for name in ["authorization", "cookie", "referer", "s3cr3t", "bob"] {
                assert!(!head.contains(name), "{status}: the other host got `{name}`\n{head}");
            }
        }
    }
    assert!(other.heads().len() >= 5);
}

#[test]
fn hostile_15_a_redirect_back_carries_none_either_and_a_circle_ends() {
    let circle = Server::new(|_| ("302 Found", "Location: /again.yaml\r\n".to_owned(), String::new()));
    let folder = TempDir::new().unwrap();
    let source = format!("http://bob:{ENCODED}@127.0.0.1:{}/api.yaml", circle.port);
    let (code, said) = run(folder.path(), &["model", &source]);
    assert_eq!(code, Some(2), "{said}");
    assert!(circle.heads().len() < 20, "asked {} times", circle.heads().len());
}

#[test]
fn hostile_15_a_reference_to_another_host_is_asked_for_by_nobody() {
    let other = Server::of("X: {type: string}\n");
    let reference = format!("$ref: 'http://localhost:{}/x.yaml#/X'", other.port);
    let document = DOCUMENT.replacen("$ref: \"#/components/schemas/Book\"", &reference, 1).replacen(
        "$ref: '#/components/schemas/Book'",
        &reference,
        1,
    );
    assert_ne!(document, DOCUMENT, "the document refers to a book");
    let first = Server::of(&document);
    let folder = TempDir::new().unwrap();
    let source = format!("http://bob:{ENCODED}@127.0.0.1:{}/api.yaml", first.port);
    let (code, said) = run(folder.path(), &["create", "shop", "--source", &source, "--language", "python"]);
    assert!(code == Some(1) && said.contains("other hosts and schemes are not followed"), "{said}");
    assert!(other.heads().is_empty(), "{:?}", other.heads());
}

/// No trace of the token in what was said, and in any file that was left.
fn no_trace(what: &str, folder: &Path, said: &str) {
    let mut texts: BTreeMap<String, Vec<u8>> = [("what it said".to_owned(), said.as_bytes().to_vec())].into();
    for entry in
        walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file())
    {
        let mut bytes = std::fs::read(entry.path()).unwrap();
        // Pristine copies and backups are compressed.
        if let Ok(plain) = zstd::decode_all(bytes.as_slice()) {
            bytes.extend(plain);
        }
        texts.insert(entry.path().display().to_string(), bytes);
    }
    for (place, bytes) in texts {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for trace in [TOKEN, ENCODED, "s3cr3t", "T0k", BASE64[0], BASE64[1], BASE64[2]] {
            assert!(!text.contains(&trace.to_lowercase()), "{what}: `{trace}` in {place}\n{said}");
        }
    }
}

#[test]
fn hostile_54_a_token_in_the_url_of_a_document_leaves_no_trace() {
    let server = Server::new(|path| match path.split('?').next() {
        Some("/openapi.yaml") => ("200 OK", String::new(), DOCUMENT.to_owned()),
        Some("/text") => ("200 OK", String::new(), "hello".to_owned()),
        Some("/binary") => ("200 OK", String::new(), "\u{0}\u{1}".to_owned()),
        Some("/moved") => ("302 Found", format!("Location: http://bob:{ENCODED}@127.0.0.1:1/gone\r\n"), String::new()),
        _ => ("404 Not Found", String::new(), format!("no {TOKEN} here")),
    });
    let place = format!("127.0.0.1:{}", server.port);
    let mut sources = Vec::new();
    for path in ["openapi.yaml", "text", "binary", "moved", "gone"] {
        sources.push(format!("http://bob:{ENCODED}@{place}/{path}"));
        sources.push(format!("http://{ENCODED}@{place}/{path}"));
        sources.push(format!("http://{place}/{path}?access_token={ENCODED}"));
        sources.push(format!("http://{place}/{path}?x={ENCODED}{ENCODED}#{ENCODED}"));
    }
    for shape in [
        "http://bob:{}@127.0.0.1:1/a",
        "http://bob:{}@no.such.host.invalid/a",
        "ftp://bob:{}@h/a",
        "git+https://bob:{}@h/a",
        "https:/bob:{}@127.0.0.1:1/a",
        "https//bob:{}@h/a",
        "bob:{}@h/a",
        "http://bob:{}@h:99999999/a",
        "http://bob:{}@[::1/a",
        "http://bob:{}@/a",
    ] {
        sources.push(shape.replace("{}", ENCODED));
        sources.push(shape.replace("{}", TOKEN));
    }
    let mut created = 0;
    let elsewhere = TempDir::new().unwrap();
    let elsewhere = elsewhere.path().to_str().unwrap();
    for source in &sources {
        for format in ["text", "json"] {
            let folder = TempDir::new().unwrap();
            let (code, said) =
                run(folder.path(), &["create", "shop", "--source", source, "--language", "python", "--format", format]);
            assert!(matches!(code, Some(0 | 2)), "{source}: {said}");
            no_trace(source, folder.path(), &said);
            created += usize::from(code == Some(0));
            if code == Some(0) {
                assert!(
                    std::fs::read_to_string(folder.path().join("integrate.yaml"))
                        .unwrap()
                        .contains(&format!("source: http://{place}/openapi.yaml"))
                );
                for arguments in [
                    &["create"][..],
                    &["create", "shop"],
                    &["validate"],
                    &["history"],
                    &["deploy", "shop", "--to", elsewhere, "--no-tests"],
                    &["rollback"],
                    &["history"],
                ] {
                    let (code, said) = run(folder.path(), &[arguments, &["--format", format]].concat());
                    assert_eq!(code, Some(0), "{arguments:?}: {said}");
                    no_trace(&format!("{source}, then {arguments:?}"), folder.path(), &said);
                }
            }
        }
        // The others open a source as `create` does, and print less of it.
        let quotes = ["select", source];
        let is_named = source.contains("bob:") || source.contains("token=");
        let more = [&["model", source][..], &["select", "--source", source], &quotes];
        for arguments in more.iter().take(if is_named { 3 } else { 2 }) {
            let folder = TempDir::new().unwrap();
            let (code, said) = run(folder.path(), arguments);
            assert_ne!(code, Some(3), "{source}: {said}");
            no_trace(&format!("{arguments:?}"), folder.path(), &said);
        }
    }
    assert_eq!(created, 8, "the document was read in each of four ways, in both formats");
}

#[test]
fn hostile_54_credentials_of_a_document_are_found_again_in_the_environment() {
    let server = Server::new(|_| ("200 OK", String::new(), DOCUMENT.to_owned()));
    let folder = TempDir::new().unwrap();
    let source = format!("http://bob:{ENCODED}@127.0.0.1:{}/openapi.yaml", server.port);
    assert_eq!(run(folder.path(), &["create", "my-shop", "--source", &source, "--language", "python"]).0, Some(0));
    run(folder.path(), &["create"]);
    assert!(!server.heads().last().unwrap().to_lowercase().contains("authorization"), "nothing was kept");
    let mut command = Command::cargo_bin("integrate").unwrap();
    let again = command
        .env("CI", "1")
        .env("MY_SHOP_SOURCE_URL", &source)
        .arg("-C")
        .arg(folder.path())
        .arg("create")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(
        again.status.success() && said.contains("nothing to do"),
        "{said}{}",
        String::from_utf8_lossy(&again.stderr)
    );
    assert!(server.heads().last().unwrap().to_lowercase().contains("authorization: basic"));
    no_trace("again", folder.path(), &said);
}

#[test]
fn hostile_54_a_token_in_the_url_of_a_database_leaves_no_trace() {
    let mut sources = Vec::new();
    for shape in [
        "postgresql://bob:{}@127.0.0.1:1/shop",
        "postgres://bob:{}@no.such.host.invalid/shop?sslmode=require",
        "postgresql+psycopg://bob@127.0.0.1:1/shop?password={}&user={}",
        "postgresql://bob:{}@127.0.0.1:notaport/shop",
        "postgresql://127.0.0.1:1/shop?options=-c%20x&sslpassword={}",
        "mysql://bob:{}@127.0.0.1:1/shop",
        "mariadb://bob:{}@127.0.0.1:1/shop",
        "sqlite:gone.db?key={}",
        "redis://:{}@127.0.0.1:1/0",
        "amqp://bob:{}@127.0.0.1:1/",
        "mongodb://bob:{}@127.0.0.1:1/shop",
    ] {
        sources.push(shape.replace("{}", ENCODED));
        sources.push(shape.replace("{}", TOKEN));
    }
    for source in &sources {
        for format in ["text", "json"] {
            let folder = TempDir::new().unwrap();
            for arguments in [
                &["create", "shop", "--source", source, "--language", "python"][..],
                &["model", source],
                &["select", "--source", source],
            ] {
                let (code, said) = run(folder.path(), &[arguments, &["--format", format]].concat());
                assert!(matches!(code, Some(0..=2)), "{source}: {said}");
                no_trace(&format!("{arguments:?}"), folder.path(), &said);
            }
        }
    }
}

#[test]
fn hostile_54_a_token_in_what_is_asked_for_is_not_kept() {
    let folder = TempDir::new().unwrap();
    let wanted = format!("keep the photos in the S3 bucket at https://bob:{TOKEN}@s3.test/photos");
    let (code, said) =
        run(folder.path(), &["create", "photos", "--requirements", &wanted, "--language", "python", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    no_trace("requirements", folder.path(), &said);
    assert!(
        std::fs::read_to_string(folder.path().join("integrate.yaml"))
            .unwrap()
            .contains("keep the photos in the S3 bucket at https://s3.test/photos")
    );
}

/// A variable of the environment that holds a secret is read for its own entry, and written by nobody.
#[test]
fn hostile_54_a_token_in_the_environment_leaves_no_trace() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), DOCUMENT).unwrap();
    let mut said = String::new();
    for arguments in
        [&["create", "shop", "--source", "openapi.yaml", "--language", "python"][..], &["create"], &["doctor"]]
    {
        let mut command = Command::cargo_bin("integrate").unwrap();
        for name in ["SHOP_TOKEN", "SHOP_SOURCE_URL", "SHOP_DATABASE_URL", "PGPASSWORD", "HTTP_PROXY_TOKEN"] {
            command.env(name, format!("https://bob:{ENCODED}@h/a"));
        }
        let run = command.env("CI", "1").arg("-C").arg(folder.path()).args(arguments).output().unwrap();
        said += &String::from_utf8_lossy(&run.stdout);
        said += &String::from_utf8_lossy(&run.stderr);
    }
    no_trace("environment", folder.path(), &said);
}
