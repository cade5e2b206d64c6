//! Who signs in to the school's pages, and what they may.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::{AccountRole, Actor, PupilKey, Right};
use crate::clock::Moment;
use crate::id::Id;

/// Somebody of the school who signs in. `Debug` shows the login alone.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "how one lets somebody in says nothing of the other ways"
)]
pub struct Account {
    /// Its id.
    pub id: Id<Account>,
    /// What they sign in with: small letters, digits, `.`, `-`, `_` and `@`.
    pub login: String,
    /// The name that colleagues know.
    pub name: String,
    /// What they are at the school.
    pub role: AccountRole,
    /// What they may.
    pub rights: BTreeSet<Right>,
    /// The classes of a professeur principal.
    pub classes: Vec<String>,
    /// The pupils whom a tutor looks after.
    pub pupils: Vec<PupilKey>,
    /// When it was made.
    pub made_at: Moment,
    /// Since when it may sign in no more.
    pub disabled_at: Option<Moment>,
    /// Whether they chose a password; without one, only a link or a code lets them in.
    pub has_password: bool,
    /// Whether a code of their telephone is asked for as well.
    pub has_second_factor: bool,
    /// Whether they must have it: without one they come to no page but those where they take one.
    pub must_have_second_factor: bool,
    /// Whether an OpenID provider knows them, and lets them in.
    pub has_identity: bool,
    /// Grows with each change of what they are and may.
    #[serde(skip)]
    pub version: u32,
}

impl Account {
    /// Whether they may do this; who is disabled may nothing.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.disabled_at.is_none() && self.rights.contains(&right)
    }

    /// Whether a second factor is still to be taken that they must have.
    #[must_use]
    pub const fn owes_second_factor(&self) -> bool {
        self.must_have_second_factor && !self.has_second_factor
    }

    /// Whether it is they who ask.
    #[must_use]
    pub fn is(&self, actor: &Actor) -> bool {
        matches!(actor, Actor::Account { login, .. } if *login == self.login)
    }

    /// Them, as whoever asks for an act.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Account { login: self.login.clone(), name: self.name.clone() }
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.login)
    }
}

/// A text that cannot be a login.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" cannot be a login: it takes 2 to 64 of a-z, 0-9, \".\", \"-\", \"_\" and \"@\"")]
pub struct BadLogin(pub String);

/// Reads a login, in capitals or not.
pub fn login(typed: &str) -> Result<String, BadLogin> {
    let login = typed.trim().to_lowercase();
    let is_sound = |letter: u8| letter.is_ascii_lowercase() || b"0123456789.-_@".contains(&letter);
    if (2..=64).contains(&login.len()) && login.bytes().all(is_sound) {
        Ok(login)
    } else {
        Err(BadLogin(typed.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Whom;
    use super::*;

    fn account(role: AccountRole) -> Account {
        Account {
            id: Id::new(Moment(0)),
            login: "sylvie".to_owned(),
            name: "Sylvie DURAND".to_owned(),
            role,
            rights: role.usual().iter().copied().collect(),
            classes: vec!["6A".to_owned()],
            pupils: vec![PupilKey("siecle:1".to_owned())],
            made_at: Moment(0),
            disabled_at: None,
            has_password: true,
            has_second_factor: false,
            must_have_second_factor: false,
            has_identity: false,
            version: 1,
        }
    }

    #[test]
    fn a_class_of_ones_own_is_all_that_a_professeur_principal_has_to_do_with() {
        let teacher = Whom::of(&account(AccountRole::HeadTeacher));
        assert!(teacher.has_class("6A") && !teacher.has_class("6B"));
        assert!(teacher.has(Some(&PupilKey("siecle:1".to_owned())), None));
        assert_eq!(Whom::of(&account(AccountRole::Cpe)), Whom::Everybody);
    }

    #[test]
    fn who_is_disabled_may_nothing() {
        let account = account(AccountRole::Cpe);
        assert!(account.may(Right::SeeRulings) && !account.may(Right::Settings));
        assert!(!Account { disabled_at: Some(Moment(1)), ..account }.may(Right::SeeRulings));
    }

    #[test]
    fn a_login_is_one_word_without_capitals() {
        assert_eq!(login(" Sylvie.Durand ").as_deref(), Ok("sylvie.durand"));
        for bad in ["a", "sylvie durand", "zoé", "", "x\ny"] {
            assert!(login(bad).is_err(), "{bad}");
        }
    }
}
