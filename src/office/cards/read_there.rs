//! Publications that somebody reads who must not any more: no program takes them away there, only a person does.

use serde::Serialize;

use super::card::Card;
use super::destination::takes_whole_classes;
use super::program::program;
use crate::audience::Rule;
use crate::office::School;
use crate::people::{Pupil, RestrictedTie};
use crate::queue::CardStands;
use crate::store::StoreError;
use crate::store::cards::SaidDone;

/// The newest cards that are looked through.
const LOOKED_THROUGH: usize = 100;

/// A card that was published where somebody reads it who must not hear of its pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadThere {
    /// How it is called: `7K4M/pronote`.
    pub card: String,
    /// The program, as colleagues call it.
    pub program: String,
    /// The class of the pupil, all of whom it was published to; `None`: to them by name.
    pub class: Option<String>,
    /// When, and by whom.
    pub published: SaidDone,
}

/// What stands published about a pupil where the person of this tie reads it, newest first: to the pupil's class,
/// or to them by name.
pub(in crate::office) async fn read_there(
    school: &School,
    tie: &RestrictedTie,
    pupil: &Pupil,
) -> Result<Vec<ReadThere>, StoreError> {
    let name = pupil.display_name();
    let published = school.queue.cards().published(LOOKED_THROUGH, school.clock.now()).await?;
    let found = published.iter().filter_map(|stands| {
        let is_whole =
            stands.message.audience.parse().is_ok_and(|it: Rule| takes_whole_classes(&it));
        let mut about = stands.all.iter().flat_map(|one| &one.recipient.about);
        let about = about.find(|it| match &it.pupil {
            Some(key) => *key == pupil.key,
            None => it.name == name,
        });
        let class = about.filter(|_| is_whole).map(|it| it.class.clone());
        let reads = class.is_some() || about.is_some() && stands.has_told(&tie.person);
        reads.then(|| of(school, stands, class.flatten())).flatten()
    });
    Ok(found.collect())
}

fn of(school: &School, stands: &CardStands, class: Option<String>) -> Option<ReadThere> {
    Some(ReadThere {
        card: Card::called(stands),
        program: program(school, &stands.kept.provider),
        class,
        published: stands.kept.published.clone()?,
    })
}
