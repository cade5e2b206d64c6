//! A recall is noted once a message of the provider's, taken by one at a time, and its school's alone.

use std::collections::BTreeMap;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::RecallState::{self, Awaited, Recalled, Refused, TooLate};
use chappe::id::Id;
use chappe::message::{Code, Message, MessageState, Plan, Proof, Rung, Terms, Urgency};
use chappe::people::{Actor, SchoolId};
use chappe::store::controls::{self, Control};
use chappe::store::recalls::{self, DueRecall, HandedOut, NewRecall, RecallAnswer};
use chappe::store::{Store, StoreError, Tx, messages};

use super::{on_both, school};

const NOW: Moment = Moment(1_796_000_000_000);
const HOUR: Duration = Duration::from_hours(1);
const LEASE: Duration = Duration::from_secs(90);

fn correction() -> Message {
    let rung = Rung::new(vec![Channel::Ent], Proof::Accepted, HOUR);
    Message {
        id: Id::new(NOW),
        school: school(),
        code: Code::from_chance(7),
        template: "fermeture".to_owned(),
        fields: BTreeMap::default(),
        audience: "familles".to_owned(),
        plan: Plan::new("test", vec![rung]).unwrap(),
        plans: BTreeMap::new(),
        urgency: Urgency::Bulk,
        launched_at: NOW,
        launched_by: Actor::Program,
        plain_sms: false,
        question: None,
        terms: Terms::default(),
    }
}

/// Notes the recall of a message that left so long after the beginning; three of them are refs `m-0` to `m-2`.
fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    by: &Message,
    number: u32,
    is_due: bool,
) -> Result<(), StoreError> {
    let sent_at = NOW + Duration::from_secs(u64::from(number));
    let of = HandedOut { provider_ref: format!("m-{number}"), sent_as: None, sent_at };
    let recall = NewRecall {
        provider: "ent",
        of: &of,
        message: by.id,
        corrected_by: by.id,
        ends_at: sent_at + HOUR,
        due_at: is_due.then_some(NOW),
    };
    recalls::put(tx, school, &recall, NOW)
}

/// A correction, and three recalls by it of which the last is too late.
async fn noted(store: &Store) -> Message {
    let by = correction();
    let kept = by.clone();
    let write = move |tx: &Tx<'_>| {
        messages::insert(tx, &kept)?;
        for number in [0, 1, 2, 0] {
            put(tx, &school(), &kept, number, number < 2)?;
        }
        Ok(())
    };
    store.write(write).await.unwrap();
    by
}

async fn claim(store: &Store, now: Moment) -> Option<DueRecall> {
    let claim = move |tx: &Tx<'_>| recalls::claim(tx, &school(), "ent", now, now + LEASE);
    store.write(claim).await.unwrap()
}

async fn answer(store: &Store, recall: &DueRecall, state: RecallState, due_at: Option<Moment>) {
    let (recall, detail) = (recall.clone(), "HTTP 503".to_owned());
    let answer = RecallAnswer { state, due_at, detail };
    store.write(move |tx| recalls::note(tx, &school(), &recall, &answer, NOW)).await.unwrap();
}

async fn states(store: &Store, of: &Message) -> Vec<RecallState> {
    let id = of.id;
    let kept = store.read(move |tx| recalls::of_message(tx, &school(), id)).await.unwrap();
    kept.into_iter().map(|it| it.state).collect()
}

#[tokio::test]
async fn a_recall_is_asked_for_by_one_at_a_time_until_it_has_an_answer() {
    on_both(async |store| {
        let by = noted(&store).await;
        assert_eq!(states(&store, &by).await, [Awaited, Awaited, TooLate]);
        let first = claim(&store, NOW).await.unwrap();
        let second = claim(&store, NOW).await.unwrap();
        let expected = DueRecall {
            provider: "ent".to_owned(),
            provider_ref: "m-0".to_owned(),
            tries: 0,
            ends_at: NOW + HOUR,
        };
        assert_eq!((&first, second.provider_ref.as_str()), (&expected, "m-1"));
        assert_eq!(claim(&store, NOW).await, None, "both are taken");
        answer(&store, &first, Awaited, Some(NOW + LEASE)).await;
        let again = claim(&store, NOW + LEASE).await.unwrap();
        assert_eq!((again.provider_ref.as_str(), again.tries), ("m-0", 1));
        answer(&store, &first, Recalled, None).await;
        answer(&store, &first, Refused, None).await;
        let until = NOW + LEASE * 2;
        store.write(move |tx| recalls::put_off(tx, &school(), &second, until)).await.unwrap();
        assert_eq!(claim(&store, NOW + LEASE).await, None);
        assert_eq!(states(&store, &by).await, [Recalled, Awaited, TooLate]);
        let is_due = move |tx: &Tx<'_>| recalls::is_due(tx, &school(), "ent", until);
        assert!(store.read(is_due).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_recall_ends_with_its_time_and_waits_for_its_correction() {
    on_both(async |store| {
        let by = noted(&store).await;
        let decide = |state: MessageState| {
            let id = by.id;
            let at = Some(NOW);
            let control = Control { state, at, by: String::new(), paused_at: None };
            store.write(move |tx| controls::decide(tx, &school(), id, &control))
        };
        let give_up =
            |now: Moment| store.write(move |tx| recalls::give_up(tx, &school(), "ent", now));
        decide(MessageState::Paused).await.unwrap();
        assert_eq!(claim(&store, NOW).await, None);
        give_up(NOW + HOUR).await.unwrap();
        assert_eq!(states(&store, &by).await, [TooLate, Awaited, TooLate]);
        decide(MessageState::Cancelled).await.unwrap();
        give_up(NOW).await.unwrap();
        assert_eq!(states(&store, &by).await, [TooLate, TooLate], "nobody was asked for it");
    })
    .await;
}

#[tokio::test]
async fn a_recall_is_its_school_s_and_its_provider_s_alone() {
    on_both(async |store| {
        let by = noted(&store).await;
        let other = SchoolId::parse("0310053P").unwrap();
        let id = by.id;
        let look = move |tx: &Tx<'_>| {
            let kept = recalls::of_message(tx, &other, id)?;
            let theirs = recalls::claim(tx, &other, "ent", NOW, NOW + LEASE)?;
            let second = recalls::claim(tx, &school(), "ent-second", NOW, NOW + LEASE)?;
            recalls::give_up(tx, &other, "ent", NOW + HOUR * 2)?;
            Ok((kept, theirs, second, recalls::is_due(tx, &other, "ent", NOW)?))
        };
        assert_eq!(store.write(look).await.unwrap(), (Vec::new(), None, None, false));
        assert_eq!(states(&store, &by).await, [Awaited, Awaited, TooLate]);
    })
    .await;
}
