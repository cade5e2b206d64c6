//! Tables: ONDE, the four CSVs of an Edifice ENT, and any other one, read after the XML files since
//! guardians are tied to pupils of either.

use std::collections::HashSet;

use crate::people::{PupilKey, Standing};

use super::columns::{Field, What, Whose};
use super::content::FileContent;
use super::drafts::{PersonDraft, settle};
use super::expected::Expected;
use super::fields::RemarkPlace;
use super::file_to_read::FileToRead;
use super::reading::{Cause, HeaderMap, Reading, SetAside};
use super::refused::{Reason, Refused};
use super::rows::{TableLine, sound_lines};
use super::sheet::Room;
use super::sheets::{TitledRows, TitledSheets};
use super::table_children::{Births, KnownPupils};
use super::table_people;
use super::table_pupils::Pupils;
use super::whose_table::{self, TableOf};
use super::{Kind, unread};

/// Things to look at in one import, beyond which its tables are no lists of people.
const MOST_REMARKS: usize = 100_000;

/// A table, understood but not read yet.
pub(super) struct Table {
    number: u32,
    label: String,
    kind: Kind,
    people: TableOf,
    list: TitledRows,
    /// Whether it is one of several sheets of its workbook: then it may hold nobody.
    is_of_several: bool,
}

impl Table {
    /// Reads the rows of a file, sheet by sheet, and tells by the titles what they are.
    pub(super) fn open_all(
        file: FileToRead<'_>,
        expected: &Expected,
        room: &mut Room,
        set_aside: &mut Vec<SetAside>,
    ) -> Result<Vec<Self>, Refused> {
        let TitledSheets { lists, left_out } = TitledSheets::read(file, &expected.maps, room)?;
        set_aside.extend(left_out);
        let is_of_several = lists.len() > 1;
        let mut tables = Vec::with_capacity(lists.len());
        for (number, list) in (file.number..).zip(lists) {
            let label = list.label(file.label, is_of_several);
            let refused = |reason| Refused::new(&label, None, reason);
            let (kind, people) = whose_table::told_by(&list.head)
                .ok_or_else(|| refused(Reason::UntoldPeople { understood: list.head.words() }))?;
            let adults = whose_table::check(&list, people, expected.today).map_err(refused)?;
            let mut table = Self { number, label, kind, people, list, is_of_several };
            table.keep_what_is_used();
            table.take_faults(set_aside);
            let reason = "Date de naissance de plus de 25 ans : une erreur ? Élève repris.";
            let remark = |line| table.remark(line, Cause::BadDate, reason.to_owned());
            set_aside.extend(adults.into_iter().map(remark));
            tables.push(table);
        }
        Ok(tables)
    }

    /// What it is.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// What the office calls it.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    fn file(&self) -> FileToRead<'_> {
        FileToRead { number: self.number, label: &self.label, content: FileContent::Memory(&[]) }
    }

    fn keep_what_is_used(&mut self) {
        self.list.head.keep(match self.people {
            TableOf::Pupils => table_people::is_of_pupils,
            TableOf::Guardians => table_people::is_of_guardians,
            TableOf::Staff => table_people::is_of_staff,
        });
    }

    fn remark(&self, line: u64, cause: Cause, reason: String) -> SetAside {
        RemarkPlace { file: self.file(), line, what: format!("ligne {line}") }
            .set_aside(cause, reason)
    }

    /// Takes cells whose formula has no value for empty; those that would be read are told.
    fn take_faults(&mut self, set_aside: &mut Vec<SetAside>) {
        let mut rows = std::mem::take(&mut self.list.rows);
        for row in &mut rows {
            for column in row.take_faults() {
                if self.list.head.takes(column) {
                    let title = self.list.head.title(column);
                    let reason = format!("{title} : formule sans valeur, cellule lue comme vide.");
                    set_aside.push(self.remark(row.line, Cause::NoValue, reason));
                }
            }
        }
        self.list.rows = rows;
    }

    fn header_map(&self, region: &str) -> HeaderMap {
        HeaderMap {
            file: self.label.clone(),
            head: self.list.head.joined(),
            columns: self.list.head.understood(),
            unread: unread::columns(&self.list, region),
        }
    }

    /// Its rows; a file without a single person is refused.
    fn lines<'t>(&'t self, reading: &mut Reading) -> Result<Vec<TableLine<'t>>, Refused> {
        let lines = sound_lines(&self.list, self.file(), &mut reading.set_aside)
            .map_err(|(line, reason)| Refused::new(&self.label, line, reason))?;
        if lines.is_empty() && !self.is_of_several {
            return Err(Refused::new(&self.label, None, Reason::NobodyInside));
        }
        self.check_remarks(reading)?;
        Ok(lines)
    }

    /// Refuses what would fill the memory with remarks.
    fn check_remarks(&self, reading: &Reading) -> Result<(), Refused> {
        let are_too_many = reading.set_aside.len() > MOST_REMARKS;
        let refused = || Refused::new(&self.label, None, Reason::TooManyFaults(MOST_REMARKS));
        if are_too_many { Err(refused()) } else { Ok(()) }
    }
}

