//! An audience as somebody chooses it, and the rule that says the same.

use std::collections::{BTreeMap, BTreeSet};

use super::super::posted::Form;
use crate::audience::{Base, Exclusion, Filter, Filters, Rule, Unit, names_meant};
use crate::office::KnownClass;

/// The filters by what was answered: nothing, or this.
const OF_ANSWERS: [Filter; 2] = [Filter::NotAnswered, Filter::Answered];

/// What there is to choose among.
#[derive(Debug, Default)]
pub(super) struct Offered {
    /// The levels of the classes, each once.
    pub(super) levels: Vec<String>,
    /// The classes.
    pub(super) classes: Vec<KnownClass>,
    /// The names of the saved lists.
    pub(super) lists: Vec<String>,
    /// What was answered to announcements that asked something, newest first.
    pub(super) answers: Vec<OfferedAnswers>,
}

/// What was answered to one announcement.
#[derive(Debug)]
pub(super) struct OfferedAnswers {
    /// What it is about, and when it was sent.
    pub(super) title: String,
    /// `7K4M` for who has not answered, `oui 7K4M` for who did so; and how it is read.
    pub(super) choices: Vec<(String, String)>,
}

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
    /// What was answered to an announcement, as it is offered; empty for whatever was.
    pub(super) answered: String,
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
            answered: posted.text("repondu").to_owned(),
            unit: posted.text("par").to_owned(),
        }
    }

    /// What a rule says, where choosing among these can say all of it; `None` for one that must be typed, so that none of
    /// it is lost when it is saved again.
    pub(super) fn of_rule(rule: &Rule, offered: &Offered) -> Option<Self> {
        let known = [Filter::Level, Filter::Class, Filter::List];
        let mut without = BTreeSet::new();
        for one in &rule.except {
            if one.base.is_some() || one.filters.keys().any(|it| *it != Filter::Class) {
                return None;
            }
            without.extend(offered.meant(&one.filters, Filter::Class)?);
        }
        let (of_answers, others): (Vec<&Filter>, Vec<&Filter>) =
            rule.filters.keys().partition(|it| OF_ANSWERS.contains(it));
        let is_chosen = others.iter().all(|it| known.contains(it)) && others.len() < 2;
        let answered = of_answers.into_iter().flat_map(|filter| &rule.filters[filter]);
        let answered = match answered.collect::<Vec<_>>().as_slice() {
            [] => String::new(),
            [one] if offered.is_answer(one) => (*one).clone(),
            _ => return None,
        };
        // Households are families, one copy for each.
        let (base, usual) = match rule.base {
            Base::Whoever => return None,
            Base::Households => (Base::Families, Unit::Household),
            other => (other, Unit::Guardian),
        };
        let unit = Some(rule.unit.unwrap_or(usual)).filter(|unit| *unit != Unit::Guardian);
        Some(Self {
            base: base.as_str().to_owned(),
            levels: offered.meant(&rule.filters, Filter::Level)?,
            classes: offered.meant(&rule.filters, Filter::Class)?,
            lists: offered.meant(&rule.filters, Filter::List)?,
            answered,
            without,
            unit: unit.map_or("", Unit::code).to_owned(),
        })
        .filter(|_| is_chosen)
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
        if !self.answered.is_empty() {
            let [silent, said] = OF_ANSWERS;
            let filter = if self.answered.contains(' ') { said } else { silent };
            put(filter, vec![self.answered.clone()]);
        }
        let without: Vec<String> = self.without.iter().cloned().collect();
        let except = Exclusion { base: None, filters: BTreeMap::from([(Filter::Class, without)]) };
        let except = if self.without.is_empty() { Vec::new() } else { vec![except] };
        Some(Rule { base, filters, except, unit: Unit::from_code(&self.unit) })
    }

    /// The classes that were chosen, and those of the levels. One that is there no longer stays: the rule is refused then,
    /// where without it all classes would be meant.
    fn with_levels(&self, known: &[KnownClass]) -> Vec<String> {
        let is_meant =
            |it: &&KnownClass| self.classes.contains(&it.name) || self.levels.contains(&it.level);
        let meant = known.iter().filter(is_meant).map(|it| it.name.clone());
        let is_gone = |name: &&String| known.iter().all(|it| it.name != **name);
        meant.chain(self.classes.iter().filter(is_gone).cloned()).collect()
    }
}

