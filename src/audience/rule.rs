//! The rule: `familles niveau:6e sauf classe:6C par foyer`, understood; written again, it reads the
//! same.

use std::collections::BTreeMap;
use std::fmt;

use crate::people::Connectivity;

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Who, before any filter.
    pub base: Base,
    /// Which of them.
    pub filters: Filters,
    /// Who of those is left out: whoever one of these means.
    pub except: Vec<Exclusion>,
    /// One copy for what, where it was said.
    pub unit: Option<Unit>,
}

/// By what those whom a base means are chosen: of one filter any value will do, and each filter must
/// be met.
pub type Filters = BTreeMap<Filter, Vec<String>>;

/// What stands after one `sauf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Who, where it was said; whoever the filters mean otherwise.
    pub base: Option<Base>,
    /// Which of them.
    pub filters: Filters,
}

/// Who, before any filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Base {
    /// Every legal representative of every pupil.
    Families,
    /// Everyone who works at the school.
    Staff,
    /// The same as families, one copy a household.
    Households,
    /// Who is in charge of a class.
    FormTeachers,
    /// Families and staff.
    Everybody,
    /// Whoever the list, or the missed message, that the rule begins with means.
    Whoever,
}

/// What a filter asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filter {
    /// `liste:voyage`: a saved list.
    List,
    /// `n'ayant pas reçu 7K4M`: addressees of a message whom it has not reached.
    Missed,
    /// `n'ayant pas répondu 7K4M`: addressees of a message who have not answered what it asks.
    NotAnswered,
    /// `ayant répondu non 7K4M`: those whose last word was that; the values are `non 7K4M`.
    Answered,
    /// `classe:6A`.
    Class,
    /// `niveau:6e`.
    Level,
    /// `groupe:6LATIN`.
    Group,
    /// `langue:arabe`: what the household reads best.
    Language,
    /// `connexion:smartphone`.
    Connection,
    /// `sans-numérique`: no Internet there.
    Offline,
    /// `sans-imprimante`.
    NoPrinter,
    /// `fonction:enseignant`.
    Function,
    /// `compétence:arabe`.
    Skill,
}

/// What one copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Each guardian, about all their pupils.
    Guardian,
    /// Each household: those who live together are named together.
    Household,
    /// Each guardian and pupil: every copy is about one child.
    Pupil,
}

/// `n'ayant pas reçu`, as three words.
pub(super) const MISSED: [&str; 3] = ["n'ayant", "pas", "reçu"];
/// What the last of them is where an answer is missed, and before an answer.
pub(super) const HAVING: &str = "ayant";
pub(super) const ANSWERED: &str = "répondu";
/// Before what is left out.
pub(super) const EXCEPT: &str = "sauf";
/// Before the unit.
pub(super) const PER: &str = "par";

impl Base {
    /// Every base that has a word.
    pub const ALL: [Self; 5] =
        [Self::Families, Self::Staff, Self::Households, Self::FormTeachers, Self::Everybody];

    /// The word for it; none for whoever a list means.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Families => "familles",
            Self::Staff => "personnels",
            Self::Households => "foyers",
            Self::FormTeachers => "professeurs-principaux",
            Self::Everybody => "tous",
            Self::Whoever => "",
        }
    }

    /// Whether it means families.
    #[must_use]
    pub const fn has_families(self) -> bool {
        !matches!(self, Self::Staff | Self::FormTeachers)
    }

    /// Whether it means staff.
    #[must_use]
    pub const fn has_staff(self) -> bool {
        !matches!(self, Self::Families | Self::Households)
    }
}

impl Filter {
    /// Every filter, in the order in which a rule is written.
    pub const ALL: [Self; 13] = [
        Self::List,
        Self::Missed,
        Self::NotAnswered,
        Self::Answered,
        Self::Class,
        Self::Level,
        Self::Group,
        Self::Language,
        Self::Connection,
        Self::Offline,
        Self::NoPrinter,
        Self::Function,
        Self::Skill,
    ];

