//! That somebody looked stands in the journal.

use std::time::Duration;

use super::School;
use crate::people::{Act, Actor, By};
use crate::store::{StoreError, Tx, journal};

/// One line of the journal in this span for each who looks: a page that is read again adds none.
const ONCE_IN: Duration = Duration::from_hours(1);

/// Notes a look, once in a while; it is durable when this returns.
pub(super) async fn note_look(
    school: &School,
    actor: Actor,
    act: Act,
    about: &str,
) -> Result<(), StoreError> {
    let (id, by, about) = (school.queue.school().clone(), school.by(actor), about.to_owned());
    let (of, looked) = ((id.clone(), by.clone()), about.clone());
    let is_noted = move |tx: &Tx<'_>| {
        let (id, By { actor, at }) = &of;
        journal::has_done(tx, id, actor, (act, &looked), *at - ONCE_IN)
    };
    if school.store().read(is_noted).await? {
        return Ok(());
    }
    school.store().write(move |tx: &Tx<'_>| journal::note(tx, &id, &by, act, &about)).await
}
