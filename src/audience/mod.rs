//! Whom a message concerns: a rule that a secretary can type, those whom it means, and where each
//! of them can be written to.

mod family;
mod recipients;
mod rule;
mod select;

pub use recipients::{each_recipient, recipients};
pub use rule::{Rule, RuleError};
pub use select::{Chosen, LeftOut, Selection, select};
