//! What the school says of itself: it heads letters, signs them, and tells families where to ask.

use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind};
use super::super::page::WebPage;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{FormWords, SettingFields, Typed};
use super::saving;
use crate::config::Facts;
use crate::office::SettingsChange;

const WORDS: FormWords<'static> = FormWords {
    action: "/reglages/etablissement",
    title: "L’établissement",
    lead: "Ce que les familles lisent de l’établissement : en tête des courriers, sous leur signature, à la fin des messages.",
    help: "Les annonces déjà parties gardent ce qu’elles disaient. Un courrier qui n’est pas encore imprimé prend l’en-tête et la signature de maintenant. L’UAI, l’heure et le pays des numéros se changent dans le fichier.",
};

/// The facts.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    made(&visitor, None, Faults::default())
}

fn made(visitor: &Visitor, posted: Option<&Form>, faults: Faults) -> Result<WebPage, Fault> {
    let stand = saving::stand(visitor)?;
    let school = &stand.config.school;
    let line = || FieldKind::Line;
    let fields = SettingFields::new(&stand, posted, faults)
        .add(
            &["school", "name"],
            ("nom", "Nom", "Tel que les familles le connaissent."),
            line(),
            &school.name,
        )
        .required()
        .add(
            &["school", "address"],
            ("adresse", "Adresse", "Une ligne par ligne de l’en-tête."),
            FieldKind::Lines(3),
            school.address.join("\n"),
        )
        .add(
            &["school", "town"],
            ("ville", "Ville", "D’où les courriers sont datés."),
            line(),
            &school.town,
        )
        .add(
            &["school", "phone"],
            ("telephone", "Téléphone", "Tel qu’il est imprimé ; les familles y rappellent."),
            line(),
            &school.phone,
        )
        .add(
            &["school", "email"],
            ("courriel", "Courriel", "Celui du secrétariat."),
            line(),
            &school.email,
        )
        .add(
            &["school", "website"],
            ("site", "Site", "La page où les annonces se lisent en entier."),
            line(),
            &school.website,
        )
        .title("Qui signe")
        .add(
            &["school", "signatory_name"],
            ("signataire", "Prénom et nom", ""),
            line(),
            &school.signatory_name,
        )
        .add(
            &["school", "signatory_title"],
            (
                "fonction",
                "Fonction",
                "Par exemple : Principale, Proviseur. Signe « La principale, ».",
            ),
            line(),
            &school.signatory_title,
        );
    fields.page(visitor, &WORDS)
}

/// Saves them.
pub(super) async fn save(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let mut typed = Typed::of(&posted);
    let facts = Facts {
        name: typed.line("nom"),
        address: typed.lines("adresse"),
        town: typed.line("ville"),
        phone: typed.line("telephone"),
        email: typed.line("courriel"),
        website: typed.line("site"),
        signatory_name: typed.line("signataire"),
        signatory_title: typed.line("fonction"),
        uai: None,
        relay: None,
    };
    let change = SettingsChange::Facts(facts);
    let saved = saving::save(&visitor, posted.text("version"), change, &mut typed.faults).await?;
    match saved {
        Some(answer) => Ok(answer),
        None => Ok(made(&visitor, Some(&posted), typed.faults)?.refused().into_response()),
    }
}
