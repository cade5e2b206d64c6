//! Aide: the sheets are made from what is so now, on the screen and on paper.

use std::process::Command;

use chappe::accounts::AccountRole;

use super::site::Site;

#[tokio::test]
async fn the_sheets_tell_what_is_so_now() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    visitor.get("/aide").await;
    let page = visitor.get("/aide/circuits-et-contacts").await;
    let text = page.text();
    for said in ["Collège Claude-Chappe", "05 36 49 00 00", "Envoyer aux familles", "Camille Arago"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let page = visitor.get("/aide/mode-d-emploi").await;
    let text = page.text();
    assert!(text.contains("famille") && text.contains("puis courriel"), "{text}");
    // A colleague who comes later is on the sheet at once.
    let head = site.account("anne.roy", AccountRole::Direction).await;
    let page = visitor.get("/aide/circuits-et-contacts").await;
    assert!(page.text().contains("Donner un second accord"), "{}: {}", head.login, page.text());
}

#[tokio::test]
async fn a_sheet_is_printed_with_room_to_write() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    for (path, said) in [
        ("/aide/mode-d-emploi.pdf", "Réunions"),
        ("/aide/mode-d-emploi-livret.pdf", "Réunions"),
        ("/aide/circuits-et-contacts.pdf", "Renvoyée vers"),
    ] {
        let file = visitor.fetch(path).await;
        assert_eq!(file.kind(), "application/pdf", "{path}");
        let paper = site.scene.folder.path().join("fiche.pdf");
        std::fs::write(&paper, &file.body).unwrap();
        let text = Command::new("pdftotext").arg(&paper).arg("-").output().unwrap();
        let text = String::from_utf8(text.stdout).unwrap();
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[tokio::test]
async fn whoever_comes_reads_how_accessible_the_pages_are_and_whom_to_tell() {
    let site = Site::open().await;
    let text = site.stranger().get("/accessibilite").await.text();
    for said in [
        "Accessibilité : non conforme",
        "aucun audit de leurs 106 critères n’a été fait",
        "axe-core",
        "200 %",
        "05 36 49 00 00",
        "Défenseur des droits",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}
