//! Every shape of family, and to the letter who is written to, about whom, by which ways, who shares
//! a copy with whom, and who is left out: for each guardian, each household, each pupil.

use std::fmt::Write as _;

use chappe::audience::Unit;
use chappe::channel::Channel;
use chappe::delivery::Recipient;
use chappe::people::{Person, Restriction};

use super::town::{Settled, Town, about, streets};

/// What a rule gives, told line by line.
async fn told(town: &Settled, rule: &str) -> String {
    let (recipients, left_out) = town.recipients(rule).await;
    let mut lines: Vec<String> = recipients
        .iter()
        .map(|it| {
            let ways: Vec<String> = it.reach().iter().map(ToString::to_string).collect();
            format!("{} — {} [{}]", it.name, about(it), ways.join(" "))
        })
        .collect();
    lines.extend(shared(&recipients));
    lines.extend(left_out.iter().map(|it| format!("sans : {} — {}", it.name, it.reason)));
    for recipient in &recipients {
        assert_knows_only_its_own(town, recipient, rule);
    }
    lines.join("\n")
}

/// `sms : Inès DURAND + Paul DURAND`, for each address that one delivery serves.
fn shared(recipients: &[Recipient]) -> Vec<String> {
    let mut lines = Vec::new();
    for channel in Channel::ALL {
        let mut keys: Vec<&String> =
            recipients.iter().filter_map(|it| it.shared.get(&channel)).collect();
        keys.dedup();
        let mut seen = std::collections::HashSet::new();
        for key in keys.into_iter().filter(|key| seen.insert(*key)) {
            let sharers = recipients.iter().filter(|it| it.shared.get(&channel) == Some(key));
            let names: Vec<&str> = sharers.map(|it| it.name.as_str()).collect();
            assert!(names.len() > 1, "{names:?} share {channel} with nobody");
            lines.push(format!("{channel} : {}", names.join(" + ")));
        }
    }
    lines
}

/// What is kept of a recipient holds no name, address or number of another adult, unless they are of
/// the same household or have it in common.
fn assert_knows_only_its_own(town: &Settled, recipient: &Recipient, rule: &str) {
    let kept = serde_json::to_string(recipient).unwrap();
    let own: Vec<&Person> = vec![town.person(&recipient.person)];
    let own_streets = streets(&own);
    let own_points: Vec<_> = own.iter().flat_map(|person| &person.contact_points).collect();
    let is_other = |person: &&Person| own.iter().all(|one| one.key != person.key);
    for other in town.persons.iter().filter(is_other) {
        let name = other.display_name();
        let is_their_pupil = recipient.about.iter().any(|pupil| pupil.name == name);
        let is_namesake = own.iter().any(|one| one.display_name() == name);
        if !is_their_pupil && !is_namesake {
            assert!(!kept.contains(&name), "{rule}: {} knows of {name}", recipient.name);
        }
        for street in streets(&[other]).difference(&own_streets) {
            assert!(!kept.contains(street), "{rule}: {} knows {street}", recipient.name);
        }
        for point in other.contact_points.iter().filter(|point| !own_points.contains(point)) {
            let value = point.value();
            assert!(!kept.contains(value), "{rule}: {} knows {value}", recipient.name);
        }
    }
    let is_about = |name: &str| recipient.about.iter().any(|pupil| pupil.name == name);
    for pupil in town.pupils.iter().map(chappe::people::Pupil::display_name) {
        let is_own = is_about(&pupil) || own.iter().any(|one| one.display_name() == pupil);
        assert!(is_own || !kept.contains(&pupil), "{rule}: {} knows {pupil}", recipient.name);
    }
}

/// The three answers of one shape: a guardian, a household, a pupil.
async fn assert_shape(town: Town, expected: [&str; 3]) {
    assert_told(&town.settle().await, "familles", expected).await;
}

async fn assert_told(town: &Settled, base: &str, expected: [&str; 3]) {
    for (unit, expected) in Unit::ALL.into_iter().zip(expected) {
        let rule = format!("{base} par {}", unit.as_str());
        let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
        assert_eq!(told(town, &rule).await, expected.join("\n"), "{rule}");
    }
}

fn together() -> Town {
    Town::default().adults(
        "Inès DURAND: ent mail=ines mobile=01 home=LILAS
         Paul DURAND: ent mail=paul mobile=02 home=lilas",
    )
}

