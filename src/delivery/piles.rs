//! How a batch of letters is sorted for whoever carries it, and the piles that it falls into: a class, a town, a place
//! where letters are fetched.

use serde::{Deserialize, Serialize};

use super::Recipient;
use crate::people::{Filing, unaccented_capitals};

/// How a batch is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterOrder {
    /// By class and name: pupils take their letters home.
    #[default]
    Class,
    /// By postcode and town, then by class and name.
    Postcode,
    /// What is fetched, by place; then what is posted, by postcode; each by class and name.
    PickUp,
}

impl LetterOrder {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::Class, Self::Postcode, Self::PickUp];

    /// The word in configuration, database and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Postcode => "postcode",
            Self::PickUp => "pick-up",
        }
    }

    /// The order of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.as_str() == word)
    }

    /// The pile on which the letter of a recipient lies.
    #[must_use]
    pub fn pile(self, to: &Recipient) -> Pile {
        match (self, &to.pick_up, destination(to)) {
            (Self::Class, ..) => of_class(to),
            (Self::PickUp, Some(place), _) => Pile::named(PileKind::PickUp, place),
            (Self::PickUp, None, by_post) if by_post.kind != PileKind::ByPupil => {
                Pile::named(PileKind::Post, "")
            }
            (_, _, destination) => destination,
        }
    }

    /// Where the letter of a recipient stands in a batch: least first. Letters of one pile stand together.
    #[must_use]
    pub fn filing(self, to: &Recipient) -> LetterFiling {
        let pile = self.pile(to);
        let within = (pile.kind == PileKind::Post).then(|| destination(to).filing());
        LetterFiling(pile.filing(), within, to.filing())
    }
}

/// How a batch is made ready for whoever carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Piling {
    /// How it is sorted.
    pub order: LetterOrder,
    /// Whether a sheet is printed before each of its piles.
    pub separators: bool,
}

/// Letters of a batch that lie together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pile {
    /// What its letters have in common.
    pub kind: PileKind,
    /// `6A`, `31000 TOULOUSE`, `Mairie de Saint-Martin`; empty where its kind says it all.
    pub name: String,
}

/// What the letters of a pile have in common, in the order in which piles lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PileKind {
    /// They are fetched at one place.
    PickUp,
    /// The first pupil of each is of one class.
    Class,
    /// The first pupil of each has no class.
    Unclassed,
    /// They are for staff.
    Staff,
    /// They go to one postcode and town.
    Town,
    /// They go to one country abroad.
    Abroad,
    /// They are posted, wherever they go.
    Post,
    /// They have no address: the first pupil of each takes them home.
    ByPupil,
}

impl PileKind {
    const ALL: [Self; 8] = [
        Self::PickUp,
        Self::Class,
        Self::Unclassed,
        Self::Staff,
        Self::Town,
        Self::Abroad,
        Self::Post,
        Self::ByPupil,
    ];

