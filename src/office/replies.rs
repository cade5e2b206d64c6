//! What families answered.

use serde::Serialize;

use super::School;
use crate::clock::Moment;
use crate::people::{Filing, SchoolId};
use crate::store::replies::{KeptReply, ReplyStanding};
use crate::store::{StoreError, Tx, people, pupils, replies};

/// Answers that nobody saw to, oldest first.
#[derive(Serialize)]
pub struct Replies {
    /// How many there are.
    pub total: usize,
    /// Those that were asked for.
    pub replies: Vec<ReplyShown>,
}

/// An answer.
#[derive(Serialize)]
pub struct ReplyShown {
    /// When it came.
    pub at: Moment,
    /// Who; `None` where nobody of the directory has that number.
    pub name: Option<String>,
    /// The pupils whom they stand for, with their classes.
    pub pupils: Vec<String>,
    /// Their words.
    pub body: String,
}

/// So many answers after so many of the oldest that nobody saw to.
pub async fn replies(school: &School, skipped: usize, most: usize) -> Result<Replies, StoreError> {
    let id = school.queue.school().clone();
    let read = move |tx: &Tx<'_>| {
        let open = replies::open(tx, &id)?.into_iter();
        let shown = open.skip(skipped).take(most).map(|it| shown(tx, &id, it.reply));
        Ok(Replies {
            total: replies::count(tx, &id, ReplyStanding::Open)?,
            replies: shown.collect::<Result<_, _>>()?,
        })
    };
    school.store().read(read).await
}

fn shown(tx: &Tx<'_>, school: &SchoolId, reply: KeptReply) -> Result<ReplyShown, StoreError> {
    let (mut name, mut about) = (None, Vec::new());
    if let Some(key) = &reply.person {
        name = people::person(tx, school, key)?.map(|person| person.display_name());
        about = pupils::of_person(tx, school, key)?;
    }
    about.sort_by_cached_key(|(pupil, _)| Filing::of_pupil(pupil));
    let named = about.iter().map(|(pupil, _)| match &pupil.class {
        Some(class) => format!("{} ({class})", pupil.display_name()),
        None => pupil.display_name(),
    });
    Ok(ReplyShown { at: reply.received_at, name, pupils: named.collect(), body: reply.body })
}
