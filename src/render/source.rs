//! The files of templates: those inside the binary, and a folder that overrides them.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::error::{TemplateError, TemplateFault};

/// No file of a template is larger.
pub const MAX_FILE: usize = 64 * 1024;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/message-templates");

/// The files of one template: name to text.
pub type Files = BTreeMap<String, String>;

/// The files of every template. A folder in `override_folder` replaces the shipped template of its
/// name as a whole, so that no file of one meets a file of the other.
pub fn read_all(override_folder: Option<&Path>) -> Result<BTreeMap<String, Files>, TemplateError> {
    let mut all = BTreeMap::new();
    for folder in SHIPPED.dirs() {
        let name = name_of(folder.path());
        let mut files = Files::new();
        for file in folder.files() {
            let file_name = name_of(file.path());
            let text = text_of(file.contents().to_vec())
                .map_err(|fault| fault.at(&name, &file_name, None))?;
            files.insert(file_name, text);
        }
        all.insert(name, files);
    }
    if let Some(folder) = override_folder {
        all.extend(read_folder(folder)?);
    }
    Ok(all)
}

fn read_folder(folder: &Path) -> Result<BTreeMap<String, Files>, TemplateError> {
    let mut templates = BTreeMap::new();
    let entries = std::fs::read_dir(folder)
        .map_err(|error| unreadable(&error).at(&folder.display().to_string(), "", None))?;
    for entry in entries {
        let path = entry
            .map_err(|error| unreadable(&error).at(&folder.display().to_string(), "", None))?
            .path();
        let name = name_of(&path);
        if path.is_dir() && !name.starts_with('.') {
            templates.insert(name.clone(), read_template(&name, &path)?);
        }
    }
    Ok(templates)
}

fn read_template(name: &str, folder: &Path) -> Result<Files, TemplateError> {
    let mut files = Files::new();
    let entries =
        std::fs::read_dir(folder).map_err(|error| unreadable(&error).at(name, "", None))?;
    for entry in entries {
        let path = entry.map_err(|error| unreadable(&error).at(name, "", None))?.path();
        let file = name_of(&path);
        let ours = path.extension().is_some_and(|end| end == "hbs" || end == "toml");
        if ours && path.is_file() && !file.starts_with('.') {
            let text = read_file(&path).map_err(|fault| fault.at(name, &file, None))?;
            files.insert(file, text);
        }
    }
    Ok(files)
}

fn read_file(path: &Path) -> Result<String, TemplateFault> {
    let size = path.metadata().map_err(|error| unreadable(&error))?.len();
    if usize::try_from(size).is_ok_and(|size| size > MAX_FILE) {
        return Err(TemplateFault::TooLarge(MAX_FILE));
    }
    text_of(std::fs::read(path).map_err(|error| unreadable(&error))?)
}

fn text_of(bytes: Vec<u8>) -> Result<String, TemplateFault> {
    if bytes.len() > MAX_FILE {
        return Err(TemplateFault::TooLarge(MAX_FILE));
    }
    let text =
        String::from_utf8(bytes).map_err(|_| TemplateFault::Unreadable("is not UTF-8".into()))?;
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

fn unreadable(error: &std::io::Error) -> TemplateFault {
    TemplateFault::Unreadable(error.kind().to_string())
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
