//! What a message asks, as each channel says it and says how to answer: so no template can forget it.

use serde::{Deserialize, Serialize};

use super::marks::{Placeholder, is_mark};
use super::shape::REFERENCE;
use crate::message::{AnswerChoice, AnswerKind, Question};
use crate::wording::markdown::{Block, TextSpan};
use crate::wording::typography::french;

/// Above the question, where it is read.
const TITLE: &str = "Votre réponse";

/// A question, ready to be put.
#[derive(Debug, Clone)]
pub struct AskedQuestion {
    text: String,
    answers: AnswerKind,
    ways: ReplyWays,
}

/// Where an answer to the message itself comes to the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyWays {
    /// In the ENT.
    pub ent: bool,
    /// To a text message.
    pub sms: bool,
}

impl Default for ReplyWays {
    fn default() -> Self {
        Self { ent: true, sms: true }
    }
}

/// How whoever reads it is to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnsweredBy {
    /// To the e-mail itself.
    Reply,
    /// In the ENT, where it takes answers.
    Ent,
    /// With its reference, to whatever message brought it.
    Reference,
    /// On the slip at the foot of the letter.
    Slip,
    /// On the page itself, which comes back.
    Form,
}

/// The question of a reply slip.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipQuestion {
    /// What is asked.
    pub text: String,
    /// What can be ticked.
    pub answers: Vec<String>,
}

impl AskedQuestion {
    /// A question of a message.
    pub fn new(question: &Question, ways: ReplyWays) -> Self {
        let text = question.text().replace(is_mark, " ");
        Self { text, answers: question.answers(), ways }
    }

    /// What is read, with the question last in the strip that says the fact, or in one of its own below the title.
    pub fn blocks(&self, mut blocks: Vec<Block>, by: AnsweredBy) -> Vec<Block> {
        let asked = self.put(by);
        let strip = blocks.iter_mut().find_map(|block| match block {
            Block::Frame { blocks } => Some(blocks),
            _ => None,
        });
        if let Some(strip) = strip {
            strip.extend(asked);
        } else {
            let has_title = matches!(blocks.first(), Some(Block::Heading { level: 1, .. }));
            blocks.insert(usize::from(has_title), Block::Frame { blocks: asked });
        }
        blocks
    }

    fn put(&self, by: AnsweredBy) -> Vec<Block> {
        let question = TextSpan::Strong { spans: vec![TextSpan::text(&self.text)] };
        vec![
            Block::Heading { level: 2, spans: vec![TextSpan::text(TITLE)] },
            Block::paragraph(vec![question]),
            Block::paragraph(vec![TextSpan::text(self.how(by))]),
        ]
    }

    fn how(&self, by: AnsweredBy) -> String {
        let answer = self.answers.in_french();
        match by {
            AnsweredBy::Ent if !self.ways.ent => {
                format!("Répondez à l’établissement par {answer}.")
            }
            AnsweredBy::Reply | AnsweredBy::Ent => format!("Répondez à ce message par {answer}."),
            AnsweredBy::Reference => {
                let reference = Placeholder::Person(REFERENCE).sign();
                format!("Répondez par {answer}, suivi de la référence {reference}.")
            }
            AnsweredBy::Slip => {
                "Cochez votre réponse sur le coupon au bas de cette lettre, et remettez-le à l’établissement."
                    .to_owned()
            }
            AnsweredBy::Form => format!("Écrivez votre réponse sur cette page : {answer}."),
        }
    }

    /// A text message that asks it at its end. Where no answer can be sent to it, it says who takes one by telephone.
    pub fn sms(&self, text: &str, phone: &str) -> String {
        let answer = match self.answers {
            AnswerKind::YesNo => "Répondez OUI ou NON",
            AnswerKind::Mark => "Répondez de 1 à 5",
        };
        let whither = match (self.ways.sms, phone) {
            (true, _) => "à ce SMS".to_owned(),
            (false, "") => "au secrétariat".to_owned(),
            (false, phone) => format!("au {phone}"),
        };
        format!("{text} {} {answer} {whither}.", self.text)
    }

    /// A script in which it is asked before the closing words.
    pub fn script(&self, text: &str) -> String {
        let asked = format!(
            "Question à poser : {}\nRéponse à noter : {}.",
            self.text,
            self.answers.in_french()
        );
        match text.rsplit_once("\n\n") {
            Some((before, closing)) => format!("{before}\n\n{asked}\n\n{closing}"),
            None => format!("{text}\n\n{asked}"),
        }
    }

    /// What stands on the slip, with a box for each answer.
    pub fn on_slip(&self) -> SlipQuestion {
        let answers =
            self.answers.choices().iter().map(|it| AnswerChoice::in_french(*it).to_owned());
        SlipQuestion { text: french(&self.text), answers: answers.collect() }
    }
}

impl std::fmt::Debug for SlipQuestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SlipQuestion({} answers)", self.answers.len())
    }
}
