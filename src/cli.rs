//! What a user can type. The comments here are the help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Scaffolds integrations into your repository: adapter, tests and docs, in your language.
///
/// Give it what you know about a service (a sentence, an OpenAPI or AsyncAPI document, a database URL, an OIDC issuer, a
/// bucket) and it selects the pattern, says why, and writes code that is yours.
#[derive(Debug, Parser)]
#[command(name = "integrate", version, max_term_width = 100, propagate_version = true, disable_help_subcommand = true)]
#[command(after_help = "Exit status: 0 done, 1 findings or work left undone, 2 wrong input, 3 a fault of ours")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// How to print the result
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// The project's folder; other paths are relative to it
    #[arg(short = 'C', long = "project", global = true, value_name = "DIR", default_value = ".")]
    pub project: PathBuf,

    /// A folder with pattern packs of your own, beside those that `integrate.yaml` names
    #[arg(long = "patterns", global = true, value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

impl Cli {
    /// How `integrate` is called for this project from where it was called.
    pub fn called(&self) -> String {
        match self.project.to_string_lossy() {
            here if here == "." || here.is_empty() => "integrate".to_owned(),
            project => format!("integrate -C {}", crate::report::word(&project)),
        }
    }

    /// Reads every relative path that was typed from the project's folder, as `git -C` does.
    #[must_use]
    pub fn from_project(mut self) -> Self {
        let folder = self.project.clone();
        let below = |path: &mut PathBuf| *path = folder.join(&*path);
        if folder.as_os_str() != "." {
            self.packs.iter_mut().for_each(below);
            match &mut self.command {
                Command::Validate(flags) => flags.paths.iter_mut().for_each(below),
                Command::Deploy(flags) => below(&mut flags.to),
                Command::Select(flags) => flags.evaluate.iter_mut().for_each(below),
                _ => {}
            }
        }
        self
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document; its schema is in docs/schemas/
    Json,
    /// SARIF 2.1.0, of findings (`validate` only)
    Sarif,
    /// Annotations of GitHub Actions, of findings (`validate` only)
    Github,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Writes an integration into the project, or all of `integrate.yaml`
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Create),
    /// Holds files to the rules of their pattern, generated or not
    #[command(after_help = VALIDATE_EXAMPLES)]
    Validate(Validate),
    /// Takes an integration to another folder or checkout, tests it there, and takes it back if they fail
    #[command(after_help = DEPLOY_EXAMPLES)]
    Deploy(Deploy),
    /// Takes a run back, byte for byte
    #[command(
        after_help = "Examples:\n  integrate rollback            # the last run\n  integrate rollback 0007       # that run and no other"
    )]
    Rollback(Rollback),
    /// Ends what an interrupted run began: the tree is as before, or as wanted
    #[command(after_help = "Examples:\n  integrate recover")]
    Recover,
    /// Removes an integration: its files, its entry, and what it alone needed
    #[command(after_help = "Examples:\n  integrate remove github --dry-run\n  integrate remove github")]
    Remove(Remove),
    /// Explains which pattern fits a requirement, and why
    #[command(after_help = SELECT_EXAMPLES)]
    Select(Select),
    /// Lists the patterns, or shows one
    #[command(after_help = "Examples:\n  integrate patterns list\n  integrate patterns show queue")]
    Patterns(Patterns),
    /// Prints the neutral model of a source
    #[command(
        after_help = "Examples:\n  integrate model galaxy.yaml\n  integrate model sqlite:chinook.db --include 'Invoice*' --format json"
    )]
    Model(Model),
    /// Lists the builds of this project, and their averages
    #[command(after_help = "Examples:\n  integrate history\n  integrate history --format json")]
    History,
    /// Says what this machine lacks to run what was generated
    #[command(after_help = "Examples:\n  integrate doctor\n  integrate doctor --language python")]
    Doctor(Doctor),
    /// Prints completions for a shell
    #[command(
        after_help = "Examples:\n  integrate completions bash > ~/.local/share/bash-completion/completions/integrate"
    )]
    Completions { shell: clap_complete::Shell },
    /// Prints the manual page of all commands
    #[command(after_help = "Examples:\n  integrate man | man -l -")]
    Man,
}

const CREATE_EXAMPLES: &str = "Examples:
  integrate create galaxy --source galaxy.yaml --language python
  integrate create shop --source postgresql://localhost/shop --include 'public.*'
  integrate create mail --requirements 'send each order to RabbitMQ, retry, dead-letter'
  integrate create uploads --type storage --language typescript --yes
  integrate create --dry-run                 # all of integrate.yaml: what would change";

const VALIDATE_EXAMPLES: &str = "Examples:
  integrate validate                         # all of the project
  integrate validate github_adapter.py       # a file of your own
  integrate validate src --type queue --format sarif";

const DEPLOY_EXAMPLES: &str = "Examples:
  integrate deploy galaxy --to ../shop --strategy dry-run
  integrate deploy integrations/galaxy --to ../shop";

