//! What people of the office decide in the course of a life.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::message::{Message, MessageState};
use chappe::people::{Actor, By, Person, Pupil, RestrictedTie, Restriction, SchoolId, Source};
use chappe::queue::Queue;
use chappe::store::closings::Closing;
use chappe::store::contact_points::{self, Given};
use chappe::store::{StoreError, Tx, people, pupils, restrictions};
use fastrand::Rng;

const WHO: &str = "Camille Arago";

/// A decision, still without its object.
#[derive(Debug, Clone, Copy)]
pub enum Decision {
    /// A channel, for some hours or until somebody opens it.
    Close,
    /// Every channel.
    OpenAll,
    /// A message.
    Pause,
    /// Every message.
    ResumeAll,
    /// A message.
    Cancel,
}

/// Two days of decisions, with the minute of each.
pub fn draw(chance: &mut Rng) -> Vec<(u64, Decision)> {
    const TWO_DAYS: u64 = 47 * 60;
    let mut all = Vec::new();
    for _ in 0..chance.usize(0..3) {
        let minute = chance.u64(0..TWO_DAYS);
        all.push((minute, Decision::Close));
        all.push((minute + chance.u64(1..600), Decision::OpenAll));
    }
    for _ in 0..chance.usize(0..3) {
        let minute = chance.u64(0..TWO_DAYS);
        all.push((minute, Decision::Pause));
        all.push((minute + chance.u64(1..600), Decision::ResumeAll));
    }
    if chance.u32(0..4) == 0 {
        all.push((chance.u64(0..TWO_DAYS), Decision::Cancel));
    }
    all
}

/// Enters people and their pupils on the roll, with the addresses that they have now.
pub async fn enrol(
    queue: &Queue,
    all: Vec<(Person, Pupil)>,
    now: Moment,
) -> Result<(), StoreError> {
    let school = queue.school().clone();
    let note = move |tx: &Tx<'_>| all.iter().try_for_each(|it| enter(tx, &school, it, now));
    queue.store().write(note).await
}

fn enter(
    tx: &Tx<'_>,
    school: &SchoolId,
    (person, pupil): &(Person, Pupil),
    now: Moment,
) -> Result<(), StoreError> {
    people::put_person(tx, school, person)?;
    let given = Given { rank: 0, source: Source::Hand, typed: None };
    for point in &person.contact_points {
        contact_points::put(tx, school, &person.key, point, &given, now)?;
    }
    pupils::put(tx, school, pupil)
}

/// Notes that nothing about a pupil goes to a person any more; `is_told`: it is brought to what is under way
/// at once, as the command does, else by whoever starts something and by upkeep.
pub async fn restrict(
    queue: &Queue,
    (person, pupil): (&Person, &Pupil),
    is_told: bool,
    now: Moment,
) -> Result<(), StoreError> {
    let (school, both) = (queue.school().clone(), (person.clone(), pupil.clone()));
    let note = move |tx: &Tx<'_>| {
        enter(tx, &school, &both, now)?;
        let (who, whose) = &both;
        let tie = RestrictedTie {
            pupil: whose.key.clone(),
            person: who.key.clone(),
            why: Restriction::Court,
            note: String::new(),
        };
        restrictions::put(tx, &school, &tie, &By::program(now))
    };
    queue.store().write(note).await?;
    if is_told {
        queue.restrictions().obey(now).await?;
    }
    Ok(())
}

/// Decides, as a command would.
pub async fn decide(
    decision: Decision,
    chance: &mut Rng,
    queue: &Queue,
    launched: &[Message],
    now: Moment,
) -> Result<(), StoreError> {
    let channels = [Channel::Ent, Channel::Email, Channel::Sms];
    let by = WHO.to_owned();
    let one = (!launched.is_empty()).then(|| &launched[chance.usize(0..launched.len())]);
    match decision {
        Decision::Close => {
            let (channel, reason) = (channels[chance.usize(0..3)], "essai".to_owned());
            let until = chance.bool().then(|| now + Duration::from_mins(chance.u64(10..600)));
            queue
                .decisions()
                .close(Closing { channel, until, reason, by, at: now }, Actor::Program)
                .await?;
        }
        Decision::OpenAll => {
            for channel in channels {
                queue.decisions().open(channel, By::program(now)).await?;
            }
        }
        Decision::ResumeAll => {
            for message in launched {
                queue
                    .decisions()
                    .decide(message, MessageState::Running, by.clone(), By::program(now))
                    .await?;
            }
        }
        Decision::Pause | Decision::Cancel => {
            let is_pause = matches!(decision, Decision::Pause);
            let state = if is_pause { MessageState::Paused } else { MessageState::Cancelled };
            if let Some(message) = one {
                queue.decisions().decide(message, state, by, By::program(now)).await?;
            }
        }
    }
    Ok(())
}
