//! Spans of time as a person writes them: `30s`, `5min`, `2h`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

impl Span {
    /// This many milliseconds.
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// This many seconds.
    #[must_use]
    pub const fn secs(secs: u64) -> Self {
        Self(Duration::from_secs(secs))
    }

    /// A span as a person writes it.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let span = text.parse::<jiff::SignedDuration>().ok()?;
        Duration::try_from(span).ok().map(Self)
    }

    /// As a person would write it, in its largest whole unit: `2h`, `90min`, `500ms`.
    #[must_use]
    pub fn written(self) -> String {
        match (self.0.as_secs(), self.0.subsec_millis()) {
            (0, 0) => "0s".to_owned(),
            (hours, 0) if hours % 3_600 == 0 => format!("{}h", hours / 3_600),
            (minutes, 0) if minutes % 60 == 0 => format!("{}min", minutes / 60),
            (seconds, 0) => format!("{seconds}s"),
            _ => format!("{}ms", self.0.as_millis()),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let span = jiff::SignedDuration::try_from(self.0).unwrap_or(jiff::SignedDuration::MAX);
        serializer.collect_str(&format_args!("{span:#}"))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::of(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{text}\" is no span of time; write for example 500ms, 30s, 5min or 2h"
            ))
        })
    }
}
