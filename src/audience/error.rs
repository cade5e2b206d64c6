//! Why a rule cannot be understood. Nothing was selected.

use crate::store::StoreError;

/// A rule that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No base.
    #[error(
        "the audience names nobody; begin with familles or personnels, or with one of: {}",
        super::rule::bases()
    )]
    Empty,
    /// A word that means nothing here.
    #[error(
        "\"{word}\" is no part of an audience{}; begin with one of: {}; then: {}; then: sauf …, par \
         foyer, par responsable, par élève; a name with blanks stands in quotes: classe:\"CM1 A\"", meant(nearest.as_deref()), super::rule::bases(),
        super::rule::filters()
    )]
    UnknownWord {
        /// As typed.
        word: String,
        /// The word that was probably meant.
        nearest: Option<String>,
    },
    /// A filter without anything to filter by: taken as typed, it would mean everybody.
    #[error("\"{0}\" names nothing; write for example classe:6A,6B or niveau:6e")]
    NamesNothing(String),
    /// A word that takes no values was given some.
    #[error("\"{0}\" takes nothing after a colon")]
    TakesNothing(String),
    /// A quote that is never closed.
    #[error("the quote in \"{0}\" is never closed")]
    OpenQuote(String),
    /// A second base, a second unit, or anything after the unit.
    #[error(
        "\"{0}\" comes too late: write one base, its filters, sauf with what is left out, and at last \
         par with the unit"
    )]
    TooLate(String),
    /// A text that nobody typed.
    #[error("an audience takes {0} characters at most; save a part of it as a list")]
    TooLong(usize),
    /// A name that the school does not know: a slip of the hand would leave somebody out.
    #[error("nobody is in \"{word}\"{}; there are: {}", meant(nearest.as_deref()), listed(known))]
    NoSuchName {
        /// As typed: `classe:6Q`.
        word: String,
        /// The name that was probably meant.
        nearest: Option<String>,
        /// The classes, levels, … of the school.
        known: Vec<String>,
    },
    /// A message that was never sent.
    #[error("there is no message {0}")]
    NoSuchMessage(String),
    /// A message to which nobody can answer.
    #[error("message {0} asks nothing: nobody answered, and nobody has to")]
    AsksNothing(String),
    /// A filter that means nothing for this base.
    #[error("\"{word}\" says nothing of {base}: nobody would be meant by it, or left out")]
    NotFor {
        /// The filter, or the base after `sauf`.
        word: String,
        /// The base.
        base: String,
    },
    /// A list whose rule leads back to the list itself.
    #[error("the list \"{0}\" is used by its own rule; save it under another name")]
    UsesItself(String),
    /// A saved list whose rule is no longer understood.
    #[error("the list \"{list}\" cannot be used: {reason}")]
    BadList {
        /// Which.
        list: String,
        /// Why.
        #[source]
        reason: Box<RuleError>,
    },
    /// Lists that stand on lists.
    #[error(
        "the list \"{list}\" cannot be used: it stands on more than {most} lists, one on the other"
    )]
    TooDeep {
        /// Which.
        list: String,
        /// How many may lie below each other.
        most: usize,
    },
}

/// Why an audience could not be found.
#[derive(Debug, thiserror::Error)]
pub enum AudienceError {
    /// The rule.
    #[error("{0}")]
    Rule(#[from] RuleError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(", did you mean {nearest}?")).unwrap_or_default()
}

/// The known names, or the first of very many.
fn listed(known: &[String]) -> String {
    const MOST: usize = 200;
    if known.is_empty() {
        return "none".to_owned();
    }
    let mut told = known.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if known.len() > MOST {
        told.push_str(", …");
    }
    told
}
