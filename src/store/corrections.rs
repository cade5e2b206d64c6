//! What the office knows better than its source.

use super::messages::json;
use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::chat_address::ChatAddress;
use crate::clock::Moment;
use crate::email_address::EmailAddress;
use crate::people::{Correction, PartCorrection, PersonKey, RecordPart, SchoolId};
use crate::phone_number::PhoneNumber;

/// Every correction of the school, by person, oldest first.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<(PersonKey, Correction)>, StoreError> {
    tx.query(
        "SELECT person_key, channel, was, becomes FROM corrections WHERE school_id = $1 \
         ORDER BY person_key, noted_at, was",
        &[school.as_str().into()],
        |row| Ok((PersonKey(row.text(0)?), read(row)?)),
    )
}

/// Those of one person, oldest first.
pub fn of(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<Vec<Correction>, StoreError> {
    tx.query(
        "SELECT person_key, channel, was, becomes FROM corrections WHERE school_id = $1 \
         AND person_key = $2 ORDER BY noted_at, was",
        &[school.as_str().into(), (&person.0).into()],
        read,
    )
}

/// Keeps a correction; a later one of the same contact replaces it.
pub fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    correction: &Correction,
    now: Moment,
) -> Result<(), StoreError> {
    let becomes = match correction {
        Correction::Post(address) => json(address)?,
        other => other.becomes(),
    };
    tx.execute(
        "INSERT INTO corrections (school_id, person_key, channel, was, becomes, noted_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (school_id, person_key, channel, was) \
         DO UPDATE SET becomes = excluded.becomes, noted_at = excluded.noted_at",
        &[
            school.as_str().into(),
            (&person.0).into(),
            correction.of().into(),
            correction.was().into(),
            (&becomes).into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Forgets a correction: the source says the same now.
pub fn forget(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    correction: &Correction,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM corrections WHERE school_id = $1 AND person_key = $2 AND channel = $3 \
         AND was = $4",
        &[
            school.as_str().into(),
            (&person.0).into(),
            correction.of().into(),
            correction.was().into(),
        ],
    )?;
    Ok(())
}

/// A correction out of columns 1 to 3: a channel or a part of the record, what was, what becomes.
fn read(row: &Row<'_>) -> Result<Correction, StoreError> {
    if let Some(part) = row.str(1)?.and_then(RecordPart::from_word) {
        let (was, becomes) = (row.text(2)?, row.text(3)?);
        return Ok(Correction::Part(PartCorrection { part, was, becomes }));
    }
    let email = |column| maybe(row, column, |word| EmailAddress::parse(word).ok());
    let phone = |column| maybe(row, column, PhoneNumber::from_e164);
    let chat = |column| maybe(row, column, |word| ChatAddress::parse(word).ok());
    Ok(match row.word(1, |word| word.parse::<Channel>().ok())? {
        Channel::Email => Correction::Email { was: email(2)?, becomes: email(3)? },
        Channel::Chat => Correction::Chat { was: chat(2)?, becomes: chat(3)? },
        Channel::Letter => Correction::Post(row.json(3)?),
        _ => Correction::Phone { was: phone(2)?, becomes: phone(3)? },
    })
}

/// The word in a column, where an empty one stands for nothing.
fn maybe<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    if row.str(column)? == Some("") { Ok(None) } else { row.word(column, read).map(Some) }
}
