//! Who there is: a search that answers while one types, a person, a pupil, a class; and what the office notes of
//! them by hand. Addresses call people by a handle, which tells nothing of them.

mod add;
mod change;
pub(super) mod class;
mod connection;
mod contact;
pub(super) mod coordinates;
mod form;
mod meant;
mod person;
mod pupil;
mod ruling;
mod search;
mod stop;
mod typed;
pub(super) mod words;

use super::doors::{Doors, Needs};
use crate::people::Right;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let see = Needs::Right(Right::SeeFamilies);
    let edit = Needs::Right(Right::EditFamilies);
    let rule = Needs::Right(Right::SeeRulings);
    doors
        .get("/annuaire", see, search::page)
        .post("/annuaire", see, search::search)
        .get("/annuaire/personnes/{handle}", see, person::page)
        .get("/annuaire/personnes/{handle}/contact", edit, contact::form)
        .post("/annuaire/personnes/{handle}/contact", edit, contact::put_right)
        .get("/annuaire/personnes/{handle}/stop", edit, stop::ask)
        .post("/annuaire/personnes/{handle}/stop", edit, stop::undo)
        .get("/annuaire/personnes/{handle}/connexion", edit, connection::form)
        .post("/annuaire/personnes/{handle}/connexion", edit, connection::note)
        .get("/annuaire/personnes/{handle}/decision", rule, ruling::form)
        .post("/annuaire/personnes/{handle}/decision", rule, ruling::note)
        .get("/annuaire/personnes/{handle}/decision/lever", rule, ruling::ask_to_lift)
        .post("/annuaire/personnes/{handle}/decision/lever", rule, ruling::lift)
        .get("/annuaire/personnes/{handle}/modifier", edit, change::adult_form)
        .post("/annuaire/personnes/{handle}/modifier", edit, change::change_adult)
        .get("/annuaire/personnes/{handle}/archiver", edit, change::ask_to_archive_adult)
        .post("/annuaire/personnes/{handle}/archiver", edit, change::archive_adult)
        .get("/annuaire/eleves/{handle}", see, pupil::page)
        .get("/annuaire/eleves/{handle}/modifier", edit, change::pupil_form)
        .post("/annuaire/eleves/{handle}/modifier", edit, change::change_pupil)
        .get("/annuaire/eleves/{handle}/archiver", edit, change::ask_to_archive_pupil)
        .post("/annuaire/eleves/{handle}/archiver", edit, change::archive_pupil)
        .get("/annuaire/eleves/{handle}/responsable", edit, add::guardian_form)
        .post("/annuaire/eleves/{handle}/responsable", edit, add::add_guardian)
        .get("/annuaire/ajouter/eleve", edit, add::pupil_form)
        .post("/annuaire/ajouter/eleve", edit, add::add_pupil)
        .get("/annuaire/ajouter/personnel", edit, add::staff_form)
        .post("/annuaire/ajouter/personnel", edit, add::add_staff)
        .get("/annuaire/classes/{class}", see, class::page)
        .get("/annuaire/coordonnees", see, coordinates::page)
}
