//! What a person says of an integration: words, a source, the name of a known service; asked for where nothing was typed.

use anyhow::Result;

use super::address::Address;
use super::ask;
use super::workspace::Workspace;
use crate::cli::Create;
use crate::pattern::Pattern;
use crate::problem::Problem;
use crate::requirements::Entry;
use crate::select::known::{Known, Service as KnownService};
use crate::source::identify::Kind;
use crate::source::input::Input;

const ASK_SOURCE: &str = "What describes the service? A file, a URL, or nothing";

/// What was said.
pub struct Said<'k> {
    pub text: Option<String>,
    pub source: Option<String>,
    pub input: Option<Input>,
    /// Where the service is, where that is all that the source says.
    pub address: Option<Address>,
    /// The service that the entry is named after, where it is known.
    pub known: Option<&'k KnownService>,
    services: Option<&'k Known>,
    may_ask: bool,
}

impl<'k> Said<'k> {
    /// What was typed, what the entry says already, and the answers of a person who said nothing at all.
    pub fn of(
        workspace: &Workspace,
        flags: &Create,
        name: &str,
        old: Option<&Entry>,
        services: Option<&'k Known>,
    ) -> Result<Self> {
        let known = services.and_then(|services| services.find(name));
        let text = text(workspace, flags.requirements.as_deref())?;
        let source = source(workspace, flags, old, services, known);
        let is_said = source.is_some() || text.is_some() || flags.pattern.is_some() || old.is_some() || known.is_some();
        let may_ask = flags.set.is_empty() && source.is_none() && old.is_none() && !flags.yes && ask::is_possible();
        let mut said = Self { text, source, input: None, address: None, known, services, may_ask };
        if said.may_ask && !is_said {
            said.may_ask = false;
            said.source = ask::optional(ASK_SOURCE)?;
            if said.source.is_none() {
                said.text = ask::optional("What is wanted, in a sentence?")?;
            }
        }
        said.open(workspace, name, old)?;
        Ok(said)
    }

    /// Asks for a source where the pattern reads any and none was asked for yet.
    pub fn ask_source(
        &mut self,
        workspace: &Workspace,
        name: &str,
        pattern: &Pattern,
        variant: Option<&str>,
    ) -> Result<()> {
        if self.may_ask && self.known.is_none() && reads_sources(pattern, variant) {
            self.source = ask::optional(ASK_SOURCE)?;
            self.open(workspace, name, None)?;
        }
        Ok(())
    }

    /// Opens the source. A mere address leaves the entry the source it had.
    fn open(&mut self, workspace: &Workspace, name: &str, old: Option<&Entry>) -> Result<()> {
        self.address = self.source.as_deref().and_then(|source| Address::of(source, &workspace.folder));
        if self.address.is_some() {
            let is_read = |source: &String| Address::of(source, &workspace.folder).is_none();
            self.source = old.and_then(|old| old.source.clone()).filter(is_read);
        }
        let open = |source: &String| {
            Input::open_for(name, source, &workspace.folder).map_err(|fault| hinted(fault, source, self.services))
        };
        self.input = self.source.as_ref().map(open).transpose()?;
        Ok(())
    }
}

/// What is to be read: what was named, or the document of a service whose name is all that was said.
fn source(
    workspace: &Workspace,
    flags: &Create,
    old: Option<&Entry>,
    services: Option<&Known>,
    known: Option<&KnownService>,
) -> Option<String> {
    match flags.source.clone().or_else(|| old.and_then(|old| old.source.clone())) {
        Some(source) => Some(documented(source, workspace, services)),
        None if old.is_none() => known.filter(|known| is_asked_alone(workspace, flags, known))?.spec_url.clone(),
        None => None,
    }
}

/// The source as typed; where it is the name of a known service and nothing else, the address of its document.
pub fn documented(source: String, workspace: &Workspace, services: Option<&Known>) -> String {
    // A name has neither scheme nor folders: `s3://` is an address that lacks the rest.
    if source.contains([':', '/', '\\']) || workspace.folder.join(&source).exists() {
        return source;
    }
    services.and_then(|services| services.find(&source)?.spec_url.clone()).unwrap_or(source)
}

