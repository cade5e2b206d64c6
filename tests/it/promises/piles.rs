//! A batch lies as it was gathered: a ruling takes a letter out of its pile, and moves no other.

use chappe::batches::Printer;
use chappe::delivery::{LetterOrder, Piling};
use chappe::directory;
use chappe::people::{By, PupilKey, RestrictedTie, Restriction};
use chappe::render::letters::Sides;
use chappe::render::press::Press;

use super::people::{People, Way};
use super::scene::Scene;

const PAPER: &str = "[{ channels = [\"letter\"] }]";

/// What the pages of a PDF say: of a sheet before a pile its first two lines, of a letter its reference.
fn lies(file: &std::path::Path) -> Vec<String> {
    let read = std::process::Command::new("pdftotext").arg("-layout").arg(file).arg("-").output();
    let text = String::from_utf8(read.unwrap().stdout).unwrap();
    let told = text.split('\u{c}').filter(|page| !page.trim().is_empty()).map(|page| {
        match page.lines().find_map(|line| line.trim().strip_prefix("Réf. : ")) {
            Some(reference) => reference.split_whitespace().next().unwrap().to_owned(),
            None => page.split_whitespace().take(6).collect::<Vec<_>>().join(" "),
        }
    });
    told.collect()
}

#[tokio::test]
async fn a_letter_that_a_ruling_takes_out_leaves_its_pile_and_the_others_their_places() {
    let mut people = People::none();
    let anne = people.guardian("Anne DURAND", &[Way::Home("1 rue des Lilas")]);
    let bob = people.guardian("Bob PETIT", &[Way::Home("2 rue du Puits")]);
    people.pupil("Zoe DURAND", "6A", &[&anne, &bob]);
    people.pupil("Paul DURAND", "3B", &[&anne]);
    let rosa = people.guardian("Rosa ROUX", &[Way::Home("3 rue du Puits")]);
    people.pupil("Ida ROUX", "3B", &[&rosa]);
    let scene = Scene::set(people, PAPER).await;
    scene.launch_to("foyers", chappe::message::Urgency::Bulk).await;
    let (queue, now) = (&scene.app.queue, scene.clock.now());
    let piling = Piling { order: LetterOrder::Class, separators: true };
    let folder = scene.folder.path().join("letters");
    let press = Press { program: env!("CARGO_BIN_EXE_chappe").into(), ..scene.app.press() };
    let desk = Printer {
        queue,
        renderer: &scene.app.renderer,
        press: &press,
        folder: &folder,
        sides: Sides::One,
        day: scene.app.today(),
        // What is gathered already stays as it was asked for.
        piling: Piling::default(),
    };
    let batch = queue.letters().piled(piling).gather(None, now).await.unwrap().unwrap();
    let letters = queue.letters().of(&batch).await.unwrap();
    let [ours, bobs, rosas] = &letters[..] else { panic!("{letters:?}") };
    let whom = [ours, bobs, rosas].map(|letter| letter.recipients[0].name.clone());
    assert_eq!(whom, ["Anne DURAND", "Bob PETIT", "Rosa ROUX"]);
    let printed = desk.print_waiting(None, now, |_, _| {}).await.unwrap();
    let (sixth, third) = ("Classe 6A 2 enveloppes, 2 feuilles", "Classe 3B 1 enveloppe, 1 feuille");
    let [ours, bobs, rosas] = [ours, bobs, rosas].map(|letter| letter.reference.clone());
    assert_eq!(lies(&printed[0].file), [sixth, &ours, &bobs, third, &rosas]);

    // Bob must not hear of Zoe, and Anne neither: her letter is about Paul alone, and lies where it lay.
    for person in [bob, anne] {
        let (pupil, why) = (PupilKey("siecle:1".to_owned()), Restriction::Court);
        let ruling = RestrictedTie { pupil, person, why, note: String::new() };
        let by = By::program(now);
        directory::restrict(scene.app.store(), queue.school(), ruling, by).await.unwrap();
    }
    queue.restrictions().obey(now).await.unwrap();
    let batch = queue.letters().batches().await.unwrap().remove(0);
    let printed = desk.print(&batch, now, &mut |_, _| {}).await.unwrap();
    assert_eq!((printed.letters, printed.separators), (2, 2));
    let sixth = "Classe 6A 1 enveloppe, 1 feuille";
    assert_eq!(lies(&printed.file), [sixth, &ours, third, &rosas]);
    let piles = queue.letters().piles(&batch).await.unwrap();
    let spans: Vec<_> = piles.iter().map(|pile| (pile.place, pile.pages.clone())).collect();
    assert_eq!(spans, [(0, Some(1..3)), (2, Some(3..5))]);
}
