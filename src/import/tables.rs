//! Tables: ONDE, the four CSVs of an Edifice ENT, and any other one, read after the XML files since
//! guardians are tied to pupils of either.

use std::collections::HashSet;

use crate::people::{PupilKey, Standing};

use super::columns::{Field, Head, What, Whose};
use super::drafts::{Draft, settle};
use super::fields::Place;
use super::reading::{Cause, HeaderMap, Reading};
use super::refused::{Reason, Refused};
use super::rows::{Line, sound_lines};
use super::sheet::Sheet;
use super::table_people::{self, Roll};
use super::table_pupils::Pupils;
use super::{Expected, Kind, Source};

/// Of whom a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum People {
    Pupils,
    Guardians,
    Staff,
}

/// A table, understood but not read yet.
pub(super) struct Table<'a> {
    source: Source<'a>,
    kind: Kind,
    people: People,
    sheet: Sheet,
}

impl<'a> Table<'a> {
    /// Reads the rows, and tells by the titles what they are.
    pub(super) fn open(source: Source<'a>, expected: &Expected) -> Result<Self, Refused> {
        let mut sheet = Sheet::read(source, &expected.maps)?;
        let Some((kind, people)) = told_by(&sheet.head) else {
            let reason = Reason::UntoldPeople { understood: sheet.head.words() };
            return Err(Refused::new(source.label, None, reason));
        };
        sheet.head.keep(match people {
            People::Pupils => table_people::is_of_pupils,
            People::Guardians => table_people::is_of_guardians,
            People::Staff => table_people::is_of_staff,
        });
        Ok(Self { source, kind, people, sheet })
    }

    /// What it is.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    fn header_map(&self) -> HeaderMap {
        HeaderMap {
            file: self.source.label.to_owned(),
            head: self.sheet.head.joined(),
            columns: self.sheet.head.understood(),
        }
    }

    /// Its rows; a table without a single person is refused.
    fn lines<'t>(&'t self, reading: &mut Reading) -> Result<Vec<Line<'t>>, Refused> {
        let lines = sound_lines(&self.sheet, self.source, &mut reading.set_aside);
        if lines.is_empty() {
            return Err(Refused::new(self.source.label, None, Reason::NobodyInside));
        }
        Ok(lines)
    }
}

/// Adds the people of all tables to the reading.
pub(super) fn read(
    tables: &[Table<'_>],
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    reading.columns = tables.iter().map(Table::header_map).collect();
    let of = |people| tables.iter().filter(move |table| table.people == people);
    let mut pupils = Pupils::default();
    for table in of(People::Pupils) {
        for line in table.lines(reading)? {
            pupils.take(line, table.kind, &expected.region, &mut reading.set_aside);
        }
    }
    let mut drafts = pupils.settle(reading);
    drafts.extend(guardians(of(People::Guardians), expected, reading)?);
    let tells_of_guardians = !drafts.is_empty();
    for table in of(People::Staff) {
        for line in table.lines(reading)? {
            let region = &expected.region;
            let set_aside = &mut reading.set_aside;
            drafts.extend(table_people::staff(line, table.kind, region, set_aside));
        }
    }
    settle(drafts, reading);
    if tells_of_guardians {
        note_unrepresented(tables, reading);
    }
    for table in tables {
        cover(table, tables, reading);
    }
    Ok(())
}

fn guardians<'t>(
    tables: impl Iterator<Item = &'t Table<'t>>,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<Vec<Draft<'t>>, Refused> {
    let roll = Roll::of(reading);
    let mut drafts = Vec::new();
    for table in tables {
        if reading.pupils.is_empty() {
            return Err(Refused::new(table.source.label, None, Reason::PupilsMissing));
        }
        for line in table.lines(reading)? {
            let region = &expected.region;
            drafts.extend(table_people::guardian(line, table.kind, region, &roll, reading));
        }
    }
    Ok(drafts)
}

/// Names the pupils of tables whom no guardian stands for.
fn note_unrepresented(tables: &[Table<'_>], reading: &mut Reading) {
    let represented: HashSet<&PupilKey> = reading
        .guardianships
        .iter()
        .filter(|tie| tie.standing == Standing::LegalRepresentative)
        .map(|tie| &tie.pupil)
        .collect();
    for pupil in reading.pupils.iter().filter(|pupil| !represented.contains(&pupil.key)) {
        let Some(origin) = reading.pupil_origins.get(&pupil.key) else { continue };
        let table = tables.iter().find(|table| table.source.number == origin.file);
        if let Some(Table { source, .. }) = table {
            let what = format!("élève {}", pupil.display_name());
            let place = Place { source: *source, line: origin.line.into(), what };
            let reason = "Aucun responsable dans les fichiers : personne ne sera prévenu.";
            reading.set_aside.push(place.set_aside(Cause::NoLegalRepresentative, reason));
        }
    }
}

/// ONDE and the ENT give everybody; of any other table nobody knows what it leaves out.
fn cover(table: &Table<'_>, tables: &[Table<'_>], reading: &mut Reading) {
    let covers = &mut reading.covers;
    match (table.kind, table.people) {
        (Kind::OndePupils, _) | (Kind::Edifice, People::Pupils) => covers.pupils = true,
        (Kind::OndeGuardians, _) | (Kind::Edifice, People::Guardians) => covers.guardians = true,
        (Kind::OndeTeachers, _) => covers.staff = true,
        // Teachers have classes, the others have none: two files.
        (Kind::Edifice, People::Staff) => {
            let has_classes = |table: &Table<'_>| table.sheet.head.has(Field::own(What::Class));
            let is_other = |other: &&Table<'_>| {
                other.kind == Kind::Edifice
                    && other.people == People::Staff
                    && has_classes(other) != has_classes(table)
            };
            covers.staff |= tables.iter().any(|other| is_other(&other));
        }
        _ => {}
    }
}

/// What a table is and of whom, by its titles.
fn told_by(head: &Head) -> Option<(Kind, People)> {
    let has = |what| head.has(Field::own(what));
    let has_titles = |titles: &[&str]| titles.iter().all(|title| head.has_title(title));
    if !has(What::FamilyName) && !has(What::UsageName) {
        return None;
    }
    if has_titles(&["nomresponsable", "prenomresponsable"]) && head.tells_of(Whose::Child) {
        return Some((Kind::OndeGuardians, People::Guardians));
    }
    if has_titles(&["nomeleve", "cycle", "niveau"]) {
        return Some((Kind::OndePupils, People::Pupils));
    }
    if has_titles(&["nom", "prenom", "directeur", "classe"]) {
        return Some((Kind::OndeTeachers, People::Staff));
    }
    let kind = if has_titles(&["externalid"]) { Kind::Edifice } else { Kind::Table };
    let tells_of_staff =
        [What::Function, What::Subject, What::Skills, What::FormTeacher, What::Head];
    let tells_of_pupils = [What::Class, What::Level, What::Group, What::Ine];
    let has_relatives = head.tells_of(Whose::FirstRelative) || head.tells_of(Whose::SecondRelative);
    let people = if head.tells_of(Whose::Child) {
        People::Guardians
    } else if tells_of_staff.into_iter().any(has) {
        People::Staff
    } else if tells_of_pupils.into_iter().any(has) || has_relatives {
        People::Pupils
    } else {
        return None;
    };
    Some((kind, people))
}
