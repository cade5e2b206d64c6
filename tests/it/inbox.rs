//! What is pushed to the door: durable before it is answered, taken once, and from nobody but the provider.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent};
use chappe::delivery::{Receipt, Verdict};
use chappe::http::{self, Hooks};
use chappe::message::{Message, Proof};
use chappe::people::{ContactPoint, PersonKey};
use chappe::phone_number::PhoneNumber;
use chappe::providers::{Inbox, Word};
use chappe::queue::Outcome;
use chappe::stop::{self, Stopper};
use chappe::store::{Tx, contact_points, replies};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::promises::people::{People, Way};
use crate::promises::scene::Scene;
use crate::providers::pushing::{Pushing, SECRET};

const SMS: &str = "[{ channels = [\"sms\"], enough = \"delivered\", patience = \"1h\" }]";
const NUMBER: &str = "+33639980001";
const STOP: &str = "[{\"id\":\"1\",\"from\":\"+33639980001\",\"text\":\"Stop svp\"}]";

/// A school of so many families with a mobile each, and a door to which their service pushes.
struct School {
    scene: Scene,
    families: Vec<PersonKey>,
    address: SocketAddr,
    _stopper: Stopper,
}

impl School {
    async fn of(families: usize) -> Self {
        let mut people = People::none();
        let families = (1..=families).map(|number| {
            let mobile = format!("06 39 98 00 {number:02}");
            people.family(&format!("Alix DURAND{number}"), &[Way::Mobile(mobile.leak())])
        });
        let families = families.collect();
        let scene = Scene::set(people, SMS).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inbox = Arc::new(scene.inbox(&Pushing));
        let hooks = Hooks::default();
        hooks.add(Arc::new(Pushing), inbox.clone());
        hooks.add(scene.provider(Channel::Ent), inbox);
        let (stopper, stop) = stop::channel();
        tokio::spawn(http::serve(listener, None, hooks.routes(), None, stop));
        Self { scene, families, address, _stopper: stopper }
    }

    /// What the door answers to a body that the service pushes.
    async fn push(&self, body: &str) -> String {
        self.post("sms", SECRET, body).await
    }

    async fn post(&self, provider: &str, secret: &str, body: &str) -> String {
        let head = format!(
            "POST /hooks/{provider} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Secret: {secret}\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        ask(self.address, &format!("{head}{body}")).await
    }

    async fn replies(&self) -> usize {
        let school = self.scene.app.queue.school().clone();
        let read = move |tx: &Tx<'_>| replies::newest(tx, &school, 10);
        self.scene.app.store().read(read).await.unwrap().len()
    }

    async fn is_stopped(&self) -> bool {
        let school = self.scene.app.queue.school().clone();
        let number = ContactPoint::Sms(PhoneNumber::from_e164(NUMBER).unwrap());
        let look = move |tx: &Tx<'_>| contact_points::is_opted_out(tx, &school, &number);
        self.scene.app.store().read(look).await.unwrap()
    }

    async fn state(&self, message: &Message, family: usize) -> AddresseeState {
        self.scene.states(message).await[&self.families[family]]
    }

    /// The service answers our call, and gives the message this id.
    async fn accept(&self, begun: &chappe::queue::Claimed, id: &str) {
        let event = DeliveryEvent::Accepted { look_at: None };
        let provider_ref = Some(id.to_owned());
        let outcome = Outcome { provider_ref, ..Outcome::of(begun.due, event) };
        self.scene.app.queue.settle(vec![outcome], self.scene.clock.now()).await.unwrap();
    }
}

async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It need not be read to its end.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn is(answer: &str, status: u16) -> bool {
    answer.starts_with(&format!("HTTP/1.1 {status} "))
}

#[tokio::test]
async fn a_stop_that_is_pushed_holds_once_it_is_answered_and_is_taken_once() {
    let school = School::of(1).await;
    for _ in 0..2 {
        let answer = school.push(STOP).await;
        assert!(is(&answer, 200), "{answer}");
        assert_eq!(school.replies().await, 1);
        assert!(school.is_stopped().await);
    }
}

#[tokio::test]
async fn nobody_but_the_provider_is_believed_and_no_answer_repeats_what_was_said() {
    let school = School::of(1).await;
    let nonsense = STOP.replace("from", "Valclair");
    for (provider, secret, body, status) in [
        ("sms", "s3cr3T", STOP, 401),
        ("sms", "", STOP, 401),
        ("sms", SECRET, "<p>Valclair", 400),
        ("sms", SECRET, &nonsense, 400),
        ("ent", SECRET, STOP, 404),
        ("nobody", SECRET, STOP, 404),
        ("sms/Valclair", SECRET, STOP, 404),
    ] {
        let answer = school.post(provider, secret, body).await;
        assert!(is(&answer, status), "{provider} {body}: {answer}");
        for word in ["Stop", "Valclair", NUMBER, SECRET] {
            assert!(!answer.contains(word), "{answer}");
        }
    }
    assert_eq!(school.replies().await, 0);
}

#[tokio::test]
async fn what_cannot_be_kept_is_asked_for_again() {
    let school = School::of(1).await;
    let sql = async |sql: &'static str| {
        school.scene.app.store().write(move |tx| tx.touched(sql, &[])).await.unwrap();
    };
    sql("ALTER TABLE replies RENAME TO lost").await;
    assert!(is(&school.push(STOP).await, 503));
    sql("ALTER TABLE lost RENAME TO replies").await;
    assert_eq!(school.replies().await, 0);
    assert!(is(&school.push(STOP).await, 200));
    assert_eq!(school.replies().await, 1);
}

