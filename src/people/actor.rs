//! Who asks the office for what.

use serde::{Serialize, Serializer};

use crate::clock::Moment;

/// Who asks for an act: every act carries one, and what it writes remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody at the command line, by the name that the system gives them.
    CommandLine(String),
    /// Somebody who signed in.
    Account {
        /// What they sign in with.
        login: String,
        /// The name that colleagues know, as it was then.
        name: String,
    },
    /// The program itself: a digest that is due, upkeep.
    Program,
    /// Nobody knows: it was written before actors were.
    Unknown,
}

/// Who does something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Who asks for it.
    pub actor: Actor,
    /// The moment of it.
    pub at: Moment,
}

impl By {
    /// What the program does by itself.
    #[must_use]
    pub const fn program(at: Moment) -> Self {
        Self { actor: Actor::Program, at }
    }
}

/// How the database tells somebody at the command line.
const COMMAND_LINE: &str = "cli:";
/// … and somebody who signed in: a login holds no blank, a name may.
const ACCOUNT: &str = "account:";
const PROGRAM: &str = "program";

impl Actor {
    /// As the database keeps it.
    #[must_use]
    pub fn to_stored(&self) -> String {
        match self {
            Self::CommandLine(name) => format!("{COMMAND_LINE}{name}"),
            Self::Account { login, name } => format!("{ACCOUNT}{login} {name}"),
            Self::Program => PROGRAM.to_owned(),
            Self::Unknown => String::new(),
        }
    }

    /// What the database keeps; `None` for a word that it never wrote.
    #[must_use]
    pub fn from_stored(kept: &str) -> Option<Self> {
        match kept {
            "" => Some(Self::Unknown),
            PROGRAM => Some(Self::Program),
            _ => match kept.strip_prefix(COMMAND_LINE) {
                Some(name) => Some(Self::CommandLine(name.to_owned())),
                None => Self::account(kept.strip_prefix(ACCOUNT)?),
            },
        }
    }

    fn account(kept: &str) -> Option<Self> {
        let (login, name) = kept.split_once(' ')?;
        Some(Self::Account { login: login.to_owned(), name: name.to_owned() })
    }

    /// The name that colleagues know; empty for nobody.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::CommandLine(name) | Self::Account { name, .. } => name,
            Self::Program | Self::Unknown => "",
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_stored())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asked_is_known_again() {
        let (login, name) = ("sylvie".to_owned(), "Sylvie DURAND".to_owned());
        let account = Actor::Account { login, name };
        assert_eq!(account.name(), "Sylvie DURAND");
        let here = Actor::CommandLine("sylvie".to_owned());
        for actor in [here, account, Actor::Program, Actor::Unknown] {
            assert_eq!(Actor::from_stored(&actor.to_stored()), Some(actor));
        }
        assert_eq!(Actor::from_stored("web:sylvie"), None);
    }
}
