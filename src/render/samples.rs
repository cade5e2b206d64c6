//! Fictional people and a fictional school, for checking templates: names that break careless
//! ones, and every usual shape of family.

use jiff::civil::Date;

use super::letters::{Letter, LetterJob, Sides};
use super::school::SchoolFacts;
use crate::channel::Channel;
use crate::delivery::{About, Recipient};
use crate::email_address::EmailAddress;
use crate::people::{Civility, PersonKey, PostalAddress};
use crate::phone_number::PhoneNumber;
use crate::wording::markdown;

/// A reference of the usual length.
pub const REFERENCE: &str = "7K4M-02QB";

/// A guardian of one pupil.
pub fn usual_person() -> Recipient {
    person("Inès DURAND", Some(Civility::Mme), &[("Zoé DURAND", Some("6A"))])
}

/// The same with every contact known.
pub fn reachable_person() -> Recipient {
    reachable(usual_person())
}

/// People with apostrophes, markup, long names, several pupils, no class, no pupil at all.
pub fn people() -> Vec<Recipient> {
    vec![
        usual_person(),
        reachable_person(),
        couple(),
        sharing_a_mailbox(),
        person("Jean d’O'BRIEN", Some(Civility::M), &[("Tom & <Léa> *O'BRIEN*", None)]),
        person(
            "Marie-Françoise-Geneviève DE LA TOUR DU PIN-CHAMBLY DE LA CHARCE",
            None,
            &[
                ("Anne-Sophie DE LA TOUR DU PIN-CHAMBLY DE LA CHARCE", Some("3e Europe 1")),
                ("#panic() _Max_ `DURAND`", Some("<b>6B</b>")),
                ("Élie DURAND", None),
            ],
        ),
        person("Œuvre [social](https://example.org)", Some(Civility::Mme), &[]),
        person("{{nom}} DUPONT", None, &[]),
    ]
}

/// Two guardians of one home, of two pupils.
fn couple() -> Recipient {
    let pupils = [("Zoé DURAND", Some("6A")), ("Léo DURAND", Some("3B"))];
    let paul = person("Paul MARTIN", Some(Civility::M), &pupils);
    person("Inès DURAND", Some(Civility::Mme), &pupils).together_with(&[paul])
}

/// Somebody whose mailbox another guardian reads as well.
fn sharing_a_mailbox() -> Recipient {
    let mut sharing = reachable(usual_person());
    sharing.greeted_too.insert(Channel::Email, vec![Some(Civility::M)]);
    sharing
}

/// The same person with every contact known.
fn reachable(to: Recipient) -> Recipient {
    Recipient {
        email: EmailAddress::parse("ines.durand@example.org").ok(),
        sms: PhoneNumber::from_e164("+33639980001"),
        phone: PhoneNumber::from_e164("+33536490001"),
        post: Some(PostalAddress {
            lines: vec!["12 rue des Lilas <b>".into(), "Bât. B & C".into()],
            postcode: "31000".into(),
            town: "TOULOUSE".into(),
            country: None,
        }),
        ..to
    }
}

/// A school with every fact known.
pub fn school() -> SchoolFacts {
    SchoolFacts {
        name: "Collège Jean-Moulin".into(),
        address_lines: vec!["1 rue des Écoles".into(), "31000 TOULOUSE".into()],
        phone: "05 36 49 00 01".into(),
        email: "secretariat@example.org".into(),
        website: "https://clg-moulin.example.org/info".into(),
        signatory_name: "Claire FONTAINE".into(),
        signatory_title: "Principale".into(),
        town: "Toulouse".into(),
    }
}

/// One short letter to nobody, on the school's own paper.
#[must_use]
pub fn letter_job(school: &SchoolFacts, date: Date) -> LetterJob {
    let letter = Letter {
        address: vec!["ESSAI".into()],
        reference: REFERENCE.into(),
        subject: "Essai d’impression".into(),
        about: vec!["Zoé DURAND".into()],
        class_label: None,
        body: markdown::to_blocks("Une lettre d’essai, qui n’est envoyée à personne."),
        question: None,
        form: false,
        large_print: false,
        calls: Vec::new(),
        diary: Vec::new(),
        parts: Vec::new(),
    };
    LetterJob {
        title: "Essai".into(),
        school: school.clone(),
        date,
        sides: Sides::default(),
        letters: vec![letter],
        documents: Vec::new(),
        piles: Vec::new(),
    }
}

fn person(name: &str, civility: Option<Civility>, about: &[(&str, Option<&str>)]) -> Recipient {
    Recipient::without_address(
        PersonKey("sample".into()),
        name,
        civility,
        about
            .iter()
            .map(|(name, class)| About {
                pupil: None,
                name: (*name).into(),
                class: class.map(str::to_owned),
                level: None,
            })
            .collect(),
    )
}