/// The fault of a source that cannot be opened; where it is a word, with the known services it may stand for.
pub fn hinted(fault: anyhow::Error, source: &str, services: Option<&Known>) -> anyhow::Error {
    let Some(services) = services.filter(|_| !source.contains(['.', '/', '\\', ':'])) else { return fault };
    let way = match (services.find(source), services.near(source).as_slice()) {
        (Some(known), _) => {
            format!("{} is known, but not where its document is published: name its file or URL", known.name)
        }
        (None, []) => return fault,
        (None, near) => format!("name a file, a URL, `-` for standard input, or a known service: {}", near.join(", ")),
    };
    match fault.downcast::<Problem>() {
        Ok(problem) => Problem { help: way, ..problem }.into(),
        Err(fault) => fault,
    }
}

/// Whether the name of a known service is all that was said, and its pattern reads such documents.
fn is_asked_alone(workspace: &Workspace, flags: &Create, known: &KnownService) -> bool {
    let says_nothing_else =
        flags.requirements.is_none() && flags.variant.is_none() && flags.set.is_empty() && !flags.yes;
    let pattern = flags.pattern.as_ref().unwrap_or(&known.pattern);
    let reads = workspace.patterns.all.get(pattern).and_then(|pattern| pattern.variants.values().next());
    says_nothing_else
        && *pattern == known.pattern
        && reads.is_some_and(|variant| variant.sources.iter().any(|kind| kind == Kind::Openapi.name()))
}

/// Whether a variant that may be meant reads anything but answers.
fn reads_sources(pattern: &Pattern, variant: Option<&str>) -> bool {
    let meant = pattern.variants.iter().filter(|(name, _)| variant.is_none_or(|variant| variant == *name));
    meant.flat_map(|(_, variant)| &variant.sources).any(|source| source != Kind::Answers.name())
}

/// Text as typed, or from the file that `@FILE` names.
pub fn text(workspace: &Workspace, typed: Option<&str>) -> Result<Option<String>> {
    let Some(typed) = typed else { return Ok(None) };
    let Some(file) = typed.strip_prefix('@') else { return Ok(Some(typed.to_owned())) };
    let read = std::fs::read_to_string(workspace.folder.join(file));
    let text =
        read.map_err(|fault| Problem::new(format!("`@{file}`: {fault}"), "name a text file that can be read"))?;
    Ok(Some(text.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    /// Whether the arguments of `create NAME` alone ask for the document that the service publishes.
    fn asks(arguments: &[&str]) -> bool {
        let cli = Cli::parse_from(["integrate", "create"].iter().chain(arguments));
        let Command::Create(flags) = &cli.command else { panic!("not `create`") };
        let workspace = Workspace::open(&cli).unwrap();
        let services = workspace.known().unwrap().unwrap();
        services.find(arguments[0]).is_some_and(|known| is_asked_alone(&workspace, flags, known))
    }

    #[test]
    fn the_name_of_a_known_service_asks_for_its_document_where_nothing_else_is_said() {
        assert!(asks(&["stripe", "--language", "python"]));
        assert!(asks(&["stripe", "--type", "api"]));
        assert!(!asks(&["stripe", "--type", "auth"]));
        assert!(!asks(&["stripe", "--yes"]));
        assert!(!asks(&["stripe", "--requirements", "sign people in"]));
        assert!(!asks(&["stripe", "--set", "operations=[]"]));
        assert!(!asks(&["nobody-knows-this"]));
    }

    #[test]
    fn a_known_name_as_a_source_is_the_address_of_its_document_unless_a_file_is_called_so() {
        let folder = tempfile::TempDir::new().unwrap();
        let place = folder.path().to_str().unwrap();
        let cli = Cli::parse_from(["integrate", "-C", place, "create", "billing", "--source", "stripe"]);
        let workspace = Workspace::open(&cli).unwrap();
        let services = workspace.known().unwrap();
        let found = documented("stripe".to_owned(), &workspace, services.as_ref());
        assert!(found.starts_with("https://") && found.contains("stripe"));
        assert_eq!(documented("stripe://".to_owned(), &workspace, services.as_ref()), "stripe://");
        std::fs::write(folder.path().join("stripe"), "openapi: 3.0.0").unwrap();
        assert_eq!(documented("stripe".to_owned(), &workspace, services.as_ref()), "stripe");
    }
}
