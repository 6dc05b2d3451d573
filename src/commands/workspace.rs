//! The project a command works on, with the patterns and languages it can use.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;

use crate::cli::Cli;
use crate::deploy::Target;
use crate::pattern::Patterns;
use crate::pattern::assets::Assets;
use crate::problem;
use crate::render::language::Language;
use crate::requirements::{NAME, Project};
use crate::select::Signals;
use crate::select::known::Known;

pub struct Workspace {
    pub folder: PathBuf,
    /// The bytes of `integrate.yaml`; None where there is none.
    pub yaml: Option<Vec<u8>>,
    pub project: Project,
    pub assets: Arc<Assets>,
    pub patterns: Patterns,
}

impl Workspace {
    /// Opens the project in the folder that was named, with its pattern packs.
    pub fn open(cli: &Cli) -> Result<Self> {
        if !cli.project.is_dir() {
            problem!(help: "name the folder of a project with `-C`"; "`{}`: there is no such folder", cli.project.display());
        }
        let (yaml, project) = match Project::load(&cli.project)? {
            Some((bytes, project)) => (Some(bytes), project),
            None => (None, Project::default()),
        };
        let mut assets = Assets::built_in();
        let own = cli.project.join(&project.root).join("patterns");
        if own.is_dir() {
            assets.add_pack(&own)?;
        }
        for pack in project.patterns.iter().map(|pack| cli.project.join(pack)).chain(cli.packs.iter().cloned()) {
            if !pack.is_dir() {
                problem!(help: "name a folder with patterns"; "`{}`: there is no such folder", pack.display());
            }
            assets.add_pack(&pack)?;
        }
        let patterns = Patterns::load(&assets)?;
        Ok(Self { folder: cli.project.clone(), yaml, project, assets: Arc::new(assets), patterns })
    }

    /// `integrate.yaml` must be there.
    pub fn require_project(&self) -> Result<()> {
        if self.yaml.is_none() {
            problem!(help: "run `integrate create NAME --source …` first, or name the project's folder with `-C`";
                "`{}`: there is no {NAME} here", self.folder.display());
        }
        Ok(())
    }

    pub fn target(&self) -> Result<Target> {
        Target::open(&self.folder, &self.project.protected)
    }

    pub fn language(&self, name: &str) -> Result<Arc<Language>> {
        Language::load(&self.assets, name).map(Arc::new)
    }

    /// What speaks for each pattern.
    pub fn signals(&self) -> Result<Signals> {
        let files = self.assets.under("patterns/").filter_map(|(path, asset)| {
            let name = path.strip_prefix("patterns/")?.strip_suffix("/signals.yaml")?;
            self.patterns.all.contains_key(name).then_some((name, asset.text.as_ref(), asset.shown.as_str()))
        });
        Signals::load(files)
    }

    /// Facts on services known by name.
    pub fn known(&self) -> Result<Option<Known>> {
        self.assets.get("patterns/services.yaml").map(|asset| Known::load(&asset.text, &asset.shown)).transpose()
    }
}
