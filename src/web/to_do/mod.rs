//! What waits for a person: cards to publish, people to call, those whom nothing reached, answers.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod card;
mod charges;
mod list;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let carry = Needs::Right(Right::CarryByHand);
    let doors = doors
        .get("/a-traiter", carry, list::list)
        .get("/a-traiter/appels", carry, charges::calls)
        .get("/a-traiter/non-jointes", carry, charges::unreached)
        .get("/a-traiter/incertains", carry, charges::uncertain)
        .get("/a-traiter/reponses", carry, charges::replies);
    doors
        .get("/a-traiter/cartes/{code}/{program}", carry, card::show)
        .post("/a-traiter/cartes/{code}/{program}/publier", carry, card::publish)
        .post("/a-traiter/cartes/{code}/{program}/confier", carry, card::assign)
        .get("/a-traiter/cartes/{code}/{program}/reprendre", carry, card::ask)
        .post("/a-traiter/cartes/{code}/{program}/reprendre", carry, card::take_back)
}
