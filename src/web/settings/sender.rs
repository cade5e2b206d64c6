//! As whom a service writes.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind};
use super::super::page::WebPage;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{FormWords, SettingFields, Typed};
use super::saving;
use crate::office::{SettingsChange, SettingsStand};
use crate::providers::{ProviderSettings, Sender};

const ADDRESS: &str = "adresse";
const NAME: &str = "nom";
const ANSWERS: &str = "reponses";

/// As whom a service writes.
pub(super) async fn form(visitor: Visitor, Path(name): Path<String>) -> Result<WebPage, Fault> {
    made(&visitor, &name, None, Faults::default())
}

fn made(
    visitor: &Visitor,
    name: &str,
    posted: Option<&Form>,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let stand = saving::stand(visitor)?;
    let (service, sender) = said(&stand, name)?;
    let key = |key| ["providers", name, service.name_of_kind(), key];
    let empty = SettingFields::new(&stand, posted, faults);
    let line = || FieldKind::Line;
    let (fields, help) = match sender {
        Sender::Mail { address, name, answers } => {
            let fields = empty
                .add(
                    &key("from"),
                    (
                        ADDRESS,
                        "Adresse",
                        "Celle que les familles voient, et que le relais accepte d’envoyer.",
                    ),
                    line(),
                    address,
                )
                .required()
                .add(
                    &key("from_name"),
                    (NAME, "Nom à côté", "Par exemple : Collège Victor-Hugo."),
                    line(),
                    name,
                )
                .add(
                    &key("reply_to"),
                    (ANSWERS, "Les réponses vont à", "Vide : à l’adresse elle-même."),
                    line(),
                    answers,
                );
            (
                fields,
                "Si le relais n’envoie pas pour cette adresse, il refuse tout : essayez le service après l’avoir changée.",
            )
        }
        Sender::Text { name } => {
            let hint = "11 signes au plus, lettres sans accent, chiffres et espaces. Vide : un numéro court, auquel les familles répondent.";
            let fields =
                empty.add(&key("sender"), (NAME, "Nom de l’expéditeur", hint), line(), name);
            (
                fields,
                "L’opérateur n’envoie que sous un nom qui lui est déclaré et qu’il a accepté. Sous un nom, les familles ne peuvent pas répondre.",
            )
        }
    };
    let (action, title) = (address(name), format!("Expéditeur du service {name}"));
    let lead = "De la part de qui les familles reçoivent ce que ce service porte.";
    fields.page(visitor, &FormWords { action: &action, title: &title, lead, help })
}

fn said<'s>(stand: &'s SettingsStand, name: &str) -> Result<(&'s ProviderSettings, Sender), Fault> {
    let service = stand.config.providers.get(name).ok_or(Fault::NothingThere)?;
    Ok((service, service.sender().ok_or(Fault::NothingThere)?))
}

/// Where it is changed.
pub(super) fn address(name: &str) -> String {
    format!("/reglages/services/{name}/expediteur")
}

/// Saves it.
pub(super) async fn save(
    visitor: Visitor,
    Path(name): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let mut typed = Typed::of(&posted);
    let (_, sender) = said(&saving::stand(&visitor)?, &name)?;
    // What the environment says does not stand in the form, and stays.
    let or = |field, said| typed.line(field).unwrap_or(said);
    let sender = match sender {
        Sender::Mail { address, name, answers } => Sender::Mail {
            address: or(ADDRESS, address),
            name: or(NAME, name),
            answers: or(ANSWERS, answers),
        },
        Sender::Text { name } => Sender::Text { name: or(NAME, name) },
    };
    let change = SettingsChange::Sender { provider: name.clone(), sender };
    let version = posted.text("version");
    if let Some(answer) = saving::save(&visitor, version, change, &mut typed.faults).await? {
        return Ok(answer);
    }
    Ok(made(&visitor, &name, Some(&posted), typed.faults)?.refused().into_response())
}
