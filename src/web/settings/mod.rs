//! What the school's configuration says, what of it is changed from here, and whether everything that it sends by
//! is in order.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod approval;
mod checks;
mod facts;
mod fields;
mod findings;
mod french;
mod hours;
mod pace;
mod page;
mod plan;
mod plan_removed;
mod prices;
mod rhythm;
mod route;
mod saving;
mod sender;
mod services;

pub(super) use checks::ChecksPart;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let settings = Needs::Right(Right::Settings);
    doors
        .get("/reglages", settings, page::page)
        .post("/reglages/relire", settings, page::read_again)
        .get("/reglages/etablissement", settings, facts::form)
        .post("/reglages/etablissement", settings, facts::save)
        .get("/reglages/heures/{channel}", settings, hours::form)
        .post("/reglages/heures/{channel}", settings, hours::save)
        .get("/reglages/rythme", settings, rhythm::form)
        .post("/reglages/rythme", settings, rhythm::save)
        .get("/reglages/accord", settings, approval::form)
        .post("/reglages/accord", settings, approval::save)
        .get("/reglages/prix", settings, prices::form)
        .post("/reglages/prix", settings, prices::save)
        .get("/reglages/plan", settings, plan::form)
        .post("/reglages/plan", settings, plan::save)
        .get("/reglages/plan/retirer", settings, plan_removed::ask)
        .post("/reglages/plan/retirer", settings, plan_removed::remove)
        .get("/reglages/verification", settings, checks::check)
        .get("/reglages/ordre/{channel}", settings, route::form)
        .post("/reglages/ordre/{channel}", settings, route::save)
        .get("/reglages/services/{name}", settings, checks::try_one)
        .get("/reglages/services/{name}/expediteur", settings, sender::form)
        .post("/reglages/services/{name}/expediteur", settings, sender::save)
        .get("/reglages/services/{name}/debit", settings, pace::form)
        .post("/reglages/services/{name}/debit", settings, pace::save)
}