const SELECT_EXAMPLES: &str = "Examples:
  integrate select 'when the payment job fails, tell somebody'
  integrate select --source asyncapi.yaml
  integrate select --evaluate labelled.jsonl --format json";

#[derive(Debug, Args)]
pub struct Create {
    /// What the integration is called here; without it, all of `integrate.yaml` is built
    pub name: Option<String>,

    /// What describes the service: a file, a URL, the name of a known service, `-` for standard input
    ///
    /// The address of a broker or a bucket (`amqps://mq.acme.io/shop`, `s3://acme-docs/in`) selects the pattern and sets its options.
    ///
    /// What comes through standard input is kept beside the code, so that it can be read again.
    ///
    /// User, password and secret settings of a URL are not kept. When it is read again they come from the variable
    /// `<NAME>_SOURCE_URL`, and those of a database from `<NAME>_DATABASE_URL`.
    #[arg(long, value_name = "FILE|URL|-")]
    pub source: Option<String>,

    /// What is wanted, in words; `@FILE` reads it from a file
    #[arg(long, value_name = "TEXT|@FILE")]
    pub requirements: Option<String>,

    /// The pattern, instead of selecting one
    #[arg(long = "type", value_name = "PATTERN")]
    pub pattern: Option<String>,

    /// The variant of the pattern; its first one unless given
    #[arg(long)]
    pub variant: Option<String>,

    /// The language of the code; that of the project unless given
    #[arg(long)]
    pub language: Option<String>,

    /// Take only operations, tables or channels of these names; `*` is any text
    #[arg(long, value_name = "PATTERN")]
    pub include: Vec<String>,

    /// Leave out operations, tables or channels of these names
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,

    /// An option of the pattern; the value is YAML, `@FILE` reads it from a file
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// The folder of the generated code, in a project that has none yet
    #[arg(long, value_name = "DIR")]
    pub out: Option<String>,

    /// Write what can be read although parts of the source cannot
    #[arg(long)]
    pub allow_skipped: bool,

    #[command(flatten)]
    pub writing: Writing,

    /// Bring back generated files that were deleted
    #[arg(long)]
    pub restore: bool,

    /// Take the documented defaults instead of asking; overwrites nothing
    #[arg(short, long)]
    pub yes: bool,
}

/// What all commands that write have in common.
#[derive(Debug, Args)]
pub struct Writing {
    /// Say what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Write files although git says they have uncommitted changes
    #[arg(long)]
    pub allow_dirty: bool,
}

#[derive(Debug, Args)]
pub struct Validate {
    /// Files and folders; the whole project unless given. An entry is compared with its source where its whole folder is named
    pub paths: Vec<PathBuf>,

    /// The pattern whose rules apply, instead of finding out
    #[arg(long = "type", value_name = "PATTERN")]
    pub pattern: Option<String>,

    /// Also ask the servers and databases that entries were generated from whether they changed
    #[arg(long)]
    pub online: bool,
}

#[derive(Debug, Args)]
pub struct Deploy {
    /// The integration's name, or the folder of its code
    pub what: String,

    /// The folder or checkout it goes to
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,

    /// What to do there
    #[arg(long, value_enum, default_value_t = Strategy::Apply)]
    pub strategy: Strategy,

    /// Do not run the generated tests there
    #[arg(long)]
    pub no_tests: bool,

    #[command(flatten)]
    pub writing: Writing,

    /// Bring back generated files that were deleted there
    #[arg(long)]
    pub restore: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Strategy {
    /// Say what would change
    DryRun,
    /// Write, test, and take back if the tests fail
    Apply,
}

#[derive(Debug, Args)]
pub struct Rollback {
    /// The run's number, as `history` lists it; the last one unless given
    pub run: Option<String>,
}

#[derive(Debug, Args)]
pub struct Remove {
    /// The integration's name
    pub name: String,

    #[command(flatten)]
    pub writing: Writing,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("wanted").required(true).multiple(true).args(["text", "source", "evaluate"]))]
pub struct Select {
    /// What is wanted, in words; `@FILE` reads it from a file
    pub text: Option<String>,

    /// What describes the service: a file, a URL, the name of a known service, or an address such as `amqps://mq.acme.io`
    #[arg(long, value_name = "FILE|URL|-")]
    pub source: Option<String>,

    /// Rank each line of a JSONL file with `text` and `label`, and print how often that is right
    #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "source"])]
    pub evaluate: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Patterns {
    #[command(subcommand)]
    pub command: PatternsCommand,
}

#[derive(Debug, Subcommand)]
pub enum PatternsCommand {
    /// All patterns, with their variants and languages
    List,
    /// One pattern: its variants, options, rules, examples
    Show { name: String },
}

#[derive(Debug, Args)]
pub struct Model {
    /// A file, a URL, `-` for standard input
    pub source: String,

    /// Take only operations, tables or channels of these names; `*` is any text
    #[arg(long, value_name = "PATTERN")]
    pub include: Vec<String>,

    /// Leave out operations, tables or channels of these names
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// The language to look at; those of the project unless given
    #[arg(long)]
    pub language: Option<String>,
}
