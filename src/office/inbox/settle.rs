//! What is done about an entry: it is given to a colleague, seen to, or put back.

use jiff::civil::Date;
use serde::Serialize;

use super::entry::EntryKind;
use super::name::{self, EntryName};
use super::reading::InboxReading;
use crate::clock::Moment;
use crate::delivery::lifecycle::AddresseeState;
use crate::id::Id;
use crate::office::School;
use crate::people::{Act, Actor, SchoolId, Whom};
use crate::store::addressees::Addressee;
use crate::store::cards::SaidDone;
use crate::store::{StoreError, Tx, journal, replies, seen_to};

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenTo {
    /// Which.
    pub name: EntryName,
    /// Who sees to it; `None` where nobody was named.
    pub assigned_to: Option<String>,
    /// Whether it left the list.
    pub settled: bool,
}

/// Why an entry stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum InboxRefusal {
    /// Nothing is called so.
    #[error("nothing of the list is called {0}")]
    NoSuchEntry(EntryName),
    /// They are in nobody's hands, or on a list of their own.
    #[error("{name} is not on the list: {} now; nothing changed", .state.as_str().replace('_', " "))]
    NotInHands {
        /// Who.
        name: EntryName,
        /// Where they stand.
        state: AddresseeState,
    },
    /// Somebody did before.
    #[error("{by} saw to {name} on {at} already; nothing changed")]
    SettledAlready {
        /// Which.
        name: EntryName,
        /// Who.
        by: String,
        /// When, by the clocks of the school.
        at: String,
    },
    /// Nobody did.
    #[error("nobody saw to {0} yet; nothing changed")]
    NotSettled(EntryName),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What an entry is in the database.
enum EntryRow {
    Said(u32),
    InHands(Id<Addressee>, AddresseeState),
}

/// Why it is not written, found in the transaction.
enum NotWritten {
    There,
    InHands(AddresseeState),
    Before(SaidDone),
    Settled,
}

/// Gives an entry to a colleague, or to nobody any more.
pub async fn assign_entry(
    school: &School,
    actor: Actor,
    whom: &Whom,
    name: EntryName,
    to: Option<String>,
) -> Result<SeenTo, InboxRefusal> {
    let given = to.clone();
    write(school, (actor, whom), Act::Assign, &name, move |tx, id, row, _| {
        match row {
            EntryRow::Said(number) => replies::assign(tx, id, *number, given.as_deref())?,
            EntryRow::InHands(who, state) => {
                seen_to::assign(tx, id, (*who, *state), given.as_deref())?;
            }
        }
        Ok(Ok(()))
    })
    .await?;
    Ok(SeenTo { name, assigned_to: to, settled: false })
}

/// Takes down that somebody saw to an entry, and what they did: it leaves the list.
pub async fn settle_entry(
    school: &School,
    actor: Actor,
    whom: &Whom,
    name: EntryName,
    how: String,
) -> Result<SeenTo, InboxRefusal> {
    write(school, (actor, whom), Act::Settle, &name, move |tx, id, row, said| {
        if let Some(before) = settled(tx, id, row)? {
            return Ok(Err(NotWritten::Before(before)));
        }
        put(tx, id, row, Some((said, &how)))?;
        Ok(Ok(()))
    })
    .await?;
    Ok(SeenTo { name, assigned_to: None, settled: true })
}

/// Takes that back: it is on the list again.
pub async fn reopen_entry(
    school: &School,
    actor: Actor,
    whom: &Whom,
    name: EntryName,
) -> Result<SeenTo, InboxRefusal> {
    write(school, (actor, whom), Act::Reopen, &name, |tx, id, row, _| {
        if settled(tx, id, row)?.is_none() {
            return Ok(Err(NotWritten::Settled));
        }
        put(tx, id, row, None)?;
        Ok(Ok(()))
    })
    .await?;
    Ok(SeenTo { name, assigned_to: None, settled: false })
}

fn settled(tx: &Tx<'_>, school: &SchoolId, row: &EntryRow) -> Result<Option<SaidDone>, StoreError> {
    let found = match row {
        EntryRow::Said(number) => {
            replies::numbered(tx, school, *number)?.and_then(|standing| standing.settled)
        }
        EntryRow::InHands(who, state) => seen_to::settled(tx, school, (*who, *state))?,
    };
    Ok(found.map(|(said, _)| said))
}

fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    row: &EntryRow,
    done: Option<(&SaidDone, &str)>,
) -> Result<(), StoreError> {
    match row {
        EntryRow::Said(number) => replies::settle(tx, school, *number, done).map(drop),
        EntryRow::InHands(who, state) => seen_to::settle(tx, school, (*who, *state), done),
    }
}

/// One transaction: the entry is found as it stands, something is written of it, and who did. To whoever may not see it
/// there is none.
async fn write(
    school: &School,
    (actor, whom): (Actor, &Whom),
    act: Act,
    name: &EntryName,
    change: impl Fn(
        &Tx<'_>,
        &SchoolId,
        &EntryRow,
        &SaidDone,
    ) -> Result<Result<(), NotWritten>, StoreError>
    + Send
    + 'static,
) -> Result<(), InboxRefusal> {
    let (id, by, wanted) = (school.queue.school().clone(), school.by(actor), name.clone());
    let (whom, today) = (whom.clone(), school.today());
    let work = move |tx: &Tx<'_>| {
        if !is_seen((tx, &id), &whom, &wanted, today)? {
            return Ok(Err(NotWritten::There));
        }
        let row = match row(tx, &id, &wanted)? {
            Ok(row) => row,
            Err(not) => return Ok(Err(not)),
        };
        let said = SaidDone { at: by.at, by: by.actor.name().to_owned() };
        if let Err(not) = change(tx, &id, &row, &said)? {
            return Ok(Err(not));
        }
        journal::note(tx, &id, &by, act, &wanted.to_string())?;
        Ok(Ok(()))
    };
    let shown = |at: Moment| school.queue.timing().hours.shown(at);
    school.store().write(work).await?.map_err(|not| match not {
        NotWritten::There => InboxRefusal::NoSuchEntry(name.clone()),
        NotWritten::InHands(state) => InboxRefusal::NotInHands { name: name.clone(), state },
        NotWritten::Before(SaidDone { at, by }) => {
            InboxRefusal::SettledAlready { name: name.clone(), by, at: shown(at) }
        }
        NotWritten::Settled => InboxRefusal::NotSettled(name.clone()),
    })
}

fn is_seen(
    (tx, school): (&Tx<'_>, &SchoolId),
    whom: &Whom,
    wanted: &EntryName,
    today: Date,
) -> Result<bool, StoreError> {
    if *whom == Whom::Everybody {
        return Ok(true);
    }
    Ok(InboxReading::new(tx, school, today).seen(whom, wanted)?.is_some())
}

fn row(
    tx: &Tx<'_>,
    school: &SchoolId,
    wanted: &EntryName,
) -> Result<Result<EntryRow, NotWritten>, StoreError> {
    match wanted {
        EntryName::Said(number) => {
            let found = replies::numbered(tx, school, *number)?;
            Ok(found.map(|it| EntryRow::Said(it.number)).ok_or(NotWritten::There))
        }
        EntryName::InHands(code, number) => {
            let Some(addressee) = name::find(tx, school, code, *number)? else {
                return Ok(Err(NotWritten::There));
            };
            let state = addressee.progress.state;
            match EntryKind::of(state) {
                Some(_) => Ok(Ok(EntryRow::InHands(addressee.id, state))),
                None => Ok(Err(NotWritten::InHands(state))),
            }
        }
    }
}