fn apart() -> Town {
    Town::default().adults(
        "Inès DURAND: mail=ines mobile=01 home=LILAS
         Paul MARTIN: mail=paul mobile=02 home=ROSES",
    )
}

#[tokio::test]
async fn parents_who_live_together_share_a_letter_and_have_each_their_own_mailbox() {
    let both = "Inès DURAND — Zoé DURAND (6A) [ent email sms phone letter]
                Paul DURAND — Zoé DURAND (6A) [ent email sms phone letter]
                letter : Inès DURAND + Paul DURAND";
    let town = together().pupils("Zoé DURAND 6A: Inès DURAND, Paul DURAND");
    assert_shape(town, [both, both, both]).await;
}

#[tokio::test]
async fn parents_at_two_addresses_get_two_mailings_that_never_name_the_other() {
    let both = "Inès DURAND — Zoé DURAND (6A) [email sms phone letter]
                Paul MARTIN — Zoé DURAND (6A) [email sms phone letter]";
    let town = apart().pupils("Zoé DURAND 6A: Inès DURAND, Paul MARTIN");
    assert_shape(town, [both, both, both]).await;
}

#[tokio::test]
async fn parents_with_one_mobile_and_two_addresses_get_one_text_and_two_letters() {
    let both = "Inès DURAND — Zoé DURAND (6A) [sms phone letter]
                Paul MARTIN — Zoé DURAND (6A) [sms phone letter]
                sms : Inès DURAND + Paul MARTIN
                phone : Inès DURAND + Paul MARTIN";
    let town = Town::default()
        .adults("Inès DURAND: mobile=01 home=LILAS\nPaul MARTIN: mobile=01 home=ROSES")
        .pupils("Zoé DURAND 6A: Inès DURAND, Paul MARTIN");
    assert_shape(town, [both, both, both]).await;
}

#[tokio::test]
async fn parents_with_one_mailbox_and_two_addresses_get_one_mail_and_two_letters() {
    let both = "Inès DURAND — Zoé DURAND (6A) [email letter]
                Paul MARTIN — Zoé DURAND (6A) [email letter]
                email : Inès DURAND + Paul MARTIN";
    let town = Town::default()
        .adults("Inès DURAND: mail=famille home=LILAS\nPaul MARTIN: mail=Famille home=ROSES")
        .pupils("Zoé DURAND 6A: Inès DURAND, Paul MARTIN");
    assert_shape(town, [both, both, both]).await;
}

#[tokio::test]
async fn siblings_in_two_classes_are_one_copy_or_a_copy_each_that_nothing_merges() {
    let town = Town::default()
        .adults("Inès DURAND: mail=durand home=LILAS\nPaul DURAND: mail=durand home=LILAS")
        .pupils("Zoé DURAND 6A: Inès DURAND, Paul DURAND\nLéo DURAND 3B: Inès DURAND, Paul DURAND");
    let once = "Inès DURAND — Zoé DURAND (6A), Léo DURAND (3B) [email letter]
                Paul DURAND — Zoé DURAND (6A), Léo DURAND (3B) [email letter]
                email : Inès DURAND + Paul DURAND
                letter : Inès DURAND + Paul DURAND";
    assert_shape(
        town,
        [
            once,
            once,
            "Inès DURAND — Zoé DURAND (6A) [email letter]
             Paul DURAND — Zoé DURAND (6A) [email letter]
             Inès DURAND — Léo DURAND (3B) [email letter]
             Paul DURAND — Léo DURAND (3B) [email letter]
             email : Inès DURAND + Paul DURAND
             email : Inès DURAND + Paul DURAND
             letter : Inès DURAND + Paul DURAND
             letter : Inès DURAND + Paul DURAND",
        ],
    )
    .await;
}

