//! What waits for a person: cards to publish, people to call, those whom nothing reached, answers.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod attached;
mod card;
mod entry;
mod entry_words;
mod list;
mod mailed;
mod tried;
mod waiting;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let (carry, edit) = (Needs::Right(Right::CarryByHand), Needs::Right(Right::EditFamilies));
    let write = Needs::Right(Right::Write);
    let doors = doors
        .get("/a-traiter", carry, list::list)
        .get("/a-traiter/boite", carry, waiting::all)
        .get("/a-traiter/non-jointes", carry, waiting::unreached)
        .get("/a-traiter/incertains", carry, waiting::uncertain)
        .get("/a-traiter/reponses", carry, waiting::replies);
    let doors = doors
        .get("/a-traiter/boite/{name}", carry, entry::show)
        .get("/a-traiter/boite/{name}/pieces/{number}", carry, entry::attachment)
        .post("/a-traiter/boite/{name}/repondre", carry, entry::answer)
        .post("/a-traiter/boite/{name}/confier", carry, entry::assign)
        .post("/a-traiter/boite/{name}/coordonnee", edit, entry::put_right)
        .post("/a-traiter/boite/{name}/deposer", write, attached::leave)
        .post("/a-traiter/boite/{name}/lire", carry, attached::read)
        .post("/a-traiter/boite/{name}/fait", carry, entry::settle)
        .post("/a-traiter/boite/{name}/rouvrir", carry, entry::reopen);
    doors
        .get("/a-traiter/cartes/{code}/{program}", carry, card::show)
        .post("/a-traiter/cartes/{code}/{program}/publier", carry, card::publish)
        .post("/a-traiter/cartes/{code}/{program}/confier", carry, card::assign)
        .get("/a-traiter/cartes/{code}/{program}/reprendre", carry, card::ask)
        .post("/a-traiter/cartes/{code}/{program}/reprendre", carry, card::take_back)
}
