//! What a mail that came in does to the messages of a school: under our seal what it says, and nothing without.

use chappe::channel::Channel;
use chappe::delivery::ReplyKind;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent};
use chappe::mail::{self, Arrival, Mail};
use chappe::message::Message;
use chappe::people::{ContactState, PersonKey};
use chappe::providers::{Inbox as _, Word};
use chappe::queue::{Claimed, Outcome};
use chappe::store::replies::StandingReply;
use chappe::store::{Tx, attachments, replies};

use super::reading::real;
use crate::promises::people::{People, Way};
use crate::promises::scene::Scene;

const EMAIL: &str = "[{ channels = [\"email\"], patience = \"1h\" }]";
const READ: &str = "[{ channels = [\"email\"], enough = \"acknowledged\", patience = \"1h\" }, { channels = [\"letter\"] }]";

/// A school whose families have been sent an e-mail each, which the relay took.
struct School {
    scene: Scene,
    families: Vec<PersonKey>,
    message: Message,
    sent: Vec<Claimed>,
}

const ADDRESSES: [&str; 3] = ["inconnu@example.org", "durand@example.org", "martin@example.org"];

impl School {
    async fn set(plan: &str) -> Self {
        let mut people = People::none();
        let names = ["Alix ALPHA", "Bea BETA", "Cléo GAMMA"];
        let families = names.iter().zip(ADDRESSES);
        let families: Vec<_> =
            families.map(|(name, address)| people.family(name, &[Way::Email(address)])).collect();
        // Two parents read one mailbox.
        people.family("Dan DELTA", &[Way::Email(ADDRESSES[0])]);
        let scene = Scene::set(people, plan).await;
        let message = scene.launch().await;
        let mut school = Self { scene, families, message, sent: Vec::new() };
        school.hand_over().await;
        school
    }

    /// The relay takes what waits.
    async fn hand_over(&mut self) {
        self.sent = self.scene.begin(Channel::Email, 9).await;
        for begun in &self.sent {
            let outcome = Outcome::of(begun.due, DeliveryEvent::Accepted { look_at: None });
            self.scene.app.queue.settle(vec![outcome], self.scene.clock.now()).await.unwrap();
        }
    }

    /// The reference under our seal of what went to a family.
    async fn sealed(&self, family: usize) -> String {
        let is_theirs = |it: &&Claimed| it.recipient.person == self.families[family];
        let reference = self.sent.iter().find(is_theirs).unwrap().reference();
        self.scene.app.queue.seal_key().await.unwrap().sealed(&reference)
    }

    /// What a server really wrote, of what went to a family: about this address.
    async fn bounce(&self, name: &str, family: usize, address: &str) -> Mail {
        made_of(name, &self.sealed(family).await, address)
    }

    async fn take(&self, mail: Mail) {
        let provider = self.scene.provider(Channel::Email);
        let inbox = self.scene.inbox(provider.as_ref());
        inbox.take(vec![Word::Mail(Box::new(mail))]).await.unwrap();
    }

    async fn state(&self, family: usize) -> AddresseeState {
        self.scene.states(&self.message).await[&self.families[family]]
    }

    /// What is known of an address, by all who have it.
    async fn known(&self, address: &str) -> Vec<ContactState> {
        let (school, address) = (self.scene.app.queue.school().clone(), address.to_owned());
        let read = move |tx: &Tx<'_>| {
            tx.query(
                "SELECT state FROM contact_points WHERE school_id = $1 AND value = $2",
                &[school.as_str().into(), (&address).into()],
                |row| row.word(0, ContactState::from_word),
            )
        };
        self.scene.app.store().read(read).await.unwrap()
    }

    /// What people are shown.
    async fn shown(&self) -> Vec<StandingReply> {
        let school = self.scene.app.queue.school().clone();
        self.scene.app.store().read(move |tx| replies::open(tx, &school)).await.unwrap()
    }
}

