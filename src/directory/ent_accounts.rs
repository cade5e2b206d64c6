//! Whose ENT account is whose: by the name that the ENT shows, by whether it is a colleague's, and by the
//! pupils that it names where it names any; and only when that leaves one person and one account.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Listing;
use crate::clock::Moment;
use crate::people::{
    ContactPoint, Person, PersonKey, Pupil, PupilKey, Role, SchoolId, Source, name_words,
    unaccented_capitals,
};
use crate::providers::ListedAccount;
use crate::store::contact_points::Given;
use crate::store::{StoreError, Tx, contact_points, ent_lookups, people, pupils};

/// How the ENT gives an account.
const FROM_ENT: Given<'static> = Given { rank: 0, source: Source::Ent, typed: None };

/// How many accounts found their person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Linked {
    /// Accounts tied to a person.
    pub linked: usize,
    /// Accounts that fit several persons, or share theirs with another account: tied to nobody, so that
    /// nothing goes to a stranger.
    pub ambiguous: usize,
    /// Accounts of nobody in the directory, as far as name, profile and pupils tell.
    pub unknown: usize,
    /// Accounts that were somebody's, and were taken from them: now ambiguous, another's, or no longer there.
    pub untied: usize,
}

/// Ties ENT accounts to the persons of the directory, and notes of whom the ENT was asked. Whatever account
/// was tied to somebody and is not theirs by this list is taken from them, so that nothing goes to a
/// stranger; one that a list which is not whole does not name may be another's to name. A list without any account is
/// no word about anybody: it takes nothing.
pub fn link_ent_accounts(
    tx: &Tx<'_>,
    school: &SchoolId,
    listing: &Listing,
    now: Moment,
) -> Result<Linked, StoreError> {
    let Pairs { mut linked, of } = Adults::read(tx, school)?.pair(&listing.accounts);
    for (person, id) in &of {
        let account = ContactPoint::Ent(id.as_str().into());
        contact_points::put(tx, school, person, &account, &FROM_ENT, now)?;
    }
    if !listing.accounts.is_empty() {
        linked.untied = untie_others(tx, school, &of, listing)?;
    }
    ent_lookups::note_all(tx, school)?;
    Ok(linked)
}

/// Takes from everybody the accounts that are not theirs by `of`; how many those are.
fn untie_others(
    tx: &Tx<'_>,
    school: &SchoolId,
    of: &BTreeMap<PersonKey, String>,
    listing: &Listing,
) -> Result<usize, StoreError> {
    let listed: HashSet<&str> = listing.accounts.iter().map(|it| it.id.as_str()).collect();
    let mut untied = 0;
    for (person, point) in contact_points::given_by(tx, school, FROM_ENT.source)? {
        let theirs = of.get(&person);
        let is_told = listing.is_whole || theirs.is_some() || listed.contains(point.value());
        if is_told && theirs.is_none_or(|id| id != point.value()) {
            contact_points::forget(tx, school, &person, &point)?;
            untied += 1;
        }
    }
    Ok(untied)
}

/// The adults of the directory, by the names that two systems would write alike.
struct Adults {
    by_name: HashMap<String, Vec<Person>>,
    pupils: HashMap<PersonKey, Vec<Names>>,
}

/// A pupil, as another system may call them.
#[derive(Clone)]
struct Names {
    /// The first of the first names.
    first: String,
    /// The words of the family name, and of the name in use where it differs.
    last: Vec<Vec<String>>,
}

impl Names {
    fn of(pupil: &Pupil) -> Self {
        let last = std::iter::once(&pupil.family_name).chain(&pupil.usage_name);
        let first = name_words(&pupil.first_name).into_iter().next().unwrap_or_default();
        Self { first, last: last.map(|name| name_words(name)).collect() }
    }

    /// Whether `shown` names this pupil, in whatever order.
    fn is(&self, shown: &str) -> bool {
        let shown: HashSet<String> = name_words(shown).into_iter().collect();
        let mut last = self.last.iter();
        shown.contains(&self.first) && last.any(|name| name.iter().all(|it| shown.contains(it)))
    }
}

/// Which account is whose.
#[derive(Default)]
struct Pairs {
    linked: Linked,
    of: BTreeMap<PersonKey, String>,
}

impl Adults {
    fn read(tx: &Tx<'_>, school: &SchoolId) -> Result<Self, StoreError> {
        let names: HashMap<PupilKey, Names> = pupils::all(tx, school)?
            .into_iter()
            .map(|pupil| (pupil.key.clone(), Names::of(&pupil)))
            .collect();
        let mut pupils_of: HashMap<PersonKey, Vec<Names>> = HashMap::new();
        for tie in pupils::guardianships(tx, school)? {
            pupils_of.entry(tie.person).or_default().extend(names.get(&tie.pupil).cloned());
        }
        let mut by_name: HashMap<String, Vec<Person>> = HashMap::new();
        for person in people::persons(tx, school)? {
            by_name.entry(unaccented_capitals(&person.display_name())).or_default().push(person);
        }
        Ok(Self { by_name, pupils: pupils_of })
    }

    fn pair(&self, accounts: &[ListedAccount]) -> Pairs {
        let mut pairs = Pairs::default();
        // Whom each account fits, and how many accounts fit each of them.
        let mut fitting = Vec::with_capacity(accounts.len());
        let mut claims: HashMap<&PersonKey, usize> = HashMap::new();
        for account in accounts {
            let namesakes =
                self.by_name.get(&unaccented_capitals(&account.display_name)).into_iter().flatten();
            let fit: Vec<&Person> = namesakes.filter(|it| self.fits(it, account)).collect();
            for person in &fit {
                *claims.entry(&person.key).or_default() += 1;
            }
            fitting.push((account, fit));
        }
        for (account, fit) in fitting {
            match fit.as_slice() {
                [] => pairs.linked.unknown += 1,
                [person] if claims.get(&person.key) == Some(&1) => {
                    pairs.linked.linked += 1;
                    pairs.of.insert(person.key.clone(), account.id.clone());
                }
                _ => pairs.linked.ambiguous += 1,
            }
        }
        pairs
    }

    /// Whether an account of their name may be this person's: colleagues have accounts of colleagues, and
    /// the pupils of an account are those of its guardian, where both are known.
    fn fits(&self, person: &Person, account: &ListedAccount) -> bool {
        let is_staff = matches!(person.role, Role::Staff(_));
        let mut shown = account.pupils.iter();
        let shares_one =
            |theirs: &Vec<Names>| shown.any(|shown| theirs.iter().any(|pupil| pupil.is(shown)));
        is_staff == account.is_staff
            && (account.pupils.is_empty() || self.pupils.get(&person.key).is_none_or(shares_one))
    }
}
