//! By which ties nothing may go: court rulings, and what an adult pupil objects to.

use serde::Serialize;

use crate::audience::{self, Spoilt};
use crate::channel::Channel;
use crate::directory::{self, TieError, Who, WhoError};
use crate::office::School;
use crate::office::cards::{ReadThere, read_there};
use crate::people::{Actor, RestrictedTie, Restriction};
use crate::queue::Withheld;
use crate::store::StoreError;
use crate::store::restrictions::Left;

/// A restriction to note.
pub struct RestrictRequest {
    /// The guardian, and the pupil of theirs.
    pub who: Who,
    /// Why.
    pub why: Restriction,
    /// The day of the ruling and where its copy lies; never what it says.
    pub note: String,
}

/// A restriction was noted; it holds for what is under way too. `Debug` hides whom it means.
#[derive(Clone, Serialize)]
pub struct Restricted {
    /// Always.
    pub restricted: bool,
    /// What it took out of copies that were under way.
    pub withdrawn: Vec<Withheld>,
    /// What had left before, newest first.
    pub left: Vec<Left>,
    /// What stands published where they read it: a person has to take it away there.
    pub read_there: Vec<ReadThere>,
    /// Whose addresses are not used for the pupil any more, since the restricted person has them too.
    pub not_used: Vec<Spoilt>,
    /// The pupil's name.
    #[serde(skip)]
    pub pupil: String,
}

impl std::fmt::Debug for Restricted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Restricted({} withdrawn, {} left)", self.withdrawn.len(), self.left.len())
    }
}

/// A restriction was lifted, or there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Lifted {
    /// Whether there was one.
    pub lifted: bool,
}

/// Addresses may be used for a pupil, whoever else has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Trusted {
    /// How many.
    pub trusted: usize,
}

/// Why a tie stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum TieRefusal {
    /// It is not clear whose.
    #[error("{0}")]
    Who(#[from] WhoError),
    /// It cannot be restricted so.
    #[error("{0}")]
    Tie(#[from] TieError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Notes that nothing about a pupil goes to one of their guardians. It is durable first, then brought to what is
/// under way.
pub async fn restrict(
    school: &School,
    actor: Actor,
    request: RestrictRequest,
) -> Result<Restricted, TieRefusal> {
    let (store, id, by) = (school.store(), school.queue.school(), school.by(actor));
    let RestrictRequest { who, why, note } = request;
    let (person, pupil) = directory::find_tie(store, id, &who).await?;
    let tie = RestrictedTie { pupil: pupil.key.clone(), person: person.key, why, note };
    let now = by.at;
    directory::restrict(store, id, tie.clone(), by).await?;
    let restrictions = school.queue.restrictions();
    Ok(Restricted {
        restricted: true,
        withdrawn: restrictions.obey(now).await?,
        left: restrictions.left_before(&tie).await?,
        read_there: read_there(school, &tie, &pupil).await?,
        not_used: audience::spoilt_about(store, id, &pupil.key).await?,
        pupil: pupil.display_name(),
    })
}

/// Lifts what restricts a person about a pupil.
pub async fn lift(school: &School, actor: Actor, who: &Who) -> Result<Lifted, TieRefusal> {
    let (store, id, by) = (school.store(), school.queue.school(), school.by(actor));
    let (person, pupil) = directory::find_tie(store, id, who).await?;
    Ok(Lifted { lifted: directory::lift(store, id, (&person, &pupil), by).await? })
}

/// Says that addresses of a guardian may be used for a pupil, although somebody who must not hear of that pupil
/// has them too.
pub async fn trust(
    school: &School,
    actor: Actor,
    who: &Who,
    channels: &[Channel],
) -> Result<Trusted, TieRefusal> {
    let (store, id, by) = (school.store(), school.queue.school(), school.by(actor));
    let (person, pupil) = directory::find_tie(store, id, who).await?;
    let of = (&person, &pupil.key);
    Ok(Trusted { trusted: directory::trust(store, id, of, channels, by).await? })
}
