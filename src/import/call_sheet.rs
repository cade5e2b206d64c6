//! A sheet of calls that came back from a spreadsheet: which call, what it gave, what was answered and said, who rang.

use super::decode::line_of;
use super::delimited;
use super::one_byte;
use super::refused::Reason;
use super::sheet::{Room, SheetRow};
use crate::delivery::CallOutcome;
use crate::message::AnswerChoice;
use crate::people::unaccented_capitals;

/// Bytes of a sheet, and its rows: more than any school calls in a week.
const MOST_BYTES: usize = 1024 * 1024;
const MOST_ROWS: usize = 5_000;
/// Signs of what is typed in a cell.
const MOST_SIGNS: usize = 500;

/// The titles of each column, folded; the first is ours.
const REFERENCE: [&str; 4] = ["REFERENCE", "REF", "APPEL", "CALL"];
const OUTCOME: [&str; 3] = ["RESULTAT", "OUTCOME", "ISSUE"];
const ANSWER: [&str; 2] = ["REPONSE", "ANSWER"];
const WORD: [&str; 4] = ["DEMANDE OU REMARQUE", "REMARQUE", "DEMANDE", "WORD"];
const BY: [&str; 4] = ["APPELE PAR", "PAR", "APPELANT", "BY"];
const NTH: [&str; 3] = ["ESSAI", "TRY", "NTH"];

/// A line that says what a call gave. `Debug` hides what was said.
#[derive(Clone, PartialEq, Eq)]
pub struct CallLine {
    /// Where it stands, counted from 1.
    pub line: u64,
    /// The reference, as typed.
    pub reference: String,
    /// What it gave.
    pub outcome: CallOutcome,
    /// What was answered to what the message asks.
    pub answer: Option<AnswerChoice>,
    /// What was said.
    pub word: Option<String>,
    /// Who rang, where that is said.
    pub by: Option<String>,
    /// Which try it was, where that is said.
    pub nth: Option<u32>,
}

impl std::fmt::Debug for CallLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallLine({}: {})", self.line, self.outcome.as_str())
    }
}

/// Why a sheet of calls is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct BadCallSheet {
    /// Where, counted from 1.
    pub line: u64,
    /// What stands there.
    pub what: CallSheetFault,
}

/// What is wrong with a line of a sheet of calls. Holds what was typed for an outcome, and nothing of a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallSheetFault {
    /// It is no table, or one that cannot be read.
    #[error("{0}")]
    Unreadable(Reason),
    /// Its first row does not name the two columns that are needed.
    #[error("the titles of the columns are missing: a reference and an outcome are needed")]
    NoTitles,
    /// More than a sheet holds.
    #[error("the sheet is longer than {MOST_ROWS} lines or larger than 1 MiB")]
    TooLong,
    /// A word that is no outcome.
    #[error("\"{0}\" is no outcome of a call")]
    UnknownOutcome(String),
    /// A word that answers no question.
    #[error("\"{0}\" is no answer to a question")]
    UnknownAnswer(String),
    /// An answer of whom nobody reached.
    #[error("an answer, and nobody was reached")]
    NotReached,
    /// An outcome without a reference.
    #[error("an outcome without a reference")]
    NoReference,
    /// The number of a try that is none.
    #[error("the number of the try cannot be read")]
    BadTry,
    /// Something is asked for, and nothing says what.
    #[error("they ask for something, and nothing says what")]
    NoWord,
    /// More than is typed in a cell.
    #[error("a remark is longer than {MOST_SIGNS} signs")]
    LongWord,
}

/// Where the columns stand.
struct Columns {
    reference: usize,
    outcome: usize,
    answer: Option<usize>,
    word: Option<usize>,
    by: Option<usize>,
    nth: Option<usize>,
}

