//! Why nothing is changed about an account.

use crate::accounts::{BadPassword, HashFailed, NoChance};
use crate::clock::Moment;
use crate::people::BadLogin;
use crate::store::StoreError;

/// Why nothing is changed about an account. What to do about it is for the door to say.
#[derive(Debug, thiserror::Error)]
pub enum AccountRefusal {
    /// No account has this login or this id.
    #[error("there is no such account")]
    NoSuchAccount,
    /// The account has no such session, or not any more.
    #[error("the account has no such session")]
    NoSuchSession,
    /// Another account has the login.
    #[error("the login \"{0}\" is another account's; nothing was changed")]
    LoginTaken(String),
    /// A text that cannot be a login.
    #[error("{0}; nothing was changed")]
    BadLogin(#[from] BadLogin),
    /// The account has no name.
    #[error("the account has no name; nothing was changed")]
    NoName,
    /// A password that is not taken.
    #[error("{0}; nothing was changed")]
    BadPassword(#[from] BadPassword),
    /// The password that was to be changed is another.
    #[error("the password is wrong; nothing was changed")]
    WrongPassword,
    /// Too many were wrong before.
    #[error("too many passwords were wrong; nothing was changed")]
    Wait {
        /// Until when nothing is looked at.
        until: Moment,
    },
    /// The code is another, was used, or is too old.
    #[error("the code is wrong, was used already, or is too old; nothing was changed")]
    WrongCode,
    /// The school has accounts already.
    #[error("the school has accounts already: the first one is made no second time")]
    NotTheFirst,
    /// The account may sign in no more.
    #[error("the account is disabled; nothing was changed")]
    Disabled,
    /// Somebody's own account, of which they change neither role nor rights.
    #[error("nobody changes what they themselves may; nothing was changed")]
    OwnAccount,
    /// Somebody changed the account since it was looked at.
    #[error("the account was changed meanwhile; nothing was changed")]
    Overtaken,
    /// No pupil at the school whom the actor may look at is meant.
    #[error("there is no such pupil; nothing was changed")]
    NoSuchPupil,
    /// The identity lets another account in.
    #[error("another account is tied to this identity; nothing was changed")]
    IdentityTaken,
    /// The system makes no secrets.
    #[error("{0}")]
    NoChance(#[from] NoChance),
    /// Passwords cannot be worked out.
    #[error("{0}")]
    Hash(#[from] HashFailed),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}
