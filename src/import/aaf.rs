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
mod survey;

use crate::people::Source;

use super::expected::Expected;
use super::file_to_read::FileToRead;
use super::reading::{Cause, Reading, SetAside};
use super::refused::{Reason, Refused};
use super::ties::Ties;
use pupils::Families;
use schools::Schools;
use survey::{Survey, for_each_entry};

/// Adds pupils, their relatives and staff to the reading.
pub(super) fn read(
    files: &[FileToRead<'_>],
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let mut survey = Survey::of(files, expected)?;
    let mut families = Families { ties: Ties::of(Source::Aaf), adults: Vec::new() };
    for file in &survey.pupils {
        for_each_entry(*file, |entry| {
            let (levels, told) = (&survey.levels, !survey.relatives.is_empty());
            let families = told.then_some(&mut families);
            pupils::enter(entry, &mut survey.schools, levels, families, expected, reading)
        })?;
    }
    let has_pupils = reading.pupils.iter().any(|pupil| pupil.key.source() == Some(Source::Aaf));
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

fn note_others(files: &[FileToRead<'_>], schools: &Schools, reading: &mut Reading) {
    let Some(file) = files.first() else { return };
    let told = [
        (schools.others(), Cause::OtherSchool, "D’un autre établissement du même export"),
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
