//! Which account of the ENT is whose.

use chappe::directory::{Linked, Listing, link_ent_accounts};
use chappe::office::Unlinked;
use chappe::providers::ListedAccount;
use chappe::store::{Tx, ent_lookups};

use super::*;

fn account(id: &str, name: &str, pupils: &[&str]) -> ListedAccount {
    let pupils = pupils.iter().map(|it| (*it).to_owned()).collect();
    ListedAccount { id: id.to_owned(), display_name: name.to_owned(), is_staff: false, pupils }
}

fn adult(key: &str, name: &str, role: Role) -> Person {
    let (first_name, family_name) = name.split_once(' ').unwrap();
    Person {
        key: PersonKey(key.to_owned()),
        role,
        civility: None,
        family_name: family_name.to_owned(),
        usage_name: None,
        first_name: first_name.to_owned(),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: None,
        accepts_sms: true,
    }
}

/// Guardians with one pupil each, and colleagues.
fn reading(guardians: &[(&str, &str, &str)], staff: &[(&str, &str)]) -> Reading {
    let mut reading = Reading { covers: EVERYBODY, ..Reading::default() };
    for (key, name, pupil) in guardians {
        let (first_name, family_name) = pupil.split_once(' ').unwrap();
        let pupil_key = PupilKey(format!("siecle:{pupil}"));
        reading.persons.push(adult(key, name, Role::Guardian));
        reading.guardianships.push(Guardianship {
            pupil: pupil_key.clone(),
            person: PersonKey((*key).to_owned()),
            standing: Standing::LegalRepresentative,
            kinship: 10,
        });
        reading.pupils.push(Pupil {
            key: pupil_key,
            family_name: family_name.to_owned(),
            usage_name: Some("USUEL".to_owned()),
            first_name: first_name.to_owned(),
            class: Some("6A".to_owned()),
            groups: Vec::new(),
            level: None,
            left_on: None,
        });
    }
    let staff = staff.iter().map(|(key, name)| adult(key, name, Role::Staff(Box::default())));
    reading.persons.extend(staff);
    reading
}

impl School {
    async fn link(&self, accounts: Vec<ListedAccount>) -> Linked {
        self.link_listed(Listing::whole(accounts)).await
    }

    async fn link_listed(&self, listing: Listing) -> Linked {
        let id = self.id.clone();
        let link = move |tx: &Tx<'_>| link_ent_accounts(tx, &id, &listing, NOW);
        self.store.write(link).await.unwrap()
    }

    /// The account of each person who has one.
    async fn accounts(&self) -> Vec<(String, String)> {
        let persons = self.persons().await.into_iter();
        persons
            .filter_map(|kept| {
                Some((kept.person.key.0, kept.points.first()?.point.value().to_owned()))
            })
            .collect()
    }
}

fn tied(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(person, id)| ((*person).to_owned(), (*id).to_owned())).collect()
}

#[tokio::test]
async fn namesakes_are_told_apart_by_their_pupils_and_by_what_they_are() {
    let school = School::new();
    let guardians =
        [("siecle:1", "Marie MARTIN", "Léo MARTIN"), ("siecle:2", "Marie MARTIN", "Zoé PETIT")];
    school.import(reading(&guardians, &[("sts:3", "Marie MARTIN")])).await;
    let teacher = ListedAccount { is_staff: true, ..account("u-3", "MARIE MARTIN", &[]) };
    let accounts = vec![
        account("u-1", "Marie Martin", &["LEO MARTIN"]),
        account("u-2", "Marie MARTIN", &["Usuel Zoe", "Tom AUTRE"]),
        teacher,
    ];
    let linked = school.link(accounts).await;
    assert_eq!(linked, Linked { linked: 3, ..Linked::default() });
    let expected = tied(&[("siecle:1", "u-1"), ("siecle:2", "u-2"), ("sts:3", "u-3")]);
    assert_eq!(school.accounts().await, expected);
}

#[tokio::test]
async fn an_account_of_a_stranger_with_the_name_is_nobody_s_and_is_taken_back() {
    let school = School::new();
    school.import(reading(&[("siecle:1", "Marie MARTIN", "Léo MARTIN")], &[])).await;
    // An older ENT told the name alone.
    assert_eq!(school.link(vec![account("u-9", "Marie MARTIN", &[])]).await.linked, 1);
    assert_eq!(school.accounts().await, tied(&[("siecle:1", "u-9")]));
    let linked = school.link(vec![account("u-9", "Marie MARTIN", &["Jules LOIN"])]).await;
    assert_eq!(linked, Linked { unknown: 1, untied: 1, ..Linked::default() });
    assert_eq!(school.accounts().await, []);
}

#[tokio::test]
async fn accounts_that_fit_two_or_share_one_person_are_tied_to_nobody() {
    let school = School::new();
    let guardians =
        [("siecle:1", "Marie MARTIN", "Léo MARTIN"), ("siecle:2", "Marie MARTIN", "Zoé PETIT")];
    school.import(reading(&guardians, &[])).await;
    let linked = school.link(vec![account("u-1", "Marie MARTIN", &[])]).await;
    assert_eq!(linked, Linked { ambiguous: 1, ..Linked::default() });
    let both = vec![
        account("u-1", "Marie MARTIN", &["Léo MARTIN"]),
        account("u-2", "Marie MARTIN", &["Léo MARTIN"]),
    ];
    assert_eq!(school.link(both).await, Linked { ambiguous: 2, ..Linked::default() });
    assert_eq!(school.accounts().await, []);
}

