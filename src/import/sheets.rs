//! The sheets of a file that hold a table, and those that are left out, which are told.

use super::archive::{Archive, Workbook, is_zip};
use super::columns::ColumnMap;
use super::file_to_read::FileToRead;
use super::reading::{Cause, SetAside};
use super::refused::{Reason, Refused};
use super::sheet::{Room, Sheet, SheetRow};
use super::titles::Head;
use super::{delimited, excel, open_document, text};

/// Bytes of a CSV. The largest school's lists take a tenth of it.
const LARGEST_TEXT: usize = 32 * 1024 * 1024;
/// How a workbook of before 2007 begins, and one behind a password.
const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0";

/// Titles and the rows below them.
pub(super) struct TitledRows {
    /// What the tab of its sheet says; empty for a CSV.
    pub(super) tab: String,
    pub(super) head: Head,
    pub(super) rows: Vec<SheetRow>,
    /// The lines above the titles that hold more than a heading.
    pub(super) above: Vec<u64>,
}

/// The lists of one file, and its sheets that are none.
pub(super) struct TitledSheets {
    pub(super) lists: Vec<TitledRows>,
    pub(super) left_out: Vec<SetAside>,
}

impl TitledSheets {
    /// Reads a file whole: every sheet that can be seen and has titles. A file without any is refused.
    pub(super) fn read(
        file: FileToRead<'_>,
        maps: &[ColumnMap],
        room: &mut Room,
    ) -> Result<Self, Refused> {
        let refused = |(line, reason)| Refused::new(file.label, line, reason);
        let mut left_out = Vec::new();
        let mut lists = Vec::new();
        let has_head = |rows: &[SheetRow]| Head::find(rows, maps).is_some();
        for sheet in all(file, &has_head, room).map_err(refused)? {
            match TitledRows::of(sheet, file, maps)? {
                Ok(list) => lists.push(list),
                Err(remark) => left_out.extend(remark),
            }
        }
        // Titles alone, or values to choose from, beside a list of people.
        let of_people = |list: &TitledRows| list.head.names_people() && !list.rows.is_empty();
        if lists.iter().any(of_people) {
            let (people, others): (Vec<TitledRows>, Vec<TitledRows>) =
                lists.into_iter().partition(of_people);
            lists = people;
            let filled = others.iter().filter(|list| !list.rows.is_empty());
            left_out.extend(filled.map(|list| {
                left_out_for(file, &list.tab, "Feuille sans colonne de noms : non lue.")
            }));
        }
        if lists.is_empty() {
            return Err(refused((None, Reason::NoHead)));
        }
        Ok(Self { lists, left_out })
    }
}

impl TitledRows {
    /// The label of the list: that of its file, and its tab where the file has several.
    pub(super) fn label(&self, file: &str, are_several: bool) -> String {
        label_of(file, if are_several { &self.tab } else { "" })
    }

    /// The list of a sheet; `Err` for one that is left out, with a remark if it holds anything.
    fn of(
        sheet: Sheet,
        file: FileToRead<'_>,
        maps: &[ColumnMap],
    ) -> Result<Result<Self, Option<SetAside>>, Refused> {
        let Sheet { name: tab, is_hidden, rows } = sheet;
        if is_hidden {
            let reason = "Feuille masquée : non lue. Affichez-la dans le classeur si elle compte.";
            return Ok(Err(Some(left_out_for(file, &tab, reason))));
        }
        let Some((mut head, below)) = Head::find(&rows, maps) else {
            let reason = "Feuille sans ligne de titres reconnue : non lue.";
            return Ok(Err((!rows.is_empty()).then(|| left_out_for(file, &tab, reason))));
        };
        let line = rows.get(below - 1).map(|row| row.line);
        let mut above = rows;
        let rows = above.split_off(below);
        above.truncate(below - head.height());
        let above = above.iter().filter(|row| row.filled().nth(1).is_some());
        let above = above.map(|row| row.line).collect();
        let label = label_of(file.label, &tab);
        head.fit(&rows).map_err(|reason| Refused::new(&label, line, reason))?;
        Ok(Ok(Self { tab, head, rows, above }))
    }
}

/// What the list of a tab is called.
pub(super) fn label_of(file: &str, tab: &str) -> String {
    if tab.is_empty() { file.to_owned() } else { format!("{file}/{tab}") }
}

fn left_out_for(file: FileToRead<'_>, name: &str, reason: &str) -> SetAside {
    SetAside {
        file: file.label.to_owned(),
        line: None,
        what: format!("feuille « {name} »"),
        cause: Cause::UnreadSheet,
        reason: reason.to_owned(),
    }
}

/// Every sheet of a file, as it stands; a text is split by the sign with which its first rows have a head.
pub(super) fn all(
    file: FileToRead<'_>,
    has_head: &dyn Fn(&[SheetRow]) -> bool,
    room: &mut Room,
) -> Result<Vec<Sheet>, (Option<u64>, Reason)> {
    let bytes = &*file.content.whole().map_err(|reason| (None, reason))?;
    if bytes.starts_with(COMPOUND_FILE) {
        return Err((None, Reason::OldWorkbook));
    }
    if !is_zip(bytes) {
        if bytes.len() > LARGEST_TEXT {
            return Err((None, Reason::TooLarge));
        }
        let rows = delimited::read(&text::decoded(bytes)?, has_head, room)?;
        return Ok(vec![Sheet { name: String::new(), is_hidden: false, rows }]);
    }
    let mut archive = Archive::open_workbook(bytes).map_err(|reason| (None, reason))?;
    match archive.workbook() {
        Some(Workbook::Excel) => excel::read(&mut archive, room),
        Some(Workbook::OpenDocument) => open_document::read(&mut archive, room),
        None => Err((None, Reason::DamagedArchive)),
    }
}