#[tokio::test]
async fn in_a_blended_family_nobody_is_told_of_a_child_that_is_not_theirs() {
    // Hugo is no representative of Zoé: a copy about her brother alone must not stand in for her
    // mother's, even at one address.
    let town = Town::default()
        .adults(
            "Inès DURAND: mail=maison home=LILAS
             Hugo PETIT: mail=maison home=LILAS
             Paul MARTIN: mail=paul home=ROSES",
        )
        .pupils("Zoé MARTIN 6A: Inès DURAND, Paul MARTIN\nTom PETIT 3B: Inès DURAND, Hugo PETIT");
    let each = "Inès DURAND — Zoé MARTIN (6A), Tom PETIT (3B) [email letter]
                Paul MARTIN — Zoé MARTIN (6A) [email letter]
                Hugo PETIT — Tom PETIT (3B) [email letter]";
    assert_shape(
        town,
        [
            each,
            each,
            "Inès DURAND — Zoé MARTIN (6A) [email letter]
             Paul MARTIN — Zoé MARTIN (6A) [email letter]
             Hugo PETIT — Tom PETIT (3B) [email letter]
             Inès DURAND — Tom PETIT (3B) [email letter]
             email : Hugo PETIT + Inès DURAND
             letter : Hugo PETIT + Inès DURAND",
        ],
    )
    .await;
}

#[tokio::test]
async fn three_representatives_are_all_written_to() {
    let town = Town::default()
        .adults(
            "Inès DURAND: mail=ines home=LILAS
             Paul MARTIN: mail=paul home=ROSES
             Rosa MARTIN: mail=rosa home=ROSES",
        )
        .pupils("Zoé DURAND 6A: Inès DURAND, Paul MARTIN, Rosa MARTIN");
    let each = "Inès DURAND — Zoé DURAND (6A) [email letter]
                Paul MARTIN — Zoé DURAND (6A) [email letter]
                Rosa MARTIN — Zoé DURAND (6A) [email letter]
                letter : Paul MARTIN + Rosa MARTIN";
    assert_shape(town, [each, each, each]).await;
}

#[tokio::test]
async fn three_who_live_together_share_one_letter() {
    let town = Town::default()
        .adults("Anne LE: home=LILAS\nBela LE: home=LILAS mail=bela\nCleo LE: home=LILAS mobile=01")
        .pupils("Zoé LE 6A: Anne LE, Bela LE, Cleo LE");
    let each = "Anne LE — Zoé LE (6A) [letter]
                Bela LE — Zoé LE (6A) [email letter]
                Cleo LE — Zoé LE (6A) [sms phone letter]
                letter : Anne LE + Bela LE + Cleo LE";
    assert_shape(town, [each, each, each]).await;
}

#[tokio::test]
async fn caretakers_and_emergency_contacts_are_no_recipients() {
    let one = "Inès DURAND — Zoé DURAND (6A) [email letter]";
    let town = Town::default()
        .adults(
            "Inès DURAND: mail=ines home=LILAS
             Rosa PETIT: mail=rosa home=LILAS
             Hugo PETIT: mobile=03",
        )
        .pupils("Zoé DURAND 6A: Inès DURAND, Rosa PETIT (charge), Hugo PETIT (urgence)");
    assert_shape(town, [one, one, one]).await;
}

#[tokio::test]
async fn grandparents_at_the_same_address_are_one_household_when_they_represent_the_pupil() {
    let town = Town::default()
        .adults(
            "Inès DURAND: mail=ines home=LILAS
             Rosa DURAND: mobile=02 home=LILAS
             Emile DURAND: mobile=03 home=LILAS",
        )
        .pupils("Zoé DURAND 6A: Inès DURAND, Rosa DURAND, Emile DURAND (charge)");
    let each = "Inès DURAND — Zoé DURAND (6A) [email letter]
                Rosa DURAND — Zoé DURAND (6A) [sms phone letter]
                letter : Inès DURAND + Rosa DURAND";
    assert_shape(town, [each, each, each]).await;
}

#[tokio::test]
async fn one_parent_alone_is_one_recipient() {
    let one = "Inès DURAND — Zoé DURAND (6A) [email]";
    let town =
        Town::default().adults("Inès DURAND: mail=ines").pupils("Zoé DURAND 6A: Inès DURAND");
    assert_shape(town, [one, one, one]).await;
}

#[tokio::test]
async fn a_pupil_without_anybody_is_left_out_by_name() {
    let none = "sans : Zoé DURAND — aucun représentant légal connu";
    let town = Town::default().adults("Rosa PETIT: mobile=01").pupils("Zoé DURAND 6A:");
    assert_shape(town, [none, none, none]).await;
}

