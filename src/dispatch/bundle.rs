//! What leaves in one call: one delivery, or several that say the same to people who do not see each other.

use crate::delivery::{Circular, Envelope};
use crate::queue::Claimed;

/// The deliveries of one call, under one reference.
#[derive(Debug)]
pub(super) struct Bundle {
    pub(super) first: Claimed,
    /// Who goes together with it.
    pub(super) rest: Vec<Claimed>,
}

/// What the provider is handed for a bundle.
#[derive(Debug)]
pub(super) enum Parcel {
    /// For one delivery, under its own reference.
    Alone(Envelope),
    /// For all of a bundle.
    Together(Circular),
}

impl Bundle {
    pub(super) const fn alone(first: Claimed) -> Self {
        Self { first, rest: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        1 + self.rest.len()
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Claimed> + Clone {
        std::iter::once(&self.first).chain(&self.rest)
    }

    pub(super) fn into_members(self) -> impl Iterator<Item = Claimed> {
        std::iter::once(self.first).chain(self.rest)
    }

    /// What started, as it was bundled: those of one call stand beside each other.
    pub(super) fn of_started(started: Vec<Claimed>) -> Vec<Self> {
        let mut bundles: Vec<Self> = Vec::new();
        for claimed in started {
            match bundles
                .last_mut()
                .filter(|it| claimed.sent_as.is_some() && it.goes_with(&claimed))
            {
                Some(bundle) => bundle.rest.push(claimed),
                None => bundles.push(Self::alone(claimed)),
            }
        }
        bundles
    }

    /// What is to be asked about, a bundle a call.
    pub(super) fn of_calls(mut claimed: Vec<Claimed>) -> Vec<Self> {
        claimed.sort_by(|one, other| one.sent_as.cmp(&other.sent_as));
        Self::of_started(claimed)
    }

    pub(super) fn goes_with(&self, other: &Claimed) -> bool {
        self.first.due.message == other.due.message && self.first.sent_as == other.sent_as
    }

    /// Gives all of it the reference of a call: the one under which they went together before, or a new one.
    /// One alone goes under its own.
    pub(super) fn give_reference(&mut self) {
        let own = self.first.own_reference();
        let new = if self.rest.is_empty() { own } else { format!("{own}-{}", self.len()) };
        let reference = self.first.sent_as.take().unwrap_or(new);
        self.rest.iter_mut().for_each(|it| it.sent_as = Some(reference.clone()));
        self.first.sent_as = Some(reference);
    }

    /// The same people in smaller bundles, because the provider refused them whole for the sake of one. Where
    /// it may be for ours as well, the first of them goes alone: its answer tells.
    pub(super) fn parted(self, may_be_ours: bool) -> Vec<Self> {
        let Self { first, mut rest } = self;
        let mut parts = Vec::new();
        let half = rest.split_off(rest.len() / 2);
        if may_be_ours {
            parts.push(Self::alone(first));
        } else {
            rest.insert(0, first);
        }
        for part in [rest, half] {
            let mut part = part.into_iter();
            parts.extend(part.next().map(|first| Self { first, rest: part.collect() }));
        }
        for part in &mut parts {
            part.first.sent_as = None;
            part.give_reference();
        }
        parts
    }
}
