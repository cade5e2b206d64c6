//! A session: somebody signed in, on one device.

use std::fmt;
use std::time::Duration;

use super::{Account, OpenSession, Token};
use crate::clock::Moment;
use crate::id::Id;

/// After so long without a page asked for, a session is over.
pub const IDLE: Duration = Duration::from_hours(12);
/// So long after it began, a session is over in any case.
pub const LONGEST: Duration = Duration::from_hours(7 * 24);
/// So long may somebody look for the code of their second factor.
pub const HALF_WAY: Duration = Duration::from_mins(10);
/// How often at most it is written down that somebody is there.
pub const SEEN_EVERY: Duration = Duration::from_mins(1);

/// Somebody signed in, on one device. `Debug` shows whose it is alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: Id<OpenSession>,
    /// Whose it is, and what they may now.
    pub account: Account,
    /// What every form of the session holds, as long as it lasts.
    pub csrf: String,
    /// When it began.
    pub begun_at: Moment,
    /// When something was last asked for in it; to the minute.
    pub seen_at: Moment,
    /// The device, as it names itself.
    pub device: String,
}

impl Session {
    /// The session of a token that somebody brought.
    #[must_use]
    pub fn new(token: &str, open: OpenSession, account: Account) -> Self {
        let OpenSession { id, begun_at, seen_at, device, .. } = open;
        Self { id, account, csrf: Token::csrf_of(token), begun_at, seen_at, device }
    }

    /// Whether a form that came in is one of this session; takes as long whatever it holds.
    #[must_use]
    pub fn is_own_form(&self, csrf: &str) -> bool {
        Token::hash_of(csrf) == Token::hash_of(&self.csrf)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({}, {})", self.id, self.account.login)
    }
}

/// Whether a session has ended by itself.
#[must_use]
pub fn is_over(open: &OpenSession, now: Moment) -> bool {
    let age = now.since(open.begun_at);
    age >= LONGEST || now.since(open.seen_at) >= IDLE || (!open.is_whole && age >= HALF_WAY)
}
