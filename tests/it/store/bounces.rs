//! What comes back by e-mail: a bounce counts once, an attachment comes back as it was, a seal is a school's own.

use std::sync::Arc;
use std::time::Duration;

use chappe::clock::Moment;
use chappe::email_address::EmailAddress;
use chappe::id::Id;
use chappe::mail::{Attachment, BounceCause};
use chappe::people::{ContactPoint, ContactState, PersonKey, SchoolId, Source};
use chappe::store::bounces::{self, Bounce};
use chappe::store::contact_points::{self, Given};
use chappe::store::{Store, Tx, attachments, seal_keys};

use super::{on_both, school};

const NOW: Moment = Moment(1_796_000_000_000);
const DAY: Duration = Duration::from_hours(24);

fn address() -> EmailAddress {
    EmailAddress::parse("ines.durand@example.org").unwrap()
}

async fn note(
    store: &Store,
    provider_ref: &'static str,
    cause: BounceCause,
    noted_at: Moment,
) -> bool {
    let note = move |tx: &Tx<'_>| {
        let address = address();
        let bounce = Bounce { provider: "relay", provider_ref, address: &address, cause, noted_at };
        bounces::insert(tx, &school(), &bounce)
    };
    store.write(note).await.unwrap()
}

async fn count(store: &Store, of: SchoolId) -> usize {
    let count = move |tx: &Tx<'_>| bounces::count_since(tx, &of, &address(), NOW - DAY);
    store.read(count).await.unwrap()
}

#[tokio::test]
async fn a_bounce_counts_once_lately_and_for_the_recipient_s_sake_alone() {
    on_both(async |store| {
        assert!(note(&store, "a", BounceCause::Recipient, NOW).await);
        assert!(!note(&store, "a", BounceCause::Recipient, NOW).await, "it is brought again");
        assert!(note(&store, "b", BounceCause::Sender, NOW).await);
        assert!(note(&store, "c", BounceCause::Recipient, NOW - DAY - DAY).await);
        assert_eq!(count(&store, school()).await, 1);
        assert_eq!(count(&store, SchoolId::parse("0310053P").unwrap()).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_way_that_is_worse_off_does_not_become_failing() {
    on_both(async |store| {
        let point = ContactPoint::Email(address());
        let in_turn = move |tx: &Tx<'_>| {
            let person = PersonKey("siecle:1".to_owned());
            let given = Given { rank: 0, source: Source::Siecle, typed: None };
            contact_points::put(tx, &school(), &person, &point, &given, NOW)?;
            let mut states = Vec::new();
            for before in [ContactState::Working, ContactState::Dead, ContactState::OptedOut] {
                contact_points::set_state(tx, &school(), &point, before, NOW)?;
                contact_points::note_failing(tx, &school(), &point, NOW)?;
                let state = tx.query_one(
                    "SELECT state FROM contact_points WHERE school_id = $1",
                    &[school().as_str().into()],
                    |row| row.word(0, ContactState::from_word),
                )?;
                states.extend(state);
            }
            Ok(states)
        };
        let states = store.write(in_turn).await.unwrap();
        assert_eq!(states, [ContactState::Failing, ContactState::Dead, ContactState::OptedOut]);
    })
    .await;
}

#[tokio::test]
async fn an_attachment_comes_back_as_it_was_and_of_one_too_large_the_name() {
    on_both(async |store| {
        let reply = Id::new(NOW);
        let content: Option<Arc<[u8]>> = Some([0, 159, 146, 150, 0].as_slice().into());
        let attached = [
            Attachment { name: "a.pdf".to_owned(), octets: 5, content: content.clone() },
            Attachment { name: "b.mp4".to_owned(), octets: 50_000_000, content: None },
        ];
        let keep = move |tx: &Tx<'_>| attachments::insert(tx, &school(), reply, &attached);
        store.write(keep).await.unwrap();
        let read = move |tx: &Tx<'_>| {
            let all = attachments::of_reply(tx, &school(), reply)?;
            let contents: Result<Vec<_>, _> =
                (1..=3).map(|number| attachments::content(tx, &school(), reply, number)).collect();
            Ok((all, contents?))
        };
        let (all, contents) = store.read(read).await.unwrap();
        let told: Vec<_> = all.iter().map(|it| (it.number, it.octets, it.is_kept)).collect();
        assert_eq!(told, [(1, 5, true), (2, 50_000_000, false)]);
        assert_eq!(contents, [content.map(|it| it.to_vec()), None, None]);
    })
    .await;
}

#[tokio::test]
async fn the_first_seal_of_a_school_stays_its_seal() {
    on_both(async |store| {
        let put = |of: SchoolId, key: &'static str| {
            store.write(move |tx| {
                seal_keys::put(tx, &of, key)?;
                seal_keys::of(tx, &of)
            })
        };
        let other = SchoolId::parse("0310053P").unwrap();
        assert_eq!(put(school(), "aa").await.unwrap().as_deref(), Some("aa"));
        assert_eq!(put(school(), "bb").await.unwrap().as_deref(), Some("aa"));
        assert_eq!(put(other, "cc").await.unwrap().as_deref(), Some("cc"));
    })
    .await;
}
