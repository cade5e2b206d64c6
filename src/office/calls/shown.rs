//! One call, as a caller needs it.

use serde::Serialize;

use super::super::School;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{About, CallOutcome, Recipient};
use crate::message::{AnswerChoice, AnswerKind, Code, Question, Urgency};
use crate::people::{Connectivity, Filing, Profile};
use crate::phone_number::PhoneNumber;
use crate::queue::DueCall;
use crate::render::TemplateError;
use crate::store::calls::KeptOutcome;

/// A call that waits. `Debug` hides it.
#[derive(Clone, Serialize)]
pub struct CallShown {
    /// Its reference.
    pub reference: String,
    /// Of which message.
    pub message: Code,
    /// What that is about.
    pub subject: String,
    /// Whether it cannot wait.
    pub is_urgent: bool,
    /// Whom to ask for.
    pub names: Vec<String>,
    /// The pupils whom it is about, with their classes.
    pub about: Vec<String>,
    /// The class of the first of them.
    pub class: Option<String>,
    /// The number, as people dial it.
    pub phone: String,
    /// The same, for a machine.
    #[serde(skip)]
    pub number: PhoneNumber,
    /// The language that they read best, where that is not French.
    pub language: Option<String>,
    /// Whom to call, and when, as the household said.
    pub call: Option<String>,
    /// How the household is connected, where the school knows.
    pub connectivity: Option<Connectivity>,
    /// Which try it is.
    pub nth: u32,
    /// When it is to be made.
    pub due_at: Moment,
    /// Whether that is now.
    pub is_due: bool,
    /// What it gave so far, first said first.
    pub tried: Vec<CallTried>,
    /// A colleague on whose sheet it stands.
    pub caller: Option<String>,
    /// Who has it open now.
    pub taken_by: Option<String>,
    /// What is said, where that can be made.
    pub script: Option<String>,
    /// What is asked; nothing where the words of the template ask.
    pub question: Option<String>,
    /// What may be answered; `None` where nothing is asked.
    pub takes: Option<AnswerKind>,
    /// Where it stands in a list.
    #[serde(skip)]
    pub filing: Filing,
}

/// What a call gave.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CallTried {
    /// When it was made.
    pub at: Moment,
    /// What it gave.
    pub outcome: CallOutcome,
    /// Who rang.
    pub by: String,
    /// What was said.
    pub word: Option<String>,
    /// What they answered.
    pub answer: Option<AnswerChoice>,
    /// The number that was dialled.
    pub phone: String,
}

impl CallTried {
    /// As it is kept.
    pub(in crate::office) fn of(kept: &KeptOutcome) -> Self {
        Self {
            at: kept.said_at,
            outcome: kept.outcome,
            by: kept.caller.clone(),
            word: kept.word.clone(),
            answer: kept.answer,
            phone: kept.number.in_pairs(),
        }
    }
}

impl CallShown {
    /// As it waits; nothing where there is no number to dial.
    pub(super) fn of(school: &School, call: &DueCall) -> Option<Self> {
        let (now, to) = (school.clock.now(), call.recipients.first()?);
        let number = call.number()?.clone();
        let home = call.home.as_ref();
        let taken = call.taken.as_ref().filter(|_| call.is_taken_at(now));
        let about = call.about();
        Some(Self {
            reference: call.reference.clone(),
            subject: school.subject(&call.message.template, &call.message.fields),
            message: call.message.code.clone(),
            is_urgent: call.message.urgency == Urgency::Urgent,
            names: call.recipients.iter().map(|to| to.name.clone()).collect(),
            class: about.first().and_then(|pupil| pupil.class.clone()),
            about: about.into_iter().map(About::with_class).collect(),
            phone: number.in_pairs(),
            number,
            language: home.and_then(|home| home.language.clone()),
            call: home.and_then(|home| home.call.clone()),
            connectivity: home.map(|home: &Profile| home.connectivity).or(to.connectivity),
            nth: u32::try_from(call.tried.len()).unwrap_or(u32::MAX).saturating_add(1),
            due_at: call.due_at(),
            is_due: call.due_at() <= now,
            tried: call.tried.iter().map(CallTried::of).collect(),
            caller: call.caller.clone(),
            taken_by: taken.map(|taken| taken.by.name().to_owned()),
            script: script(school, call, to).ok(),
            question: call.message.question.as_ref().map(|it| Question::text(it).to_owned()),
            takes: call.message.takes(),
            filing: to.filing(),
        })
    }
}

impl std::fmt::Debug for CallShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallShown({})", self.reference)
    }
}

impl std::fmt::Debug for CallTried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallTried({})", self.outcome.as_str())
    }
}

/// What is said on the telephone.
fn script(school: &School, call: &DueCall, to: &Recipient) -> Result<String, TemplateError> {
    let (renderer, message) = (&school.renderer, &call.message);
    if message.is_digest() {
        let digest = renderer.digest(message, &call.enclosed, to, Channel::Phone)?;
        return digest.phone(to, &call.reference);
    }
    renderer.prepared(message)?.phone(to, &call.reference)
}