/// The same mail of a server about another reference and another address.
fn made_of(name: &str, sealed: &str, address: &str) -> Mail {
    let mut text = String::from_utf8(real(name)).unwrap();
    let at = text.to_uppercase().find("K4M-00").unwrap() - 1;
    let theirs = text.get(at..at + 18).unwrap().to_uppercase();
    let local = [
        "inconnu", "sanscode", "plein5", "plein", "gris", "quota", "relais", "bien", "refus",
        "absent",
    ];
    for domain in ["familles.example.org", "dovecot.example.org"] {
        for local in local {
            text = text.replace(&format!("{local}@{domain}"), address);
        }
    }
    text = text.replace(&theirs, sealed).replace(&theirs.to_lowercase(), &sealed.to_lowercase());
    mail::read(text.as_bytes(), &Arrival { return_path: Some(""), ..Arrival::default() })
}

/// An answer of a person who writes from this address to what has this id.
fn answer(from: &str, id: &str, text: &str) -> Mail {
    let raw = format!(
        "Return-Path: <{from}>\r\nFrom: {from}\r\nTo: secretariat@ecole.example.org\r\n\
         Subject: Re: Fermeture\r\nMessage-ID: <{text}@example.org>\r\nIn-Reply-To: <{id}@example.org>\r\n\r\n{text}\r\n"
    );
    mail::read(raw.as_bytes(), &Arrival::default())
}

#[tokio::test]
async fn an_address_where_nobody_is_is_dead_for_all_who_have_it_and_the_rung_has_failed() {
    for server in ["postfix-unknown", "exim-unknown", "opensmtpd-unknown", "exim-no-code"] {
        let school = School::set(EMAIL).await;
        assert_eq!(school.state(0).await, AddresseeState::Reached);
        school.take(school.bounce(server, 0, ADDRESSES[0]).await).await;
        assert_eq!(school.state(0).await, AddresseeState::Unreached, "{server}");
        assert_eq!(school.known(ADDRESSES[0]).await, [ContactState::Dead; 2], "{server}");
        assert_eq!(school.state(1).await, AddresseeState::Reached, "{server}");
        assert!(school.shown().await.is_empty(), "{server}: nothing is left to do");
    }
}

#[tokio::test]
async fn three_mails_that_failed_within_a_month_make_an_address_failing() {
    let mut school = School::set(EMAIL).await;
    for failed in 1..=3 {
        let mail = school.bounce("postfix-over-quota", 1, ADDRESSES[1]).await;
        // The same bounce brought twice counts once.
        school.take(mail.clone()).await;
        school.take(mail).await;
        assert_eq!(school.state(1).await, AddresseeState::Unreached);
        let failing = if failed < 3 { ContactState::Unverified } else { ContactState::Failing };
        assert_eq!(school.known(ADDRESSES[1]).await, [failing], "after {failed}");
        school.message = school.scene.launch().await;
        school.hand_over().await;
    }
}

#[tokio::test]
async fn what_speaks_of_us_blames_no_address() {
    for name in ["postfix-our-quota", "exim-our-quota", "opensmtpd-relay-denied"] {
        let school = School::set(EMAIL).await;
        school.take(school.bounce(name, 1, ADDRESSES[1]).await).await;
        assert_eq!(school.state(1).await, AddresseeState::Unreached, "{name}: it did not arrive");
        assert_eq!(school.known(ADDRESSES[1]).await, [ContactState::Unverified], "{name}");
    }
}

#[tokio::test]
async fn a_delay_a_success_and_a_machine_s_note_change_nothing() {
    let school = School::set(READ).await;
    let names = [
        "postfix-full-delayed",
        "postfix-taken",
        "exim-taken",
        "opensmtpd-taken",
        "dovecot-vacation",
    ];
    for name in names {
        school.take(school.bounce(name, 1, ADDRESSES[1]).await).await;
        assert_eq!(school.state(1).await, AddresseeState::Waiting, "{name}");
        assert_eq!(school.known(ADDRESSES[1]).await, [ContactState::Unverified], "{name}");
    }
    assert!(school.shown().await.is_empty());
}

