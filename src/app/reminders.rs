//! Cards wait for a person, who may not be looking: an e-mail and the log say so when one begins to wait, and once more
//! when half of its time is over. The direction is told of what is urgent and waits too long. The log names no message
//! and nobody.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::office::{self, CardReminder, School};
use crate::providers::Provider;
use crate::stop::Stop;

/// How often it is looked whether one waits.
pub(super) const EVERY: Duration = Duration::from_mins(1);

/// Reminds of cards until `stop` is given, by e-mail where one of these providers carries it.
pub(super) async fn remind(school: Arc<School>, providers: Vec<Arc<dyn Provider>>, stop: Stop) {
    let mut said: BTreeMap<String, CardReminder> = BTreeMap::new();
    while !stop.is_given() {
        match office::card_reminders(&school).await {
            Ok(reminders) => {
                for one in reminders.iter().filter(|it| is_news(said.get(&it.provider), it)) {
                    say(&school, one);
                }
                said = reminders.into_iter().map(|it| (it.provider.clone(), it)).collect();
            }
            Err(error) => tracing::warn!(%error, "Cannot look which cards wait."),
        }
        if let Err(error) = office::send_card_reminders(&school, &providers).await {
            tracing::warn!(%error, "Cannot remind of the cards that wait.");
        }
        match office::send_inbox_alert(&school, &providers).await {
            Ok(0) => {}
            Ok(told) => tracing::warn!(told, "Something urgent waits for a person too long."),
            Err(error) => tracing::warn!(%error, "Cannot look what waits for a person."),
        }
        stop.pause(EVERY).await;
    }
}

/// Whether there is something to say beyond what was said a while ago.
fn is_news(before: Option<&CardReminder>, now: &CardReminder) -> bool {
    before
        .is_none_or(|before| now.cards > before.cards || (now.is_half_over && !before.is_half_over))
}

fn say(school: &School, CardReminder { provider, cards, since, is_half_over, .. }: &CardReminder) {
    let minutes = school.clock.now().since(*since).as_secs() / 60;
    tracing::warn!(
        provider,
        cards,
        minutes,
        half_over = is_half_over,
        "A person is to publish what waits there."
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;

    #[test]
    fn it_is_said_when_one_begins_to_wait_and_when_half_of_the_time_is_over() {
        let reminder = |cards, is_half_over| CardReminder {
            provider: "pronote".to_owned(),
            program: "PRONOTE".to_owned(),
            cards,
            since: Moment(0),
            until: None,
            is_half_over,
        };
        let one = reminder(1, false);
        assert!(is_news(None, &one));
        assert!(!is_news(Some(&one), &one), "once");
        assert!(is_news(Some(&one), &reminder(2, false)));
        assert!(is_news(Some(&one), &reminder(1, true)));
        assert!(!is_news(Some(&reminder(2, true)), &reminder(1, true)));
    }
}