/// Reads a sheet of calls: every line that says what a call gave. Lines without an outcome are calls that nobody made.
pub fn call_sheet(bytes: &[u8]) -> Result<Vec<CallLine>, BadCallSheet> {
    let bad = |line, what| BadCallSheet { line, what };
    if bytes.len() > MOST_BYTES {
        return Err(bad(1, CallSheetFault::TooLong));
    }
    let text = text_of(bytes).map_err(|(line, reason)| bad(line, unreadable(reason)))?;
    let mut room = Room::of_rows(MOST_ROWS);
    let has_head = |rows: &[SheetRow]| rows.iter().any(|row| Columns::of(row).is_some());
    let rows = delimited::read(&text, &has_head, &mut room)
        .map_err(|(line, reason)| bad(line.unwrap_or(1), unreadable(reason)))?;
    let head = rows.iter().position(|row| Columns::of(row).is_some());
    let Some((columns, below)) =
        head.and_then(|at| Some((Columns::of(&rows[at])?, &rows[at + 1..])))
    else {
        return Err(bad(1, CallSheetFault::NoTitles));
    };
    let mut lines = Vec::new();
    for row in below {
        lines.extend(columns.read(row).map_err(|what| bad(row.line, what))?);
    }
    Ok(lines)
}

fn unreadable(reason: Reason) -> CallSheetFault {
    match reason {
        Reason::TooManyRows(_) | Reason::TooManyCells(_) | Reason::TooLarge => {
            CallSheetFault::TooLong
        }
        reason => CallSheetFault::Unreadable(reason),
    }
}

/// The text of a file, in whatever encoding a spreadsheet saved it.
fn text_of(bytes: &[u8]) -> Result<String, (u64, Reason)> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err((line_of(bytes, at), Reason::UntoldEncoding));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => one_byte::decoded(bytes)
            .map_err(|_| (line_of(bytes, error.valid_up_to()), Reason::UntoldEncoding)),
    }
}

impl Columns {
    fn of(row: &SheetRow) -> Option<Self> {
        let titles: Vec<String> = row.cells().map(unaccented_capitals).collect();
        let at = |names: &[&str]| titles.iter().position(|title| names.contains(&title.as_str()));
        Some(Self {
            reference: at(&REFERENCE)?,
            outcome: at(&OUTCOME)?,
            answer: at(&ANSWER),
            word: at(&WORD),
            by: at(&BY),
            nth: at(&NTH),
        })
    }

    fn read(&self, row: &SheetRow) -> Result<Option<CallLine>, CallSheetFault> {
        let maybe = |at: Option<usize>| {
            let cell = at.map(|at| row.cell(at)).unwrap_or_default();
            let cell = cell.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{a0}');
            (!cell.is_empty()).then(|| cell.to_owned())
        };
        let Some(typed) = maybe(Some(self.outcome)) else { return Ok(None) };
        let outcome = outcome_of(&typed)
            .ok_or_else(|| CallSheetFault::UnknownOutcome(typed.chars().take(40).collect()))?;
        let reference = maybe(Some(self.reference)).ok_or(CallSheetFault::NoReference)?;
        let (word, by) = (maybe(self.word), maybe(self.by));
        let is_long = |it: &String| it.chars().count() > MOST_SIGNS;
        if word.as_ref().is_some_and(is_long) || by.as_ref().is_some_and(is_long) {
            return Err(CallSheetFault::LongWord);
        }
        if outcome == CallOutcome::AsksFor && word.is_none() {
            return Err(CallSheetFault::NoWord);
        }
        let answer = maybe(self.answer).map(|it| answer_of(&it)).transpose()?;
        if answer.is_some() && !outcome.is_told() {
            return Err(CallSheetFault::NotReached);
        }
        let nth = maybe(self.nth).map(|it| it.parse().map_err(|_| CallSheetFault::BadTry));
        let nth = nth.transpose()?;
        Ok(Some(CallLine { line: row.line, reference, outcome, answer, word, by, nth }))
    }
}

fn answer_of(typed: &str) -> Result<AnswerChoice, CallSheetFault> {
    let unknown = || CallSheetFault::UnknownAnswer(typed.chars().take(40).collect());
    AnswerChoice::from_word(&typed.to_lowercase()).ok_or_else(unknown)
}

