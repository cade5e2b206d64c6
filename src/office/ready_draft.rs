//! What a draft becomes as it leaves: an announcement, another try of one, or the correction of one.

use super::correct::{correct_from, prepare_correction};
use super::draft::{self, DraftShown};
use super::launch::{launch, timed};
use super::ready::prepare;
use super::{Amendments, Ready, Refusal, School, again, message_of, within};
use crate::message::{Draft, DraftVersion, Follows, Message, Terms, Urgency};
use crate::people::{Actor, Whom};
use crate::queue::Corrected;
use crate::store::{StoreError, Tx, messages};

/// What is ready to leave. Nothing of it is kept yet but the draft.
#[derive(Debug)]
pub enum ReadyDraft {
    /// An announcement, or another try of one.
    Announcement(Box<Ready>),
    /// The correction of one.
    Correction(Box<ReadyCorrection>),
}

/// A correction that is ready to leave.
/// `Debug` hides the texts.
pub struct ReadyCorrection {
    /// The message that it puts right.
    pub earlier: Message,
    /// What it says.
    pub message: Message,
    /// To how many it goes as they stand.
    pub to: Corrected,
}

impl std::fmt::Debug for ReadyCorrection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReadyCorrection({} of {})", self.message.code, self.earlier.code)
    }
}

impl ReadyDraft {
    /// To how many it goes.
    #[must_use]
    pub fn recipients(&self) -> usize {
        match self {
            Self::Announcement(ready) => ready.chosen.len(),
            Self::Correction(ready) => ready.to.all(),
        }
    }

    /// How soon it must leave.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        match self {
            Self::Announcement(ready) => ready.message.urgency,
            Self::Correction(ready) => ready.message.urgency,
        }
    }

    /// Refused where it goes beyond those with whom somebody has to do, or is a correction that may not begin now.
    pub(super) async fn check(&self, school: &School, whom: &Whom) -> Result<(), Refusal> {
        match self {
            Self::Announcement(ready) => within::check(whom, &ready.chosen),
            Self::Correction(ready) => {
                within::check_rule(school, whom, &ready.earlier.audience).await?;
                timed(school, ready.message.clone(), school.clock.now()).await.map(drop)
            }
        }
    }
}

/// Makes a draft ready to leave, by the plans as they are now. `again`: also where the same was launched within a day.
pub async fn ready_draft(
    school: &School,
    draft: DraftShown,
    again: bool,
) -> Result<ReadyDraft, Refusal> {
    match draft.draft.follows.clone() {
        Some(Follows::Corrects { message, what }) => {
            let earlier = followed(school, message.as_str()).await?;
            let ready = ready_correction(school, earlier, draft.draft, what).await?;
            Ok(ReadyDraft::Correction(Box::new(ready)))
        }
        Some(Follows::Retries { message, or_uncertain }) => {
            let earlier = followed(school, message.as_str()).await?;
            let ready = ready_retry(school, &earlier, &draft, or_uncertain).await?;
            Ok(ReadyDraft::Announcement(Box::new(ready)))
        }
        None => Ok(ReadyDraft::Announcement(Box::new(draft::prepare(school, draft, again).await?))),
    }
}

/// Launches a draft that is ready, in the version that was looked at; there is no more of it then.
pub async fn launch_draft(
    school: &School,
    actor: Actor,
    ready: ReadyDraft,
    at: DraftVersion,
) -> Result<Message, Refusal> {
    match ready {
        ReadyDraft::Announcement(ready) => {
            launch(school, actor, Ready { draft: Some(at), ..*ready }).await
        }
        ReadyDraft::Correction(ready) => {
            let ReadyCorrection { earlier, message, .. } = *ready;
            Ok(correct_from(school, actor, &earlier, message, Some(at)).await?.0)
        }
    }
}

async fn ready_correction(
    school: &School,
    earlier: Message,
    draft: Draft,
    what: Option<String>,
) -> Result<ReadyCorrection, Refusal> {
    let changes = Amendments {
        fields: draft.fields,
        what_changed: what,
        urgency: None,
        plans: school.config.plans_beside(&earlier.plan),
        terms: Terms::default(),
    };
    let message = prepare_correction(school, &earlier, changes).await?;
    let to = school.queue.corrections().would_concern(earlier.id).await?;
    Ok(ReadyCorrection { earlier, message, to })
}

/// With the very text that the draft was kept with: one that was put right since is looked at anew.
async fn ready_retry(
    school: &School,
    earlier: &Message,
    draft: &DraftShown,
    or_uncertain: bool,
) -> Result<Ready, Refusal> {
    let request = again(school, earlier, or_uncertain, Terms::default()).await?;
    if request.fields != draft.draft.fields {
        let (id, of) = (school.queue.school().clone(), earlier.clone());
        let newest = move |tx: &Tx<'_>| messages::newest_text(tx, &id, &of);
        let newest = school.store().read(newest).await?;
        return Err(Refusal::Corrected(earlier.code.clone(), newest.code));
    }
    let ready = prepare(school, request).await?;
    Ok(Ready { draft: Some(draft.at()), ..ready })
}

async fn followed(school: &School, code: &str) -> Result<Message, Refusal> {
    let gone = || StoreError::Unreadable("the message that a draft follows".to_owned());
    Ok(message_of(school, code).await?.ok_or_else(gone)?)
}
