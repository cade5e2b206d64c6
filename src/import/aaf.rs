//! AAF, the academic directory: `ENT_Complet_*.xml`, which an académie hands to its ENTs.
//!
//! One import takes several files in any order. A first pass over all of them finds the school, the
//! levels of the training modules, and which file holds whom; then pupils are read, then adults.
//!
//! What these files do not tell, and is not checked: the school year; and the school, unless an
//! `EtabEducNat` file stands among them, which then must name ours. Without it, pupils of a single
//! school are taken for ours, those of several are refused. With it, records of other schools are
//! passed over and counted.
//!
//! What is not kept: `ENTPersonAdresseDiffusion`, since no address is handed on to anybody, and what
//! a relative says of pupils: ties are read from the pupils alone. A group is taught as such; of
//! which classes it is made, these files do not tell for sure.

mod entry;
mod pupils;
mod relatives;
mod schools;
mod staff;

use super::adults::Adult;
use super::expected::Expected;
use super::levels::KnownLevels;
use super::reading::{Cause, Reading, SetAside};
use super::records::Records;
use super::refused::{Reason, Refused};
use super::source::Source;
use super::ties::Ties;
use entry::AddRequest;
use schools::Schools;

/// What the names of files with changes hold. They may be additions alone, which nothing inside
/// tells from a complete file: everybody else would seem to have left.
const CHANGES: &str = "ENT_DELTA";
const REQUESTS: [&str; 3] = ["addRequest", "modifyRequest", "deleteRequest"];

/// Adds pupils, their relatives and staff to the reading.
pub(super) fn read(
    files: &[Source<'_>],
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let mut survey = Survey::of(files, expected)?;
    let mut families = Families { ties: Ties::of("aaf"), adults: Vec::new() };
    for file in &survey.pupils {
        for_each_entry(*file, |entry| {
            let (levels, told) = (&survey.levels, !survey.relatives.is_empty());
            let families = told.then_some(&mut families);
            pupils::enter(entry, &mut survey.schools, levels, families, expected, reading)
        })?;
    }
    let has_pupils = reading.pupils.iter().any(|pupil| pupil.key.source() == "aaf");
    if let (Some(file), false) = (survey.relatives.first(), has_pupils) {
        return Err(Refused::new(file.label, None, Reason::PupilsMissing));
    }
    relatives::read(&survey, &mut families.ties, expected, reading)?;
    if !survey.relatives.is_empty() {
        families.ties.close(families.adults, reading);
    }
    let has_staff = staff::read(&mut survey, reading)?;
    if let (Some(file), false) = (files.first(), has_pupils || has_staff) {
        return Err(Refused::new(file.label, None, Reason::NobodyInside));
    }
    reading.covers.pupils |= has_pupils;
    reading.covers.guardians |= has_pupils && !survey.relatives.is_empty();
    reading.covers.staff |= has_staff;
    note_others(files, &survey.schools, reading);
    Ok(())
}

/// What ties adults to the pupils.
struct Families<'a> {
    ties: Ties,
    adults: Vec<Adult<'a>>,
}

/// What the first pass finds.
struct Survey<'a> {
    schools: Schools,
    levels: KnownLevels,
    /// The files that hold pupils.
    pupils: Vec<Source<'a>>,
    /// The files that hold relatives.
    relatives: Vec<Source<'a>>,
    /// The files that hold staff.
    staff: Vec<Source<'a>>,
}

impl<'a> Survey<'a> {
    fn of(files: &[Source<'a>], expected: &Expected) -> Result<Self, Refused> {
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

    fn note(&mut self, entry: &AddRequest<'a>, expected: &Expected) {
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
        if holders.last().is_none_or(|last| last.number != entry.source.number) {
            holders.push(entry.source);
        }
    }
}

/// Hands every record of a complete file to `take`.
fn for_each_entry<'a>(
    source: Source<'a>,
    mut take: impl FnMut(&AddRequest<'a>) -> Result<(), Reason>,
) -> Result<(), Refused> {
    if source.label.to_ascii_uppercase().contains(CHANGES) {
        return Err(Refused::new(source.label, None, Reason::ChangesOnly));
    }
    let mut records = Records::open(source)?;
    while let Some(record) = records.next_of(&REQUESTS)? {
        let line = record.line;
        let taken = match record.name.as_str() {
            "addRequest" => take(&AddRequest { source, record }),
            _ => Err(Reason::ChangesOnly),
        };
        taken.map_err(|reason| Refused::new(source.label, line, reason))?;
    }
    Ok(())
}

fn note_others(files: &[Source<'_>], schools: &Schools, reading: &mut Reading) {
    let Some(file) = files.first() else { return };
    let told = [
        (schools.others(), Cause::OtherSchool, "D'un autre établissement du même export"),
        (schools.of_none(), Cause::NoSchool, "Personnels sans fonction ni rattachement"),
    ];
    for (count, cause, who) in told.into_iter().filter(|(count, ..)| *count > 0) {
        reading.set_aside.push(SetAside {
            file: file.label.to_owned(),
            line: None,
            what: format!("{count} fiches"),
            cause,
            reason: format!("{who} : non reprises."),
        });
    }
}
