//! A restriction holds from the moment when it is noted, whatever was frozen before: it is looked at by the
//! transaction that starts, that climbs, that gathers letters and makes digests, and it is brought to every
//! copy under way at once, so that no list of people shows what must not leave any more.

use super::circumstances::Circumstances;
use super::transit::{Obeyed, Transit};
use super::{Queue, poison};
use crate::clock::Moment;
use crate::delivery::Allowed;
use crate::id::Id;
use crate::message::{Code, Message};
use crate::people::{PupilKey, RestrictedTie};
use crate::store::addressees::{self, Addressee};
use crate::store::restrictions::{self, Left};
use crate::store::{StoreError, Tx, deliveries};

/// Copies looked at in one transaction.
const AT_ONCE: usize = 500;

/// What a restriction took out of one copy that was under way. `Debug` hides whose it was.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
pub struct Withheld {
    /// The message.
    pub message: Code,
    /// Whose copy it was: `Inès DURAND`.
    pub name: String,
    /// Nothing of it is left; else it goes on about other pupils, or to other addresses.
    pub is_all: bool,
    /// The batches in which a letter of it was printed already: a person takes it out.
    pub printed_in: Vec<usize>,
}

impl std::fmt::Debug for Withheld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Withheld({}, all: {})", self.message, self.is_all)
    }
}

/// Restrictions, and the copies under way that they reach.
#[derive(Clone, Copy)]
pub struct Withholding<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// Restrictions, and the copies under way that they reach.
    #[must_use]
    pub const fn restrictions(&self) -> Withholding<'_> {
        Withholding { queue: self }
    }
}

impl Withholding<'_> {
    /// Brings every restriction to the copies under way, and says what it took out of them. Until that is
    /// done, upkeep does it again; nothing that it would take out leaves meanwhile.
    pub async fn obey(self, now: Moment) -> Result<Vec<Withheld>, StoreError> {
        let (mut withheld, mut after) = (Vec::new(), None);
        loop {
            let this = self.queue.clone();
            let batch = self.queue.store.write(move |tx| this.obey_some(tx, after, now)).await?;
            let (mut some, last) = batch;
            withheld.append(&mut some);
            after = last;
            if after.is_none() {
                break;
            }
        }
        let school = self.queue.school.clone();
        self.queue.store.write(move |tx| restrictions::note_obeyed(tx, &school, now)).await?;
        self.queue.wake();
        Ok(withheld)
    }

    /// What had left about a pupil to somebody who must not hear of them, or may have, newest first.
    pub async fn left_before(self, tie: &RestrictedTie) -> Result<Vec<Left>, StoreError> {
        let (school, tie) = (self.queue.school.clone(), tie.clone());
        self.queue
            .store
            .read(move |tx| {
                let name = restrictions::pupil_name(tx, &school, &tie.pupil)?.unwrap_or_default();
                let mut left = Vec::new();
                for record in restrictions::records_of(tx, &school, &tie)? {
                    left.extend(restrictions::left(tx, &school, &record)?);
                }
                left.retain(|one| one.is_about(&tie.pupil, &name));
                Ok(left)
            })
            .await
    }
}

impl Queue {
    /// Looks at the next copies under way; the last one looked at, if there may be more.
    fn obey_some(
        &self,
        tx: &Tx<'_>,
        after: Option<Id<Addressee>>,
        now: Moment,
    ) -> Result<(Vec<Withheld>, Option<Id<Addressee>>), StoreError> {
        let circumstances = self.circumstances(tx, now)?;
        let batch = addressees::under_way(tx, &self.school, after, AT_ONCE)?;
        let last = batch.last().map(|one| one.id).filter(|_| batch.len() == AT_ONCE);
        let mut withheld = Vec::new();
        for addressees::UnderWay { id, message, recipient } in batch {
            // What cannot be read leaves by no way: it fails where it would start.
            let Ok(recipient) = recipient else { continue };
            if recipient.allowed(&circumstances.restrictions) == Allowed::All {
                continue;
            }
            let printed_in = deliveries::printed_in(tx, &self.school, id)?;
            let obeyed = obey_in(tx, self, (message, id), &circumstances)?;
            // A message that cannot be read has no name to give: its copy is unreached, which a human sees.
            let what = match self.message(tx, message) {
                Err(StoreError::Unreadable(_)) => continue,
                what => what?,
            };
            if obeyed.is_touched {
                let (message, name) = (what.code.clone(), recipient.name);
                withheld.push(Withheld { message, name, is_all: obeyed.is_all, printed_in });
            }
        }
        Ok((withheld, last))
    }
}

/// Brings to the copies under way what was noted and did not reach every one yet; how many it changed.
pub(super) async fn obey_what_is_new(queue: &Queue, now: Moment) -> Result<usize, StoreError> {
    let school = queue.school.clone();
    if !queue.store.read(move |tx| restrictions::are_not_obeyed_yet(tx, &school)).await? {
        return Ok(0);
    }
    Ok(queue.restrictions().obey(now).await?.len())
}

/// [`Transit::obey`], under the circumstances of a transaction. Of whom cannot be read nobody knows what may leave: they
/// are unreached, which a human sees.
pub(super) fn obey_in(
    tx: &Tx<'_>,
    queue: &Queue,
    (message, id): (Id<Message>, Id<Addressee>),
    circumstances: &Circumstances,
) -> Result<Obeyed, StoreError> {
    let Circumstances { restrictions, openings, .. } = circumstances;
    if restrictions.is_empty() {
        return Ok(Obeyed::default());
    }
    let obeyed = queue.message(tx, message).and_then(|message| {
        let now = circumstances.now();
        Transit::on(tx, &queue.school, openings, now).obey(restrictions, &message, id)
    });
    match obeyed {
        Err(StoreError::Unreadable(_)) => {
            poison::unreached(tx, &queue.school, id, circumstances.now())?;
            Ok(Obeyed { is_touched: true, is_all: true, climbed: false })
        }
        obeyed => obeyed,
    }
}

impl Left {
    /// Whether it was about a pupil.
    fn is_about(&self, pupil: &PupilKey, name: &str) -> bool {
        self.about.iter().any(|it| it.pupil.as_ref().map_or(it.name == name, |key| key == pupil))
    }
}
