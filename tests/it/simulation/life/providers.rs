//! Providers that fail in every way that is known of, as chance has it.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::delivery::{
    Accepted, Circular, Envelope, FailureKind, Receipt, Reply, SendError, Verdict, Verdicts,
};
use chappe::message::Proof;
use chappe::people::ContactPoint;
use chappe::phone_number::PhoneNumber;
use chappe::providers::{
    Health, Inbox, Polled, Provider, WhenUnknown, listen, listen_for_accounts,
};
use chappe::stop::Stop;
use fastrand::Rng;
use futures_util::future;

use super::world::{Arrival, Call, Fate, World, address};

/// The id of what a provider brings again and again: somebody's answer.
pub const REPLY: &str = "reply";
/// The longest way of a message to its provider: shorter than the wait before it is asked for.
const WAY: Duration = Duration::from_secs(20);

/// One provider, in the temper that a seed gives it.
pub struct Simulated {
    name: String,
    channel: Channel,
    when_unknown: WhenUnknown,
    tells_receipts: bool,
    /// How many it takes in one call.
    most_together: usize,
    /// How much of what is sent goes wrong.
    trouble: f64,
    outages: Vec<Outage>,
    world: Arc<World>,
    clock: Clock,
}

/// A while in which nothing goes through.
struct Outage {
    from: Duration,
    until: Duration,
    kind: OutageKind,
}

#[derive(Debug, Clone, Copy)]
enum OutageKind {
    Dead,
    Overloaded,
    Mute,
    EmptyAccount,
    /// A gateway gives up on the server behind it, which may have the message all the same.
    TimesOut,
    OverQuota,
    Denying,
}

/// How one call ends.
enum End {
    Answer(Result<Accepted, SendError>),
    Mute,
    Panic,
}

/// All that will come of one call.
struct Story {
    way: Duration,
    /// The number and the fate of the copy that reaches the provider, if one does.
    copy: Option<(String, Fate)>,
    think: Duration,
    end: End,
}

impl Simulated {
    pub fn draw(
        name: &str,
        channel: Channel,
        world: &Arc<World>,
        clock: &Clock,
    ) -> Arc<dyn Provider> {
        let mut truth = world.truth();
        let chance = &mut truth.chance;
        let ways = [WhenUnknown::Ask, WhenUnknown::Resend, WhenUnknown::AwaitReceipt];
        let outages = (0..chance.usize(0..4)).map(|_| Outage::draw(chance)).collect();
        Arc::new(Self {
            name: name.to_owned(),
            channel,
            when_unknown: ways[chance.usize(0..3)],
            tells_receipts: channel == Channel::Sms || chance.bool(),
            most_together: if channel == Channel::Ent {
                [1, 2, 3, 50][chance.usize(0..4)]
            } else {
                1
            },
            trouble: chance.f64() * 0.7,
            outages,
            world: Arc::clone(world),
            clock: clock.clone(),
        })
    }

    fn outage(&self) -> Option<OutageKind> {
        let age = self.world.age();
        let is_on = |it: &&Outage| it.from <= age && age < it.until;
        self.outages.iter().find(is_on).map(|outage| outage.kind)
    }

    fn story(&self) -> Story {
        let outage = self.outage();
        let mut truth = self.world.truth();
        let number = truth.number(&self.name);
        let (is_healed, chance) = (truth.is_healed, &mut truth.chance);
        let ordinary = Story {
            way: seconds(chance, 2.0),
            copy: Some((number.clone(), fate(chance))),
            think: seconds(chance, 3.0),
            end: End::Answer(Ok(self.accepted(&number))),
        };
        if let Some(kind) = outage {
            return kind.story(chance, ordinary);
        }
        if is_healed || chance.f64() >= self.trouble {
            return ordinary;
        }
        trouble(chance, ordinary)
    }

    fn accepted(&self, number: &str) -> Accepted {
        let provider_ref = self.tells_receipts.then(|| number.to_owned());
        Accepted { provider_ref, answer: "taken".to_owned(), ..Accepted::default() }
    }

    /// Notes a call for some, under a reference.
    fn note_call(&self, reference: &str, to: &[ContactPoint]) {
        let mut truth = self.world.truth();
        truth.events += 1;
        for address in to.iter().map(address) {
            *truth.calls.entry((reference.to_owned(), address.clone())).or_default() += 1;
            truth.new_calls.push(Call {
                reference: reference.to_owned(),
                channel: self.channel,
                address,
                at: self.clock.now(),
                age: self.world.age(),
            });
        }
    }

    /// The copies are on their way, whatever becomes of the machine that sent them.
    fn set_out(&self, way: Duration, reference: &str, copies: Vec<(ContactPoint, String, Fate)>) {
        let (world, name) = (Arc::clone(&self.world), self.name.clone());
        let reference = reference.to_owned();
        tokio::spawn(async move {
            tokio::time::sleep(way).await;
            for (to, number, fate) in copies {
                world.arrive(&name, &reference, &to, (number, fate));
            }
        });
    }

