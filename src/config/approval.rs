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

    /// Whether anything needs it at all.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.above > 0 || self.urgent
    }

    /// The logins of those of the chain who are there on a day, in its order.
    pub fn there_on(&self, today: Date) -> impl Iterator<Item = &str> {
        let is_there = move |it: &&StandIn| {
            it.from.is_none_or(|from| from <= today) && it.until.is_none_or(|until| today <= until)
        };
        self.chain.iter().filter(is_there).map(|it| it.login.as_str())
    }

    /// How long after it was asked for it is passed on so many times.
    #[must_use]
    pub fn after(&self, turns: usize) -> Duration {
        self.pass_on.0.saturating_mul(u32::try_from(turns).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_away_is_passed_over() {
        let one = |login: &str, until: Option<Date>| StandIn {
            login: login.to_owned(),
            from: until,
            until,
        };
        let day = |day| Date::constant(2026, 12, day);
        let chain = vec![one("camille", None), one("ines", Some(day(10))), one("rosa", None)];
        let settings = ApprovalSettings { chain, ..ApprovalSettings::default() };
        let there = |today| settings.there_on(today).collect::<Vec<_>>();
        assert_eq!(there(day(9)), ["camille", "rosa"]);
        assert_eq!(there(day(10)), ["camille", "ines", "rosa"]);
        assert_eq!(there(day(11)), ["camille", "rosa"]);
        assert_eq!(settings.after(2), Duration::from_hours(1));
    }

    #[test]
    fn nothing_needs_it_unless_the_school_says_so() {
        let settings = ApprovalSettings::default();
        assert!(!settings.is_needed(10_000, true) && !settings.is_on());
        let many = ApprovalSettings { above: 100, ..settings.clone() };
        assert!(many.is_needed(101, false) && !many.is_needed(100, true));
        assert!(ApprovalSettings { urgent: true, ..settings }.is_needed(1, true));
    }
}
