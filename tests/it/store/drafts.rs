//! A draft is saved over the version that was read, ends once, and says nothing afterwards.

use chappe::clock::Moment;
use chappe::message::{Code, Draft, DraftVersion, Fields, Follows, Override, Urgency};
use chappe::people::{Actor, By};
use chappe::store::drafts::{self, Fate, KeptDraft};
use chappe::store::{Store, Tx};

use super::{on_both, school};

const NOW: Moment = Moment(1_796_000_000_000);

fn by(name: &str) -> By {
    By { actor: Actor::CommandLine(name.to_owned()), at: NOW }
}

fn draft(subject: &str) -> Draft {
    Draft {
        template: "annonce".to_owned(),
        fields: Fields::from([("objet".to_owned(), subject.to_owned())]),
        audience: "familles classe:6A".to_owned(),
        plan: "famille".to_owned(),
        urgency: Some(Urgency::Reply),
        plain_sms: true,
        question: None,
        starts_at: Some(Moment(1_795_900_000_000)),
        expires_at: Some(NOW),
        passes_hours: Some(Override { by: "La CPE".to_owned(), reason: "Neige".to_owned() }),
        follows: Some(Follows::Corrects {
            message: Code::from_stored("9Z2X".to_owned()),
            what: Some("l’heure change".to_owned()),
        }),
    }
}

const fn at(number: u32, version: u32) -> DraftVersion {
    DraftVersion { number, version }
}

async fn write<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Tx<'_>) -> Result<T, chappe::store::StoreError> + Send + 'static,
) -> T {
    store.write(work).await.unwrap()
}

async fn kept(store: &Store, number: u32) -> Option<KeptDraft> {
    store.read(move |tx| drafts::by_number(tx, &school(), number)).await.unwrap()
}

#[tokio::test]
async fn a_draft_comes_back_as_it_was_saved_and_is_saved_over_what_was_read_alone() {
    on_both(async |store| {
        let insert = |tx: &Tx<'_>| drafts::insert(tx, &school(), &draft("Le cross"), &by("anne"));
        assert_eq!(write(&store, insert).await, at(1, 1));
        assert_eq!(write(&store, insert).await, at(2, 1));
        let replace = |tx: &Tx<'_>| {
            drafts::replace(tx, &school(), at(1, 1), &draft("Le cross du 4"), &by("luc"))
        };
        assert!(write(&store, replace).await);
        assert!(!write(&store, replace).await, "it was saved since");
        let expected = KeptDraft {
            at: at(1, 2),
            written: by("anne"),
            changed: by("luc"),
            fate: Fate::Kept(Box::new(draft("Le cross du 4"))),
        };
        assert_eq!(kept(&store, 1).await, Some(expected));
        let numbers = store.read(|tx| drafts::kept(tx, &school())).await.unwrap();
        assert_eq!(numbers.iter().map(|draft| draft.at.number).collect::<Vec<_>>(), [2, 1]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_ends_once_and_nothing_of_what_it_said_is_kept() {
    on_both(async |store| {
        let code = Code::from_stored("7K4M".to_owned());
        let insert = |tx: &Tx<'_>| drafts::insert(tx, &school(), &draft("Le cross"), &by("anne"));
        write(&store, insert).await;
        write(&store, insert).await;
        let launched = code.clone();
        let launch =
            move |tx: &Tx<'_>| drafts::end(tx, &school(), at(1, 1), Some(&launched), &by("luc"));
        assert!(write(&store, launch.clone()).await && !write(&store, launch).await);
        let discard = |tx: &Tx<'_>| drafts::end(tx, &school(), at(2, 1), None, &by("luc"));
        assert!(write(&store, discard).await && !write(&store, discard).await);
        let replace =
            |tx: &Tx<'_>| drafts::replace(tx, &school(), at(2, 1), &draft("x"), &by("anne"));
        assert!(!write(&store, replace).await, "a draft that is gone came back");
        assert_eq!(kept(&store, 1).await.unwrap().fate, Fate::Launched(code));
        assert_eq!(kept(&store, 2).await.unwrap().fate, Fate::Discarded);
        assert_eq!(kept(&store, 3).await, None);
        let said = "SELECT COUNT(*) FROM drafts WHERE school_id = $1 AND (fields IS NOT NULL \
                    OR template <> '' OR audience <> '' OR override_by IS NOT NULL OR follows IS NOT NULL)";
        let said =
            store.read(move |tx| tx.query_one(said, &[school().as_str().into()], |row| row.int(0)));
        assert_eq!(said.await.unwrap(), Some(0));
    })
    .await;
}
