//! Promise 5: not into logs, not from one parent to the other, not to a stranger.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chappe::audience::{Roll, find};
use chappe::channel::Channel;
use chappe::delivery::Envelope;
use chappe::demo::ent::Weather;
use chappe::people::{ContactPoint, Person, PostalAddress};
use chappe::phone_number::PhoneNumber;
use chappe::store::replies;
use tracing::Dispatch;
use tracing_subscriber::EnvFilter;

use super::people::{People, Way};
use super::scene::{FAMILLE, Scene, is_settled};
use crate::commands::office::{Answer, answer, command_in};

// ---- logs --------------------------------------------------------------------------------------

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// People with every way, with names that no log would hold by chance.
fn everybody() -> People {
    let mut people = People::none();
    let ways = |account, email, mobile, home| {
        [account, Way::Email(email), Way::Mobile(mobile), Way::Home(home)]
    };
    let anne = ways(Way::Account, "anne.qx@example.org", "06 39 98 10 01", "1 RUE QXA");
    let bela = ways(Way::UnopenedAccount, "bela.qx@example.org", "06 39 98 10 02", "2 RUE QXB");
    let cleo = [Way::UnopenedAccount, Way::Mobile("06 39 98 10 03"), Way::Home("3 RUE QXC")];
    people.family("Anne QXALPHA", &anne);
    people.family("Bela QXBETA", &bela);
    people.family("Cleo QXGAMMA", &cleo);
    people.failing = vec!["+33639981003".to_owned()];
    people.replies = vec![("+33639981002".to_owned(), "STOP de QXBETA".to_owned())];
    people
}

/// What must not be found, of a person and of those who bear the same name.
fn secrets(person: &Person) -> Vec<String> {
    let mut secrets = vec![person.family_name.clone()];
    secrets.extend(person.postal_address.iter().flat_map(|post| post.lines.clone()));
    for point in person.contact_points.iter().filter(|it| it.channel() != Channel::Ent) {
        secrets.push(point.value().trim_start_matches("+33").to_owned());
    }
    secrets
}

#[track_caller]
fn assert_holds_none(what: &str, text: &str, persons: &[Person]) {
    let text = text.to_lowercase();
    for secret in persons.iter().flat_map(secrets) {
        assert!(!text.contains(&secret.to_lowercase()), "{secret} stands in {what}:\n{text}");
    }
}

#[tokio::test]
async fn the_log_of_a_bad_day_holds_no_personal_data() {
    let log = Buffer::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace"))
        .with_writer(move || writer.clone())
        .finish();
    let dispatch = Dispatch::new(subscriber);
    // While there is one subscriber alone, whichever thread comes to a line first decides for all
    // whether it is logged: other tests would silence this one's log.
    let _second = Dispatch::new(tracing_subscriber::registry());
    // One thread runs this test with all its tasks.
    let _guard = tracing::dispatcher::set_default(&dispatch);

    let people = everybody();
    let persons = people.reading.persons.clone();
    let settings = [("PROVIDERS__ENT__EDIFICE__ANSWER_LIMIT", "300ms")];
    let scene = Scene::set_with(people, FAMILLE, &settings).await;
    scene.mailbox.refuse("bela.qx@example.org");
    let daemon = scene.start().await;
    for weather in [Weather::Quota509, Weather::HtmlPage, Weather::SilentOnceTaken, Weather::Fine] {
        scene.ent.set_weather(weather);
        let message = scene.launch().await;
        if weather == Weather::Fine {
            scene.later(&message, is_settled).await;
            continue;
        }
        scene.later(&message, |_| log.text().contains("The breaker changed.")).await;
        scene.pass(super::scene::PATIENCE);
        scene.later(&message, |status| status.addressees.reached >= 1).await;
    }
    daemon.stop().await;
    assert_holds_none("the log", &log.text(), &persons);

    let details: Vec<String> = scene
        .app
        .store()
        .read(|tx| {
            tx.query("SELECT outcome || ': ' || detail FROM attempts", &[], |row| row.text(0))
        })
        .await
        .unwrap();
    assert!(details.iter().any(|it| it.contains("550")), "{details:#?}");
    assert_holds_none("the history of attempts", &details.join("\n"), &persons);
}

/// What the fictional school of a demo would not like to find in a log: as it stands there, and whether as whole
/// words alone, since a first name may be a part of any word.
struct Private {
    words: HashSet<String>,
    parts: HashSet<String>,
}

