//! What an announcement uses of what the school pays for: as it begins to leave, and at the most, where nobody is
//! reached before the last way of their plan.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde::Serialize;

use super::School;
use super::letter_lengths::{LetterGroup, LetterGroups};
use crate::batches::LeftDocuments;
use crate::channel::Channel;
use crate::config::PriceSettings;
use crate::delivery::Recipient;
use crate::message::{Message, Plan, Week};
use crate::people::SchoolId;
use crate::render::letters::Sides;
use crate::render::{LetterShape, Prepared};
use crate::settings::Price;
use crate::store::{StoreError, Tx};

/// What an announcement uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Expense {
    /// By the first ways of everybody.
    pub at_first: Spending,
    /// By all of them.
    pub at_most: Spending,
}

/// Of what, how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Spending {
    /// Segments of text messages.
    pub sms_segments: u64,
    /// Letters.
    pub letters: u64,
    /// The sheets of paper that they take.
    pub sheets: u64,
    /// Whether they may take more: letters that say the same differ in length, or could not be set.
    pub sheets_at_least: bool,
    /// Calls.
    pub calls: u64,
    /// What it costs in all, in euros; `None` where the school has a price for nothing of it.
    pub price: Option<Price>,
    /// Whether the school has no price for some of it, so that it costs more than that.
    pub partly_priced: bool,
}

impl Spending {
    fn add(&mut self, channel: Channel, segments: u64) {
        match channel {
            Channel::Sms => self.sms_segments += segments,
            Channel::Letter => self.letters += 1,
            Channel::Phone => self.calls += 1,
            Channel::Ent | Channel::Email | Channel::Chat => {}
        }
    }

    fn priced(self, prices: &PriceSettings) -> Self {
        let paid = [
            (prices.sms, self.sms_segments),
            (prices.sheet, self.sheets),
            (prices.post, self.letters),
            (prices.call, self.calls),
        ];
        let used = paid.into_iter().filter(|(_, count)| *count > 0);
        let costs = used.clone().filter_map(|(price, count)| Some(price?.times(count)));
        let price = costs.reduce(Price::and);
        let lacks_one = used.filter(|(price, _)| price.is_none()).count() > 0;
        Self { price, partly_priced: price.is_some() && lacks_one, ..self }
    }
}

/// What was left for the week of an announcement, to go behind its letters.
pub(super) struct Behind {
    week: Week,
    documents: LeftDocuments,
    sides: Sides,
}

impl Behind {
    /// `None` for an announcement that names no week.
    pub(super) fn read(
        tx: &Tx<'_>,
        school: &SchoolId,
        prepared: &Prepared,
        sides: Sides,
    ) -> Result<Option<Arc<Self>>, StoreError> {
        let Some(week) = prepared.week() else { return Ok(None) };
        let documents = LeftDocuments::read(tx, school, &BTreeSet::from([week]))?;
        Ok(Some(Arc::new(Self { week, documents, sides })))
    }

    fn sheets(&self, to: &Recipient) -> u64 {
        let sheets = self.documents.sheets(self.week, &to.about, self.sides);
        u64::try_from(sheets).unwrap_or(u64::MAX)
    }

    /// The week, and the documents, which letters list.
    pub(super) fn to_list(&self) -> (Week, LeftDocuments) {
        (self.week, self.documents.clone())
    }
}

/// What the copies of one recipient take, whatever the plan.
pub(super) struct Takes {
    /// The segments of their text message; none where its text cannot be made.
    segments: u64,
    /// The form of their letter, and about how long its values are; nothing where its text cannot be made.
    letter: Option<(LetterShape, usize)>,
    /// The sheets that go behind it.
    sheets_behind: u64,
}

