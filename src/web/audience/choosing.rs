//! An audience as somebody chooses it, and the rule that says the same.

use std::collections::{BTreeMap, BTreeSet};

use super::super::posted::Form;
use crate::audience::{Base, Exclusion, Filter, Rule, Unit};
use crate::office::KnownClass;

/// What was chosen on the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Choosing {
    /// The word of who.
    pub(super) base: String,
    /// Levels of which all classes are meant.
    pub(super) levels: BTreeSet<String>,
    /// Classes one by one.
    pub(super) classes: BTreeSet<String>,
    /// Classes that are left out.
    pub(super) without: BTreeSet<String>,
    /// Saved lists.
    pub(super) lists: BTreeSet<String>,
    /// The word of what one copy is for; empty for the usual.
    pub(super) unit: String,
}

impl Choosing {
    /// What a form says.
    pub(super) fn posted(posted: &Form) -> Self {
        let all = |name: &str| posted.all(name).map(str::to_owned).collect();
        Self {
            base: posted.text("qui").to_owned(),
            levels: all("niveau"),
            classes: all("classe"),
            without: all("sauf"),
            lists: all("liste"),
            unit: posted.text("par").to_owned(),
        }
    }

    /// What a rule says, where choosing can say it; `None` for one that must be typed.
    pub(super) fn of_rule(rule: &Rule) -> Option<Self> {
        let known = [Filter::Level, Filter::Class, Filter::List];
        let set = |filters: &BTreeMap<Filter, Vec<String>>, filter| {
            filters.get(&filter).into_iter().flatten().cloned().collect::<BTreeSet<String>>()
        };
        let mut without = BTreeSet::new();
        for one in &rule.except {
            if one.base.is_some() || one.filters.keys().any(|it| *it != Filter::Class) {
                return None;
            }
            without.extend(set(&one.filters, Filter::Class));
        }
        let is_chosen = rule.filters.keys().all(|it| known.contains(it)) && rule.filters.len() < 2;
        (is_chosen && rule.base != Base::Whoever).then(|| Self {
            base: rule.base.as_str().to_owned(),
            levels: set(&rule.filters, Filter::Level),
            classes: set(&rule.filters, Filter::Class),
            lists: set(&rule.filters, Filter::List),
            without,
            unit: rule.unit.map_or("", Unit::code).to_owned(),
        })
    }

    /// The rule: levels and classes together are the classes of both.
    pub(super) fn rule(&self, known: &[KnownClass]) -> Option<Rule> {
        let base = Base::ALL.into_iter().find(|base| base.as_str() == self.base)?;
        let mut filters = BTreeMap::new();
        let mut put = |filter, values: Vec<String>| {
            if !values.is_empty() {
                filters.insert(filter, values);
            }
        };
        if self.classes.is_empty() {
            put(Filter::Level, self.levels.iter().cloned().collect());
        } else {
            put(Filter::Class, self.with_levels(known));
        }
        put(Filter::List, self.lists.iter().cloned().collect());
        let without: Vec<String> = self.without.iter().cloned().collect();
        let except = Exclusion { base: None, filters: BTreeMap::from([(Filter::Class, without)]) };
        let except = if self.without.is_empty() { Vec::new() } else { vec![except] };
        Some(Rule { base, filters, except, unit: Unit::from_code(&self.unit) })
    }

    fn with_levels(&self, known: &[KnownClass]) -> Vec<String> {
        let is_meant =
            |it: &&KnownClass| self.classes.contains(&it.name) || self.levels.contains(&it.level);
        known.iter().filter(is_meant).map(|it| it.name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<KnownClass> {
        let class = |name: &str, level: &str| KnownClass {
            name: name.to_owned(),
            level: level.to_owned(),
            pupils: 25,
        };
        vec![class("6A", "6e"), class("6B", "6e"), class("5A", "5e")]
    }

    #[test]
    fn what_is_chosen_is_a_rule_that_chooses_the_same() {
        for typed in [
            "familles",
            "familles niveau:6e",
            "familles classe:6A,5A sauf classe:6B par foyer",
            "personnels",
        ] {
            let rule: Rule = typed.parse().unwrap();
            let choice = Choosing::of_rule(&rule).unwrap();
            assert_eq!(choice.rule(&known()).unwrap().to_string(), rule.to_string());
        }
    }

    #[test]
    fn a_level_beside_a_class_is_all_its_classes() {
        let set = |it: &str| BTreeSet::from([it.to_owned()]);
        let choice = Choosing {
            base: "familles".to_owned(),
            levels: set("6e"),
            classes: set("5A"),
            ..Choosing::default()
        };
        assert_eq!(choice.rule(&known()).unwrap().to_string(), "familles classe:6A,6B,5A");
    }

    #[test]
    fn a_rule_that_cannot_be_chosen_is_typed() {
        for typed in
            ["familles langue:arabe", "familles sauf niveau:6e", "familles classe:6A niveau:6e"]
        {
            assert_eq!(Choosing::of_rule(&typed.parse().unwrap()), None, "{typed}");
        }
    }
}
