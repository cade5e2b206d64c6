//! Contacts that work: corrections by hand, states, lists.

use chappe::channel::Channel;
use chappe::directory::{CorrectError, RightContact};
use chappe::message::Proof;
use chappe::people::{By, ContactState};
use chappe::store::{StoreError, Tx, contact_points};

use super::*;

fn of_siecle(value: &str) -> (String, String) {
    (value.to_owned(), "siecle".to_owned())
}

fn by_hand(value: &str) -> (String, String) {
    (value.to_owned(), "hand".to_owned())
}

fn new_number() -> RightContact {
    RightContact::Phone { was: Some(number("+33639980001")), is: Some(number("+33639980002")) }
}

impl School {
    async fn correct(&self, right: RightContact) {
        let ines = PersonKey("siecle:9".to_owned());
        directory::correct(&self.store, &self.id, &ines, right, By::program(NOW)).await.unwrap();
    }

    async fn note(
        &self,
        note: impl FnOnce(&Tx<'_>, &SchoolId) -> Result<(), StoreError> + Send + 'static,
    ) {
        let id = self.id.clone();
        self.store.write(move |tx| note(tx, &id)).await.unwrap();
    }
}

#[tokio::test]
async fn a_correction_survives_every_import_until_the_source_says_the_same() {
    let school = School::new();
    let siecle = |number| zoe_and_her_mother(mobile(number));
    school.import(siecle("+33639980001")).await;
    school.correct(new_number()).await;
    let corrected = [by_hand("+33639980002"), by_hand("+33639980002")];
    assert_eq!(school.points("siecle:9").await, corrected, "at once");
    for _ in 0..2 {
        assert!(school.import(siecle("+33639980001")).await.is_empty());
        assert_eq!(school.points("siecle:9").await, corrected, "after an import");
    }
    assert_eq!(school.list(ContactList::ToCorrect).await, ["Inès DURAND phone +33639980002"]);
    school.import(siecle("+33639980002")).await;
    assert!(school.list(ContactList::ToCorrect).await.is_empty(), "SIECLE says the same now");
    school.import(siecle("+33639980003")).await;
    let siecle_again = [of_siecle("+33639980003"), of_siecle("+33639980003")];
    assert_eq!(school.points("siecle:9").await, siecle_again, "the source speaks for itself again");
}

#[tokio::test]
async fn a_corrected_address_stays_over_the_source_s() {
    let school = School::new();
    let siecle = || {
        let mut reading = zoe_and_her_mother(Vec::new());
        reading.persons[0].postal_address = Some(home("1 RUE DU MOULIN"));
        reading
    };
    school.import(siecle()).await;
    school.correct(RightContact::Post(home("2 RUE DU PUITS"))).await;
    assert!(school.import(siecle()).await.is_empty());
    let address = school.persons().await[0].person.postal_address.clone();
    assert_eq!(address, Some(home("2 RUE DU PUITS")));
}

#[tokio::test]
async fn a_contact_that_is_gone_stays_gone() {
    let school = School::new();
    let siecle = || zoe_and_her_mother(vec![email("old@example.org")]);
    school.import(siecle()).await;
    let was = EmailAddress::parse("old@example.org").ok();
    school.correct(RightContact::Email { was, is: None }).await;
    assert!(school.points("siecle:9").await.is_empty());
    assert!(school.import(siecle()).await.is_empty());
    assert!(school.points("siecle:9").await.is_empty(), "the import brought it back");
}

#[tokio::test]
async fn a_state_moves_by_what_was_learnt_and_never_over_a_stop() {
    use ContactState::{Dead, Failing, OptedOut, Unverified, Working};
    let school = School::new();
    school.import(zoe_and_her_mother(vec![email("ines@example.org")])).await;
    let point = || email("ines@example.org");
    let state = async || school.persons().await[0].points[0].state;
    assert_eq!(state().await, Unverified);
    school.note(move |tx, id| contact_points::note_failure(tx, id, &point(), NOW)).await;
    assert_eq!(state().await, Failing);
    school.note(move |tx, id| contact_points::note_failure(tx, id, &point(), NOW)).await;
    assert_eq!(state().await, Dead);
    school
        .note(move |tx, id| contact_points::note_proof(tx, id, &point(), Proof::Delivered, NOW))
        .await;
    assert_eq!(state().await, Working);
    let kept = &school.persons().await[0].points[0];
    assert_eq!((kept.proof, kept.proven_at), (Some(Proof::Delivered), Some(NOW)));
    let stop = move |tx: &Tx<'_>, id: &SchoolId| {
        contact_points::set_state(tx, id, &point(), OptedOut, NOW).map(|_| ())
    };
    school.note(stop).await;
    school.note(move |tx, id| contact_points::note_proof(tx, id, &point(), Proof::Read, NOW)).await;
    assert_eq!(state().await, OptedOut, "a late receipt took back a STOP");
    school.import(zoe_and_her_mother(vec![email("ines@example.org")])).await;
    assert_eq!(state().await, OptedOut, "an import took back a STOP");
}

