//! A correction says on every channel what it puts right, of which day, and what changed.

use chappe::message::{Code, DIGEST, Rectified};
use chappe::render::TemplateInfo;

use super::*;

fn examples(info: &TemplateInfo) -> Fields {
    info.fields.iter().map(|field| (field.name.clone(), field.example.clone())).collect()
}

fn rectified(what: &str) -> Rectified {
    Rectified { of: "Fermeture".to_owned(), day: "lundi 16 mars".to_owned(), what: what.to_owned() }
}

fn correction(template: &str, fields: &Fields, says: Option<&Rectified>) -> Prepared {
    let templates = Templates::load(None).unwrap();
    let corrects = Code::from_stored("7K4M".to_owned());
    templates.prepare_correction(template, fields, &school(), (&corrects, says)).unwrap()
}

/// What is read or said on each channel, with plain spaces.
fn texts(prepared: &Prepared, channels: &[Channel]) -> Vec<(Channel, String)> {
    let to = ines();
    let text = |channel: &Channel| match channel {
        Channel::Ent => match prepared.ent(&to, REFERENCE).unwrap() {
            Content::Ent { subject, html } => format!("{subject}\n{html}"),
            other => panic!("{other:?}"),
        },
        Channel::Email => match prepared.email(&to, REFERENCE).unwrap() {
            Content::Email { subject, text, html } => format!("{subject}\n{text}\n{html}"),
            other => panic!("{other:?}"),
        },
        Channel::Sms => match prepared.sms(&to, REFERENCE).unwrap() {
            Content::Sms { text, .. } => text,
            other => panic!("{other:?}"),
        },
        Channel::Phone => prepared.phone(&to, REFERENCE).unwrap(),
        Channel::Letter => {
            let letter = prepared.letter(&to, REFERENCE).unwrap();
            format!("{}\n{}", letter.subject, plain_of(&letter.body))
        }
        Channel::Chat => String::new(),
    };
    let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
    channels.iter().map(|channel| (*channel, plain(text(channel)))).collect()
}

#[test]
fn every_shipped_template_says_on_every_channel_what_is_put_right_and_what_changed() {
    let templates = Templates::load(None).unwrap();
    let says = rectified("l’heure de reprise change");
    let mut seen = 0;
    for (name, info) in templates.list().filter(|(name, _)| *name != DIGEST) {
        let prepared = correction(name, &examples(info), Some(&says));
        for (channel, text) in texts(&prepared, &info.channels) {
            let quoted = if channel == Channel::Sms { "\"Fermeture\"" } else { "« Fermeture »" };
            let line =
                format!("Rectificatif à {quoted} du lundi 16 mars : l’heure de reprise change.");
            assert!(text.contains(&line), "{name}, {channel}: {text}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn the_line_comes_first_where_it_is_read_and_after_the_greeting_where_it_is_said() {
    let says = rectified("l’agenda change");
    let info = Templates::load(None).unwrap().info("fermeture").unwrap().clone();
    let prepared = correction("fermeture", &examples(&info), Some(&says));
    let text = |wanted: Channel| texts(&prepared, &[wanted]).remove(0).1;
    assert!(text(Channel::Sms).starts_with("Rectificatif à "), "{}", text(Channel::Sms));
    let phone = text(Channel::Phone);
    assert!(
        phone.starts_with("Bonjour") && phone.find("Rectificatif à") < phone.find("Ce qui change"),
        "{phone}"
    );
    for channel in [Channel::Ent, Channel::Email, Channel::Letter] {
        let text = text(channel);
        let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
        assert!(place("Rectificatif : ") < place("Rectificatif à"), "{channel}: the subject");
        assert!(place("Rectificatif à") < place("Ce qui change"), "{channel}: {text}");
    }
}

#[test]
fn nothing_is_said_of_what_did_not_change_and_a_correction_of_before_says_so_in_its_subject() {
    let info = Templates::load(None).unwrap().info("annonce").unwrap().clone();
    let nothing = correction("annonce", &examples(&info), Some(&rectified("")));
    for (channel, text) in texts(&nothing, &info.channels) {
        assert!(text.contains("du lundi 16 mars."), "{channel}: {text}");
    }
    let old = correction("annonce", &examples(&info), None);
    for (channel, text) in texts(&old, &[Channel::Ent, Channel::Email, Channel::Letter]) {
        assert!(text.starts_with("Rectificatif : "), "{channel}: {text}");
        assert!(!text.contains("Rectificatif à"), "{channel}: {text}");
    }
}

#[test]
fn quotation_marks_within_the_subject_are_those_within_quotation_marks() {
    let info = Templates::load(None).unwrap().info("annonce").unwrap().clone();
    let what = "la rubrique \"Agenda\" a changé".to_owned();
    for typed in ["Réunion \"info\" des 6e", "Réunion « info » des 6e", "Réunion “info” des 6e"]
    {
        let says = Rectified { of: typed.to_owned(), what: what.clone(), ..rectified("") };
        let prepared = correction("annonce", &examples(&info), Some(&says));
        for (channel, text) in texts(&prepared, &info.channels) {
            let line = if channel == Channel::Sms {
                "Rectificatif à \"Réunion 'info' des 6e\" du lundi 16 mars : la rubrique \"Agenda\" a changé."
            } else {
                "Rectificatif à « Réunion “info” des 6ᵉ » du lundi 16 mars : la rubrique « Agenda » a changé."
            };
            assert!(text.contains(line), "{channel}, {typed}: {text}");
        }
    }
}

#[test]
fn a_text_message_says_once_what_it_is_about() {
    let info = Templates::load(None).unwrap().info("fermeture").unwrap().clone();
    let fields = examples(&info);
    let says = Rectified { of: fields["objet"].clone(), ..rectified("l’agenda change") };
    let (_, text) =
        texts(&correction("fermeture", &fields, Some(&says)), &[Channel::Sms]).remove(0);
    assert!(text.starts_with("Rectificatif au message du lundi 16 mars : l’agenda"), "{text}");
    assert_eq!(text.matches(&says.of).count(), 1, "{text}");
    let other = rectified("l’objet change");
    let (_, text) =
        texts(&correction("fermeture", &fields, Some(&other)), &[Channel::Sms]).remove(0);
    assert!(text.starts_with("Rectificatif à \"Fermeture\" du"), "{text}");
}
