//! Where the announcement stands, looked at while it is under way.

use std::time::Duration;

use super::mailbox::MailStandIn;
use crate::channel::Channel;
use crate::delivery::FailureKind;
use crate::delivery::lifecycle::AddresseeState;
use crate::message::Message;
use crate::office::{self, GateState, School, ToSeeTo};
use crate::queue::{self, ChannelCount, Status};
use crate::store::{StoreError, addressees, replies};

/// Replies that are heard of.
const REPLIES: usize = 1_000;
/// Why nothing was tried.
const NO_ADDRESS: &str = "aucune adresse";

/// What is seen at one moment.
#[derive(Debug, Clone)]
pub struct Look {
    /// How long after the launch.
    pub after: Duration,
    /// Where the announcement stands.
    pub status: Status,
    /// Why nothing is handed to the ENT just now.
    pub ent_refuses: Option<String>,
    /// What families answered, first come first.
    pub replies: Vec<String>,
    /// E-mails that came back, before this was looked at.
    pub given_back: usize,
    /// E-mails that were taken, and will come back.
    pub coming_back: usize,
}

impl Look {
    /// What is seen now. What came back is counted before everything else, and what will after it: so that nobody is
    /// taken for reached whose mail came back in between.
    pub async fn at(
        school: &School,
        message: &Message,
        mailbox: &MailStandIn,
    ) -> Result<Self, StoreError> {
        let given_back = mailbox.given_back();
        let (id, now) = (school.queue.school().clone(), school.clock.now());
        let channels = office::channels(school).await?;
        let ent = channels.into_iter().find(|it| it.channel == Channel::Ent);
        let refuses = ent.filter(|it| it.breaker.is_some_and(|it| it != GateState::Admitting));
        let mut replies = school.store().read(move |tx| replies::newest(tx, &id, REPLIES)).await?;
        replies.reverse();
        let status = queue::status(school.store(), message, now).await?;
        Ok(Self {
            after: now.since(message.launched_at),
            status,
            given_back,
            coming_back: mailbox.undeliverable() - given_back,
            ent_refuses: refuses.and_then(|it| it.breaker_reason),
            replies: replies.into_iter().map(|it| it.reply.body).collect(),
        })
    }

    /// Whether nobody waits for a machine, and nothing comes back that would make somebody wait again.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.status.addressees.waiting == 0 && self.coming_back == 0
    }

    /// The deliveries of a channel.
    #[must_use]
    pub fn count(&self, channel: Channel) -> ChannelCount {
        self.status.channels.get(&channel).cloned().unwrap_or_default()
    }
}

/// The accounts in the ENT that the school knows of those whom an announcement is for.
pub async fn linked(school: &School, message: &Message) -> Result<Vec<String>, StoreError> {
    let (id, message) = (school.queue.school().clone(), message.id);
    let read = school.store().read(move |tx| {
        let mut linked = Vec::new();
        for state in AddresseeState::ALL {
            let those = addressees::in_state(tx, &id, message, state)?;
            linked.extend(those.into_iter().filter_map(|(_, who)| who.ent));
        }
        Ok(linked)
    });
    read.await
}

/// Somebody whom no way reached.
pub struct Unreached {
    /// Their name.
    pub name: String,
    /// The pupils for whom.
    pub about: String,
    /// What was tried, and why it failed, in French.
    pub tried: String,
}

/// Those whom no way reached, by class and name.
pub async fn unreached(school: &School, message: &Message) -> Result<Vec<Unreached>, StoreError> {
    let to_see_to = office::status_report(school, message).await?.to_see_to;
    let unreached = to_see_to.iter().filter(|it| it.state == AddresseeState::Unreached);
    Ok(unreached.map(told).collect())
}

fn told(one: &ToSeeTo) -> Unreached {
    let tried = one.tried.iter().map(|way| {
        let why = way.failure.map_or("", FailureKind::in_french);
        format!("{} : {why}", way.channel.in_french())
    });
    let tried: Vec<String> = tried.collect();
    Unreached {
        name: one.name.clone(),
        about: one.about.join(", "),
        tried: if tried.is_empty() { NO_ADDRESS.to_owned() } else { tried.join(" ; ") },
    }
}