/// Adds the people of all tables to the reading.
pub(super) fn read(
    tables: &[Table],
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    if tables.is_empty() {
        return Ok(());
    }
    let region = &expected.region;
    reading.columns = tables.iter().map(|table| table.header_map(region)).collect();
    let of = |people| tables.iter().filter(move |table| table.people == people);
    let mut pupils = Pupils::default();
    for table in of(TableOf::Pupils) {
        for line in table.lines(reading)? {
            pupils.take(line, table.kind, region, &mut reading.set_aside);
            table.check_remarks(reading)?;
        }
    }
    let of_child = Field { whose: Whose::Child, what: What::BirthDate };
    let asks_for_births = tables.iter().any(|table| table.list.head.has(of_child));
    let (mut drafts, births) = pupils.settle(asks_for_births, reading);
    drafts.extend(guardians(of(TableOf::Guardians), &births, expected, reading)?);
    let tells_of_guardians = !drafts.is_empty();
    for table in of(TableOf::Staff) {
        for line in table.lines(reading)? {
            let set_aside = &mut reading.set_aside;
            drafts.extend(table_people::staff(line, table.kind, region, set_aside));
            table.check_remarks(reading)?;
        }
    }
    settle(drafts, reading);
    // Each of the sheets of a workbook may hold nobody, but not all of them.
    if let (Some(first), true, true) =
        (tables.first(), reading.pupils.is_empty(), reading.persons.is_empty())
    {
        return Err(Refused::new(&first.label, None, Reason::NobodyInside));
    }
    if tells_of_guardians {
        note_unrepresented(tables, reading);
    }
    for table in tables {
        cover(table, tables, reading);
    }
    for (table, columns) in tables.iter().zip(reading.columns.clone()) {
        if table.people == TableOf::Pupils {
            unread::note_if_nobody_told(table.number, &columns.unread, reading);
        }
    }
    Ok(())
}

fn guardians<'t>(
    tables: impl Iterator<Item = &'t Table>,
    births: &Births,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<Vec<PersonDraft<'t>>, Refused> {
    let roll = KnownPupils::of(reading, births);
    let mut drafts = Vec::new();
    for table in tables {
        if reading.pupils.is_empty() {
            return Err(Refused::new(&table.label, None, Reason::PupilsMissing));
        }
        for line in table.lines(reading)? {
            let region = &expected.region;
            drafts.extend(table_people::guardian(line, table.kind, region, &roll, reading));
            table.check_remarks(reading)?;
        }
    }
    Ok(drafts)
}

/// Names the pupils of tables whom no guardian stands for.
fn note_unrepresented(tables: &[Table], reading: &mut Reading) {
    let represented: HashSet<&PupilKey> = reading
        .guardianships
        .iter()
        .filter(|tie| tie.standing == Standing::LegalRepresentative)
        .map(|tie| &tie.pupil)
        .collect();
    for pupil in reading.pupils.iter().filter(|pupil| !represented.contains(&pupil.key)) {
        let Some(origin) = reading.pupil_origins.get(&pupil.key) else { continue };
        let table = tables.iter().find(|table| table.number == origin.file);
        if let Some(table) = table {
            let what = format!("élève {}", pupil.display_name());
            let place = RemarkPlace { file: table.file(), line: origin.line.into(), what };
            let reason = "Aucun responsable dans les fichiers : personne ne sera prévenu.";
            reading.set_aside.push(place.set_aside(Cause::NoLegalRepresentative, reason));
        }
    }
}

/// ONDE and the ENT give everybody; of any other table nobody knows what it leaves out.
fn cover(table: &Table, tables: &[Table], reading: &mut Reading) {
    let covers = &mut reading.covers;
    match (table.kind, table.people) {
        (Kind::OndePupils, _) | (Kind::Edifice, TableOf::Pupils) => covers.pupils = true,
        (Kind::OndeGuardians, _) | (Kind::Edifice, TableOf::Guardians) => covers.guardians = true,
        (Kind::OndeTeachers, _) => covers.staff = true,
        // Teachers have classes, the others have none: two files.
        (Kind::Edifice, TableOf::Staff) => {
            let has_classes = |table: &Table| table.list.head.has(Field::own(What::Class));
            let is_other = |other: &&Table| {
                other.kind == Kind::Edifice
                    && other.people == TableOf::Staff
                    && has_classes(other) != has_classes(table)
            };
            covers.staff |= tables.iter().any(|other| is_other(&other));
        }
        _ => {}
    }
}
