//! A card is made once a message and program, and remembers who said what of it last.

use chappe::clock::Moment;
use chappe::id::Id;
use chappe::people::SchoolId;
use chappe::store::Tx;
use chappe::store::cards::{self, KeptCard, SaidDone};

use super::{on_both, school};

const NOW: Moment = Moment(1_796_000_000_000);

fn said(by: &str) -> SaidDone {
    SaidDone { at: NOW, by: by.to_owned() }
}

#[tokio::test]
async fn a_card_remembers_what_was_said_of_it_last_and_is_its_school_s_alone() {
    on_both(async |store| {
        let message = Id::new(NOW);
        let begin = move |tx: &Tx<'_>| {
            for provider in ["pronote", "directe", "pronote"] {
                cards::make(tx, &school(), message, provider, NOW)?;
            }
            cards::of_message(tx, &school(), message)
        };
        let made = store.write(begin).await.unwrap();
        let names: Vec<&str> = made.iter().map(|card| card.provider.as_str()).collect();
        assert_eq!(names, ["directe", "pronote"]);

        let card = made[1].clone();
        let write = move |tx: &Tx<'_>| {
            cards::assign(tx, &school(), &card, "Sylvie")?;
            cards::note(tx, &school(), &card, Some(&said("Luc")), None)?;
            let published = cards::of_message(tx, &school(), message)?;
            cards::note(tx, &school(), &card, None, Some(&said("Anne")))?;
            Ok((published, cards::newest(tx, &school(), 9)?))
        };
        let (published, newest) = store.write(write).await.unwrap();
        let expected = KeptCard {
            assigned_to: Some("Sylvie".to_owned()),
            published: Some(said("Luc")),
            ..made[1].clone()
        };
        assert_eq!(published, [made[0].clone(), expected.clone()]);
        let taken_back = KeptCard { published: None, taken_back: Some(said("Anne")), ..expected };
        assert_eq!(newest, [made[0].clone(), taken_back]);

        let other = SchoolId::parse("0310053P").unwrap();
        let of_other = store.read(move |tx| cards::newest(tx, &other, 9)).await.unwrap();
        assert!(of_other.is_empty());
    })
    .await;
}
