//! What an announcement uses of what the school pays for: as it begins to leave, and at the most, where nobody is
//! reached before the last way of their plan.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;

use crate::channel::Channel;
use crate::config::PriceSettings;
use crate::delivery::{Content, Recipient};
use crate::message::Plan;
use crate::render::Prepared;
use crate::settings::Price;

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
    /// Letters; each takes a sheet at the least.
    pub letters: u64,
    /// Calls.
    pub calls: u64,
    /// What it costs in all, in euros; `None` where the school has a price for nothing of it.
    pub price: Option<Price>,
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
            (prices.sheet, self.letters),
            (prices.post, self.letters),
            (prices.call, self.calls),
        ];
        let used = paid.into_iter().filter(|(_, count)| *count > 0);
        let each = used.filter_map(|(price, count)| Some(price?.times(count)));
        Self { price: each.reduce(Price::and), ..self }
    }
}

/// Adds up what each recipient takes. Who shares an address has one copy there.
pub(super) struct Meter {
    prepared: Arc<Prepared>,
    reference: String,
    had: HashSet<(bool, Channel, String)>,
    cost: Expense,
}

impl Meter {
    /// One for a message, of which each copy has a reference as long as this.
    pub(super) fn new(prepared: Arc<Prepared>, reference: String) -> Self {
        Self { prepared, reference, had: HashSet::new(), cost: Expense::default() }
    }

    /// Somebody whose plan is this, and who can be written to by these ways, all of them open.
    pub(super) fn note(&mut self, to: &Recipient, plan: &Plan, open: &[Channel]) {
        let of_rung = plan.rungs().iter().map(|rung| {
            let ways = rung.channels.iter().copied().filter(|way| open.contains(way));
            ways.collect::<Vec<Channel>>()
        });
        let first = of_rung.into_iter().find(|ways| !ways.is_empty()).unwrap_or_default();
        for way in open {
            let segments = if *way == Channel::Sms { self.segments(to) } else { 0 };
            if first.contains(way) && self.is_new(true, *way, to) {
                self.cost.at_first.add(*way, segments);
            }
            if self.is_new(false, *way, to) {
                self.cost.at_most.add(*way, segments);
            }
        }
    }

    fn is_new(&mut self, at_first: bool, way: Channel, to: &Recipient) -> bool {
        let shared = to.shared.get(&way).cloned();
        shared.is_none_or(|key| self.had.insert((at_first, way, key)))
    }

    fn segments(&self, to: &Recipient) -> u64 {
        // Whose text cannot be made gets none.
        let text = self.prepared.sms(to, &self.reference);
        if let Ok(Content::Sms { segments, .. }) = text { u64::from(segments) } else { 0 }
    }

    /// What they take together.
    pub(super) fn total(self, prices: &PriceSettings) -> Expense {
        let Expense { at_first, at_most } = self.cost;
        Expense { at_first: at_first.priced(prices), at_most: at_most.priced(prices) }
    }
}
