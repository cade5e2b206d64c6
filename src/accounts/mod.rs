//! Who signs in to the school's pages: secrets, passwords, sessions, and patience with whoever guesses.
//!
//! A secret (a session's token, a code, a link) is 60 to 256 bits of the system's chance, and the database holds
//! its hash alone: who reads the database, or a backup, signs in nowhere with it.

mod obvious;
mod passwords;
mod patience;
mod secrets;
mod session;
mod totp;
mod whence;

pub use crate::people::{Account, AccountRole, Right};
pub use crate::store::accounts::sessions::{Hash, OpenSession};
pub use passwords::{BadPassword, HashFailed, LEAST_LETTERS, Passwords, check_password};
pub use patience::{Guess, SignInLock, count, forgive, lock_of, unlock, wait};
pub use secrets::{NoChance, OneTimeCode, Token};
pub use session::{HALF_WAY, IDLE, LONGEST, SEEN_EVERY, Session, is_over};
pub use totp::{TotpSecret, is_of_a_telephone};
pub use whence::Whence;