    /// The word before the colon, or the whole.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "liste",
            Self::Missed => "n'ayant pas reçu",
            Self::NotAnswered => "n'ayant pas répondu",
            Self::Answered => "ayant répondu",
            Self::Class => "classe",
            Self::Level => "niveau",
            Self::Group => "groupe",
            Self::Language => "langue",
            Self::Connection => "connexion",
            Self::Offline => "sans-numérique",
            Self::NoPrinter => "sans-imprimante",
            Self::Function => "fonction",
            Self::Skill => "compétence",
        }
    }

    /// Whether it stands alone, without values.
    #[must_use]
    pub const fn stands_alone(self) -> bool {
        matches!(self, Self::Offline | Self::NoPrinter)
    }

    /// Whether it asks what became of a message: it names codes, and a rule may begin with it.
    #[must_use]
    pub const fn is_of_messages(self) -> bool {
        matches!(self, Self::Missed | Self::NotAnswered | Self::Answered)
    }

    /// Whether families can meet it.
    #[must_use]
    pub const fn is_of_families(self) -> bool {
        !matches!(self, Self::Function | Self::Skill)
    }

    /// Whether staff can meet it.
    #[must_use]
    pub const fn is_of_staff(self) -> bool {
        !matches!(self, Self::Language | Self::Connection | Self::Offline | Self::NoPrinter)
    }

    /// How it is written with these values.
    pub(super) fn with(self, values: &[String]) -> String {
        if self == Self::Answered {
            let each = values.iter().map(|value| format!("{} {value}", self.as_str()));
            return each.collect::<Vec<_>>().join(" ");
        }
        let values = values.iter().map(|value| as_typed(value)).collect::<Vec<_>>().join(",");
        match self {
            Self::Offline | Self::NoPrinter => self.as_str().to_owned(),
            Self::Missed | Self::NotAnswered => format!("{} {values}", self.as_str()),
            _ => format!("{}:{values}", self.as_str()),
        }
    }
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 3] = [Self::Guardian, Self::Household, Self::Pupil];

    /// The word for it after `par`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guardian => "responsable",
            Self::Household => "foyer",
            Self::Pupil => "élève",
        }
    }

    /// The word for it in commands and JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Guardian => "guardian",
            Self::Household => "household",
            Self::Pupil => "pupil",
        }
    }

    /// The unit of this word of a command.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }
}

impl Rule {
    /// The same rule, one copy for this; as it says itself where nothing is said.
    #[must_use]
    pub fn per(self, unit: Option<Unit>) -> Self {
        Self { unit: unit.or(self.unit), ..self }
    }

    /// Every set of filters in it, those of what is left out too.
    pub(super) fn all_filters(&self) -> impl Iterator<Item = &Filters> {
        std::iter::once(&self.filters).chain(self.except.iter().map(|except| &except.filters))
    }
}

/// The word of a kind of connection, as an office says it.
pub(super) const fn connection_word(kind: Connectivity) -> &'static str {
    match kind {
        Connectivity::None => "aucune",
        Connectivity::PhoneOnly => "téléphone",
        Connectivity::Smartphone => "smartphone",
        Connectivity::SharedComputer => "ordinateur-partagé",
        Connectivity::Full => "complète",
    }
}

/// What a rule may begin with, listed.
pub(super) fn bases() -> String {
    let words = Base::ALL.iter().map(|base| base.as_str());
    let others = [
        "liste:NOM",
        "n'ayant pas reçu CODE",
        "n'ayant pas répondu CODE",
        "ayant répondu oui CODE",
    ];
    words.chain(others).collect::<Vec<_>>().join(", ")
}

/// What may follow, listed.
pub(super) fn filters() -> String {
    let word = |filter: &Filter| match filter {
        Filter::Missed | Filter::NotAnswered => format!("{} CODE", filter.as_str()),
        Filter::Answered => format!("{} oui CODE", filter.as_str()),
        alone if alone.stands_alone() => alone.as_str().to_owned(),
        Filter::Class => "classe:6A,6B".to_owned(),
        other => format!("{}:…", other.as_str()),
    };
    Filter::ALL.iter().map(word).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = written(Some(self.base), &self.filters);
        for except in &self.except {
            words.push(EXCEPT.to_owned());
            words.extend(written(except.base, &except.filters));
        }
        if let Some(unit) = self.unit {
            words.push(format!("{PER} {}", unit.as_str()));
        }
        f.write_str(&words.join(" "))
    }
}

fn written(base: Option<Base>, filters: &Filters) -> Vec<String> {
    let base = base.map(Base::as_str).filter(|word| !word.is_empty()).map(str::to_owned);
    let filters = filters.iter().map(|(filter, values)| filter.with(values));
    base.into_iter().chain(filters).collect()
}

/// A value as it must be typed to be read again.
fn as_typed(value: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !matches!(c, ',' | '"' | '“' | '«');
    if value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('"', "\"\""))
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