#[tokio::test]
async fn an_adult_pupil_gets_their_own_mail_beside_their_parents() {
    let town = Town::default()
        .adults(
            "Inès DURAND: mail=ines home=LILAS
             Paul DURAND: mail=paul home=LILAS
             Zoé DURAND: mail=zoe home=LILAS",
        )
        .pupils("Zoé DURAND TG1: Inès DURAND, Paul DURAND, Zoé DURAND (soi)");
    let each = "Inès DURAND — Zoé DURAND (TG1) [email letter]
                Paul DURAND — Zoé DURAND (TG1) [email letter]
                Zoé DURAND — Zoé DURAND (TG1) [email letter]
                letter : Inès DURAND + Paul DURAND + Zoé DURAND";
    assert_shape(town, [each, each, each]).await;
}

#[tokio::test]
async fn a_parent_to_whom_an_adult_pupil_objects_is_left_out() {
    let town = Town::default()
        .adults("Inès DURAND: mail=ines\nZoé DURAND: mail=zoe")
        .pupils("Zoé DURAND TG1: Inès DURAND, Zoé DURAND (soi)")
        .restricted("Zoé DURAND", "Inès DURAND", Restriction::Objection);
    let one = "Zoé DURAND — Zoé DURAND (TG1) [email]
               sans : Inès DURAND — opposition de l’élève majeur (au sujet de Zoé DURAND)";
    assert_shape(town, [one, one, one]).await;
}

#[tokio::test]
async fn a_parent_whom_a_court_restricts_is_left_out_with_the_reason() {
    let one = "Inès DURAND — Zoé DURAND (6A) [email sms phone letter]
               sans : Paul MARTIN — décision de justice (au sujet de Zoé DURAND)";
    let town = apart().pupils("Zoé DURAND 6A: Inès DURAND, Paul MARTIN").restricted(
        "Zoé DURAND",
        "Paul MARTIN",
        Restriction::Court,
    );
    assert_shape(town, [one, one, one]).await;
}

#[tokio::test]
async fn a_pupil_whose_only_representative_is_restricted_is_left_to_a_human() {
    let none = "sans : Inès DURAND — décision de justice (au sujet de Zoé DURAND)
                sans : Zoé DURAND — aucun représentant légal à qui écrire";
    let town = Town::default()
        .adults("Inès DURAND: mail=ines")
        .pupils("Zoé DURAND 6A: Inès DURAND")
        .restricted("Zoé DURAND", "Inès DURAND", Restriction::Court);
    assert_shape(town, [none, none, none]).await;
}

