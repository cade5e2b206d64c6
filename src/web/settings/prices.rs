//! What things cost the school, so that the last page before an announcement leaves says what it takes.

use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind};
use super::super::page::WebPage;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{FormWords, SettingFields, Typed};
use super::{french, saving};
use crate::config::PricedThing;
use crate::office::SettingsChange;

const WORDS: FormWords<'static> = FormWords {
    action: "/reglages/prix",
    title: "Les prix",
    lead: "Ce que chaque chose coûte à l’établissement, en euros : la dernière page avant un envoi en fait la somme.",
    help: "Un prix a trois décimales au plus. Les contrats diffèrent : aucun prix n’est connu d’avance. Ce qui n’en a pas est compté sans.",
};
/// Each with its name in the form, and its words.
const PRICES: [(PricedThing, &str, &str, &str); 4] = [
    (
        PricedThing::Sms,
        "sms",
        "Un segment de SMS",
        "Par exemple : 0,065, comme le service le facture.",
    ),
    (PricedThing::Sheet, "feuille", "Une feuille imprimée", "Par exemple : 0,03."),
    (
        PricedThing::Post,
        "envoi",
        "Un envoi par la poste",
        "L’enveloppe et son timbre. Par exemple : 1,52.",
    ),
    (PricedThing::Call, "appel", "Un appel", "Par exemple : 0,10."),
];

/// The prices.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    made(&visitor, None, Faults::default())
}

fn made(visitor: &Visitor, posted: Option<&Form>, faults: Faults) -> Result<WebPage, Fault> {
    let stand = saving::stand(visitor)?;
    let empty = SettingFields::new(&stand, posted, faults);
    let fields = PRICES.into_iter().fold(empty, |fields, (thing, name, label, hint)| {
        let said = stand.config.prices.of(thing).map(french::shown_price).unwrap_or_default();
        fields.add(&["prices", thing.key()], (name, label, hint), FieldKind::Line, said)
    });
    fields.page(visitor, &WORDS)
}

/// Saves them.
pub(super) async fn save(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    let mut typed = Typed::of(&posted);
    let stood = PRICES.into_iter().filter(|(_, name, ..)| posted.has(name));
    let prices = stood.map(|(thing, name, ..)| (thing, typed.price(name))).collect();
    if typed.faults.is_none() {
        let change = SettingsChange::Prices(prices);
        let version = posted.text("version");
        if let Some(answer) = saving::save(&visitor, version, change, &mut typed.faults).await? {
            return Ok(answer);
        }
    }
    Ok(made(&visitor, Some(&posted), typed.faults)?.refused().into_response())
}
