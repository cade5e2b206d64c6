//! Saved lists: an audience or pupils under a name, checked before they are kept.

use chappe::audience::{self, InPlaceOf, ListError};
use chappe::directory;
use chappe::import::Reading;
use chappe::people::By;
use chappe::store::lists;

use super::town::{NOW, Settled, TODAY, Town, school};

async fn town() -> Settled {
    Town::default()
        .adults(
            "Inès DURAND: mail=ines home=LILAS
             Paul DURAND: mail=paul home=LILAS
             Rosa PETIT: mail=rosa
             Lina SADIK: mail=lina",
        )
        .staff("Anne LEROY: ENS pp=6A mail=anne\nCleo ROUX: DIR mail=cleo")
        .pupils(
            "Zoé DURAND 6A: Inès DURAND, Paul DURAND
             Léo DURAND 5A: Inès DURAND
             Tom PETIT 6B: Rosa PETIT
             Nour SADIK 6C: Lina SADIK",
        )
        .settle()
        .await
}

impl Settled {
    async fn save(&self, name: &str, rule: &str) -> Result<usize, ListError> {
        let rule = rule.parse()?;
        let (over, by) = ((name, InPlaceOf::Whatever), (By::program(NOW), TODAY));
        audience::save_rule(&self.store, &school(), over, &rule, by).await
    }

    async fn save_file(&self, name: &str, file: &[u8]) -> Result<usize, ListError> {
        let (over, by) = ((name, InPlaceOf::Whatever), (By::program(NOW), TODAY));
        audience::save_names(&self.store, &school(), over, file.to_vec(), by).await
    }

    async fn kept(&self) -> Vec<String> {
        let lists = audience::saved_lists(&self.store, &school()).await.unwrap();
        lists.into_iter().map(|list| list.name).collect()
    }
}

fn told<T: std::fmt::Debug>(refused: Result<T, ListError>) -> String {
    refused.unwrap_err().to_string()
}

#[tokio::test]
async fn a_list_of_an_audience_means_what_the_audience_means() {
    let town = town().await;
    assert_eq!(town.save("Voyage à Rome", "foyers niveau:6e sauf classe:6C").await.unwrap(), 3);
    let persons = ["Inès DURAND", "Paul DURAND", "Rosa PETIT"];
    assert_eq!(town.named("liste:\"Voyage à Rome\"").await, persons);
    assert_eq!(town.named("liste:\"voyage a rome\"").await, persons);
    let households = town.find("liste:\"Voyage à Rome\"").await.unwrap().households;
    assert_eq!(households, Some(2), "the unit is that of the list");
    assert_eq!(town.named("familles liste:\"Voyage à Rome\" classe:6A").await.len(), 2);
    assert_eq!(
        town.told("familles sauf liste:\"Voyage à Rome\"").await,
        ["Lina SADIK — Nour SADIK (6C)", "Inès DURAND — Léo DURAND (5A)"]
    );
}

#[tokio::test]
async fn a_list_of_staff_is_for_staff() {
    let town = town().await;
    town.save("conseil", "personnels fonction:direction").await.unwrap();
    assert_eq!(town.named("liste:conseil").await, ["Cleo ROUX"]);
    assert_eq!(town.named("personnels sauf liste:conseil").await, ["Anne LEROY"]);
    let refused = town.refusal("familles liste:conseil").await;
    assert!(refused.contains("liste:conseil") && refused.contains("familles"), "{refused}");
    town.refusal("familles sauf liste:conseil").await;
}

#[tokio::test]
async fn lists_may_stand_on_lists_but_never_on_themselves() {
    let town = town().await;
    town.save("a", "familles classe:6A").await.unwrap();
    town.save("b", "familles liste:a").await.unwrap();
    town.save("c", "liste:a,b sauf liste:b").await.unwrap();
    assert_eq!(town.named("liste:b").await.len(), 2);
    assert_eq!(town.named("liste:c").await.len(), 0);
    for (name, rule) in [
        ("a", "familles liste:c"),
        ("a", "liste:A"),
        ("b", "familles sauf liste:b"),
        ("d", "liste:d"),
    ] {
        assert!(told(town.save(name, rule).await).contains("used by its own rule"), "{rule}");
    }
    assert_eq!(town.named("liste:a").await.len(), 2);
    let removed = audience::remove_list(&town.store, &school(), "a", By::program(NOW)).await;
    assert!(told(removed).contains("the list \"b\" uses \"a\""));
    assert_eq!(
        audience::remove_list(&town.store, &school(), "C", By::program(NOW)).await.unwrap(),
        "c"
    );
    assert_eq!(town.kept().await, ["a", "b"]);
}

#[tokio::test]
async fn lists_piled_too_high_are_refused_and_nothing_overflows() {
    let town = town().await;
    town.save("l00", "familles classe:6A").await.unwrap();
    let mut refused = None;
    for number in 1..40 {
        let rule = format!("liste:l{:02} sauf liste:l{0:02}", number - 1);
        refused = town.save(&format!("l{number:02}"), &rule).await.err();
        if refused.is_some() {
            break;
        }
    }
    assert!(refused.unwrap().to_string().contains("one on the other"));
}

