//! Whom a message concerns: a rule that a secretary can type, and the recipients it selects.

mod family;
mod rule;
mod select;

pub use rule::{Rule, RuleError};
pub use select::{LeftOut, Selection, select};