    /// A copy for each who has an account, as chance has it.
    fn copies(
        &self,
        (number, fate): (String, Fate),
        to: &[ContactPoint],
    ) -> Vec<(ContactPoint, String, Fate)> {
        let mut truth = self.world.truth();
        let trouble = if truth.is_healed { 0.0 } else { self.trouble / 4.0 };
        let has_account = to.iter().filter(|_| truth.chance.f64() >= trouble);
        has_account.map(|it| (it.clone(), number.clone(), fate)).collect()
    }

    /// What it says of each whom a call was for: it has their copy, or their address is none.
    fn verdicts(&self, reference: &str, to: &[ContactPoint]) -> Option<Verdicts> {
        let truth = self.world.truth();
        let arrivals: Vec<_> = to.iter().map(|it| truth.first(&self.name, reference, it)).collect();
        arrivals.iter().any(Option::is_some).then(|| {
            let verdict = |arrival: Option<&Arrival>| match arrival {
                Some(arrival) => Ok(self.accepted(&arrival.number)),
                None => Err(SendError::new(FailureKind::BadAddress, "no such account")),
            };
            arrivals.into_iter().map(verdict).collect()
        })
    }

    /// Whether it cannot be asked now.
    fn is_silent(&self) -> bool {
        let dead = self.outage().is_some();
        let mut truth = self.world.truth();
        truth.events += 1;
        dead || (!truth.is_healed && truth.chance.f64() < self.trouble / 2.0)
    }

    /// Whether the machine loses its power at this call.
    fn may_cut_power(&self) {
        let mut truth = self.world.truth();
        if !truth.is_healed && truth.chance.f64() < 0.02 {
            self.world.power_cut.notify_one();
        }
    }
}

impl End {
    /// It comes, or never does.
    async fn come(self) -> Result<Accepted, SendError> {
        match self {
            Self::Answer(answer) => answer,
            Self::Mute => std::future::pending().await,
            // As a panic, without the words that it would print.
            Self::Panic => resume_unwind(Box::new("simulated")),
        }
    }
}

impl Outage {
    fn draw(chance: &mut Rng) -> Self {
        let from = Duration::from_mins(chance.u64(0..36 * 60));
        let minutes = if chance.bool() { chance.u64(5..60) } else { chance.u64(60..36 * 60) };
        let kinds = [
            OutageKind::Dead,
            OutageKind::Overloaded,
            OutageKind::Mute,
            OutageKind::EmptyAccount,
            OutageKind::TimesOut,
            OutageKind::OverQuota,
            OutageKind::Denying,
        ];
        let kind = kinds[chance.usize(0..kinds.len())];
        Self { from, until: from + Duration::from_mins(minutes), kind }
    }
}

impl OutageKind {
    fn story(self, chance: &mut Rng, ordinary: Story) -> Story {
        let end = match self {
            Self::Dead => End::Answer(Err(SendError::new(FailureKind::Unreachable, "dead"))),
            Self::Overloaded => {
                let error = SendError::new(FailureKind::Throttled, "overloaded");
                End::Answer(Err(error.retry_after(Some(Duration::from_mins(5)))))
            }
            Self::EmptyAccount => {
                End::Answer(Err(SendError::new(FailureKind::OutOfCredit, "empty")))
            }
            Self::OverQuota => {
                End::Answer(Err(SendError::new(FailureKind::OverQuota, "enough for today")))
            }
            Self::Denying => End::Answer(Err(SendError::new(FailureKind::Denied, "not us"))),
            Self::Mute => End::Mute,
            Self::TimesOut => {
                let error = SendError::new(FailureKind::Uncertain, "504");
                let copy = ordinary.copy.filter(|_| chance.bool());
                return Story { copy, end: End::Answer(Err(error)), ..ordinary };
            }
        };
        Story { copy: None, end, ..ordinary }
    }
}

/// One of the ways in which a call goes wrong.
fn trouble(chance: &mut Rng, mut story: Story) -> Story {
    let error = |kind| End::Answer(Err(SendError::new(kind, "simulated")));
    match chance.u32(0..17) {
        // It has the message, and the engine does not hear so.
        0 => story.end = End::Mute,
        1 => story.end = End::Panic,
        2 | 3 => story.end = error(FailureKind::Uncertain),
        4 => {
            let provider_ref = Some(format!("wrong-{}", chance.u32(..)));
            story.end = End::Answer(Ok(Accepted {
                provider_ref,
                answer: "taken".to_owned(),
                ..Accepted::default()
            }));
        }
        5 => story.think = Duration::from_secs(chance.u64(20..300)),
        6 => story.way = WAY.mul_f64(chance.f64()),
        // It has not.
        other => {
            story.copy = None;
            story.end = match other {
                7 => End::Mute,
                8 => error(FailureKind::Uncertain),
                9 => error(FailureKind::Refused),
                10 => error(FailureKind::BadAddress),
                11 => error(FailureKind::OptedOut),
                12 => End::Panic,
                13 => error(FailureKind::Unreachable),
                14 => error(FailureKind::Deferred),
                15 => error(FailureKind::Denied),
                _ => {
                    let error = SendError::new(FailureKind::Throttled, "simulated");
                    let delay = Duration::from_secs(chance.u64(1..1_200));
                    End::Answer(Err(error.retry_after(Some(delay))))
                }
            };
            if chance.u32(0..4) == 0 {
                story.think = Duration::from_secs(chance.u64(20..300));
            }
        }
    }
    story
}

