//! What came back in words: kept once, open until somebody settles it.

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::ReplyKind;
use chappe::id::Id;
use chappe::people::PersonKey;
use chappe::store::cards::SaidDone;
use chappe::store::replies::{self, AnsweredCopy, KeptReply, StandingReply};
use chappe::store::{Store, Tx};

use super::{on_both, school};

fn said(provider_ref: &str, at: i64) -> KeptReply {
    KeptReply {
        id: Id::new(Moment(at)),
        kind: ReplyKind::Reply,
        channel: Channel::Email,
        provider: "relay".to_owned(),
        provider_ref: provider_ref.to_owned(),
        answers: Some(AnsweredCopy { message: Id::new(Moment(1)), addressee: Id::new(Moment(2)) }),
        person: Some(PersonKey("siecle:2".to_owned())),
        sender: Some("autre@example.org".to_owned()),
        subject: Some("Re: fermeture".to_owned()),
        body: "Zoé sera absente".to_owned(),
        received_at: Moment(at),
    }
}

async fn keep(store: &Store, reply: KeptReply) -> bool {
    store.write(move |tx| replies::insert(tx, &school(), &reply)).await.unwrap()
}

async fn open(store: &Store) -> Vec<StandingReply> {
    store.read(|tx| replies::open(tx, &school())).await.unwrap()
}

#[tokio::test]
async fn the_same_word_is_kept_once_and_each_has_a_number_of_its_own() {
    on_both(async |store| {
        let (late, early) = (said("b", 20), said("a", 10));
        assert!(keep(&store, late.clone()).await && keep(&store, early).await);
        assert!(!keep(&store, late.clone()).await, "the provider brings it again");
        let found = open(&store).await;
        let order: Vec<_> = found.iter().map(|it| (it.number, it.reply.received_at)).collect();
        assert_eq!(order, [(2, Moment(10)), (1, Moment(20))], "oldest first");
        let kept = &found[1].reply;
        assert_eq!((kept.id, kept.kind, kept.channel), (late.id, late.kind, late.channel));
        assert_eq!((kept.answers, &kept.person), (late.answers, &late.person));
        assert_eq!((&kept.sender, &kept.subject), (&late.sender, &late.subject));
    })
    .await;
}

#[tokio::test]
async fn a_word_leaves_the_list_once_somebody_settles_it_and_can_come_back() {
    on_both(async |store| {
        assert!(keep(&store, said("a", 10)).await);
        let settle = async |done: Option<&'static str>| {
            let said = SaidDone { at: Moment(30), by: "Mme MARTIN".to_owned() };
            let write = move |tx: &Tx<'_>| {
                replies::assign(tx, &school(), 1, Some("M. LE GALL"))?;
                replies::settle(tx, &school(), 1, done.map(|how| (&said, how)))
            };
            store.write(write).await.unwrap()
        };
        assert!(settle(Some("rappelée")).await);
        assert!(!settle(Some("autrement")).await, "somebody did before");
        assert!(open(&store).await.is_empty());
        let found = store.read(|tx| replies::numbered(tx, &school(), 1)).await.unwrap().unwrap();
        let (by, how) = found.settled.unwrap();
        assert_eq!((by.at, by.by.as_str(), how.as_str()), (Moment(30), "Mme MARTIN", "rappelée"));
        assert_eq!(found.assigned_to.as_deref(), Some("M. LE GALL"));
        assert!(settle(None).await && !settle(None).await);
        assert_eq!(open(&store).await.len(), 1);
    })
    .await;
}
