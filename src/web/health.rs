//! How a channel is, in the words of a school.

use super::words::{hour_of, named, until};
use crate::office::{ChannelStands, School, Standstill};
use crate::store::gates::GateState;

/// How a channel is, in words, and how good that is.
pub(super) fn told(school: &School, stands: &ChannelStands) -> (String, &'static str) {
    if let Some(closed) = &stands.closing {
        let opens = closed.until.map(|it| format!(", {}", until(school, it)));
        return (
            format!("fermé par {}{} : {}", closed.by, opens.unwrap_or_default(), closed.reason),
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
    if let Some(opens) = stands.quiet_until {
        return (format!("au repos {}", until(school, opens)), "wait");
    }
    ("fonctionne".to_owned(), "good")
}

/// Why nothing leaves at all.
pub(super) fn standstill(school: &School, standstill: &Standstill) -> String {
    match standstill {
        Standstill::Moved { .. } => {
            "L’établissement a été déplacé vers une autre base de données : rien ne part d’ici."
                .to_owned()
        }
        Standstill::Hold { since, reason } => format!(
            "Tous les envois sont suspendus depuis {} : {reason}. Rien ne part avant la reprise.",
            named(school, *since)
        ),
    }
}
