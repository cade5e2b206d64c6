//! Promise 3: every copy says all of it, or says where all of it stands.

use chappe::channel::Channel;
use chappe::wording::sms;

use super::people::{People, Way};
use super::scene::{Scene, announcement, is_settled};

/// All three at once, for the same person.
const TOGETHER: &str =
    "[{ channels = [\"ent\", \"email\", \"sms\", \"letter\"], patience = \"1h\" }]";

async fn sent_everywhere() -> (Scene, String) {
    let mut people = People::none();
    let ways = [
        Way::Account,
        Way::Email("ines@example.org"),
        Way::Mobile("06 39 98 00 01"),
        Way::Home("1 RUE DU MOULIN"),
    ];
    let ines = people.guardian("Ines DURAND", &ways);
    for (name, class) in [("Zoe DURAND", "6A"), ("Leo DURAND", "4B"), ("Anna MARTIN", "3C")] {
        people.pupil(name, class, &[&ines]);
    }
    let sender = ("PROVIDERS__SMS__OVH__SENDER", "CLG CHAPPE");
    let scene = Scene::set_with(people, TOGETHER, &[sender]).await;
    let daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, |status| is_settled(status) && by_machine(status) == 3).await;
    daemon.stop().await;
    (scene, message.code.as_str().to_owned())
}

fn by_machine(status: &chappe::queue::Status) -> usize {
    let sent = [Channel::Ent, Channel::Email, Channel::Sms].map(|it| status.channels[&it].sent);
    sent.iter().sum()
}

/// Words without their spaces and signs, so that typography does not matter.
fn bare(text: &str) -> String {
    text.replace("&nbsp;", "")
        .replace("&#39;", "")
        .replace('ᵉ', "e")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn bare_of_tags(html: &str) -> String {
    let outside = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    bare(&outside.collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn one_message_names_all_the_pupils_of_a_guardian() {
    let (scene, _) = sent_everywhere().await;
    let mail = scene.mails().remove(0);
    // What goes to many in one call is the same to all of them.
    let ent = scene.ent.messages().remove(0).body;
    for pupil in ["Zoe DURAND", "Leo DURAND", "Anna MARTIN"] {
        assert!(mail.contains(pupil), "{pupil} is missing in: {mail}");
        assert!(!ent.contains(pupil), "{pupil} is named in: {ent}");
    }
}

#[tokio::test]
async fn every_field_is_in_every_long_copy() {
    let (scene, _) = sent_everywhere().await;
    let mail = scene.mails().remove(0);
    let (text, html) = mail.split_once("Content-Type: text/html").unwrap();
    let ent = scene.ent.messages().remove(0);
    let copies =
        [bare(text), bare_of_tags(html), bare_of_tags(&format!("{} {}", ent.subject, ent.body))];
    for (name, value) in announcement().into_iter().filter(|(name, _)| name != "objet") {
        for copy in &copies {
            assert!(copy.contains(&bare(&value)), "{name} is missing in: {copy}");
        }
    }
}

#[tokio::test]
async fn the_short_copy_is_not_cut_and_says_where_the_whole_stands() {
    let (scene, code) = sent_everywhere().await;
    let sms = scene.sms.messages().remove(0);
    for field in ["objet", "agenda", "prochain_rendez_vous"] {
        let value = &announcement()[field];
        assert!(bare(&sms.message).contains(&bare(value)), "{field} is missing: {}", sms.message);
    }
    assert!(sms.message.contains("https://claude-chappe.example.org/info"), "{}", sms.message);
    assert!(sms.message.contains(&code), "{}", sms.message);
    assert!(sms::segments(&sms.message).segments > 1, "this one is long enough to be cut");
}

#[tokio::test]
async fn every_copy_bears_the_reference_of_its_message() {
    let (scene, code) = sent_everywhere().await;
    let letters = {
        let batch = scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap();
        // E-mail reached them: on the same rung, the letter is still wanted.
        scene.app.queue.letters().of(&batch.unwrap()).await.unwrap()
    };
    let copies = [
        scene.mails().remove(0),
        scene.ent.messages().remove(0).body,
        scene.sms.messages().remove(0).message,
        letters[0].reference.clone(),
    ];
    for copy in &copies {
        assert!(copy.contains(&format!("{code}-000")), "no reference in: {copy}");
    }
}
