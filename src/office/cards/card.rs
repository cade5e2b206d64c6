//! How a card stands.

use serde::Serialize;

use super::destination::Destination;
use super::program::program;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::message::Code;
use crate::office::School;
use crate::queue::{CardStands, HeldBack};
use crate::render::Posted;
use crate::store::cards::SaidDone;

/// Added to a moment by a pause, it lies beyond this: some thousand years.
const NEVER: Moment = Moment(33_000_000_000_000);

/// A card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// How it is called: `7K4M/pronote`.
    pub card: String,
    /// Its message.
    pub message: Code,
    /// The program, as colleagues call it.
    pub program: String,
    /// What it is about.
    pub subject: String,
    /// For whom, as typed.
    pub audience: String,
    /// How it stands.
    pub state: CardState,
    /// What keeps it from being published now.
    pub held_back: Option<Hindered>,
    /// How many wait for it.
    pub waiting: usize,
    /// How many it has told.
    pub told: usize,
    /// How many had it by another way of the same channel.
    pub told_otherwise: usize,
    /// How many went on without it, or are not to get it.
    pub gone: usize,
    /// Since when it may be published, where somebody waits for it; a moment to come in quiet hours.
    pub since: Option<Moment>,
    /// When the first of those go on to their next way; `None` where nothing comes after it.
    pub until: Option<Moment>,
    /// Who is to publish it.
    pub assigned_to: Option<String>,
    /// When it was published, and by whom.
    pub published: Option<SaidDone>,
    /// When that was taken back, and by whom.
    pub taken_back: Option<SaidDone>,
    /// Somebody cancelled its message.
    pub cancelled: bool,
    /// The message that puts its text right.
    pub corrected_by: Option<Code>,
    /// When the text that it puts right was published there, and by whom: that is to be edited or removed.
    pub replaces: Option<SaidDone>,
}

/// How a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// Somebody waits for it.
    ToPublish,
    /// Somebody waits for it again: its publication was taken back.
    TakenBack,
    /// Another way of the channel carries, or has told everybody: it is there in case.
    StandsBy,
    /// Nobody is on its rung yet.
    NotYet,
    /// It was published, and nobody waits for it.
    Published,
    /// Nobody waits for it any more, and it was not published.
    Expired,
    /// Another message puts its text right: it is not to be published.
    Superseded,
}

/// What keeps a card from being published now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hindered {
    /// The school is on hold.
    OnHold,
    /// Its channel is closed.
    Closed,
    /// Its message is paused.
    Paused,
    /// Its message can still be undone.
    NotBefore,
}

/// A card, with all that its publisher needs.
#[derive(Clone, Serialize)]
pub struct CardShown {
    /// How it stands.
    #[serde(flatten)]
    pub card: Card,
    /// What is to be copied.
    pub text: Posted,
    /// Where, and to whom.
    pub destination: Destination,
}

impl Card {
    /// `7K4M/pronote`.
    pub(super) fn called(stands: &CardStands) -> String {
        format!("{}/{}", stands.message.code, stands.kept.provider)
    }

    /// `left_to_hands`: the channels on which nothing else carries now.
    pub(super) fn of(school: &School, stands: &CardStands, left_to_hands: &[Channel]) -> Self {
        let CardStands { kept, message, .. } = stands;
        let (waiting, told) = (stands.waiting().count(), stands.told());
        let told_otherwise = stands.told_otherwise();
        let is_alive = |at: &Moment| *at < NEVER;
        Self {
            card: Self::called(stands),
            message: message.code.clone(),
            program: program(school, &kept.provider),
            subject: school.subject(&message.template, &message.fields),
            audience: message.audience.clone(),
            state: CardState::of(stands, left_to_hands),
            held_back: stands.held_back.as_ref().filter(|_| waiting > 0).map(Hindered::of),
            waiting,
            told,
            told_otherwise,
            gone: stands.all.len() - waiting - told - told_otherwise,
            since: stands.waiting().filter_map(|one| one.due_at).filter(is_alive).min(),
            until: stands.waiting().filter_map(|one| one.climb_at).filter(is_alive).min(),
            assigned_to: kept.assigned_to.clone(),
            published: kept.published.clone(),
            taken_back: kept.taken_back.clone(),
            cancelled: stands.is_cancelled,
            corrected_by: stands.corrected_by.clone(),
            replaces: stands.replaces.clone(),
        }
    }

    /// Whether it is, or was, anybody's to publish.
    #[must_use]
    pub fn is_worth_listing(&self) -> bool {
        match self.state {
            CardState::NotYet => false,
            CardState::StandsBy => self.waiting > 0,
            _ => true,
        }
    }

    /// Whether somebody is to publish it now.
    #[must_use]
    pub const fn is_to_publish(&self) -> bool {
        matches!(self.state, CardState::ToPublish | CardState::TakenBack)
            && self.held_back.is_none()
    }

    /// When half of the time for it is over; `None` where nothing comes after it.
    pub(super) fn half_over_at(&self) -> Option<Moment> {
        let (since, until) = self.since.zip(self.until)?;
        Some(since + until.since(since) / 2)
    }

    /// Whether what was published there says what does not hold any more.
    #[must_use]
    pub const fn is_to_remove(&self) -> bool {
        self.published.is_some() && (self.corrected_by.is_some() || self.cancelled)
    }
}

impl CardState {
    fn of(stands: &CardStands, left_to_hands: &[Channel]) -> Self {
        let is_left = stands.way.as_ref().is_none_or(|way| left_to_hands.contains(&way.channel));
        let waits = stands.waiting().next().is_some();
        match (&stands.kept.published, &stands.kept.taken_back) {
            _ if waits && !is_left => Self::StandsBy,
            (None, Some(_)) if waits => Self::TakenBack,
            _ if waits => Self::ToPublish,
            (Some(_), _) => Self::Published,
            _ if stands.corrected_by.is_some() => Self::Superseded,
            _ if stands.all.is_empty() => Self::NotYet,
            _ if stands.told_otherwise() > 0 => Self::StandsBy,
            _ => Self::Expired,
        }
    }

    /// The word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ToPublish => "to_publish",
            Self::TakenBack => "taken_back",
            Self::StandsBy => "stands_by",
            Self::NotYet => "not_yet",
            Self::Published => "published",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
        }
    }
}

impl Hindered {
    const fn of(why: &HeldBack) -> Self {
        match why {
            HeldBack::OnHold => Self::OnHold,
            HeldBack::Closed => Self::Closed,
            HeldBack::Paused(_) => Self::Paused,
            HeldBack::NotBefore(..) => Self::NotBefore,
        }
    }
}
