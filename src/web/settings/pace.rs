//! How fast a service may be used.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind};
use super::super::page::WebPage;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::fields::{FormWords, SettingFields, Typed};
use super::saving;
use crate::office::SettingsChange;

/// Each limit with its key, its name in the form, and its words.
const LIMITS: [(&str, &str, &str); 4] = [
    ("per_second", "seconde", "Par seconde, au plus"),
    ("per_minute", "minute", "Par minute, au plus"),
    ("per_hour", "heure", "Par heure, au plus"),
    ("per_day", "jour", "Par jour, au plus"),
];
const AT_ONCE: &str = "a-la-fois";

/// The pace of a service.
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
    let service = stand.config.providers.get(name).filter(|it| it.by_hand().is_none());
    let service = service.ok_or(Fault::NothingThere)?;
    let (pace, kind) = (service.pace(), service.name_of_kind());
    let empty = SettingFields::new(&stand, posted, faults);
    let limits = LIMITS.into_iter().zip(pace.limits());
    let fields = limits.fold(empty, |fields, ((key, field, label), limit)| {
        let key = ["providers", name, kind, "pace", key];
        let words = (field, label, "0 : pas de limite.");
        fields.add(&key, words, FieldKind::Line, limit.to_string()).required()
    });
    let fields = fields
        .add(
            &["providers", name, kind, "pace", "at_once"],
            (AT_ONCE, "En même temps, au plus", "Combien d’envois sont en cours à la fois."),
            FieldKind::Line,
            pace.at_once.to_string(),
        )
        .required();
    let (action, title) = (address(name), format!("Débit du service {name}"));
    let words = FormWords {
        action: &action,
        title: &title,
        lead: "Combien de messages ce service prend, quelle que soit la fenêtre de temps : un SMS long en compte plusieurs.",
        help: "Demandez ses limites au service : au-delà, il refuse ou fait payer. L’écart entre deux appels et un compte partagé se règlent dans le fichier.",
    };
    fields.page(visitor, &words)
}

/// Where it is changed.
pub(super) fn address(name: &str) -> String {
    format!("/reglages/services/{name}/debit")
}

/// Saves it.
pub(super) async fn save(
    visitor: Visitor,
    Path(name): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let mut typed = Typed::of(&posted);
    let limits = LIMITS.map(|(_, field, _)| typed.number(field));
    let at_once = typed.number(AT_ONCE);
    if typed.faults.is_none() {
        let change = SettingsChange::Pace { provider: name.clone(), limits, at_once };
        let version = posted.text("version");
        if let Some(answer) = saving::save(&visitor, version, change, &mut typed.faults).await? {
            return Ok(answer);
        }
    }
    Ok(made(&visitor, &name, Some(&posted), typed.faults)?.refused().into_response())
}
