//! Several files as one.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// Files that cannot be packed.
#[derive(Debug, thiserror::Error)]
#[error("the files cannot be packed: {0}")]
pub struct PackageError(#[from] ZipError);

/// These files, by their names, as a ZIP.
pub fn package(files: &[(&str, &[u8])]) -> Result<Vec<u8>, PackageError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default())?;
        writer.write_all(content).map_err(ZipError::Io)?;
    }
    Ok(writer.finish()?.into_inner())
}
