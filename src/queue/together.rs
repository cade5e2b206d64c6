//! Who goes together goes whole: a call that is made again under its reference carries all whom the first one
//! carried and who still wait.

use std::collections::BTreeSet;

use super::Queue;
use super::in_hand::Claimed;
use crate::people::ContactPoint;
use crate::store::deliveries::{Claim, Due, NamedDelivery};
use crate::store::{StoreError, Tx, picks, together};

impl Queue {
    /// What was picked, with all who go again together with it; without those of whom another daemon has some in
    /// hand: two calls under one reference could not be told apart.
    pub fn whole_groups(
        &self,
        tx: &Tx<'_>,
        picked: Vec<Claimed>,
        claim: &Claim,
    ) -> Result<Vec<Claimed>, StoreError> {
        let (mut whole, mut seen) = (Vec::with_capacity(picked.len()), BTreeSet::new());
        for claimed in picked {
            let Some(sent_as) = claimed.sent_as.clone() else {
                whole.push(claimed);
                continue;
            };
            if seen.insert(sent_as.clone()) {
                let (ours, all) = picks::of_call(tx, &self.school, claim, &sent_as)?;
                if ours.len() == all {
                    whole.extend(self.readable(tx, ours, claim)?);
                }
            }
        }
        Ok(whole)
    }

    /// Which delivery has the id under which this one stands, now that the provider says to whom it went: its answer
    /// to a call for several may have listed their ids without saying whose each is. The two change ids. `None`: the
    /// call carried nobody there, so that the word is about nobody for sure.
    pub fn owner_of_id(
        &self,
        tx: &Tx<'_>,
        carrier: &str,
        named: &NamedDelivery,
        to: &ContactPoint,
    ) -> Result<Option<Due>, StoreError> {
        let Some(sent_as) = &named.sent_as else { return Ok(Some(named.due)) };
        let Some(one) = together::carried(tx, &self.school, named.due.id)? else {
            return Ok(Some(named.due));
        };
        let is_theirs = |it: &together::OneOfCall| {
            it.recipient.contact_point(to.channel()).as_ref() == Some(to)
        };
        if is_theirs(&one) {
            return Ok(Some(one.due));
        }
        let others = together::carried_by(tx, &self.school, carrier, sent_as)?;
        let Some(owner) = others.iter().find(|it| is_theirs(it)) else { return Ok(None) };
        together::swap_ids(tx, &self.school, &one, owner)?;
        Ok(Some(owner.due))
    }
}
