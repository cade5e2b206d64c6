//! What `chappe init` asks on a terminal: in French, since the office may answer.

use std::io;

use super::super::terminal::Terminal;
use crate::config::{Facts, Relay};
use crate::email_address::EmailAddress;
use crate::people::SchoolId;
use crate::phone_number::PhoneNumber;

/// Asks for each fact that is not known yet.
pub(super) fn ask(person: &mut Terminal<'_>, mut facts: Facts) -> io::Result<Facts> {
    person
        .say("Quelques questions sur l’établissement ; Entrée passe une question facultative.")?;
    if facts.uai.is_none() {
        facts.uai = Some(uai(person)?);
    }
    let region = facts.region();
    text(person, &mut facts.name, "Nom, tel que les familles le connaissent")?;
    if facts.address.is_none() {
        let street = person.ask_until("Adresse : numéro et rue", filled)?;
        let town = person.ask_until("Adresse : code postal et ville", filled)?;
        facts.address = Some(vec![street, town]);
    }
    text(person, &mut facts.town, "Ville d’où les lettres sont datées")?;
    if facts.phone.is_none() {
        let is_number = |typed: &str| phone(typed, region);
        facts.phone = Some(person.ask_until("Téléphone du secrétariat", is_number)?);
    }
    if facts.email.is_none() {
        let question = "Adresse électronique du secrétariat (facultatif)";
        facts.email = Some(person.ask_until(question, email)?);
    }
    if facts.website.is_none() {
        let question = "Page du site où les annonces se lisent en entier (facultatif)";
        facts.website = Some(person.ask(question)?);
    }
    text(person, &mut facts.signatory_name, "Qui signe : prénom et nom")?;
    let title = "Qui signe : fonction (Principale, Proviseur, …)";
    text(person, &mut facts.signatory_title, title)?;
    if facts.relay.is_none() {
        facts.relay = relay(person, facts.email.as_deref().unwrap_or_default())?;
    }
    Ok(facts)
}

/// E-mails leave by a relay, from an address.
fn relay(person: &mut Terminal<'_>, from: &str) -> io::Result<Option<Relay>> {
    let Ok(from) = EmailAddress::parse(from) else { return Ok(None) };
    let host = person.ask("Serveur d’envoi des courriels (facultatif : à remplir plus tard)")?;
    if host.is_empty() {
        return Ok(None);
    }
    let user = person.ask("Compte sur ce serveur (facultatif)")?;
    Ok(Some(Relay { host, from, user: Some(user).filter(|user| !user.is_empty()) }))
}

/// One whose letter does not fit is a slip, unless it is typed twice.
fn uai(person: &mut Terminal<'_>) -> io::Result<SchoolId> {
    const QUESTION: &str = "UAI (sept chiffres et une lettre)";
    let mut before = None;
    loop {
        let typed = person.ask_until(QUESTION, |typed| {
            SchoolId::parse(typed).map_err(|_| "ce n’est pas un UAI ; par exemple 0310053P")
        })?;
        match typed.due_letter().filter(|letter| !typed.as_str().ends_with(*letter)) {
            Some(letter) if before.as_ref() != Some(&typed) => {
                person.say(&format!(
                    "  La lettre de ces sept chiffres serait {letter} : vérifiez, ou retapez le même."
                ))?;
                before = Some(typed);
            }
            _ => return Ok(typed),
        }
    }
}

fn text(person: &mut Terminal<'_>, fact: &mut Option<String>, question: &str) -> io::Result<()> {
    if fact.is_none() {
        *fact = Some(person.ask_until(question, filled)?);
    }
    Ok(())
}

fn filled(typed: &str) -> Result<String, &'static str> {
    if typed.is_empty() { Err("il faut une réponse") } else { Ok(typed.to_owned()) }
}

fn phone(typed: &str, region: &str) -> Result<String, &'static str> {
    let number = PhoneNumber::parse(typed, region);
    number.map_err(|_| "ce n’est pas un numéro de téléphone ; par exemple 05 36 49 00 00")?;
    Ok(typed.to_owned())
}

fn email(typed: &str) -> Result<String, &'static str> {
    if typed.is_empty() {
        return Ok(String::new());
    }
    let address = EmailAddress::parse(typed);
    address.map_err(|_| "ce n’est pas une adresse ; par exemple secretariat@example.org")?;
    Ok(typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found out, and what the screen shows, when this is typed.
    fn interview(facts: Facts, typed: &str) -> (io::Result<Facts>, String) {
        let mut screen = Vec::new();
        let facts = ask(&mut Terminal::new(typed.as_bytes(), &mut screen), facts);
        (facts, String::from_utf8(screen).unwrap())
    }

    const REST: &str =
        "Collège Zoé\n1 rue Haute\n31000 TOULOUSE\nToulouse\n05 36 49 00 01\n\n\nA B\nPrincipal\n";

    #[test]
    fn each_answer_is_asked_for_until_it_can_be_taken() {
        let typed = format!("31\n0310053P\n\n{REST}").replace("05 36 49", "05\n05 36 49");
        let (facts, screen) = interview(Facts::default(), &typed);
        let facts = facts.unwrap();
        assert_eq!(facts.uai.unwrap().as_str(), "0310053P");
        assert_eq!(facts.name.as_deref(), Some("Collège Zoé"));
        assert_eq!(facts.phone.as_deref(), Some("05 36 49 00 01"));
        assert_eq!((facts.email.as_deref(), facts.relay), (Some(""), None));
        assert_eq!(screen.matches("Non : ").count(), 3, "{screen}");
    }

    #[test]
    fn a_uai_whose_letter_does_not_fit_is_taken_when_it_is_typed_twice() {
        let (facts, screen) = interview(Facts::default(), &format!("0310053A\n0310053A\n{REST}"));
        assert_eq!(facts.unwrap().uai.unwrap().as_str(), "0310053A");
        assert!(screen.contains("serait P"), "{screen}");
    }

    #[test]
    fn what_is_known_is_not_asked_and_a_relay_only_for_a_sender() {
        let known = Facts {
            uai: SchoolId::parse("9740001B").ok(),
            name: Some("Lycée".to_owned()),
            ..Facts::default()
        };
        let typed = "1 rue Haute\n97400 SAINT-DENIS\nSaint-Denis\n0262 00 00 00\na@example.org\n\nA B\nP\n\
                     smtp.lycee.example\n\n";
        let (facts, screen) = interview(known, typed);
        let relay = facts.unwrap().relay.unwrap();
        assert_eq!((relay.host.as_str(), relay.user), ("smtp.lycee.example", None));
        assert!(!screen.contains("UAI") && !screen.contains("familles le connaissent"), "{screen}");
    }

    #[test]
    fn whoever_leaves_has_answered_nothing() {
        let (facts, _) = interview(Facts::default(), "0310053P\nCollège");
        assert!(facts.is_err());
    }
}
