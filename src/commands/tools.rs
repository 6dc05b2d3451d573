//! What a language needs on a machine → whether it is there.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Serialize;

use crate::render::language::{Language, TestCommand, Tool};

/// What was found of one tool.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub language: String,
    pub tool: String,
    /// None where it is missing.
    pub version: Option<String>,
    pub wanted: Option<String>,
    /// False where a pack names it: its commands are not run.
    pub looked_for: bool,
    pub enough: bool,
    pub help: String,
}

/// Looks for a tool as a command run in `folder` would find it.
pub fn look(language: &Language, tool: &Tool, folder: &Path) -> Finding {
    let looked_for = !language.is_theirs;
    let command = own(&tool.command, language.test.as_ref(), folder);
    let version = if looked_for { version(&command, folder) } else { None };
    let enough = match (&version, &tool.minimum) {
        (Some(found), Some(minimum)) => numbers(found) >= numbers(minimum),
        (found, None) => found.is_some(),
        (None, Some(_)) => false,
    };
    Finding {
        language: language.title.clone(),
        tool: tool.name.clone(),
        version,
        wanted: tool.minimum.clone(),
        looked_for,
        enough,
        help: tool.help.clone(),
    }
}

/// The command with the project's own program where it has one: that comes before those of the machine.
pub fn own(command: &[String], test: Option<&TestCommand>, folder: &Path) -> Vec<String> {
    let mut words = command.to_vec();
    let Some(test) = test.filter(|test| test.replaces > 0) else { return words };
    let same = command.len() >= test.replaces && test.command.get(..test.replaces) == command.get(..test.replaces);
    let program = test.prefer.iter().map(|path| folder.join(path)).find(|path| path.is_file());
    if let (true, Some(program)) = (same, program) {
        words.splice(0..test.replaces, [program.display().to_string()]);
    }
    words
}

/// A command to be run in a folder; a program that is named by a path lies there too.
pub fn command(words: &[String], folder: &Path) -> Option<Command> {
    let (program, arguments) = words.split_first()?;
    let program = if program.contains('/') { folder.join(program) } else { program.into() };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    Some(command)
}

/// The first number with dots in what the command prints.
fn version(words: &[String], folder: &Path) -> Option<String> {
    let output = command(words, folder)?.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let mut words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words
        .find(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()))
        .map(|word| word.trim_end_matches('.').to_owned())
}

fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}
