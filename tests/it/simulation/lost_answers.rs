//! Answers that were lost are asked for while a long announcement leaves.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::delivery::Proof;
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
