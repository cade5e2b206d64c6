//! Who typed the command.

use crate::office::{Actor, School};
use crate::people::By;

/// Whoever typed it, as the system knows them.
pub(super) fn here() -> Actor {
    Actor::CommandLine(whoami::username().unwrap_or_default())
}

/// The same, at this moment of a school.
pub(super) fn by(school: &School) -> By {
    school.by(here())
}

/// Whom they named as deciding; they themselves where they named nobody.
pub(super) fn said_by(said: String) -> String {
    if said.is_empty() { here().name().to_owned() } else { said }
}
