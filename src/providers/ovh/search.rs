//! What became of a job whose answer was lost: its messages stand among the jobs until they leave, then among the
//! outgoing.

use futures_util::{StreamExt, stream};
use serde::de::DeserializeOwned;

use super::words::{self, Outgoing, Pending};
use super::{LONGEST_LIST, Ovh, QUESTIONS_AT_ONCE};
use crate::delivery::{Content, FailureKind, SendError};

/// Waiting jobs that are looked through.
const MOST_PENDING: usize = 2_000;
/// Messages of one tag that are looked at, or twice as many as were sent under it.
const MOST_TAGGED: usize = 20;

/// The numbers (E.164) of a job, each with the id of its message once that is found.
struct SoughtNumbers<'a> {
    numbers: &'a [&'a str],
    ids: Vec<Option<i64>>,
}

impl<'a> SoughtNumbers<'a> {
    fn of(numbers: &'a [&'a str]) -> Self {
        Self { numbers, ids: vec![None; numbers.len()] }
    }

    fn is_complete(&self) -> bool {
        self.ids.iter().all(Option::is_some)
    }

    /// Gives the id to the first number without any that it may be to.
    fn found(&mut self, id: i64, may_be_to: impl Fn(&str) -> bool) {
        if self.ids.contains(&Some(id)) {
            return;
        }
        let mut free = self.numbers.iter().zip(&mut self.ids).filter(|(_, id)| id.is_none());
        if let Some((_, place)) = free.find(|(number, _)| may_be_to(number)) {
            *place = Some(id);
        }
    }
}

impl Ovh {
    /// The ids of the messages that say this to these numbers under our reference, in their order.
    pub(super) async fn find(
        &self,
        content: &Content,
        numbers: &[&str],
        reference: &str,
    ) -> Result<Vec<Option<i64>>, SendError> {
        let mut sought = SoughtNumbers::of(numbers);
        let Content::Sms { text, .. } = content else { return Ok(sought.ids) };
        self.look_among_outgoing(reference, &mut sought).await?;
        if !sought.is_complete() {
            self.look_among_jobs(text, &mut sought).await?;
        }
        if !sought.is_complete() {
            // They may have left between the two questions.
            self.look_among_outgoing(reference, &mut sought).await?;
        }
        Ok(sought.ids)
    }

    /// The messages with our reference that left for these numbers: another school on the account may have given
    /// the reference to somebody else.
    async fn look_among_outgoing(
        &self,
        reference: &str,
        sought: &mut SoughtNumbers<'_>,
    ) -> Result<(), SendError> {
        let tagged = self.list(&self.path(&format!("/outgoing?tag={reference}"))).await?;
        let most = MOST_TAGGED.max(2 * sought.numbers.len());
        let is_seen_whole = tagged.len() <= most;
        let tagged = tagged.into_iter().take(most).collect();
        self.each_of(tagged, "/outgoing", sought, |id, outgoing: &Outgoing, sought| {
            sought.found(id, |number| outgoing.may_be_to(number));
            Some(())
        })
        .await?;
        if !is_seen_whole && !sought.is_complete() {
            return Err(too_many("too many messages carry the tag to be looked through"));
        }
        Ok(())
    }

    /// Jobs carry no tag.
    async fn look_among_jobs(
        &self,
        text: &str,
        sought: &mut SoughtNumbers<'_>,
    ) -> Result<(), SendError> {
        let pending = self.list(&self.path("/jobs")).await?;
        if pending.len() > MOST_PENDING {
            return Err(too_many("too many jobs wait to be looked through"));
        }
        self.each_of(pending, "/jobs", sought, |id, pending: &Pending, sought| {
            let (message, receiver) = pending.told()?;
            sought.found(id, |number| message == text && words::is(&receiver, number));
            Some(())
        })
        .await
    }

    /// Reads these messages, until all that is sought is found; `read` answers `None` where one is not what it is
    /// asked for. Those that are gone in the meantime say nothing.
    async fn each_of<T: DeserializeOwned>(
        &self,
        ids: Vec<i64>,
        place: &str,
        sought: &mut SoughtNumbers<'_>,
        read: impl Fn(i64, &T, &mut SoughtNumbers<'_>) -> Option<()>,
    ) -> Result<(), SendError> {
        let mut answers = stream::iter(ids)
            .map(|id| async move { (id, self.get(&self.path(&format!("{place}/{id}"))).await) })
            .buffer_unordered(QUESTIONS_AT_ONCE);
        while !sought.is_complete()
            && let Some((id, answer)) = answers.next().await
        {
            let answer = answer?;
            if answer.status == 404 {
                continue;
            }
            let told: Option<T> = answer.object();
            told.and_then(|told| read(id, &told, sought))
                .ok_or_else(|| words::refused_question(&answer))?;
        }
        Ok(())
    }

    /// A list of ids, of which one more than [`MOST_PENDING`] is kept.
    async fn list(&self, path: &str) -> Result<Vec<i64>, SendError> {
        let answer = self.get_for(path, LONGEST_LIST).await?;
        let mut ids = Vec::new();
        let is_list = words::each_id(&answer, |id| {
            if ids.len() <= MOST_PENDING {
                ids.push(id);
            }
        });
        is_list.map(|()| ids).ok_or_else(|| words::refused_question(&answer))
    }
}

fn too_many(why: &str) -> SendError {
    SendError::new(FailureKind::Unreachable, why)
}
