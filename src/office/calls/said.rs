//! What somebody says that a call gave; a slip of the finger taken back; a whole sheet typed.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::School;
use super::find;
use super::shares::caller_of;
use crate::clock::Moment;
use crate::delivery::lifecycle::AddresseeState;
use crate::delivery::{CallOutcome, FailureKind};
use crate::import::{BadCallSheet, CallLine, call_sheet};
use crate::message::{AnswerChoice, AnswerKind, Reference};
use crate::people::{Actor, Whom};
use crate::phone_number::PhoneNumber;
use crate::queue::{CallNoting, CallOver, NotedCall, SaidOfCall, TakenBack};
use crate::store::StoreError;
use crate::store::calls::KeptOutcome;

/// What somebody says of a call.
#[derive(Clone)]
pub struct CallSaid {
    /// What it gave.
    pub outcome: CallOutcome,
    /// What was said, in a few words.
    pub word: Option<String>,
    /// What they answered to what the message asks.
    pub answer: Option<AnswerChoice>,
    /// Who rang, where that is not whoever says so.
    pub by: Option<String>,
    /// Which try it was, where that is known.
    pub nth: Option<u32>,
}

impl std::fmt::Debug for CallSaid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallSaid({})", self.outcome.as_str())
    }
}

/// What a call gave is taken down.
#[derive(Debug, Clone, Serialize)]
pub struct CallNoted {
    /// Which call.
    pub call: String,
    /// What it gave.
    pub outcome: CallOutcome,
    /// What they answered.
    pub answer: Option<AnswerChoice>,
    /// Where those stand now whom it was for.
    pub state: AddresseeState,
    /// When it is to be made again.
    pub again_at: Option<Moment>,
    /// The number that comes next, where the one that was dialled is wrong.
    pub next_number: Option<String>,
}

/// What was said of a call is taken back.
#[derive(Debug, Clone, Serialize)]
pub struct OutcomeTakenBack {
    /// Which call.
    pub call: String,
    /// What had been said of it.
    pub outcome: CallOutcome,
    /// What they were said to have answered.
    pub answer: Option<AnswerChoice>,
    /// Who had.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// A sheet that was typed.
#[derive(Debug, Clone, Serialize)]
pub struct SheetNoted {
    /// The calls that were taken down.
    pub noted: usize,
    /// Those of them that are to be made again.
    pub again: usize,
}

/// Why nothing is noted of a call.
#[derive(Debug, thiserror::Error)]
pub enum CallRefusal {
    /// No call has this reference.
    #[error("there is no call {0}; nothing was noted")]
    NoSuchCall(String),
    /// Somebody said what it gave before.
    #[error("{by} said on {at} of call {call}: {}; nothing was noted", .outcome.as_str())]
    Already {
        /// Which.
        call: String,
        /// What it gave.
        outcome: CallOutcome,
        /// Who rang.
        by: String,
        /// When, by the clocks of the school.
        at: String,
    },
    /// A ruling forbids it since.
    #[error(
        "nothing about that pupil may go to that person any more: call {0} is not to be made; nothing was noted"
    )]
    Restricted(String),
    /// It is not needed any more, or never will be.
    #[error("call {call} is not to be made any more, whom it was for stands as {}; nothing was noted", .state.as_str())]
    Over {
        /// Which.
        call: String,
        /// Where whom it was for stands.
        state: AddresseeState,
    },
    /// They ask for something, and nobody says what.
    #[error("what do they ask for? nothing was noted of call {0}")]
    NoWord(String),
    /// They answered, and nobody was reached.
    #[error("an answer is noted of a call that reached somebody; nothing was noted of call {0}")]
    NotReached(String),
    /// It asks nothing.
    #[error("the message of call {0} asks nothing; nothing was noted")]
    AsksNothing(String),
    /// It asks for another kind of answer.
    #[error("that is no answer to the message of call {call}: it takes {}; nothing was noted", takes.as_str())]
    NotOfKind {
        /// Which.
        call: String,
        /// What may be answered.
        takes: AnswerKind,
    },
    /// Nobody said anything of it.
    #[error("nobody said what call {0} gave; nothing was taken back")]
    NothingSaid(String),
    /// Something left because of what was said.
    #[error("something left because of what was said of call {0}; nothing was taken back")]
    TooLate(String),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Why a sheet is not taken down; nothing of it is.
