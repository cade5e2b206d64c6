//! The first page: what waits for somebody, counted as the pages it leads to count it.

use super::site::Site;
use crate::promises::people::{People, Way};

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
