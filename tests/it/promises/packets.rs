//! A packet holds what was left for the pupils of its household, each page of it, and nothing about a pupil of whom
//! somebody there must not hear.

use std::process::Command;
use std::sync::Arc;

use chappe::batches::Printer;
use chappe::delivery::Piling;
use chappe::directory;
use chappe::message::{Fields, PlansBeside, Terms, Week};
use chappe::office::{self, LettersRequest, Refusal, Request};
use chappe::people::{Actor, By, MeantFor, PersonKey, PupilKey, RestrictedTie, Restriction, Whom};
use chappe::render::documents::fit;
use chappe::render::letters::Sides;
use chappe::render::press::Press;
use chappe::store::documents::{self, KeptDocument};

use super::people::{People, Way};
use super::scene::Scene;
use crate::documents::page::{pdf_of, sheet};

const PAPER: &str = "[{ channels = [\"letter\"] }]";
const HOME: Way = Way::Home("1 rue des Lilas");
const AWAY: Way = Way::Home("2 rue du Puits");

fn week() -> Week {
    Week::of("2026-03-18".parse().unwrap())
}

/// One word a page, which tells the document: for a class, a level, one pupil, everybody, another week.
async fn leave(scene: &Scene) {
    let class = |name: &str| MeantFor::Class(name.to_owned());
    let left = [
        (week(), class("6A"), "Anglais", "sixA"),
        (week(), class("3B"), "Anglais", "troisB"),
        (week(), MeantFor::Level("6e".to_owned()), "Maths", "sixieme"),
        (week(), MeantFor::Group("LATIN".to_owned()), "Latin", "latin"),
        (week(), MeantFor::Pupil(PupilKey("siecle:1".to_owned())), "Tutorat", "zoe"),
        (week(), MeantFor::Everybody, "Vie scolaire", "tous"),
        (Week::of("2026-03-23".parse().unwrap()), class("6A"), "Anglais", "apres"),
    ];
    for (week, meant_for, subject, word) in left {
        let made = fit(&pdf_of(&[sheet(word)])).unwrap();
        let document = KeptDocument {
            number: 0,
            week,
            meant_for,
            subject: subject.to_owned(),
            title: word.to_owned(),
            pages: made.pages,
            asked_back: None,
            left: By { actor: Actor::Program, at: scene.clock.now() },
        };
        let school = scene.app.queue.school().clone();
        let write =
            move |tx: &chappe::store::Tx<'_>| documents::insert(tx, &school, &document, &made.pdf);
        scene.app.store().write(write).await.unwrap();
    }
}

