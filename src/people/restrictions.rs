//! Restrictions: by which ties nothing may go, whatever a source says.
//!
//! A restriction hangs on a human, not on a record: another file may give the same parent under another
//! key, and a copy that was frozen at a launch knows only names and addresses. Whoever bears the name is
//! that human, for that pupil. Whoever has an address in common with them is somebody else, perhaps, and
//! what is sent there would still be read by them: such an address is *spoilt* for that pupil until a
//! person says that it may be used.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{
    ContactPoint, Person, PersonKey, PostalAddress, Pupil, PupilKey, RestrictedTie, Restriction,
    unaccented_capitals,
};

/// An address, written so that equal ones lead to the same place: a mailbox, a number, a home.
/// `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(String);

impl Mark {
    /// That of a mailbox, an account or a number, which is one for calls and for text messages.
    #[must_use]
    pub fn of_point(point: &ContactPoint) -> Self {
        let kind = match point {
            ContactPoint::Ent(_) => "ent",
            ContactPoint::Email(_) => "email",
            ContactPoint::Sms(_) | ContactPoint::Phone(_) => "number",
        };
        Self(format!("{kind}:{}", point.value().to_lowercase()))
    }

    /// That of a home; none for an address that leads to no house.
    #[must_use]
    pub fn of_home(address: &PostalAddress) -> Option<Self> {
        let lines = address.lines.iter().chain([&address.postcode, &address.town]);
        let lines = lines.map(|line| unaccented_capitals(line)).filter(|line| !line.is_empty());
        let folded = lines.collect::<Vec<_>>().join("|");
        address.is_full().then(|| Self(format!("home:{folded}")))
    }

    /// The mark that the database keeps.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// As the database keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mark(…)")
    }
}

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
    /// `6A`.
    pub class: Option<&'a str>,
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
    /// The pupil's class now.
    pub class: Option<String>,
    /// The human of that tie, when it was noted and now.
    pub human: Human,
}

impl KnownRestriction {
    /// Whether it is about this pupil: the same record, or one of the same name that may be the same.
    fn is_about(&self, pupil: &WhichPupil<'_>, folded: &str) -> bool {
        let classes_agree = match (&self.class, pupil.class) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => true,
        };
        let bears = || self.pupil_names.iter().any(|name| unaccented_capitals(name) == folded);
        pupil.key == Some(&self.tie.pupil) || (classes_agree && bears())
    }

    fn is_on(&self, person: &PersonKey, name: &str) -> bool {
        self.tie.person == *person || self.human.is_named(name)
    }
}

/// Every restriction of a school, and the addresses that may be used all the same.
#[derive(Debug, Clone, Default)]
pub struct Restrictions {
    all: Vec<KnownRestriction>,
    /// Places in `all`, by the keys and by the folded names of the pupils.
    by_key: HashMap<PupilKey, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    trusted: HashSet<(PupilKey, Mark)>,
}

impl Restrictions {
    /// Those of a school.
    #[must_use]
    pub fn new(all: Vec<KnownRestriction>, trusted: HashSet<(PupilKey, Mark)>) -> Self {
        let (mut by_key, mut by_name) = (HashMap::new(), HashMap::new());
        for (place, one) in all.iter().enumerate() {
            by_key.entry(one.tie.pupil.clone()).or_insert_with(Vec::new).push(place);
            for name in &one.pupil_names {
                by_name.entry(unaccented_capitals(name)).or_insert_with(Vec::new).push(place);
            }
        }
        Self { all, by_key, by_name, trusted }
    }

    /// Whether there is none: nobody has to be looked at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether any is about this pupil.
    #[must_use]
    pub fn concern(&self, pupil: WhichPupil<'_>) -> bool {
        !self.about(pupil).is_empty()
    }

    /// The names of those to whom nothing about a pupil may go.
    #[must_use]
    pub fn names_about(&self, pupil: WhichPupil<'_>) -> Vec<&str> {
        self.about(pupil).into_iter().map(|one| one.shown.as_str()).collect()
    }

    /// Why nothing about a pupil may go to somebody shown by this name; `None` when it may.
    #[must_use]
    pub fn on(
        &self,
        pupil: WhichPupil<'_>,
        person: &PersonKey,
        name: &str,
    ) -> Option<&KnownRestriction> {
        self.about(pupil).into_iter().find(|one| one.is_on(person, name))
    }

    /// Whether somebody who must not hear of this pupil has this address too.
    #[must_use]
    pub fn spoil(&self, pupil: WhichPupil<'_>, mark: &Mark) -> bool {
        self.about(pupil).into_iter().any(|one| {
            one.human.marks.contains(mark)
                && !self.trusted.contains(&(one.tie.pupil.clone(), mark.clone()))
        })
    }

    /// Those about a pupil.
    fn about(&self, pupil: WhichPupil<'_>) -> Vec<&KnownRestriction> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let folded = unaccented_capitals(pupil.name);
        let by_key = pupil.key.and_then(|key| self.by_key.get(key));
        let places = by_key.into_iter().chain(self.by_name.get(&folded)).flatten();
        let places: BTreeSet<usize> = places.copied().collect();
        let known = places.into_iter().map(|place| &self.all[place]);
        known.filter(|one| one.is_about(&pupil, &folded)).collect()
    }
}

impl Pupil {
    /// As restrictions recognise them; `name` is the one shown.
    #[must_use]
    pub fn which<'a>(&'a self, name: &'a str) -> WhichPupil<'a> {
        WhichPupil { key: Some(&self.key), name, class: self.class.as_deref() }
    }
}

impl Restriction {
    /// What the office reads, in French.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Court => "décision de justice",
            Self::Objection => "opposition de l'élève majeur",
        }
    }
}
