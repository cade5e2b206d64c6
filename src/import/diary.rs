//! A *cahier de textes* as programs export it, a table or a calendar: what was done in each lesson of a week, and what is
//! to be done. A timetable is read the same way.

use std::fs;
use std::path::Path;

use super::archive::{Archive, Workbook, is_zip};
use super::content::FileContent;
use super::diary_week::{
    BadDiary, DiaryEntry, DiaryFault, DiaryPart, DiaryWeek, LARGEST_DIARY_MEBIBYTES, MOST_LESSONS,
    MOST_SAID,
};
use super::file_to_read::FileToRead;
use super::refused::Reason;
use super::{diary_calendar, diary_table};
use crate::message::Week;

/// How a calendar begins (RFC 5545, 3.4).
const BEGINS_CALENDAR: &[u8] = b"BEGIN:VCALENDAR";
/// What tells that an open workbook is no text.
const SPREADSHEET: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// How the names of tables end that nothing else tells to be one.
const ENDS: [&str; 2] = ["csv", "tsv"];
const MEBIBYTE: u64 = 1024 * 1024;

/// Whether a file is a calendar or a table, by what it holds; a text, which may be anything, by how its name ends. What
/// cannot be read is none.
#[must_use]
pub fn is_diary(name: &str, file: &Path) -> bool {
    let Ok(head) = FileContent::Disk(file, None).head() else { return false };
    if is_zip(&head) {
        return is_workbook(file);
    }
    let end = name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).unwrap_or_default();
    is_calendar(&head) || ENDS.contains(&end.as_str())
}

/// A text of a word processor is packed as well.
fn is_workbook(file: &Path) -> bool {
    let is_small = |it: fs::Metadata| it.len() <= LARGEST_DIARY_MEBIBYTES * MEBIBYTE;
    let bytes = fs::metadata(file).is_ok_and(is_small).then(|| fs::read(file).ok()).flatten();
    let bytes = bytes.unwrap_or_default();
    let Ok(mut archive) = Archive::open_workbook(&bytes) else { return false };
    match archive.workbook() {
        Some(Workbook::Excel) => true,
        Some(Workbook::OpenDocument) => {
            archive.part("mimetype").ok().flatten().is_some_and(|it| it.trim() == SPREADSHEET)
        }
        None => false,
    }
}

fn is_calendar(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let head = bytes.get(..BEGINS_CALENDAR.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(BEGINS_CALENDAR))
}

/// Reads a week of a diary, or of a timetable; refused whole where a line cannot be read.
pub fn diary(file: &Path, part: DiaryPart<'_>) -> Result<DiaryWeek, BadDiary> {
    let mut lessons = lessons(file, part)?;
    let all = lessons.len();
    lessons.retain(|it| Week::of(it.day) == part.week);
    let of_week = lessons.len();
    lessons.retain(|it| part.class.is_none_or(|class| it.is_for(class)));
    let (of_other_weeks, of_other_classes) = (all - of_week, of_week - lessons.len());
    if lessons.len() > MOST_LESSONS {
        return Err(BadDiary::whole(DiaryFault::TooLong));
    }
    if lessons.is_empty() {
        return Err(BadDiary::whole(DiaryFault::NothingOfTheWeek));
    }
    lessons.sort_by(|one, other| one.order().cmp(&other.order()));
    Ok(DiaryWeek { lessons, of_other_weeks, of_other_classes })
}

fn lessons(file: &Path, part: DiaryPart<'_>) -> Result<Vec<DiaryEntry>, BadDiary> {
    let unread = |error: std::io::Error| {
        BadDiary::unreadable(None, Reason::Unreadable(error.kind().to_string()))
    };
    if fs::metadata(file).map_err(unread)?.len() > LARGEST_DIARY_MEBIBYTES * MEBIBYTE {
        return Err(BadDiary::whole(DiaryFault::TooLong));
    }
    let bytes = fs::read(file).map_err(unread)?;
    let all = if is_calendar(&bytes) {
        diary_calendar::read(&bytes, part.zone)?
    } else {
        let file = FileToRead { number: 0, label: "", content: FileContent::Memory(&bytes) };
        diary_table::read(file, part.week)?
    };
    let is_long =
        |it: &&DiaryEntry| it.said().map(|text| text.chars().count()).sum::<usize>() > MOST_SAID;
    match all.iter().find(is_long) {
        Some(long) => Err(BadDiary::at(long.line, DiaryFault::LongText)),
        None => Ok(all),
    }
}
