//! The first page: what waits for somebody, counted as the pages it leads to count it.

use reqwest::Method;
use reqwest::header::ACCEPT_ENCODING;

use super::site::Site;
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
