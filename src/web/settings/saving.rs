//! A change is asked of the office; what cannot be is shown in its form again.

use axum::response::Response;

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page;
use super::super::refusals::{told_of_config, told_of_setting};
use super::super::visitor::Visitor;
use crate::office::{
    self, SettingsChange, SettingsChanged, SettingsRefusal, SettingsStand, TakenUp,
};

/// What the file says now, for a form.
pub(super) fn stand(visitor: &Visitor) -> Result<SettingsStand, Fault> {
    Ok(office::settings_stand(visitor.school())?)
}

/// Saves a change to the version that the form was made from, and goes on to the settings; what is wrong stands in
/// `faults`.
pub(super) async fn save(
    visitor: &Visitor,
    version: &str,
    change: SettingsChange,
    faults: &mut Faults,
) -> Result<Option<Response>, Fault> {
    let (school, actor) = (visitor.school(), visitor.actor());
    match office::change_settings(school, actor, version, change).await {
        Ok(SettingsChanged { keys, .. }) if keys.is_empty() => {
            return Ok(Some(page::to("/reglages?fait=rien")));
        }
        Ok(SettingsChanged { taken_up, .. }) => return Ok(Some(told(&taken_up))),
        Err(SettingsRefusal::Bad(bad)) => {
            let (field, what) = told_of_setting(&bad);
            faults.add(field, what);
        }
        Err(SettingsRefusal::Meanwhile) => faults.add(
            "",
            "Le fichier de réglages a été changé depuis que cette page est ouverte. Rien n’est enregistré ; voici vos valeurs : comparez-les à la page Réglages avant d’enregistrer.",
        ),
        Err(SettingsRefusal::Fixed { key, variable }) => faults.add(
            "",
            format!("« {key} » est fixé par la variable {variable} de l’ordinateur. Rien n’est enregistré."),
        ),
        Err(SettingsRefusal::Refused(error)) => faults.add(
            "",
            format!("Le fichier de réglages serait refusé avec ces valeurs ; rien n’est enregistré. Sa lecture dit : {}", told_of_config(&error)),
        ),
        Err(refusal) => return Err(refusal.into()),
    }
    Ok(None)
}

/// Whether what was saved holds.
pub(super) fn told(taken_up: &TakenUp) -> Response {
    page::to(match taken_up {
        TakenUp::Now(_) => "/reglages?fait=enregistre",
        TakenUp::AtNextStart => "/reglages?fait=au-demarrage",
        TakenUp::NotYet(_) => "/reglages?fait=pas-encore",
    })
}
