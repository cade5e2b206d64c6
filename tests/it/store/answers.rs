//! What was answered: every word is kept, and the last one holds.

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::id::Id;
use chappe::message::AnswerChoice;
use chappe::people::{Actor, PersonKey, SchoolId};
use chappe::store::Tx;
use chappe::store::answers::{self, GivenAnswer};

use super::{on_both, school};

#[tokio::test]
async fn the_last_word_holds_every_word_is_kept_and_another_school_sees_none() {
    on_both(async |store| {
        let (message, addressee, other) =
            (Id::new(Moment(1)), Id::new(Moment(2)), Id::new(Moment(3)));
        let given = |answer, at, typed_by| GivenAnswer {
            answer,
            channel: Channel::Sms,
            at: Moment(at),
            typed_by,
            call: None,
        };
        let typed = Some(Actor::CommandLine("sylvie".to_owned()));
        // The clock is put back between the two.
        let words = [given(AnswerChoice::Yes, 20, None), given(AnswerChoice::No, 10, typed)];
        let late = given(AnswerChoice::Four, 15, None);
        let (kept, first, of_other) = (words.clone(), late.clone(), late.clone());
        let write = move |tx: &Tx<'_>| {
            answers::insert(tx, &school(), (message, other), &of_other)?;
            kept.iter()
                .try_for_each(|word| answers::insert(tx, &school(), (message, addressee), word))
        };
        store.write(write).await.unwrap();
        let elsewhere = SchoolId::parse("0310053P").unwrap();
        let read = move |tx: &Tx<'_>| {
            let of = (message, addressee);
            Ok((
                answers::of_addressee(tx, &school(), of)?,
                answers::that_hold(tx, &school(), message)?,
                answers::of_addressee(tx, &elsewhere, of)?,
                answers::that_hold(tx, &elsewhere, message)?,
            ))
        };
        let (history, hold, none, neither) = store.read(read).await.unwrap();
        let said = |it: &GivenAnswer| (it.answer, it.typed_by.clone());
        assert_eq!(history.iter().map(said).collect::<Vec<_>>(), words.map(|it| said(&it)));
        assert_eq!(hold.get(&addressee).map(|it| it.answer), Some(AnswerChoice::No));
        assert_eq!(hold.get(&other), Some(&first));
        assert!(none.is_empty() && neither.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_answer_of_a_call_goes_with_what_was_said_of_it_and_no_other_school_takes_it_away() {
    on_both(async |store| {
        let of = (Id::new(Moment(1)), Id::new(Moment(2)));
        let (call, other) = (Id::new(Moment(3)), Id::new(Moment(4)));
        let given = |answer, at, call| GivenAnswer {
            answer,
            channel: Channel::Phone,
            at: Moment(at),
            typed_by: Some(Actor::Program),
            call,
        };
        let before = given(AnswerChoice::No, 10, None);
        let said = given(AnswerChoice::Yes, 20, Some(call));
        let (kept, in_call) = (before.clone(), said.clone());
        let write = move |tx: &Tx<'_>| {
            answers::insert(tx, &school(), of, &kept)?;
            answers::insert(tx, &school(), of, &in_call)?;
            answers::forget(tx, &SchoolId::parse("0310053P").unwrap(), call)?;
            answers::forget(tx, &school(), other)?;
            let held = answers::of_addressee(tx, &school(), of)?;
            answers::forget(tx, &school(), call)?;
            Ok((held, answers::of_addressee(tx, &school(), of)?))
        };
        let (held, left) = store.write(write).await.unwrap();
        assert_eq!(held, [before.clone(), said]);
        assert_eq!(left, [before]);
    })
    .await;
}

#[tokio::test]
async fn whom_nothing_was_sent_nobody_asked() {
    on_both(async |store| {
        let (message, person) = (Id::new(Moment(1)), PersonKey("siecle:1".to_owned()));
        let read = move |tx: &Tx<'_>| {
            let on = (Channel::Sms, Moment(0));
            Ok((
                answers::asked(tx, &school(), message)?.len(),
                answers::by_copy(tx, &school(), message)?.len(),
                answers::asked_on(tx, &school(), &person, on)?.len(),
                answers::addressees_of(tx, &school(), message, &person)?.len(),
            ))
        };
        assert_eq!(store.read(read).await.unwrap(), (0, 0, 0, 0));
    })
    .await;
}
