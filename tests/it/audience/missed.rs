//! `n'ayant pas reçu`: those whom an earlier message has not reached, about the same pupils.

use std::time::Duration;

use chappe::audience::{Rule, each_recipient, find};
use chappe::channel::Channel;
use chappe::delivery::lifecycle::DeliveryEvent;
use chappe::directory;
use chappe::id::Id;
use chappe::import::{Covers, Reading};
use chappe::message::{
    AnswerKind, Code, Fields, Message, Plan, Proof, Question, Rung, Terms, Urgency,
};
use chappe::people::{Actor, By, RestrictedTie, Restriction};
use chappe::queue::{Outcome, Queue, Take};
use chappe::store::deliveries::Claim;
use chappe::store::{Tx, restrictions};

use super::town::{NOW, Settled, TODAY, Town, key_of, school};

const HOUR: Duration = Duration::from_hours(1);

pub(super) fn families() -> Town {
    Town::default()
        .adults(
            "Inès DURAND: mail=ines home=LILAS
             Paul DURAND: mail=paul home=LILAS
             Rosa PETIT: mail=rosa home=ROSES
             Lina SADIK: mail=lina home=IRIS",
        )
        .staff("Anne LEROY: ENS pp=6A mail=anne")
        .pupils(
            "Zoé DURAND 6A: Inès DURAND, Paul DURAND
             Léo DURAND 5A: Inès DURAND, Paul DURAND
             Tom PETIT 6A: Rosa PETIT
             Nour SADIK 6B: Lina SADIK",
        )
}

/// What is asked in these tests.
pub(super) fn answering() -> Question {
    Question::new("Venez-vous ?", AnswerKind::YesNo).unwrap()
}

impl Settled {
    /// Launches a message by e-mail; those whose addresses are named are reached.
    pub(super) async fn send(&self, code: u32, audience: &str, reached: &[&str]) -> String {
        self.send_it(code, audience, reached, None).await
    }

    /// The same of one that asks something, and reaches nobody yet.
    pub(super) async fn send_asking(&self, code: u32, audience: &str, asks: Question) -> String {
        self.send_it(code, audience, &[], Some(asks)).await
    }

    /// The school's queue.
    pub(super) fn queue(&self) -> Queue {
        Queue::new(self.store.clone(), school())
    }

    async fn send_it(
        &self,
        code: u32,
        audience: &str,
        reached: &[&str],
        question: Option<Question>,
    ) -> String {
        let rung = Rung::new(vec![Channel::Email], Proof::Accepted, HOUR);
        let message = Message {
            id: Id::new(NOW),
            school: school(),
            code: Code::from_chance(code),
            template: "fermeture".to_owned(),
            fields: Fields::new(),
            audience: audience.to_owned(),
            plan: Plan::new("mail", vec![rung]).unwrap(),
            plans: std::collections::BTreeMap::new(),
            urgency: Urgency::Bulk,
            plain_sms: false,
            question,
            terms: Terms::default(),
            launched_at: NOW,
            launched_by: Actor::Program,
        };
        let rule: Rule = audience.parse().unwrap();
        let chosen = find(&self.store, &school(), &rule, TODAY).await.unwrap().chosen;
        let queue = self.queue();
        let recipients =
            move |tx: &Tx<'_>, take: &mut Take<'_>| each_recipient(tx, &school(), &chosen, take);
        queue.launch(message.clone(), recipients).await.unwrap();
        let channel = Channel::Email;
        let claim = Claim {
            channel,
            carrier: channel.as_str().into(),
            now: NOW,
            lease_ends: NOW + HOUR,
            most: 99,
        };
        let claimed = queue.start(claim).await.unwrap().into_iter();
        let is_reached = |address: &str| reached.iter().any(|it| address.starts_with(it));
        let arrived =
            claimed.filter(|it| is_reached(it.recipient.email.as_ref().unwrap().as_str()));
        let outcomes = arrived
            .map(|claimed| Outcome::of(claimed.due, DeliveryEvent::Accepted { look_at: None }));
        queue.settle(outcomes.collect(), NOW).await.unwrap();
        message.code.to_string()
    }
}

