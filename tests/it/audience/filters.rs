//! Whom each word of a rule means.

use chappe::people::{Connectivity, Profile};

use super::town::{Settled, Town};

fn profile(connectivity: Connectivity, printer: bool, language: Option<&str>) -> Profile {
    Profile {
        connectivity,
        printer,
        language: language.map(str::to_owned),
        call: None,
        large_print: false,
        pick_up: None,
    }
}

/// Three families in three classes; the children of the Durands are in two of them.
async fn town() -> Settled {
    Town::default()
        .adults(
            "Inès DURAND: mail=ines home=LILAS
             Paul DURAND: mobile=02 home=LILAS
             Rosa PETIT: mail=rosa home=ROSES
             Lina SADIK: mobile=03 home=IRIS",
        )
        .staff(
            "Anne LEROY: ENS pp=6A teaches=6A,5A skills=arabe,Pronote mail=anne
             Bela MOREAU: ENS teaches=6B,6LATIN mail=bela
             Cleo ROUX: DIR mail=cleo
             Dora FAURE: EDU mail=dora
             Emma GARNIER: AESH teaches=6B
             Fanny BRUN: ENS pp=6B teaches=6A",
        )
        .pupils(
            "Zoé DURAND 6A 6LATIN: Inès DURAND, Paul DURAND
             Léo DURAND 5A: Inès DURAND, Paul DURAND
             Tom PETIT 6B 6LATIN: Rosa PETIT
             Nour SADIK 6C: Lina SADIK",
        )
        .profile("Inès DURAND", profile(Connectivity::Smartphone, true, None))
        .profile("Rosa PETIT", profile(Connectivity::PhoneOnly, false, None))
        .profile("Lina SADIK", profile(Connectivity::None, false, Some("ar")))
        .settle()
        .await
}

const DURAND: [&str; 2] = ["Inès DURAND", "Paul DURAND"];

#[tokio::test]
async fn each_filter_of_families_means_whom_it_says() {
    let town = town().await;
    for (rule, expected) in [
        ("familles", &["Inès DURAND", "Paul DURAND", "Rosa PETIT", "Lina SADIK"][..]),
        ("familles classe:6a", &DURAND),
        ("familles classe:6B,6C", &["Rosa PETIT", "Lina SADIK"]),
        ("familles niveau:5e", &DURAND),
        ("familles niveau:6E classe:6B", &["Rosa PETIT"]),
        ("familles niveau:5e classe:6B", &[]),
        ("familles groupe:6latin", &["Inès DURAND", "Paul DURAND", "Rosa PETIT"]),
        ("familles connexion:smartphone", &DURAND),
        ("familles sans-numérique", &["Rosa PETIT", "Lina SADIK"]),
        ("familles sans-imprimante niveau:6e", &["Rosa PETIT", "Lina SADIK"]),
        ("familles langue:arabe", &["Lina SADIK"]),
        ("familles langue:ar", &["Lina SADIK"]),
        ("familles sauf sans-numérique", &DURAND),
        ("familles sauf classe:6B sauf langue:arabe", &DURAND),
        ("familles sauf connexion:aucune classe:6C", &["Inès DURAND", "Paul DURAND", "Rosa PETIT"]),
        (
            "familles sauf connexion:aucune classe:6B",
            &["Inès DURAND", "Paul DURAND", "Rosa PETIT", "Lina SADIK"],
        ),
    ] {
        assert_eq!(town.named(rule).await, expected, "{rule}");
    }
}

#[tokio::test]
async fn an_excluded_class_takes_pupils_away_and_siblings_still_count() {
    let town = town().await;
    let told = town.told("familles sauf classe:6A").await;
    assert_eq!(told[2], "Inès DURAND — Léo DURAND (5A)");
    assert_eq!(told.len(), 4);
}

#[tokio::test]
async fn a_household_is_counted_once_and_each_of_its_persons_is_written_to() {
    let town = town().await;
    let persons = ["Inès DURAND", "Paul DURAND", "Rosa PETIT", "Lina SADIK"];
    for (rule, households, expected) in [
        ("foyers", Some(3), &persons[..]),
        ("familles par foyer", Some(3), &persons),
        ("foyers sans-numérique", Some(2), &persons[2..]),
        // The profile was kept with her; he lives there too.
        ("foyers connexion:smartphone", Some(1), &persons[..2]),
        ("foyers classe:6A par responsable", None, &DURAND),
    ] {
        assert_eq!(town.named(rule).await, expected, "{rule}");
        let found = town.find(rule).await.unwrap();
        assert_eq!(found.households, households, "{rule}");
    }
}

