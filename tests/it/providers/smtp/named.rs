//! By what a message is known when something comes back: its return path, its Message-ID, its envelope id.

use chappe::delivery::Envelope;
use chappe::providers::{Guard, LmtpSettings, MailboxSettings, Provider as _, Smtp, SmtpSettings};

use super::{mailbox, relay, settings, the_message};
use crate::scripted::an_email;

const SEALED: &str = "7K4M-02QB-9F3K0C7D";

fn sealed() -> Envelope {
    Envelope { sealed: Some(SEALED.to_owned()), ..an_email() }
}

/// What a relay was told of a message: of its sender, of its recipient.
async fn told(settings: impl Fn(u16) -> SmtpSettings, reports: bool) -> (String, String) {
    let (mailbox, _folder) = mailbox().await;
    mailbox.offer_reports(reports);
    relay(&settings(mailbox.address().port())).send(&sealed()).await.unwrap();
    let (headers, _) = the_message(&mailbox);
    let id = format!("Message-ID: <{SEALED}@example.org>");
    assert!(headers.contains(&id), "{headers:#?}");
    let commands = mailbox.commands();
    let of =
        |verb: &str| commands.iter().find(|it| it.starts_with(verb)).unwrap().trim().to_owned();
    (of("MAIL"), of("RCPT"))
}

#[tokio::test]
async fn each_message_has_a_return_path_of_its_own_where_the_relay_knows_subaddresses() {
    let apart = |port| SmtpSettings { subaddresses: true, ..settings(port) };
    let (of_sender, of_recipient) = told(apart, false).await;
    assert_eq!(of_sender, "MAIL FROM:<retours+7k4m-02qb-9f3k0c7d@example.org>");
    assert_eq!(of_recipient, "RCPT TO:<ines.durand@example.org>");
    let (of_sender, _) = told(settings, false).await;
    assert_eq!(of_sender, "MAIL FROM:<retours@example.org>");
}

#[tokio::test]
async fn a_report_is_asked_for_where_the_relay_offers_one_and_of_a_failure_alone() {
    let (of_sender, of_recipient) = told(settings, true).await;
    assert_eq!(of_sender, format!("MAIL FROM:<retours@example.org> RET=HDRS ENVID={SEALED}"));
    let expected =
        "RCPT TO:<ines.durand@example.org> NOTIFY=FAILURE ORCPT=rfc822;ines.durand@example.org";
    assert_eq!(of_recipient, expected);
}

#[tokio::test]
async fn a_message_that_awaits_an_answer_does_not_say_that_a_machine_wrote_it() {
    for (awaits_answer, says) in [(false, true), (true, false)] {
        let (mailbox, _folder) = mailbox().await;
        let envelope = Envelope { awaits_answer, ..sealed() };
        relay(&settings(mailbox.address().port())).send(&envelope).await.unwrap();
        let (headers, _) = the_message(&mailbox);
        let is_silencing = |it: &String| {
            ["Auto-Submitted:", "Precedence:", "List-"].iter().any(|name| it.starts_with(name))
        };
        assert_eq!(headers.iter().any(is_silencing), says, "{headers:#?}");
    }
}

/// The header by which a mail program offers a button, of a message that is known by the seal.
async fn way_out(settings: impl Fn(u16) -> SmtpSettings, envelope: Envelope) -> Option<String> {
    let (mailbox, _folder) = mailbox().await;
    relay(&settings(mailbox.address().port())).send(&envelope).await.unwrap();
    let (headers, _) = the_message(&mailbox);
    headers.into_iter().find(|it| it.starts_with("List-"))
}

#[tokio::test]
async fn a_button_that_stops_is_offered_where_somebody_hears_it_and_nothing_is_asked() {
    let address = Some("127.0.0.1:2424".to_owned());
    let back = MailboxSettings::Lmtp(LmtpSettings { address, socket: None });
    let read = |port| SmtpSettings { mailbox: Some(back.clone()), ..settings(port) };
    let apart = |port| SmtpSettings { subaddresses: true, ..read(port) };
    let offers = Envelope { offers_stop: true, ..sealed() };
    let expected =
        format!("List-Unsubscribe: <mailto:retours@example.org?subject=STOP%20{SEALED}>");
    assert_eq!(way_out(read, offers.clone()).await, Some(expected));
    let own = way_out(apart, offers.clone()).await.unwrap();
    assert!(
        own.contains("<mailto:retours+7k4m-02qb-9f3k0c7d@example.org?subject=STOP%20"),
        "{own}"
    );
    // Nobody reads; what asks for an answer, or is urgent; what is no addressee's.
    assert_eq!(way_out(settings, offers.clone()).await, None);
    assert_eq!(way_out(read, sealed()).await, None);
    assert_eq!(way_out(read, Envelope { sealed: None, ..offers }).await, None);
}

#[test]
fn a_return_path_too_long_for_a_subaddress_is_refused_at_once() {
    let long = SmtpSettings {
        subaddresses: true,
        return_path: Some(format!("{}@example.org", "r".repeat(41))),
        ..settings(25)
    };
    let clock = chappe::clock::Clock::system();
    let error = Smtp::new("relay", &long, None, clock, Guard::LoopbackOnly).err().unwrap();
    assert_eq!(error.key, "return_path");
}
