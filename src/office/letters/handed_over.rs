//! Letters that somebody fetches, or that a colleague brings: handed over one by one.

use serde::Serialize;

use crate::message::Reference;
use crate::office::School;
use crate::people::Actor;
use crate::plain_text::one_line;
use crate::store::StoreError;
use crate::store::handovers::Handover;

/// Letters of the name of whoever took one.
const LONGEST_NAME: usize = 80;

/// Letters that were handed over, one by one, or are not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandedOver {
    /// How many were noted.
    pub handed_over: usize,
    /// References of no letter of which that can be said.
    pub unknown: Vec<String>,
    /// Whether that was taken back.
    pub undone: bool,
}

/// Takes down that letters were handed over by themselves, and to whom; their addressees are reached.
pub async fn hand_over_letters(
    school: &School,
    actor: Actor,
    references: Vec<Reference>,
    to_whom: &str,
) -> Result<HandedOver, StoreError> {
    let to_whom = one_line(to_whom.trim()).chars().take(LONGEST_NAME).collect();
    each_noted(school, actor, references, Some(to_whom)).await
}

/// Takes that back: they are to be handed over again.
pub async fn take_back_handovers(
    school: &School,
    actor: Actor,
    references: Vec<Reference>,
) -> Result<HandedOver, StoreError> {
    each_noted(school, actor, references, None).await
}

/// Notes of each to whom it was handed over; `None`: to nobody any more.
async fn each_noted(
    school: &School,
    actor: Actor,
    references: Vec<Reference>,
    to_whom: Option<String>,
) -> Result<HandedOver, StoreError> {
    let mut told = HandedOver { handed_over: 0, unknown: Vec::new(), undone: to_whom.is_none() };
    for reference in references {
        let (printed, by) = (reference.to_string(), school.by(actor.clone()));
        let letters = school.queue.letters();
        let is_noted = match to_whom.clone() {
            Some(to_whom) => letters.mark_handed_over(reference, Handover { to_whom, by }).await?,
            None => letters.take_back_handover(reference, by).await?,
        };
        if is_noted {
            told.handed_over += 1;
        } else {
            told.unknown.push(printed);
        }
    }
    Ok(told)
}
