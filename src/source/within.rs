//! A document's file and the project's folder → the folder whose files the document may refer to.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::requirements::NAME;

/// Where a document lies, and the folder that none of its references may leave. Both are free of links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    pub folder: PathBuf,
    pub bound: PathBuf,
}

impl Within {
    /// Finds the project that the document lies in: its git checkout, else the folder with an `integrate.yaml`, else the
    /// one the command works on. A document outside of all has its own folder alone.
    pub fn of(file: &Path, project: &Path) -> Result<Self> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().context("cannot find the document's folder")?;
        let home = std::env::home_dir().and_then(|home| home.canonicalize().ok());
        // Whoever keeps their home under git does not work on all that is in it.
        let is_project = |folder: &&Path| folder.parent().is_some() && Some(*folder) != home.as_deref();
        let holding = |name: &str| folder.ancestors().filter(is_project).find(|above| above.join(name).exists());
        let worked_on = project.canonicalize().ok().filter(|project| folder.starts_with(project));
        let bound = holding(".git").or_else(|| holding(NAME)).map(Path::to_path_buf).or(worked_on);
        Ok(Self { bound: bound.unwrap_or_else(|| folder.clone()), folder })
    }

    /// Whether `path`, relative to the document's folder and plain but for `..` at its beginning, stays inside.
    pub fn holds(&self, path: &str) -> bool {
        let ups = path.split('/').take_while(|part| *part == "..").count();
        self.folder.strip_prefix(&self.bound).is_ok_and(|below| ups <= below.components().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_may_refer_to_what_is_in_its_project() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap();
        let folder = root.join("shop/docs/api");
        std::fs::create_dir_all(&folder).unwrap();
        let bound = |project: &str| Within::of(&folder.join("a.yaml"), &root.join(project)).unwrap().bound;
        assert_eq!(bound("elsewhere"), folder);
        assert_eq!(bound("shop/docs"), root.join("shop/docs"));
        std::fs::write(root.join("shop").join(NAME), "").unwrap();
        assert_eq!(bound("elsewhere"), root.join("shop"));
        std::fs::create_dir(root.join(".git")).unwrap();
        assert_eq!(bound("shop/docs"), root);
    }

    #[test]
    fn as_many_steps_up_are_taken_as_there_are_folders_below_the_bound() {
        let within = Within { folder: PathBuf::from("/p/a/b"), bound: PathBuf::from("/p") };
        for (path, expected) in [("x.yaml", true), ("../../x.yaml", true), ("../../../x.yaml", false)] {
            assert_eq!(within.holds(path), expected, "{path}");
        }
    }
}