#[tokio::test]
async fn each_list_names_what_it_says() {
    let school = School::new();
    school.import(zoe_and_her_mother(vec![email("ines@example.org")])).await;
    let unverified = ["Inès DURAND email ines@example.org"];
    assert_eq!(school.list(ContactList::NeverVerified).await, unverified);
    let missing = ["Inès DURAND sms ", "Inès DURAND letter "];
    assert_eq!(school.list(ContactList::Missing).await, missing);
    assert!(school.list(ContactList::Dead).await.is_empty());
    let point = email("ines@example.org");
    school
        .note(move |tx, id| {
            contact_points::set_state(tx, id, &point, ContactState::Dead, NOW).map(|_| ())
        })
        .await;
    assert!(school.list(ContactList::NeverVerified).await.is_empty());
    assert_eq!(school.list(ContactList::Dead).await, unverified);
    assert_eq!(school.list(ContactList::Missing).await.len(), 3, "a dead address is no address");
}

#[tokio::test]
async fn a_returned_letter_ends_the_postal_address_until_it_changes() {
    let school = School::new();
    let at = |street: &str| {
        let mut reading = zoe_and_her_mother(Vec::new());
        reading.persons[0].postal_address = Some(home(street));
        reading
    };
    school.import(at("1 RUE DU MOULIN")).await;
    let ines = PersonKey("siecle:9".to_owned());
    let key = ines.clone();
    let returned = move |tx: &Tx<'_>, id: &SchoolId| {
        people::set_post_state(tx, id, &key, &home("1 RUE DU MOULIN"), ContactState::Dead, NOW)
    };
    school.note(returned).await;
    let usable = async || {
        let (id, ines) = (school.id.clone(), ines.clone());
        let read = school.store.read(move |tx| people::person(tx, &id, &ines)).await;
        read.unwrap().unwrap().postal_address
    };
    assert_eq!(usable().await, None);
    assert_eq!(school.list(ContactList::Dead).await.len(), 1);
    school.import(at("1 RUE DU MOULIN")).await;
    assert_eq!(usable().await, None, "the same address again is no better");
    school.import(at("2 RUE DU PUITS")).await;
    assert_eq!(usable().await, Some(home("2 RUE DU PUITS")));
}

#[tokio::test]
async fn what_was_typed_beside_a_number_is_kept_with_it() {
    let school = School::new();
    let siecle = |remark: &str| {
        let mut reading = zoe_and_her_mother(mobile("+33639980001"));
        reading.persons[0].typed = vec![(number("+33639980001"), remark.to_owned())];
        reading
    };
    school.import(siecle("06 39 98 00 01 (après 18 h)")).await;
    let typed = async || school.persons().await[0].points[0].typed.clone();
    assert_eq!(typed().await.as_deref(), Some("06 39 98 00 01 (après 18 h)"));
    assert!(school.import(siecle("06 39 98 00 01 (après 18 h)")).await.is_empty());
    assert_eq!(school.import(siecle("06 39 98 00 01 (le soir)")).await.len(), 1);
    assert_eq!(typed().await.as_deref(), Some("06 39 98 00 01 (le soir)"));
}

