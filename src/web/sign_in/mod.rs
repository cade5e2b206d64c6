//! Signing in and out: name and password, then the second factor where the account has one; a link that the
//! terminal printed; the very first account.

mod code;
mod enter;
mod link;
pub(super) mod refused;
mod second;

use super::doors::{Doors, Needs};

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    doors
        .get("/connexion", Needs::Nobody, enter::form)
        .post("/connexion", Needs::Nobody, enter::enter)
        .get("/connexion/code", Needs::Nobody, second::form)
        .post("/connexion/code", Needs::Nobody, second::confirm)
        .get("/code", Needs::Nobody, code::form)
        .post("/code", Needs::Nobody, code::claim)
        .get("/lien/{link}", Needs::Nobody, link::enter)
        .post("/deconnexion", Needs::Nobody, enter::leave)
}
