//! The first page: what waits for somebody, counted as the pages it leads to count it.

use std::time::Duration;

use chappe::accounts::AccountRole;
use chappe::channel::Channel;
use chappe::delivery::ReplyKind;
use chappe::demo::ent::Weather;
use chappe::id::Id;
use chappe::office::{self, EntryName};
use chappe::people::{Actor, Handle, PersonKey, Whom};
use chappe::store::replies::{self, KeptReply};
use reqwest::Method;
use reqwest::header::ACCEPT_ENCODING;

use super::site::{Site, families};
use crate::promises::people::{People, Way};
use crate::promises::scene::is_settled;

#[tokio::test]
async fn a_letter_that_two_people_share_is_one_letter_to_print() {
    let mut people = People::none();
    let ways = [Way::Home("3 rue du Port")];
    let both = [people.guardian("Lea MOREAU", &ways), people.guardian("Paul MOREAU", &ways)];
    people.pupil("Zoe MOREAU", "6A", &[&both[0], &both[1]]);
    let site = Site::of(people).await;
    let mut visitor = site.secretary().await;
    assert!(!visitor.get("/").await.text().contains("Imprimer"), "nothing waits yet");
    site.scene.launch().await;
    for path in ["/", "/courriers"] {
        let text = visitor.get(path).await.text();
        assert!(text.contains("Imprimer 1 courrier"), "{path}: {text}");
    }
}

#[tokio::test]
async fn whom_nothing_reached_is_counted_over_every_announcement() {
    let mut people = People::none();
    people.family("Marc PETIT", &[]);
    let site = Site::of(people).await;
    let more_than_are_listed = 14;
    for _ in 0..more_than_are_listed {
        site.scene.launch().await;
    }
    let text = site.secretary().await.get("/").await.text();
    assert!(text.contains("14 personnes que rien n’a jointes"), "{text}");
}

#[tokio::test]
async fn what_is_still_on_its_way_stands_there_however_much_came_after_it() {
    let ent_only = "[{ channels = [\"ent\"], patience = \"24h\" }]";
    let settings = [("PLANS__LENT", ent_only), ("PLANS__COURRIEL", "[{ channels = [\"email\"] }]")];
    let site = Site::with(families(), &settings).await;
    site.scene.ent.set_weather(Weather::Unavailable503);
    let old = site.scene.launch_by("lent").await;
    let mut newest = old.clone();
    for _ in 0..13 {
        site.scene.pass(Duration::from_secs(1));
        newest = site.scene.launch_by("courriel").await;
    }
    site.scene.until(&newest, is_settled).await;
    let page = site.secretary().await.get("/").await;
    let text = page.text();
    assert!(text.contains("Une annonce est en cours."), "{text}");
    for shown in [&old, &newest] {
        assert!(page.html.contains(&format!("/annonces/{}", shown.code)), "{text}");
    }
}

#[tokio::test]
async fn what_waits_for_its_hour_is_counted_where_it_is_not_told_of() {
    let site = Site::with(families(), &[("DISPATCH__UNDO", "1h")]).await;
    for _ in 0..14 {
        site.scene.launch().await;
    }
    let text = site.secretary().await.get("/").await.text();
    assert!(text.contains("14 annonces attendent leur heure."), "{text}");
    assert!(text.contains("2 autres annonces sont en chemin, ou attendent leur heure"), "{text}");
}

/// Keeps an answer of somebody, or of a number that nobody has.
async fn answered(site: &Site, person: Option<&str>, body: &'static str) {
    let now = site.scene.clock.now();
    let reply = KeptReply {
        id: Id::new(now),
        kind: ReplyKind::Reply,
        channel: Channel::Sms,
        answers: None,
        sender: None,
        subject: None,
        provider: "sms".to_owned(),
        provider_ref: body.to_owned(),
        person: person.map(|key| PersonKey(key.to_owned())),
        body: body.to_owned(),
        received_at: now,
    };
    let school = site.school();
    let of = school.queue.school().clone();
    let kept = school.store().write(move |tx| replies::insert(tx, &of, &reply)).await.unwrap();
    assert!(kept);
}

#[tokio::test]
async fn what_families_answered_is_told_on_arriving_read_and_found_with_the_person() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    assert!(!visitor.get("/").await.text().contains("réponse"));
    answered(&site, Some("siecle:2"), "Zoé sera absente <b>lundi</b>").await;
    answered(&site, None, "Qui êtes-vous ?").await;
    let home = visitor.get("/").await;
    assert_eq!(home.link("2 réponses de familles"), Some("/a-traiter/reponses"));
    for path in ["/a-traiter", "/a-traiter/reponses"] {
        let page = visitor.get(path).await;
        let text = page.text();
        assert!(
            text.contains("Marc PETIT") && text.contains("pour Zoe PETIT (6A)"),
            "{path}: {text}"
        );
        assert!(text.contains("Zoé sera absente <b>lundi</b>"), "{path}: {text}");
        assert!(text.contains("inconnue de l’annuaire"), "{path}: {text}");
        assert!(!page.html.contains("<b>lundi"), "{path}");
    }
    let person = Handle::of_person(&PersonKey("siecle:2".to_owned()));
    let text = visitor.get(&format!("/annuaire/personnes/{person}")).await.text();
    assert!(text.contains("Zoé sera absente <b>lundi</b>") && !text.contains("Qui êtes"), "{text}");
    let mut teacher = site.signed_in(&site.head_of("6A").await).await;
    assert!(!teacher.get("/").await.text().contains("réponse"), "who has pupils of their own");
    site.scene.clock.advance(Duration::from_hours(8 * 24));
    let mut visitor = site.signed_in(&site.account("sam", AccountRole::Secretariat).await).await;
    assert!(visitor.get("/").await.text().contains("2 réponses de familles"), "nobody saw to them");
    let (said, us) = (EntryName::Said(2), Actor::CommandLine("sam".to_owned()));
    let (all, how) = (Whom::Everybody, "rappelé".to_owned());
    office::settle_entry(site.school(), us, &all, said, how).await.unwrap();
    assert!(visitor.get("/").await.text().contains("1 réponse de famille"));
    assert!(!visitor.get("/a-traiter").await.text().contains("Qui êtes-vous ?"));
}

/// With its style and its script, as a browser is sent them the first time, in octets.
const LIGHT: usize = 15_000;

#[tokio::test]
async fn the_first_page_is_light() {
    let site = Site::open().await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/").await;
    let mut sum = page.html.len();
    for before in ["rel=\"stylesheet\" href=\"", "script src=\""] {
        let path = page.html.split(before).nth(1).unwrap().split('"').next().unwrap();
        let asked = visitor.request(Method::GET, path).header(ACCEPT_ENCODING, "gzip, br");
        let packed = visitor.answer(asked).await;
        assert_eq!(packed.headers["content-encoding"], "gzip");
        sum += packed.body.len();
        let plain = visitor.fetch(path).await;
        assert!(plain.headers.get("content-encoding").is_none());
        assert!(plain.body.len() > packed.body.len() && plain.text().contains("focus"));
    }
    assert!(sum < LIGHT, "{sum} octets");
}
