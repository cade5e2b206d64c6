//! Programs of others that this machine may have: they are used where they are installed, and nothing needs them.

use std::path::PathBuf;

/// The first program of one of these names, in the folders where programs lie (`PATH`).
#[must_use]
pub fn program(names: &[&str]) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    let mut places = folders.iter().flat_map(|it| names.iter().map(|name| it.join(name)));
    places.find(|program| program.is_file())
}
