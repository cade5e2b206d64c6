//! Several providers a channel: who carries what, and who answers for it.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::{Clock, Moment};
use chappe::delivery::lifecycle::{DeliveryState, Happening};
use chappe::message::Proof;
use chappe::queue::{self, Claimed, Outcome, Queue};
use chappe::store::deliveries::Claim;
use tempfile::TempDir;

use super::works::{MORNING, Works};
use crate::databases;

const LEASE: Duration = Duration::from_mins(1);

fn claim(carrier: &str, now: Moment, most: usize) -> Claim {
    let (channel, carrier) = (Channel::Sms, carrier.into());
    Claim { channel, carrier, now, lease_ends: now + LEASE, most }
}

/// What a provider took, under this id.
fn taken(claimed: &Claimed, id: &str, look_at: Moment) -> Outcome {
    let happening = Happening::Accepted { look_at: Some(look_at) };
    let provider_ref = Some(id.to_owned());
    Outcome { due: claimed.due, happening, attempt: None, provider_ref }
}

/// Whose receipts a provider is asked for then, by the ids that it gave.
async fn asked_of(queue: &Queue, carrier: &str, now: Moment) -> Vec<Option<String>> {
    let due = queue.claim(DeliveryState::Accepted, claim(carrier, now, 99)).await.unwrap();
    due.into_iter().map(|it| it.provider_ref).collect()
}

// ---- who has it answers for it -----------------------------------------------------------------

#[tokio::test]
async fn what_left_is_seen_to_by_the_provider_that_has_it_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::standing_at(MORNING), &[]).unwrap();
    for store in databases::both(folder.path()) {
        let queue = works.queue(store);
        works.launch(&queue, Channel::Sms, 3).await.unwrap();
        for (carrier, most) in [("sms-a", 1), ("sms-b", 2)] {
            assert_eq!(queue.start(claim(carrier, MORNING, most)).await.unwrap().len(), most);
        }
        let later = MORNING + LEASE;
        for (carrier, most) in [("sms-a", 1), ("sms-b", 2), ("sms-c", 0)] {
            let of = claim(carrier, later, 99);
            let lapsed = queue.claim(DeliveryState::Sending, of).await.unwrap();
            assert_eq!(lapsed.len(), most, "{carrier}");
        }
    }
}

#[tokio::test]
async fn the_id_that_one_provider_gave_is_another_message_s_at_the_other_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::standing_at(MORNING), &[]).unwrap();
    for store in databases::both(folder.path()) {
        let queue = works.queue(store);
        let message = works.launch(&queue, Channel::Sms, 2).await.unwrap();
        let mut all = Vec::new();
        for carrier in ["sms-a", "sms-b"] {
            all.extend(queue.start(claim(carrier, MORNING, 1)).await.unwrap());
        }
        let outcomes = all.iter().map(|it| taken(it, "77", MORNING)).collect();
        queue.settle(outcomes, MORNING).await.unwrap();
        let status = queue::status(queue.store(), &message, MORNING).await.unwrap();
        assert_eq!(status.channels[&Channel::Sms].sent, 2, "neither is unclear");
        assert_eq!(asked_of(&queue, "sms-b", MORNING).await, [Some("77".to_owned())]);
        let proven = Happening::Proven(Proof::Delivered);
        let receipt = Outcome { happening: proven, ..taken(&all[1], "77", MORNING) };
        queue.settle(vec![Outcome { provider_ref: None, ..receipt }], MORNING).await.unwrap();
        assert_eq!(asked_of(&queue, "sms-a", MORNING).await.len(), 1, "still awaited there");
    }
}
