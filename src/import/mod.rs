//! What schools export: SIECLE (pupils, guardians), STS (staff), the academic directory AAF, ONDE, the
//! ENT's and any other table, zipped or not, read into the words of [`people`](crate::people).
//!
//! [`read`] takes the files of one import together, checks that they are of the expected school and
//! year, and gives everything or nothing. It knows no clock, and of the disk only the files themselves.
//!
//! The next source is one more [`Kind`] and one more reader file beside these.

mod aaf;
mod adults;
mod aliases;
mod archive;
mod calendar;
mod call_sheet;
mod cell;
mod columns;
mod content;
mod decode;
mod delimited;
mod diary;
mod diary_calendar;
mod diary_day;
mod diary_table;
mod diary_week;
mod drafts;
mod encoded_twice;
mod envelopes;
mod excel;
mod expected;
mod fields;
mod file_to_read;
mod foreign;
mod full_name;
mod header;
mod keys;
mod kind;
mod levels;
mod markup;
mod one_byte;
mod one_line;
mod open_document;
mod reading;
mod record;
mod records;
mod refused;
mod rows;
mod sheet;
mod sheets;
mod siecle_communs;
mod siecle_guardians;
mod siecle_pupils;
mod spoilt_class;
mod sts;
mod table_children;
mod table_columns;
mod table_people;
mod table_pupils;
mod tables;
mod text;
mod ties;
mod titles;
mod unread;
mod whose_table;

use file_to_read::FileToRead;
use levels::KnownLevels;
use records::Records;
use sheet::Room;
use tables::Table;

pub use call_sheet::{BadCallSheet, CallLine, CallSheetFault, call_sheet};
pub use columns::{ColumnMap, Field, UnknownField, What, Whose};
pub use content::FileContent;
pub use diary::{diary, is_diary};
pub use diary_week::{
    AsTold, BadDiary, DiaryEntry, DiaryFault, DiaryPart, DiaryWeek, LARGEST_DIARY_MEBIBYTES,
    MOST_DIARY_LINES, MOST_LESSONS, MOST_SAID,
};
pub use expected::Expected;
pub use file_to_read::SourceFile;
pub use foreign::Foreign;
pub use kind::Kind;
pub use reading::{
    Cause, Covers, FileKind, HeaderMap, NobodyTold, Origin, Origins, Reading, SchoolSheet,
    SetAside, Unread,
};
pub use refused::{AdultSign, Reason, Refused};
pub use table_columns::{ColumnShown, TableColumns, columns_of};

/// Reads the files of one import. Nothing partial: the first bad file refuses them all.
pub fn read(files: &[SourceFile<'_>], expected: &Expected) -> Result<Reading, Refused> {
    let files = archive::opened(files)?;
    let mut reading = Reading::default();
    let mut opened: Vec<(Kind, FileToRead<'_>, Records<'_>)> = Vec::new();
    let mut tables: Vec<Table> = Vec::new();
    let mut room = Room::of_an_import();
    for unpacked in &files {
        let number = u32::try_from(reading.files.len()).unwrap_or(u32::MAX);
        let file = FileToRead { number, label: &unpacked.label, content: unpacked.content() };
        file.refuse_foreign()?;
        if unpacked.may_be_table {
            for table in Table::open_all(file, expected, &mut room, &mut reading.set_aside)? {
                enter_file(table.label(), table.kind(), &mut reading)?;
                tables.push(table);
            }
        } else {
            let records = Records::open(file)?;
            let kind = kind_of(&records)?;
            file.content.expect_only(kind.times_read());
            enter_file(file.label, kind, &mut reading)?;
            opened.push((kind, file, records));
        }
    }
    let mut take = |kind| {
        let at = opened.iter().position(|(other, ..)| *other == kind)?;
        let (_, file, records) = opened.swap_remove(at);
        Some((file, records))
    };
    let nomenclature = take(Kind::SiecleNomenclature).map(|(_, records)| records);
    let structures = take(Kind::SiecleStructures).map(|(_, records)| records);
    let levels = KnownLevels::read(nomenclature, structures, expected)?;
    if let Some((_, records)) = take(Kind::SiecleCommuns) {
        siecle_communs::read(records, expected, &mut reading)?;
    }
    let mut adults = Vec::new();
    if let Some((_, records)) = take(Kind::SiecleEleves) {
        adults = siecle_pupils::read(records, &levels, expected, &mut reading)?;
    }
    if let Some((_, records)) = take(Kind::SiecleResponsables) {
        if !reading.covers.pupils {
            return Err(records.refused(Reason::PupilsMissing));
        }
        siecle_guardians::read(records, adults, expected, &mut reading)?;
    }
    if let Some((_, records)) = take(Kind::Sts) {
        sts::read(records, expected, &mut reading)?;
    }
    let mut directory: Vec<FileToRead<'_>> =
        std::iter::from_fn(|| take(Kind::Aaf)).map(|(file, _)| file).collect();
    if !directory.is_empty() {
        directory.sort_by_key(|file| file.number);
        aaf::read(&directory, expected, &mut reading)?;
    }
    tables::read(&tables, expected, &mut reading)?;
    one_line::settle(&mut reading);
    envelopes::check(&mut reading);
    reading.shrink_to_fit();
    Ok(reading)
}

fn enter_file(label: &str, kind: Kind, reading: &mut Reading) -> Result<(), Refused> {
    if !kind.may_repeat() && reading.files.iter().any(|other| other.kind == kind) {
        return Err(Refused::new(label, None, Reason::SecondOfItsKind(kind)));
    }
    reading.files.push(FileKind { label: label.to_owned(), kind });
    Ok(())
}

fn kind_of(records: &Records<'_>) -> Result<Kind, Refused> {
    let unknown = || Reason::UnknownRoot { found: records::shown_name(records.root()) };
    Kind::of_root(records.root()).ok_or_else(|| records.refused(unknown()))
}
