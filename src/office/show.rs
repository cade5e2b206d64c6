//! What a message says, on every channel of its plan, and what came after it.

use super::preview::first_preview;
use super::{Refusal, School};
use crate::channel::Channel;
use crate::message::{Code, Message};
use crate::store::{Tx, addressees, messages};

/// The number of the addressee who is shown what they got.
const FIRST: u32 = 0;

/// A message as it was written, and what came after it.
pub struct Shown {
    /// What its first addressee gets on each channel; none for a digest, which says something else to everybody.
    pub texts: Vec<(Channel, String)>,
    /// The messages that put it right, oldest first.
    pub corrected_by: Vec<Code>,
}

/// Shows a message.
pub async fn show(school: &School, message: &Message) -> Result<Shown, Refusal> {
    let (id, of) = (school.queue.school().clone(), message.clone());
    let look = move |tx: &Tx<'_>| {
        let corrections = messages::corrections(tx, &id, &of.code)?;
        let first = addressees::by_number(tx, &id, of.id, FIRST)?;
        let first = first.map(|first| addressees::recipient(tx, &id, first)).transpose()?;
        Ok((corrections, first.flatten()))
    };
    let (corrections, first) = school.store().read(look).await?;
    let texts = match first.filter(|_| !message.is_digest()) {
        Some(to) => {
            let channels: Vec<Channel> = message.channels().into_iter().collect();
            first_preview(&school.renderer, message, &channels, &[to]).transpose()?
        }
        None => None,
    };
    Ok(Shown {
        texts: texts.unwrap_or_default(),
        corrected_by: corrections.into_iter().map(|correction| correction.code).collect(),
    })
}
