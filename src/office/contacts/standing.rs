//! Which ways to people are in which state, counted and by name.

use std::ops::Range;

use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::Proof;
use crate::office::School;
use crate::people::{ContactState, Handle, Person, PostalAddress, SchoolId};
use crate::store::contact_points::{self, KeptContactPoint, StateCount};
use crate::store::{StoreError, Tx, people};

/// Ways to people, as an office asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactsSought {
    /// What is known of them.
    pub state: ContactState,
    /// Of this channel alone.
    pub channel: Option<Channel>,
}

/// A way to somebody. `Debug` hides whose.
pub struct ListedContact {
    /// What the address of their page calls them.
    pub handle: Handle,
    /// Their name.
    pub name: String,
    /// By which channel.
    pub channel: Channel,
    /// The address or the number, as people read it; empty for an account in the ENT.
    pub value: String,
    /// The best proof of its last use, and when that was.
    pub proof: Option<(Proof, Moment)>,
    /// Since when it is in that state, where that is known.
    pub since: Option<Moment>,
}

impl std::fmt::Debug for ListedContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ListedContact({}, {})", self.handle, self.channel)
    }
}

/// How many ways to people of the school are in which state, by channel; those of the post too.
pub async fn contact_states(school: &School) -> Result<Vec<StateCount>, StoreError> {
    let id = school.queue.school().clone();
    school.store().read(move |tx: &Tx<'_>| counted(tx, &id)).await
}

fn counted(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<StateCount>, StoreError> {
    let mut counts = contact_points::count_states(tx, school)?;
    let posts = people::count_post_states(tx, school)?;
    let channel = Channel::Letter;
    counts.extend(posts.into_iter().map(|(state, count)| StateCount { state, channel, count }));
    Ok(counts)
}

/// How many of these counts are sought.
#[must_use]
pub fn how_many(counts: &[StateCount], sought: ContactsSought) -> usize {
    let is_sought = |it: &&StateCount| {
        it.state == sought.state && sought.channel.is_none_or(|channel| channel == it.channel)
    };
    counts.iter().filter(is_sought).map(|it| it.count).sum()
}

/// Those of a range that are sought, each by the name of whose it is: first the points, then the postal addresses.
pub(in crate::office) async fn in_state(
    school: &School,
    counts: &[StateCount],
    sought: ContactsSought,
    range: Range<usize>,
) -> Result<Vec<ListedContact>, StoreError> {
    let posts = how_many(counts, ContactsSought { channel: Some(Channel::Letter), ..sought });
    let points = how_many(counts, sought).saturating_sub(posts);
    let (id, ContactsSought { state, channel }) = (school.queue.school().clone(), sought);
    let look = move |tx: &Tx<'_>| {
        let mut listed = Vec::new();
        if range.start < points && channel != Some(Channel::Letter) {
            let part = (range.start, range.len());
            let found = people::with_points_in(tx, &id, state, channel, part)?;
            listed.extend(found.into_iter().map(|(person, kept)| of_point(&person, &kept)));
        }
        let most = range.len().saturating_sub(listed.len());
        if most > 0 && channel.is_none_or(|it| it == Channel::Letter) {
            let part = (range.start.saturating_sub(points), most);
            let found = people::with_post_in(tx, &id, state, part)?;
            listed.extend(found.into_iter().map(|(person, since)| of_post(&person, since)));
        }
        Ok(listed)
    };
    school.store().read(look).await
}

fn of_point(person: &Person, kept: &KeptContactPoint) -> ListedContact {
    ListedContact {
        handle: Handle::of_person(&person.key),
        name: person.display_name(),
        channel: kept.point.channel(),
        value: kept.point.shown().unwrap_or_default(),
        proof: kept.proof.zip(kept.proven_at),
        since: Some(kept.changed_at),
    }
}

fn of_post(person: &Person, since: Option<Moment>) -> ListedContact {
    let address = person.postal_address.as_ref();
    ListedContact {
        handle: Handle::of_person(&person.key),
        name: person.display_name(),
        channel: Channel::Letter,
        value: address.map(PostalAddress::in_one_line).unwrap_or_default(),
        proof: None,
        since,
    }
}
