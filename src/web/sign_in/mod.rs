//! Signing in and out: name and password, then the second factor where the account has one; a link that the
//! terminal printed; the very first account.

mod code;
mod enter;
mod link;
pub(super) mod refused;

use super::doors::{Doors, Needs};

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    doors
        .get("/connexion", Needs::Nobody, enter::form)
        .post("/connexion", Needs::Nobody, enter::enter)
        .get("/code", Needs::Nobody, code::form)
        .post("/code", Needs::Nobody, code::claim)
        .get("/lien/{link}", Needs::Nobody, link::enter)
        .post("/deconnexion", Needs::Nobody, enter::leave)
}

/// A page on the way, from which somebody goes on to where they wanted.
pub(super) fn address(page: &str, wanted: &str) -> String {
    let wanted: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    format!("{page}?vers={wanted}")
}

/// Where to go on: a page of ours, and never another's.
fn onwards(wanted: &str) -> &str {
    let is_ours = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains(['\\', '\n', '\r']);
    if is_ours { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere_by_signing_in() {
        assert_eq!(onwards("/annonces/FB48?page=2"), "/annonces/FB48?page=2");
        for foreign in ["//example.org", "https://example.org", "/\\example.org", ""] {
            assert_eq!(onwards(foreign), "/", "{foreign}");
        }
    }
}
