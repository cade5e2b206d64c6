//! What leaves in one call: one delivery, or several that say the same to people who do not see each other.

use super::Dispatcher;
use crate::delivery::{Circular, Envelope, SendError};
use crate::people::ContactPoint;
use crate::queue::{Circumstances, Claimed};
use crate::store::deliveries::Claim;
use crate::store::{StoreError, Tx};

/// The deliveries of one call, under one reference.
#[derive(Debug)]
pub(super) struct Bundle {
    pub(super) first: Claimed,
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

    fn goes_with(&self, other: &Claimed) -> bool {
        self.first.due.message == other.due.message && self.first.sent_as == other.sent_as
    }

    /// Gives all of it the reference of a call: the one under which they went together before, or a new one.
    /// One alone goes under its own.
    fn give_reference(&mut self) {
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

impl Dispatcher {
    /// What may start now, for `most` calls at most, first one first.
    pub(super) fn pick_bundles(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
        circumstances: &Circumstances,
        most: usize,
    ) -> Result<Vec<Bundle>, StoreError> {
        let mut picked = self.queue.pick_in(tx, claim, circumstances)?;
        // Only what goes together is worth a second look: a call takes more of it than one.
        if picked.iter().any(|it| self.goes_together(it)) {
            let most = most.saturating_mul(self.provider.most_together());
            picked = self.queue.pick_in(tx, &Claim { most, ..claim.clone() }, circumstances)?;
        }
        self.leave_one_to_probe(&mut picked, claim.now);
        self.bundled(tx, picked, claim, most)
    }

    /// What was picked, for `most` calls at most.
    pub(super) fn bundled(
        &self,
        tx: &Tx<'_>,
        mut picked: Vec<Claimed>,
        claim: &Claim,
        most: usize,
    ) -> Result<Vec<Bundle>, StoreError> {
        if self.provider.most_together() > 1 {
            picked = self.queue.whole_groups(tx, picked, claim)?;
        }
        let mut bundles: Vec<Bundle> = Vec::new();
        for mut claimed in picked {
            if !self.goes_together(&claimed) {
                claimed.sent_as = None;
                bundles.push(Bundle::alone(claimed));
                continue;
            }
            match bundles.iter_mut().find(|bundle| self.has_room(bundle, &claimed)) {
                Some(bundle) => bundle.rest.push(claimed),
                None => bundles.push(Bundle::alone(claimed)),
            }
        }
        bundles.truncate(most);
        for bundle in bundles.iter_mut().filter(|it| self.goes_together(&it.first)) {
            bundle.give_reference();
        }
        Ok(bundles)
    }

    /// Whether one call may carry it together with others.
    pub(super) fn goes_together(&self, claimed: &Claimed) -> bool {
        let channel = self.provider.channel();
        self.provider.most_together() > 1
            && !claimed.message.is_digest()
            && self.point_of(claimed).is_some()
            && self.renderer.prepared(&claimed.message).is_ok_and(|it| it.is_together(channel))
    }

    /// Whether one more goes with a bundle: who went together before goes with those alone.
    fn has_room(&self, bundle: &Bundle, next: &Claimed) -> bool {
        bundle.goes_with(next)
            && (bundle.len() < self.provider.most_together() || next.sent_as.is_some())
            && self.goes_together(&bundle.first)
    }

    /// The rendered message of a bundle.
    pub(super) fn parcel(&self, bundle: &Bundle) -> Result<Parcel, SendError> {
        let envelope = self.envelope(&bundle.first)?;
        if bundle.rest.is_empty() && envelope.reference == bundle.first.own_reference() {
            return Ok(Parcel::Alone(envelope));
        }
        let mut to = vec![envelope.to];
        for point in bundle.rest.iter().filter_map(|it| self.point_of(it)) {
            if !to.contains(&point) {
                to.push(point);
            }
        }
        let Envelope { reference, content, .. } = envelope;
        Ok(Parcel::Together(Circular { reference, to, content }))
    }

    /// What a parcel counts for in the rates.
    pub(super) fn units(&self, parcel: &Parcel) -> u32 {
        match parcel {
            Parcel::Alone(envelope) => envelope.content.units(),
            Parcel::Together(circular) => self.provider.units_together(circular),
        }
    }

    pub(super) fn point_of(&self, claimed: &Claimed) -> Option<ContactPoint> {
        claimed.recipient.contact_point(self.provider.channel())
    }
}