#[tokio::test]
async fn a_correction_that_could_mean_several_is_refused_and_one_that_can_mean_one_is_taken() {
    let school = School::new();
    let two = vec![email("one@example.org"), email("two@example.org")];
    school.import(zoe_and_her_mother(two)).await;
    let ines = PersonKey("siecle:9".to_owned());
    let right = async |was: Option<&str>, is: Option<&str>| {
        let address = |it: &str| EmailAddress::parse(it).unwrap();
        let right = RightContact::Email { was: was.map(address), is: is.map(address) };
        directory::correct(&school.store, &school.id, &ines, right, By::program(NOW)).await
    };
    let which = right(None, Some("new@example.org")).await;
    assert!(matches!(which, Err(CorrectError::Which)), "{which:?}");
    let not_theirs = right(Some("three@example.org"), Some("new@example.org")).await;
    assert!(matches!(not_theirs, Err(CorrectError::NotTheirs)), "{not_theirs:?}");
    right(Some("one@example.org"), None).await.unwrap();
    right(None, Some("new@example.org")).await.unwrap();
    let values: Vec<String> =
        school.points("siecle:9").await.into_iter().map(|(value, _)| value).collect();
    assert_eq!(values, ["new@example.org"], "the only one left was meant");
}

#[tokio::test]
async fn a_correction_of_a_correction_is_one_and_taken_back_is_none() {
    let school = School::new();
    school.import(zoe_and_her_mother(mobile("+33639980001"))).await;
    let right =
        |was: &str, is: &str| RightContact::Phone { was: Some(number(was)), is: Some(number(is)) };
    school.correct(right("+33639980001", "+33639980002")).await;
    school.correct(right("+33639980002", "+33639980003")).await;
    assert_eq!(school.list(ContactList::ToCorrect).await, ["Inès DURAND phone +33639980003"]);
    assert!(school.import(zoe_and_her_mother(mobile("+33639980001"))).await.is_empty());
    assert_eq!(school.points("siecle:9").await.len(), 2, "both old numbers are gone");
    school.correct(right("+33639980003", "+33639980001")).await;
    assert!(school.list(ContactList::ToCorrect).await.is_empty());
}

#[tokio::test]
async fn a_stop_outlives_a_file_that_leaves_the_number_out() {
    let school = School::new();
    let siecle = |points| zoe_and_her_mother(points);
    school.import(siecle(mobile("+33639980001"))).await;
    let sms = ContactPoint::Sms(number("+33639980001"));
    let stop = move |tx: &Tx<'_>, id: &SchoolId| {
        contact_points::set_state(tx, id, &sms, ContactState::OptedOut, NOW).map(|_| ())
    };
    school.note(stop).await;
    school.import(siecle(Vec::new())).await;
    assert!(school.import(siecle(Vec::new())).await.is_empty(), "it is a change again and again");
    school.import(siecle(mobile("+33639980001"))).await;
    let points = &school.persons().await[0].points;
    let state = points.iter().find(|kept| kept.point.channel() == Channel::Sms).unwrap().state;
    assert_eq!(state, ContactState::OptedOut, "a STOP was forgotten with its number");
}

#[tokio::test]
async fn who_comes_back_has_the_contacts_of_today_alone() {
    let school = School::new();
    school.import(zoe_and_her_mother(mobile("+33639980001"))).await;
    let mut without = zoe_and_her_mother(Vec::new());
    without.pupils = vec![pupil("siecle:2", "Léo PETIT", "6B")];
    without.persons = vec![guardian("siecle:8", "Anne PETIT", Vec::new())];
    without.guardianships = vec![tie("siecle:2", "siecle:8")];
    school.import(without).await;
    school.import(zoe_and_her_mother(mobile("+33639980002"))).await;
    let points = school.points("siecle:9").await;
    assert!(points.iter().all(|(value, _)| value == "+33639980002"), "{points:?}");
    assert!(school.import(zoe_and_her_mother(mobile("+33639980002"))).await.is_empty());
}

#[tokio::test]
async fn what_a_table_gives_wrongly_is_put_right_for_every_import_to_come() {
    let school = School::new();
    let siecle = || zoe_and_her_mother(Vec::new());
    let table = || Reading {
        pupils: vec![pupil("table:z", "Zoé DURAND", "6A")],
        persons: vec![guardian("table:i", "Inès DURAND", mobile("+33639980001"))],
        guardianships: vec![tie("table:z", "table:i")],
        ..Reading::default()
    };
    school.import(siecle()).await;
    school.import(table()).await;
    school.correct(RightContact::Phone { was: Some(number("+33639980001")), is: None }).await;
    for reading in [siecle(), table(), siecle(), table()] {
        school.import(reading).await;
        assert!(school.points("siecle:9").await.is_empty(), "the wrong number is back");
    }
}
