//! A text that one call may carry to several is the same for all of them.

use std::fs;
use std::path::Path;

use chappe::channel::Channel;
use chappe::delivery::Content;
use chappe::render::{TemplateError, TemplateFault, Templates};

use super::greetings::{said, shipped};
use super::{fields, guardian, ines, school};

const ABOUT: &str = "title = \"Essai\"\ndescription = \"Essai\"\nurgency = \"bulk\"\n\
                     channels = [\"ent\", \"sms\"]\ntogether = [\"ent\"]\n\
                     [[field]]\nname = \"objet\"\nlabel = \"Objet\"\nexample = \"x\"\n";

fn write(folder: &Path, about: &str, parts: [&str; 3]) {
    let essai = folder.join("essai");
    fs::create_dir_all(&essai).unwrap();
    fs::write(essai.join("about.toml"), about).unwrap();
    for (file, text) in ["subject.hbs", "ent.hbs", "sms.hbs"].iter().zip(parts) {
        fs::write(essai.join(file), text).unwrap();
    }
}

fn load(about: &str, parts: [&str; 3]) -> Result<Templates, TemplateError> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), about, parts);
    Templates::load(Some(folder.path()))
}

fn refusal(about: &str, parts: [&str; 3]) -> TemplateError {
    load(about, parts).err().unwrap_or_else(|| panic!("{parts:?} was taken"))
}

#[test]
fn what_is_one_recipients_own_stands_in_no_text_for_all() {
    let own =
        ["{{salutation}}", "{{#if concerne}}x{{/if}}", "{{#each eleves}}x{{/each}}", "{{nom}}"];
    for text in own {
        for parts in [["x", text, "x"], [text, "x", "x"]] {
            let error = refusal(ABOUT, parts);
            assert!(matches!(error.fault, TemplateFault::OnesOwn(_)), "{text}: {error}");
        }
    }
    assert!(load(ABOUT, ["{{objet}}", "{{objet}} {{reference}} {{telephone}}", "{{nom}}"]).is_ok());
}

#[test]
fn of_the_shipped_templates_these_say_the_same_to_all_families_in_the_ent_and_nowhere_else() {
    let templates = Templates::load(None).unwrap();
    let together: Vec<(&str, &[Channel])> =
        templates.list().map(|(name, info)| (name, info.together.as_slice())).collect();
    let (ent, own): (&[Channel], &[Channel]) = (&[Channel::Ent], &[]);
    let expected = [
        ("annonce", ent),
        ("fermeture", ent),
        ("fiche-coordonnees", own),
        ("guide-methodologique", ent),
        ("paquet", own),
        ("rappel-classe-virtuelle", ent),
        ("recapitulatif", own),
        ("verification", own),
    ];
    assert_eq!(together, expected);
}

#[test]
fn a_shipped_text_that_names_the_child_is_for_nobody_else() {
    let to = guardian("Inès DURAND", &[("Zoé DURAND", Some("6A"))]);
    let mut naming = 0;
    for (name, channels, prepared) in shipped() {
        for channel in [Channel::Ent, Channel::Email, Channel::Letter] {
            let has_it = channels.contains(&channel);
            if has_it && said(&prepared, channel, &to).contains("Zoé") {
                assert!(!prepared.is_together(channel), "{name}, {channel}");
                naming += 1;
            }
        }
    }
    assert!(naming >= 6, "{naming}: the e-mails and letters of all families name theirs");
}

#[test]
fn a_text_message_for_all_is_held_to_the_same() {
    let about = ABOUT.replace("together = [\"ent\"]", "together = [\"ent\", \"sms\"]");
    let error = refusal(&about, ["x", "x", "{{nom}}"]);
    assert!(matches!(error.fault, TemplateFault::OnesOwn(_)), "{error}");
    let templates = load(&about, ["x", "x", "{{objet}} (réf. {{reference}})"]).unwrap();
    let prepared = templates.prepare("essai", &fields(&[("objet", "Neige")]), &school()).unwrap();
    assert!(prepared.is_together(Channel::Sms));
}

#[test]
fn a_channel_without_a_text_is_no_channel_for_all() {
    let about = ABOUT.replace("together = [\"ent\"]", "together = [\"email\"]");
    let error = refusal(&about, ["x", "x", "x"]);
    assert_eq!(error.file, "about.toml");
    assert!(error.to_string().contains("\"email\""), "{error}");
}

#[test]
fn whoever_reads_it_the_text_for_all_is_the_same() {
    let templates = load(ABOUT, ["{{objet}}", "{{objet}} ({{reference}})", "{{nom}}"]).unwrap();
    let prepared = templates.prepare("essai", &fields(&[("objet", "Neige")]), &school()).unwrap();
    assert!(prepared.is_together(Channel::Ent) && !prepared.is_together(Channel::Sms));
    let alone = guardian("Paul MARTIN", &[]);
    let [ines, paul] = [ines(), alone].map(|to| prepared.ent(&to, "7K4M-02QB").unwrap());
    assert_eq!(ines, paul);
    let Content::Ent { html, .. } = ines else { panic!("{ines:?}") };
    assert!(html.contains("Neige (7K4M-02QB)"), "{html}");
}
