//! The calendars of a diary. PRONOTE and HYPERPLANNING write what a lesson is into its description, a fact a line
//! (`Matière : …\nProfesseur : …\nSalle : …`), its hours in UTC and each lesson by itself; other programs have the subject
//! for a title and the work for a description.

use jiff::tz::TimeZone;
use mail_parser::decoders::html::html_to_text;
use quick_xml::escape::unescape;

use super::calendar::{CalendarItem, items};
use super::diary_day::day;
use super::diary_week::{AsTold, BadDiary, DiaryEntry, DiaryFault};
use crate::people::unaccented_capitals;
use crate::plain_text::one_line;

/// Tags that tell a text to be a page of the web; a teacher of mathematics writes `a < b` too.
const TAGS: [&str; 10] =
    ["<br", "<p>", "<p ", "<div", "<span", "<b>", "<strong", "<ul", "<a ", "<html"];
/// What a line says whose first words are these, folded.
const LABELS: [(Says, &[&str]); 7] = [
    (Says::Subject, &["MATIERE", "MATIERES"]),
    (Says::Teacher, &["PROFESSEUR", "PROFESSEURS", "ENSEIGNANT", "ENSEIGNANTS"]),
    (Says::Classes, &["CLASSE", "CLASSES"]),
    (Says::Group, &["GROUPE", "GROUPES"]),
    (
        Says::Nothing,
        &["SALLE", "SALLES", "PARTIE DE CLASSE", "PARTIES DE CLASSE", "ACCOMPAGNANT", "TYPE"],
    ),
    (Says::Done, &["CONTENU", "CONTENU DE LA SEANCE", "MEMO"]),
    (Says::ToDo, &["TRAVAIL A FAIRE", "A FAIRE", "DEVOIRS", "DEVOIR", "TRAVAIL A RENDRE"]),
];
/// What begins a line that says for when the work is, besides.
const FOR: [&str; 2] = [" POUR LE ", " POUR "];
/// What tells an event to be work for its day and no lesson, folded.
const OF_WORK: [&str; 6] =
    ["DEVOIR", "DEVOIRS", "TRAVAIL A FAIRE", "TRAVAIL A RENDRE", "A FAIRE", "A RENDRE"];
/// Categories that name a program or a kind of event and no subject, by their beginnings, folded.
const OF_PROGRAMS: [&str; 3] = ["COURS", "HYPERPLANNING", "CAHIER DE TEXTES"];

/// What a line of a description tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Subject,
    Teacher,
    Classes,
    Group,
    /// Where the lesson was, and what else nobody needs on paper.
    Nothing,
    Done,
    ToDo,
}

/// A lesson an event.
pub(super) fn read(bytes: &[u8], zone: &TimeZone) -> Result<Vec<DiaryEntry>, BadDiary> {
    let lesson = |item: &CalendarItem| lesson(item).map_err(|what| BadDiary::at(item.line, what));
    items(bytes, zone)?.iter().map(lesson).collect()
}

fn lesson(item: &CalendarItem) -> Result<DiaryEntry, DiaryFault> {
    // A task stands on the day for which it is.
    let at = if item.is_task { item.due.or(item.start) } else { item.start };
    let (day_of_item, hour) = at.ok_or(DiaryFault::BadDate)?;
    let mut lesson = DiaryEntry {
        line: item.line,
        day: day_of_item,
        hour: hour.map(AsTold::Read),
        subject: String::new(),
        teacher: String::new(),
        done: String::new(),
        to_do: String::new(),
        due: None,
        classes: String::new(),
    };
    let is_of_work = |kind: &String| OF_WORK.contains(&unaccented_capitals(kind).as_str());
    let is_work = item.is_task || item.categories.iter().any(is_of_work);
    let begins = if is_work { Says::ToDo } else { Says::Done };
    let mut into = begins;
    for line in plain(&item.description).lines().map(str::trim).filter(|line| !line.is_empty()) {
        into = lesson.take(line, into)?;
    }
    let summary = one_line(&plain(&item.summary)).into_owned();
    lesson.name(&summary, &item.categories, begins);
    if is_work && lesson.due.is_none() {
        lesson.due = Some(AsTold::Read(day_of_item));
    }
    if item.is_cancelled {
        add(&mut lesson.done, "Cours annulé");
    }
    Ok(lesson)
}

impl DiaryEntry {
    /// One line of a description, and where those below it go.
    fn take(&mut self, line: &str, into: Says) -> Result<Says, DiaryFault> {
        let labelled = line.split_once(':').and_then(|(label, rest)| {
            let (says, due) = label_of(&unaccented_capitals(label), self)?;
            Some((says, due, rest.trim()))
        });
        let Some((says, due, rest)) = labelled else {
            add(if into == Says::ToDo { &mut self.to_do } else { &mut self.done }, line);
            return Ok(into);
        };
        if let Some(due) = due {
            self.due = Some(due?);
        }
        match says {
            Says::Subject => rest.clone_into(&mut self.subject),
            Says::Teacher => enumerate(&mut self.teacher, rest),
            Says::Group => enumerate(&mut self.teacher, &format!("groupe {rest}")),
            Says::Classes => rest.clone_into(&mut self.classes),
            Says::Nothing => {}
            Says::Done => add(&mut self.done, rest),
            Says::ToDo => add(&mut self.to_do, rest),
        }
        let is_section = matches!(says, Says::Done | Says::ToDo);
        Ok(if is_section { says } else { into })
    }

