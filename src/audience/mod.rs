//! Whom a message concerns: a rule that a secretary can type, those whom it means, and where each
//! of them can be written to.

mod error;
mod family;
mod find;
mod french;
mod known;
mod meaning;
mod missed;
mod names;
mod parse;
mod recipients;
mod rule;
mod saved;
mod select;
mod universe;
mod words;

pub use error::{AudienceError, RuleError};
pub use find::{find, find_in};
pub use names::{NamesError, pupils_named};
pub use recipients::{each_recipient, recipients};
pub use rule::{Base, Exclusion, Filter, Filters, Rule, Unit};
pub use saved::{ListError, remove_list, save_names, save_rule, saved_list, saved_lists};
pub use select::{Chosen, LeftOut, Selection};