fn fields() -> Fields {
    [
        ("objet", "Le travail de la semaine"),
        ("semaine", "18/03/2026"),
        ("moyens", "Une matière par demi-journée."),
        ("agenda", "À rendre lundi."),
        ("prochain_rendez_vous", "lundi 23 mars"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into()
}

pub fn request(scene: &Scene, audience: &str) -> Request {
    Request {
        template: "paquet".to_owned(),
        fields: fields(),
        audience: audience.to_owned(),
        plan: scene.app.config.plan("famille").unwrap(),
        plans: PlansBeside::default(),
        urgency: None,
        plain_sms: false,
        question: None,
        terms: Terms::default(),
        among: None,
        again: false,
    }
}

/// What stands on the pages of the batch that waits, a line a letter: the pupils, and the words of their documents.
async fn printed(scene: &Scene) -> Vec<String> {
    let folder = scene.folder.path().join("letters");
    let press = Press { program: env!("CARGO_BIN_EXE_chappe").into(), ..scene.app.press() };
    let printer = Printer {
        queue: &scene.app.queue,
        renderer: &scene.app.renderer,
        press: &press,
        folder: &folder,
        sides: Sides::One,
        piling: Piling::default(),
        day: scene.app.today(),
    };
    let batches = printer.print_waiting(None, scene.clock.now(), |_, _| {}).await.unwrap();
    let mut left: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["lettres-0001-recto.csv", "lettres-0001-recto.pdf"], "nothing lies about");
    let text = Command::new("pdftotext").arg(&batches[0].file).arg("-").output().unwrap().stdout;
    let text = String::from_utf8(text).unwrap();
    let mut letters: Vec<String> = Vec::new();
    for page in text.split('\u{c}').filter(|page| !page.trim().is_empty()) {
        if page.contains("Dans cette enveloppe") {
            let about = ["Zoe DURAND", "Paul DURAND", "Lea MARTIN"];
            let named: Vec<&str> = about.into_iter().filter(|name| page.contains(name)).collect();
            letters.push(format!("{}:", named.join(" + ")));
        } else if !page.contains("Coupon-réponse") {
            let last = letters.last_mut().unwrap();
            last.push(' ');
            last.push_str(page.trim());
        }
    }
    letters
}

async fn packets(people: People, audience: &str) -> Vec<String> {
    let scene = Scene::set(people, PAPER).await;
    leave(&scene).await;
    let ready = office::prepare(&scene.app, request(&scene, audience)).await.unwrap();
    office::launch(&scene.app, Actor::Program, ready).await.unwrap();
    printed(&scene).await
}

fn apart(people: &mut People) -> (PersonKey, PersonKey) {
    (people.guardian("Anne DURAND", &[HOME]), people.guardian("Bob PETIT", &[AWAY]))
}

#[tokio::test]
async fn every_shape_of_household_gets_the_pages_of_its_own_pupils() {
    // An only child, with a document of her own, which comes last.
    let mut people = People::none();
    let anne = people.guardian("Anne DURAND", &[HOME]);
    people.pupil("Zoe DURAND", "6A", &[&anne]);
    assert_eq!(packets(people, "foyers").await, ["Zoe DURAND: sixA sixieme tous zoe"]);

    // Two of one house, of two classes: one packet, a part each. (Both are at the level « 6e ».)
    let mut people = People::none();
    let anne = people.guardian("Anne DURAND", &[HOME]);
    people.pupil("Zoe DURAND", "6A", &[&anne]);
    people.pupil("Paul DURAND", "3B", &[&anne]);
    people.reading.pupils[1].level = Some("3e".to_owned());
    let both = packets(people, "foyers").await;
    let (zoe, paul) = ("sixA sixieme tous zoe", "troisB tous");
    let orders = [
        format!("Zoe DURAND + Paul DURAND: {zoe} {paul}"),
        format!("Zoe DURAND + Paul DURAND: {paul} {zoe}"),
    ];
    assert!(both.len() == 1 && orders.contains(&both[0]), "{both:?}");

    // Parents who live apart: a packet each.
    let mut people = People::none();
    let (anne, bob) = apart(&mut people);
    people.pupil("Zoe DURAND", "6A", &[&anne, &bob]);
    let own = "Zoe DURAND: sixA sixieme tous zoe";
    assert_eq!(packets(people, "foyers").await, [own, own]);

    // Parents who live together: one.
    let mut people = People::none();
    let anne = people.guardian("Anne DURAND", &[HOME]);
    let marc = people.guardian("Marc DURAND", &[HOME]);
    people.pupil("Zoe DURAND", "6A", &[&anne, &marc]);
    assert_eq!(packets(people, "foyers").await, [own]);

    // Of a teaching group, and of no document of a class.
    let mut people = People::none();
    let anne = people.guardian("Anne MARTIN", &[HOME]);
    people.pupil("Ali HADDAD", "5C", &[]);
    people.pupil("Lea MARTIN", "5C", &[&anne]);
    people.reading.pupils[1].groups = vec!["LATIN".to_owned()];
    people.reading.pupils[1].level = Some("5e".to_owned());
    assert_eq!(packets(people, "foyers").await, ["Lea MARTIN: latin tous"]);
}

#[tokio::test]
async fn nothing_of_a_pupil_is_in_the_packet_of_somebody_who_must_not_hear_of_them() {
    let mut people = People::none();
    let (anne, bob) = apart(&mut people);
    people.pupil("Zoe DURAND", "6A", &[&anne, &bob]);
    people.pupil("Paul DURAND", "3B", &[&anne, &bob]);
    people.reading.pupils[1].level = Some("3e".to_owned());
    let scene = Scene::set(people, PAPER).await;
    leave(&scene).await;
    let ruling = RestrictedTie {
        pupil: PupilKey("siecle:1".to_owned()),
        person: bob,
        why: Restriction::Court,
        note: String::new(),
    };
    let (school, now) = (scene.app.queue.school(), scene.clock.now());
    directory::restrict(scene.app.store(), school, ruling, By::program(now)).await.unwrap();
    let ready = office::prepare(&scene.app, request(&scene, "foyers")).await.unwrap();
    office::launch(&scene.app, Actor::Program, ready).await.unwrap();
    let mut letters = printed(&scene).await;
    letters.sort();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0], "Paul DURAND: troisB tous");
    assert!(letters[1].starts_with("Zoe DURAND + Paul DURAND:"), "{letters:?}");
}