impl Private {
    /// Everybody whom the demo in this folder knows, every way to reach them, and every secret.
    fn of_demo(folder: &Path) -> Self {
        let mut private = Self { words: HashSet::new(), parts: HashSet::new() };
        let database = rusqlite::Connection::open(folder.join("chappe.sqlite3")).unwrap();
        let all = |sql: &str| -> Vec<String> {
            let mut query = database.prepare(sql).unwrap();
            let rows = query.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let names = "SELECT first_name FROM persons UNION SELECT first_name FROM pupils \
                     UNION SELECT family_name FROM persons UNION SELECT family_name FROM pupils \
                     UNION SELECT usage_name FROM persons WHERE usage_name IS NOT NULL \
                     UNION SELECT usage_name FROM pupils WHERE usage_name IS NOT NULL";
        for name in all(names) {
            // "DE LA" is in many names, and in many sentences.
            let telling = |word: &&str| word.chars().count() > 2;
            private.words.extend(words(&name).filter(telling).map(str::to_lowercase));
            private.parts.extend(Some(name.to_lowercase()).filter(|name| name.contains(' ')));
        }
        for way in all("SELECT value FROM contact_points WHERE channel <> 'ent'") {
            private.parts.insert(way.trim_start_matches("+33").to_lowercase());
        }
        for address in all("SELECT postal_address FROM persons WHERE postal_address IS NOT NULL") {
            let address: PostalAddress = serde_json::from_str(&address).unwrap();
            private.parts.extend(address.lines.iter().map(|line| line.to_lowercase()));
        }
        for secret in std::fs::read_dir(folder.join("secrets")).unwrap() {
            let secret = std::fs::read_to_string(secret.unwrap().path()).unwrap();
            private.parts.insert(secret.to_lowercase());
        }
        private
    }

    fn hits(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        let said: HashSet<String> = words(&text).map(str::to_owned).collect();
        let parts = self.parts.iter().filter(|part| text.contains(*part));
        self.words.intersection(&said).chain(parts).cloned().collect()
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[test]
fn the_whole_demo_at_its_most_talkative_logs_nobody_and_no_secret() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut demo = command_in(folder.path(), ["demo", "--exit", "--json", "--folder", "show"]);
    let Answer { code, err: log, .. } = answer(demo.env("CHAPPE_LOG", "trace"));
    assert_eq!(code, Some(0), "{log}");
    let theirs = log.lines().filter(|line| line.contains("TRACE")).count();
    assert!(theirs > 300 && log.contains("The breaker changed."), "it says little:\n{log}");
    let private = Private::of_demo(&folder.path().join("show"));
    assert!(private.words.len() > 150 && private.parts.len() > 1_000);
    let hits = private.hits(&log);
    assert!(hits.is_empty(), "in the log: {hits:?}");
    // It would find them: in the e-mails together, since a copy for a mailbox that a family shares names nobody.
    let mails = std::fs::read_dir(folder.path().join("show/Maildir/new")).unwrap();
    let mails: String =
        mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap()).collect();
    assert!(private.hits(&mails).len() > 50, "{:?}", private.hits(&mails));
}

#[tokio::test]
async fn what_holds_personal_data_does_not_show_it() {
    let people = everybody();
    let persons = people.reading.persons.clone();
    let incoming = format!("{:?}", people.reading);
    let scene = Scene::set(people, FAMILLE).await;
    let message = scene.launch().await;
    let roll = Roll::load(scene.app.store(), scene.app.queue.school()).await.unwrap();
    let (store, school) = (scene.app.store(), scene.app.queue.school());
    let families = "familles".parse().unwrap();
    let selection = find(store, school, &families, scene.app.today()).await.unwrap();
    let claimed = scene.waiting(Channel::Ent, 9).await;
    let recipient = &claimed[0].recipient;
    let points: Vec<ContactPoint> = [Channel::Email, Channel::Sms]
        .iter()
        .filter_map(|it| recipient.contact_point(*it))
        .collect();
    let prepared = scene.app.renderer.prepared(&message).unwrap();
    let letter = prepared.letter(recipient, "7K4M-02QB").unwrap();
    let shown = [
        ("the import", incoming),
        ("the roll", format!("{roll:?}")),
        ("the selection", format!("{selection:?}")),
        ("what is in hand", format!("{claimed:?}")),
        ("the contact points", format!("{points:?}")),
        ("the message", format!("{message:?} {prepared:?} {letter:?}")),
        ("the status", format!("{:?}", scene.status(&message).await)),
    ];
    for (what, text) in &shown {
        assert!(text.len() > 10, "{what} shows nothing at all");
        assert_holds_none(what, text, &persons);
    }
}

// ---- between families --------------------------------------------------------------------------

/// Everything that was sent to an address or a number, headers included.
fn sent_to(scene: &Scene, address: &str) -> Vec<String> {
    let mails = scene.mails().into_iter();
    let mut sent: Vec<String> = mails.filter(|it| it.contains(&format!("<{address}>"))).collect();
    let sms = scene.sms.messages().into_iter().filter(|it| it.receiver == address);
    sent.extend(sms.map(|it| it.job.to_string()));
    let ent = scene.ent.messages().into_iter().filter(|it| it.to.iter().any(|to| to == address));
    sent.extend(ent.map(|it| format!("{} {}", it.subject, it.body)));
    sent
}

#[tokio::test]
async fn nothing_that_one_separated_parent_gets_tells_of_the_other() {
    let mut people = People::none();
    let anne = people.guardian(
        "Anne QXALPHA",
        &[
            Way::Account,
            Way::Email("anne.qx@example.org"),
            Way::Mobile("06 39 98 10 01"),
            Way::Home("1 RUE QXA"),
        ],
    );
    let bela = people.guardian(
        "Bela QXBETA",
        &[
            Way::Account,
            Way::Email("bela.qx@example.org"),
            Way::Mobile("06 39 98 10 02"),
            Way::Home("2 RUE QXB"),
        ],
    );
    people.pupil("Zoe DURAND", "6A", &[&anne, &bela]);
    let of_anne = people.person(&anne).clone();
    let of_bela = people.person(&bela).clone();
    let plan = "[{ channels = [\"ent\", \"email\", \"sms\", \"letter\"], patience = \"1h\" }]";
    let scene = Scene::set(people, plan).await;
    let daemon = scene.start().await;
    let message = scene.launch().await;
    let sent = |status: &chappe::queue::Status| {
        let counts =
            [Channel::Ent, Channel::Email, Channel::Sms].map(|it| status.channels[&it].sent);
        counts == [2, 2, 2]
    };
    scene.until(&message, sent).await;
    daemon.stop().await;
    for (addresses, other) in [
        (["ent-1", "anne.qx@example.org", "+33639981001"], &of_bela),
        (["ent-2", "bela.qx@example.org", "+33639981002"], &of_anne),
    ] {
        for address in addresses {
            let sent = sent_to(&scene, address);
            assert_eq!(sent.len(), 1, "one copy to {address}");
            assert_holds_none("a copy", &sent[0], std::slice::from_ref(other));
        }
    }
    let batch = scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
    let letters = scene.app.queue.letters().of(&batch).await.unwrap();
    let at_home: Vec<usize> = letters.iter().map(|letter| letter.recipients.len()).collect();
    assert_eq!(at_home, [1, 1], "a letter each: no envelope bears both names");
}

#[tokio::test]
async fn strangers_with_the_same_number_get_a_message_each_about_their_own_child() {
    let mut people = People::none();
    let phone = [Way::Mobile("06 39 98 10 01"), Way::Email("loge@example.org")];
    people.family("Anne QXALPHA", &phone);
    people.family("Bela QXBETA", &phone);
    let plan = "[{ channels = [\"sms\", \"email\"], patience = \"1h\" }]";
    let scene = Scene::set(people, plan).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, |status| status.channels[&Channel::Sms].sent == 2).await;
    scene.until(&message, |status| status.channels[&Channel::Email].sent == 2).await;
    assert_eq!(scene.sms.messages().len(), 2);
    let mails = scene.mails();
    let about = |name: &str| mails.iter().filter(|mail| mail.contains(name)).count();
    assert_eq!((mails.len(), about("Zoe QXALPHA"), about("Zoe QXBETA")), (2, 1, 1));
}

