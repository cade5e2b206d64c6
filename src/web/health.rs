//! How a channel is, in the words of a school.

use super::words::hour_of;
use crate::office::{ChannelStands, School};
use crate::store::gates::GateState;

/// How a channel is, in words, and how good that is.
pub(super) fn told(school: &School, stands: &ChannelStands) -> (String, &'static str) {
    if let Some(closed) = &stands.closing {
        let until = closed.until.map(|it| format!(", jusqu’à {}", hour_of(school, it)));
        return (
            format!("fermé par {}{} : {}", closed.by, until.unwrap_or_default(), closed.reason),
            "wait",
        );
    }
    if stands.idle.is_some() {
        return ("pas réglé sur cet ordinateur".to_owned(), "bad");
    }
    if stands.breaker.is_some_and(|it| it != GateState::Admitting) {
        let next = stands.breaker_until.map(|it| format!(", nouvel essai {}", hour_of(school, it)));
        let why = stands.breaker_reason.as_deref().unwrap_or("ne répond pas");
        return (
            format!("{why}{} ; les familles passent à la voie suivante", next.unwrap_or_default()),
            "bad",
        );
    }
    if let Some(until) = stands.quiet_until {
        return (format!("au repos jusqu’à {}", hour_of(school, until)), "wait");
    }
    ("fonctionne".to_owned(), "good")
}