    /// The word in database and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PickUp => "pick_up",
            Self::Class => "class",
            Self::Unclassed => "unclassed",
            Self::Staff => "staff",
            Self::Town => "town",
            Self::Abroad => "abroad",
            Self::Post => "post",
            Self::ByPupil => "by_pupil",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Pile {
    fn named(kind: PileKind, name: &str) -> Self {
        Self { kind, name: name.to_owned() }
    }

    /// What is written on it.
    #[must_use]
    pub fn in_french(&self) -> String {
        match self.kind {
            PileKind::Class => format!("Classe {}", self.name),
            PileKind::PickUp | PileKind::Town | PileKind::Abroad => self.name.clone(),
            PileKind::Unclassed => "Sans classe".to_owned(),
            PileKind::Staff => "Personnels".to_owned(),
            PileKind::Post => "À poster".to_owned(),
            PileKind::ByPupil => "À remettre par l’élève".to_owned(),
        }
    }

    /// Piles of names that are filed alike stay apart.
    fn filing(&self) -> (PileKind, Filing, String) {
        let filing = match self.kind {
            PileKind::Class => Filing::of_class(&self.name),
            _ => Filing::of_words(&self.name),
        };
        (self.kind, filing, self.name.clone())
    }
}

/// Where a letter stands in a batch: its pile, where it goes within what is posted, and for whom it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LetterFiling((PileKind, Filing, String), Option<(PileKind, Filing, String)>, Filing);

fn of_class(to: &Recipient) -> Pile {
    match to.about.first().map(|pupil| pupil.class.as_deref()) {
        Some(Some(class)) => Pile::named(PileKind::Class, class),
        Some(None) => Pile::named(PileKind::Unclassed, ""),
        None => Pile::named(PileKind::Staff, ""),
    }
}

/// Where the post takes it.
fn destination(to: &Recipient) -> Pile {
    let Some(post) = to.post.as_ref().filter(|post| !post.town.is_empty()) else {
        return Pile::named(PileKind::ByPupil, "");
    };
    if let Some(country) = &post.country {
        return Pile::named(PileKind::Abroad, &unaccented_capitals(country));
    }
    let town = unaccented_capitals(&format!("{} {}", post.postcode, post.town));
    Pile::named(PileKind::Town, &town)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::About;
    use crate::people::{PersonKey, PostalAddress};

    /// `name`, about a pupil of a class, who lives there and fetches letters there.
    fn home(name: &str, class: Option<&str>, town: &str, pick_up: Option<&str>) -> Recipient {
        let about = class.map(|class| About {
            pupil: None,
            name: format!("Zoé {name}"),
            class: (!class.is_empty()).then(|| class.to_owned()),
            level: None,
        });
        let about = about.into_iter().collect();
        let to = Recipient::without_address(PersonKey(name.to_owned()), name, None, about);
        let (place, country) = match town.split_once(" / ") {
            Some((town, country)) => (town, Some(country.to_owned())),
            None => (town, None),
        };
        let (postcode, town) = place.split_once(' ').unwrap_or(("", place));
        let post = PostalAddress {
            lines: vec!["1 rue du Puits".to_owned()],
            postcode: postcode.to_owned(),
            town: town.to_owned(),
            country,
        };
        Recipient { post: Some(post), pick_up: pick_up.map(str::to_owned), ..to }
    }

    fn sorted(order: LetterOrder) -> Vec<(String, String)> {
        let mut homes = [
            home("A", Some("3B"), "31000 Toulouse", None),
            home("B", Some("6A"), "31000 TOULOUSE", Some("Mairie")),
            home("C", Some("6A"), "09100 Pamiers", None),
            home("D", Some(""), "09100 Pamiers", Some("Loge")),
            home("E", None, "31000 Toulouse", None),
            home("F", Some("3B"), "1000 Bruxelles / Belgique", None),
            home("G", Some("6A"), "", None),
            home("H", Some("3B"), "09100 PAMIERS", Some("Mairie")),
            home("I", Some("6A"), "31000 Montaudran", None),
        ];
        homes.sort_by_cached_key(|to| order.filing(to));
        homes.iter().map(|to| (to.name.clone(), order.pile(to).in_french())).collect()
    }

    fn check(order: LetterOrder, expected: &[(&str, &str)]) {
        let expected: Vec<(String, String)> = expected
            .iter()
            .flat_map(|(pile, names)| names.chars().map(|it| (it.to_string(), (*pile).to_owned())))
            .collect();
        assert_eq!(sorted(order), expected);
    }

    #[test]
    fn by_class_as_pupils_take_them_home() {
        let classes = [
            ("Classe 6A", "BCGI"),
            ("Classe 3B", "AFH"),
            ("Sans classe", "D"),
            ("Personnels", "E"),
        ];
        check(LetterOrder::Class, &classes);
    }

    #[test]
    fn by_postcode_and_town_however_the_town_is_written() {
        let towns = [
            ("09100 PAMIERS", "CHD"),
            ("31000 MONTAUDRAN", "I"),
            ("31000 TOULOUSE", "BAE"),
            ("BELGIQUE", "F"),
            ("À remettre par l’élève", "G"),
        ];
        check(LetterOrder::Postcode, &towns);
    }

    #[test]
    fn by_where_they_are_fetched_and_then_as_the_post_sorts() {
        let ways = [
            ("Loge", "D"),
            ("Mairie", "BH"),
            ("À poster", "CIAEF"),
            ("À remettre par l’élève", "G"),
        ];
        check(LetterOrder::PickUp, &ways);
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for order in LetterOrder::ALL {
            assert_eq!(LetterOrder::from_word(order.as_str()), Some(order));
            assert_eq!(serde_json::to_value(order).unwrap(), order.as_str());
        }
        for kind in PileKind::ALL {
            assert_eq!(PileKind::from_word(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
