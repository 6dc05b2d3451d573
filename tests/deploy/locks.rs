//! `integrate.lock` and its pristine copies.

use crate::scene::*;
use integrate::deploy::{self, Pristine};
use integrate::lock::{Lock, PRISTINE};

#[test]
fn the_lock_reads_well_and_is_the_same_on_every_run() {
    let texts = [1, 2].map(|_| {
        let scene = Scene::new();
        let mut files = package(&[("in/b.py", "1\n"), ("in/a.py", "1\n")]);
        files.dependencies = vec![dependency("python", "httpx2", ">=2,<3")];
        scene.apply(&files);
        (scene.read("integrate.lock"), std::fs::read(scene.root().join(PRISTINE)).unwrap())
    });
    assert_eq!(texts[0], texts[1]);
    let lines: Vec<_> = texts[0].0.lines().filter(|line| !line.contains("hash:")).collect();
    let wanted = [
        "# Written by integrate; commit it together with integrate.lock.pristine.",
        "version: 1",
        "entries:",
        "  a:",
        "    source: ''",
        "    patterns: ''",
        "    options: ''",
        "    generator: ''",
        "files:",
        "  in/a.py:",
        "    entry: a",
        "    template: t.j2",
        "  in/b.py:",
        "    entry: a",
        "    template: t.j2",
        "documents:",
        "  pyproject.toml:",
        "    created: true",
        "    added:",
        "    - table: project.dependencies",
        "      name: httpx2",
        "      version: '>=2,<3'",
    ];
    assert_eq!(lines, wanted);
}

#[test]
fn the_pristine_copies_are_what_was_rendered_not_what_the_user_made_of_it() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n"), ("b.py", "\0\n"), ("c.py", "")]));
    scene.write("a.py", "mine\n");
    let pristine = Pristine::load(scene.root(), &scene.lock()).unwrap();
    let files: Vec<_> = pristine.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    assert_eq!(files, [("a.py", b"1\n".as_slice()), ("b.py", b"\0\n"), ("c.py", b"")]);
}

#[test]
fn a_damaged_or_missing_pristine_file_is_written_anew() {
    let scene = Scene::new();
    let files = package(&[("a.py", "1\n")]);
    scene.apply(&files);
    let good = std::fs::read(scene.root().join(PRISTINE)).unwrap();
    scene.write(PRISTINE, "<<<<<<< ours\n");
    assert!(scene.plan(&files).notes[0].starts_with("integrate.lock.pristine: damaged"));
    scene.apply(&files);
    assert_eq!(std::fs::read(scene.root().join(PRISTINE)).unwrap(), good);
    scene.remove(PRISTINE);
    scene.apply(&files);
    assert_eq!(std::fs::read(scene.root().join(PRISTINE)).unwrap(), good);
}

#[test]
fn a_pristine_file_that_would_fill_the_memory_is_refused() {
    let length = 600 << 20;
    let mut plain = format!("{length} a.py\n").into_bytes();
    plain.resize(plain.len() + length, b'0');
    plain.push(b'\n');
    let frames = zstd::bulk::compress(&plain, 3).unwrap();
    assert!(frames.len() < 1 << 20);
    problem(Pristine::parse(&frames));
}

#[test]
fn a_lock_that_cannot_be_read_says_where() {
    let told = |text: &str| problem(Lock::parse(text.as_bytes()));
    assert!(told("version: 1\nfiles:\n<<<<<<< ours\n").starts_with("integrate.lock:"));
    assert!(told("version: 1\nsurprise: 2\n").contains("surprise"));
    assert_eq!(told("version: 2\n"), "integrate.lock: version `2`, wanted `1`");
    assert!(told("version: 1\nfiles:\n  ../x: {hash: '', template: ''}\n").starts_with("`../x`: "));
    assert!(told("version: 1\ndocuments:\n  .git/config: {hash: ''}\n").starts_with("`.git/config`: "));
    assert_eq!(problem(Lock::parse(b"\xff")), "integrate.lock: not UTF-8");
}

#[test]
fn a_pristine_copy_that_the_lock_does_not_vouch_for_is_ignored() {
    let scene = Scene::new();
    scene.apply(&package(&[("a.py", "1\n"), ("b.py", "1\n")]));
    let mut forged = Pristine::load(scene.root(), &scene.lock()).unwrap();
    forged.files.insert("a.py".to_owned(), b"forged\n".to_vec());
    scene.write(PRISTINE, forged.render().unwrap());
    let read = Pristine::load(scene.root(), &scene.lock()).unwrap();
    assert_eq!(read.files.keys().collect::<Vec<_>>(), ["b.py"]);
}

#[test]
fn hostile_40_a_lock_that_changed_since_it_was_read_is_refused() {
    let scene = Scene::new();
    let early = scene.lock();
    scene.apply(&package(&[("a.py", "1\n")]));
    let told = problem(deploy::plan(&package(&[("b.py", "1\n")]), &scene.target, &early, &entries(&["a"])));
    assert_eq!(told, "`integrate.lock`: changed while the command ran; nothing was written");
}
