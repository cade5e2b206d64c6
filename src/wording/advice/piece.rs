//! What advice is made of: the text, who wrote it, what there is to say of a sentence.

use jiff::civil::Date;
use serde::Serialize;

/// A field of a message, as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// Its name: `agenda`.
    pub field: &'a str,
    /// Its text, in Markdown.
    pub text: &'a str,
}

/// What is known of whoever writes, to hold the text against.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// The day on which it is read over.
    pub today: Date,
    /// The school's telephone number, as printed.
    pub phone: &'a str,
    /// The school's mailbox.
    pub email: &'a str,
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What is the matter.
    pub kind: AdviceKind,
    /// The field in which it stands.
    pub field: String,
    /// The sentence, without markup; empty where the whole field is meant.
    pub sentence: String,
    /// What a family may misread, in French.
    pub told: String,
    /// A better way, in French.
    pub better: String,
}

/// What may be the matter with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceKind {
    /// A word that means two things in a school.
    Ambiguous,
    /// A short form, or a word of the trade.
    Jargon,
    /// Nobody is told when they hear more.
    NoAppointment,
    /// Capitals, exclamation marks, words that alarm.
    Shouting,
    /// Too many words before the full stop.
    LongSentence,
    /// Several things are asked in running text.
    SeveralActions,
    /// A day without its date, or a date without its day.
    Undated,
    /// A date that falls on another day of the week.
    WrongWeekday,
    /// A number or an address that is not the school's.
    OtherContact,
}

/// A sentence, with where it stands.
pub(super) struct Sentence<'a> {
    pub(super) field: &'a str,
    pub(super) text: String,
}

impl Sentence<'_> {
    /// A piece of advice on it.
    pub(super) fn advice(
        &self,
        kind: AdviceKind,
        told: impl Into<String>,
        better: impl Into<String>,
    ) -> Advice {
        Advice {
            kind,
            field: self.field.to_owned(),
            sentence: self.text.clone(),
            told: told.into(),
            better: better.into(),
        }
    }
}