#[tokio::test]
async fn a_packet_never_waits_for_the_digest_which_holds_no_documents() {
    let mut people = People::none();
    let anne = people.guardian("Anne DURAND", &[HOME]);
    people.pupil("Zoe DURAND", "6A", &[&anne]);
    let scene = Scene::set_with(people, PAPER, &[("LOAD__PER_WEEK", "1")]).await;
    leave(&scene).await;
    scene.launch().await;
    let ready = office::prepare(&scene.app, request(&scene, "foyers")).await.unwrap();
    let packet = office::launch(&scene.app, Actor::Program, ready).await.unwrap();
    let status = scene.status(&packet).await;
    assert_eq!((status.digest.waiting, status.addressees.on_letter), (0, 1));
}

#[tokio::test]
async fn a_packet_by_a_way_for_which_it_has_no_words_is_refused_by_the_name_of_that_way() {
    let mut people = People::none();
    let anne = people.guardian("Anne DURAND", &[HOME, Way::Email("anne@example.org")]);
    people.pupil("Zoe DURAND", "6A", &[&anne]);
    let scene = Scene::set(people, "[{ channels = [\"email\", \"letter\"] }]").await;
    leave(&scene).await;
    let refused = office::prepare(&scene.app, request(&scene, "foyers")).await.unwrap_err();
    let told = refused.to_string();
    assert!(told.contains("\"email\": choose a plan without it"), "{told}");
}

#[tokio::test]
async fn a_week_without_documents_and_a_day_that_is_none_are_refused_before_anything_is_kept() {
    let mut people = People::none();
    let anne = people.guardian("Anne DURAND", &[HOME]);
    people.pupil("Zoe DURAND", "6A", &[&anne]);
    let scene = Scene::set(people, PAPER).await;
    let refused = office::prepare(&scene.app, request(&scene, "foyers")).await.unwrap_err();
    assert!(matches!(refused, Refusal::NoDocuments(none) if none == week()), "{refused}");
    leave(&scene).await;
    let mut asked = request(&scene, "foyers");
    asked.fields.insert("semaine".to_owned(), "la semaine prochaine".to_owned());
    let refused = office::prepare(&scene.app, asked).await.unwrap_err();
    assert!(refused.to_string().contains("takes a day"), "{refused}");
}

#[tokio::test]
async fn whoever_looks_at_a_packet_before_it_leaves_sees_what_its_letter_lists() {
    let mut people = People::none();
    let anne = people.guardian("Anne DURAND", &[HOME]);
    people.pupil("Zoe DURAND", "6A", &[&anne]);
    let mut scene = Scene::set(people, PAPER).await;
    let app = Arc::get_mut(&mut scene.app).expect("nobody else has it yet");
    app.program = env!("CARGO_BIN_EXE_chappe").into();
    leave(&scene).await;
    let ready = office::prepare(&scene.app, request(&scene, "foyers")).await.unwrap();
    let seen = async || office::letter_picture(&scene.app, &ready, &ready.sample[0]).await.unwrap();
    let all = seen().await;
    let (app, actor) = (&scene.app, Actor::Program);
    office::remove_documents(app, actor, Whom::Everybody, vec![1, 3, 5]).await.unwrap();
    assert!(seen().await.svg.len() < all.svg.len(), "fewer lines");
}

#[tokio::test]
async fn the_sheets_of_packets_are_told_before_they_are_printed() {
    for sides in ["one", "two"] {
        let mut people = People::none();
        let (anne, bob) = apart(&mut people);
        people.pupil("Zoe DURAND", "6A", &[&anne]);
        people.pupil("Paul DURAND", "3B", &[&anne]);
        people.pupil("Lea MARTIN", "6A", &[&bob]);
        let scene = Scene::set_with(people, PAPER, &[("LETTERS__SIDES", sides)]).await;
        leave(&scene).await;
        let ready = office::prepare(&scene.app, request(&scene, "foyers")).await.unwrap();
        let told = office::outlook(&scene.app, &ready).await.unwrap().cost;
        assert_eq!((told.at_first, told.at_first.letters), (told.at_most, 2));
        office::launch(&scene.app, Actor::Program, ready).await.unwrap();
        let printed =
            office::print_letters(&scene.app, LettersRequest::default(), |_, _| {}).await.unwrap();
        let sheets = u64::try_from(printed[0].sheets).unwrap();
        assert!(sheets == told.at_first.sheets && sheets > 8, "{sheets} of {told:?}");
    }
}
