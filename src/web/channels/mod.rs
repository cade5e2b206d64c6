//! How the ways are that messages take: closed by somebody, opened again, or all of them held.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod closing;
mod hold;
mod list;
mod service;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let send = Needs::Right(Right::Send);
    doors
        .get("/canaux", send, list::list)
        .get("/canaux/services/{name}", send, service::show)
        .post("/canaux/services/{name}/essai", send, service::send)
        .get("/canaux/suspendre", send, hold::ask)
        .post("/canaux/suspendre", send, hold::hold)
        .get("/canaux/reprendre", send, hold::ask_release)
        .post("/canaux/reprendre", send, hold::release)
        .get("/canaux/voies/{channel}/fermer", send, closing::form)
        .post("/canaux/voies/{channel}/fermer", send, closing::close)
        .post("/canaux/voies/{channel}/rouvrir", send, closing::open)
}
