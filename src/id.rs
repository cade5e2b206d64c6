//! Ids: UUID version 7 (RFC 9562), so that they sort by the time of their making.

use std::cell::Cell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{Builder, Uuid};

use crate::clock::Moment;

/// The id of a `T`. Two kinds of thing cannot be taken one for the other.
pub struct Id<T> {
    uuid: Uuid,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// A new id, made at `now`.
    #[must_use]
    pub fn new(now: Moment) -> Self {
        Self::from_uuid(version_7(now, fastrand::u64(..), fastrand::u32(..)))
    }

    /// The id that these 16 bytes hold; `None` for another length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(Self::from_uuid)
    }

    /// The 16 bytes that the database keeps.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.uuid.as_bytes()
    }

    /// When it was made.
    #[must_use]
    pub fn made_at(&self) -> Moment {
        let millis = self.uuid.as_u128() >> 80;
        Moment(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }
}

/// A run of ids that ascend, also within one millisecond. What is inserted together then lies
/// together in every index, which is most of the speed of a large launch.
#[derive(Debug)]
pub struct Run(Cell<u64>);

impl Default for Run {
    /// Half of the numbers at least are left to count on.
    fn default() -> Self {
        Self(Cell::new(fastrand::u64(..) >> 1))
    }
}

impl Run {
    /// The next id, made at `now`.
    #[must_use]
    pub fn next<T>(&self, now: Moment) -> Id<T> {
        let number = self.0.get();
        self.0.set(number.wrapping_add(1 << 22));
        Id::from_uuid(version_7(now, number, fastrand::u32(..)))
    }
}

/// The milliseconds, then 74 bits of chance: the upper 42 of `high`, which order the ids of one
/// millisecond, and 32 of `low`. An id is a name and no secret: the chance is the seeded one of the
/// whole engine, so that a run of a simulation orders the same ids alike.
fn version_7(now: Moment, high: u64, low: u32) -> Uuid {
    let millis = u64::try_from(now.0).unwrap_or(0);
    let bits = (u128::from(high >> 22) << 32) | u128::from(low);
    // 12 bits stand before the variant, and 62 behind it.
    let spread = ((bits >> 62) << 64) | (bits & ((1 << 62) - 1));
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&spread.to_be_bytes()[6..]);
    Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uuid.fmt(f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::from_uuid)
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.uuid)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