#[tokio::test]
async fn a_forged_bounce_is_shown_and_not_believed() {
    let school = School::set(EMAIL).await;
    let sealed = school.sealed(0).await;
    let (reference, _) = sealed.rsplit_once('-').unwrap();
    let of_another = school.sealed(1).await;
    let (_, seal) = of_another.rsplit_once('-').unwrap();
    for (number, forged) in [
        format!("{reference}-00000000"),
        format!("{reference}-{seal}"),
        "AAAA-000A-00000000".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        school.take(made_of("postfix-unknown", forged, ADDRESSES[0])).await;
        assert_eq!(school.state(0).await, AddresseeState::Reached, "{forged}");
        assert_eq!(school.known(ADDRESSES[0]).await, [ContactState::Unverified; 2], "{forged}");
        let shown = school.shown().await;
        assert_eq!(shown.len(), number + 1);
        assert!(
            shown.iter().all(|it| it.reply.kind == ReplyKind::Bounce && it.reply.answers.is_none())
        );
    }
}

#[tokio::test]
async fn a_bounce_that_names_another_person_s_address_is_shown_and_kills_nothing() {
    let school = School::set(EMAIL).await;
    school.take(school.bounce("postfix-unknown", 1, ADDRESSES[2]).await).await;
    assert_eq!(school.known(ADDRESSES[2]).await, [ContactState::Unverified]);
    assert_eq!(school.known(ADDRESSES[1]).await, [ContactState::Unverified]);
    assert_eq!(school.state(2).await, AddresseeState::Reached);
    assert_eq!(
        school.state(1).await,
        AddresseeState::Unreached,
        "it failed where it was sent on to"
    );
    let shown = school.shown().await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].reply.person.as_ref(), Some(&school.families[1]));
}

#[tokio::test]
async fn an_answer_proves_the_mail_that_it_answers_and_waits_to_be_read() {
    let school = School::set(READ).await;
    assert_eq!(school.state(1).await, AddresseeState::Waiting);
    let id = school.sealed(1).await;
    let mail = answer("autre.adresse@example.org", &id, "Merci");
    school.take(mail.clone()).await;
    school.take(mail).await;
    assert_eq!(school.state(1).await, AddresseeState::Reached);
    assert_eq!(school.known(ADDRESSES[1]).await, [ContactState::Working]);
    let shown = school.shown().await;
    let [reply] = shown.as_slice() else { panic!("{} are shown", shown.len()) };
    assert_eq!(reply.reply.body, "Merci");
    assert_eq!(reply.reply.person.as_ref(), Some(&school.families[1]));
    assert_eq!(reply.reply.answers.unwrap().message, school.message.id);
    assert_eq!(reply.reply.sender.as_deref(), Some("autre.adresse@example.org"));
}

#[tokio::test]
async fn a_typed_reference_ties_what_is_read_and_proves_nothing() {
    let school = School::set(READ).await;
    let sealed = school.sealed(1).await;
    let (reference, _) = sealed.rsplit_once('-').unwrap();
    let text = format!("Au sujet de {reference} : merci");
    school.take(answer(ADDRESSES[2], "x", &text)).await;
    assert_eq!(school.state(1).await, AddresseeState::Waiting);
    // Anybody can write under any address, and a reference is no secret.
    school.take(answer(ADDRESSES[1], "x", &text)).await;
    assert_eq!(school.state(1).await, AddresseeState::Waiting);
    let shown = school.shown().await;
    let persons: Vec<_> = shown.iter().map(|it| it.reply.person.clone().unwrap()).collect();
    assert_eq!(persons, [school.families[2].clone(), school.families[1].clone()]);
    let tied: Vec<_> = shown.iter().map(|it| it.reply.answers.is_some()).collect();
    assert_eq!(tied, [false, true], "to the copy that went to the address that writes");
}

#[tokio::test]
async fn what_cannot_be_tied_is_kept_by_itself() {
    let school = School::set(READ).await;
    school.take(answer("inconnue@example.org", "x", "Bonjour")).await;
    school.take(answer(ADDRESSES[0], "x", "De nous deux")).await;
    let shown = school.shown().await;
    assert_eq!(shown.len(), 2);
    assert!(shown.iter().all(|it| it.reply.person.is_none() && it.reply.answers.is_none()));
    assert_eq!(school.state(0).await, AddresseeState::Waiting);
}

