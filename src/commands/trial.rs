//! The generated tests of an integration, run where it was deployed to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::tools;
use super::workspace::Workspace;
use crate::deploy::Target;
use crate::package::Package;
use crate::problem;
use crate::render::language::Language;
use crate::report::shown;

/// How many of the last lines of the tests are shown.
const SHOWN: usize = 30;

/// How the tests are run.
pub struct Trial {
    words: Vec<String>,
    language: Arc<Language>,
}

/// What became of the tests.
pub struct Tests {
    pub passed: bool,
    pub command: String,
    pub output: String,
}

/// How the tests are run where the files are to be; None where the language has no command for it.
pub fn find(workspace: &Workspace, package: &Package, target: &Target) -> Result<Option<Trial>> {
    let Some(own) = package.files.iter().find(|file| !file.entry.is_empty()) else { return Ok(None) };
    let language = workspace.language(&own.language)?;
    let Some(test) = &language.test else { return Ok(None) };
    let depth = Path::new(&workspace.project.root).components().count() + 1;
    let folder: PathBuf = Path::new(&own.path).components().take(depth).collect();
    let command: Vec<String> =
        test.command.iter().map(|part| part.replace("{adapter}", &folder.to_string_lossy())).collect();
    let words = tools::own(&command, Some(test), &target.root);
    Ok((!words.is_empty()).then(|| Trial { words, language: Arc::clone(&language) }))
}

impl Trial {
    pub fn command(&self) -> String {
        shown(&self.words.join(" "))
    }

    /// Whether a pack says how they are run: then they are not.
    pub fn is_theirs(&self) -> bool {
        self.language.is_theirs
    }

    /// Errors with a `Problem` where the machine cannot run them: that says nothing about the integration.
    pub fn refuse_without_tools(&self, target: &Target) -> Result<()> {
        let looked = self.language.tools.iter().map(|tool| tools::look(&self.language, tool, &target.root));
        let Some(lacking) = looked.into_iter().find(|tool| tool.looked_for && !tool.enough) else { return Ok(()) };
        let found = lacking.version.map_or("is not there".to_owned(), |version| format!("is `{}`", shown(&version)));
        let wanted = lacking.wanted.map_or(String::new(), |wanted| format!(", wanted {wanted} or newer"));
        problem!(help: format!("{}; or pass `--no-tests` to deploy without running them", lacking.help);
            "`{}`: the tests cannot run: {} {found}{wanted}", target.root.display(), lacking.tool)
    }

    pub fn run(&self, target: &Target) -> Tests {
        let environment = self.language.test.iter().flat_map(|test| &test.environment);
        let run = tools::command(&self.words, &target.root).map(|mut command| command.envs(environment).output());
        let (passed, output) = match run {
            Some(Ok(done)) => {
                (done.status.success(), String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned())
            }
            Some(Err(fault)) => (false, format!("cannot run the tests: {fault}; pass --no-tests to go without")),
            None => (false, String::new()),
        };
        let lines: Vec<String> = output.lines().map(shown).collect();
        let output = lines[lines.len().saturating_sub(SHOWN)..].join("\n");
        Tests { passed, command: self.command(), output }
    }
}
