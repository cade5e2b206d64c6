//! `PostgreSQL`: several daemons on one database. A few connections, each held by a thread of its own, take
//! the transactions that wait; one more hears what other programs launch.

mod alone;
mod copy;
mod home;
mod listener;
mod pool;
mod server;
mod session;

pub(super) use alone::Alone;
pub(super) use pool::{Postgres, ready};
pub(super) use server::Server;
pub(super) use session::{ServerSession, TIME};
