//! Those of an announcement whom somebody must see to, by name, and what was tried.

use super::super::fault::Fault;
use super::super::visitor::Visitor;
use super::super::words::count;
use crate::delivery::AddresseePlace;
use crate::message::Message;
use crate::office::{self, AddresseeLine, AddresseePage, Sought};

/// How many are named at most; the list has all.
const NAMED: usize = 20;

/// Those of one place.
pub(super) struct SeenToGroup {
    pub(super) place: &'static str,
    pub(super) title: String,
    pub(super) lines: Vec<AddresseeLine>,
    pub(super) has_more: bool,
}

/// First whom to call, then whom nothing reached, then of whom nobody knows.
pub(super) async fn groups(
    visitor: &Visitor,
    message: &Message,
) -> Result<Vec<SeenToGroup>, Fault> {
    let places = [
        (AddresseePlace::OnCall, "personne à appeler", "personnes à appeler"),
        (
            AddresseePlace::Unreached,
            "personne que rien n’a jointe",
            "personnes que rien n’a jointes",
        ),
        (AddresseePlace::Uncertain, "envoi incertain", "envois incertains"),
    ];
    let mut groups = Vec::new();
    for (place, one, many) in places {
        let sought = Sought { place: Some(place), whom: visitor.whom(), ..Sought::default() };
        let (school, actor) = (visitor.school(), visitor.actor());
        let found = office::look_at_those_left(school, actor, message, sought, NAMED).await?;
        if found.found > 0 {
            groups.push(group(place, count(found.found, one, many), found));
        }
    }
    Ok(groups)
}

fn group(place: AddresseePlace, title: String, found: AddresseePage) -> SeenToGroup {
    let has_more = found.found > found.addressees.len();
    SeenToGroup { place: place.as_str(), title, lines: found.addressees, has_more }
}
