//! Every generated file as it was rendered, in one compressed file: the base of three-way merges.
//!
//! Zstandard around a sequence of `LENGTH PATH\n`, the bytes, `\n`, in order of path. The same files give the same bytes.

use crate::lock::{Lock, PRISTINE, hash};
use crate::problem;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Zstandard's own default: smaller costs more time than it saves in git.
const LEVEL: i32 = 3;

/// Most bytes that are taken out of one file, so that a crafted one cannot fill the memory.
const LIMIT: u64 = 512 << 20;

/// The generated files by path, as they were rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pristine {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Pristine {
    /// Reads the project's copy, only what the lock vouches for; an empty one where there is none.
    pub fn load(root: &Path, lock: &Lock) -> Result<Self> {
        let path = root.join(PRISTINE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(super::disk::fault("read", &path)(error)),
        };
        let mut pristine = Self::parse(&bytes)?;
        pristine.files.retain(|path, bytes| lock.files.get(path).is_some_and(|file| file.hash == hash(bytes)));
        Ok(pristine)
    }

    /// Reads the copy from its bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut plain = Vec::new();
        let decoder = zstd::stream::read::Decoder::new(bytes);
        let read = decoder.and_then(|decoder| decoder.take(LIMIT).read_to_end(&mut plain));
        match read.ok().and_then(|_| sequence(&plain)) {
            Some(files) => Ok(Self { files }),
            None => {
                problem!(
                    help: "restore it from version control, or remove it and run `integrate create` again";
                    "{PRISTINE}: damaged"
                )
            }
        }
    }

    /// Returns the copy's bytes.
    pub fn render(&self) -> Result<Vec<u8>> {
        let mut plain = Vec::new();
        for (path, bytes) in &self.files {
            plain.extend(format!("{} {path}\n", bytes.len()).into_bytes());
            plain.extend(bytes);
            plain.push(b'\n');
        }
        zstd::bulk::compress(&plain, LEVEL).context("cannot compress the pristine copies")
    }
}

fn sequence(mut plain: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    while !plain.is_empty() {
        let end = plain.iter().position(|byte| *byte == b'\n')?;
        let (length, path) = std::str::from_utf8(&plain[..end]).ok()?.split_once(' ')?;
        let rest = &plain[end + 1..];
        let length: usize = length.parse().ok()?;
        if rest.get(length) != Some(&b'\n') {
            return None;
        }
        files.insert(path.to_owned(), rest[..length].to_vec());
        plain = &rest[length + 1..];
    }
    Some(files)
}
