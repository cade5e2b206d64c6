//! A name or a class is put right, and a record is archived.

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::form::{ActForm, line};
use super::meant::{pupil_called, who};
use super::{person, pupil};
use crate::directory::{AdultChanges, PupilChanges};
use crate::office::{self, Dossier, PupilFile};
use crate::plain_text::one_line;

/// Asks how an adult is called.
pub(super) async fn adult_form(
    visitor: Visitor,
    Path(handle): Path<String>,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    of_adult(&dossier, &Form::asked("")).page(&visitor)
}

/// Changes how an adult is called.
pub(super) async fn change_adult(
    visitor: Visitor,
    Path(handle): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let (first_name, family_name) = (said(&posted, "prenom"), said(&posted, "nom"));
    let changes = AdultChanges { first_name, family_name, ..AdultChanges::default() };
    let actor = visitor.actor();
    let done = office::change_adult(visitor.school(), actor, &who(&dossier), changes).await;
    let path = person::path(&dossier);
    of_adult(&dossier, &posted).done(&visitor, done, |_| format!("{path}?fait=fiche"))
}

/// Asks of a pupil's name and class.
pub(super) async fn pupil_form(
    visitor: Visitor,
    Path(handle): Path<String>,
) -> Result<Response, Fault> {
    let file = pupil::file(&visitor, &handle).await?;
    let mut shown = form_urlencoded::Serializer::new(String::new());
    shown.append_pair("classe", file.pupil.class.as_deref().unwrap_or_default());
    of_pupil(&file, &Form::asked(&shown.finish())).page(&visitor)
}

/// Changes a pupil's name or class.
pub(super) async fn change_pupil(
    visitor: Visitor,
    Path(handle): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let file = pupil::file(&visitor, &handle).await?;
    let class = one_line(posted.text("classe")).into_owned();
    let is_other = file.pupil.class.as_deref().unwrap_or_default() != class;
    let changes = PupilChanges {
        first_name: said(&posted, "prenom"),
        family_name: said(&posted, "nom"),
        class: is_other.then_some(class),
    };
    let who = pupil_called(&file);
    let done = office::change_pupil(visitor.school(), visitor.actor(), &who, changes).await;
    let path = pupil::path(&file);
    of_pupil(&file, &posted).done(&visitor, done, |_| format!("{path}?fait=fiche"))
}

/// Asks whether an adult is to be archived.
pub(super) async fn ask_to_archive_adult(
    visitor: Visitor,
    Path(handle): Path<String>,
) -> Result<Response, Fault> {
    archive_adult_form(&person::dossier(&visitor, &handle).await?).page(&visitor)
}

/// Archives an adult.
pub(super) async fn archive_adult(
    visitor: Visitor,
    Path(handle): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let done = office::archive(visitor.school(), visitor.actor(), &who(&dossier), false).await;
    archive_adult_form(&dossier).done(&visitor, done, |_| ARCHIVED.to_owned())
}

/// Asks whether a pupil is to be archived.
pub(super) async fn ask_to_archive_pupil(
    visitor: Visitor,
    Path(handle): Path<String>,
) -> Result<Response, Fault> {
    archive_pupil_form(&pupil::file(&visitor, &handle).await?).page(&visitor)
}

/// Archives a pupil.
pub(super) async fn archive_pupil(
    visitor: Visitor,
    Path(handle): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let file = pupil::file(&visitor, &handle).await?;
    let who = pupil_called(&file);
    let done = office::archive(visitor.school(), visitor.actor(), &who, true).await;
    archive_pupil_form(&file).done(&visitor, done, |_| ARCHIVED.to_owned())
}

const ARCHIVED: &str = "/annuaire?fait=archive";
const AGAIN: &str = "Un fichier complet qui contient encore cette fiche la ramène.";

fn said(posted: &Form, name: &str) -> Option<String> {
    posted.some(name).map(|it| one_line(it).into_owned())
}

fn name_fields(posted: &Form) -> [FormField; 2] {
    let none = Faults::default();
    let hint = "Vide : il reste comme il est.";
    [("prenom", "Prénom"), ("nom", "Nom d’usage")].map(|(name, label)| {
        line(FormField::new(name, label, FieldKind::Line).hint(hint), posted, name, &none)
    })
}

fn of_adult(dossier: &Dossier, posted: &Form) -> ActForm {
    ActForm {
        title: format!("Modifier le nom de {}", dossier.name),
        fields: name_fields(posted).into(),
        action: format!("{}/modifier", person::path(dossier)),
        button: "Enregistrer".to_owned(),
        back: person::path(dossier),
        ..ActForm::default()
    }
}

fn of_pupil(file: &PupilFile, posted: &Form) -> ActForm {
    let class =
        FormField::new("classe", "Classe", FieldKind::Line).hint("Vide : dans aucune classe.");
    let class = line(class, posted, "classe", &Faults::default());
    ActForm {
        title: format!("Modifier la fiche de {}", file.pupil.display_name()),
        lead: vec!["Ce qui est dit ici passe par-dessus les imports à venir, jusqu’à ce que le fichier dise la même chose.".to_owned()],
        fields: [vec![class], name_fields(posted).into()].concat(),
        action: format!("{}/modifier", pupil::path(file)),
        button: "Enregistrer".to_owned(),
        back: pupil::path(file),
        ..ActForm::default()
    }
}

fn archive_adult_form(dossier: &Dossier) -> ActForm {
    let of = match dossier.pupils.len() {
        0 => String::new(),
        many => {
            format!(" Elle est responsable de {}.", count(many, "élève présent", "élèves présents"))
        }
    };
    ActForm {
        title: format!("Archiver la fiche de {} ?", dossier.name),
        lead: vec![
            format!("Plus aucune nouvelle annonce ne partira vers cette personne.{of}"),
            AGAIN.to_owned(),
        ],
        action: format!("{}/archiver", person::path(dossier)),
        button: "Archiver cette fiche".to_owned(),
        is_grave: true,
        back: person::path(dossier),
        ..ActForm::default()
    }
}

fn archive_pupil_form(file: &PupilFile) -> ActForm {
    ActForm {
        title: format!("Archiver la fiche de {} ?", file.pupil.display_name()),
        lead: vec![
            "Plus aucune nouvelle annonce ne partira au sujet de cet élève.".to_owned(),
            AGAIN.to_owned(),
        ],
        action: format!("{}/archiver", pupil::path(file)),
        button: "Archiver cette fiche".to_owned(),
        is_grave: true,
        back: pupil::path(file),
        ..ActForm::default()
    }
}
