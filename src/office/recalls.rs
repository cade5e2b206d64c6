//! What was taken back of a text that was corrected, and what is going to be, as the office reads it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::School;
use crate::clock::Moment;
use crate::delivery::RecallState;
use crate::message::Message;
use crate::queue::RecallAhead;
use crate::store::StoreError;
use crate::store::recalls::KeptRecall;
use crate::wording::dates;

/// Messages of a provider that carried a text, and of which the recall stands alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recalled {
    /// How it stands.
    pub state: RecallState,
    /// How many they are, each to one or to several.
    pub count: usize,
    /// Of so many that this message left by.
    pub of: usize,
    /// Since when the last of them stands so; until when the first of them may still be recalled, where it is awaited.
    pub at: Moment,
    /// The provider's last words about one of them; blank where it said none.
    pub detail: String,
}

/// What was taken back of a message, by how that stands; none where it was not corrected, or its providers cannot.
pub async fn recalls(school: &School, message: &Message) -> Result<Vec<Recalled>, StoreError> {
    let kept = school.queue.recalls().of(message.id).await?;
    let (now, of) = (school.clock.now(), kept.len());
    let mut by_state: BTreeMap<RecallState, Vec<KeptRecall>> = BTreeMap::new();
    for one in kept {
        by_state.entry(one.state_at(now)).or_default().push(one);
    }
    let told = by_state.into_iter().filter_map(|(state, alike)| Recalled::of(state, &alike, of));
    Ok(told.collect())
}

/// What a correction would take back that is launched now.
pub async fn recall_ahead(
    school: &School,
    earlier: &Message,
    correction: &Message,
) -> Result<RecallAhead, StoreError> {
    let now = school.clock.now();
    let begins_at = school.queue.timing().start(correction.urgency, now).unwrap_or(now);
    school.queue.recalls().ahead(earlier.id, begins_at).await
}

impl KeptRecall {
    /// Nobody may have been at work to see that its time ended.
    fn state_at(&self, now: Moment) -> RecallState {
        let is_over = self.state == RecallState::Awaited && self.ends_at <= now;
        if is_over { RecallState::TooLate } else { self.state }
    }
}

impl Recalled {
    fn of(state: RecallState, alike: &[KeptRecall], of: usize) -> Option<Self> {
        let at = match state {
            RecallState::Awaited => alike.iter().map(|it| it.ends_at).min(),
            _ => alike.iter().map(|it| it.changed_at).max(),
        };
        let detail = alike.iter().map(|it| &it.detail).find(|it| !it.is_empty());
        let detail = detail.cloned().unwrap_or_default();
        Some(Self { state, count: alike.len(), of, at: at?, detail })
    }

    /// In one line: `rappelé de l’ENT à 10 h 12`.
    #[must_use]
    pub fn in_french(&self, school: &School) -> String {
        let said = recall_in_french(school, self.state, self.at);
        if self.count == self.of {
            return said;
        }
        format!("{} des {} envois : {said}", self.count, self.of)
    }
}

/// How a recall stands since then, or until then where it is awaited.
#[must_use]
pub fn recall_in_french(school: &School, state: RecallState, at: Moment) -> String {
    let hours = &school.queue.timing().hours;
    let (at, now) = (hours.wall(at), hours.wall(school.clock.now()));
    match state {
        RecallState::Recalled => format!("rappelé de l’ENT {}", dates::gone_by(at, now)),
        RecallState::Awaited => {
            format!("rappel demandé à l’ENT, qui l’accepte jusqu’à {}", dates::hour(at))
        }
        RecallState::TooLate => "pas rappelé : plus d’une heure après l’envoi".to_owned(),
        RecallState::Refused => {
            "rappel refusé par l’ENT : délai passé, ou compte changé depuis l’envoi".to_owned()
        }
        RecallState::Denied => {
            "rappel refusé par l’ENT : notre compte n’a pas le droit de rappeler".to_owned()
        }
    }
}

impl RecallAhead {
    /// What becomes of the earlier text's messages, in one line each, before it is done.
    #[must_use]
    pub fn in_french(&self, now: Moment) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(sent_at) = self.sent_at {
            let since = dates::lasting(now.since(sent_at));
            lines.push(match self.to_recall {
                1 => format!("Le message de l’ENT sera rappelé (parti il y a {since})."),
                many => format!(
                    "Les {many} messages de l’ENT seront rappelés (le premier parti il y a {since})."
                ),
            });
        }
        let why = "l’ENT ne rappelle rien plus d’une heure après l’envoi.";
        match self.too_late {
            0 => {}
            1 => lines.push(format!("Le message de l’ENT ne peut plus être rappelé : {why}")),
            many => {
                lines.push(format!(
                    "{many} messages de l’ENT ne peuvent plus être rappelés : {why}"
                ));
            }
        }
        lines
    }
}
