//! Whoever knocks: from where, and with what.

use std::net::{IpAddr, Ipv6Addr};

use crate::plain_text::one_line;

/// Letters of a device's name that are kept.
const LETTERS_OF_A_DEVICE: usize = 200;

/// Whoever knocks. What stands between us and them (a proxy) was looked through by the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whence {
    /// Their address.
    pub address: IpAddr,
    /// Their device, as it names itself.
    pub device: String,
}

impl Whence {
    /// Whoever knocks from this address, with a device that names itself so.
    #[must_use]
    pub fn new(address: IpAddr, device: &str) -> Self {
        let device = one_line(device).chars().take(LETTERS_OF_A_DEVICE).collect();
        Self { address: address.to_canonical(), device }
    }

    /// The place that they knock from: an address, or the network that a provider gives one household.
    #[must_use]
    pub fn place(&self) -> IpAddr {
        match self.address {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            address @ IpAddr::V4(_) => address,
        }
    }
}