impl Takes {
    /// By these ways, which reach them.
    pub(super) fn of(
        prepared: &Prepared,
        reference: &str,
        to: &Recipient,
        (ways, behind): (&[Channel], Option<&Behind>),
    ) -> Self {
        let segments = || prepared.sms_segments(to, reference).unwrap_or_default();
        let letter = || prepared.letter_shape(to).ok();
        Self {
            segments: u64::from(if ways.contains(&Channel::Sms) { segments() } else { 0 }),
            letter: if ways.contains(&Channel::Letter) { letter() } else { None },
            sheets_behind: behind.map(|it| it.sheets(to)).unwrap_or_default(),
        }
    }
}

/// Adds up what each recipient takes. Who shares an address has one copy there.
#[derive(Default)]
pub(super) struct Meter {
    had: HashSet<(bool, Channel, String)>,
    cost: Expense,
    letters: LetterGroups,
    behind: Option<Arc<Behind>>,
}

impl Meter {
    /// Nothing yet, of an announcement behind whose letters this goes.
    pub(super) fn new(behind: Option<Arc<Behind>>) -> Self {
        Self { behind, ..Self::default() }
    }

    /// Somebody whose copies take so much, whose plan is this, and who can be written to by these ways, all of
    /// them open.
    pub(super) fn note(&mut self, to: &Recipient, takes: &Takes, plan: &Plan, open: &[Channel]) {
        let mut rungs = plan.rungs().iter().map(|rung| &rung.channels);
        let first = rungs.find(|ways| ways.iter().any(|way| open.contains(way)));
        for way in open {
            let segments = if *way == Channel::Sms { takes.segments } else { 0 };
            let is_first = first.is_some_and(|it| it.contains(way)) && self.is_new(true, *way, to);
            let is_one_more = self.is_new(false, *way, to);
            if is_first {
                self.cost.at_first.add(*way, segments);
            }
            if is_one_more {
                self.cost.at_most.add(*way, segments);
            }
            if *way == Channel::Letter {
                self.note_letter(to, takes, is_first, is_one_more);
            }
        }
    }

    fn note_letter(&mut self, to: &Recipient, takes: &Takes, is_first: bool, is_one_more: bool) {
        let Some((shape, length)) = &takes.letter else { return };
        if !self.letters.contains_key(shape) {
            self.letters.insert(shape.clone(), LetterGroup::new(to, *length));
        }
        let Some(group) = self.letters.get_mut(shape) else { return };
        group.note(to, *length);
        group.at_first += u64::from(is_first);
        group.at_most += u64::from(is_one_more);
        self.cost.at_first.sheets += takes.sheets_behind * u64::from(is_first);
        self.cost.at_most.sheets += takes.sheets_behind * u64::from(is_one_more);
    }

    fn is_new(&mut self, at_first: bool, way: Channel, to: &Recipient) -> bool {
        let shared = to.shared.get(&way).cloned();
        shared.is_none_or(|key| self.had.insert((at_first, way, key)))
    }

    /// What they take together, their letters set with these texts to see how many sheets each has.
    pub(super) async fn total(
        self,
        school: &School,
        prepared: &Prepared,
        reference: &str,
    ) -> Expense {
        let Self { mut cost, letters, behind, .. } = self;
        let listed = behind.as_deref().map(Behind::to_list);
        let sheets = school.sheets_of(&letters, (prepared, reference), listed).await;
        let sheets = letters.values().zip(sheets);
        for (group, (each, is_at_least)) in sheets {
            for (spent, count) in
                [(&mut cost.at_first, group.at_first), (&mut cost.at_most, group.at_most)]
            {
                spent.sheets += each * count;
                spent.sheets_at_least |= is_at_least && count > 0;
            }
        }
        let (prices, Expense { at_first, at_most }) = (&school.config.prices, cost);
        Expense { at_first: at_first.priced(prices), at_most: at_most.priced(prices) }
    }
}

/// A reference as long as that of each copy of a message.
pub(super) fn any_reference(message: &Message) -> String {
    message.code.delivery(0, 0)
}
