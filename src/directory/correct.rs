//! A contact that the office puts right by hand, at once and over every import to come.

use crate::chat_address::ChatAddress;
use crate::clock::Moment;
use crate::email_address::EmailAddress;
use crate::people::{
    Act, By, ContactPoint, Correction, PersonKey, PostalAddress, SchoolId, Source,
};
use crate::phone_number::PhoneNumber;
use crate::store::contact_points::Given;
use crate::store::{Store, StoreError, Tx, contact_points, corrections, journal, people};

/// What the office says is right.
#[derive(Debug, Clone)]
pub enum RightContact {
    /// An e-mail address, in the place of `was`; `None` when there is none any more.
    Email {
        /// The one that is wrong; may be left out when there is one at most.
        was: Option<EmailAddress>,
        /// The right one.
        is: Option<EmailAddress>,
    },
    /// A telephone number, likewise.
    Phone {
        /// The one that is wrong; may be left out when there is one at most.
        was: Option<PhoneNumber>,
        /// The right one.
        is: Option<PhoneNumber>,
    },
    /// An address in a messenger, likewise.
    Chat {
        /// The one that is wrong; may be left out when there is one at most.
        was: Option<ChatAddress>,
        /// The right one.
        is: Option<ChatAddress>,
    },
    /// The postal address.
    Post(PostalAddress),
}

/// Why a contact cannot be put right. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// The one that is said to be wrong is none of the person's.
    #[error("the person has no such address or number; nothing was changed")]
    NotTheirs,
    /// There are several, and it is not said which one is wrong.
    #[error("the person has several, and which one is wrong was not said; nothing was changed")]
    Which,
    /// There is none to take away.
    #[error("the person has none; nothing was changed")]
    None,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Keeps what the office knows better, at once and over every import to come.
pub async fn correct(
    store: &Store,
    school: &SchoolId,
    person: &PersonKey,
    right: RightContact,
    by: By,
) -> Result<(), CorrectError> {
    let (school, person) = (school.clone(), person.clone());
    let refused = store
        .write(move |tx| {
            let kept = people::kept_person(tx, &school, &person)?;
            let points = kept.into_iter().flat_map(|kept| kept.points).map(|kept| kept.point);
            let correction = match correction(&points.collect::<Vec<_>>(), right) {
                Ok(correction) => correction,
                Err(refused) => return Ok(Some(refused)),
            };
            lay_correction(tx, &school, &person, &correction, &by)?;
            Ok(None)
        })
        .await?;
    refused.map_or(Ok(()), Err)
}

/// The same of what is known to be theirs, within a transaction.
pub fn lay_correction(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    correction: &Correction,
    by: &By,
) -> Result<(), StoreError> {
    lay(tx, school, person, correction, by.at)?;
    journal::note(tx, school, by, Act::CorrectContact, &person.0)
}

/// Puts a correction over what is kept now, and over what the source will say.
pub(super) fn lay(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    correction: &Correction,
    now: Moment,
) -> Result<(), StoreError> {
    put_right(tx, school, person, correction, now)?;
    let earlier = corrections::of(tx, school, person)?;
    let both = match earlier.iter().find_map(|it| it.followed_by(correction)) {
        Some((earlier, both)) => {
            corrections::forget(tx, school, person, &earlier)?;
            both
        }
        None => correction.clone(),
    };
    if both.says_nothing() {
        return Ok(());
    }
    corrections::put(tx, school, person, &both, now)
}

/// What is to be kept, once it is clear what is replaced.
pub(super) fn correction(
    kept: &[ContactPoint],
    right: RightContact,
) -> Result<Correction, CorrectError> {
    match right {
        RightContact::Email { was, is } => {
            let known = kept.iter().filter_map(|point| match point {
                ContactPoint::Email(address) => Some(address.clone()),
                _ => None,
            });
            let was = replaced(&known.collect::<Vec<_>>(), was, is.is_none())?;
            Ok(Correction::Email { was, becomes: is })
        }
        RightContact::Phone { was, is } => {
            let known = kept.iter().filter_map(|point| match point {
                ContactPoint::Phone(number) => Some(number.clone()),
                _ => None,
            });
            let was = replaced(&known.collect::<Vec<_>>(), was, is.is_none())?;
            Ok(Correction::Phone { was, becomes: is })
        }
        RightContact::Chat { was, is } => {
            let known = kept.iter().filter_map(|point| match point {
                ContactPoint::Chat(address) => Some(address.clone()),
                _ => None,
            });
            let was = replaced(&known.collect::<Vec<_>>(), was, is.is_none())?;
            Ok(Correction::Chat { was, becomes: is })
        }
        RightContact::Post(address) => Ok(Correction::Post(address)),
    }
}

/// Which of the known ones is wrong.
fn replaced<T: PartialEq + Clone>(
    known: &[T],
    was: Option<T>,
    is_taken_away: bool,
) -> Result<Option<T>, CorrectError> {
    match (was, known) {
        (Some(was), known) if known.contains(&was) => Ok(Some(was)),
        (Some(_), _) => Err(CorrectError::NotTheirs),
        (None, [only]) => Ok(Some(only.clone())),
        (None, []) if is_taken_away => Err(CorrectError::None),
        (None, []) => Ok(None),
        (None, _) => Err(CorrectError::Which),
    }
}

/// Puts a correction over what is kept now; the source's next word will be corrected as it comes.
fn put_right(
    tx: &Tx<'_>,
    school: &SchoolId,
    key: &PersonKey,
    correction: &Correction,
    now: Moment,
) -> Result<(), StoreError> {
    if matches!(correction, Correction::Post(_) | Correction::Part(_)) {
        let Some(kept) = people::kept_person(tx, school, key)? else { return Ok(()) };
        let mut person = kept.person;
        correction.apply(&mut person);
        return people::put_person(tx, school, &person);
    }
    let (gone, new): (Vec<ContactPoint>, Vec<ContactPoint>) = match correction {
        Correction::Email { was, becomes } => (
            was.iter().cloned().map(ContactPoint::Email).collect(),
            becomes.iter().cloned().map(ContactPoint::Email).collect(),
        ),
        Correction::Phone { was, becomes } => (
            was.iter().flat_map(ContactPoint::of_phone).collect(),
            becomes.iter().flat_map(ContactPoint::of_phone).collect(),
        ),
        Correction::Chat { was, becomes } => (
            was.iter().cloned().map(ContactPoint::Chat).collect(),
            becomes.iter().cloned().map(ContactPoint::Chat).collect(),
        ),
        Correction::Post(_) | Correction::Part(_) => (Vec::new(), Vec::new()),
    };
    for point in &gone {
        contact_points::forget(tx, school, key, point)?;
    }
    for point in &new {
        contact_points::make_room(tx, school, key, point.channel())?;
        let given = Given { rank: 0, source: Source::Hand, typed: None };
        contact_points::put(tx, school, key, point, &given, now)?;
    }
    Ok(())
}
