//! Recipients chosen on a page, of an announcement or of a list: what is chosen, the rule that says the same, and how
//! many that is.

mod chooser;
mod choosing;
mod how_many;

pub(super) use chooser::{Chooser, rule_of};
pub(super) use how_many::HowMany;
