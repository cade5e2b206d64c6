//! Calls: whom to ring, one at a time on a telephone, several callers at once; and who rang the school.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod incoming;
mod list;
mod one;
mod sheets;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let (carry, export) = (Needs::Right(Right::CarryByHand), Needs::Right(Right::Export));
    let doors = doors
        .get("/appels", carry, list::list)
        .post("/appels/suivant", carry, one::next)
        .post("/appels/laisser", carry, one::leave)
        .get("/appels/recu", carry, incoming::form)
        .post("/appels/recu", carry, incoming::note)
        .post("/appels/repartir", carry, sheets::share)
        .get("/appels/feuilles.pdf", export, sheets::pdf)
        .get("/appels/feuilles.csv", export, sheets::csv);
    doors
        .get("/appels/{reference}", carry, one::show)
        .post("/appels/{reference}/prendre", carry, one::take)
        .post("/appels/{reference}/dire", carry, one::say)
        .post("/appels/{reference}/corriger", carry, one::correct)
}
