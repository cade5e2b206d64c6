//! Restrictions: by which ties nothing may go, whatever a source says.
//!
//! A restriction hangs on a human, not on a record: another file may give the same parent under another
//! key, and a copy that was frozen at a launch knows only names and addresses. Whoever bears the name is
//! that human, for that pupil. Whoever has an address in common with them is somebody else, perhaps, and
//! what is sent there would still be read by them: such an address is *spoilt* for that pupil until a
//! person says that it may be used.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::{
    Mark, Person, PersonKey, PostalAddress, Pupil, PupilKey, RestrictedTie, Restriction,
    name_words, unaccented_capitals,
};

/// What a human is recognised by, beside the key of a record: names and addresses.
/// `Debug` hides them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Human {
    /// First name of all and family name, for each of the names that they bear; folded.
    names: BTreeSet<(String, String)>,
    marks: BTreeSet<Mark>,
}

impl Human {
    /// Who a record says that they are.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        let Person { first_name, family_name, usage_name, postal_address, .. } = person;
        let mut human =
            Self::at(first_name, family_name, usage_name.as_deref(), postal_address.as_ref());
        human.marks.extend(person.contact_points.iter().map(Mark::of_point));
        human
    }

    /// Somebody of these names, and where they live.
    #[must_use]
    pub fn at(
        first_names: &str,
        family_name: &str,
        usage_name: Option<&str>,
        home: Option<&PostalAddress>,
    ) -> Self {
        // Sources differ in how many first names they give: the first one tells.
        let first = first_names.split_whitespace().next().unwrap_or_default();
        let names = [Some(family_name), usage_name].into_iter().flatten();
        let folded = |name: &str| (unaccented_capitals(first), unaccented_capitals(name));
        Self {
            names: names.map(folded).collect(),
            marks: home.and_then(Mark::of_home).into_iter().collect(),
        }
    }

    /// Adds what else is known of them.
    pub fn add(&mut self, other: Self) {
        self.names.extend(other.names);
        self.marks.extend(other.marks);
    }

    /// Adds an address of theirs.
    pub fn has(&mut self, mark: Mark) {
        self.marks.insert(mark);
    }

    /// Whether somebody shown by this name (`Isabelle Marie GARNIER`) is them.
    fn is_named(&self, shown: &str) -> bool {
        let shown = unaccented_capitals(shown);
        self.names.iter().any(|(first, family)| {
            let rest = shown.strip_prefix(first.as_str());
            let rest = rest.filter(|rest| first.is_empty() || rest.starts_with(' '));
            rest.is_some_and(|rest| {
                let before = rest.strip_suffix(family.as_str());
                before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
            })
        })
    }
}

impl std::fmt::Debug for Human {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Human(…)")
    }
}

/// A pupil, as far as a restriction has to recognise them.
#[derive(Clone, Copy)]
pub struct WhichPupil<'a> {
    /// Key in the directory; copies of earlier versions have none.
    pub key: Option<&'a PupilKey>,
    /// `Zoé DURAND`.
    pub name: &'a str,
}

/// A restriction, with all that tells whom it means.
#[derive(Debug, Clone)]
pub struct KnownRestriction {
    /// Their name now, as shown; empty where the record is gone.
    pub shown: String,
    /// As it was noted.
    pub tie: RestrictedTie,
    /// The pupil's name as shown, when it was noted and now.
    pub pupil_names: Vec<String>,
    /// The human of that tie, when it was noted and now.
    pub human: Human,
}

impl KnownRestriction {
    /// Whether it is about this pupil: the same record, or one of a name that may be theirs. Sources differ
    /// in first names, in double family names and in classes; that two of one name have one parent in common
    /// who is restricted about one of them alone hardly happens.
    fn is_about(&self, pupil: &WhichPupil<'_>, name: &PupilName) -> bool {
        pupil.key == Some(&self.tie.pupil)
            || self.pupil_names.iter().any(|known| PupilName::of(known).may_be(name))
    }