#[tokio::test]
async fn what_is_attached_is_kept_as_it_came() {
    let school = School::set(READ).await;
    let raw = "From: durand@example.org\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nVoici\r\n--b\r\n\
        Content-Type: application/pdf; name=\"../certificat.pdf\"\r\nContent-Disposition: attachment\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n";
    school.take(mail::read(raw.as_bytes(), &Arrival::default())).await;
    let reply = school.shown().await.remove(0).reply.id;
    let id = school.scene.app.queue.school().clone();
    let read = move |tx: &Tx<'_>| {
        let all = attachments::of_reply(tx, &id, reply)?;
        Ok((
            all,
            attachments::content(tx, &id, reply, 1)?,
            attachments::content(tx, &id, reply, 2)?,
        ))
    };
    let (all, first, second) = school.scene.app.store().read(read).await.unwrap();
    assert_eq!((all[0].name.as_str(), all[0].octets, all[0].is_kept), ("_certificat.pdf", 3, true));
    assert_eq!((first.as_deref(), second), (Some(&b"ABC"[..]), None));
}

#[tokio::test]
async fn whoever_was_sent_it_on_neither_stops_nor_answers_for_whom_it_was_for() {
    let school = School::set(READ).await;
    let id = school.sealed(1).await;
    school.take(answer("autre.adresse@example.org", &id, "STOP")).await;
    assert_eq!(school.state(1).await, AddresseeState::Waiting);
    assert_eq!(school.known(ADDRESSES[1]).await, [ContactState::Unverified]);
    assert_eq!(school.shown().await.len(), 1, "people read it");
}

/// What a mail program sends for whoever presses its button: to the way back, with the subject that it was given.
fn pressed(from: &str, sealed: &str, beside: &str) -> Mail {
    let raw = format!(
        "Return-Path: <{from}>\r\nFrom: {from}\r\nTo: retours@ecole.example.org\r\n\
         Subject: STOP {sealed}\r\nMessage-ID: <{sealed}.x@example.org>\r\n{beside}"
    );
    mail::read(raw.as_bytes(), &Arrival::default())
}

#[tokio::test]
async fn whoever_presses_the_button_of_their_mail_program_gets_no_more_by_email() {
    for beside in [
        "\r\n",
        "\r\nThis message was automatically generated by Gmail.\r\n",
        "Auto-Submitted: auto-generated\r\n\r\nunsubscribe\r\n",
    ] {
        let school = School::set(READ).await;
        let sealed = school.sealed(1).await;
        for times in 1..=2 {
            school.take(pressed(ADDRESSES[1], &sealed, beside)).await;
            assert_eq!(school.known(ADDRESSES[1]).await, [ContactState::OptedOut], "{beside}");
            assert!(school.shown().await.is_empty(), "{beside}: it is done, {times}");
        }
        // Nobody else's.
        assert_eq!(school.known(ADDRESSES[2]).await, [ContactState::Unverified]);
    }
}

#[tokio::test]
async fn a_button_that_is_not_ours_or_that_another_pressed_stops_nothing_and_is_read() {
    let school = School::set(READ).await;
    let sealed = school.sealed(1).await;
    let forged = format!("{}-00000000", sealed.rsplit_once('-').unwrap().0);
    school.take(pressed(ADDRESSES[1], &forged, "\r\n")).await;
    school.take(pressed("autre.adresse@example.org", &sealed, "\r\n")).await;
    assert_eq!(school.known(ADDRESSES[1]).await, [ContactState::Unverified]);
    assert_eq!(school.state(1).await, AddresseeState::Waiting);
    assert_eq!(school.shown().await.len(), 2, "people read it");
}

#[tokio::test]
async fn whoever_says_that_it_is_not_for_them_proves_nothing() {
    let school = School::set(READ).await;
    let id = school.sealed(1).await;
    school.take(answer(ADDRESSES[1], &id, "Erreur, ce n'est pas moi")).await;
    assert_eq!(school.state(1).await, AddresseeState::Waiting);
    assert_eq!(school.known(ADDRESSES[1]).await, [ContactState::Unverified]);
    school.take(answer(ADDRESSES[2], &school.sealed(2).await, "STOP")).await;
    assert_eq!(school.known(ADDRESSES[2]).await, [ContactState::OptedOut]);
    assert_eq!(school.state(2).await, AddresseeState::Reached, "they have read it");
}
