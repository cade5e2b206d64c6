//! Where people of the school have announcements sent to try them out: addresses of their own, one a channel.

use super::{StoreError, Tx};
use crate::channel::Channel;
use crate::id::Id;
use crate::people::{Account, ContactPoint, SchoolId};

/// Keeps an address of an account, in the place of the one that it had there.
pub fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    address: &ContactPoint,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO own_addresses (school_id, account_id, channel, address) \
         VALUES ($1, $2, $3, $4) \
         ON CONFLICT (school_id, account_id, channel) DO UPDATE SET address = $4",
        &[
            school.as_str().into(),
            (&account).into(),
            address.channel().as_str().into(),
            address.value().into(),
        ],
    )?;
    Ok(())
}

/// The address of an account on a channel, as it was kept.
pub fn of(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    channel: Channel,
) -> Result<Option<String>, StoreError> {
    tx.query_one(
        "SELECT address FROM own_addresses WHERE school_id = $1 AND account_id = $2 \
         AND channel = $3",
        &[school.as_str().into(), (&account).into(), channel.as_str().into()],
        |row| row.text(0),
    )
}