fn fate(chance: &mut Rng) -> Fate {
    let after = Duration::from_secs(chance.u64(0..7_200));
    match chance.u32(0..10) {
        0 => Fate::Silence,
        1 => Fate::Undeliverable { after },
        2 => Fate::DeliveredThenFailed { after },
        3 => Fate::Delivered { after, proof: Proof::Read },
        _ => Fate::Delivered { after, proof: Proof::Delivered },
    }
}

/// What the provider says of one number: sometimes twice, and of what nobody sent.
fn receipts(chance: &mut Rng, number: &str, verdicts: &[Verdict]) -> Vec<Receipt> {
    let of = |number: &str, verdict| Receipt::by_them(number, verdict);
    let mut told: Vec<Receipt> =
        verdicts.iter().map(|verdict| of(number, verdict.clone())).collect();
    if chance.u32(0..5) == 0 {
        told.extend(told.clone());
    }
    if chance.u32(0..5) == 0 {
        told.push(of("unknown", Verdict::Proven(Proof::Read)));
    }
    told
}

fn seconds(chance: &mut Rng, most: f64) -> Duration {
    Duration::from_secs_f64(chance.f64() * most)
}

#[async_trait]
impl Provider for Simulated {
    fn name(&self) -> &str {
        &self.name
    }

    fn channel(&self) -> Channel {
        self.channel
    }

    fn when_unknown(&self) -> WhenUnknown {
        self.when_unknown
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let Story { way, copy, think, end } = self.story();
        self.note_call(&envelope.reference, std::slice::from_ref(&envelope.to));
        self.may_cut_power();
        let copies = copy.map(|(number, fate)| (envelope.to.clone(), number, fate));
        self.set_out(way, &envelope.reference, Vec::from_iter(copies));
        tokio::time::sleep(way + think).await;
        end.come().await
    }

    fn most_together(&self) -> usize {
        self.most_together
    }

    /// Of those whom a call carries, each may turn out to have no account.
    async fn send_together(&self, circular: &Circular) -> Result<Verdicts, SendError> {
        let Story { way, copy, think, end } = self.story();
        let Circular { reference, to, .. } = circular;
        assert!((1..=self.most_together).contains(&to.len()), "{circular:?}");
        self.note_call(reference, to);
        self.may_cut_power();
        let copies = copy.map(|copy| self.copies(copy, to)).unwrap_or_default();
        let none = || Err(SendError::new(FailureKind::BadAddress, "no such account"));
        let took: Vec<_> = to.iter().map(|it| copies.iter().any(|(copy, ..)| copy == it)).collect();
        self.set_out(way, reference, copies);
        tokio::time::sleep(way + think).await;
        let accepted = end.come().await?;
        Ok(took.into_iter().map(|took| if took { Ok(accepted.clone()) } else { none() }).collect())
    }

    async fn ask_together(&self, circular: &Circular) -> Result<Option<Verdicts>, SendError> {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if self.is_silent() {
            return Err(SendError::new(FailureKind::Unreachable, "cannot be asked"));
        }
        Ok(self.verdicts(&circular.reference, &circular.to))
    }

    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if self.is_silent() {
            return Err(SendError::new(FailureKind::Unreachable, "cannot be asked"));
        }
        let truth = self.world.truth();
        let found = truth.first(&self.name, &envelope.reference, &envelope.to);
        Ok(found.map(|arrival| self.accepted(&arrival.number)))
    }

    fn receipts_are_polled(&self) -> bool {
        self.tells_receipts
    }

    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        let accounts = async {
            if self.channel == Channel::Ent {
                listen_for_accounts(self, inbox, &stop).await;
            }
        };
        let words = async {
            if self.tells_receipts {
                listen(self, inbox, &stop).await;
            }
        };
        future::join(accounts, words).await;
        stop.given().await;
    }

    async fn check(&self) -> Result<Health, SendError> {
        Ok(Health::default())
    }
}

#[async_trait]
impl Polled for Simulated {
    async fn fetch_receipts(&self, awaited: &[String]) -> Result<Vec<Receipt>, SendError> {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if self.outage().is_some() {
            return Err(SendError::new(FailureKind::Unreachable, "no receipts"));
        }
        let mut told = Vec::new();
        for number in awaited {
            let verdicts = self.world.verdicts(&self.name, number);
            let mut truth = self.world.truth();
            truth.events += 1;
            told.extend(receipts(&mut truth.chance, number, &verdicts));
        }
        Ok(told)
    }

    async fn fetch_replies(&self) -> Result<Vec<Reply>, SendError> {
        let at = self.clock.now();
        let from = PhoneNumber::from_e164("+33639980000");
        let reply = from.map(|from| Reply {
            provider_ref: REPLY.to_owned(),
            from,
            text: "Bien reçu".to_owned(),
            at,
        });
        Ok(reply.into_iter().collect())
    }

    fn note_seen_to(&self, _: &[Reply]) {}
}