#[tokio::test]
async fn names_of_a_file_are_found_however_they_are_written() {
    let town = town().await;
    let file = "\u{feff}DURAND Zoé\r\n\r\n petit  tom ;6b\nNour Sadik\nzoe durand\n";
    assert_eq!(town.save_file("voyage", file.as_bytes()).await.unwrap(), 3);
    let expected = ["Inès DURAND", "Paul DURAND", "Rosa PETIT", "Lina SADIK"];
    assert_eq!(town.named("liste:voyage").await, expected);
    assert_eq!(town.named("familles liste:voyage sauf classe:6A,6C").await, ["Rosa PETIT"]);
    assert!(town.refusal("personnels liste:voyage").await.contains("says nothing of personnels"));
    assert_eq!(town.save_file("voyage", b"Zo\xe9 DURAND\n").await.unwrap(), 1);
    assert_eq!(town.named("liste:voyage").await, expected[..2]);
}

#[tokio::test]
async fn a_file_with_one_bad_line_is_refused_whole_and_the_line_is_named() {
    let town = Town::default()
        .adults("Inès DURAND: mail=ines\nRosa PETIT: mail=rosa")
        .pupils(
            "Zoé DURAND 6A: Inès DURAND
             Lou PETIT 6A: Rosa PETIT
             Max PETIT 6A parti: Rosa PETIT",
        )
        .settle()
        .await;
    let mut reading = Reading::default();
    let mut namesake = town.pupils[0].clone();
    namesake.key = chappe::people::PupilKey("siecle:2".to_owned());
    namesake.class = Some("5A".to_owned());
    reading.pupils.push(namesake);
    let diff = directory::diff(&town.store, &school(), reading).await.unwrap();
    directory::apply(&town.store, &school(), &diff, By::program(NOW)).await.unwrap();

    town.save_file("voyage", b"PETIT Lou").await.unwrap();
    for (file, words) in [
        ("PETIT Lou\nDURAND Zoé\n", "line 2 names several pupils"),
        ("PETIT Lou\n\nPETIT Zoé\n", "line 3 names no pupil"),
        ("PETIT Max\n", "line 1 names no pupil"),
        ("DURAND Zoé;4A\n", "line 1 names no pupil"),
        (";6A\n", "line 1 names no pupil"),
        ("\n \n", "it names nobody"),
        ("", "it names nobody"),
    ] {
        let refused = told(town.save_file("voyage", file.as_bytes()).await);
        assert!(refused.contains(words), "{file}: {refused}");
        assert!(!refused.contains("PETIT") && !refused.contains("4A"), "{refused}");
    }
    assert_eq!(town.save_file("autre", "DURAND Zoé;5A".as_bytes()).await.unwrap(), 1);
    assert_eq!(town.named("liste:voyage").await, ["Rosa PETIT"]);
    let large = vec![b'\n'; 5_000_000];
    assert!(told(town.save_file("voyage", &large).await).contains("too large"));
}

#[tokio::test]
async fn a_list_that_would_fail_later_is_not_saved() {
    let town = town().await;
    town.save("voyage", "familles classe:6A").await.unwrap();
    for (name, rule, words) in [
        ("x", "familles classe:6Q", "classe:6Q"),
        ("x", "familles liste:rien", "liste:rien"),
        ("x", "n'ayant pas reçu 7K4M", "no message 7K4M"),
        ("Voyage", "familles", "there is a list \"voyage\" already"),
        ("", "familles", "a list is named by"),
        ("a\"b", "familles", "a list is named by"),
        ("a\nb", "familles", "a list is named by"),
        ("++", "familles", "a list is named by"),
    ] {
        let refused = told(town.save(name, rule).await);
        assert!(refused.contains(words), "{name} {rule}: {refused}");
    }
    assert_eq!(town.kept().await, ["voyage"]);
    let unknown = audience::remove_list(&town.store, &school(), "voyages", By::program(NOW)).await;
    assert!(told(unknown).contains("did you mean voyage?"));
}

#[tokio::test]
async fn lists_that_lead_back_to_themselves_are_refused_when_they_are_used() {
    let town = town().await;
    let kept = town.store.write(|tx| {
        lists::save_rule(tx, &school(), "a", "familles liste:b", NOW)?;
        lists::save_rule(tx, &school(), "b", "familles sauf liste:a", NOW)?;
        lists::save_rule(tx, &school(), "old", "parents classe:6A", NOW)
    });
    kept.await.unwrap();
    for rule in ["liste:a", "familles sauf liste:b", "liste:a par foyer"] {
        assert!(town.refusal(rule).await.contains("used by its own rule"), "{rule}");
    }
    let refused = town.refusal("liste:old").await;
    assert!(refused.contains("\"old\" cannot be used") && refused.contains("parents"), "{refused}");
}

#[tokio::test]
async fn a_rule_that_grows_too_long_when_it_is_written_is_not_saved() {
    let town = town().await;
    let codes = "6A,".repeat(1_354);
    let typed = format!("familles sans-numerique classe:{codes}6AB");
    assert!(typed.parse::<audience::Rule>().is_ok());
    assert!(told(town.save("long", &typed).await).contains("characters at most"));
    assert_eq!(town.kept().await.len(), 0);
}

#[tokio::test]
async fn a_list_of_names_is_counted_by_household_when_it_is_said() {
    let town = town().await;
    town.save_file("voyage", "DURAND Zoé".as_bytes()).await.unwrap();
    let both = ["Inès DURAND — Zoé DURAND (6A)", "Paul DURAND — Zoé DURAND (6A)"];
    for (rule, households) in [
        ("liste:voyage", None),
        ("liste:voyage par foyer", Some(1)),
        ("foyers liste:voyage", Some(1)),
    ] {
        assert_eq!(town.told(rule).await, both, "{rule}");
        assert_eq!(town.find(rule).await.unwrap().households, households, "{rule}");
    }
}
