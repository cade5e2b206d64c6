//! For whom a document is, and what it is called, by where it lies.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::audience::{NamesError, Roll, pupils_named};
use crate::message::{AskedBack, StandingDocument, WorkOn};
use crate::people::{MeantFor, Pupil, Whom, unaccented_capitals};
use crate::render::documents::SheetShape;
use crate::render::letters::unprintable;

/// Letters of the longest subject or title: a line of the list of contents.
const LONGEST_NAME: usize = 80;
/// The folder whose documents are for every pupil, as it is compared.
const FOR_EVERYBODY: &str = "TOUS";
/// What stands in parentheses at the end of the name of a document whose work is asked back, as it is compared, and on what
/// that is done.
const ASKED_BACK: [(&str, WorkOn); 2] =
    [("A RENDRE", WorkOn::Pages), ("COPIE A RENDRE", WorkOn::Sheet)];
/// What stands there where it becomes a booklet of A5.
const BOOKLET: &str = "LIVRET";

/// A document whose place was read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PlacedDocument {
    /// For whom it is.
    pub(super) meant_for: MeantFor,
    /// What it is about; empty where no folder says so.
    pub(super) subject: String,
    /// What it is called.
    pub(super) title: String,
}

/// A file whose place was read.
pub(super) struct PlacedFile {
    pub(super) placed: PlacedDocument,
    pub(super) asked_back: Option<AskedBack>,
    pub(super) shape: SheetShape,
    /// What it becomes, where it is a table or a calendar.
    pub(super) standing: Option<StandingDocument>,
}

/// What stands in parentheses at the end of the name of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameMark {
    /// The work is asked back, done on this.
    AskedBack(WorkOn),
    /// It becomes a booklet of A5.
    Booklet,
}

/// What is wrong with the place of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PlaceFault {
    /// It lies in no folder.
    #[error("it lies in no folder that says for whom: 6A, 6e, a group, DURAND Zoé, TOUS")]
    NoFolder,
    /// Its folder names nobody.
    #[error("no class, level, group or pupil is called so")]
    Nobody,
    /// Its folder names a class and a level, or a group.
    #[error(
        "a class, a level or a group have this name in common: write it as the school does (6e or 6E)"
    )]
    Ambiguous,
    /// Its folder names several pupils.
    #[error("several pupils are called so: add the class (DURAND Zoé;6A)")]
    Several,
    /// It is for others than the pupils of whoever leaves it.
    #[error("it is for pupils with whom whoever leaves it has nothing to do")]
    NotYours,
    /// What it is called cannot be printed.
    #[error(
        "its name, or that of its folder, cannot be printed, or has more than {LONGEST_NAME} letters"
    )]
    BadName,
}

/// Reads the place of a document: `6A`, `maths`, `fractions (à rendre).pdf`; and what its name asks for.
pub(super) fn place(
    roll: &Roll,
    today: Date,
    whom: &Whom,
    place: &[String],
) -> Result<(PlacedDocument, Option<NameMark>), PlaceFault> {
    let (name, folders) = place.split_last().ok_or(PlaceFault::NoFolder)?;
    let (folder, subjects) = folders.split_first().ok_or(PlaceFault::NoFolder)?;
    let meant_for = meant_for(roll, today, folder)?;
    let pupil = match &meant_for {
        MeantFor::Pupil(key) => roll.pupils.iter().find(|pupil| pupil.key == *key),
        _ => None,
    };
    if !is_within(whom, &meant_for, pupil) {
        // Whoever has pupils of their own is told of no other.
        return Err(if pupil.is_some() { PlaceFault::Nobody } else { PlaceFault::NotYours });
    }
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let (subject, stem) = (in_words(&subjects.join(", ")), in_words(stem));
    let (title, mark) = marked(&stem);
    let title = title.to_owned();
    if title.is_empty() || !can_be_printed(&title) || !can_be_printed(&subject) {
        return Err(PlaceFault::BadName);
    }
    Ok((PlacedDocument { meant_for, subject, title }, mark))
}

/// A title without its mark.
fn marked(name: &str) -> (&str, Option<NameMark>) {
    let said = name.strip_suffix(')').and_then(|it| it.rsplit_once('('));
    let Some((title, said)) = said else { return (name, None) };
    let said = unaccented_capitals(said);
    let asked = ASKED_BACK.into_iter().find(|(mark, _)| *mark == said);
    let mark = asked.map(|(_, on)| NameMark::AskedBack(on));
    match mark.or_else(|| (said == BOOKLET).then_some(NameMark::Booklet)) {
        Some(mark) => (title.trim_end(), Some(mark)),
        None => (name, None),
    }
}

/// A name of a file as people read it: `fractions_1` is « fractions 1 ».
fn in_words(name: &str) -> String {
    let words = name.split(|sign: char| sign.is_whitespace() || sign == '_');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn can_be_printed(name: &str) -> bool {
    let is_control = |sign: char| sign.is_control();
    name.chars().count() <= LONGEST_NAME
        && !name.contains(is_control)
        && (name.is_ascii() || unprintable(name).is_empty())
}

/// Whether a folder names a class, a level, a pupil or everybody: what a group is called may be a subject too.
pub(super) fn says_for_whom(roll: &Roll, today: Date, folder: &str) -> bool {
    !matches!(meant_for(roll, today, folder), Ok(MeantFor::Group(_)) | Err(PlaceFault::Nobody))
}

/// The pupils whom a folder names.
pub(in crate::office) fn meant_for(
    roll: &Roll,
    today: Date,
    folder: &str,
) -> Result<MeantFor, PlaceFault> {
    let wanted = unaccented_capitals(folder);
    if wanted == FOR_EVERYBODY {
        return Ok(MeantFor::Everybody);
    }
    let (mut exactly, mut alike) = (BTreeSet::new(), BTreeSet::new());
    for pupil in &roll.pupils {
        let class = pupil.class.iter().cloned().map(MeantFor::Class);
        let level = pupil.level.iter().cloned().map(MeantFor::Level);
        let groups = pupil.groups.iter().cloned().map(MeantFor::Group);
        for one in class.chain(level).chain(groups) {
            if one.name() == folder {
                exactly.insert(one);
            } else if unaccented_capitals(one.name()) == wanted {
                alike.insert(one);
            }
        }
    }
    // Written as it is, `6e` is a level and `6E` a class; written otherwise, nobody knows which.
    for found in [exactly, alike] {
        match (found.len(), found.into_iter().next()) {
            (1, Some(meant)) => return Ok(meant),
            (0, _) => {}
            _ => return Err(PlaceFault::Ambiguous),
        }
    }
    match pupils_named(roll, folder.as_bytes(), today) {
        Ok(named) => named.into_iter().next().map(MeantFor::Pupil).ok_or(PlaceFault::Nobody),
        Err(NamesError::Several(_)) => Err(PlaceFault::Several),
        Err(_) => Err(PlaceFault::Nobody),
    }
}

/// Whether whoever has to do with these pupils has to do with what is meant for those; `pupil` is the one for whom
/// it is alone.
pub(in crate::office) fn is_within(
    whom: &Whom,
    meant_for: &MeantFor,
    pupil: Option<&Pupil>,
) -> bool {
    let is_for_all = *whom == Whom::Everybody;
    match meant_for {
        MeantFor::Everybody | MeantFor::Level(_) | MeantFor::Group(_) => is_for_all,
        MeantFor::Class(class) => whom.has_class(class),
        MeantFor::Pupil(_) => is_for_all || pupil.is_some_and(|pupil| whom.has_pupil(pupil)),
    }
}
