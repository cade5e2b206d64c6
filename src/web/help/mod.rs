//! Help: short on the page, and the sheets that are made from what is so now.

use super::doors::{Doors, Needs};

mod accessibility;
mod page;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let account = Needs::Account;
    doors
        .get("/accessibilite", Needs::Nobody, accessibility::page)
        .get("/aide", account, page::help)
        .get("/aide/mode-d-emploi", account, page::guide)
        .get("/aide/mode-d-emploi.pdf", account, page::guide_pdf)
        .get("/aide/mode-d-emploi-livret.pdf", account, page::guide_booklet)
        .get("/aide/circuits-et-contacts", account, page::circuits)
        .get("/aide/circuits-et-contacts.pdf", account, page::circuits_pdf)
}
