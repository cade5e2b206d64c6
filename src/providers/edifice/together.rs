//! What an answer says of each of several recipients. It names people as the ENT shows them, never by their
//! id: who is meant is told by the message's own list of recipients, which the sender alone can read.

use super::words::{EntReader, SentMessage};
use crate::delivery::{Accepted, FailureKind, SendError, Verdicts};
use crate::people::ContactPoint;

const NEVER_OPENED: &str = "the account was never activated";
const NOT_DELIVERED: &str = "the ENT could not deliver it";

/// A message that the ENT took, and whom it says that it did not reach.
#[derive(Clone)]
pub(super) struct Told {
    /// The message's id.
    pub id: String,
    /// Those who never opened their account, by their names: as many as the ENT cared to write down.
    inactive: Vec<String>,
    /// How many of them there are.
    inactive_count: usize,
    /// Those whom it could not deliver it to, by their names.
    undelivered: Vec<String>,
    /// Whether there are such, and no names.
    hides_undelivered: bool,
    /// How many it says have it, whether they opened their account or not.
    sent: Option<usize>,
}

impl Told {
    pub fn new(id: String, answer: &SentMessage) -> Self {
        let (inactive, undelivered) = (answer.inactive(), answer.undelivered());
        Self {
            id,
            inactive_count: answer.inactive_count().max(inactive.len()),
            hides_undelivered: answer.has_undelivered() && undelivered.is_empty(),
            inactive,
            undelivered,
            sent: answer.sent(),
        }
    }

    /// How many names the ENT writes down at most, where it counted more.
    pub fn cut_at(&self) -> Option<usize> {
        (self.inactive_count > self.inactive.len() && !self.inactive.is_empty())
            .then_some(self.inactive.len())
    }

    /// Whether it says the same of all, so that their names do not matter.
    pub fn is_the_same_to_all(&self, recipients: usize) -> bool {
        recipients == 1 || self.inactive_count >= recipients || self.reached(recipients)
    }

    fn reached(&self, recipients: usize) -> bool {
        let is_short = self.sent.is_some_and(|sent| sent < recipients);
        let has_undelivered = self.hides_undelivered || !self.undelivered.is_empty();
        self.inactive_count == 0 && !has_undelivered && !is_short
    }

    /// What became of each of `recipients`; `named` are all whom the message itself is addressed to, empty where
    /// that is not asked. Nobody who may be one of those that it did not reach counts as one whom it did: two of
    /// one name, of whom one is meant, are both uncertain, and so is everybody else where the ENT counts more
    /// than it names.
    pub fn verdicts(&self, recipients: &[ContactPoint], named: &[EntReader]) -> Verdicts {
        if named.is_empty() {
            let verdict = self.of_all(recipients.len());
            return vec![verdict; recipients.len()];
        }
        let hides_some = self.hides_some(named);
        let verdict = |to: &ContactPoint| match named.iter().find(|it| it.id == to.value()) {
            Some(_) if self.inactive_count >= named.len() => Err(bad_address(NEVER_OPENED)),
            Some(it) => self.of_one(&it.name, named, hides_some),
            None => Err(left_out()),
        };
        recipients.iter().map(verdict).collect()
    }

    /// The verdict where all recipients share it.
    fn of_all(&self, recipients: usize) -> Result<Accepted, SendError> {
        if self.inactive_count >= recipients {
            return Err(bad_address(NEVER_OPENED));
        }
        if self.reached(recipients) {
            return Ok(accepted(self.id.clone()));
        }
        if recipients == 1 {
            return Err(bad_address(NOT_DELIVERED));
        }
        Err(uncertain("whom the ENT did not reach is not known"))
    }

    /// Whether it speaks of somebody who cannot be told to be one of `named`.
    fn hides_some(&self, named: &[EntReader]) -> bool {
        let mut told = self.inactive.iter().chain(&self.undelivered);
        let strays = told.any(|name| !named.iter().any(|it| it.name == *name));
        let is_short = self.sent.is_some_and(|sent| sent < named.len());
        strays || self.inactive_count > self.inactive.len() || self.hides_undelivered || is_short
    }

    fn of_one(
        &self,
        name: &str,
        named: &[EntReader],
        hides_some: bool,
    ) -> Result<Accepted, SendError> {
        let of_that_name = named.iter().filter(|it| it.name == name).count();
        for (list, why) in [(&self.inactive, NEVER_OPENED), (&self.undelivered, NOT_DELIVERED)] {
            match list.iter().filter(|it| *it == name).count() {
                0 => {}
                times if times >= of_that_name => return Err(bad_address(why)),
                _ => return Err(uncertain("the ENT names one of several of that name")),
            }
        }
        if hides_some {
            return Err(uncertain("the ENT counts more whom it did not reach than it names"));
        }
        Ok(accepted(self.id.clone()))
    }
}

fn bad_address(why: &str) -> SendError {
    SendError::new(FailureKind::BadAddress, why)
}

pub(super) fn accepted(id: String) -> Accepted {
    let answer = format!("message {id}");
    Accepted { provider_ref: Some(id), answer, ..Accepted::default() }
}

/// A message of the outbox, for one whom it went to: the ENT has it, and who never opened their account was told
/// by the answer alone, which is lost.
pub(super) fn found(id: &str) -> Accepted {
    let answer = format!("message {id}, found in the outbox");
    Accepted { provider_ref: Some(id.to_owned()), answer, may_reach_nobody: true }
}

pub(super) fn is_uncertain(verdict: &Result<Accepted, SendError>) -> bool {
    matches!(verdict, Err(error) if error.kind == FailureKind::Uncertain)
}

/// They can be sent their own.
pub(super) fn left_out() -> SendError {
    SendError::new(FailureKind::Deferred, "the message went without them")
}

fn uncertain(why: &str) -> SendError {
    SendError::new(FailureKind::Uncertain, why)
}