    /// The subject: as the description says it, or a category; else the title up to its colon. What the title says
    /// besides goes with the rest.
    fn name(&mut self, title: &str, categories: &[String], into: Says) {
        // The title says again what stands in the description.
        if !self.subject.is_empty() {
            return;
        }
        let is_subject = |it: &&String| {
            let folded = unaccented_capitals(it);
            let is_of_program = OF_PROGRAMS.into_iter().any(|known| folded.starts_with(known));
            !folded.is_empty() && !is_of_program && !OF_WORK.contains(&folded.as_str())
        };
        let category = categories.iter().find(is_subject).cloned();
        let (subject, rest) = match (category, title.split_once(" : ")) {
            (Some(category), _) => (category, title),
            (None, Some((subject, rest))) => (subject.to_owned(), rest),
            (None, None) => (title.to_owned(), ""),
        };
        self.subject = subject;
        let said = if into == Says::ToDo { &mut self.to_do } else { &mut self.done };
        let below = std::mem::take(said);
        add(said, rest);
        add(said, &below);
    }
}

type DueSaid = Option<Result<AsTold<jiff::civil::Date>, DiaryFault>>;

/// What a label says, and for when: `TRAVAIL A FAIRE POUR LE 21 01 2027`.
fn label_of(label: &str, lesson: &DiaryEntry) -> Option<(Says, DueSaid)> {
    let (name, due) = FOR
        .into_iter()
        .find_map(|before| label.split_once(before))
        .map_or((label, None), |(name, due)| (name, Some(due)));
    let says = LABELS.into_iter().find(|(_, names)| names.contains(&name))?.0;
    let due = due.map(|typed| {
        // The signs between the numbers of a date went with those of the label.
        let in_numbers = typed.replace(' ', "/");
        match day(&in_numbers, lesson.day).or_else(|_| day(typed, lesson.day)) {
            Ok(day) => Ok(AsTold::Read(day)),
            Err(DiaryFault::BadDate) => Ok(AsTold::Typed(typed.to_lowercase())),
            Err(fault) => Err(fault),
        }
    });
    Some((says, due))
}

fn add(text: &mut String, line: &str) {
    if !line.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
}

fn enumerate(text: &mut String, one: &str) {
    if !text.is_empty() {
        text.push_str(", ");
    }
    text.push_str(one);
}

/// A text without the signs of the web: Google writes descriptions as pages, PRONOTE writes `&` as `&amp;`.
fn plain(text: &str) -> String {
    if TAGS.into_iter().any(|tag| text.to_lowercase().contains(tag)) {
        return html_to_text(&text.replace('\n', "<br>")).trim().to_owned();
    }
    unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(lines: &str) -> DiaryEntry {
        let text = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270118T081500Z\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
        );
        read(text.as_bytes(), &TimeZone::UTC).unwrap().remove(0)
    }

    #[test]
    fn a_lesson_of_pronote_is_told_by_its_description() {
        let lesson = one("CATEGORIES:Cours\nSUMMARY;LANGUAGE=fr:SCIENCES VIE & TERRE - [6A gr1]\n\
             DESCRIPTION;LANGUAGE=fr:Matière : SCIENCES VIE &amp\\; TERRE\\nProfesseur : MA\n \
             RTIN P.\\nClasse : 6A\\nGroupe : [6A gr1]\\nSalle : 310\\nLa cellule\\n\
             Travail à faire pour le 21/01/2027 : schéma p. 12\\net légende\\n");
        assert_eq!(lesson.subject, "SCIENCES VIE & TERRE");
        assert_eq!(lesson.teacher, "MARTIN P., groupe [6A gr1]");
        assert_eq!((lesson.classes.as_str(), lesson.done.as_str()), ("6A", "La cellule"));
        assert_eq!(lesson.to_do, "schéma p. 12\net légende");
        assert_eq!(lesson.due, Some(AsTold::Read(jiff::civil::date(2027, 1, 21))));
    }

    #[test]
    fn a_calendar_that_somebody_keeps_has_the_subject_for_a_title_or_a_category() {
        let lesson = one("SUMMARY:Maths : les fractions\nDESCRIPTION:a < b\\nÀ faire : ex. 3");
        assert_eq!(
            (lesson.subject.as_str(), lesson.done.as_str()),
            ("Maths", "les fractions\na < b")
        );
        assert_eq!((lesson.to_do.as_str(), lesson.due), ("ex. 3", None));
        let lesson = one(
            "SUMMARY:Rédaction\nCATEGORIES:Devoirs,Français\nDESCRIPTION:<b>une page</b><br>au propre",
        );
        assert_eq!(lesson.subject, "Français");
        assert_eq!(lesson.to_do, "Rédaction\nune page\nau propre");
        assert_eq!(lesson.due, Some(AsTold::Read(jiff::civil::date(2027, 1, 18))));
        let lesson = one("SUMMARY:Anglais\nSTATUS:CANCELLED");
        assert_eq!((lesson.subject.as_str(), lesson.done.as_str()), ("Anglais", "Cours annulé"));
    }
}
