//! A change is asked of the office; what cannot be is shown in its form again.

use axum::response::Response;

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page;
use super::super::refusals::{told_of_setting, told_of_settings};
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
        Ok(SettingsChanged { taken_up, .. }) => return Ok(Some(told(taken_up, "enregistre"))),
        Err(SettingsRefusal::Bad(bad)) => {
            let (field, what) = told_of_setting(&bad);
            faults.add(field, what);
        }
        Err(
            refusal @ (SettingsRefusal::Meanwhile
            | SettingsRefusal::Fixed { .. }
            | SettingsRefusal::Refused(_)),
        ) => {
            let told = told_of_settings(&refusal);
            faults.add("", format!("{} {}", told.what, told.then));
        }
        Err(refusal) => return Err(refusal.into()),
    }
    Ok(None)
}

/// Whether what was done holds; `done` is how it is called where it does.
pub(super) fn told(taken_up: TakenUp, done: &str) -> Response {
    let told = match taken_up {
        TakenUp::Now => done,
        TakenUp::AtNextStart => "au-demarrage",
        TakenUp::NotYet => "pas-encore",
    };
    page::to(&format!("/reglages?fait={told}"))
}
