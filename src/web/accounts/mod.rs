//! Who signs in: the accounts of the school, made, changed, helped in and closed by those who see to them.

mod code;
mod confirm;
mod decide;
mod form;
mod list;
mod meant;
mod one;
mod pupils;
mod words;

use super::doors::{Doors, Needs};
use crate::people::Right;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let accounts = Needs::Right(Right::Accounts);
    doors
        .get("/reglages/comptes", accounts, list::page)
        .get("/reglages/comptes/nouveau", accounts, form::new)
        .post("/reglages/comptes/nouveau", accounts, form::add)
        .get("/reglages/comptes/{id}", accounts, one::page)
        .get("/reglages/comptes/{id}/modifier", accounts, form::edit)
        .post("/reglages/comptes/{id}/modifier", accounts, form::change)
        .get("/reglages/comptes/{id}/eleves", accounts, pupils::page)
        .post("/reglages/comptes/{id}/eleves", accounts, pupils::search)
        .post("/reglages/comptes/{id}/eleves/ajouter", accounts, pupils::add)
        .post("/reglages/comptes/{id}/eleves/retirer", accounts, pupils::remove)
        .post("/reglages/comptes/{id}/code", accounts, code::make)
        .post("/reglages/comptes/{id}/exiger", accounts, decide::require)
        .post("/reglages/comptes/{id}/debloquer", accounts, decide::unlock)
        .post("/reglages/comptes/{id}/rouvrir", accounts, decide::reopen)
        .get("/reglages/comptes/{id}/deconnecter", accounts, confirm::end_sessions)
        .post("/reglages/comptes/{id}/deconnecter", accounts, decide::end_sessions)
        .get("/reglages/comptes/{id}/telephone-perdu", accounts, confirm::forget_telephone)
        .post("/reglages/comptes/{id}/telephone-perdu", accounts, decide::forget_telephone)
        .get("/reglages/comptes/{id}/detacher", accounts, confirm::untie)
        .post("/reglages/comptes/{id}/detacher", accounts, decide::untie)
        .get("/reglages/comptes/{id}/fermer", accounts, confirm::close)
        .post("/reglages/comptes/{id}/fermer", accounts, decide::close)
}
