//! The addressees of a message, one by one: a page of them at a time, and what became of each.

mod in_french;
mod table;
mod trace;

use serde::Serialize;

use super::School;
use crate::channel::Channel;
use crate::delivery::{About, AddresseePlace};
use crate::id::Id;
use crate::message::Message;
use crate::people::{SchoolId, Whom, unaccented_capitals};
use crate::phone_number::PhoneNumber;
use crate::store::places::{self, CalledBy, LookedFor, Traced, TracedWay};
use crate::store::{StoreError, Tx};

pub use table::{AddresseeTable, TableRefusal, addressee_table};
pub use trace::{AddresseeTrace, Happened, TraceEvent, WayShown, addressee};

/// How many addressees a page shows.
pub const ADDRESSEES_A_PAGE: usize = 50;

/// Which addressees are looked for; all of them by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Who stand there.
    pub place: Option<AddresseePlace>,
    /// Who have, or had, a way by this channel.
    pub channel: Option<Channel>,
    /// Whom it concerns for a pupil of this class.
    pub class: Option<String>,
    /// Whose name, or whose pupil's, has words that begin so; accents and capitals do not matter.
    pub called: Option<String>,
    /// Whose pupils alone are shown.
    pub whom: Whom,
}

/// A page of addressees.
#[derive(Serialize)]
pub struct AddresseePage {
    /// Which page, from 1.
    pub page: usize,
    /// How many there are.
    pub pages: usize,
    /// How many are found, on all pages.
    pub found: usize,
    /// Those of this page, by class and name as the launch found them.
    pub addressees: Vec<AddresseeLine>,
}

/// One addressee, as a list shows it.
#[derive(Serialize)]
pub struct AddresseeLine {
    /// Its number within the message.
    pub number: u32,
    /// Their name.
    pub name: String,
    /// The pupils for whom.
    pub about: Vec<String>,
    /// Where it stands.
    pub place: AddresseePlace,
    /// What was tried, in order, in French: `courriel : adresse inconnue ou compte jamais activé`.
    pub tried: Vec<String>,
    /// The number to call.
    pub phone: Option<String>,
}

/// The addressees who are looked for, so many a page; past the last page, the last one.
pub async fn addressees(
    school: &School,
    message: &Message,
    sought: Sought,
    page: usize,
    most: usize,
) -> Result<AddresseePage, StoreError> {
    let (id, of) = (school.queue.school().clone(), message.id);
    let look = move |tx: &Tx<'_>| {
        let numbers = if sought.asks_for_names() {
            sought.among_called(tx, &id, of)?
        } else {
            let found = places::of_message(tx, &id, of, sought.looked_for())?;
            found.iter().map(|it| it.number).collect()
        };
        let (page, pages) = page_of(numbers.len(), page, most);
        let mut addressees = Vec::with_capacity(most);
        for number in numbers.iter().skip((page - 1) * most).take(most) {
            addressees.extend(places::trace(tx, &id, of, *number)?.map(AddresseeLine::of));
        }
        Ok(AddresseePage { page, pages, found: numbers.len(), addressees })
    };
    school.store().read(look).await
}

/// The page that is shown where one was asked for, and how many there are.
pub(super) fn page_of(found: usize, asked: usize, most: usize) -> (usize, usize) {
    let pages = found.div_ceil(most).max(1);
    (asked.clamp(1, pages), pages)
}

impl Sought {
    /// Whether it takes more than numbers to find them.
    fn asks_for_names(&self) -> bool {
        self.class.is_some() || self.called.is_some() || self.whom != Whom::Everybody
    }

    fn looked_for(&self) -> LookedFor {
        LookedFor { place: self.place, channel: self.channel }
    }

    fn among_called(
        &self,
        tx: &Tx<'_>,
        school: &SchoolId,
        of: Id<Message>,
    ) -> Result<Vec<u32>, StoreError> {
        let words: Vec<String> = self.called.iter().flat_map(|called| words_of(called)).collect();
        let mut numbers = Vec::new();
        places::each_called(tx, school, of, self.looked_for(), |placed, called| {
            if self.names(&called, &words) {
                numbers.push(placed.number);
            }
        })?;
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn names(&self, called: &CalledBy, words: &[String]) -> bool {
        let is_of_class =
            |class: &String| called.about.iter().any(|one| one.class.as_ref() == Some(class));
        self.class.as_ref().is_none_or(is_of_class)
            && is_of(&self.whom, &called.about)
            && (words.is_empty() || is_called(called, words))
    }
}

/// Whether somebody may see whom a message concerns for these pupils.
pub(super) fn is_of(whom: &Whom, about: &[About]) -> bool {
    let has = |one: &About| whom.has(one.pupil.as_ref(), one.class.as_deref());
    *whom == Whom::Everybody || about.iter().any(has)
}

/// Whether each of these words begins one of their name or of a pupil's.
fn is_called(called: &CalledBy, words: &[String]) -> bool {
    let names = std::iter::once(&called.name).chain(called.about.iter().map(|one| &one.name));
    let all: Vec<String> = names.flat_map(|name| words_of(name)).collect();
    words.iter().all(|word| all.iter().any(|name| name.starts_with(word.as_str())))
}

fn words_of(text: &str) -> Vec<String> {
    unaccented_capitals(text).split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

impl AddresseeLine {
    fn of(traced: Traced) -> Self {
        Self {
            number: traced.number,
            about: traced.recipient.about.iter().map(About::with_class).collect(),
            place: traced.place,
            tried: traced.ways.iter().map(TracedWay::in_french).collect(),
            phone: traced.recipient.phone.as_ref().map(PhoneNumber::in_pairs),
            name: traced.recipient.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::PupilKey;

    fn about(name: &str, class: &str, key: &str) -> About {
        About {
            pupil: Some(PupilKey(key.to_owned())),
            name: name.to_owned(),
            class: Some(class.to_owned()),
            level: None,
        }
    }

    #[test]
    fn a_name_is_found_by_the_beginning_of_its_words_and_by_the_pupil_s() {
        let called = CalledBy {
            name: "Anne-Laure NGUYÊN".to_owned(),
            about: vec![about("Ilyès PETIT", "3D", "siecle:1")],
        };
        let is_found = |typed: &str| is_called(&called, &words_of(typed));
        assert!(is_found("nguyen") && is_found("laure ng") && is_found("PETIT ily"));
        assert!(!is_found("guyen") && !is_found("anne martin"));
    }

    #[test]
    fn there_is_always_a_page_and_never_one_too_many() {
        assert_eq!(page_of(0, 7, 50), (1, 1));
        assert_eq!(page_of(50, 2, 50), (1, 1));
        assert_eq!(page_of(51, 2, 50), (2, 2));
        assert_eq!(page_of(51, 0, 50), (1, 2));
    }
}
