//! The family that comes on Monday: a pupil, a guardian or a member of staff whom no file has yet.

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::{Explained, Fault};
use super::super::field::{Faults, FieldKind, FormField};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::form::{ActForm, line};
use super::meant::pupil_called;
use super::{pupil, typed, words};
use crate::directory::{ByHandError, NewAdult, NewPupil};
use crate::office::{self, AddRefusal, GuardianOf, Newcomer, PupilFile};
use crate::people::{Civility, Handle, PersonKey, PupilKey, Right, Standing};
use crate::plain_text::one_line;

/// Asks who the pupil is.
pub(super) async fn pupil_form(visitor: Visitor) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    of_pupil(&Form::asked(""), Faults::default()).page(&visitor)
}

/// Adds a pupil.
pub(super) async fn add_pupil(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let form = of_pupil(&posted, names(&posted));
    if !form.faults.is_none() {
        return form.page(&visitor);
    }
    let (first_name, family_name) = (said(&posted, "prenom"), said(&posted, "nom"));
    let class = Some(said(&posted, "classe")).filter(|class| !class.is_empty());
    let new = NewPupil { first_name, family_name, class };
    let done = office::add_pupil(visitor.school(), visitor.actor(), new).await;
    form.done(&visitor, done, |Newcomer { key, .. }| {
        let handle = Handle::of_pupil(&PupilKey(key.clone()));
        format!("/annuaire/eleves/{handle}?fait=ajout")
    })
}

/// Asks who the guardian of a pupil is.
pub(super) async fn guardian_form(
    visitor: Visitor,
    Path(handle): Path<String>,
) -> Result<Response, Fault> {
    let file = pupil::file(&visitor, &handle).await?;
    of_guardian(&visitor, &file, &Form::asked(""), Faults::default()).page(&visitor)
}

/// Adds a guardian of a pupil.
pub(super) async fn add_guardian(
    visitor: Visitor,
    Path(handle): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let file = pupil::file(&visitor, &handle).await?;
    let (new, faults) = adult(&posted, &visitor.school().config.school.region);
    let form = of_guardian(&visitor, &file, &posted, faults);
    if !form.faults.is_none() {
        return form.page(&visitor);
    }
    let standing =
        Standing::from_word(posted.text("qualite")).unwrap_or(Standing::LegalRepresentative);
    let sees_rulings = visitor.may(Right::SeeRulings);
    let is_somebody_else = sees_rulings && posted.text("autre") == "oui";
    let of = GuardianOf { pupil: pupil_called(&file), standing, is_somebody_else };
    let done = office::add_guardian(visitor.school(), visitor.actor(), new, of).await;
    // Whoever may not see rulings is not told that there is one.
    let done = match done {
        Err(AddRefusal::ByHand(ByHandError::Restricted)) if !sees_rulings => {
            Err(Fault::from(Explained::new(
                "Cette personne ne peut pas être ajoutée par votre compte.",
                "Demandez à la direction.",
            )))
        }
        done => done.map_err(Fault::from),
    };
    form.done(&visitor, done, onwards)
}

/// Asks who the member of staff is.
pub(super) async fn staff_form(visitor: Visitor) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    of_staff(&Form::asked(""), Faults::default()).page(&visitor)
}

/// Adds a member of staff.
pub(super) async fn add_staff(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (new, faults) = adult(&posted, &visitor.school().config.school.region);
    let form = of_staff(&posted, faults);
    if !form.faults.is_none() {
        return form.page(&visitor);
    }
    let function = said(&posted, "fonction");
    let done = office::add_staff(visitor.school(), visitor.actor(), new, function).await;
    form.done(&visitor, done, onwards)
}

fn onwards(Newcomer { key, .. }: &Newcomer) -> String {
    let handle = Handle::of_person(&PersonKey(key.clone()));
    format!("/annuaire/personnes/{handle}?fait=ajout")
}

fn said(posted: &Form, name: &str) -> String {
    one_line(posted.text(name)).into_owned()
}

fn names(posted: &Form) -> Faults {
    let mut faults = Faults::default();
    for (name, what) in [("prenom", "Il faut un prénom."), ("nom", "Il faut un nom.")] {
        if said(posted, name).is_empty() {
            faults.add(name, what);
        }
    }
    faults
}

