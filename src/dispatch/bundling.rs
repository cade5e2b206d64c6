//! Which deliveries start now, and which of them leave in one call.

use super::Dispatcher;
use super::bundle::{Bundle, Parcel};
use crate::delivery::{Circular, Envelope, SendError};
use crate::people::ContactPoint;
use crate::queue::{Circumstances, Claimed};
use crate::store::deliveries::Claim;
use crate::store::{StoreError, Tx};

/// A bundle to which more may come.
struct Growing {
    bundle: Bundle,
    /// How many one call carries; none: it is alone and stays so.
    most: usize,
}

impl Growing {
    /// Whether one more goes with it: who went together before goes with those alone.
    fn has_room(&self, next: &Claimed) -> bool {
        self.most > 0
            && self.bundle.goes_with(next)
            && (self.bundle.len() < self.most || next.sent_as.is_some())
    }

    fn addressed(mut self) -> Bundle {
        if self.most > 0 {
            self.bundle.give_reference();
        }
        self.bundle
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
        let mut picked = self.pick(tx, claim, circumstances)?;
        // Only what goes together is worth a second look: a call takes more of it than one.
        if picked.iter().any(|it| self.goes_together(it)) {
            let most = most.saturating_mul(self.provider.most_together());
            picked = self.pick(tx, &Claim { most, ..claim.clone() }, circumstances)?;
        }
        let mut bundles = self.bundled(tx, picked, claim)?;
        self.leave_one_to_probe(&mut bundles, claim.now);
        bundles.truncate(most);
        Ok(bundles)
    }

    /// What waits; what is this one's alone where a preferred provider takes the rest.
    pub(super) fn pick(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
        circumstances: &Circumstances,
    ) -> Result<Vec<Claimed>, StoreError> {
        if self.is_passed_over() {
            return self.queue.pick_own(tx, claim, circumstances);
        }
        self.queue.pick_in(tx, claim, circumstances)
    }

    /// What was picked, a bundle a call.
    pub(super) fn bundled(
        &self,
        tx: &Tx<'_>,
        mut picked: Vec<Claimed>,
        claim: &Claim,
    ) -> Result<Vec<Bundle>, StoreError> {
        if self.provider.most_together() > 1 {
            picked = self.queue.whole_groups(tx, picked, claim)?;
        }
        let mut bundles: Vec<Growing> = Vec::new();
        for mut claimed in picked {
            let goes_together = self.goes_together(&claimed);
            if !goes_together {
                claimed.sent_as = None;
            }
            let with_room = bundles.iter_mut().find(|it| goes_together && it.has_room(&claimed));
            if let Some(Growing { bundle, .. }) = with_room {
                bundle.rest.push(claimed);
            } else {
                let most = if goes_together { self.most_beside(&claimed) } else { 0 };
                bundles.push(Growing { bundle: Bundle::alone(claimed), most });
            }
        }
        Ok(bundles.into_iter().map(Growing::addressed).collect())
    }

    /// How many one call carries of what says the same as this: no more than the tightest of the rates allows for at
    /// once, where the provider counts each of them.
    fn most_beside(&self, claimed: &Claimed) -> usize {
        let most = self.provider.most_together();
        let Some(limit) = self.pace.limits().into_iter().filter(|limit| *limit > 0).min() else {
            return most;
        };
        let Ok(Envelope { content, .. }) = self.envelope(claimed) else { return 1 };
        let fits = |count: &usize| self.provider.units_together(&content, *count) <= limit;
        (1..=most).take_while(fits).last().unwrap_or(1)
    }

    /// Whether one call may carry it together with others.
    pub(super) fn goes_together(&self, claimed: &Claimed) -> bool {
        let channel = self.provider.channel();
        self.provider.most_together() > 1
            && !claimed.message.is_digest()
            && self.point_of(claimed).is_some()
            && self.renderer.prepared(&claimed.message).is_ok_and(|it| it.is_together(channel))
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
            Parcel::Together(Circular { content, to, .. }) => {
                self.provider.units_together(content, to.len())
            }
        }
    }

    pub(super) fn point_of(&self, claimed: &Claimed) -> Option<ContactPoint> {
        claimed.recipient.contact_point(self.provider.channel())
    }
}