#[tokio::test]
async fn a_receipt_that_overtakes_the_answer_to_its_call_is_not_lost() {
    let school = School::of(2).await;
    let message = school.scene.launch().await;
    let begun = school.scene.begin(Channel::Sms, 9).await;
    let (early, delivered) =
        ("[{\"id\":\"77\",\"status\":\"delivered\"}]", AddresseeState::Reached);
    assert!(is(&school.push(early).await, 503), "it may be about one of the two");
    let first = begun.iter().position(|it| it.recipient.person == school.families[0]).unwrap();
    school.accept(&begun[first], "77").await;
    assert!(is(&school.push(early).await, 200));
    assert_eq!(school.state(&message, 0).await, delivered);
    school.accept(&begun[1 - first], "78").await;
    let another_s = "[{\"id\":\"1001\",\"status\":\"delivered\"}]";
    assert!(is(&school.push(another_s).await, 200), "nothing is being sent: it is nobody's");
    assert_eq!(school.state(&message, 1).await, AddresseeState::Waiting);
}

#[tokio::test]
async fn a_receipt_by_our_reference_tells_what_became_of_a_call_without_answer() {
    let school = School::of(2).await;
    let message = school.scene.launch().await;
    for begun in school.scene.begin(Channel::Sms, 9).await {
        let event = DeliveryEvent::UnknownAwait;
        let outcome = Outcome::of(begun.due, event);
        school.scene.app.queue.settle(vec![outcome], school.scene.clock.now()).await.unwrap();
        if begun.recipient.person == school.families[0] {
            let body = format!("[{{\"ref\":\"{}\",\"status\":\"delivered\"}}]", begun.reference());
            assert!(is(&school.push(&body).await, 200));
        }
    }
    assert!(is(&school.push("[{\"ref\":\"7K4M-02QB\",\"status\":\"failed\"}]").await, 200));
    assert_eq!(school.state(&message, 0).await, AddresseeState::Reached);
    assert_eq!(school.state(&message, 1).await, AddresseeState::Waiting);
}

#[tokio::test]
async fn a_word_about_a_spoilt_row_keeps_no_other_out() {
    let school = School::of(3).await;
    let message = school.scene.launch().await;
    let mut words = Vec::new();
    for (at, begun) in school.scene.begin(Channel::Sms, 9).await.iter().enumerate() {
        school.accept(begun, &at.to_string()).await;
        words.push(Word::Receipt(Receipt::by_them(
            at.to_string(),
            Verdict::Proven(Proof::Delivered),
        )));
    }
    let spoil = "UPDATE deliveries SET state = 'lost' WHERE provider_ref = '1'";
    school.scene.app.store().write(move |tx| tx.touched(spoil, &[])).await.unwrap();
    let not_kept = school.scene.inbox(&Pushing).take(words.clone()).await.unwrap_err();
    assert_eq!(not_kept.words, words[1..2]);
    let reached = AddresseeState::Reached;
    let states = school.scene.states(&message).await;
    assert_eq!(states.values().filter(|state| **state == reached).count(), 2);
    assert!(!not_kept.reason.contains("DURAND"), "{not_kept}");
}

#[tokio::test]
async fn a_body_is_given_64_kib_and_ten_seconds() {
    let school = School::of(1).await;
    let long = school.push(&format!("[{}]", " ".repeat(65 * 1024))).await;
    assert!(is(&long, 413), "{long}");
    tokio::time::pause();
    let (asked, slow) = (Instant::now(), "POST /hooks/sms HTTP/1.1\r\nHost: h\r\n");
    let answer = ask(school.address, &format!("{slow}Content-Length: 9\r\n\r\n[")).await;
    assert!(is(&answer, 408), "{answer}");
    assert!(asked.elapsed() < Duration::from_secs(12), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn the_daemon_has_a_place_for_each_of_its_providers() {
    let school = School::of(1).await;
    let daemon = school.scene.start().await;
    let get = async |path: &str| {
        let address = daemon.address;
        let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        ask(address, &head).await
    };
    assert!(is(&get("/hooks/sms").await, 405), "nothing is read there");
    assert!(is(&get("/nowhere").await, 404));
}
