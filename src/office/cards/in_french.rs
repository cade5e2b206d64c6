//! Cards, as the office reads them.

use super::card::{Card, CardShown, CardState, Hindered};
use super::destination::Destination;
use super::read_there::ReadThere;
use super::reminders::CardReminder;
use crate::clock::Moment;
use crate::office::School;
use crate::store::cards::SaidDone;
use crate::wording::dates;

impl Card {
    /// How it stands, in one line: `à publier dans PRONOTE depuis 40 minutes : 24 personnes l’attendent`.
    #[must_use]
    pub fn in_french(&self, school: &School) -> String {
        let (program, now) = (&self.program, school.clock.now());
        let told = match self.state {
            _ if self.held_back.is_some() => format!("pas encore à publier : {}", self.hindered()),
            CardState::ToPublish | CardState::TakenBack | CardState::StandsBy => {
                let waiting = counted(self.waiting, "personne l’attend", "personnes l’attendent");
                let when = match self.since {
                    Some(since) if since > now => format!(" {}", to_come(school, since)),
                    Some(since) => format!(" depuis {}", dates::lasting(now.since(since))),
                    None => String::new(),
                };
                match self.state {
                    CardState::StandsBy if self.waiting == 0 => {
                        format!("rien à publier dans {program} : tous l’ont reçu autrement")
                    }
                    CardState::StandsBy => {
                        format!("à publier dans {program} si l’ENT reste fermé : {waiting}")
                    }
                    CardState::TakenBack => {
                        format!("à publier de nouveau dans {program}{when} : {waiting}")
                    }
                    _ => format!("à publier dans {program}{when} : {waiting}"),
                }
            }
            CardState::NotYet => format!("pas encore à publier dans {program}"),
            CardState::Published => {
                let done = self.published.as_ref().map(|done| said(school, done));
                let told = counted(self.told, "personne prévenue", "personnes prévenues");
                format!("publiée dans {program}{} : {told}", done.unwrap_or_default())
            }
            CardState::Expired => {
                let gone = counted(self.gone, "personne", "personnes");
                format!("expirée : plus personne ne l’attend ; autre voie pour {gone}")
            }
            CardState::Superseded => "remplacée : un rectificatif est parti".to_owned(),
        };
        told + &self.what_follows(school)
    }

    /// What reminds whoever is to publish it.
    pub(super) fn reminder_in_french(&self, school: &School) -> String {
        let since = self.since.map_or_else(String::new, |since| {
            format!(" depuis {}", dates::lasting(school.clock.now().since(since)))
        });
        let is_one = self.waiting < 2;
        let wait = counted(self.waiting, "personne l’attend", "personnes l’attendent");
        let go_on = if is_one { "elle passera à sa" } else { "elles passeront à leur" };
        let until = self.until.map_or_else(String::new, |at| {
            format!(" Sans cela, {go_on} voie suivante {}.", to_come(school, at))
        });
        format!(
            "Le message {} est à publier dans {}{since} : {wait}.{until} Son texte est prêt à copier dans Chappe.",
            self.message, self.program
        )
    }

    fn what_follows(&self, school: &School) -> String {
        let assigned = self.assigned_to.as_ref().filter(|_| self.state != CardState::Published);
        let assigned = assigned.map(|name| format!(" ; confiée à {name}")).unwrap_or_default();
        let until = self.until.filter(|_| self.waiting > 0 && self.held_back.is_none());
        let until = until.map(|at| format!(" ; voie suivante {}", to_come(school, at)));
        let removed = match self.is_to_remove() {
            true if self.cancelled => " ; message annulé depuis : à retirer",
            true => " ; texte rectifié depuis : à modifier ou à retirer",
            false => "",
        };
        format!("{}{assigned}{removed}", until.unwrap_or_default())
    }

    const fn hindered(&self) -> &'static str {
        match self.held_back {
            Some(Hindered::OnHold) => "tous les envois sont suspendus",
            Some(Hindered::Closed) => "la voie est fermée",
            Some(Hindered::Paused) => "le message est en pause",
            Some(Hindered::NotBefore) | None => "le message peut encore être annulé",
        }
    }
}

