//! What bounces said of addresses.

use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::email_address::EmailAddress;
use crate::mail::BounceCause;
use crate::message::Reference;
use crate::people::SchoolId;
use crate::store::deliveries::{self, Due};

/// A bounce, as it is kept.
#[derive(Debug, Clone)]
pub struct Bounce<'a> {
    /// The provider that brought it.
    pub provider: &'a str,
    /// By which the same mail is known again.
    pub provider_ref: &'a str,
    /// The address that we wrote to.
    pub address: &'a EmailAddress,
    /// Whom it blames.
    pub cause: BounceCause,
    /// When it came.
    pub noted_at: Moment,
}

/// Keeps a bounce once; `false` when it was kept before.
pub fn insert(tx: &Tx<'_>, school: &SchoolId, bounce: &Bounce<'_>) -> Result<bool, StoreError> {
    let inserted = tx.touched(
        "INSERT INTO bounces (school_id, provider, provider_ref, address, cause, noted_at) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (school_id, provider, provider_ref) DO NOTHING",
        &[
            school.as_str().into(),
            bounce.provider.into(),
            bounce.provider_ref.into(),
            bounce.address.as_str().into(),
            bounce.cause.as_str().into(),
            bounce.noted_at.into(),
        ],
    )?;
    Ok(inserted == 1)
}

/// How many mails to an address failed for its recipient's sake since a moment.
pub fn count_since(
    tx: &Tx<'_>,
    school: &SchoolId,
    address: &EmailAddress,
    since: Moment,
) -> Result<usize, StoreError> {
    let counted = tx.query_one(
        "SELECT COUNT(*) FROM bounces WHERE school_id = $1 AND address = $2 AND noted_at >= $3 \
         AND cause = 'recipient'",
        &[school.as_str().into(), address.as_str().into(), since.into()],
        |row| row.count(0),
    )?;
    Ok(counted.unwrap_or_default())
}

/// The e-mail of this reference, whichever provider has it: several may have one mailbox. None for one that another
/// carries, and none that nobody took in hand.
pub fn named(
    tx: &Tx<'_>,
    school: &SchoolId,
    reference: &Reference,
) -> Result<Option<Due>, StoreError> {
    tx.query_one(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg FROM messages m \
         JOIN addressees a ON a.message_id = m.id AND a.number = $3 \
         JOIN deliveries d ON d.addressee_id = a.id AND d.leg = $4 \
         WHERE m.code = $1 AND m.school_id = $2 AND d.channel = 'email' AND d.leader_id IS NULL \
         AND d.carrier IS NOT NULL",
        &[
            reference.code.as_str().into(),
            school.as_str().into(),
            reference.addressee.into(),
            reference.leg.into(),
        ],
        deliveries::due,
    )
}