#[tokio::test]
async fn what_a_family_of_another_school_on_the_account_answers_is_not_kept() {
    let mut people = People::none();
    people.family("Anne QXALPHA", &[Way::Mobile("06 39 98 10 01")]);
    people.replies = vec![
        ("+33639981001".to_owned(), "Bien recu".to_owned()),
        ("+33639987777".to_owned(), "STOP".to_owned()),
    ];
    let plan = "[{ channels = [\"sms\"], patience = \"1h\" }]";
    let scene = Scene::set(people, plan).await;
    let (store, school) = (scene.app.store(), scene.app.queue.school());
    let account = scene.provider(Channel::Sms);
    // One is ours, the other is a family of the school with whom we share the account.
    for number in ["+33639981001", "+33639987777"] {
        let to = ContactPoint::Sms(PhoneNumber::from_e164(number).unwrap());
        account.send(&Envelope { to, ..crate::scripted::an_sms("Bonjour") }).await.unwrap();
    }
    scene.launch().await;
    scene.pass(Duration::from_secs(2));
    let fetch = async || {
        let heard = scene.listen_once(account.as_ref()).await;
        let id = school.clone();
        let kept = store.read(move |tx| replies::newest(tx, &id, 10)).await.unwrap();
        (heard, kept.into_iter().map(|it| it.reply.body).collect::<Vec<_>>())
    };
    assert_eq!(fetch().await, (2, vec!["Bien recu".to_owned()]));
    assert_eq!(fetch().await, (0, vec!["Bien recu".to_owned()]), "both were seen to");
    // Whom the directory forgot was written to all the same.
    let forget = "DELETE FROM contact_points";
    store.write(move |tx| tx.touched(forget, &[])).await.unwrap();
    store.write(move |tx| tx.touched("DELETE FROM replies", &[])).await.unwrap();
    let again = scene.provider(Channel::Sms);
    assert_eq!(scene.listen_once(again.as_ref()).await, 2);
    let id = school.clone();
    assert_eq!(store.read(move |tx| replies::newest(tx, &id, 10)).await.unwrap().len(), 1);
}
