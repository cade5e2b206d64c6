//! The morning when the school closes, from the first visit to the correction, as a secretary lives it who has never
//! seen these pages: in Chromium, by what stands on them, with scripts and without; and once by the keyboard alone.

use std::time::Instant;

use chappe::accounts::{Account, AccountRole};
use chappe::message::Message;
use chappe::office;

use super::approvals::named;
use super::imports::LIST;
use super::site::{PASSWORD, Site, families};
use crate::browser::Browser;
use crate::promises::people::{People, Way};
use crate::town::settings::DEADLINE;

const SAID: [(&str, &str); 4] = [
    ("Objet", "Le collège ferme lundi"),
    ("Ce qui change", "Le collège n’accueille pas les élèves lundi."),
    ("Agenda : jours et heures", "Lundi, toute la journée."),
    ("Prochain rendez-vous", "lundi 18 h, un nouveau message"),
];

/// Families of whom one is reached by telephone alone, and one by nothing but paper.
fn town() -> People {
    let mut people = families();
    people.family("Karim BENALI", &[Way::Mobile("06 39 98 00 01")]);
    people
}

async fn first_visit(site: &Site, browser: &Browser) {
    let code = office::first_code(site.school()).await.unwrap();
    browser.open(&site.root).await;
    browser.click("créez le premier compte").await;
    browser.fill("Le code que vous avez reçu", &code.expose()).await;
    browser.fill("Prénom et nom", "Camille Arago").await;
    browser.fill("Identifiant", "camille.arago").await;
    browser.fill("Mot de passe", PASSWORD).await;
    browser.click("Créer le premier compte").await;
    browser.sees("Bonjour Camille Arago").await;
}

/// A list of the families who came since September.
async fn imports(site: &Site, browser: &Browser) {
    let file = site.scene.folder.path().join("liste.csv");
    std::fs::write(&file, LIST).unwrap();
    browser.click("Annuaire").await;
    browser.click("Importer des fichiers").await;
    browser.attach("Fichiers de l’établissement", &file).await;
    browser.click("Lire ces fichiers").await;
    browser.sees("Nina GARNIER").await;
    browser.click("Appliquer à 2 fiches").await;
    browser.sees("2 fiches ajoutées").await;
}

async fn writes_and_asks(browser: &Browser) {
    browser.click("Accueil").await;
    browser.click("Nouvelle annonce").await;
    browser.click("Annonce aux familles").await;
    for (label, text) in SAID {
        browser.fill(label, text).await;
    }
    for words in ["Continuer", "Continuer", "Continuer", "Demander l’accord de Ines Bel"] {
        browser.click(words).await;
    }
    browser.sees("L’accord est demandé").await;
}

/// The head says yes, elsewhere.
async fn approves(site: &Site, telephone: &Browser, head: &Account) -> Message {
    telephone.size(390, 844).await;
    site.sign_in(telephone, head).await;
    telephone.click("Donner votre accord : Le collège ferme lundi").await;
    telephone.sees("5 personnes recevront cette annonce").await;
    telephone.click("Donner mon accord : envoyer à 5 personnes").await;
    let message = site.sent(1).await.remove(0);
    site.scene.later(&message, |status| status.addressees.on_letter == 1).await;
    message
}

async fn follows(site: &Site, browser: &Browser, message: &Message) {
    browser.open(&format!("{}/annonces/{}", site.root, message.code)).await;
    browser.sees("= 5 destinataires").await;
    on_paper(browser).await;
    browser.click("Les destinataires").await;
    browser.choose_from("Voie", "courriel").await;
    browser.click("Afficher").await;
    browser.sees("Marc PETIT").await;
    browser.click("Marc PETIT").await;
    browser.sees("Ce qui s’est passé").await;
}

/// On paper an announcement is its words alone: nothing to click on.
async fn on_paper(browser: &Browser) {
    let paper = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&paper, browser.print().await).unwrap();
    let read = tokio::process::Command::new("pdftotext").arg(paper.path()).arg("-").output().await;
    let text = String::from_utf8(read.unwrap().stdout).unwrap();
    assert!(text.contains("= 5 destinataires") && !text.contains("Annuaire"), "{text}");
}

