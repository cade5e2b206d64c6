//! What a correction takes back: the messages of a provider that handed out the earlier text, where it can. Noted in
//! the transaction that withdraws that text; asked for by the provider's dispatcher as the correction begins to
//! leave. No delivery's state changes by it, and no proof.
//!
//! A message of the provider's may have gone to several. It is taken back for all of them: whoever had it is one
//! whom the correction goes to, but for those of whom a ruling, noted since, says that they must read neither text.

use super::Queue;
use crate::clock::Moment;
use crate::delivery::Recaller;
use crate::id::Id;
use crate::message::Message;
use crate::store::recalls::{self, DueRecall, HandedOut, KeptRecall, NewRecall, RecallAnswer};
use crate::store::{StoreError, Tx, holds};

/// What a correction would take back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct RecallAhead {
    /// Messages of a provider that it is going to be asked to take back, each to one or to several.
    pub to_recall: usize,
    /// When the first of them left.
    pub sent_at: Option<Moment>,
    /// Those that left too long before.
    pub too_late: usize,
}

/// Messages that providers take back.
#[derive(Clone, Copy)]
pub struct Recalls<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// What corrections take back from those who have it.
    #[must_use]
    pub const fn recalls(&self) -> Recalls<'_> {
        Recalls { queue: self }
    }
}

impl Recalls<'_> {
    /// What a correction that begins to leave then would take back.
    pub async fn ahead(
        self,
        earlier: Id<Message>,
        begins_at: Moment,
    ) -> Result<RecallAhead, StoreError> {
        let this = self.queue.clone();
        let look = move |tx: &Tx<'_>| {
            let mut ahead = RecallAhead::default();
            let earlier = this.message(tx, earlier)?;
            this.each_handed_out(tx, &earlier, &this.recallers, |recaller, _, it| {
                ahead.add(&it, it.sent_at + recaller.within <= begins_at);
                Ok(())
            })?;
            Ok(ahead)
        };
        self.queue.store.read(look).await
    }

    /// The next message that a provider is to take back now; nobody else gets it before the lease ends. Those that
    /// are too late by now are given up.
    pub async fn next(
        self,
        provider: &str,
        now: Moment,
        lease_ends: Moment,
    ) -> Result<Option<DueRecall>, StoreError> {
        let mine = |it: &&Recaller| it.provider == provider;
        let Some(recaller) = self.queue.recallers.iter().find(mine).cloned() else {
            return Ok(None);
        };
        let (this, of) = (self.queue.clone(), recaller.clone());
        let has_work = move |tx: &Tx<'_>| {
            let is_due = recalls::is_due(tx, &this.school, &of.provider, now)?;
            Ok(is_due || !recalls::late(tx, &this.school, &of.provider)?.is_empty())
        };
        if !self.queue.store.read(has_work).await? {
            return Ok(None);
        }
        let this = self.queue.clone();
        let work = move |tx: &Tx<'_>| {
            this.note_late(tx, &recaller, now)?;
            recalls::give_up(tx, &this.school, &recaller.provider, now)?;
            if holds::standing(tx, &this.school)?.is_some() {
                return Ok(None);
            }
            recalls::claim(tx, &this.school, &recaller.provider, now, lease_ends)
        };
        self.queue.store.write(work).await
    }

    /// Puts off one that was not asked for.
    pub async fn put_off(self, recall: DueRecall, until: Moment) -> Result<(), StoreError> {
        let school = self.queue.school.clone();
        let write = move |tx: &Tx<'_>| recalls::put_off(tx, &school, &recall, until);
        self.queue.store.write(write).await
    }

    /// Writes down what the provider answered.
    pub async fn note(
        self,
        recall: DueRecall,
        answer: RecallAnswer,
        now: Moment,
    ) -> Result<(), StoreError> {
        let school = self.queue.school.clone();
        let write = move |tx: &Tx<'_>| recalls::note(tx, &school, &recall, &answer, now);
        self.queue.store.write(write).await
    }

    /// Those of a message, oldest first.
    pub async fn of(self, message: Id<Message>) -> Result<Vec<KeptRecall>, StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.read(move |tx| recalls::of_message(tx, &school, message)).await
    }
}

impl Queue {
    /// Notes what a correction takes back, from its beginning on: until then it may be cancelled, and nothing would
    /// stand in the place of the earlier text.
    pub(super) fn note_recalls(
        &self,
        tx: &Tx<'_>,
        earlier: &Message,
        correction: &Message,
    ) -> Result<(), StoreError> {
        let now = correction.launched_at;
        self.each_handed_out(tx, earlier, &self.recallers, |recaller, text, it| {
            self.note_recall(tx, recaller, (text.id, correction), &it, now)
        })?;
        self.each_text(tx, earlier, &self.recallers, |recaller, text| {
            let until = (correction.id, now + recaller.within);
            recalls::keep_in_mind(tx, &self.school, text.id, &recaller.provider, until)
        })
    }

    fn note_recall(
        &self,
        tx: &Tx<'_>,
        recaller: &Recaller,
        (text, correction): (Id<Message>, &Message),
        of: &HandedOut,
        now: Moment,
    ) -> Result<(), StoreError> {
        let begins_at = correction.terms.starts_at.unwrap_or(now).max(now);
        let ends_at = of.sent_at + recaller.within;
        let recall = NewRecall {
            provider: &recaller.provider,
            of,
            message: text,
            corrected_by: correction.id,
            ends_at,
            due_at: (begins_at < ends_at).then_some(begins_at),
        };
        recalls::put(tx, &self.school, &recall, now)
    }

    /// What was under way when its text was corrected, or had lost its answer, and turned out to have been taken.
    fn note_late(&self, tx: &Tx<'_>, recaller: &Recaller, now: Moment) -> Result<(), StoreError> {
        for it in recalls::late(tx, &self.school, &recaller.provider)? {
            let correction = self.message(tx, it.corrected_by)?;
            self.note_recall(tx, recaller, (it.message, &correction), &it.of, now)?;
            recalls::forget(tx, &self.school, &recaller.provider, it.delivery)?;
        }
        Ok(())
    }

    /// Every message of these providers that handed out a text, and that nobody took back yet.
    fn each_handed_out(
        &self,
        tx: &Tx<'_>,
        earlier: &Message,
        recallers: &[Recaller],
        mut look: impl FnMut(&Recaller, &Message, HandedOut) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.each_text(tx, earlier, recallers, |recaller, text| {
            let handed_out = recalls::handed_out(tx, &self.school, text.id, &recaller.provider)?;
            handed_out.into_iter().try_for_each(|it| look(recaller, text, it))
        })
    }

    /// Every message that carries a text, the message itself and those that tried it again, with each of these providers.
    /// A digest is not among them: it says more than this text.
    fn each_text(
        &self,
        tx: &Tx<'_>,
        earlier: &Message,
        recallers: &[Recaller],
        mut look: impl FnMut(&Recaller, &Message) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if recallers.is_empty() {
            return Ok(());
        }
        let retries = self.retries_of(tx, earlier)?;
        for text in std::iter::once(earlier).chain(&retries) {
            recallers.iter().try_for_each(|recaller| look(recaller, text))?;
        }
        Ok(())
    }
}

impl RecallAhead {
    fn add(&mut self, one: &HandedOut, is_too_late: bool) {
        if is_too_late {
            self.too_late += 1;
            return;
        }
        self.to_recall += 1;
        let first = self.sent_at.map_or(one.sent_at, |at| at.min(one.sent_at));
        self.sent_at = Some(first);
    }
}
