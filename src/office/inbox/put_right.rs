//! A contact that somebody told is put in its place by a person, and its slip leaves the list with it.

use serde::Serialize;

use super::entry::ToldContact;
use super::name::EntryName;
use super::settle::InboxRefusal;
use super::told::{KnownContacts, OwnContacts, told_by};
use crate::channel::Channel;
use crate::directory;
use crate::email_address::EmailAddress;
use crate::office::School;
use crate::people::{Act, Actor, Correction, PersonKey, SchoolId, Whom};
use crate::phone_number::PhoneNumber;
use crate::store::cards::SaidDone;
use crate::store::{StoreError, Tx, corrections, journal, replies};

/// What is said to have been done with a slip of which nothing is left to do.
const PUT_RIGHT: &str = "coordonnées mises à jour";

/// A contact that somebody told stands in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldApplied {
    /// In what it stood.
    pub name: EntryName,
    /// Whether nothing else was left to do about that: it has left the list.
    pub settled: bool,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ToldRefusal {
    /// It stands there no more, or is kept by now.
    #[error("{0} tells of no such contact, or it is kept by now; nothing changed")]
    NotTold(EntryName),
    /// One that replaces none was laid by hand before, and would be lost.
    #[error("another contact was added to this person by hand, and would be lost; nothing changed")]
    Another,
    /// The entry.
    #[error("{0}")]
    Entry(#[from] InboxRefusal),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Puts a contact that somebody told in the place of what was kept, over every import to come. A slip of which nothing
/// is left to do leaves the list. One transaction.
pub async fn apply_told_contact(
    school: &School,
    actor: Actor,
    whom: &Whom,
    name: EntryName,
    told: ToldContact,
) -> Result<ToldApplied, ToldRefusal> {
    let EntryName::Said(number) = name else { return Err(ToldRefusal::NotTold(name)) };
    // What families write is read by those alone who see everybody.
    if *whom != Whom::Everybody {
        return Err(InboxRefusal::NoSuchEntry(name).into());
    }
    let (id, by, of) = (school.queue.school().clone(), school.by(actor), name.clone());
    let ours = OwnContacts::of(school);
    let write = move |tx: &Tx<'_>| {
        let Some(standing) = replies::numbered(tx, &id, number)? else {
            return Ok(Err(InboxRefusal::NoSuchEntry(of).into()));
        };
        let (Some(person), None) = (told_by(tx, &id, &standing.reply)?, &standing.settled) else {
            return Ok(Err(ToldRefusal::NotTold(of)));
        };
        let known = KnownContacts::of(tx, &id, &person)?;
        let is_told = ours.told_in(&standing.reply, &known).contains(&told);
        let Some(correction) = correction(&told).filter(|_| is_told) else {
            return Ok(Err(ToldRefusal::NotTold(of)));
        };
        if told.was.is_none() && is_another_added(tx, &id, &person, &correction)? {
            return Ok(Err(ToldRefusal::Another));
        }
        directory::lay_correction(tx, &id, &person, &correction, &by)?;
        let settled = ours.is_done(&standing, &KnownContacts::of(tx, &id, &person)?);
        if settled {
            let said = SaidDone { at: by.at, by: by.actor.name().to_owned() };
            replies::settle(tx, &id, number, Some((&said, PUT_RIGHT)))?;
            journal::note(tx, &id, &by, Act::Settle, &of.to_string())?;
        }
        Ok(Ok(ToldApplied { name: of, settled }))
    };
    school.store().write(write).await?
}

/// Whether a contact that replaces none stands already among what was put right: there is one place for such.
fn is_another_added(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    correction: &Correction,
) -> Result<bool, StoreError> {
    let laid = corrections::of(tx, school, person)?;
    let is_added = |it: &Correction| it.channel() == correction.channel() && it.was().is_empty();
    Ok(laid.iter().any(|it| is_added(it) && it.becomes() != correction.becomes()))
}

/// What it puts right; none for what is no contact of its way.
fn correction(told: &ToldContact) -> Option<Correction> {
    let was = told.was.as_deref();
    match told.channel {
        Channel::Email => {
            let read = |kept: &str| EmailAddress::parse(kept).ok();
            Some(Correction::Email { was: was.and_then(read), becomes: Some(read(&told.is)?) })
        }
        Channel::Phone => {
            let read = PhoneNumber::from_e164;
            Some(Correction::Phone { was: was.and_then(read), becomes: Some(read(&told.is)?) })
        }
        _ => None,
    }
}