/// The outcome that somebody typed: the program's word, or what colleagues say. A bare yes or no may mean the answer to
/// what the message asks: nothing is guessed of it.
fn outcome_of(typed: &str) -> Option<CallOutcome> {
    let said = unaccented_capitals(typed);
    let means = |outcome: &CallOutcome| {
        let words = [outcome.as_str(), outcome.in_french()];
        words.iter().any(|word| unaccented_capitals(word) == said)
    };
    let known = CallOutcome::ALL.into_iter().find(means);
    known.or_else(|| {
        Some(match said.as_str() {
            "JOINTE" | "X" => CallOutcome::Reached,
            "DEMANDE" | "RAPPELER" => CallOutcome::AsksFor,
            "MESSAGE" | "REPONDEUR" => CallOutcome::MessageLeft,
            "ABSENT" | "ABSENTE" | "PERSONNE" => CallOutcome::NoAnswer,
            "OCCUPEE" => CallOutcome::Busy,
            "ERREUR" | "MAUVAIS NUMERO" => CallOutcome::WrongNumber,
            "REFUSE" => CallOutcome::Refused,
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_says_which_calls_were_made_and_nothing_of_the_others() {
        let text = "Référence;Nom;Essai;Résultat;Réponse;Demande ou remarque;Appelé par\r\n\
                    7K4M-002A;Inès;1;Joint;Oui;;Sylvie\r\n\
                    7K4M-003A;Paul;1;;;;\r\n\
                    7K4M-004A;Léa;2;pas de réponse;;;\r\n\
                    7K4M-005A;Zoé;1;asks-for;4;un ordinateur;\r\n";
        let windows: Vec<u8> =
            text.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect();
        for bytes in [text.as_bytes(), &windows, format!("\u{feff}{text}").as_bytes()] {
            let lines = call_sheet(bytes).unwrap();
            let found: Vec<_> = lines.iter().map(|it| (it.line, it.outcome, it.nth)).collect();
            let expected = [
                (2, CallOutcome::Reached, Some(1)),
                (4, CallOutcome::NoAnswer, Some(2)),
                (5, CallOutcome::AsksFor, Some(1)),
            ];
            assert_eq!(found, expected);
            let answers: Vec<_> = lines.iter().map(|it| it.answer).collect();
            assert_eq!(answers, [Some(AnswerChoice::Yes), None, Some(AnswerChoice::Four)]);
            assert_eq!(lines[0].by.as_deref(), Some("Sylvie"));
            assert_eq!(lines[2].word.as_deref(), Some("un ordinateur"));
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_refuses_the_sheet_with_its_place() {
        let refused = |rows: &str| {
            let text = format!("ref;outcome;try;word;answer\n7K4M-002A;reached;1;;oui\n{rows}");
            call_sheet(text.as_bytes()).unwrap_err()
        };
        let unknown = refused("7K4M-003A;peut-être;1;\n");
        assert_eq!(unknown.line, 3);
        assert_eq!(unknown.what, CallSheetFault::UnknownOutcome("peut-être".to_owned()));
        assert_eq!(refused(";reached;;\n").what, CallSheetFault::NoReference);
        assert_eq!(refused("7K4M-003A;reached;deux;\n").what, CallSheetFault::BadTry);
        assert_eq!(refused("7K4M-003A;asks-for;;\n").what, CallSheetFault::NoWord);
        let bof = refused("7K4M-003A;reached;1;;bof\n").what;
        assert_eq!(bof, CallSheetFault::UnknownAnswer("bof".to_owned()));
        assert_eq!(refused("7K4M-003A;busy;1;;oui\n").what, CallSheetFault::NotReached);
        let answer = refused("7K4M-003A;non;1;;\n").what;
        assert_eq!(answer, CallSheetFault::UnknownOutcome("non".to_owned()), "no or nobody?");
        let long = format!("7K4M-003A;reached;1;{}\n", "a".repeat(501));
        assert_eq!(refused(&long).what, CallSheetFault::LongWord);
        let quote = refused("\"7K4M-003A;reached;1;\n");
        assert!(matches!(quote.what, CallSheetFault::Unreadable(Reason::OpenQuote)));
    }

    #[test]
    fn what_is_no_sheet_is_refused() {
        for bytes in [&b""[..], b"bonjour", b"ref;nom\n7K4M-002A;x\n", b"\0\0\0", b"\xff\xfe\x00r"]
        {
            assert!(call_sheet(bytes).is_err(), "{bytes:?}");
        }
        let many = format!("ref;outcome\n{}", "7K4M-002A;reached\n".repeat(6_000));
        assert_eq!(call_sheet(many.as_bytes()).unwrap_err().what, CallSheetFault::TooLong);
        let large = vec![b'a'; MOST_BYTES + 1];
        assert_eq!(call_sheet(&large).unwrap_err().what, CallSheetFault::TooLong);
    }
}
