//! Whose ENT account is whose: by the name that the ENT shows, and only when it is one person's.

use std::collections::HashMap;

use crate::clock::Moment;
use crate::people::{ContactPoint, Person, PersonKey, SchoolId};
use crate::store::contact_points::Given;
use crate::store::{Store, StoreError, contact_points, people};

/// How the ENT gives an account.
const FROM_ENT: Given<'static> = Given { rank: 0, source: "ent", typed: None };

/// How many accounts found their person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Linked {
    /// Accounts tied to a person.
    pub linked: usize,
    /// Names that several accounts or several persons have: tied to nobody, so that nothing goes
    /// to a stranger.
    pub ambiguous: usize,
    /// Accounts of nobody in the directory.
    pub unknown: usize,
}

/// Ties ENT accounts, given as (id, shown name), to the persons of the directory.
pub async fn link_ent_accounts(
    store: &Store,
    school: &SchoolId,
    accounts: Vec<(String, String)>,
    now: Moment,
) -> Result<Linked, StoreError> {
    let school = school.clone();
    store
        .write(move |tx| {
            let persons = people::persons(tx, &school)?;
            let (pairs, linked) = pair(&persons, accounts);
            for (person, id) in pairs {
                let account = ContactPoint::Ent(id.into());
                contact_points::put(tx, &school, &person, &account, &FROM_ENT, now)?;
            }
            Ok(linked)
        })
        .await
}

fn pair(persons: &[Person], accounts: Vec<(String, String)>) -> (Vec<(PersonKey, String)>, Linked) {
    let mut by_name: HashMap<String, (Vec<&Person>, Vec<String>)> = HashMap::new();
    for person in persons {
        by_name.entry(folded(&person.display_name())).or_default().0.push(person);
    }
    for (id, name) in accounts {
        by_name.entry(folded(&name)).or_default().1.push(id);
    }
    let mut linked = Linked::default();
    let mut pairs = Vec::new();
    for (people, ids) in by_name.into_values() {
        match (people.as_slice(), ids.as_slice()) {
            ([person], [id]) => {
                linked.linked += 1;
                pairs.push((person.key.clone(), id.clone()));
            }
            (_, []) => {}
            ([], _) => linked.unknown += ids.len(),
            _ => linked.ambiguous += ids.len(),
        }
    }
    pairs.sort();
    (pairs, linked)
}

/// A name without the differences that two systems make of it: case and blanks.
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
