//! A folder in place of a service.

use std::path::Path;

use chappe::channel::Channel;
use chappe::delivery::{Envelope, FailureKind};
use chappe::providers::{Folder, FolderSettings, Provider, WhenUnknown};
use chappe::settings::Pace;

use crate::scripted::{an_email, an_ent_message, an_sms};

fn folder(channel: Channel, path: &Path) -> Folder {
    let path = path.to_owned();
    Folder::new("drill", &FolderSettings { channel, path, pace: Pace::default() }).unwrap()
}

fn files(path: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn each_channel_has_its_kind_of_file() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("exercice");
    folder(Channel::Email, &path).send(&an_email()).await.unwrap();
    folder(Channel::Ent, &path).send(&an_ent_message("u-1")).await.unwrap();
    folder(Channel::Sms, &path).send(&an_sms("Bonjour")).await.unwrap();
    assert_eq!(files(&path), ["0199-ab.eml", "0199-cd.txt", "0199-ef.html"]);
    let email = std::fs::read_to_string(path.join("0199-ab.eml")).unwrap();
    assert!(email.starts_with("To: Inès DURAND <ines.durand@example.org>\n"), "{email}");
    assert!(email.contains("Le collège ouvre à 10 h."), "{email}");
}

#[tokio::test]
async fn the_same_reference_is_the_same_file() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(Channel::Sms, home.path());
    assert_eq!(folder.when_unknown(), WhenUnknown::Resend);
    folder.send(&an_sms("un")).await.unwrap();
    folder.send(&an_sms("deux")).await.unwrap();
    assert_eq!(files(home.path()), ["0199-cd.txt"]);
    let text = std::fs::read_to_string(home.path().join("0199-cd.txt")).unwrap();
    assert!(text.contains("deux") && !text.contains("un\n"), "{text}");
}

#[tokio::test]
async fn a_reference_cannot_leave_the_folder_nor_a_name_its_line() {
    let home = tempfile::tempdir().unwrap();
    let folder = folder(Channel::Email, home.path());
    for reference in ["../dehors", "", "a/b", ".cache", "a\0b"] {
        let envelope = Envelope { reference: reference.to_owned(), ..an_email() };
        let error = folder.send(&envelope).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Refused, "{reference:?}");
    }
    assert!(files(home.path()).is_empty());
    let name = "Inès\r\nBcc: espion@example.org".to_owned();
    folder.send(&Envelope { name, ..an_email() }).await.unwrap();
    let text = std::fs::read_to_string(home.path().join("0199-ab.eml")).unwrap();
    assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_unreachable() {
    let home = tempfile::tempdir().unwrap();
    let in_the_way = home.path().join("fichier");
    std::fs::write(&in_the_way, "").unwrap();
    let folder = folder(Channel::Sms, &in_the_way);
    assert_eq!(folder.send(&an_sms("Bonjour")).await.unwrap_err().kind, FailureKind::Unreachable);
    assert_eq!(folder.check().await.unwrap_err().kind, FailureKind::Unreachable);
}

#[tokio::test]
async fn a_check_leaves_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    let health = folder(Channel::Sms, home.path()).check().await.unwrap();
    let path = home.path().display();
    assert_eq!(health.summary, format!("folder {path}"));
    assert_eq!(health.in_french, format!("dossier {path}"));
    assert!(files(home.path()).is_empty());
}

#[test]
fn a_folder_stands_for_no_letter() {
    let settings =
        FolderSettings { channel: Channel::Letter, path: "x".into(), pace: Pace::default() };
    assert_eq!(Folder::new("drill", &settings).err().unwrap().key, "channel");
}

#[tokio::test]
async fn what_is_written_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let rights = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("exercice/sms");
    folder(Channel::Sms, &path).send(&an_sms("Bonjour")).await.unwrap();
    assert_eq!(rights(&path.join("0199-cd.txt")), 0o600);
    assert_eq!((rights(&path), rights(&home.path().join("exercice"))), (0o700, 0o700));
    // In a folder that somebody opened, too.
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).unwrap();
    folder(Channel::Sms, &path).send(&an_sms("Bonsoir")).await.unwrap();
    assert_eq!((rights(&path.join("0199-cd.txt")), rights(&path)), (0o600, 0o777));
}
