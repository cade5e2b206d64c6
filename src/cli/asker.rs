//! Who typed the command.

use crate::office::Actor;

/// Whoever typed it, as the system knows them.
pub(super) fn here() -> Actor {
    Actor::CommandLine(whoami::username().unwrap_or_default())
}

/// Whom they named as deciding; they themselves where they named nobody.
pub(super) fn said_by(said: String) -> String {
    if said.is_empty() { here().name().to_owned() } else { said }
}
