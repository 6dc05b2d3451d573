//! What the user named as a source → its bytes, or the address of what has to be asked.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use url::Url;

use super::identify::{Kind, of_bytes, of_url};
use super::tree::MAX_BYTES;
use super::{credentials, database};
use crate::problem;
use crate::problem::Problem;

/// The longest wait for a document from the network.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A source that was found.
#[derive(Debug, Clone)]
pub struct Input {
    /// Display name, without credentials: a path as given, a URL, `standard input`.
    pub name: String,
    pub kind: Kind,
    pub content: Content,
    /// The project's folder.
    pub folder: PathBuf,
}

#[derive(Debug, Clone)]
pub enum Content {
    /// A document, and the file it is in where it is one.
    Document { bytes: Vec<u8>, file: Option<PathBuf> },
    /// A database to be asked: the whole URL, credentials and all.
    Database { url: String },
}

impl Input {
    /// Finds what `source` names: `-`, a URL, or a file relative to `folder`.
    pub fn open(source: &str, folder: &Path) -> Result<Self> {
        if source == "-" {
            let mut bytes = Vec::new();
            std::io::stdin()
                .take(MAX_BYTES as u64 + 1)
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            return Self::document("standard input".to_owned(), bytes, None, folder);
        }
        if let Some(kind) = of_url(source) {
            return Ok(Self {
                name: credentials::shown(source),
                kind,
                content: Content::Database { url: resolved(source, folder) },
                folder: folder.to_path_buf(),
            });
        }
        match Url::parse(source) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => fetch(&url, folder),
            Ok(url) if url.scheme() == "file" => match url.to_file_path() {
                Ok(path) => Self::file(&path.to_string_lossy(), folder),
                Err(()) => {
                    problem!(help: "write `file:///path/to/file`, or the path alone"; "`{}`: is no path of this machine", credentials::shown(source))
                }
            },
            Ok(url) if url.scheme().len() > 1 && !folder.join(source).is_file() => {
                problem!(help: "give a file, an http(s) URL, a database URL (postgresql:, sqlite:) or `-`; of an address, `create NAME --source` makes options";
                    "`{}`: sources of the scheme `{}` are not read", credentials::shown(source), url.scheme())
            }
            Err(fault) if source.contains("://") && !folder.join(source).is_file() => {
                problem!(help: "write it as `https://HOST/PATH`, or name a file"; "`{}`: is no URL: {fault}", credentials::shown(source))
            }
            _ => Self::file(source, folder),
        }
    }

    /// The same for the entry `name`, with the credentials that the environment has for it where `source` has none.
    pub fn open_for(name: &str, source: &str, folder: &Path) -> Result<Self> {
        let environment = |variable: &str| std::env::var(variable).ok();
        let mut input = Self::open(&credentials::completed(source, name, environment), folder)?;
        if let Content::Database { url } = &mut input.content {
            *url = database::url::with_credentials(url, name, environment);
        }
        Ok(input)
    }

    fn file(source: &str, folder: &Path) -> Result<Self> {
        let path = folder.join(source);
        let bytes = std::fs::read(&path).map_err(|fault| {
            let why = if fault.kind() == std::io::ErrorKind::NotFound {
                "there is no such file".to_owned()
            } else {
                fault.to_string()
            };
            let shown = credentials::shown(source);
            Problem::new(format!("`{shown}`: {why}"), "name a file, a URL, or `-` for standard input")
        })?;
        if bytes.starts_with(b"SQLite format 3\0") {
            let url = format!("sqlite:{}", path.display());
            return Ok(Self {
                name: source.to_owned(),
                kind: Kind::Sqlite,
                content: Content::Database { url },
                folder: folder.to_path_buf(),
            });
        }
        Self::document(source.to_owned(), bytes, Some(path), folder)
    }

    fn document(name: String, bytes: Vec<u8>, file: Option<PathBuf>, folder: &Path) -> Result<Self> {
        if bytes.len() > MAX_BYTES {
            // Says so, with its own limit, before anything looks inside.
            super::tree::Tree::parse(&name, &bytes)?;
        }
        let kind = of_bytes(&bytes);
        Ok(Self { name, kind, content: Content::Document { bytes, file }, folder: folder.to_path_buf() })
    }
}

/// An SQLite URL whose file is looked for in `folder`; `sqlite:///a.db` may mean that too, as with SQLAlchemy.
fn resolved(source: &str, folder: &Path) -> String {
    let Some(path) = source.strip_prefix("sqlite://").or_else(|| source.strip_prefix("sqlite:")) else {
        return source.to_owned();
    };
    // SQLAlchemy writes an absolute path behind three slashes of its own: `sqlite:////srv/a.db`.
    let path = path.strip_prefix('/').filter(|path| path.starts_with('/')).unwrap_or(path);
    let below = path.trim_start_matches('/');
    let is_there =
        |path: &Path| path.to_str().is_some_and(|path| Path::new(path.split('?').next().unwrap_or(path)).is_file());
    if !path.starts_with('/') || (!is_there(Path::new(path)) && is_there(&folder.join(below))) {
        return format!("sqlite:{}", folder.join(below).display());
    }
    format!("sqlite:{path}")
}

fn fetch(url: &Url, folder: &Path) -> Result<Input> {
    let name = credentials::shown(url.as_str());
    let found = get(url);
    let kind = found.as_ref().map_or(Kind::Unknown, |bytes| of_bytes(bytes));
    if kind == Kind::Unknown
        && let Some(bytes) = metadata(url)
    {
        return Input::document(name, bytes, None, folder);
    }
    Ok(Input { name, kind, content: Content::Document { bytes: found?, file: None }, folder: folder.to_path_buf() })
}

/// What an issuer publishes about itself, where `url` is one: there may be nothing at the URL itself.
fn metadata(url: &Url) -> Option<Vec<u8>> {
    if url.path().ends_with("openid-configuration") {
        return None;
    }
    let mut place = url.clone();
    place.set_path(&format!("{}/.well-known/openid-configuration", url.path().trim_end_matches('/')));
    get(&place).ok().filter(|bytes| of_bytes(bytes) == Kind::Oidc)
}

/// Asks for a document. Credentials in the URL go to its own host alone: redirects elsewhere carry none.
fn get(url: &Url) -> Result<Vec<u8>> {
    let name = credentials::shown(url.as_str());
    let fault = |what: String| {
        Problem::new(format!("`{name}`: {what}"), "check the address, or save the document and name the file")
    };
    // Only once a process; a second call finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder()
        .timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::limited(5))
        // It would tell the next host the query of this one.
        .referer(false)
        .user_agent(concat!("integrate/", env!("CARGO_PKG_VERSION")))
        .build()
        .context("cannot set up HTTP")?;
    let response = client.get(url.clone()).send().map_err(|error| fault(reason(&error)))?;
    if !response.status().is_success() {
        return Err(fault(format!("the server answers {}", response.status())).into());
    }
    let mut bytes = Vec::new();
    response
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| fault(format!("the reply broke off: {error}")))?;
    Ok(bytes)
}

/// The innermost cause, which says most, without the URL.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