#[tokio::test]
async fn an_account_that_a_second_one_makes_ambiguous_is_taken_back() {
    let school = School::new();
    let guardians =
        [("siecle:1", "Marie MARTIN", "Léo MARTIN"), ("siecle:2", "Anne LEROY", "Zoé LEROY")];
    school.import(reading(&guardians, &[])).await;
    let anne = account("u-2", "Anne LEROY", &["Zoé LEROY"]);
    let first = vec![account("u-9", "Marie MARTIN", &[]), anne.clone()];
    assert_eq!(school.link(first).await.linked, 2);
    let both = vec![
        account("u-9", "Marie MARTIN", &[]),
        account("u-1", "Marie MARTIN", &[]),
        anne.clone(),
    ];
    let expected = Linked { linked: 1, ambiguous: 2, untied: 1, ..Linked::default() };
    assert_eq!(school.link(both.clone()).await, expected);
    assert_eq!(school.accounts().await, tied(&[("siecle:2", "u-2")]));
    assert_eq!(school.link(both).await.untied, 0, "it is told once");
    // A namesake among the guardians does it as well.
    assert_eq!(school.link(vec![account("u-1", "Marie MARTIN", &[]), anne]).await.linked, 2);
    let namesake = [guardians[0], guardians[1], ("siecle:3", "Marie MARTIN", "Tom PETIT")];
    school.import(reading(&namesake, &[])).await;
    assert_eq!(school.link(vec![account("u-1", "Marie MARTIN", &[])]).await.untied, 2);
    assert_eq!(school.accounts().await, []);
}

#[tokio::test]
async fn an_account_that_left_the_list_is_nobody_s_but_an_empty_list_says_nothing() {
    let folder = TempDir::new().unwrap();
    for store in databases::both(folder.path()) {
        let id = SchoolId::parse("0319999Z").unwrap();
        let school = School { _folder: TempDir::new().unwrap(), store, id };
        let guardians =
            [("siecle:1", "Marie MARTIN", "Léo MARTIN"), ("siecle:2", "Anne LEROY", "Zoé LEROY")];
        school.import(reading(&guardians, &[])).await;
        let accounts = ["u-1", "u-2"].into_iter().zip(["Marie MARTIN", "Anne LEROY"]);
        school.link(accounts.map(|(id, name)| account(id, name, &[])).collect()).await;
        assert_eq!(school.link(Vec::new()).await, Linked::default());
        assert_eq!(school.accounts().await, tied(&[("siecle:1", "u-1"), ("siecle:2", "u-2")]));
        // Hers was closed; Anne's was made anew.
        let linked = school.link(vec![account("u-3", "Anne LEROY", &[])]).await;
        assert_eq!(linked, Linked { linked: 1, untied: 2, ..Linked::default() });
        assert_eq!(school.accounts().await, tied(&[("siecle:2", "u-3")]));
    }
}

#[tokio::test]
async fn a_list_that_is_not_whole_takes_only_what_it_tells_to_be_another_s() {
    let school = School::new();
    let guardians = [
        ("siecle:1", "Marie MARTIN", "Léo MARTIN"),
        ("siecle:2", "Anne LEROY", "Zoé LEROY"),
        ("siecle:3", "Paul PETIT", "Tom PETIT"),
        ("siecle:4", "Rosa BENALI", "Lina BENALI"),
    ];
    school.import(reading(&guardians, &[])).await;
    let all = [
        ("u-1", "Marie MARTIN"),
        ("u-2", "Anne LEROY"),
        ("u-3", "Paul PETIT"),
        ("u-4", "Rosa BENALI"),
    ];
    let linked = school.link(all.map(|(id, name)| account(id, name, &[])).to_vec()).await;
    assert_eq!(linked.linked, 4);
    // Of Marie it says nothing; Anne's was made anew, Paul's is a stranger's, Rosa's may be one of two.
    let accounts = vec![
        account("u-5", "Anne LEROY", &[]),
        account("u-3", "Paul PETIT", &["Jules LOIN"]),
        account("u-4", "Rosa BENALI", &[]),
        account("u-6", "Rosa BENALI", &[]),
    ];
    let linked = school.link_listed(Listing { accounts, is_whole: false }).await;
    assert_eq!(linked, Linked { linked: 1, ambiguous: 2, unknown: 1, untied: 3 });
    assert_eq!(school.accounts().await, tied(&[("siecle:1", "u-1"), ("siecle:2", "u-5")]));
}

#[tokio::test]
async fn it_is_known_of_whom_the_ent_was_not_asked_yet() {
    let folder = TempDir::new().unwrap();
    for store in databases::both(folder.path()) {
        let id = SchoolId::parse("0319999Z").unwrap();
        let school = School { _folder: TempDir::new().unwrap(), store, id };
        let awaited = async || {
            let id = school.id.clone();
            school.store.read(move |tx| ent_lookups::awaited(tx, &id)).await.unwrap().len()
        };
        school.import(reading(&[("siecle:1", "Marie MARTIN", "Léo MARTIN")], &[])).await;
        assert_eq!(awaited().await, 1);
        school.link(Vec::new()).await;
        assert_eq!(awaited().await, 0, "it was asked, and there is none");
        let guardians =
            [("siecle:1", "Marie MARTIN", "Léo MARTIN"), ("siecle:2", "Anne LEROY", "Zoé LEROY")];
        school.import(reading(&guardians, &[])).await;
        assert_eq!(awaited().await, 1, "the newcomer");
    }
}

#[test]
fn more_than_half_are_most() {
    assert!(Unlinked { count: 2, of: 3 }.are_most());
    assert!(!Unlinked { count: 2, of: 4 }.are_most() && !Unlinked { count: 0, of: 0 }.are_most());
}