    fn is_on(&self, person: &PersonKey, name: &str) -> bool {
        self.tie.person == *person || self.human.is_named(name)
    }
}

/// The name of a pupil, taken apart: the first of the first names, and the words of the family names.
struct PupilName {
    first: String,
    family: BTreeSet<String>,
}

impl PupilName {
    /// Out of a name as shown: `Inès Marie BON-GARNIER`.
    fn of(shown: &str) -> Self {
        let mut words = shown.split_whitespace();
        let first = unaccented_capitals(words.next().unwrap_or_default());
        let is_family = |word: &&str| !word.chars().any(char::is_lowercase);
        Self { first, family: words.filter(is_family).flat_map(name_words).collect() }
    }

    fn may_be(&self, other: &Self) -> bool {
        self.first == other.first
            && (!self.family.is_disjoint(&other.family)
                || (self.family.is_empty() && other.family.is_empty()))
    }
}

/// Every restriction of a school, and the addresses that may be used all the same.
#[derive(Debug, Clone, Default)]
pub struct Restrictions {
    all: Vec<KnownRestriction>,
    trusted: HashSet<(PupilKey, Mark)>,
}

impl Restrictions {
    /// Those of a school.
    #[must_use]
    pub fn new(all: Vec<KnownRestriction>, trusted: HashSet<(PupilKey, Mark)>) -> Self {
        Self { all, trusted }
    }

    /// Whether there is none: nobody has to be looked at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether any is about this pupil.
    #[must_use]
    pub fn concern(&self, pupil: WhichPupil<'_>) -> bool {
        self.about(pupil).next().is_some()
    }

    /// The names of those to whom nothing about a pupil may go.
    #[must_use]
    pub fn names_about(&self, pupil: WhichPupil<'_>) -> Vec<&str> {
        let names: BTreeSet<&str> = self.about(pupil).map(|one| one.shown.as_str()).collect();
        names.into_iter().collect()
    }

    /// Why nothing about a pupil may go to somebody shown by this name; `None` when it may.
    #[must_use]
    pub fn on(
        &self,
        pupil: WhichPupil<'_>,
        person: &PersonKey,
        name: &str,
    ) -> Option<&KnownRestriction> {
        self.about(pupil).find(|one| one.is_on(person, name))
    }

    /// Whether somebody who must not hear of this pupil has this address too.
    #[must_use]
    pub fn spoil(&self, pupil: WhichPupil<'_>, mark: &Mark) -> bool {
        self.about(pupil).any(|one| {
            one.human.marks.contains(mark)
                && !self.trusted.contains(&(one.tie.pupil.clone(), mark.clone()))
        })
    }

    /// Those on somebody of these names, whichever record they were noted on.
    pub fn on_person<'a>(
        &'a self,
        person: &'a PersonKey,
        names: &'a [String],
    ) -> impl Iterator<Item = &'a KnownRestriction> {
        let is_on = |one: &&KnownRestriction| names.iter().any(|name| one.is_on(person, name));
        self.all.iter().filter(is_on)
    }

    /// Those about a pupil.
    #[must_use]
    pub fn about<'s>(&'s self, pupil: WhichPupil<'_>) -> std::vec::IntoIter<&'s KnownRestriction> {
        let name = (!self.all.is_empty()).then(|| PupilName::of(pupil.name));
        let is_about =
            |one: &&KnownRestriction| name.as_ref().is_some_and(|name| one.is_about(&pupil, name));
        self.all.iter().filter(is_about).collect::<Vec<_>>().into_iter()
    }
}

impl Pupil {
    /// As restrictions recognise them; `name` is the one shown.
    #[must_use]
    pub fn which<'a>(&'a self, name: &'a str) -> WhichPupil<'a> {
        WhichPupil { key: Some(&self.key), name }
    }
}

impl Restriction {
    /// What the office reads, in French.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Court => "décision de justice",
            Self::Objection => "opposition de l’élève majeur",
        }
    }
}
