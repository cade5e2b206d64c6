//! What a message asks, and what people may answer.

use serde::{Deserialize, Serialize};

use super::AnswerKind;
use crate::plain_text;

/// Signs of the longest question: it stands in a text message too.
const LONGEST: usize = 160;

/// The one thing that a message asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    text: String,
    answers: AnswerKind,
}

/// A text that is no question for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadQuestion {
    /// It says nothing.
    #[error("the question is blank")]
    Blank,
    /// A text message would be full of it.
    #[error("the question is longer than 160 characters")]
    TooLong,
}

impl Question {
    /// A question in one line of plain words.
    pub fn new(text: &str, answers: AnswerKind) -> Result<Self, BadQuestion> {
        let text = plain_text::one_line(text);
        match text.chars().count() {
            0 => Err(BadQuestion::Blank),
            1..=LONGEST => Ok(Self { text: text.into_owned(), answers }),
            _ => Err(BadQuestion::TooLong),
        }
    }

    /// As its author wrote it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What may be answered.
    #[must_use]
    pub const fn answers(&self) -> AnswerKind {
        self.answers
    }
}
