//! The school's templates: the shipped ones, and copies of its own, of which every earlier version is kept.

mod versions;

use std::path::{Path, PathBuf};

use super::School;
use crate::channel::Channel;
use crate::people::{Act, Actor};
use crate::render::{Files, TemplateError, TemplateInfo, Templates, template_files};
use crate::store::{StoreError, Tx, journal};

use versions::Versions;

/// A template, as the list shows it.
#[derive(Debug, Clone)]
pub struct TemplateListed {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub info: TemplateInfo,
    /// Whether the school has a copy of its own.
    pub is_own: bool,
}

/// A template with its files.
#[derive(Debug, Clone)]
pub struct TemplateShown {
    /// Its name, what it says of itself, whose it is.
    pub listed: TemplateListed,
    /// Its files, by name.
    pub files: Files,
    /// How many versions of the school's own came before this one; whoever saves says which they read.
    pub versions: usize,
}

/// Why a template stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum TemplateRefusal {
    /// There is none of this name.
    #[error("there is no template \"{0}\"")]
    NoSuchTemplate(String),
    /// It has no such version.
    #[error("the template \"{name}\" has no version {version}")]
    NoSuchVersion {
        /// Its name.
        name: String,
        /// What was asked for.
        version: usize,
    },
    /// Somebody saved it meanwhile.
    #[error("somebody saved the template \"{0}\" meanwhile; nothing was saved")]
    Changed(String),
    /// It does not hold.
    #[error("{0}; nothing was saved")]
    Fault(#[from] TemplateError),
    /// The folder.
    #[error("the folder of templates cannot be written: {0}")]
    Folder(#[from] std::io::Error),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Every template.
#[must_use]
pub fn templates(school: &School) -> Vec<TemplateListed> {
    let templates = school.renderer.templates();
    let own = written_to(school);
    let listed = |(name, info): (&str, &TemplateInfo)| TemplateListed {
        name: name.to_owned(),
        info: info.clone(),
        is_own: own.join(name).is_dir(),
    };
    templates.list().map(listed).collect()
}

/// One template with its files.
pub fn show_template(school: &School, name: &str) -> Result<TemplateShown, TemplateRefusal> {
    let own = school.config.templates.read_from(&school.folder);
    let files = template_files(own.as_deref())?.remove(name);
    let listed = templates(school).into_iter().find(|it| it.name == name);
    let no_such = || TemplateRefusal::NoSuchTemplate(name.to_owned());
    let (listed, files) = listed.zip(files).ok_or_else(no_such)?;
    let versions = Versions::of(&written_to(school), name).count();
    Ok(TemplateShown { listed, files, versions })
}

/// The files of an earlier version of the school's own.
pub fn template_version(
    school: &School,
    name: &str,
    version: usize,
) -> Result<Files, TemplateRefusal> {
    show_template(school, name)?;
    let folder = written_to(school);
    let no_such = TemplateRefusal::NoSuchVersion { name: name.to_owned(), version };
    Versions::of(&folder, name).read(version)?.ok_or(no_such)
}

/// Saves the school's own copy of a template, where it holds: it is read, and rendered for sample people on every
/// channel, before anything is written. What was there is kept as a version, and messages are worded anew from now on.
pub async fn save_template(
    school: &School,
    actor: Actor,
    name: &str,
    files: Files,
    read: usize,
) -> Result<(), TemplateRefusal> {
    let shown = show_template(school, name)?;
    let folder = written_to(school);
    if shown.versions != read {
        return Err(TemplateRefusal::Changed(name.to_owned()));
    }
    Templates::try_out(name, &files)?;
    Versions::of(&folder, name).put(&files)?;
    take_up(school, &folder)?;
    let (id, by, about) = (school.queue.school().clone(), school.by(actor), name.to_owned());
    let note = move |tx: &Tx<'_>| journal::note(tx, &id, &by, Act::EditTemplate, &about);
    Ok(school.store().write(note).await?)
}

fn take_up(school: &School, folder: &Path) -> Result<(), TemplateError> {
    let rules = school.renderer.templates().sms_rules();
    school.renderer.take_up(Templates::load(Some(folder))?.with_sms_rules(rules));
    Ok(())
}

/// What a template says, with its examples, to a sample person on each of its channels.
pub fn template_sample(
    school: &School,
    name: &str,
) -> Result<Vec<(Channel, String)>, TemplateRefusal> {
    Ok(school.renderer.templates().sample(name)?)
}

/// What these files would say in its place, where they hold; nothing is written.
pub fn try_template(
    school: &School,
    name: &str,
    files: &Files,
) -> Result<Vec<(Channel, String)>, TemplateRefusal> {
    show_template(school, name)?;
    let rules = school.renderer.templates().sms_rules();
    Ok(Templates::try_out(name, files)?.with_sms_rules(rules).sample(name)?)
}

fn written_to(school: &School) -> PathBuf {
    school.config.templates.written_to(&school.folder)
}
