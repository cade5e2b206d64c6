//! One message to many fictional guardians, launched and carried by one provider.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chappe::app;
use chappe::audience;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::delivery::Recipient;
use chappe::delivery::lifecycle::DeliveryState;
use chappe::demo::school::{Size, fictional_college};
use chappe::demo::stage;
use chappe::directory;
use chappe::dispatch::{Dispatcher, Routes};
use chappe::id::Id;
use chappe::import::{Covers, Reading};
use chappe::message::{Code, Message, Plan, Proof, Rung, Terms, Urgency};
use chappe::office::School;
use chappe::people::{Actor, By, SchoolYear};
use chappe::providers::Provider;
use chappe::queue::Take;
use chappe::settings::Pace;
use chappe::stop;
use chappe::store::{Tx, deliveries};
use serde::{Deserialize, Serialize};

use super::measure::{Meter, Used};

/// How often it is looked whether all have left.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long the slowest of all may take.
pub const LIMIT: Duration = Duration::from_mins(15);
const A_DAY: Duration = Duration::from_hours(24);

/// What carrying one message to all took.
#[derive(Serialize, Deserialize)]
pub struct Carried {
    pub messages: usize,
    pub used: Used,
    pub message_bytes: usize,
}

/// A launched message, before any copy has left.
pub struct Bench {
    pub app: School,
    pub channel: Channel,
    pub message: Message,
    pub recipients: Vec<Recipient>,
}

impl Bench {
    /// Launches it to so many who have an address of their own on the channel.
    pub async fn set(folder: &Path, channel: Channel, count: usize) -> anyhow::Result<Self> {
        // It is measured at night too.
        let hours = ["SMS", "ENT"]
            .map(|channel| (format!("CHAPPE__HOURS__{channel}__QUIET"), "[]".to_owned()));
        let config = Config::read("chappe.toml", config::SHIPPED, hours)?;
        let app = app::build(config, folder, Clock::system())?;
        let recipients = recipients(&app, channel, count).await?;
        let now = app.clock.now();
        let rung = Rung::new(vec![channel], Proof::Accepted, A_DAY);
        let message = Message {
            id: Id::new(now),
            school: app.queue.school().clone(),
            code: Code::from_chance(0),
            template: "fermeture".to_owned(),
            fields: stage::announcement(jiff::civil::date(2026, 11, 30)),
            audience: "familles".to_owned(),
            plan: Plan::new("bench", vec![rung])?,
            plans: BTreeMap::new(),
            urgency: Urgency::Bulk,
            launched_at: now,
            launched_by: Actor::Program,
            plain_sms: false,
            question: None,
            terms: Terms::default(),
        };
        let all = recipients.clone().into_iter().enumerate();
        let hand_over = |_: &Tx<'_>, take: &mut Take<'_>| {
            all.into_iter().try_for_each(|(number, recipient)| take(number, recipient))
        };
        app.queue.launch(message.clone(), hand_over).await?;
        Ok(Self { app, channel, message, recipients })
    }

    /// Carries it to all, until the last outcome is durable.
    pub async fn carry(&self, provider: Arc<dyn Provider>, pace: &Pace) -> anyhow::Result<Carried> {
        let (stopper, stop) = stop::channel();
        let config = &self.app.config;
        let rank = Routes::new(config, &[]).rank(provider.as_ref(), config);
        let dispatcher = Dispatcher::new(
            self.app.queue.clone(),
            (provider, rank),
            Arc::clone(&self.app.renderer),
            pace.clone(),
            &self.app.config,
            self.app.clock.clone(),
        );
        let (meter, begun) = (Meter::start()?, Instant::now());
        let running = tokio::spawn(dispatcher.run(stop));
        while self.some_are_under_way().await? {
            anyhow::ensure!(begun.elapsed() < LIMIT, "not all copies left in time");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let used = meter.read()?;
        stopper.stop();
        running.await?;
        let store = self.app.store();
        let status =
            chappe::queue::status(store, &self.message, self.app.clock.now()).await?.addressees;
        anyhow::ensure!(status.reached == self.recipients.len(), "not all are reached: {status:?}");
        Ok(Carried { messages: self.recipients.len(), used, message_bytes: 0 })
    }

    async fn some_are_under_way(&self) -> anyhow::Result<bool> {
        let (school, channel) = (self.message.school.clone(), self.channel);
        let some = self.app.store().read(move |tx| {
            for state in [DeliveryState::Waiting, DeliveryState::Sending] {
                if deliveries::next_due(tx, &school, channel, state)?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        });
        Ok(some.await?)
    }
}

/// So many fictional guardians with an address of their own on the channel; in the ENT `account-0` and so on.
async fn recipients(
    app: &School,
    channel: Channel,
    count: usize,
) -> anyhow::Result<Vec<Recipient>> {
    let today = app.today();
    let size = Size { pupils: count + 100, classes: count.div_ceil(25) };
    let made_up = fictional_college(1794, SchoolYear::of(today), size);
    let reading = Reading {
        pupils: made_up.pupils,
        persons: made_up.guardians,
        guardianships: made_up.guardianships,
        covers: Covers { pupils: true, guardians: true, staff: false },
        ..Reading::default()
    };
    let (store, school) = (app.store(), app.queue.school());
    let diff = directory::diff(store, school, reading).await?;
    directory::apply(store, school, &diff, By::program(app.clock.now())).await?;
    let chosen = audience::find(store, school, &"familles".parse()?, today).await?.chosen;
    let all = audience::recipients(store, school, chosen).await?.into_iter().enumerate();
    let all = all.map(|(number, to)| Recipient { ent: Some(format!("account-{number}")), ..to });
    let own =
        |it: &Recipient| it.contact_point(channel).is_some() && !it.shared.contains_key(&channel);
    let recipients: Vec<Recipient> = all.filter(own).take(count).collect();
    anyhow::ensure!(recipients.len() == count, "the school is too small for this count");
    Ok(recipients)
}