#[tokio::test]
async fn who_is_restricted_about_one_child_is_told_of_the_other_alone_even_at_home() {
    let town = together()
        .pupils("Zoé DURAND 6A: Inès DURAND, Paul DURAND\nLéo DURAND 3B: Inès DURAND, Paul DURAND")
        .restricted("Zoé DURAND", "Paul DURAND", Restriction::Court);
    // The letter would lie in the house where he lives.
    let guardians = "Inès DURAND — Zoé DURAND (6A), Léo DURAND (3B) [ent email sms phone]
                     Paul DURAND — Léo DURAND (3B) [ent email sms phone letter]
                     sans : Inès DURAND — pas par courrier au sujet de Zoé DURAND : une personne qui \
                     ne doit rien en recevoir a la même adresse
                     sans : Paul DURAND — décision de justice (au sujet de Zoé DURAND)";
    assert_shape(
        town,
        [
            guardians,
            guardians,
            "Inès DURAND — Zoé DURAND (6A) [ent email sms phone]
             Inès DURAND — Léo DURAND (3B) [ent email sms phone letter]
             Paul DURAND — Léo DURAND (3B) [ent email sms phone letter]
             letter : Inès DURAND + Paul DURAND
             sans : Inès DURAND — pas par courrier au sujet de Zoé DURAND : une personne qui ne doit \
             rien en recevoir a la même adresse
             sans : Paul DURAND — décision de justice (au sujet de Zoé DURAND)",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_parent_who_works_there_is_written_to_as_both() {
    let town = Town::default()
        .adults("Anne LEROY: mail=anne home=LILAS")
        .staff("Anne LEROY: ENS pp=6A mail=anne")
        .pupils("Zoé LEROY 6A: Anne LEROY")
        .settle()
        .await;
    let both = "Anne LEROY — Zoé LEROY (6A) [email letter]\nAnne LEROY —  [email]";
    assert_told(&town, "tous", [both, both, both]).await;
    assert_eq!(town.named("familles").await, ["Anne LEROY"]);
    assert_eq!(town.named("personnels").await, ["Anne LEROY"]);
}

#[tokio::test]
async fn the_family_of_a_pupil_who_left_is_not_written_to() {
    let one = "Inès DURAND — Léo DURAND (3B) [email]";
    let town = Town::default()
        .adults("Inès DURAND: mail=ines\nPaul MARTIN: mail=paul")
        .pupils("Zoé DURAND 6A parti: Inès DURAND, Paul MARTIN\nLéo DURAND 3B: Inès DURAND");
    assert_shape(town, [one, one, one]).await;
}

#[tokio::test]
async fn strangers_with_one_number_in_one_house_share_nothing() {
    let both = "Inès DURAND — Zoé DURAND (6A) [sms phone letter]
                Rosa PETIT — Zoé PETIT (6A) [sms phone letter]";
    let town = Town::default()
        .adults("Inès DURAND: mobile=01 home=LILAS\nRosa PETIT: mobile=01 home=LILAS")
        .pupils("Zoé DURAND 6A: Inès DURAND\nZoé PETIT 6A: Rosa PETIT");
    assert_shape(town, [both, both, both]).await;
}

#[tokio::test]
async fn a_household_without_any_contact_point_is_still_a_recipient() {
    let each = "Inès DURAND — Zoé DURAND (6A) []\nPaul DURAND — Zoé DURAND (6A) []";
    let town = Town::default()
        .adults("Inès DURAND:\nPaul DURAND:")
        .pupils("Zoé DURAND 6A: Inès DURAND, Paul DURAND");
    assert_shape(town, [each, each, each]).await;
}

#[tokio::test]
async fn an_educator_of_many_gets_one_copy_or_one_a_pupil() {
    let town = Town::default()
        .adults("Hugo PETIT: mail=foyer home=LILAS\nInès DURAND: mail=ines home=ROSES")
        .pupils(
            "Zoé DURAND 6A: Hugo PETIT, Inès DURAND
             Tom MOREAU 6A: Hugo PETIT
             Lou GARCIA 6B: Hugo PETIT",
        );
    assert_shape(
        town,
        [
            "Hugo PETIT — Zoé DURAND (6A), Tom MOREAU (6A), Lou GARCIA (6B) [email letter]
             Inès DURAND — Zoé DURAND (6A) [email letter]",
            "Hugo PETIT — Zoé DURAND (6A), Tom MOREAU (6A), Lou GARCIA (6B) [email letter]
             Inès DURAND — Zoé DURAND (6A) [email letter]",
            "Hugo PETIT — Zoé DURAND (6A) [email letter]
             Inès DURAND — Zoé DURAND (6A) [email letter]
             Hugo PETIT — Tom MOREAU (6A) [email letter]
             Hugo PETIT — Lou GARCIA (6B) [email letter]",
        ],
    )
    .await;
}

/// They are read a few at a time: one who stands at the seam between two readings is as the others are.
#[tokio::test]
async fn forty_families_and_one_of_twenty_children_are_read_whole() {
    let mut adults = "Rosa PETIT: mail=rosa home=ROSES\n".to_owned();
    let mut pupils = String::new();
    for number in 1..=40 {
        writeln!(adults, "A{number} NOM{number}: mail=m{number} mobile={number:02}").unwrap();
        writeln!(pupils, "E{number} NOM{number} 6A: A{number} NOM{number}").unwrap();
    }
    for number in 1..=20 {
        writeln!(pupils, "P{number} PETIT 5B: Rosa PETIT").unwrap();
    }
    let town = Town::default().adults(&adults).pupils(&pupils).settle().await;
    for (unit, copies_of_rosa) in Unit::ALL.into_iter().zip([1, 1, 20]) {
        let (recipients, _) = town.recipients(&format!("familles par {}", unit.as_str())).await;
        assert_eq!(recipients.len(), 40 + copies_of_rosa, "{}", unit.as_str());
        for one in &recipients {
            let person = town.person(&one.person);
            assert_eq!(one.name, person.display_name());
            let email = one.email.as_ref().map(|it| it.as_str().to_owned());
            let own = person.contact_points.iter().map(|it| it.value().to_owned()).next();
            assert_eq!(email, own, "{}", one.name);
            assert_eq!(one.post, person.postal_address, "{}", one.name);
        }
    }
}
