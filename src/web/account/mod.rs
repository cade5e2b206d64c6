//! Somebody's own account: their password, their second factor, their identity elsewhere, the devices on which they are signed in.

mod identity;
mod overview;
mod password;
mod second_factor;
mod sessions;
mod told;

use super::doors::{Doors, Needs};

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    doors
        .get("/compte", Needs::Account, overview::page)
        .get("/compte/mot-de-passe", Needs::Account, password::form)
        .post("/compte/mot-de-passe", Needs::Account, password::change)
        .get("/compte/telephone", Needs::Account, second_factor::form)
        .post("/compte/telephone", Needs::Account, second_factor::begin)
        .post("/compte/telephone/confirmer", Needs::Account, second_factor::confirm)
        .post("/compte/telephone/retirer", Needs::Account, second_factor::remove)
        .get("/compte/identite", Needs::Account, identity::form)
        .post("/compte/identite", Needs::Account, identity::begin)
        .post("/compte/identite/retirer", Needs::Account, identity::remove)
        .post("/compte/appareils", Needs::Account, sessions::end)
}