impl Offered {
    fn is_answer(&self, value: &str) -> bool {
        let mut choices = self.answers.iter().flat_map(|it| &it.choices);
        choices.any(|(offered, _)| offered == value)
    }

    /// The boxes that say what a filter of a rule says; none where there is no such filter.
    fn meant(&self, filters: &Filters, filter: Filter) -> Option<BTreeSet<String>> {
        let Some(typed) = filters.get(&filter) else { return Some(BTreeSet::new()) };
        let classes = self.classes.iter().map(|it| it.name.as_str());
        let meant = match filter {
            Filter::Class => names_meant(filter, classes, typed),
            Filter::Level => names_meant(filter, self.levels.iter().map(String::as_str), typed),
            _ => names_meant(filter, self.lists.iter().map(String::as_str), typed),
        };
        Some(meant?.into_iter().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Offered {
        let class = |name: &str, level: &str| KnownClass {
            name: name.to_owned(),
            level: level.to_owned(),
            pupils: 25,
        };
        Offered {
            levels: vec!["6e".to_owned(), "5e".to_owned()],
            classes: vec![class("6A", "6e"), class("6B", "6e"), class("5A", "5e")],
            lists: vec!["Voyage".to_owned()],
            answers: vec![OfferedAnswers {
                title: "Réunion".to_owned(),
                choices: ["7K4M", "oui 7K4M", "non 7K4M"]
                    .map(|it| (it.to_owned(), String::new()))
                    .to_vec(),
            }],
        }
    }

    /// A rule as it is when it was shown as boxes and saved as they stand; `None` where it is shown as a text.
    fn saved_again(typed: &str) -> Option<String> {
        let (offered, rule) = (offered(), typed.parse().unwrap());
        let choice = Choosing::of_rule(&rule, &offered)?;
        Some(choice.rule(&offered.classes).unwrap().to_string())
    }

    #[test]
    fn what_is_chosen_is_a_rule_that_chooses_the_same() {
        for typed in [
            "familles",
            "familles niveau:6e",
            "familles classe:6A,5A sauf classe:6B par foyer",
            "familles liste:Voyage par élève",
            "familles n'ayant pas répondu 7K4M",
            "familles ayant répondu non 7K4M classe:6A sauf classe:6B par foyer",
            "personnels",
        ] {
            assert_eq!(saved_again(typed).as_deref(), Some(typed));
        }
    }

    #[test]
    fn names_are_known_however_they_were_typed_and_households_stay_households() {
        for (typed, again) in [
            ("familles classe:6a", "familles classe:6A"),
            ("familles niveau:6E", "familles niveau:6e"),
            ("familles liste:voyage", "familles liste:Voyage"),
            ("familles sauf classe:6b", "familles sauf classe:6B"),
            ("foyers niveau:6e", "familles niveau:6e par foyer"),
            ("foyers par responsable", "familles"),
            ("foyers par élève", "familles par élève"),
        ] {
            assert_eq!(saved_again(typed).as_deref(), Some(again));
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
        let of = |choice: &Choosing| choice.rule(&offered().classes).unwrap().to_string();
        assert_eq!(of(&choice), "familles classe:6A,6B,5A");
        // A class that went while somebody chose is not all of them.
        let gone = Choosing { levels: BTreeSet::new(), classes: set("3Z"), ..choice };
        assert_eq!(of(&gone), "familles classe:3Z");
    }

    #[test]
    fn a_rule_that_cannot_be_chosen_is_typed() {
        for typed in [
            "familles langue:arabe",
            "familles sauf niveau:6e",
            "familles classe:6A niveau:6e",
            "familles classe:3Z",
            "familles classe:6A,3Z",
            "familles niveau:3e",
            "familles liste:Londres",
            "familles sauf classe:3Z",
            "liste:Voyage",
            "n'ayant pas répondu 7K4M",
            "familles n'ayant pas répondu 9Z9Z",
            "familles ayant répondu 4 7K4M",
            "familles n'ayant pas répondu 7K4M,7K4M",
            "familles n'ayant pas répondu 7K4M ayant répondu non 7K4M",
            "familles n'ayant pas reçu 7K4M",
        ] {
            assert_eq!(saved_again(typed), None, "{typed}");
        }
    }
}
