//! Which hosts a provider may call.

use std::net::IpAddr;

/// Which hosts a provider may call. Tests and the demo never leave this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Any host: the daemon.
    Anywhere,
    /// This machine only: tests and demo.
    LoopbackOnly,
}

/// A call to another machine where only this one may be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not this machine, and only this machine may be called here")]
pub struct NotThisMachine(pub String);

impl Guard {
    /// Whether `host` (a name, or an address) may be called. No name is resolved for it: apart
    /// from `localhost`, a name may lead anywhere.
    pub fn check(self, host: &str) -> Result<(), NotThisMachine> {
        if self == Self::Anywhere || is_this_machine(host) {
            return Ok(());
        }
        Err(NotThisMachine(host.to_owned()))
    }
}

/// Whether `host` can only be this machine, so that nothing crosses a network.
pub(super) fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || in_numbers(host).is_some_and(|address| address.is_loopback())
}

/// The address that `host` is, where it is no name.
pub(super) fn in_numbers(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}
