//! What will happen, in the words of the last page.

use std::time::Duration;

use super::super::words::{count, hour_of, named, readable};
use super::spending;
use crate::channel::Channel;
use crate::message::Urgency;
use crate::office::{Departures, Outlook, Ready, School};
use crate::wording::dates;

/// Up to so far ahead the minutes are told, and no hour.
const SOON: Duration = Duration::from_hours(1);

/// What will happen.
pub(super) struct Forecast {
    /// In one sentence: to how many, by which ways.
    pub(super) sentence: String,
    /// For whom, as the rule says it.
    pub(super) audience: String,
    /// When it begins, and until when it can be taken back.
    pub(super) departure: String,
    /// What it takes, by what it is counted in.
    pub(super) costs: Vec<(&'static str, String)>,
    /// What a person should know before.
    pub(super) warnings: Vec<String>,
    /// The names of those whom nothing reaches.
    pub(super) out_of_reach: Vec<String>,
    /// Who is left out, and why.
    pub(super) left_out: Vec<(String, String)>,
}

impl Forecast {
    /// Of an announcement; a ruling is told of to whoever may see them.
    pub(super) fn of(
        school: &School,
        ready: &Ready,
        outlook: &Outlook,
        sees_rulings: bool,
    ) -> Self {
        let left_out = ready.left_out.iter().filter(|it| sees_rulings || !it.is_restricted);
        Self {
            sentence: sentence(school, ready, outlook),
            audience: ready.message.audience.clone(),
            departure: departure(school, ready, outlook),
            costs: costs(outlook),
            warnings: warnings(school, outlook),
            out_of_reach: outlook.out_of_reach.clone(),
            left_out: left_out.map(|it| (it.name.clone(), it.reason.clone())).collect(),
        }
    }
}

/// `877 personnes recevront cette annonce dans 2 minutes : 703 par l’ENT d’abord, 159 par courriel, 15 par lettre ;
/// coût : 23,40 € au départ, 112,00 € au plus.`
fn sentence(school: &School, ready: &Ready, outlook: &Outlook) -> String {
    let by = |(way, number): (&Channel, &usize)| {
        let by = match way {
            Channel::Ent => "par l’ENT d’abord",
            Channel::Email => "par courriel",
            Channel::Sms => "par SMS",
            Channel::Phone => "par un appel",
            Channel::Letter => "par lettre",
            Channel::Chat => "par message instantané",
        };
        format!("{} {by}", readable(*number))
    };
    let ways: Vec<String> = outlook.by_way.iter().map(by).collect();
    let reached = outlook.reached();
    if reached == 0 {
        return "Personne ne recevra cette annonce : aucune voie ouverte ne joint ses destinataires."
            .to_owned();
    }
    let verb = if reached < 2 { "recevra" } else { "recevront" };
    format!(
        "{} {verb} cette annonce {} : {}{}.",
        count(reached, "personne", "personnes"),
        when(school, ready, outlook),
        ways.join(", "),
        spending::in_sentence(outlook.cost)
    )
}

/// `tout de suite`, `dans 2 minutes`, `lundi 30 novembre à 8 h`: at the hour that was chosen, or that quiet hours end.
fn when(school: &School, ready: &Ready, outlook: &Outlook) -> String {
    let now = school.clock.now();
    match outlook.starts_at {
        Some(at) if ready.message.terms.starts_at.is_some() || at > now + SOON => {
            hour_of(school, at)
        }
        Some(at) if at > now => format!("dans {}", dates::lasting(at.since(now))),
        _ => "tout de suite".to_owned(),
    }
}

/// When it begins, and until when it can be taken back.
fn departure(school: &School, ready: &Ready, outlook: &Outlook) -> String {
    let urgent = if outlook.urgency == Urgency::Urgent { ", avant toutes les autres" } else { "" };
    let can_be_undone = outlook.starts_at.is_some_and(|at| at > school.clock.now());
    let undo = if can_be_undone { " ; annulable jusque-là" } else { "" };
    let starts = format!("{}{urgent}{undo}", when(school, ready, outlook));
    match outlook.expires_at {
        Some(at) => format!("{starts} ; plus rien ne part après {}", named(school, at)),
        None => starts,
    }
}

fn costs(outlook: &Outlook) -> Vec<(&'static str, String)> {
    let ent = outlook.departures.get(&Channel::Ent).map(|it| ("Par l’ENT", calls(*it)));
    ent.into_iter().chain(spending::lines(outlook.cost)).collect()
}

/// `18 envois groupés, toutes les familles prévenues en 2 minutes`, unless they leave too close to each other.
fn calls(departures: Departures) -> String {
    let mut told = if departures.together {
        count(departures.calls, "envoi groupé", "envois groupés")
    } else {
        format!("{} un par un", count(departures.calls, "envoi", "envois"))
    };
    if departures.waves > 1 {
        told = format!("{told} en {} vagues", departures.waves);
    }
    let lasting = dates::lasting(departures.lasting());
    if departures.notifies_all {
        format!("{told}, toutes les familles prévenues en {lasting}")
    } else {
        format!(
            "{told} en {lasting}, plus rapprochés que l’ENT ne prévient d’ordinaire : une partie des familles \
             pourrait avoir le message sans en être prévenue"
        )
    }
}

fn warnings(school: &School, outlook: &Outlook) -> Vec<String> {
    let mut told = Vec::new();
    let names = |channels: &[Channel]| {
        channels.iter().map(|it| it.in_french()).collect::<Vec<_>>().join(", ")
    };
    if !outlook.out_of_reach.is_empty() {
        told.push(format!(
            "{} par aucune voie : elles vous seront nommées.",
            count(
                outlook.out_of_reach.len(),
                "personne n’est joignable",
                "personnes ne sont joignables"
            )
        ));
    }
    if outlook.shut_off > 0 {
        told.push(format!(
            "{} que par des voies fermées en ce moment : lancée maintenant, l’annonce ne les attend pas.",
            count(outlook.shut_off, "d’elles n’est joignable", "d’elles ne sont joignables")
        ));
    }
    if !outlook.passed_over.is_empty() {
        told.push(format!(
            "Personne ne porte {} ici : ces voies sont sautées.",
            names(&outlook.passed_over)
        ));
    }
    if !outlook.idle.is_empty() {
        told.push(format!(
            "Rien ne part pour l’instant par {} : le service n’est pas réglé.",
            names(&outlook.idle)
        ));
    }
    if !outlook.by_hand.is_empty() {
        told.push(format!("Une personne devra la publier dans {}.", outlook.by_hand.join(", ")));
    }
    if outlook.ent_unknown > 0 {
        told.push(format!(
            "L’ENT n’a pas encore dit si {} y ont un compte.",
            count(outlook.ent_unknown, "personne", "personnes")
        ));
    }
    told.extend(outlook.ent_unseen.in_french());
    if outlook.digest.waiting > 0 {
        let at = outlook
            .digest
            .leaves_at
            .map(|at| format!(", {}", hour_of(school, at)))
            .unwrap_or_default();
        told.push(format!(
            "{} ont assez de messages cette semaine : le récapitulatif la leur portera{at}.",
            count(outlook.digest.waiting, "personne", "personnes")
        ));
    }
    if outlook.may_meet_the_night {
        told.push("Ce qui n’est pas parti avant les heures de repos attendra leur fin.".to_owned());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_how_many_calls_it_leaves_and_when_all_are_notified() {
        let at_once =
            Departures { calls: 18, together: true, waves: 1, seconds: 53, notifies_all: true };
        let said = |it| calls(it).replace('\u{a0}', " ");
        assert_eq!(
            said(at_once),
            "18 envois groupés, toutes les familles prévenues en moins d’une minute"
        );
        let alone = Departures { calls: 900, together: false, seconds: 2_787, ..at_once };
        assert_eq!(
            said(alone),
            "900 envois un par un, toutes les familles prévenues en 46 minutes"
        );
        let in_waves = Departures { calls: 20, waves: 4, seconds: 1_813, ..at_once };
        assert_eq!(
            said(in_waves),
            "20 envois groupés en 4 vagues, toutes les familles prévenues en 30 minutes"
        );
        let too_soon = said(Departures { notifies_all: false, seconds: 0, ..at_once });
        assert!(too_soon.starts_with("18 envois groupés en moins d’une minute, plus rapprochés"));
        assert!(
            too_soon.contains("sans en être prévenue") && !too_soon.contains("toutes les familles")
        );
    }
}