/// An adult as they were typed, and what is wrong with it.
fn adult(posted: &Form, region: &str) -> (NewAdult, Faults) {
    let mut faults = names(posted);
    let adult = NewAdult {
        civility: Civility::from_word(posted.text("civilite")),
        first_name: said(posted, "prenom"),
        family_name: said(posted, "nom"),
        email: typed::email(posted, "courriel", &mut faults),
        phone: typed::phone(posted, "telephone", region, &mut faults),
        chat: None,
        postal_address: typed::post(posted, &mut faults),
    };
    (adult, faults)
}

fn of_pupil(posted: &Form, faults: Faults) -> ActForm {
    let class = FormField::new("classe", "Classe", FieldKind::Line)
        .hint("Comme les autres élèves de la classe l’ont : 6A.");
    let class = line(class, posted, "classe", &faults);
    ActForm {
        title: "Ajouter un élève".to_owned(),
        lead: vec!["Sa fiche tient jusqu’à ce qu’un fichier l’apporte.".to_owned()],
        fields: [name_fields(posted, &faults), vec![class]].concat(),
        faults,
        action: "/annuaire/ajouter/eleve".to_owned(),
        button: "Ajouter l’élève".to_owned(),
        back: "/annuaire".to_owned(),
        ..ActForm::default()
    }
}

fn of_guardian(visitor: &Visitor, file: &PupilFile, posted: &Form, faults: Faults) -> ActForm {
    let standings =
        [Standing::LegalRepresentative, Standing::Caretaker, Standing::EmergencyContact]
            .map(|it| (it.as_str().to_owned(), words::standing(it).to_owned()));
    let standing =
        FormField::new("qualite", "À quel titre", FieldKind::OneOf(standings.into())).required();
    let other = [("non", "je ne sais pas"), ("oui", "oui, c’est quelqu’un d’autre")]
        .map(|(value, words)| (value.to_owned(), words.to_owned()));
    let other = FormField::new(
        "autre",
        "Est-ce quelqu’un d’autre que toute personne écartée par une décision ?",
        FieldKind::OneOf(other.into()),
    )
    .hint("Ne compte que si une décision de justice concerne cet élève.");
    let other = visitor.may(Right::SeeRulings).then(|| line(other, posted, "autre", &faults));
    let about = std::iter::once(line(standing, posted, "qualite", &faults)).chain(other);
    let path = pupil::path(file);
    ActForm {
        title: format!("Ajouter un responsable de {}", file.pupil.display_name()),
        fields: adult_fields(posted, &faults).into_iter().chain(about).collect(),
        faults,
        action: format!("{path}/responsable"),
        button: "Ajouter le responsable".to_owned(),
        back: path,
        ..ActForm::default()
    }
}

fn of_staff(posted: &Form, faults: Faults) -> ActForm {
    let function = FormField::new("fonction", "Fonction", FieldKind::Line)
        .hint("ENS, AED, ou un mot de l’établissement.");
    let function = line(function, posted, "fonction", &faults);
    ActForm {
        title: "Ajouter un membre du personnel".to_owned(),
        fields: [adult_fields(posted, &faults), vec![function]].concat(),
        faults,
        action: "/annuaire/ajouter/personnel".to_owned(),
        button: "Ajouter cette personne".to_owned(),
        back: "/annuaire".to_owned(),
        ..ActForm::default()
    }
}

fn name_fields(posted: &Form, faults: &Faults) -> Vec<FormField> {
    let field = |(name, label)| {
        line(FormField::new(name, label, FieldKind::Line).required(), posted, name, faults)
    };
    [("prenom", "Prénom"), ("nom", "Nom")].map(field).into()
}

fn adult_fields(posted: &Form, faults: &Faults) -> Vec<FormField> {
    let civilities = [("", "non précisée"), ("Mme", "Madame"), ("M.", "Monsieur")]
        .map(|(value, words)| (value.to_owned(), words.to_owned()));
    let civility = FormField::new("civilite", "Civilité", FieldKind::OneOf(civilities.into()));
    let ways = [("courriel", "Courriel"), ("telephone", "Téléphone")].map(|(name, label)| {
        line(FormField::new(name, label, FieldKind::Line), posted, name, faults)
    });
    [
        vec![line(civility, posted, "civilite", faults)],
        name_fields(posted, faults),
        ways.into(),
        typed::post_fields(posted, faults),
    ]
    .concat()
}
