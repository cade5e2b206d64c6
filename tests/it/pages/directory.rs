//! Annuaire: who is found, what their page says, what is put right, and who may look at whom.

use std::collections::BTreeSet;

use chappe::accounts::{Account, AccountRole, Right};
use chappe::directory;
use chappe::email_address::EmailAddress;
use chappe::office::{self, NewAccount};
use chappe::people::{Actor, ContactPoint, ContactState, Duties, Handle, PersonKey, Role, Whom};
use chappe::store::{Tx, contact_points};
use reqwest::{Method, StatusCode};

use super::site::Site;
use crate::browser::{Browser, Page, Visitor};
use crate::promises::people::{People, Way, home};

/// Two families of two classes; the first has a name that would be a script where nobody minds it.
fn people() -> (People, PersonKey, PersonKey) {
    let mut people = People::none();
    let helene = people.guardian(
        "Hélène <script>alert(1)</script>",
        &[Way::Email("helene@example.org"), Way::Home("1 rue \"du\" Port")],
    );
    let karim = people.guardian("Karim BENALI", &[Way::Email("karim@example.org")]);
    people.pupil("Zoé O'<b>NEIL' onload='x", "6 A&B", &[&helene]);
    people.pupil("Léo PETIT", "6B", &[&helene]);
    people.pupil("Sami BENALI", "6B", &[&karim]);
    people.reading.pupils[0].groups = vec!["6<i>LATIN".to_owned()];
    let leroy = people.guardian("Anne <a>LEROY", &[]);
    people.person(&leroy).role = Role::Staff(Box::new(Duties {
        function: "<u>CPE".to_owned(),
        form_teacher_of: vec!["6B".to_owned()],
        skills: vec!["<s>arabe".to_owned()],
        ..Duties::default()
    }));
    (people, helene, karim)
}

async fn open() -> (Site, String, String) {
    let (people, helene, karim) = people();
    let site = Site::of(people).await;
    let path = |key: &PersonKey| format!("/annuaire/personnes/{}", Handle::of_person(key));
    (site, path(&helene), path(&karim))
}

/// Somebody of the whole school who may do all.
async fn head(site: &Site) -> Visitor {
    let account = site.account_with("tete", AccountRole::Direction, Some(&Right::ALL)).await;
    site.signed_in(&account).await
}

/// The professeur principal of a class, who may edit too.
async fn teacher(site: &Site, class: &str) -> Visitor {
    let new = NewAccount {
        login: "prof".to_owned(),
        name: "Paul Prof".to_owned(),
        role: AccountRole::HeadTeacher,
        rights: Some(Right::ALL.into_iter().collect()),
        classes: vec![class.to_owned()],
        pupils: Vec::new(),
    };
    let account: Account = office::add_account(site.school(), Actor::Program, new).await.unwrap();
    site.signed_in(&account).await
}

/// The page of a search.
async fn search(visitor: &mut Visitor, typed: &str) -> Page {
    visitor.get("/annuaire").await;
    visitor.post("/annuaire", &[("q", typed)]).await
}

/// The page of the pupil whose name begins so.
async fn pupil(visitor: &mut Visitor, begins: &str) -> String {
    let found = search(visitor, begins).await;
    let path = found.paths().into_iter().find(|path| path.starts_with("/annuaire/eleves/"));
    path.expect("a pupil")
}

#[tokio::test]
async fn a_search_finds_a_pupil_a_parent_and_a_class_and_leads_to_each() {
    let (site, helene, _) = open().await;
    let mut visitor = head(&site).await;
    let page = visitor.get("/annuaire").await;
    assert!(page.text().contains("6B") && page.text().contains("2 élèves"), "{}", page.text());
    let page = search(&mut visitor, "sami").await;
    assert!(page.text().contains("1 élève, 0 adulte"), "{}", page.text());
    assert!(page.text().contains("Karim BENALI"), "the parent is told beside the pupil");
    let page = search(&mut visitor, "HEL").await;
    assert!(page.paths().contains(&helene));
    let page = search(&mut visitor, "6b").await;
    let class = page.paths().into_iter().find(|path| path.contains("classes")).unwrap();
    assert!(visitor.get(&class).await.text().contains("Sami BENALI"));
    let page = search(&mut visitor, "<em>").await;
    assert!(page.text().contains("Personne ne correspond"), "{}", page.text());
}

