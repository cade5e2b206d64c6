//! `[load]`: how much a household gets in a week.

use serde::{Deserialize, Deserializer};

use super::hours;
use crate::delivery::{self, DAY};

/// Friday, 17:00.
const END_OF_WEEK: i64 = 4 * DAY + 17 * 60;

/// The load cap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoadSettings {
    /// Messages of a week, from Monday to Sunday, for one household; 0: no cap.
    pub per_week: u32,
    /// When what is over the cap leaves, as one message.
    digest: Point,
}

/// Minutes since Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point(i64);

impl LoadSettings {
    /// The cap in the words of deliveries.
    pub(super) fn load(&self) -> delivery::Load {
        delivery::Load { per_week: self.per_week, digest: self.digest.0 }
    }
}

impl Default for LoadSettings {
    fn default() -> Self {
        Self { per_week: 0, digest: Point(END_OF_WEEK) }
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let point = hours::point(text.trim()).and_then(|(day, minutes)| Some(day? * DAY + minutes));
        point.map(Self).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{text}\" is no time of the week; write for example fri 17:00 (mon, tue, wed, thu, \
                 fri, sat, sun)"
            ))
        })
    }
}
