//! What a provider says later is heard while something else takes very long.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::message::Proof;
use chappe::providers::WhenUnknown;

use super::life::run::{MORNING, on_simulated_time};
use super::scripted::{Stage, Weather};

const FEW: usize = 6;
const MANY: usize = 10_000;
const ENT: [(Channel, Proof); 1] = [(Channel::Ent, Proof::Accepted)];

#[test]
fn a_lost_answer_is_asked_for_while_very_many_wait() {
    on_simulated_time(async {
        let mut stage = Stage::set(MORNING, &[(Channel::Ent, WhenUnknown::Ask)]);
        stage.provider(Channel::Ent).set(Weather::AnswersAreLost);
        let few = stage.launch(0..FEW, &ENT).await;
        tokio::time::sleep(Duration::from_secs(30)).await;
        stage.provider(Channel::Ent).set(Weather::Fine);
        stage.provider(Channel::Ent).answer_after(Duration::from_secs(2));
        let many = stage.launch(FEW..FEW + MANY, &ENT).await;
        tokio::time::sleep(Duration::from_mins(30)).await;
        assert!(stage.status(&many).await.addressees.waiting > 0, "too few to keep it busy");
        assert_eq!(stage.status(&few).await.addressees.reached, FEW);
    });
}

#[test]
fn replies_without_end_delay_no_receipt() {
    on_simulated_time(async {
        let mut stage = Stage::set(MORNING, &[(Channel::Sms, WhenUnknown::Ask)]);
        stage.provider(Channel::Sms).never_end_replies();
        // The replies are being fetched by now.
        tokio::time::sleep(Duration::from_mins(5)).await;
        let message = stage.launch(0..FEW, &[(Channel::Sms, Proof::Delivered)]).await;
        tokio::time::sleep(Duration::from_mins(5)).await;
        assert_eq!(stage.status(&message).await.addressees.reached, FEW);
    });
}
