//! Who has a call in hand, and what it gave; on both databases, and each school's alone.

use chappe::clock::Moment;
use chappe::delivery::lifecycle::{CallStood, Delivery};
use chappe::delivery::{CallOutcome, FailureKind};
use chappe::id::Id;
use chappe::message::{AnswerChoice, Proof};
use chappe::people::{Actor, ContactState, SchoolId};
use chappe::phone_number::PhoneNumber;
use chappe::store::Tx;
use chappe::store::calls::{self, CallTaken, KeptOutcome};

use super::{on_both, school};

const NOW: Moment = Moment(1_796_000_000_000);

fn kept(call: Id<Delivery>, at: Moment, outcome: CallOutcome) -> KeptOutcome {
    KeptOutcome {
        id: Id::new(at),
        delivery: call,
        number: PhoneNumber::from_e164("+33639980001").unwrap(),
        outcome,
        word: Some("un ordinateur".to_owned()),
        answer: Some(AnswerChoice::Yes),
        caller: "Sylvie".to_owned(),
        said_by: Actor::CommandLine("sylvie".to_owned()),
        said_at: at,
        stood: CallStood {
            proof: Some(Proof::Accepted),
            failure: Some(FailureKind::Unanswered),
            tries: 2,
            due_at: Some(NOW),
        },
        number_was: Some(ContactState::Working),
    }
}

#[tokio::test]
async fn what_a_call_gave_is_kept_to_the_letter_until_it_is_taken_back() {
    on_both(async |store| {
        let call = Id::new(NOW);
        let first = kept(call, NOW, CallOutcome::NoAnswer);
        let second = kept(call, Moment(NOW.0 + 1), CallOutcome::AsksFor);
        let all = [first.clone(), second.clone()];
        let write = move |tx: &Tx<'_>| {
            all.iter().try_for_each(|one| calls::add_outcome(tx, &school(), one))?;
            let found = calls::outcomes_of(tx, &school(), call)?;
            calls::take_back(tx, &school(), all[1].id, &Actor::Program, NOW)?;
            Ok((found, calls::outcomes_of(tx, &school(), call)?))
        };
        let (found, left) = store.write(write).await.unwrap();
        assert_eq!(found, [first.clone(), second]);
        assert_eq!(left, [first]);
        let other = SchoolId::parse("0310053P").unwrap();
        let of_other = store.read(move |tx| calls::outcomes_of(tx, &other, call)).await.unwrap();
        assert!(of_other.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_call_stands_on_one_sheet_and_in_one_hand() {
    on_both(async |store| {
        let call: Id<Delivery> = Id::new(NOW);
        let by = |name: &str| CallTaken { by: Actor::CommandLine(name.to_owned()), until: NOW };
        let write = move |tx: &Tx<'_>| {
            calls::lock_desk(tx, &school())?;
            calls::give_to(tx, &school(), call, "Sylvie")?;
            calls::take(tx, &school(), call, &by("sylvie"))?;
            calls::give_to(tx, &school(), call, "Paul")?;
            calls::take(tx, &school(), call, &by("paul"))?;
            calls::leave_all(tx, &school(), &by("sylvie").by)?;
            let row = |tx: &Tx<'_>| {
                tx.query(
                    "SELECT caller, taken_by FROM calls WHERE school_id = $1",
                    &[school().as_str().into()],
                    |row| Ok((row.maybe_text(0)?, row.maybe_text(1)?)),
                )
            };
            let held = row(tx)?;
            calls::leave(tx, &school(), call)?;
            Ok((held, row(tx)?))
        };
        let (held, left) = store.write(write).await.unwrap();
        let paul = Some("Paul".to_owned());
        assert_eq!(held, [(paul.clone(), Some("cli:paul".to_owned()))]);
        assert_eq!(left, [(paul, None)]);
    })
    .await;
}