async fn prints(browser: &Browser) {
    browser.click("Courriers").await;
    browser.click("Imprimer 1 courrier").await;
    let began = Instant::now();
    while !browser.text().await.contains("Lot 1 : 1 courrier") {
        assert!(began.elapsed() < DEADLINE, "{}", browser.text().await);
        browser.reload().await;
    }
    browser.click(".scroll tbody a").await;
    browser.sees("Lea MOREAU").await;
    browser.click("Noter : 1 courrier posté ou remis").await;
    browser.sees("C’est noté : ces familles sont jointes.").await;
}

/// A parent calls: who is it, and what did they get?
async fn answers_a_call(browser: &Browser) {
    browser.click("Annuaire").await;
    browser.fill("Élève, parent, personnel, numéro ou classe", "06 39 98 00 01").await;
    browser.click("Chercher").await;
    browser.click("Karim BENALI").await;
    browser.sees("Le collège ferme lundi").await;
    browser.sees("SMS").await;
}

/// The head says yes to what puts it right, too.
async fn corrects(site: &Site, browser: &Browser, telephone: &Browser, head: &Account) {
    browser.click("Annonces").await;
    browser.click("Le collège ferme lundi").await;
    browser.click("Rectifier").await;
    browser.fill("Agenda : jours et heures", "Lundi matin seulement.").await;
    browser.click("Voir ce qui partira").await;
    browser.sees("Lundi matin seulement.").await;
    // What is changed after it was looked at is looked at again.
    browser.fill("Ce qui change", "Le collège accueille les élèves lundi à 14 h.").await;
    browser.click("Demander l’accord de Ines Bel").await;
    browser.sees("Le collège accueille les élèves lundi à 14 h.").await;
    assert!(office::approvals(site.school()).await.unwrap().is_empty(), "asked for unseen");
    browser.click("Demander l’accord de Ines Bel").await;
    browser.sees("L’accord est demandé").await;
    assert_eq!(office::newest(site.school(), 9).await.unwrap().len(), 1);
    site.sign_in(telephone, head).await;
    telephone.click("Donner votre accord : Rectificatif : Le collège ferme lundi").await;
    telephone.sees("Le collège accueille les élèves lundi à 14 h.").await;
    telephone.click("Donner mon accord : envoyer à 5 destinataires").await;
    assert_eq!(site.sent(2).await.len(), 2);
    browser.click("Journal").await;
    browser.sees("Camille Arago").await;
    browser.sees("a rectifié une annonce").await;
}

#[tokio::test]
async fn the_whole_morning_goes_with_scripts_and_without() {
    let [browser, telephone] = Browser::several().await;
    for may_run in [true, false] {
        let site = Site::with(town(), &[("APPROVAL__ABOVE", "4")]).await;
        browser.scripts(may_run).await;
        telephone.scripts(may_run).await;
        first_visit(&site, &browser).await;
        imports(&site, &browser).await;
        let head = named(&site, "ines", "Ines Bel", AccountRole::Direction).await;
        writes_and_asks(&browser).await;
        let message = approves(&site, &telephone, &head).await;
        follows(&site, &browser, &message).await;
        prints(&browser).await;
        answers_a_call(&browser).await;
        corrects(&site, &browser, &telephone, &head).await;
        browser.click("Se déconnecter").await;
        browser.sees("Se connecter").await;
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{complaints:?}");
    }
}

#[tokio::test]
async fn the_keyboard_alone_writes_and_sends_an_announcement() {
    let site = Site::of(town()).await;
    site.account("camille.arago", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}/connexion", site.root)).await;
    for (field, text) in [("Identifiant", "camille.arago"), ("Mot de passe", PASSWORD)] {
        browser.comes_to(field).await;
        browser.press(text).await;
    }
    browser.press("Enter").await;
    browser.sees("Bonjour Camille Arago").await;
    for words in ["Nouvelle annonce", "Annonce aux familles"] {
        browser.comes_to(words).await;
        browser.press("Enter").await;
    }
    browser.sees("Le texte : annonce aux familles").await;
    for (label, text) in SAID {
        browser.comes_to(label).await;
        browser.press(text).await;
    }
    for (words, then) in [
        ("Continuer", "Qui ?"),
        ("Continuer", "Par quelles voies ?"),
        ("Continuer", "Vérifier avant d’envoyer"),
        ("Envoyer à 4 personnes", "C’est lancé, pour 4 destinataires"),
    ] {
        browser.comes_to(words).await;
        browser.press("Enter").await;
        browser.sees(then).await;
    }
    assert_eq!(site.sent(1).await[0].launched_by.name(), "Camille Arago");
}
