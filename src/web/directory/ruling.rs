//! A court ruling or an objection is noted, or lifted: each on a page that says what becomes of what is under way.

use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::form::{ActForm, line};
use super::meant::who_of_pupil;
use super::person;
use crate::delivery::lifecycle::AddresseeState;
use crate::office::{self, Dossier, DossierPupil, RestrictRequest, Restricted};
use crate::people::Restriction;
use crate::plain_text::one_line;

/// About which pupil.
#[derive(Deserialize)]
pub(super) struct AboutPupil {
    #[serde(rename = "eleve")]
    pupil: String,
}

/// Asks for it.
pub(super) async fn form(
    visitor: Visitor,
    Path(handle): Path<String>,
    Query(about): Query<AboutPupil>,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let pupil = pupil(&dossier, &about.pupil)?;
    to_note(&dossier, pupil, &Form::asked(""), Faults::default()).page(&visitor)
}

/// Notes it.
pub(super) async fn note(
    visitor: Visitor,
    Path(handle): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let pupil = pupil(&dossier, posted.text("eleve"))?;
    let why = Restriction::from_word(posted.text("motif")).unwrap_or(Restriction::Court);
    let who = who_of_pupil(&dossier, pupil);
    let request = RestrictRequest { who, why, note: one_line(posted.text("note")).into_owned() };
    let form = to_note(&dossier, pupil, &posted, Faults::default());
    let done = office::restrict(visitor.school(), visitor.actor(), request).await;
    let path = person::path(&dossier);
    form.done(&visitor, done, |done| onwards(&path, done))
}

/// Asks whether it is to be lifted.
pub(super) async fn ask_to_lift(
    visitor: Visitor,
    Path(handle): Path<String>,
    Query(about): Query<AboutPupil>,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let pupil = pupil(&dossier, &about.pupil)?;
    to_lift(&dossier, pupil).page(&visitor)
}

/// Lifts it.
pub(super) async fn lift(
    visitor: Visitor,
    Path(handle): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let pupil = pupil(&dossier, posted.text("eleve"))?;
    let who = who_of_pupil(&dossier, pupil);
    let done = office::lift(visitor.school(), visitor.actor(), &who).await;
    let path = person::path(&dossier);
    to_lift(&dossier, pupil).done(&visitor, done, |_| format!("{path}?fait=levee"))
}

/// The pupil of theirs whom an address means.
fn pupil<'d>(dossier: &'d Dossier, handle: &str) -> Result<&'d DossierPupil, Fault> {
    let found = dossier.pupils.iter().find(|pupil| pupil.handle.to_string() == handle);
    found.ok_or(Fault::NothingThere)
}

fn to_note(dossier: &Dossier, pupil: &DossierPupil, posted: &Form, faults: Faults) -> ActForm {
    let (path, name, about) = (person::path(dossier), &dossier.name, &pupil.name);
    let why = [Restriction::Court, Restriction::Objection]
        .map(|it| (it.as_str().to_owned(), it.in_french().to_owned()));
    let fields = [
        ("motif", FormField::new("motif", "Motif", FieldKind::OneOf(why.into())).required()),
        (
            "note",
            FormField::new("note", "Jour de la décision, et où en est la copie", FieldKind::Line)
                .hint("Jamais ce qu’elle dit. Par exemple : 12 mars 2026, coffre de la direction."),
        ),
    ];
    ActForm {
        title: format!("Ne plus rien dire de {about} à {name}"),
        lead: vec![
            format!("Dès maintenant, rien au sujet de {about} ne partira plus vers {name}, par aucune voie, quoi que disent les fichiers importés."),
            under_way(dossier, pupil),
            "Une adresse que d’autres partagent avec cette personne ne servira plus non plus pour cet élève.".to_owned(),
        ],
        fields: fields.into_iter().map(|(name, it)| line(it, posted, name, &faults)).collect(),
        faults,
        hidden: vec![("eleve", pupil.handle.to_string())],
        action: format!("{path}/decision"),
        button: "Noter la décision".to_owned(),
        is_grave: true,
        back: path,
        ..ActForm::default()
    }
}

/// What becomes of the messages that have not arrived.
fn under_way(dossier: &Dossier, pupil: &DossierPupil) -> String {
    let is_under_way = |it: &&office::DossierMessage| {
        is_open(it.state) && it.about.iter().any(|about| about.starts_with(&pupil.name))
    };
    match dossier.messages.iter().filter(is_under_way).count() {
        0 => "Aucune annonce n’est en chemin vers cette personne pour cet élève.".to_owned(),
        many => format!(
            "{} en chemin : ce qui n’est pas parti sera retiré. Ce qui est déjà parti reste parti, et vous sera montré.",
            count(many, "annonce est", "annonces sont")
        ),
    }
}

/// Whether something may still leave.
const fn is_open(state: AddresseeState) -> bool {
    use AddresseeState::{OnCall, OnLetter, Uncertain, Waiting};
    matches!(state, Waiting | OnLetter | OnCall | Uncertain)
}

fn to_lift(dossier: &Dossier, pupil: &DossierPupil) -> ActForm {
    let (path, name, about) = (person::path(dossier), &dossier.name, &pupil.name);
    ActForm {
        title: "Lever cette décision ?".to_owned(),
        lead: vec![
            format!("Ce qui partira désormais au sujet de {about} ira de nouveau à {name}."),
            "Ce qui a été retiré entre-temps ne repart pas.".to_owned(),
        ],
        hidden: vec![("eleve", pupil.handle.to_string())],
        action: format!("{path}/decision/lever"),
        button: "Lever la décision".to_owned(),
        is_grave: true,
        back: path,
        ..ActForm::default()
    }
}

/// Where it is said what became of what was under way: in numbers, since an address tells nothing of anybody.
fn onwards(path: &str, done: &Restricted) -> String {
    let printed = done.withdrawn.iter().flat_map(|it| &it.printed_in);
    let printed: Vec<String> = printed.map(ToString::to_string).collect();
    format!(
        "{path}?fait=decision&retirees={}&parties={}&adresses={}&lots={}",
        done.withdrawn.len(),
        done.left.len(),
        done.not_used.len(),
        printed.join(".")
    )
}
