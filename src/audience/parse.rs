//! From what a secretary types to a rule.

use std::str::FromStr;

use super::error::RuleError;
use super::rule::{
    ANSWERED, Base, EXCEPT, Exclusion, Filter, Filters, HAVING, MISSED, PER, Rule, Unit,
    connection_word,
};
use super::words::{RuleWord, nearest, words};
use crate::message::AnswerChoice;
use crate::people::{Connectivity, unaccented_capitals};

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Parser { words: words(text)?, at: 0 }.rule()
    }
}

/// A rule, read from left to right.
struct Parser {
    words: Vec<RuleWord>,
    at: usize,
}

/// A base and filters, up to the next `sauf` or `par`.
struct Clause {
    base: Option<Base>,
    filters: Filters,
}

impl Parser {
    fn rule(mut self) -> Result<Rule, RuleError> {
        let Clause { base, filters } = self.clause()?;
        let begins_with_people =
            filters.keys().any(|it| *it == Filter::List || it.is_of_messages());
        let base = match base {
            Some(base) => base,
            None if begins_with_people => Base::Whoever,
            None => return Err(RuleError::Empty),
        };
        let mut rule = Rule { base, filters, except: Vec::new(), unit: None };
        while let Some(word) = self.next() {
            if word.is(EXCEPT) {
                rule.except.push(self.exclusion(&word)?);
            } else if word.is(PER) && rule.unit.is_none() {
                rule.unit = Some(self.unit(&word)?);
            } else {
                return Err(RuleError::TooLate(word.typed));
            }
        }
        rule.check()?;
        Ok(rule)
    }

    fn exclusion(&mut self, sauf: &RuleWord) -> Result<Exclusion, RuleError> {
        let Clause { base, filters } = self.clause()?;
        if base.is_none() && filters.is_empty() {
            return Err(RuleError::NamesNothing(sauf.typed.clone()));
        }
        Ok(Exclusion { base, filters })
    }

    fn clause(&mut self) -> Result<Clause, RuleError> {
        let mut clause = Clause { base: None, filters: Filters::new() };
        while let Some(word) = self.words.get(self.at).cloned() {
            if word.is(EXCEPT) || word.is(PER) {
                break;
            }
            self.at += 1;
            if let Some(base) = Base::ALL.into_iter().find(|base| word.is(base.as_str())) {
                if clause.base.replace(base).is_some() || !clause.filters.is_empty() {
                    return Err(RuleError::TooLate(word.typed));
                }
                continue;
            }
            let (filter, values) = self.filter(&word)?;
            clause.filters.entry(filter).or_default().extend(values);
        }
        Ok(clause)
    }

    fn filter(&mut self, word: &RuleWord) -> Result<(Filter, Vec<String>), RuleError> {
        if word.is(MISSED[0]) {
            return self.not_having(word);
        }
        if word.is(HAVING) {
            return self.having(word);
        }
        let name = unaccented_capitals(&word.name);
        let filter = Filter::ALL
            .into_iter()
            .find(|filter| !filter.is_of_messages() && unaccented_capitals(filter.as_str()) == name)
            .ok_or_else(|| unknown(word))?;
        match (&word.values, filter.stands_alone()) {
            (None, true) => Ok((filter, Vec::new())),
            (Some(_), true) => Err(RuleError::TakesNothing(word.typed.clone())),
            (None, false) => Err(RuleError::NamesNothing(word.typed.clone())),
            (Some(values), false) if values.iter().any(String::is_empty) => {
                Err(RuleError::NamesNothing(word.typed.clone()))
            }
            (Some(values), false) => {
                if filter == Filter::Connection {
                    values.iter().try_for_each(|value| connection(value).map(|_| ()))?;
                }
                Ok((filter, values.clone()))
            }
        }
    }

    /// `pas reçu 7K4M` or `pas répondu 7K4M`, after `n'ayant`.
    fn not_having(&mut self, first: &RuleWord) -> Result<(Filter, Vec<String>), RuleError> {
        let next = self.next().ok_or_else(|| unknown(first))?;
        if !next.is(MISSED[1]) {
            return Err(unknown(&next));
        }
        let next = self.next().ok_or_else(|| unknown(first))?;
        let filter = match &next {
            word if word.is(MISSED[2]) => Filter::Missed,
            word if word.is(ANSWERED) => Filter::NotAnswered,
            _ => return Err(unknown(&next)),
        };
        Ok((filter, self.codes(filter)?))
    }

