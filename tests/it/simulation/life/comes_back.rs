//! What comes back in the course of a life: mails, calls, slips, and the list of what waits for a person; each through
//! the door that the product has for it, and judged right after.

mod calls;
mod known;
mod list;
mod mails;
mod slips;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chappe::id::Id;
use chappe::message::{AnswerChoice, Message};
use chappe::office;
use chappe::people::{Actor, PersonKey};
use chappe::providers::Provider;
use fastrand::Rng;

use super::answers::Told;
use super::invariants::Broken;
use super::timely::Limits;
use super::world::World;
use calls::Calls;
use list::List;
use mails::Mails;
use slips::Slips;

/// So much later a mail may come back as that.
const WEEK: Duration = Duration::from_hours(7 * 24);
/// Hours in which people say most.
const HOURS: u64 = 72;

/// A word of some kind, still without what it says.
#[derive(Debug, Clone, Copy)]
pub enum Word {
    /// A mail.
    Mail,
    /// A mail that was brought before.
    MailAgain,
    /// Two colleagues ring families.
    Calls,
    /// Somebody corrects what they said of a call.
    Correction,
    /// A whole sheet of calls is typed.
    Sheet,
    /// Somebody rings the school.
    Incoming,
    /// A slip is typed.
    Slip,
    /// Somebody sees to what waits.
    SeenTo,
}

const WORDS: [Word; 12] = [
    Word::Mail,
    Word::Mail,
    Word::Mail,
    Word::Mail,
    Word::MailAgain,
    Word::Calls,
    Word::Calls,
    Word::Correction,
    Word::Sheet,
    Word::Incoming,
    Word::Slip,
    Word::SeenTo,
];

/// Where a life stands as somebody says something.
pub struct Stand<'a> {
    pub app: &'a office::School,
    pub email: &'a dyn Provider,
    pub world: &'a World,
    pub launched: &'a [(Message, usize)],
    /// Whose each copy is, by the beginning of its references.
    pub copies: &'a BTreeMap<String, PersonKey>,
}

/// What people decided and said by now, which later words and calls are held against.
pub struct Heard<'a> {
    pub limits: &'a mut Limits,
    pub told: &'a mut Told,
}

/// All that came back in a life.
pub struct ComesBack {
    chance: Rng,
    mails: Mails,
    calls: Calls,
    slips: Slips,
    list: List,
    /// How often what came to its end as it is meant to, by a word for it.
    pub counts: BTreeMap<&'static str, usize>,
}

impl ComesBack {
    /// In a life with this seed; in every fourth nobody says anything but answers, so that lives in which something was
    /// found stay as they were.
    pub fn draw(seed: u64) -> Option<Self> {
        let chance = Rng::with_seed(seed.rotate_left(32) ^ 0x00C0_FFEE);
        (!seed.is_multiple_of(4)).then(|| Self {
            chance,
            mails: Mails::default(),
            calls: Calls::default(),
            slips: Slips::default(),
            list: List::default(),
            counts: BTreeMap::new(),
        })
    }

    /// What will be said, and when; a mail may come back after a week.
    pub fn words(&mut self) -> Vec<(Duration, Word)> {
        let chance = &mut self.chance;
        let minute = |chance: &mut Rng, hours: u64| Duration::from_mins(chance.u64(0..hours * 60));
        let many = chance.usize(8..25);
        let mut words: Vec<_> = (0..many)
            .map(|_| (minute(chance, HOURS), WORDS[chance.usize(0..WORDS.len())]))
            .collect();
        if chance.u32(0..8) == 0 {
            words.extend([Word::Mail; 3].map(|word| (WEEK + minute(chance, 12), word)));
        }
        words
    }

    /// It is said; what is wrong after that.
    pub async fn say(
        &mut self,
        word: Word,
        stand: &Stand<'_>,
        heard: Heard<'_>,
    ) -> anyhow::Result<Broken> {
        let Self { chance, mails, calls, slips, list, counts } = self;
        let Heard { limits, told } = heard;
        let mut count = |what: &'static str| *counts.entry(what).or_default() += 1;
        let mut broken = match word {
            Word::Mail => mails.come(chance, stand, (&mut *list, limits, told), &mut count).await?,
            Word::MailAgain => mails.come_again(chance, stand, &mut count).await?,
            Word::Calls => calls.make(chance, stand, (&mut *list, limits), &mut count).await?,
            Word::Correction => calls.correct(chance, stand, list, &mut count).await?,
            Word::Sheet => calls.type_sheet(chance, stand, &mut count).await?,
            Word::Incoming => calls.come_in(chance, stand, list, &mut count).await?,
            Word::Slip => slips.come(chance, stand, (&mut *list, told), &mut count).await?,
            Word::SeenTo => list.see_to(chance, stand.app, &mut count).await?,
        };
        broken.extend(list.is_kept(stand.app).await?);
        Ok(broken.into_iter().map(|what| format!("after {word:?}: {what}")).collect())
    }

    /// No word is lost, none is kept twice, and what waits is what nobody saw to.
    pub async fn is_kept(&mut self, app: &office::School) -> anyhow::Result<Broken> {
        self.list.is_kept(app).await
    }

    /// The copies whose calls were put back since this was asked last, by the beginning of their references.
    pub fn taken_back(&mut self) -> BTreeSet<String> {
        self.calls.taken_back()
    }
}

/// Counts that something happened.
type Count<'a> = dyn FnMut(&'static str) + 'a;

fn sylvie() -> Actor {
    Actor::CommandLine("sylvie".to_owned())
}

fn paul() -> Actor {
    Actor::CommandLine("paul".to_owned())
}

impl Stand<'_> {
    /// One of those who were written to: the message, and their number.
    fn somebody(&self, chance: &mut Rng) -> Option<(&Message, u32)> {
        let some: Vec<_> = self.launched.iter().filter(|(_, many)| *many > 0).collect();
        let (message, many) = *some.get(chance.usize(0..some.len().max(1)))?;
        Some((message, u32::try_from(chance.usize(0..*many)).expect("a few")))
    }

    /// The message of a reference and the number in it; none of a digest.
    fn announced(&self, reference: &str) -> Option<(&Message, u32)> {
        let reference: chappe::message::Reference = reference.parse().ok()?;
        let (message, _) = self.launched.iter().find(|(it, _)| it.code == reference.code)?;
        Some((message, reference.addressee))
    }

    /// They have it, whatever brought it.
    fn has_it(&self, reference: &str) {
        let copy = super::run::without_leg(reference).to_owned();
        self.world.truth().answered.insert(copy);
    }
}

/// What one who is asked for a yes or no says.
fn yes_or_no(chance: &mut Rng) -> AnswerChoice {
    if chance.bool() { AnswerChoice::Yes } else { AnswerChoice::No }
}

/// By which answers are told apart: the message, and the number of the addressee.
fn asked(message: &Message, number: u32) -> (Id<Message>, u32) {
    (message.id, number)
}
