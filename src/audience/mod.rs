//! Whom a message concerns: a rule that a secretary can type, those whom it means, and where each
//! of them can be written to.
//!
//! A rule is `BASE FILTERS [sauf [BASE] FILTERS]… [par UNIT]`:
//!
//! | part | words |
//! |---|---|
//! | base | `familles`, `foyers` (families, one copy a household), `personnels`, `professeurs-principaux`, `tous`; or none before `liste:`, `n'ayant pas …` or `ayant répondu …` |
//! | filters of both | `classe:`, `niveau:`, `groupe:`, `liste:`, `n'ayant pas reçu CODE`, `n'ayant pas répondu CODE`, `ayant répondu non CODE` |
//! | filters of families | `langue:`, `connexion:`, `sans-numérique`, `sans-imprimante` |
//! | filters of staff | `fonction:`, `compétence:` |
//! | unit | `responsable`, `foyer`, `élève` |
//!
//! Of one filter any value will do (`classe:6A,6B`); each filter must be met; whoever stands after a
//! `sauf` is left out. Capitals and accents do not matter; a name with blanks is quoted.
//!
//! `classe:`, `niveau:`, `groupe:` and `liste:` choose pupils, and through them their representatives:
//! a guardian whose one child is excluded is still written to about the other. Of staff they choose
//! who teaches there or is in charge.

mod error;
mod family;
mod find;
mod french;
mod known;
mod meaning;
mod memory;
mod missed;
mod names;
mod parse;
mod recipients;
mod roll;
mod rule;
mod saved;
mod select;
mod selection;
mod universe;
mod words;

pub use error::{AudienceError, RuleError};
pub use find::{find, find_in};
pub use known::names_meant;
pub use memory::Memory;
pub use names::{NamesError, pupils_named};
pub use recipients::{each_recipient, recipients};
pub use roll::{Everybody, Roll, Spoilt, spoilt_about};
pub use rule::{Base, Exclusion, Filter, Filters, Rule, Unit};
pub use saved::{
    InPlaceOf, ListError, remove_list, save_names, save_rule, saved_list, saved_lists,
};
pub use selection::{Chosen, LeftOut, Selection};
