//! Signing in and out: name and password, then the second factor where the account has one; an OpenID provider
//! beside them; a link that the terminal printed; the very first account.

mod code;
pub(super) mod elsewhere;
mod enter;
mod hint;
mod leave;
mod link;
mod not_known;
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
        .get("/connexion/ailleurs", Needs::Nobody, elsewhere::set_out)
        .get("/connexion/en-route", Needs::Account, elsewhere::on_the_way)
        .get("/connexion/retour", Needs::Nobody, elsewhere::come_back)
        .get("/connexion/depart", Needs::Nobody, leave::farewell)
        .get("/code", Needs::Nobody, code::form)
        .post("/code", Needs::Nobody, code::claim)
        .get("/lien/{link}", Needs::Nobody, link::enter)
        .post("/deconnexion", Needs::Nobody, leave::leave)
}