    /// `répondu non 7K4M`, after `ayant`.
    fn having(&mut self, first: &RuleWord) -> Result<(Filter, Vec<String>), RuleError> {
        let next = self.next().ok_or_else(|| unknown(first))?;
        if !next.is(ANSWERED) {
            return Err(unknown(&next));
        }
        let filter = Filter::Answered;
        let nothing = || RuleError::NamesNothing(filter.as_str().to_owned());
        let word = self.next().filter(|word| word.values.is_none()).ok_or_else(nothing)?;
        let answer =
            AnswerChoice::from_word(&word.name.to_lowercase()).ok_or_else(|| unknown(&word))?;
        let codes = self.codes(filter)?;
        Ok((filter, codes.iter().map(|code| format!("{answer} {code}")).collect()))
    }

    fn codes(&mut self, of: Filter) -> Result<Vec<String>, RuleError> {
        let nothing = || RuleError::NamesNothing(of.as_str().to_owned());
        let codes = self.next().filter(|word| word.values.is_none()).ok_or_else(nothing)?;
        let codes: Vec<String> = codes.name.split(',').map(str::to_uppercase).collect();
        let is_code = |code: &String| !code.is_empty() && code.chars().all(char::is_alphanumeric);
        if !codes.iter().all(is_code) {
            return Err(nothing());
        }
        Ok(codes)
    }

    fn unit(&mut self, par: &RuleWord) -> Result<Unit, RuleError> {
        let word = self.next().ok_or_else(|| RuleError::NamesNothing(par.typed.clone()))?;
        Unit::ALL.into_iter().find(|unit| word.is(unit.as_str())).ok_or_else(|| {
            let units = Unit::ALL.map(Unit::as_str);
            RuleError::UnknownWord {
                nearest: nearest(&word.name, units).map(|unit| format!("{PER} {unit}")),
                word: format!("{} {}", par.typed, word.typed),
            }
        })
    }

    fn next(&mut self) -> Option<RuleWord> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word
    }
}

impl Rule {
    /// Refuses what means nothing, or would quietly leave somebody out.
    fn check(&self) -> Result<(), RuleError> {
        let not_for = |word: String| RuleError::NotFor { word, base: self.base.to_string() };
        if self.base != Base::Whoever {
            for (filter, values) in &self.filters {
                let all_can = (filter.is_of_families() || !self.base.has_families())
                    && (filter.is_of_staff() || !self.base.has_staff());
                if !all_can {
                    return Err(not_for(filter.with(values)));
                }
            }
        }
        for Exclusion { base, filters } in &self.except {
            let base_of = base.unwrap_or(self.base);
            let families = self.base.has_families() && base_of.has_families();
            let staff = self.base.has_staff() && base_of.has_staff();
            if !families && !staff {
                return Err(not_for(base_of.to_string()));
            }
            for (filter, values) in filters {
                let some_can = families && filter.is_of_families() || staff && filter.is_of_staff();
                if !some_can {
                    return Err(not_for(filter.with(values)));
                }
            }
        }
        Ok(())
    }
}

/// A kind of connection, by an office's word or by that of the configuration.
pub(super) fn connection(word: &str) -> Result<Connectivity, RuleError> {
    let folded = unaccented_capitals(word);
    let is_named = |kind: &Connectivity| {
        [connection_word(*kind), kind.as_str()]
            .iter()
            .any(|known| unaccented_capitals(known) == folded)
    };
    Connectivity::ALL.into_iter().find(is_named).ok_or_else(|| {
        let known = Connectivity::ALL.map(connection_word);
        RuleError::NoSuchName {
            word: Filter::Connection.with(&[word.to_owned()]),
            nearest: nearest(word, known).map(str::to_owned),
            known: known.map(str::to_owned).to_vec(),
        }
    })
}

fn unknown(word: &RuleWord) -> RuleError {
    let bases = Base::ALL.iter().map(|base| base.as_str());
    let filters = Filter::ALL.iter().map(|filter| filter.as_str());
    let known = bases.chain(filters).chain([EXCEPT, PER, MISSED[0], HAVING]);
    RuleError::UnknownWord {
        word: word.typed.clone(),
        nearest: nearest(&word.name, known).map(str::to_owned),
    }
}
