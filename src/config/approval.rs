//! `[approval]`: when a second person says yes before something leaves.

use std::time::Duration;

use jiff::civil::Date;
use serde::Deserialize;

use crate::settings::Span;

/// What needs the yes of a second person, and who is asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApprovalSettings {
    /// What goes to more recipients than this needs it; 0: nothing does for their number.
    pub above: u32,
    /// Whatever is urgent needs it.
    pub urgent: bool,
    /// How long whoever is asked has, before the next of the chain is asked as well.
    pub pass_on: Span,
    /// Who is asked, in this order; after them, and where nobody is named, everybody who may approve.
    pub chain: Vec<StandIn>,
}

/// Somebody of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandIn {
    /// What they sign in with.
    pub login: String,
    /// The first day on which they are asked; from the beginning by default.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day on which they are; for ever by default.
    #[serde(default)]
    pub until: Option<Date>,
}

impl Default for ApprovalSettings {
    fn default() -> Self {
        Self { above: 0, urgent: false, pass_on: Span::secs(30 * 60), chain: Vec::new() }
    }
}

impl ApprovalSettings {
    /// Whether what goes to so many recipients needs it.
    #[must_use]
    pub fn is_needed(&self, recipients: usize, is_urgent: bool) -> bool {
        let are_many = self.above > 0 && u32::try_from(recipients).is_ok_and(|it| it > self.above);
        are_many || (is_urgent && self.urgent)
    }

    /// Who has been asked so long after it was asked for, but for who asked; `None` for everybody who may.
    #[must_use]
    pub fn asked(&self, waited: Duration, today: Date, but: &str) -> Option<Vec<&str>> {
        let is_there = |it: &&StandIn| {
            it.login != but
                && it.from.is_none_or(|from| from <= today)
                && it.until.is_none_or(|until| today <= until)
        };
        let chain = self.chain.iter().filter(is_there).map(|it| it.login.as_str());
        let mut chain: Vec<&str> = chain.collect();
        let turns = self.turns(waited);
        if turns >= chain.len() {
            return None;
        }
        chain.truncate(turns + 1);
        Some(chain)
    }

    /// How often it was passed on.
    #[must_use]
    pub fn turns(&self, waited: Duration) -> usize {
        let each = self.pass_on.0.as_millis().max(1);
        usize::try_from(waited.as_millis() / each).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_away_or_asked_for_it_is_passed_over_and_in_the_end_everybody_may() {
        let one = |login: &str, until: Option<Date>| StandIn {
            login: login.to_owned(),
            from: None,
            until,
        };
        let day = |day| Date::constant(2026, 12, day);
        let chain = vec![one("camille", None), one("ines", Some(day(10))), one("rosa", None)];
        let settings = ApprovalSettings { chain, ..ApprovalSettings::default() };
        let after = |minutes, today, but| settings.asked(Duration::from_mins(minutes), today, but);
        assert_eq!(after(29, day(10), "sylvie"), Some(vec!["camille"]));
        assert_eq!(after(30, day(10), "sylvie"), Some(vec!["camille", "ines"]));
        assert_eq!(after(30, day(11), "sylvie"), Some(vec!["camille", "rosa"]));
        assert_eq!(after(0, day(11), "camille"), Some(vec!["rosa"]));
        assert_eq!(after(30, day(11), "camille"), None);
        assert_eq!(ApprovalSettings::default().asked(Duration::ZERO, day(1), "sylvie"), None);
    }

    #[test]
    fn nothing_needs_it_unless_the_school_says_so() {
        let settings = ApprovalSettings::default();
        assert!(!settings.is_needed(10_000, true));
        let many = ApprovalSettings { above: 100, ..settings.clone() };
        assert!(many.is_needed(101, false) && !many.is_needed(100, true));
        assert!(ApprovalSettings { urgent: true, ..settings }.is_needed(1, true));
    }
}