#[derive(Debug, thiserror::Error)]
pub enum SheetRefusal {
    /// The file.
    #[error("{0}; nothing was noted")]
    Sheet(#[from] BadCallSheet),
    /// A text that is no reference.
    #[error("line {line}: that is no reference; nothing was noted")]
    BadReference {
        /// Where.
        line: u64,
    },
    /// One call twice.
    #[error("line {line}: call {call} stands there twice; nothing was noted")]
    Twice {
        /// Where it stands for the second time.
        line: u64,
        /// Which.
        call: String,
    },
    /// A call of which that cannot be said.
    #[error("line {line}: {why}")]
    Call {
        /// Where.
        line: u64,
        /// Why.
        #[source]
        why: CallRefusal,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Takes down what a call gave, and what they answered; of whoever has pupils of their own, a call about these.
pub async fn note_call(
    school: &School,
    actor: Actor,
    whom: &Whom,
    reference: Reference,
    said: CallSaid,
) -> Result<CallNoted, CallRefusal> {
    let call = reference.to_string();
    if said.outcome == CallOutcome::AsksFor && said.word.is_none() {
        return Err(CallRefusal::NoWord(call));
    }
    if said.answer.is_some() && !said.outcome.is_told() {
        return Err(CallRefusal::NotReached(call));
    }
    check_theirs(school, whom, &reference).await?;
    let said = of_queue(said, &actor);
    let (outcome, answer) = (said.outcome, said.answer);
    match school.queue.calls().note(reference, said, school.by(actor)).await? {
        CallNoting::Noted(noted) => Ok(CallNoted::of(call, (outcome, answer), &noted)),
        refused => Err(why(school, call, refused)),
    }
}

/// Takes back what was said last of a call: it is to be made as before. That it was said stays in the journal.
pub async fn take_back_call(
    school: &School,
    actor: Actor,
    whom: &Whom,
    reference: Reference,
) -> Result<OutcomeTakenBack, CallRefusal> {
    let call = reference.to_string();
    check_theirs(school, whom, &reference).await?;
    match school.queue.calls().take_back(reference, school.by(actor)).await? {
        TakenBack::Done(kept) => {
            let KeptOutcome { outcome, answer, caller, said_at, .. } = *kept;
            Ok(OutcomeTakenBack { call, outcome, answer, by: caller, at: said_at })
        }
        TakenBack::NoSuchCall => Err(CallRefusal::NoSuchCall(call)),
        TakenBack::Nothing => Err(CallRefusal::NothingSaid(call)),
        TakenBack::TooLate(_) => Err(CallRefusal::TooLate(call)),
    }
}

/// Nobody says anything of a call that they may not see: to them there is none.
async fn check_theirs(
    school: &School,
    whom: &Whom,
    reference: &Reference,
) -> Result<(), CallRefusal> {
    if *whom == Whom::Everybody || find(school, whom, reference).await?.is_some() {
        Ok(())
    } else {
        Err(CallRefusal::NoSuchCall(reference.to_string()))
    }
}

/// Takes down a whole sheet as a spreadsheet saved it, all of it or nothing.
pub async fn read_call_sheet(
    school: &School,
    actor: Actor,
    bytes: &[u8],
) -> Result<SheetNoted, SheetRefusal> {
    let lines = call_sheet(bytes)?;
    let mut all = Vec::with_capacity(lines.len());
    let mut seen = BTreeSet::new();
    for line in &lines {
        let reference: Reference =
            line.reference.parse().map_err(|_| SheetRefusal::BadReference { line: line.line })?;
        let call = reference.to_string();
        if !seen.insert(call.clone()) {
            return Err(SheetRefusal::Twice { line: line.line, call });
        }
        all.push((reference, of_queue(CallSaid::of(line), &actor)));
    }
    let calls: Vec<String> = all.iter().map(|(reference, _)| reference.to_string()).collect();
    match school.queue.calls().note_all(all, school.by(actor)).await? {
        Ok(noted) => Ok(SheetNoted {
            noted: noted.len(),
            again: noted.iter().filter(|it| it.again_at.is_some()).count(),
        }),
        Err((place, refused)) => {
            let line = lines.get(place).map_or(0, |it| it.line);
            let call = calls.get(place).cloned().unwrap_or_default();
            Err(SheetRefusal::Call { line, why: why(school, call, refused) })
        }
    }
}

impl CallNoted {
    fn of(
        call: String,
        (outcome, answer): (CallOutcome, Option<AnswerChoice>),
        noted: &NotedCall,
    ) -> Self {
        Self {
            call,
            outcome,
            answer,
            state: noted.state,
            again_at: noted.again_at,
            next_number: noted.next_number.as_ref().map(PhoneNumber::in_pairs),
        }
    }
}

impl CallSaid {
    fn of(line: &CallLine) -> Self {
        let CallLine { outcome, word, answer, by, nth, .. } = line.clone();
        Self { outcome, word, answer, by, nth }
    }
}

fn of_queue(said: CallSaid, actor: &Actor) -> SaidOfCall {
    let CallSaid { outcome, word, answer, by, nth } = said;
    SaidOfCall { outcome, word, answer, caller: by.unwrap_or_else(|| caller_of(actor)), nth }
}

fn why(school: &School, call: String, refused: CallNoting) -> CallRefusal {
    match refused {
        CallNoting::Already(kept) => CallRefusal::Already {
            call,
            outcome: kept.outcome,
            at: school.queue.timing().hours.shown(kept.said_at),
            by: kept.caller,
        },
        CallNoting::Over(CallOver { why: Some(FailureKind::Restricted), .. }) => {
            CallRefusal::Restricted(call)
        }
        CallNoting::Over(CallOver { state, .. }) => CallRefusal::Over { call, state },
        CallNoting::NoAnswerToIt(None) => CallRefusal::AsksNothing(call),
        CallNoting::NoAnswerToIt(Some(takes)) => CallRefusal::NotOfKind { call, takes },
        CallNoting::NoSuchCall | CallNoting::Noted(_) => CallRefusal::NoSuchCall(call),
    }
}
