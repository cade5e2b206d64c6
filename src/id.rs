//! Ids: UUID version 7 (RFC 9562), so that they sort by the time of their making.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{ClockSequence, ContextV7, NoContext, Timestamp, Uuid};

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
        Self::from_uuid(Uuid::new_v7(timestamp(NoContext, now)))
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

    fn from_uuid(uuid: Uuid) -> Self {
        Self { uuid, of: PhantomData }
    }
}

/// A run of ids that ascend, also within one millisecond. What is inserted together then lies
/// together in every index, which is most of the speed of a large launch.
#[derive(Debug, Default)]
pub struct Run(ContextV7);

impl Run {
    /// The next id, made at `now`.
    #[must_use]
    pub fn next<T>(&self, now: Moment) -> Id<T> {
        Id::from_uuid(Uuid::new_v7(timestamp(&self.0, now)))
    }
}

fn timestamp(context: impl ClockSequence<Output = impl Into<u128>>, now: Moment) -> Timestamp {
    let millis = u64::try_from(now.0).unwrap_or(0);
    let nanos = u32::try_from(millis % 1_000).unwrap_or(0) * 1_000_000;
    Timestamp::from_unix(context, millis / 1_000, nanos)
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
