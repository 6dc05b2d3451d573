//! The project a command works on, with the patterns and languages it can use.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use crate::cli::Cli;
use crate::deploy::Target;
use crate::paths::checked;
use crate::pattern::Patterns;
use crate::pattern::assets::Assets;
use crate::problem;
use crate::render::language::Language;
use crate::requirements::{NAME, Project};
use crate::select::Signals;
use crate::select::known::Known;

/// The folder of a pack that the project itself names: inside of it, and by no link.
fn inside(project: &Path, pack: &str) -> Result<PathBuf> {
    let path = checked(pack.trim_end_matches('/'))?;
    let mut folder = project.to_path_buf();
    for part in path.as_str().split('/') {
        folder.push(part);
        if folder.is_symlink() {
            problem!(help: "put the pack itself there, or name its folder with `--patterns`"; "`{}`: the folder of a pack is no link", folder.display());
        }
    }
    Ok(folder)
}

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
        let (yaml, project) = match Project::load(&cli.project)? {
            Some((bytes, project)) => (Some(bytes), project),
            None => (None, Project::default()),
        };
        let mut assets = Assets::built_in();
        let own = format!("{}/patterns", project.root);
        if cli.project.join(&own).is_dir() {
            assets.add_pack(&inside(&cli.project, &own)?)?;
        }
        // A project may come from anywhere, so what it names lies in it; a folder that was typed may lie anywhere.
        let named = project.patterns.iter().map(|pack| inside(&cli.project, pack));
        for pack in named.chain(cli.packs.iter().map(|pack| Ok(pack.clone()))) {
            let pack = pack?;
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
