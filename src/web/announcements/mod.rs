//! What was sent: the list, one announcement and where it stands, each addressee, and what can be decided of it.

mod addressee;
mod addressees;
mod answers;
mod cancel;
mod chart;
mod correct;
mod decide;
mod export;
mod found;
mod list;
mod live;
pub(super) mod looked_at;
mod page;
mod retry;
mod sum;
mod to_see_to;

use super::doors::{Doors, Needs};
use crate::people::Right;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let (see, send) = (Needs::Right(Right::SeeFamilies), Needs::Right(Right::Send));
    doors
        .get("/annonces", Needs::Account, list::page)
        .get("/annonces/{code}", Needs::Account, page::page)
        .get("/annonces/{code}/direct", Needs::Account, live::stream)
        .get("/annonces/{code}/destinataires", see, addressees::page)
        .post("/annonces/{code}/destinataires", see, addressees::search)
        .get("/annonces/{code}/destinataires/{number}", see, addressee::page)
        .post("/annonces/{code}/suspendre", send, decide::pause)
        .post("/annonces/{code}/reprendre", send, decide::resume)
        .get("/annonces/{code}/annuler", send, cancel::ask)
        .post("/annonces/{code}/annuler", send, cancel::cancel)
        .get("/annonces/{code}/rectifier", send, correct::form)
        .post("/annonces/{code}/rectifier", send, correct::correct)
        .get("/annonces/{code}/relancer", send, retry::ask)
        .post("/annonces/{code}/relancer", send, retry::send)
        .get("/annonces/{code}/reponses", see, answers::page)
        .post("/annonces/{code}/reponses", Needs::Right(Right::EditFamilies), answers::note)
        .post("/annonces/{code}/reponses/exporter", Needs::Right(Right::Export), answers::table)
        .post("/annonces/{code}/exporter", Needs::Right(Right::Export), export::table)
}
