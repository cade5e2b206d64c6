//! Why a daemon does not start.

use std::io;
use std::net::SocketAddr;

use crate::store::StoreError;
use crate::web::BadAddress;

/// Why the daemon did not start. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program listens there, or the address is not this machine's.
    #[error(
        "cannot listen on {address}: {reason}; another chappe may be running there: stop it, or \
         set another address under {key}"
    )]
    Listen {
        /// The address of the configuration.
        address: SocketAddr,
        /// Its key.
        key: &'static str,
        /// The system's words.
        reason: io::Error,
    },
    /// The pages have no address under which a password may be typed.
    #[error("[web] url: {0}")]
    Pages(#[from] BadAddress),
    /// TLS cannot be spoken at all.
    #[error("[web.tls]: {0}")]
    Tls(String),
    /// The database, or the school is no longer there.
    #[error("{0}")]
    Store(#[from] StoreError),
}
