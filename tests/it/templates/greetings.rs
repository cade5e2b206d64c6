//! Who gets a copy is greeted by it: all who read it, and nobody by the name of one of two.

use chappe::email_address::EmailAddress;
use chappe::people::PostalAddress;
use chappe::phone_number::PhoneNumber;

use super::*;

const COUPLES: [(Civility, Civility, &str); 3] = [
    (Civility::M, Civility::Mme, "Madame, Monsieur"),
    (Civility::Mme, Civility::Mme, "Mesdames"),
    (Civility::M, Civility::M, "Messieurs"),
];

fn person(key: &str, name: &str, civility: Option<Civility>) -> Recipient {
    let one = guardian(name, &[("Zoé DURAND", Some("6A")), ("Léo DURAND", Some("3B"))]);
    Recipient { person: PersonKey(key.into()), civility, ..one }
}

fn household(one: Civility, other: Civility) -> Recipient {
    let paul = person("siecle:2", "Paul MARTIN", Some(other));
    person("siecle:1", "Inès DURAND", Some(one)).together_with(&[paul])
}

/// Every shipped template with its examples.
pub fn shipped() -> Vec<(String, Vec<Channel>, Prepared)> {
    let templates = Templates::load(None).unwrap();
    let prepared = templates.list().map(|(name, info)| {
        let examples = info.fields.iter().map(|it| (it.name.clone(), it.example.clone()));
        let prepared = templates.prepare(name, &examples.collect(), &school()).unwrap();
        (name.to_owned(), info.channels.clone(), prepared)
    });
    prepared.collect()
}

pub fn said(prepared: &Prepared, channel: Channel, to: &Recipient) -> String {
    match channel {
        Channel::Letter => plain_of(&prepared.letter(to, REFERENCE).unwrap().body),
        Channel::Ent => match prepared.ent(to, REFERENCE).unwrap() {
            Content::Ent { html, .. } => html,
            other => panic!("{other:?}"),
        },
        Channel::Email => email(prepared, to).1,
        other => panic!("{other} greets nobody"),
    }
}

#[test]
fn a_copy_for_two_greets_both_wherever_a_greeting_stands() {
    for (name, channels, prepared) in shipped() {
        for channel in [Channel::Ent, Channel::Email, Channel::Letter] {
            for (one, other, greeting) in COUPLES {
                if !channels.contains(&channel) {
                    continue;
                }
                let text = said(&prepared, channel, &household(one, other));
                let for_all = prepared.is_together(channel).then_some("Madame, Monsieur");
                let greeting = for_all.unwrap_or(greeting);
                assert!(text.contains(&format!("{greeting},")), "{name}, {channel}:\n{text}");
                assert!(!text.contains("DURAND et Paul"), "{name}, {channel}:\n{text}");
            }
        }
    }
}

#[test]
fn a_letter_closes_as_it_opens() {
    let letters = shipped().into_iter().filter(|(_, it, _)| it.contains(&Channel::Letter));
    // A form goes back and forth: it is signed by those who fill it in.
    for (name, _, prepared) in letters.filter(|(name, ..)| name != "fiche-coordonnees") {
        for (one, other, greeting) in COUPLES {
            let text = said(&prepared, Channel::Letter, &household(one, other));
            let closing = format!("Nous vous prions d’agréer, {greeting}, l’expression de notre");
            assert!(text.contains(&closing), "{name}:\n{text}");
        }
        let text = said(&prepared, Channel::Letter, &ines());
        assert!(
            text.contains("Nous vous prions d’agréer, Madame, l’expression"),
            "{name}:\n{text}"
        );
    }
}

#[test]
fn a_shared_mailbox_is_greeted_as_two_where_her_own_account_is_greeted_as_one() {
    let prepared = prepare(&announcement()).unwrap();
    let mut ines = ines();
    ines.greeted_too.insert(Channel::Email, vec![Some(Civility::M)]);
    let (_, text, html) = email(&prepared, &ines);
    assert!(text.contains("\nMadame, Monsieur,\n"), "{text}");
    assert!(html.contains("<p>Madame, Monsieur,</p>"), "{html}");
    let (_, _, digest) = shipped().into_iter().find(|(it, ..)| it == "recapitulatif").unwrap();
    let ent = said(&digest, Channel::Ent, &ines);
    assert!(ent.contains("<p>Madame,</p>"), "{ent}");
    assert_eq!((ines.name_on(Channel::Email), ines.name_on(Channel::Ent)), ("", "Inès DURAND"));
}

#[test]
fn a_template_of_the_school_that_greets_by_name_does_so_where_one_person_reads_alone() {
    let folder = folder_with("{{#if civilite}}{{civilite}} {{nom}}{{else}}{{salutation}}{{/if}}");
    let templates = Templates::load(Some(folder.path())).unwrap();
    let prepared = templates.prepare("essai", &Fields::new(), &school()).unwrap();
    let mut ines = ines();
    assert_eq!(sms(&prepared, &ines).0, "Mme Inès DURAND");
    ines.greeted_too.insert(Channel::Sms, vec![Some(Civility::M)]);
    assert_eq!(sms(&prepared, &ines).0, "Madame, Monsieur");
}

#[test]
fn a_caller_asks_for_one_of_two() {
    let prepared = prepare(&announcement()).unwrap();
    let script = prepared.phone(&household(Civility::Mme, Civility::M), REFERENCE).unwrap();
    assert!(script.contains("en ligne avec Mme Inès DURAND ou M. Paul MARTIN"), "{script}");
    let script = prepared.phone(&ines(), REFERENCE).unwrap();
    assert!(
        script.contains("en ligne avec Mme Inès DURAND\u{a0}?")
            || script.contains("en ligne avec Mme Inès DURAND ?"),
        "{script}"
    );
}

#[test]
fn a_shared_mailbox_is_told_nothing_that_was_noted_of_one_of_those_who_read_it() {
    let own = Recipient {
        email: EmailAddress::parse("famille@example.org").ok(),
        sms: PhoneNumber::from_e164("+33639980001"),
        phone: PhoneNumber::from_e164("+33536490009"),
        post: Some(PostalAddress {
            lines: vec!["12 rue des Lilas".into()],
            postcode: "31000".into(),
            town: "TOULOUSE".into(),
            country: None,
        }),
        ..ines()
    };
    let mut shared = own.clone();
    shared.greeted_too.insert(Channel::Email, vec![None]);
    let campaigns = ["fiche-coordonnees", "verification"];
    for (name, _, prepared) in shipped().into_iter().filter(|it| campaigns.contains(&&*it.0)) {
        let secrets = ["06 39 98 00 01", "05 36 49 00 09", "12 rue des Lilas"];
        let (alone, both) = (email(&prepared, &own).1, email(&prepared, &shared).1);
        assert!(alone.contains(secrets[0]) && alone.contains(secrets[2]), "{name}:\n{alone}");
        assert!(!secrets.iter().any(|secret| both.contains(secret)), "{name}:\n{both}");
        assert!(both.contains("famille@example.org"), "{name}:\n{both}");
        assert!(both.contains("Plusieurs personnes lisent cette adresse"), "{name}:\n{both}");
        assert!(!both.contains("aucun"), "{name} says what is not so:\n{both}");
    }
}
