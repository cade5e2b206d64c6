//! A message followed until nothing is left to a machine.

use std::collections::BTreeMap;
use std::time::Duration;

use super::cards::cards_to_publish;
use super::overview::why_they_wait;
use super::{ChannelStands, Overview, School, Wait, channels, recalls};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::Message;
use crate::queue::{self, Status};
use crate::store::StoreError;

/// After which time alone it may be told anew why they wait: quiet hours end, a daemon stops.
const WAITS_HOLD_FOR: Duration = Duration::from_secs(5);

/// Somebody follows a message. What is dear to count is counted again only after a change.
#[derive(Default)]
pub struct Follow {
    before: Option<LastLook>,
}

struct LastLook {
    status: Status,
    at: Moment,
    waits: Vec<Wait>,
    waits_at: Moment,
}

/// What is seen at one moment.
pub struct Snapshot {
    /// Where the message stands.
    pub overview: Overview,
    /// Messages handed over a second since the look before, by channel.
    pub rates: BTreeMap<Channel, f64>,
    /// How its channels stand.
    pub channels: Vec<ChannelStands>,
    /// A daemon is at work.
    pub somebody_is_at_work: bool,
}

impl Follow {
    /// Looks at it now; at the same message each time.
    pub async fn look(
        &mut self,
        school: &School,
        message: &Message,
    ) -> Result<Snapshot, StoreError> {
        let now = school.clock.now();
        let before = self.before.as_ref();
        let status = queue::status(school.store(), message, now).await?;
        let rates = before.map(|before| rates(before, &status, now)).unwrap_or_default();
        let (waits, waits_at) = match before {
            Some(before) if before.still_tells(&status, now) => {
                (before.waits.clone(), before.waits_at)
            }
            _ => (why_they_wait(school, message, &status.addressees).await?, now),
        };
        let of_message = message.channels();
        let mut channels = channels(school).await?;
        channels.retain(|it| of_message.contains(&it.channel));
        // Of several providers the one that carries now, or that is to.
        channels.sort_by_key(|it| (it.channel, it.breaker_reason.is_some()));
        channels.dedup_by_key(|it| it.channel);
        self.before =
            Some(LastLook { status: status.clone(), at: now, waits: waits.clone(), waits_at });
        Ok(Snapshot {
            overview: Overview {
                recalls: recalls(school, message).await?,
                cards: cards_to_publish(school, message).await?,
                ..Overview::of(school, message, status, waits)
            },
            rates,
            channels,
            somebody_is_at_work: school.queue.attendance().is_anybody_at_work(now).await?,
        })
    }
}

impl LastLook {
    /// Whether it can still be told from then why they wait.
    fn still_tells(&self, status: &Status, now: Moment) -> bool {
        self.status.stands_as(status) && now.since(self.waits_at) < WAITS_HOLD_FOR
    }
}

fn rates(before: &LastLook, after: &Status, now: Moment) -> BTreeMap<Channel, f64> {
    let seconds = now.since(before.at).as_secs_f64().max(0.001);
    let sent = |channel| before.status.channels.get(channel).map_or(0, |count| count.sent);
    let rate = |more: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a rate for the eye")]
        let more = more as f64;
        more / seconds
    };
    let more = after.channels.iter().map(|(channel, count)| (channel, count.sent, sent(channel)));
    more.map(|(channel, now, then)| (*channel, rate(now.saturating_sub(then)))).collect()
}
