//! What is read of a *cahier de textes*, or why it is refused.

use std::collections::HashSet;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::refused::Reason;
use crate::message::Week;
use crate::people::unaccented_capitals;

/// How large a file of a diary may be, in mebibytes: a calendar of a whole year has less than one.
pub const LARGEST_DIARY_MEBIBYTES: u64 = 4;
/// Lines, or events, that it may have.
pub const MOST_DIARY_LINES: usize = 10_000;
/// Lessons of a class in one week: it has some forty hours.
pub const MOST_LESSONS: usize = 400;
/// Signs of what is said of one lesson.
pub const MOST_SAID: usize = 5_000;

/// A lesson, and what is said of it. `Debug` hides that.
#[derive(Clone, PartialEq, Eq)]
pub struct DiaryEntry {
    /// The line on which it stands, counted from 1.
    pub line: u64,
    /// Its day.
    pub day: Date,
    /// When it begins, where that is said.
    pub hour: Option<AsTold<Time>>,
    /// What it is about; may be empty.
    pub subject: String,
    /// Who gives it, and for which group; may be empty.
    pub teacher: String,
    /// What was done; may be empty.
    pub done: String,
    /// What is to be done; may be empty.
    pub to_do: String,
    /// For when.
    pub due: Option<AsTold<Date>>,
    /// The classes that it is for, as somebody wrote them; may be empty.
    pub(super) classes: String,
}

impl std::fmt::Debug for DiaryEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DiaryEntry(line {}, {})", self.line, self.day)
    }
}

/// Something that was understood, or as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AsTold<T> {
    /// Understood.
    Read(T),
    /// As it was typed: `M1`, `jeudi`.
    Typed(String),
}

/// A week of a diary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiaryWeek {
    /// Its lessons, day by day and hour by hour.
    pub lessons: Vec<DiaryEntry>,
    /// How many lines are of other weeks.
    pub of_other_weeks: usize,
    /// How many are of other classes.
    pub of_other_classes: usize,
}

/// Which part of a diary is asked for.
#[derive(Debug, Clone, Copy)]
pub struct DiaryPart<'a> {
    /// The week.
    pub week: Week,
    /// The class, where it is for one: lines of others are left out.
    pub class: Option<&'a str>,
    /// The zone in which the school lives.
    pub zone: &'a TimeZone,
}

/// Why a diary is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{what}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct BadDiary {
    /// Where, counted from 1, where there is such a place.
    pub line: Option<u64>,
    /// What is wrong there.
    pub what: DiaryFault,
}

/// What is wrong with a diary. Holds nothing that somebody wrote in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiaryFault {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(Reason),
    /// Larger than a diary is.
    #[error(
        "it has more than {MOST_DIARY_LINES} lines, more than {MOST_LESSONS} of them in the week, or more than \
         {LARGEST_DIARY_MEBIBYTES} MiB"
    )]
    TooLong,
    /// No row of titles.
    #[error("no row of titles: a date, a subject, what was done and what is to be done are known")]
    NoTitles,
    /// Titles, and none for the day.
    #[error("no column is called a date (\"Date\", \"Jour\")")]
    NoDateColumn,
    /// A line without a day, or with something else in its place.
    #[error("the date is missing, or is none")]
    BadDate,
    /// A day of the week that is not the one of its date.
    #[error("the day of the week is not the one of that date")]
    WrongWeekday,
    /// A formula in the place of what it gives.
    #[error("a formula stands there and not what it gives")]
    Formula,
    /// More than anybody says of a lesson.
    #[error("more than {MOST_SAID} signs are said of one lesson")]
    LongText,
    /// An event of a calendar that repeats by a rule.
    #[error("the event repeats by a rule: export the week with each event by itself")]
    Repeats,
    /// An event of a calendar in a zone that nobody knows.
    #[error("its hour is in an unknown time zone")]
    UnknownZone,
    /// Nothing of the week, or nothing at all.
    #[error("nothing in it is of this week")]
    NothingOfTheWeek,
}

impl BadDiary {
    pub(super) fn at(line: u64, what: DiaryFault) -> Self {
        Self { line: Some(line), what }
    }

    pub(super) fn whole(what: DiaryFault) -> Self {
        Self { line: None, what }
    }

    pub(super) fn unreadable(line: Option<u64>, reason: Reason) -> Self {
        match reason {
            Reason::TooManyRows(_) | Reason::TooManyCells(_) | Reason::TooLarge => {
                Self::whole(DiaryFault::TooLong)
            }
            reason => Self { line, what: DiaryFault::Unreadable(reason) },
        }
    }
}

impl DiaryWeek {
    /// The subjects, in the order in which they first occur in the week.
    #[must_use]
    pub fn subjects(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let named = self.lessons.iter().map(|it| it.subject.as_str()).filter(|it| !it.is_empty());
        named.filter(|it| seen.insert(*it)).map(str::to_owned).collect()
    }
}

impl DiaryEntry {
    /// What stands on paper of it.
    pub fn said(&self) -> impl Iterator<Item = &str> {
        let hour = match &self.hour {
            Some(AsTold::Typed(hour)) => hour,
            _ => "",
        };
        let due = match &self.due {
            Some(AsTold::Typed(due)) => due,
            _ => "",
        };
        [hour, &self.subject, &self.teacher, &self.done, &self.to_do, due].into_iter()
    }

    /// Whether it is for this class, as far as anything says for whom it is.
    pub(super) fn is_for(&self, class: &str) -> bool {
        let (said, class) = (unaccented_capitals(&self.classes), unaccented_capitals(class));
        said.is_empty() || format!(" {said} ").contains(&format!(" {class} "))
    }

    pub(super) fn order(&self) -> (Date, Time, &str, &str, u64) {
        let (hour, typed) = match &self.hour {
            Some(AsTold::Read(hour)) => (*hour, ""),
            Some(AsTold::Typed(typed)) => (Time::MAX, typed.as_str()),
            None => (Time::MAX, ""),
        };
        (self.day, hour, typed, &self.subject, self.line)
    }
}
