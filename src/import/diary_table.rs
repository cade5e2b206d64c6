//! The tables of a diary: which column is what, by its title, and a lesson a row.

use super::cell::is_fault;
use super::diary_day::{day, day_in, hour};
use super::diary_week::{AsTold, BadDiary, DiaryEntry, DiaryFault, MOST_DIARY_LINES};
use super::file_to_read::FileToRead;
use super::sheet::{Room, Sheet, SheetRow};
use super::sheets;
use crate::message::Week;
use crate::people::unaccented_capitals;
use crate::plain_text::one_line;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DiaryColumn {
    Day,
    Hour,
    Subject,
    Teacher,
    Classes,
    Group,
    Done,
    ToDo,
    Due,
}

/// The titles of each, folded; of those with which a title begins, the longest tells.
const TITLES: [(DiaryColumn, &[&str]); 9] = [
    (DiaryColumn::Day, &["DATE", "JOUR", "DATE DU COURS", "DATE DE LA SEANCE", "DATE DE SEANCE"]),
    (DiaryColumn::Hour, &["HEURE", "HORAIRE", "HEURES", "HORAIRES", "DEBUT", "CRENEAU"]),
    (DiaryColumn::Subject, &["MATIERE", "MATIERES", "DISCIPLINE", "COURS", "ENSEIGNEMENT"]),
    (DiaryColumn::Teacher, &["PROFESSEUR", "PROFESSEURS", "PROF", "ENSEIGNANT", "ENSEIGNANTS"]),
    (DiaryColumn::Classes, &["CLASSE", "CLASSES"]),
    (DiaryColumn::Group, &["GROUPE", "GROUPES"]),
    (
        DiaryColumn::Done,
        &[
            "CONTENU",
            "CONTENUS",
            "SEANCE",
            "CONTENU DE LA SEANCE",
            "CONTENU DU COURS",
            "TRAVAIL FAIT",
            "TRAVAIL EFFECTUE",
            "TRAVAIL EN CLASSE",
            "EN CLASSE",
            "ACTIVITE",
            "ACTIVITES",
            "DESCRIPTION",
        ],
    ),
    (
        DiaryColumn::ToDo,
        &["TRAVAIL", "TRAVAUX", "TRAVAIL A FAIRE", "A FAIRE", "A RENDRE", "DEVOIR", "DEVOIRS"],
    ),
    (
        DiaryColumn::Due,
        &[
            "POUR",
            "POUR LE",
            "A FAIRE POUR",
            "A RENDRE LE",
            "A RENDRE POUR",
            "TRAVAIL POUR",
            "TRAVAIL A FAIRE POUR",
            "DEVOIRS POUR",
            "DATE DE RENDU",
            "DATE LIMITE",
            "DATE DE REMISE",
            "ECHEANCE",
            "DONNE POUR",
        ],
    ),
];

/// The columns of a sheet, from the left.
struct DiaryColumns(Vec<Option<DiaryColumn>>);

/// The lessons of every sheet that can be seen; each sheet that holds something has titles.
pub(super) fn read(file: FileToRead<'_>, week: Week) -> Result<Vec<DiaryEntry>, BadDiary> {
    file.refuse_foreign().map_err(|refused| BadDiary::unreadable(None, refused.reason))?;
    let mut room = Room::of_rows(MOST_DIARY_LINES);
    let has_head = |rows: &[SheetRow]| rows.iter().any(|row| DiaryColumns::of(row).is_head());
    let sheets = sheets::all(file, &has_head, &mut room)
        .map_err(|(line, reason)| BadDiary::unreadable(line, reason))?;
    let mut lessons = Vec::new();
    for sheet in sheets.iter().filter(|it| !it.is_hidden && !it.rows.is_empty()) {
        read_sheet(sheet, week, &mut lessons)?;
    }
    // A text without titles is no table, and has no rows.
    if sheets.iter().all(|it| it.rows.is_empty()) {
        return Err(BadDiary::whole(DiaryFault::NoTitles));
    }
    Ok(lessons)
}

fn read_sheet(sheet: &Sheet, week: Week, lessons: &mut Vec<DiaryEntry>) -> Result<(), BadDiary> {
    let head = sheet.rows.iter().position(|row| DiaryColumns::of(row).is_head());
    let (head, below) = head
        .and_then(|at| Some((sheet.rows.get(at)?, sheet.rows.get(at + 1..)?)))
        .ok_or(BadDiary::whole(DiaryFault::NoTitles))?;
    let columns = DiaryColumns::of(head);
    if !columns.has(DiaryColumn::Day) {
        return Err(BadDiary::at(head.line, DiaryFault::NoDateColumn));
    }
    for row in below.iter().filter(|row| columns.holds_something(row)) {
        lessons.push(columns.lesson(row, week).map_err(|what| BadDiary::at(row.line, what))?);
    }
    Ok(())
}

impl DiaryColumns {
    fn of(head: &SheetRow) -> Self {
        Self(head.cells().map(|title| holds(&unaccented_capitals(title))).collect())
    }

