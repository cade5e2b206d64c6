//! E-mail that comes back: what servers really write is read for what it says, and nothing that somebody makes up is
//! believed.

pub(crate) mod attached;
mod hostile;
mod live;
mod matching;
mod reading;
pub(crate) mod servers;
