//! How a household is connected is noted, for all who live there.

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::form::{ActForm, line};
use super::meant::who;
use super::{person, words};
use crate::office::{self, Dossier};
use crate::people::{Connectivity, Profile, SaidOfHome};
use crate::plain_text::one_line;

/// The form, as it is known.
pub(super) async fn form(visitor: Visitor, Path(handle): Path<String>) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let pick_ups = office::pick_ups(visitor.school()).await?;
    let typed = dossier.profile.as_ref().map(as_typed).unwrap_or_default();
    made(&dossier, pick_ups, &Form::asked(&typed), Faults::default()).page(&visitor)
}

/// What is known, as somebody would type it.
fn as_typed(known: &Profile) -> String {
    let mut typed = form_urlencoded::Serializer::new(String::new());
    typed.append_pair("connexion", known.connectivity.as_str());
    typed.append_pair("imprimante", if known.printer { "oui" } else { "non" });
    typed.append_pair("langue", known.language.as_deref().unwrap_or_default());
    typed.append_pair("caracteres", if known.large_print { "gros" } else { "ordinaires" });
    typed.append_pair("retrait", known.pick_up.as_deref().unwrap_or_default());
    typed.append_pair("appel", known.call.as_deref().unwrap_or_default());
    typed.finish()
}

/// Notes it.
pub(super) async fn note(
    visitor: Visitor,
    Path(handle): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let dossier = person::dossier(&visitor, &handle).await?;
    let mut faults = Faults::default();
    let language = posted.some("langue").map(str::to_lowercase);
    let is_code = |it: &String| {
        (2..=3).contains(&it.len()) && it.bytes().all(|letter| letter.is_ascii_alphabetic())
    };
    if language.as_ref().is_some_and(|it| !is_code(it)) {
        faults.add("langue", "Deux ou trois lettres, comme ar, tr ou pt.");
    }
    let said = SaidOfHome {
        connectivity: Connectivity::from_word(posted.text("connexion")),
        printer: posted.some("imprimante").map(|it| it == "oui"),
        language,
        call: posted.some("appel").map(|it| one_line(it).into_owned()),
        large_print: posted.some("caracteres").map(|it| it == "gros"),
        pick_up: posted.has("retrait").then(|| one_line(posted.text("retrait")).into_owned()),
    };
    let pick_ups = office::pick_ups(visitor.school()).await?;
    let form = made(&dossier, pick_ups, &posted, faults);
    if !form.faults.is_none() {
        return form.page(&visitor);
    }
    let done = office::connect(visitor.school(), visitor.actor(), &who(&dossier), said).await;
    form.done(&visitor, done, |_| format!("{}?fait=connexion", person::path(&dossier)))
}

fn made(dossier: &Dossier, pick_ups: Vec<String>, posted: &Form, faults: Faults) -> ActForm {
    let path = person::path(dossier);
    let kinds =
        Connectivity::ALL.map(|it| (it.as_str().to_owned(), words::connectivity(it).to_owned()));
    let printer = [("non", "ne peut pas imprimer"), ("oui", "peut imprimer")];
    let printer = printer.map(|(value, words)| (value.to_owned(), words.to_owned()));
    let print = [("ordinaires", "en caractères ordinaires"), ("gros", "en gros caractères")];
    let print = print.map(|(value, words)| (value.to_owned(), words.to_owned()));
    let field = |name: &'static str, label: &str, kind| FormField::new(name, label, kind);
    let fields = [
        (
            "connexion",
            field("connexion", "Ce que le foyer a", FieldKind::OneOf(kinds.into())).required(),
        ),
        (
            "imprimante",
            field("imprimante", "Imprimante", FieldKind::OneOf(printer.into())).required(),
        ),
        (
            "langue",
            field("langue", "Langue la mieux lue, si ce n’est pas le français", FieldKind::Line)
                .hint("Par son code : ar, tr, pt…"),
        ),
        (
            "caracteres",
            field("caracteres", "Courriers imprimés", FieldKind::OneOf(print.into())).required(),
        ),
        (
            "retrait",
            field("retrait", "Où le foyer retire ses courriers", FieldKind::Suggested(pick_ups))
                .hint("Par exemple : Mairie de Saint-Martin. Laissez vide s’ils partent par la poste."),
        ),
        (
            "appel",
            field("appel", "Qui appeler, et quand", FieldKind::Line)
                .hint("Par exemple : la grand-mère, après 18 h."),
        ),
    ];
    ActForm {
        title: format!("Connexion du foyer de {}", dossier.name),
        lead: vec!["C’est noté pour tous ceux qui vivent à la même adresse, et décide par où partent leurs annonces.".to_owned()],
        fields: fields.into_iter().map(|(name, it)| line(it, posted, name, &faults)).collect(),
        faults,
        action: format!("{path}/connexion"),
        button: "Noter pour le foyer".to_owned(),
        back: path,
        ..ActForm::default()
    }
}