    /// Whether they are told by a row of titles: one word may stand anywhere.
    fn is_head(&self) -> bool {
        self.0.iter().flatten().nth(1).is_some()
    }

    fn has(&self, wanted: DiaryColumn) -> bool {
        self.0.contains(&Some(wanted))
    }

    fn holds_something(&self, row: &SheetRow) -> bool {
        self.0.iter().zip(row.cells()).any(|(held, cell)| held.is_some() && !cell.is_empty())
    }

    /// All that stands below the titles of one kind.
    fn all(&self, row: &SheetRow, wanted: DiaryColumn) -> String {
        let columns = self.0.iter().zip(row.cells());
        let own = columns.filter(|(held, cell)| **held == Some(wanted) && !cell.is_empty());
        own.map(|(_, cell)| cell).collect::<Vec<_>>().join("\n")
    }

    fn lesson(&self, row: &SheetRow, week: Week) -> Result<DiaryEntry, DiaryFault> {
        let known = self.0.iter().zip(row.cells()).filter(|(held, _)| held.is_some());
        if known.map(|(_, cell)| cell).any(is_formula) {
            return Err(DiaryFault::Formula);
        }
        let said = |wanted| one_line(&self.all(row, wanted)).into_owned();
        let day_of_lesson = day_in(&said(DiaryColumn::Day), week)?;
        let at = Some(said(DiaryColumn::Hour)).filter(|it| !it.is_empty());
        let mut to_do = self.all(row, DiaryColumn::ToDo);
        let mut due = None;
        match (said(DiaryColumn::Due), self.has(DiaryColumn::ToDo)) {
            (typed, _) if typed.is_empty() => {}
            (typed, has_to_do) => match day(&typed, day_of_lesson) {
                Ok(day) => due = Some(AsTold::Read(day)),
                Err(DiaryFault::WrongWeekday) => return Err(DiaryFault::WrongWeekday),
                // « À faire pour » may hold what is to be done, where no other column does.
                Err(_) if !has_to_do => to_do = self.all(row, DiaryColumn::Due),
                Err(_) => due = Some(AsTold::Typed(typed)),
            },
        }
        let group = Some(said(DiaryColumn::Group)).filter(|it| !it.is_empty());
        let group = group.map(|group| format!("groupe {group}"));
        let teacher = Some(said(DiaryColumn::Teacher)).filter(|it| !it.is_empty());
        Ok(DiaryEntry {
            line: row.line,
            day: day_of_lesson,
            hour: at.map(|typed| hour(&typed).map_or(AsTold::Typed(typed), AsTold::Read)),
            subject: said(DiaryColumn::Subject),
            teacher: teacher.into_iter().chain(group).collect::<Vec<_>>().join(", "),
            done: self.all(row, DiaryColumn::Done),
            to_do,
            due,
            classes: said(DiaryColumn::Classes),
        })
    }
}

/// What a column of this title holds.
fn holds(title: &str) -> Option<DiaryColumn> {
    let begins = |known: &str| {
        title.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let known = TITLES.into_iter().flat_map(|(holds, titles)| {
        titles.iter().filter(|known| begins(known)).map(move |known| (known.len(), holds))
    });
    known.max_by_key(|(length, _)| *length).map(|(_, holds)| holds)
}

/// Whether a cell holds a formula, or what a program shows for one without a value; `=> lire p. 3` is none.
fn is_formula(cell: &str) -> bool {
    let begins = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '(' | '"' | '$' | '-');
    is_fault(cell) || cell.strip_prefix('=').is_some_and(|rest| rest.starts_with(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_known_by_the_longest_of_its_beginnings() {
        for (title, wanted) in [
            ("Date", Some(DiaryColumn::Day)),
            ("Jour du cours", Some(DiaryColumn::Day)),
            ("Date de rendu", Some(DiaryColumn::Due)),
            ("Matière(s)", Some(DiaryColumn::Subject)),
            ("Contenu de la séance", Some(DiaryColumn::Done)),
            ("Travail à faire", Some(DiaryColumn::ToDo)),
            ("Travail à faire pour le", Some(DiaryColumn::Due)),
            ("À faire", Some(DiaryColumn::ToDo)),
            ("À faire pour", Some(DiaryColumn::Due)),
            ("Pour le", Some(DiaryColumn::Due)),
            ("Salle", None),
            ("Dates", None),
        ] {
            assert_eq!(holds(&unaccented_capitals(title)), wanted, "{title}");
        }
    }

    #[test]
    fn only_a_formula_is_one() {
        for cell in ["=A1", "=SI(A1;\"x\";\"\")", "#N/A", "=-A1", "#?"] {
            assert!(is_formula(cell), "{cell}");
        }
        for cell in ["=> lire p. 3", "- ex. 3", "3 = 2 + 1", "= 4", "@ faire", ""] {
            assert!(!is_formula(cell), "{cell}");
        }
    }
}
