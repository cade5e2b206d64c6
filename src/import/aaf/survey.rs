//! The first pass over all files: the school, the levels, and which file holds whom.

use super::entry::AddRequest;
use super::schools::Schools;
use crate::import::expected::Expected;
use crate::import::file_to_read::FileToRead;
use crate::import::levels::KnownLevels;
use crate::import::records::Records;
use crate::import::refused::{Reason, Refused};

/// What the names of files with changes hold. They may be additions alone, which nothing inside
/// tells from a complete file: everybody else would seem to have left.
const CHANGES: &str = "ENT_DELTA";
const REQUESTS: [&str; 3] = ["addRequest", "modifyRequest", "deleteRequest"];

/// What the first pass finds.
pub(super) struct Survey<'a> {
    pub(super) schools: Schools,
    pub(super) levels: KnownLevels,
    /// The files that hold pupils.
    pub(super) pupils: Vec<FileToRead<'a>>,
    /// The files that hold relatives.
    pub(super) relatives: Vec<FileToRead<'a>>,
    /// The files that hold staff.
    pub(super) staff: Vec<FileToRead<'a>>,
}

impl<'a> Survey<'a> {
    pub(super) fn of(files: &[FileToRead<'a>], expected: &Expected) -> Result<Self, Refused> {
        let mut survey = Self {
            schools: Schools::default(),
            levels: KnownLevels::default(),
            pupils: Vec::new(),
            relatives: Vec::new(),
            staff: Vec::new(),
        };
        for file in files {
            for_each_entry(*file, |entry| {
                survey.note(entry, expected);
                Ok(())
            })?;
        }
        survey.schools.check(expected)?;
        Ok(survey)
    }

    fn note(&mut self, entry: &AddRequest<'a, '_>, expected: &Expected) {
        let holders = match entry.category() {
            "Eleve" => &mut self.pupils,
            "PersRelEleve" => &mut self.relatives,
            "PersEducNat" => &mut self.staff,
            "EtabEducNat" => return self.schools.note(entry, expected),
            "Mef" | "MefEducNat" => {
                let labels = ["ENTNivFormation", "ENTLibelleMef"];
                return self.levels.learn(entry.id(), labels.map(|label| entry.first(&[label])));
            }
            _ => return,
        };
        if holders.last().is_none_or(|last| last.number != entry.file.number) {
            holders.push(entry.file);
        }
    }
}

/// Hands every record of a complete file to `take`.
pub(super) fn for_each_entry<'a>(
    file: FileToRead<'a>,
    mut take: impl FnMut(&AddRequest<'a, '_>) -> Result<(), Reason>,
) -> Result<(), Refused> {
    if file.label.to_ascii_uppercase().contains(CHANGES) {
        return Err(Refused::new(file.label, None, Reason::ChangesOnly));
    }
    let mut records = Records::open(file)?;
    while let Some(record) = records.next_of(&REQUESTS)? {
        let line = record.line();
        let taken = match record.name() {
            "addRequest" => take(&AddRequest { file, record }),
            _ => Err(Reason::ChangesOnly),
        };
        taken.map_err(|reason| Refused::new(file.label, line, reason))?;
    }
    Ok(())
}