impl CardShown {
    /// What its publisher has to know beside the text, line by line.
    #[must_use]
    pub fn in_french(&self, school: &School) -> Vec<String> {
        let mut lines = vec![self.card.in_french(school)];
        if let Some(before) = &self.card.replaces {
            lines.push(format!(
                "Rectificatif : modifiez ou retirez d’abord l’ancien texte, publié{}.",
                said(school, before)
            ));
        }
        lines.extend(self.seen_again());
        lines.extend(self.destination.in_french());
        lines
    }

    /// Who reads it there as well although nobody waits to tell them.
    fn seen_again(&self) -> Option<String> {
        let Card { waiting, told_otherwise, gone, .. } = self.card;
        let others = told_otherwise + gone;
        let is_seen = waiting > 0 && others > 0 && self.destination.is_whole;
        is_seen.then(|| {
            let those = counted(others, "autre personne", "autres personnes");
            format!("{those} de ces classes, hors de cette carte, la verraient aussi.")
        })
    }
}

impl Destination {
    fn in_french(&self) -> Vec<String> {
        let mut lines = vec![format!("Destinataires : {}", self.groups.join(", "))];
        if !self.classes.is_empty() {
            lines.push(format!("Classes : {}", self.classes.join(", ")));
        }
        if !self.is_whole {
            lines.push("À choisir un par un, et non par classes entières :".to_owned());
            lines.extend(self.people.iter().map(|one| format!("  {one}")));
        }
        if !self.to_untick.is_empty() {
            let are = counted(self.to_untick.len(), "personne", "personnes");
            lines.push(format!(
                "{are} sous décision : ne publiez pas à toute la classe, décochez :"
            ));
            let each = self.to_untick.iter().map(|one| format!("  {} : {}", one.name, one.reason));
            lines.extend(each);
        }
        let steps = self.steps.iter().enumerate();
        lines.extend(steps.map(|(number, step)| format!("{}. {step}", number + 1)));
        lines
    }
}

impl ReadThere {
    /// In one line: `déjà publiée dans PRONOTE pour la classe 6A à 9 h par Sylvie : à retirer là-bas`.
    #[must_use]
    pub fn in_french(&self, school: &School) -> String {
        let class = self.class.as_ref().map(|class| format!(" pour la classe {class}"));
        format!(
            "déjà publiée dans {}{}{} : à retirer là-bas",
            self.program,
            class.unwrap_or_default(),
            said(school, &self.published)
        )
    }
}

impl CardReminder {
    /// In one line: `1 carte à publier dans PRONOTE depuis 40 minutes`.
    #[must_use]
    pub fn in_french(&self, school: &School) -> String {
        let cards = counted(self.cards, "carte", "cartes");
        let since = dates::lasting(school.clock.now().since(self.since));
        let first = if self.cards > 1 { ", la première" } else { "" };
        let until = self.until.filter(|_| self.is_half_over);
        let until = until.map(|at| format!(" ; voie suivante {}", to_come(school, at)));
        format!(
            "{cards} à publier dans {}{first} depuis {since}{}",
            self.program,
            until.unwrap_or_default()
        )
    }
}

/// ` à 8 h 15 par Sylvie`, or with its day.
fn said(school: &School, SaidDone { at, by }: &SaidDone) -> String {
    let hours = &school.queue.timing().hours;
    let (at, now) = (hours.wall(*at), hours.wall(school.clock.now()));
    let on = dates::gone_by(at, now);
    let by = if by.is_empty() { String::new() } else { format!(" par {by}") };
    format!(" {on}{by}")
}

fn to_come(school: &School, at: Moment) -> String {
    let hours = &school.queue.timing().hours;
    dates::to_come(hours.wall(at), hours.wall(school.clock.now()))
}

fn counted(count: usize, one: &str, several: &str) -> String {
    if count < 2 { format!("{count} {one}") } else { format!("{count} {several}") }
}
