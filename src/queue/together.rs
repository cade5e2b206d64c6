//! Who goes together goes whole: a call that is made again under its reference carries all whom the first one
//! carried and who still wait.

use std::collections::BTreeSet;

use super::Queue;
use super::in_hand::Claimed;
use crate::store::deliveries::Claim;
use crate::store::{StoreError, Tx, picks};

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
}
