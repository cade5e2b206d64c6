//! The versions of one template of the school's own: what stands in its folder, and before it what once stood
//! there, in a folder that nobody reads templates from.

use std::io;
use std::path::{Path, PathBuf};

use crate::render::Files;

/// Begins with a dot, as nothing does that is a template.
const EARLIER: &str = ".versions";
const NEW: &str = ".nouveau";
/// More than any school saves.
const MOST: usize = 9_999;

pub(super) struct Versions {
    /// Where the template stands.
    place: PathBuf,
    /// Where it is written before it stands there.
    new: PathBuf,
    /// Where the earlier ones stand, numbered from 1.
    earlier: PathBuf,
}

impl Versions {
    /// Those of a template. Its name is one that was found in the folder or in the program.
    pub(super) fn of(folder: &Path, name: &str) -> Self {
        let earlier = folder.join(EARLIER).join(name);
        Self { place: folder.join(name), new: folder.join(format!("{NEW}-{name}")), earlier }
    }

    /// How many came before.
    pub(super) fn count(&self) -> usize {
        (1..=MOST).take_while(|number| self.path(*number).is_dir()).count()
    }

    /// The files of one of them.
    pub(super) fn read(&self, number: usize) -> io::Result<Option<Files>> {
        let path = self.path(number);
        if number == 0 || !path.is_dir() {
            return Ok(None);
        }
        let mut files = Files::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            files.insert(name, std::fs::read_to_string(entry.path())?);
        }
        Ok(Some(files))
    }

    /// Puts files in the place of what stands there, which becomes the last version. The first own copy has none
    /// before it but the shipped one, which stays in the program: it is kept as an empty version.
    pub(super) fn put(&self, files: &Files) -> io::Result<()> {
        if self.new.exists() {
            std::fs::remove_dir_all(&self.new)?;
        }
        std::fs::create_dir_all(&self.new)?;
        for (name, text) in files {
            std::fs::write(self.new.join(name), text)?;
        }
        let kept = self.path(self.count() + 1);
        std::fs::create_dir_all(&self.earlier)?;
        if self.place.is_dir() {
            std::fs::rename(&self.place, kept)?;
        } else {
            std::fs::create_dir(kept)?;
        }
        std::fs::rename(&self.new, &self.place)
    }

    fn path(&self, number: usize) -> PathBuf {
        self.earlier.join(format!("{number:04}"))
    }
}
