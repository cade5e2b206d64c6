//! How fast an announcement that says the same to all leaves for an ENT: fifty in a call, beside each alone.
//!
//! `cargo bench --bench together`, or `cargo bench --bench together -- 5000`.

mod measure;
mod one_message;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::delivery::{Accepted, Circular, Envelope, SendError, Verdicts};
use chappe::demo::ent::{self, EntAccount, EntStandIn};
use chappe::providers::{
    Edifice, EdificeGrant, EdificeSecrets, EdificeSettings, Guard, Health, Provider, WhenUnknown,
};
use chappe::settings::{Pace, SecretPlace};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use measure::{Role, line, per_second, table};
use one_message::{Bench, Carried};

/// Calls at once, for both.
const AT_ONCE: u32 = 16;
/// How long the ENT takes for an answer: its own time, and a little as in life.
const ANSWERS_AFTER: [Duration; 2] = [Duration::ZERO, Duration::from_millis(50)];
const TIMES: f64 = 10.0;

/// What it took, and in how many calls.
#[derive(Serialize, Deserialize)]
struct Told {
    carried: Carried,
    calls: usize,
}

fn main() -> anyhow::Result<()> {
    match Role::of_this_process(20_000, 1_000)? {
        Role::Parent { count } => compare(count),
        Role::Child { part, folder, count } => carry(&part, &folder, count),
    }
}

fn compare(count: usize) -> anyhow::Result<()> {
    line(format!(
        "together: {count} messages to an ENT, {AT_ONCE} calls at once, SQLite on disk, \
         synchronous=FULL"
    ))?;
    let mut rows = Vec::new();
    for answers_after in ANSWERS_AFTER {
        let told = |most: usize| -> anyhow::Result<Told> {
            let folder = tempfile::tempdir()?;
            let part = format!("{most}-{}", answers_after.as_millis());
            measure::in_child(&part, folder.path(), count)
        };
        let (alone, together) = (told(1)?, told(50)?);
        let rate = |it: &Told| per_second(it.carried.messages, it.carried.used.seconds);
        for (name, it) in [("each alone", &alone), ("fifty in a call", &together)] {
            rows.push([
                format!("{name}, answers after {} ms", answers_after.as_millis()),
                format!("{:.0}", rate(it)),
                it.calls.to_string(),
                format!("{:.1}", rate(it) / rate(&alone)),
            ]);
        }
    }
    table(["", "messages/s", "calls", "times each alone"], &rows)?;
    line(format!(
        "wanted: {TIMES:.0} times each alone at an ENT that takes its time, one call for 40 messages"
    ))
}

#[tokio::main]
async fn carry(part: &str, folder: &Path, count: usize) -> anyhow::Result<()> {
    let (most, millis) = part.split_once('-').unwrap_or(("1", "0"));
    let bench = Bench::set(folder, Channel::Ent, count).await?;
    let account = |number: usize| EntAccount {
        id: format!("account-{number}"),
        display_name: format!("Alix DURAND {number}"),
        profile: "Relative".to_owned(),
        active: true,
        children: Vec::new(),
    };
    let accounts = (0..count).map(account).collect();
    let stand_in = EntStandIn::start(accounts, Vec::new(), Clock::system()).await?;
    let edifice = edifice(&stand_in, most.parse()?)?;
    let answers_after = Duration::from_millis(millis.parse()?);
    let pace = Pace { at_once: AT_ONCE, ..Pace::FREE };
    let carried = bench.carry(Arc::new(InItsTime { edifice, answers_after }), &pace).await?;
    measure::say(&Told { carried, calls: stand_in.taken() })
}

fn edifice(stand_in: &EntStandIn, most_together: usize) -> anyhow::Result<Edifice> {
    let place = || SecretPlace::Env("unused".to_owned());
    let mut settings = EdificeSettings::new(stand_in.url(), ent::CLIENT_ID, place());
    settings.most_together = most_together;
    settings.grant = EdificeGrant::Password { user: ent::LOGIN.to_owned(), password: place() };
    let secrets = EdificeSecrets {
        client_secret: SecretString::from(ent::CLIENT_SECRET),
        password: Some(SecretString::from(ent::PASSWORD)),
    };
    Ok(Edifice::new("ent", &settings, secrets, Clock::system(), Guard::LoopbackOnly)?)
}

/// An ENT that takes its time.
struct InItsTime {
    edifice: Edifice,
    answers_after: Duration,
}

#[async_trait]
impl Provider for InItsTime {
    fn name(&self) -> &str {
        self.edifice.name()
    }

    fn channel(&self) -> Channel {
        self.edifice.channel()
    }

    fn when_unknown(&self) -> WhenUnknown {
        self.edifice.when_unknown()
    }

    fn most_together(&self) -> usize {
        self.edifice.most_together()
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        tokio::time::sleep(self.answers_after).await;
        self.edifice.send(envelope).await
    }

    async fn send_together(&self, circular: &Circular) -> Result<Verdicts, SendError> {
        tokio::time::sleep(self.answers_after).await;
        self.edifice.send_together(circular).await
    }

    async fn check(&self) -> Result<Health, SendError> {
        self.edifice.check().await
    }
}