#[tokio::test]
async fn each_filter_of_staff_means_whom_it_says() {
    let town = town().await;
    for (rule, expected) in [
        ("personnels fonction:enseignant", &["Fanny BRUN", "Anne LEROY", "Bela MOREAU"][..]),
        ("personnels fonction:Professeur", &["Fanny BRUN", "Anne LEROY", "Bela MOREAU"]),
        ("personnels fonction:ENS", &["Fanny BRUN", "Anne LEROY", "Bela MOREAU"]),
        ("personnels fonction:direction,cpe", &["Dora FAURE", "Cleo ROUX"]),
        ("personnels fonction:vie-scolaire", &["Dora FAURE"]),
        ("personnels fonction:aesh", &["Emma GARNIER"]),
        ("personnels compétence:ARABE", &["Anne LEROY"]),
        ("personnels compétence:pronote,arabe", &["Anne LEROY"]),
        ("personnels classe:6A", &["Fanny BRUN", "Anne LEROY"]),
        ("personnels classe:6B fonction:enseignant", &["Fanny BRUN", "Bela MOREAU"]),
        ("personnels niveau:5e", &["Anne LEROY"]),
        ("personnels groupe:6LATIN", &["Bela MOREAU"]),
        ("professeurs-principaux", &["Fanny BRUN", "Anne LEROY"]),
        ("professeurs-principaux classe:6A", &["Anne LEROY"]),
        ("professeurs-principaux niveau:6e", &["Fanny BRUN", "Anne LEROY"]),
        ("personnels sauf fonction:enseignant sauf classe:6B", &["Dora FAURE", "Cleo ROUX"]),
        (
            "personnels sauf professeurs-principaux",
            &["Dora FAURE", "Emma GARNIER", "Bela MOREAU", "Cleo ROUX"],
        ),
    ] {
        assert_eq!(town.named(rule).await, expected, "{rule}");
    }
}

#[tokio::test]
async fn everybody_is_families_and_staff() {
    let town = town().await;
    assert_eq!(town.named("tous").await.len(), 10);
    let of_6b = ["Rosa PETIT", "Fanny BRUN", "Emma GARNIER", "Bela MOREAU"];
    assert_eq!(town.named("tous classe:6B").await, of_6b);
    assert_eq!(town.named("tous sauf fonction:enseignant").await.len(), 7);
    assert_eq!(town.named("tous sauf personnels").await.len(), 4);
}

#[tokio::test]
async fn an_unknown_name_is_refused_with_the_known_ones() {
    let town = town().await;
    for (rule, words) in [
        ("familles classe:6Q", vec!["classe:6Q", "6A, 6B, 6C, 5A"]),
        ("familles classe:6A,6Q", vec!["classe:6Q"]),
        ("familles sauf classe:6Q", vec!["classe:6Q"]),
        ("familles niveau:7e", vec!["niveau:7e", "6e, 5e"]),
        ("familles groupe:6LATAIN", vec!["did you mean 6LATIN?"]),
        ("familles langue:arrabe", vec!["did you mean arabe?"]),
        ("personnels fonction:ensegnant", vec!["did you mean enseignant?", "AESH, direction"]),
        ("personnels compétence:turc", vec!["Pronote, arabe"]),
        ("personnels classe:7A", vec!["classe:7A"]),
        ("liste:voyage", vec!["liste:voyage", "there are: none"]),
        ("n'ayant pas reçu 7K4M", vec!["no message 7K4M"]),
        ("n'ayant pas répondu 7K4M", vec!["no message 7K4M"]),
        ("ayant répondu oui 7K4M", vec!["no message 7K4M"]),
    ] {
        let told = town.refusal(rule).await;
        for word in words {
            assert!(told.contains(word), "{rule}: no {word}: {told}");
        }
    }
}

#[tokio::test]
async fn names_with_blanks_are_quoted() {
    let town = Town::default()
        .adults("Inès DURAND: mail=ines\nRosa PETIT: mail=rosa")
        .pupils("Zoé DURAND CM1_A: Inès DURAND\nTom PETIT CM1_B: Rosa PETIT")
        .settle()
        .await;
    assert_eq!(town.named("familles classe:\"CM1 A\"").await, ["Inès DURAND"]);
    assert_eq!(town.named("familles classe:\"cm1-b\"").await, ["Rosa PETIT"]);
    assert_eq!(town.named("familles niveau:CM1").await.len(), 2);
}

#[tokio::test]
async fn a_school_that_is_not_imported_yet_refuses_no_class() {
    let town = Town::default().settle().await;
    for rule in ["familles classe:6A", "personnels fonction:direction", "tous niveau:6e"] {
        assert_eq!(town.find(rule).await.unwrap().chosen.len(), 0, "{rule}");
    }
}

#[tokio::test]
async fn a_recipient_is_told_how_their_household_is_connected() {
    let town = town().await;
    let told = |recipients: Vec<chappe::delivery::Recipient>| {
        recipients.into_iter().map(|it| it.connectivity).collect::<Vec<_>>()
    };
    let (guardians, _) = town.recipients("familles").await;
    let smartphone = Some(Connectivity::Smartphone);
    let others = [Some(Connectivity::PhoneOnly), Some(Connectivity::None)];
    // The profile was kept with her; he lives there too.
    assert_eq!(told(guardians), [smartphone, smartphone, others[0], others[1]]);
    let (staff, _) = town.recipients("personnels").await;
    assert!(told(staff).iter().all(Option::is_none));
}
