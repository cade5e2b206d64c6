//! Where a person of the school publishes: a program that has no way in for us, and needs no account that we
//! know. Whoever reads there is reached by one publication for all.

use serde::Deserialize;

use super::{About, Recipient};
use crate::channel::Channel;

/// A provider of the configuration where a person publishes: nothing is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// Its name in the configuration.
    pub provider: String,
    /// The channel on which it carries.
    pub channel: Channel,
    /// Who reads there.
    pub readers: Readership,
    /// Whether no provider of its channel is called: then a reader needs no account that we know.
    pub is_only_way: bool,
}

/// Who of the school reads what is published there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readership {
    /// Families, staff or both.
    #[serde(default)]
    pub who: WhoReads,
    /// Of families those of these levels alone (`6e`); blank: of every level.
    #[serde(default)]
    pub levels: Vec<String>,
}

/// Families, staff or both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhoReads {
    /// Both.
    #[default]
    Everybody,
    /// Families.
    Families,
    /// Staff.
    Staff,
}

impl Readership {
    /// Whether somebody reads there.
    #[must_use]
    pub fn hold(&self, to: &Recipient) -> bool {
        let is_staff = to.about.is_empty();
        match (self.who, is_staff) {
            (WhoReads::Families, true) | (WhoReads::Staff, false) => false,
            (_, true) => true,
            (_, false) => to.about.iter().any(|pupil| self.are_about(pupil)),
        }
    }

    /// Whether the families of a pupil read there, where families do.
    #[must_use]
    pub fn are_about(&self, pupil: &About) -> bool {
        let is_of_theirs = |level| self.levels.contains(level);
        self.levels.is_empty() || pupil.level.as_ref().is_some_and(is_of_theirs)
    }
}

impl Recipient {
    /// The same person, reached too where somebody publishes for them by hand and nothing is called.
    pub fn reads(&mut self, by_hand: &[ByHand]) {
        let read = by_hand.iter().filter(|way| way.is_only_way && way.readers.hold(self));
        let read: Vec<Channel> = read.map(|way| way.channel).collect();
        self.by_hand.extend(read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::PersonKey;

    fn somebody(levels: &[Option<&str>]) -> Recipient {
        let about = levels.iter().map(|level| About {
            pupil: None,
            name: "Zoé DURAND".to_owned(),
            class: None,
            level: level.map(str::to_owned),
        });
        let key = PersonKey("hand:1".to_owned());
        Recipient::without_address(key, "Inès DURAND", None, about.collect())
    }

    fn way(who: WhoReads, levels: &[&str], is_only_way: bool) -> ByHand {
        let levels = levels.iter().map(|level| (*level).to_owned()).collect();
        let readers = Readership { who, levels };
        ByHand { provider: "pronote".to_owned(), channel: Channel::Ent, readers, is_only_way }
    }

    #[test]
    fn a_reader_needs_no_account_and_nobody_else_is_a_reader() {
        let (family, staff) = (somebody(&[Some("6e"), Some("3e")]), somebody(&[]));
        let unplaced = somebody(&[None]);
        for (way, read) in [
            (way(WhoReads::Everybody, &[], true), [true, true, true]),
            (way(WhoReads::Families, &[], true), [true, false, true]),
            (way(WhoReads::Staff, &[], true), [false, true, false]),
            (way(WhoReads::Everybody, &["6e"], true), [true, true, false]),
            (way(WhoReads::Families, &["5e"], true), [false, false, false]),
        ] {
            let reached = [&family, &staff, &unplaced].map(|to| {
                let mut to = to.clone();
                to.reads(std::slice::from_ref(&way));
                to.reach() == [Channel::Ent]
            });
            assert_eq!(reached, read, "{way:?}");
        }
    }

    #[test]
    fn where_an_ent_is_called_first_whoever_has_no_account_there_is_not_waited_for() {
        let mut to = somebody(&[Some("6e")]);
        to.reads(&[way(WhoReads::Everybody, &[], false)]);
        assert!(to.reach().is_empty());
    }

    #[test]
    fn who_uses_no_screen_reads_nothing_there() {
        let mut to = somebody(&[Some("6e")]);
        to.reads(&[way(WhoReads::Everybody, &[], true)]);
        to.forget(Channel::Ent);
        assert!(to.reach().is_empty());
    }
}