#[tokio::test]
async fn those_who_were_not_reached_are_told_about_the_pupils_of_the_first_message() {
    let town = families().settle().await;
    let code = town.send(1, "familles niveau:6e", &["ines@", "lina@"]).await;
    let missed = ["Paul DURAND — Zoé DURAND (6A)", "Rosa PETIT — Tom PETIT (6A)"];
    assert_eq!(town.told(&format!("n'ayant pas reçu {code}")).await, missed);
    assert_eq!(town.told(&format!("familles n'ayant pas reçu {code}")).await, missed);
    let in_capitals = format!("N’AYANT PAS RECU {}", code.to_lowercase());
    assert_eq!(town.told(&in_capitals).await, missed);
    let rest = town.told(&format!("familles sauf n'ayant pas reçu {code}")).await;
    assert_eq!(
        rest,
        [
            "Inès DURAND — Zoé DURAND (6A), Léo DURAND (5A)",
            "Lina SADIK — Nour SADIK (6B)",
            "Paul DURAND — Léo DURAND (5A)",
        ]
    );
    let narrowed = town.told(&format!("familles classe:6B n'ayant pas reçu {code}")).await;
    assert_eq!(narrowed, Vec::<String>::new());
}

#[tokio::test]
async fn staff_whom_a_message_missed_are_found_too() {
    let town = families().settle().await;
    let code = town.send(2, "tous", &["ines@", "paul@", "rosa@", "lina@"]).await;
    assert_eq!(town.named(&format!("n'ayant pas reçu {code}")).await, ["Anne LEROY"]);
    assert_eq!(town.named(&format!("personnels n'ayant pas reçu {code}")).await, ["Anne LEROY"]);
    assert_eq!(town.named(&format!("familles n'ayant pas reçu {code}")).await.len(), 0);
}

#[tokio::test]
async fn one_of_a_household_who_was_missed_is_written_to_again_alone() {
    let town = families().settle().await;
    let code = town.send(3, "foyers classe:6A", &["rosa@", "ines@"]).await;
    let missed = ["Paul DURAND — Zoé DURAND (6A)"];
    assert_eq!(town.told(&format!("n'ayant pas reçu {code}")).await, missed);
}

#[tokio::test]
async fn a_copy_about_one_pupil_that_was_missed_comes_again_alone() {
    let town = families().settle().await;
    let code = town.send(4, "familles par élève", &["rosa@", "lina@", "paul@"]).await;
    assert_eq!(
        town.told(&format!("n'ayant pas reçu {code}")).await,
        ["Inès DURAND — Zoé DURAND (6A)", "Inès DURAND — Léo DURAND (5A)"]
    );
}

#[tokio::test]
async fn who_is_restricted_since_is_not_written_to() {
    let town = families().settle().await;
    let code = town.send(5, "familles classe:6A", &["ines@", "rosa@"]).await;
    let tie = RestrictedTie {
        pupil: town.pupils[0].key.clone(),
        person: key_of("Paul DURAND"),
        why: Restriction::Court,
        note: String::new(),
    };
    let noted = tie.clone();
    let noted =
        town.store.write(move |tx| restrictions::put(tx, &school(), &noted, &By::program(NOW)));
    noted.await.unwrap();
    let (recipients, left_out) = town.recipients(&format!("n'ayant pas reçu {code}")).await;
    assert_eq!((recipients.len(), left_out.len()), (0, 1));
    assert_eq!(left_out[0].name, "Paul DURAND");
    let lift = move |tx: &Tx<'_>| restrictions::lift(tx, &school(), &tie.pupil, &tie.person);
    assert!(town.store.write(lift.clone()).await.unwrap());
    assert!(!town.store.write(lift).await.unwrap());
    assert_eq!(town.named(&format!("n'ayant pas reçu {code}")).await, ["Paul DURAND"]);
}

#[tokio::test]
async fn who_was_missed_and_left_since_is_named_and_who_is_renamed_is_not_forgotten() {
    let town = families().settle().await;
    let code = town.send(6, "familles classe:6A", &["ines@", "paul@"]).await;
    let mut renamed = town.pupils[2].clone();
    renamed.first_name = "Thom".to_owned();
    import(&town, Reading { pupils: vec![renamed], ..Reading::default() }).await;
    let rule = format!("n'ayant pas reçu {code}");
    assert_eq!(town.told(&rule).await, ["Rosa PETIT — Thom PETIT (6A)"]);

    let pupils = town.pupils.iter().filter(|pupil| pupil.first_name != "Tom").cloned();
    let covers = Covers { pupils: true, ..Covers::default() };
    let stay = Reading { pupils: pupils.collect(), covers, ..Reading::default() };
    import(&town, stay).await;
    let (recipients, left_out) = town.recipients(&rule).await;
    assert_eq!(recipients.len(), 0);
    let told: Vec<String> =
        left_out.iter().map(|it| format!("{} — {}", it.name, it.reason)).collect();
    assert_eq!(told, ["Rosa PETIT — n’est plus rattaché à l’établissement"]);
}

async fn import(town: &Settled, reading: Reading) {
    let diff = directory::diff(&town.store, &school(), reading).await.unwrap();
    directory::apply(&town.store, &school(), &diff, By::program(NOW)).await.unwrap();
}
