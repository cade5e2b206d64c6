//! Everything about one adult that the office has to say to them on the telephone.

use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use super::meant::{handle, sight};
use super::words;
use crate::delivery::lifecycle::AddresseeState;
use crate::office::{self, Dossier, DossierContact, DossierMessage, DossierPupil, School};
use crate::people::{ContactState, Profile, Restriction, Right};

/// Messages on one page.
const MOST: usize = 30;

/// Which part of the messages, and what an act left to say.
#[derive(Deserialize)]
pub(super) struct AskedOfPerson {
    #[serde(default)]
    page: usize,
    #[serde(default, rename = "fait")]
    done: String,
    /// Of a ruling: copies that it took back, that had left, addresses that are not used any more, batches.
    #[serde(default, rename = "retirees")]
    withdrawn: usize,
    #[serde(default, rename = "parties")]
    left: usize,
    #[serde(default, rename = "adresses")]
    not_used: usize,
    #[serde(default, rename = "lots")]
    printed_in: String,
}

#[derive(Template)]
#[template(path = "directory/person.html", config = "src/web/askama.toml")]
struct PersonPage {
    path: String,
    name: String,
    lead: String,
    done: Option<String>,
    pupils: Vec<ChildRow>,
    contacts: Vec<Contact>,
    home: Vec<(&'static str, String)>,
    sees_rulings: bool,
    rulings: Vec<RulingRow>,
    messages: Vec<MessageRow>,
    sum: String,
    earlier: Option<usize>,
    later: Option<usize>,
    replies: Vec<(String, String)>,
    may_edit: bool,
}

struct ChildRow {
    path: String,
    handle: String,
    name: String,
    class: String,
    standing: &'static str,
}

struct Contact {
    number: usize,
    way: &'static str,
    value: String,
    state: &'static str,
    tone: &'static str,
    proof: String,
    source: &'static str,
    /// Whence a STOP came, where one stands.
    stop: Option<&'static str>,
    may_be_put_right: bool,
}

struct RulingRow {
    pupil: String,
    why: &'static str,
    note: String,
    handle: Option<String>,
}

struct MessageRow {
    code: String,
    subject: String,
    at: String,
    about: String,
    state: &'static str,
    tone: &'static str,
    ways: Vec<String>,
}

/// The page.
pub(super) async fn page(
    visitor: Visitor,
    Path(typed): Path<String>,
    Query(asked): Query<AskedOfPerson>,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let (sight, handle) = (sight(&visitor), handle(&typed)?);
    let found = office::look_at_person(school, visitor.actor(), &sight, handle).await?;
    let dossier = found.ok_or(Fault::NothingThere)?;
    let body = made(&visitor, school, &dossier, &asked);
    visitor.page(Section::Person, &dossier.name, &body)
}

/// What somebody may see of the person whom an address means.
pub(super) async fn dossier(visitor: &Visitor, typed: &str) -> Result<Dossier, Fault> {
    let found = office::dossier_at(visitor.school(), &sight(visitor), handle(typed)?).await?;
    found.ok_or(Fault::NothingThere)
}

fn made(
    visitor: &Visitor,
    school: &School,
    dossier: &Dossier,
    asked: &AskedOfPerson,
) -> PersonPage {
    let from = asked.page * MOST;
    let shown = dossier.messages.iter().skip(from).take(MOST);
    let replies = dossier.replies.iter();
    PersonPage {
        path: path(dossier),
        name: dossier.name.clone(),
        lead: lead(dossier),
        done: told(asked),
        pupils: dossier.pupils.iter().map(pupil).collect(),
        contacts: (0..).zip(&dossier.contacts).map(|(at, it)| contact(school, at, it)).collect(),
        home: dossier.profile.as_ref().map(home).unwrap_or_default(),
        sees_rulings: visitor.may(Right::SeeRulings),
        rulings: dossier.restrictions.iter().map(|it| ruling(dossier, it)).collect(),
        messages: shown.map(|it| message(school, it)).collect(),
        sum: sum(&dossier.messages),
        later: asked.page.checked_sub(1),
        earlier: (dossier.messages.len() > from + MOST).then(|| asked.page + 1),
        replies: replies.map(|it| (hour_of(school, it.at), it.body.clone())).collect(),
        may_edit: visitor.may(Right::EditFamilies),
    }
}

/// Where a person is shown.
pub(super) fn path(dossier: &Dossier) -> String {
    format!("/annuaire/personnes/{}", dossier.handle)
}

fn lead(dossier: &Dossier) -> String {
    let ways = dossier.contacts.iter().filter(|it| it.state.is_usable()).count();
    let is = match (&dossier.function, dossier.pupils.is_empty()) {
        (Some(function), _) if function.is_empty() => "Personnel de l’établissement.".to_owned(),
        (Some(function), _) => format!("Personnel de l’établissement ({function})."),
        (None, true) => "N’est responsable d’aucun élève présent.".to_owned(),
        (None, false) => String::new(),
    };
    let reached = match ways {
        0 => "Aucune adresse ne fonctionne : rien ne peut lui parvenir.".to_owned(),
        many => format!("{} pour lui écrire ou l’appeler.", count(many, "moyen", "moyens")),
    };
    format!("{is} {reached}").trim().to_owned()
}

fn told(asked: &AskedOfPerson) -> Option<String> {
    let said = match asked.done.as_str() {
        "stop" => "Le STOP est annulé : on lui écrit de nouveau par cette voie.",
        "contact" => "La coordonnée est corrigée, par-dessus les imports à venir.",
        "connexion" => "C’est noté pour tout le foyer.",
        "ajout" => "La personne est ajoutée, jusqu’à ce qu’un fichier l’apporte.",
        "fiche" => "La fiche est modifiée, par-dessus les imports à venir.",
        "levee" => "La décision est levée : ce qui partira désormais concernera aussi cet élève.",
        "decision" => return Some(restricted(asked)),
        _ => return None,
    };
    Some(said.to_owned())
}

/// What a ruling did, and what a person has to do about it.
fn restricted(asked: &AskedOfPerson) -> String {
    let mut said = vec!["La décision est notée.".to_owned()];
    said.push(match asked.withdrawn {
        0 => "Rien n’était en chemin.".to_owned(),
        many => format!(
            "{} en chemin.",
            count(many, "annonce a été retirée", "annonces ont été retirées")
        ),
    });
    if asked.left > 0 {
        said.push(format!(
            "{} avant.",
            count(asked.left, "envoi était parti", "envois étaient partis")
        ));
    }
    if asked.not_used > 0 {
        said.push(format!(
            "{} plus pour cet élève : la personne concernée la lit aussi.",
            count(asked.not_used, "adresse partagée ne sert", "adresses partagées ne servent")
        ));
    }
    let batches: Vec<&str> =
        asked.printed_in.split('.').filter(|it| it.parse::<usize>().is_ok()).collect();
    if !batches.is_empty() {
        said.push(format!(
            "À faire à la main : retirez la lettre déjà imprimée (lot {}).",
            batches.join(", ")
        ));
    }
    said.join(" ")
}

fn pupil(pupil: &DossierPupil) -> ChildRow {
    ChildRow {
        path: format!("/annuaire/eleves/{}", pupil.handle),
        handle: pupil.handle.to_string(),
        name: pupil.name.clone(),
        class: pupil.class.clone().unwrap_or_else(|| "sans classe".to_owned()),
        standing: words::standing(pupil.standing),
    }
}

fn contact(school: &School, number: usize, contact: &DossierContact) -> Contact {
    let (state, tone) = words::state(contact.state);
    let is_account = contact.value.is_empty();
    Contact {
        number,
        way: words::way(contact.channel),
        value: if is_account { "a un compte".to_owned() } else { contact.value.clone() },
        state,
        tone,
        proof: words::proof(school, contact),
        source: contact.source.map_or("", crate::people::Source::in_french),
        stop: (contact.state == ContactState::OptedOut).then(|| words::whence(contact.stop_from)),
        may_be_put_right: !is_account,
    }
}

/// How the household is connected, row by row.
fn home(profile: &Profile) -> Vec<(&'static str, String)> {
    let Profile { connectivity, printer, language, call, large_print, pick_up } = profile;
    let printer = if *printer { "peut imprimer" } else { "ne peut pas imprimer" };
    let language = language.clone().unwrap_or_else(|| "français".to_owned());
    let rows = [
        ("Équipement", words::connectivity(*connectivity).to_owned()),
        ("Imprimante", printer.to_owned()),
        ("Langue", language),
        (
            "Courriers",
            if *large_print { "en gros caractères" } else { "en caractères ordinaires" }.to_owned(),
        ),
        ("Remise des courriers", pick_up.clone().unwrap_or_else(|| "par la poste".to_owned())),
        ("Qui appeler, et quand", call.clone().unwrap_or_else(|| "rien de noté".to_owned())),
    ];
    rows.into()
}

fn ruling(dossier: &Dossier, ruling: &office::Ruling) -> RulingRow {
    let of = dossier.pupils.iter().find(|pupil| pupil.name == ruling.pupil);
    RulingRow {
        pupil: ruling.pupil.clone(),
        why: Restriction::in_french(ruling.why),
        note: ruling.note.clone(),
        handle: of.map(|pupil| pupil.handle.to_string()),
    }
}

fn sum(messages: &[DossierMessage]) -> String {
    let reached = messages.iter().filter(|it| it.state == AddresseeState::Reached).count();
    match messages.len() {
        0 => "Aucune annonce ne l’a encore concerné.".to_owned(),
        many => {
            format!("{}, dont {reached} avec preuve de remise.", count(many, "annonce", "annonces"))
        }
    }
}

fn message(school: &School, message: &DossierMessage) -> MessageRow {
    let (state, tone) = words::addressee(message.state);
    MessageRow {
        code: message.message.to_string(),
        subject: message.subject.clone(),
        at: hour_of(school, message.launched_at),
        about: message.about.join(", "),
        state,
        tone,
        ways: message.ways.iter().map(|way| words::taken(school, way)).collect(),
    }
}
