//! Patterns and templates as files: the built-in ones, and those of packs in a folder of the user's.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use rust_embed::RustEmbed;

use crate::problem;

#[derive(RustEmbed)]
#[folder = "patterns"]
struct BuiltInPatterns;

#[derive(RustEmbed)]
#[folder = "templates"]
struct BuiltInTemplates;

/// The largest file of a pack, in bytes.
const MAX_FILE: u64 = 1 << 20;
/// The most files of a pack.
const MAX_FILES: usize = 2_000;
/// The deepest folder of a pack.
const MAX_DEPTH: usize = 12;

/// Files by their path: `patterns/api/pattern.yaml`, `templates/python/api/rest/client.py.j2`.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    files: BTreeMap<String, Asset>,
    packs: usize,
}

#[derive(Debug, Clone)]
pub struct Asset {
    pub text: Cow<'static, str>,
    /// Shown in messages: `templates/python/language.yaml`, `integrations/patterns/search/pattern.yaml`.
    pub shown: String,
    /// The pack it came with, in the order they were loaded; 0 is what we ship.
    pub pack: usize,
}

impl Asset {
    /// Whether it is the user's own, so that a fault in it is one that the user can mend.
    pub fn is_theirs(&self) -> bool {
        self.pack > 0
    }
}

impl Assets {
    /// The patterns and templates we ship.
    pub fn built_in() -> Self {
        let mut assets = Self::default();
        for (root, names, get) in [
            ("patterns", BuiltInPatterns::iter().collect::<Vec<_>>(), BuiltInPatterns::get as fn(&str) -> _),
            ("templates", BuiltInTemplates::iter().collect(), BuiltInTemplates::get),
        ] {
            for name in names {
                let Some(file) = get(&name) else { continue };
                let text = text_of(file.data);
                let path = format!("{root}/{name}");
                assets.files.insert(path.clone(), Asset { text, shown: path, pack: 0 });
            }
        }
        assets
    }

    /// Adds a pack: a folder with `<pattern>/pattern.yaml` folders and, beside them, `templates/<language>/…`.
    ///
    /// A pack is data: links are refused, sizes are limited, and a file that exists already is not replaced.
    pub fn add_pack(&mut self, folder: &Path) -> Result<()> {
        self.packs += 1;
        let entries = walkdir::WalkDir::new(folder).follow_links(false).max_depth(MAX_DEPTH + 1).sort_by_file_name();
        for (count, entry) in entries.into_iter().enumerate() {
            let entry = entry.with_context(|| format!("cannot read the pack `{}`", folder.display()))?;
            let shown = entry.path().display().to_string();
            if count > MAX_FILES {
                problem!(help: "keep packs small"; "{}: the pack has more than {MAX_FILES} files", folder.display());
            }
            if entry.depth() > MAX_DEPTH {
                problem!(help: "keep packs flat"; "{shown}: the folders of a pack go at most {MAX_DEPTH} deep");
            }
            if entry.file_type().is_dir() {
                continue;
            }
            if !entry.file_type().is_file() {
                problem!(help: "put the file itself there"; "{shown}: packs hold plain files, no links and no devices");
            }
            let relative =
                entry.path().strip_prefix(folder).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
            let path = if relative.starts_with("templates/") { relative } else { format!("patterns/{relative}") };
            self.add(path, shown, &entry)?;
        }
        Ok(())
    }

    fn add(&mut self, path: String, shown: String, entry: &walkdir::DirEntry) -> Result<()> {
        if entry.metadata().map_or(0, |data| data.len()) > MAX_FILE {
            problem!(help: "keep files of packs below 1 MiB"; "{shown}: the file is too large");
        }
        if self.files.contains_key(&path) {
            problem!(help: "give the pattern, variant or language a name of its own"; "{shown}: `{path}` exists already, and packs replace nothing");
        }
        let bytes = std::fs::read(entry.path()).with_context(|| format!("cannot read `{shown}`"))?;
        let Ok(text) = String::from_utf8(bytes) else {
            problem!(help: "save it as UTF-8"; "{shown}: the text is not UTF-8");
        };
        self.files.insert(path, Asset { text: Cow::Owned(text), shown, pack: self.packs });
        Ok(())
    }

    pub fn has_packs(&self) -> bool {
        self.packs > 0
    }

    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }

    /// All files below `prefix`, in the order of their paths.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Asset)> {
        self.files
            .range(prefix.to_owned()..)
            .take_while(move |(path, _)| path.starts_with(prefix))
            .map(|(path, asset)| (path.as_str(), asset))
    }
}

fn text_of(bytes: Cow<'static, [u8]>) -> Cow<'static, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Reads a YAML file of a pattern or a language; errors name the file and the line.
pub fn read<T: serde::de::DeserializeOwned>(asset: &Asset) -> Result<T> {
    serde_yaml::from_str(&asset.text).map_err(|fault| {
        crate::problem::Problem::new(
            crate::problem::in_yaml(&asset.shown, &fault),
            "mend the file; docs/pattern-development.md says what it holds",
        )
        .into()
    })
}
