//! Writing an announcement, step by step. Everything that is typed is kept in a draft of the school, whose number
//! is in each address: it can be left, found again and sent to a colleague, and two who save at once are told.

mod audience;
mod begin;
mod check;
mod dear;
mod discard;
mod family;
mod forecast;
pub(super) mod kept;
pub(super) mod last_look;
mod readers;
mod reading;
pub(super) mod send;
mod sending;
mod spending;
pub(super) mod text;
mod trial;

use super::doors::{Doors, Needs};
use crate::people::Right;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let write = Needs::Right(Right::Write);
    doors
        .get("/annonces/nouvelle", write, begin::form)
        .post("/annonces/nouvelle", write, begin::begin)
        .get("/annonces/brouillons/{number}", write, begin::resume)
        .get("/annonces/brouillons/{number}/texte", write, text::form)
        .post("/annonces/brouillons/{number}/texte", write, text::save)
        .post("/annonces/brouillons/{number}/relecture", write, text::read)
        .get("/annonces/brouillons/{number}/apercu", write, family::page)
        .post("/annonces/brouillons/{number}/apercu", write, family::search)
        .get("/annonces/brouillons/{number}/apercu/{place}/courriel", write, family::email)
        .get("/annonces/brouillons/{number}/apercu/{place}/lettre", write, family::letter)
        .post("/annonces/brouillons/{number}/alphabet", write, family::alphabet)
        .post("/annonces/brouillons/{number}/essai", write, trial::send)
        .get("/annonces/brouillons/{number}/destinataires", write, audience::form)
        .post("/annonces/brouillons/{number}/destinataires", write, audience::save)
        .post("/annonces/brouillons/{number}/compte", write, audience::count)
        .get("/annonces/brouillons/{number}/envoi", write, sending::form)
        .post("/annonces/brouillons/{number}/envoi", write, sending::save)
        .get("/annonces/brouillons/{number}/verifier", write, check::page)
        .post("/annonces/brouillons/{number}/envoyer", Needs::Right(Right::Send), send::send)
        .get("/annonces/brouillons/{number}/abandonner", write, discard::ask)
        .post("/annonces/brouillons/{number}/abandonner", write, discard::discard)
}