#[tokio::test]
async fn every_page_of_a_school_with_hostile_names_is_sound_and_every_link_leads_on() {
    let (site, helene, _) = open().await;
    let mut visitor = head(&site).await;
    let page = visitor.get(&helene).await;
    assert!(page.text().contains("<SCRIPT>ALERT(1)</SCRIPT>"), "as it is called: {}", page.text());
    let device = visitor.request(Method::GET, "/").header("user-agent", "<u>Firefox");
    visitor.answer(device).await;
    let staff = search(&mut visitor, "leroy").await;
    let leroy = staff.paths().into_iter().find(|it| it.starts_with("/annuaire/personnes/"));
    let mut pages = vec![search(&mut visitor, "zo").await, staff];
    let zoe = pupil(&mut visitor, "zo").await;
    for path in
        [&helene, &leroy.unwrap(), &zoe, "/annuaire", "/annuaire/listes/nouvelle", "/compte"]
    {
        pages.push(visitor.get(path).await);
    }
    let told = pages.iter().map(Page::text).collect::<String>();
    for told_as_it_is in ["<A>LEROY", "<u>CPE", "<i>LATIN"] {
        assert!(told.contains(told_as_it_is), "{told_as_it_is}");
    }
    for html in pages.into_iter().map(|page| page.html) {
        for live in [
            "<script>alert",
            "<SCRIPT>ALERT",
            "<b>NEIL",
            "onload='x",
            "<a>LEROY",
            "<A>LEROY",
            "<u>CPE",
            "<s>arabe",
            "<i>LATIN",
            "<u>Firefox",
        ] {
            assert!(!html.contains(live), "{live}");
        }
    }
    // Every page of this part, each checked as it is read.
    let class = visitor.get("/annuaire/classes/6%20A%26B").await;
    assert_eq!(class.status, StatusCode::OK);
    for path in [
        format!("{zoe}/modifier"),
        format!("{zoe}/archiver"),
        format!("{zoe}/responsable"),
        format!("{helene}/contact"),
        format!("{helene}/contact?n=0"),
        format!("{helene}/contact?n=1"),
        format!("{helene}/connexion"),
        format!("{helene}/modifier"),
        format!("{helene}/archiver"),
        format!("{helene}/decision?eleve={}", zoe.rsplit('/').next().unwrap()),
        "/annuaire/ajouter/eleve".to_owned(),
        "/annuaire/ajouter/personnel".to_owned(),
    ] {
        assert_eq!(visitor.get(&path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_contact_is_put_right_added_and_refused_with_what_was_typed() {
    let (site, _, karim) = open().await;
    let mut visitor = head(&site).await;
    visitor.get(&format!("{karim}/contact?n=0")).await;
    let contact = format!("{karim}/contact");
    let was = [("voie", "email"), ("etait", "karim@example.org")];
    let wrong = [&was[..], &[("est", "karim chez example")]].concat();
    let page = visitor.post(&contact, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.value("est"), Some("karim chez example"), "what was typed stands there");
    let right = [&was[..], &[("est", "k.benali@example.org")]].concat();
    let page = visitor.post(&contact, &right).await;
    assert!(page.text().contains("k.benali@example.org"), "{}", page.text());
    assert!(page.text().contains("La coordonnée est corrigée"));
    // Somebody else put it right meanwhile: told, and nothing is done.
    let page = visitor.post(&contact, &right).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("entre-temps"), "{}", page.text());
    let page = visitor.post(&contact, &[("telephone", "06 39 98 00 07")]).await;
    assert!(page.text().contains("06 39 98 00 07"), "{}", page.text());
}

#[tokio::test]
async fn a_ruling_holds_at_once_and_is_hidden_from_whoever_may_not_see_any() {
    let (site, helene, _) = open().await;
    let mut visitor = head(&site).await;
    let zoe = pupil(&mut visitor, "zo").await;
    let zoe_handle = zoe.rsplit('/').next().unwrap().to_owned();
    let page = visitor.get(&format!("{helene}/decision?eleve={zoe_handle}")).await;
    assert!(page.text().contains("Aucune annonce n’est en chemin"), "{}", page.text());
    let fields =
        [("eleve", zoe_handle.as_str()), ("motif", "court"), ("note", "12 mars 2026, coffre")];
    let page = visitor.post(&format!("{helene}/decision"), &fields).await;
    assert!(page.text().contains("La décision est notée"), "{}", page.text());
    assert!(page.text().contains("12 mars 2026, coffre"));
    assert!(visitor.get(&zoe).await.text().contains("décision de justice"));
    let mut secretary = site.secretary().await;
    for path in [&helene, &zoe] {
        let text = secretary.get(path).await.text();
        for hidden in ["écision", "justice", "12 mars"] {
            assert!(!text.contains(hidden), "{path}: {text}");
        }
    }
    let refused = secretary.fetch(&format!("{helene}/decision?eleve={zoe_handle}")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    // Nor does adding somebody of that name tell of it.
    let form = secretary.get(&format!("{zoe}/responsable")).await.text();
    assert!(!form.contains("écision"), "{form}");
    let same_name = [
        ("prenom", "Hélène"),
        ("nom", "<script>alert(1)</script>"),
        ("qualite", "legal_representative"),
        ("autre", "oui"),
    ];
    let text = secretary.post(&format!("{zoe}/responsable"), &same_name).await.text();
    assert!(text.contains("ne peut pas être ajoutée par votre compte"), "{text}");
    assert!(!text.contains("écision"), "{text}");
    visitor.get(&format!("{helene}/decision/lever?eleve={zoe_handle}")).await;
    let page = visitor.post(&format!("{helene}/decision/lever"), &[("eleve", &zoe_handle)]).await;
    assert!(page.text().contains("La décision est levée"), "{}", page.text());
}

#[tokio::test]
async fn a_professeur_principal_sees_a_class_and_nobody_else_exists_there() {
    let (site, helene, karim) = open().await;
    let mut head = head(&site).await;
    let (sami, leo) = (pupil(&mut head, "sami").await, pupil(&mut head, "leo").await);
    let mut teacher = teacher(&site, "6 A&B").await;
    let zoe = pupil(&mut teacher, "zo").await;
    assert!(!search(&mut teacher, "sami").await.text().contains("Sami"));
    let text = teacher.get(&helene).await.text();
    assert!(!text.contains("Léo"), "the brother is in another class: {text}");
    for hidden in [
        &karim,
        &sami,
        &leo,
        &format!("{sami}/modifier"),
        &format!("{karim}/contact"),
        &format!("{leo}/responsable"),
        "/annuaire/classes/6B",
        "/annuaire/personnes/ffffffffffffffffffffffff",
        "/annuaire/personnes/Karim",
    ] {
        assert_eq!(teacher.fetch(hidden).await.status, StatusCode::NOT_FOUND, "{hidden}");
    }
    let answer = teacher.send(&format!("{karim}/archiver"), &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "and no form changes them");
    assert_eq!(teacher.fetch(&zoe).await.status, StatusCode::OK);
    let adds = teacher.fetch("/annuaire/ajouter/eleve").await;
    assert_eq!(adds.status, StatusCode::FORBIDDEN, "whoever is added is nobody of theirs yet");
}

#[tokio::test]
async fn a_family_that_comes_on_monday_is_added_and_archived_once_confirmed() {
    let (site, _, _) = open().await;
    let mut visitor = head(&site).await;
    visitor.get("/annuaire/ajouter/eleve").await;
    let page = visitor.post("/annuaire/ajouter/eleve", &[("prenom", "Ana"), ("nom", "")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("prenom", "Ana"), ("nom", "COSTA"), ("classe", "6B")];
    let page = visitor.post("/annuaire/ajouter/eleve", &fields).await;
    assert!(page.text().contains("L’élève est ajouté"), "{}", page.text());
    let twice = visitor.post("/annuaire/ajouter/eleve", &fields).await;
    assert!(twice.text().contains("y est déjà"), "{}", twice.text());
    let ana = pupil(&mut visitor, "costa").await;
    let fields = [
        ("prenom", "Rui"),
        ("nom", "COSTA"),
        ("courriel", "rui@example.org"),
        ("qualite", "legal_representative"),
    ];
    let page = visitor.post(&format!("{ana}/responsable"), &fields).await;
    assert!(page.text().contains("rui@example.org"), "{}", page.text());
    visitor.get(&format!("{ana}/archiver")).await;
    let page = visitor.post(&format!("{ana}/archiver"), &[]).await;
    assert!(page.text().contains("La fiche est archivée"), "{}", page.text());
    assert_eq!(visitor.fetch(&ana).await.status, StatusCode::NOT_FOUND);
    let (store, id) = (site.school().store(), site.school().queue.school());
    let found = directory::look_up(store, id, &Whom::Everybody, "ana costa", 9).await.unwrap();
    assert!(found.pupils.is_empty());
}

#[tokio::test]
async fn a_name_that_is_looked_for_stands_in_no_address_and_is_there_for_who_comes_back() {
    let (site, ..) = open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    let (root, label) =
        (format!("{}/annuaire", site.root), "Élève, parent, personnel, numéro ou classe");
    for may_run in [true, false] {
        browser.scripts(may_run).await;
        site.sign_in(&browser, &account).await;
        browser.open(&root).await;
        browser.fill(label, "sami").await;
        browser.click("Chercher").await;
        browser.sees("1 élève, 0 adulte").await;
        assert_eq!(browser.url().await, root);
        if may_run {
            browser.click("Sami BENALI").await;
            browser.sees("Karim BENALI").await;
            browser.back().await;
            browser.sees("1 élève, 0 adulte").await;
            assert_eq!(browser.filled(label).await, "sami");
        }
    }
}

/// Notes what is known of somebody's mailbox.
async fn known(site: &Site, address: &str, state: ContactState) {
    let (school, now) = (site.school(), site.scene.clock.now());
    let of = school.queue.school().clone();
    let point = ContactPoint::Email(EmailAddress::parse(address).unwrap());
    let note = move |tx: &Tx<'_>| contact_points::set_state(tx, &of, &point, state, now);
    assert_eq!(school.store().write(note).await.unwrap(), 1);
}

#[tokio::test]
async fn ways_to_people_are_counted_by_state_and_each_leads_to_the_person() {
    let (site, helene, karim) = open().await;
    known(&site, "helene@example.org", ContactState::Dead).await;
    known(&site, "karim@example.org", ContactState::Failing).await;
    let mut visitor = head(&site).await;
    let annuaire = visitor.get("/annuaire").await;
    assert_eq!(annuaire.link("L’état des coordonnées"), Some("/annuaire/coordonnees"));
    let page = visitor.get("/annuaire/coordonnees").await;
    let text = page.text();
    assert!(text.contains("1 coordonnée") && text.contains("karim@example.org"), "{text}");
    assert_eq!(page.link("Karim BENALI"), Some(&*karim), "first what fails");
    assert!(!page.html.contains("helene@example.org"), "{text}");
    let page = visitor.get("/annuaire/coordonnees?etat=dead&voie=email").await;
    assert_eq!(page.paths().iter().filter(|path| **path == helene).count(), 1);
    assert!(page.text().contains("helene@example.org") && !page.html.contains("<script>alert"));
    let posts = visitor.get("/annuaire/coordonnees?etat=unverified").await.text();
    assert!(posts.contains("1 coordonnée") && posts.contains("VALCLAIR"), "{posts}");
    let nobody = visitor.get("/annuaire/coordonnees?etat=opted_out&voie=pigeon&page=9").await;
    assert!(nobody.text().contains("0 coordonnée"), "{}", nobody.text());
    let mut teacher = site.signed_in(&site.head_of("6B").await).await;
    let refused = teacher.fetch("/annuaire/coordonnees").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "who has pupils of their own");
    assert_eq!(teacher.get("/annuaire").await.link("L’état des coordonnées"), None);
}

#[tokio::test]
async fn many_ways_stand_on_numbered_pages_and_none_is_left_out() {
    let mut people = People::none();
    people.families(101, false, true);
    for person in &mut people.reading.persons {
        person.postal_address = Some(home("1 rue du Port"));
    }
    let site = Site::of(people).await;
    let mut visitor = site.secretary().await;
    let mut seen = Vec::new();
    for number in 1..=3 {
        let path = format!("/annuaire/coordonnees?etat=unverified&voie=&page={number}");
        let page = visitor.get(&path).await;
        assert!(page.text().contains(&format!("Page {number} sur 3")), "{}", page.text());
        let paths = page.paths().into_iter();
        let persons = paths.filter(|path| path.starts_with("/annuaire/personnes/"));
        let persons: Vec<String> = persons.collect();
        assert_eq!(persons.len(), if number == 3 { 2 } else { 100 });
        seen.extend(persons);
    }
    let all: BTreeSet<&String> = seen.iter().collect();
    assert_eq!((seen.len(), all.len()), (202, 101), "each by a mailbox and at home");
}
