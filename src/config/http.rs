//! `[http]`: the address on which the daemon listens.

use std::net::{Ipv4Addr, SocketAddr};

use serde::Deserialize;

/// The daemon's door.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpSettings {
    /// Address and port; port 0 takes any free one.
    pub listen: SocketAddr,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8470)) }
    }
}
