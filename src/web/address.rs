//! Where people reach the pages, as they type it.

use std::net::SocketAddr;

use axum::http::HeaderMap;
use axum::http::header::HOST;

/// The origin of the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `https://chappe.example.org`, without a path.
    origin: String,
    hosts: Vec<String>,
    is_secure: bool,
}

/// An address under which no page is served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no address for the pages: https://HOST, or http://localhost:PORT on this machine alone"
)]
pub struct BadAddress(String);

impl Address {
    /// Of a configured URL: `https`, or plain on this machine alone, since passwords travel.
    pub fn of_url(url: &str) -> Result<Self, BadAddress> {
        let bad = || BadAddress(url.to_owned());
        let origin = url.trim_end_matches('/');
        let (scheme, host) = origin.split_once("://").ok_or_else(bad)?;
        let is_named = !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
        let is_here = ["localhost", "127.0.0.1", "[::1]"].iter().any(|here| {
            host.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
        match scheme {
            "https" if is_named => Ok(Self::new(origin, vec![host.to_lowercase()], true)),
            "http" if is_named && is_here => {
                Ok(Self::new(origin, vec![host.to_lowercase()], false))
            }
            _ => Err(bad()),
        }
    }

    /// On this machine alone; `None` where the daemon listens to others, who would type passwords in the clear.
    #[must_use]
    pub fn of_listener(at: SocketAddr) -> Option<Self> {
        let hosts = vec![at.to_string(), format!("localhost:{}", at.port())];
        at.ip().is_loopback().then(|| Self::new(&format!("http://{at}"), hosts, false))
    }

    fn new(origin: &str, hosts: Vec<String>, is_secure: bool) -> Self {
        Self { origin: origin.to_lowercase(), hosts, is_secure }
    }

    /// The origin, without a slash at its end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether people reach it by TLS.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Whether a request was sent to it: a page of elsewhere may lead a browser to this machine under its own
    /// name.
    pub(super) fn is_asked(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        host.is_some_and(|host| self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host)))
    }

    /// Whether an `Origin` is its own.
    pub(super) fn is_origin(&self, origin: &str) -> bool {
        let host = origin
            .split_once("://")
            .filter(|(scheme, _)| *scheme == if self.is_secure { "https" } else { "http" });
        host.is_some_and(|(_, host)| self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_never_travel_in_the_clear() {
        assert!(Address::of_url("https://chappe.example.org/").is_ok());
        assert!(Address::of_url("http://localhost:8470").is_ok());
        for bad in [
            "http://chappe.example.org",
            "http://localhost.example.org",
            "chappe",
            "https://",
            "https://a/b",
        ] {
            assert!(Address::of_url(bad).is_err(), "{bad}");
        }
        assert!(Address::of_listener("0.0.0.0:8470".parse().unwrap()).is_none());
        assert!(Address::of_listener("127.0.0.1:8470".parse().unwrap()).is_some());
    }

    #[test]
    fn only_its_own_pages_are_its_origin() {
        let address = Address::of_url("https://chappe.example.org").unwrap();
        assert!(address.is_origin("https://chappe.example.org"));
        for foreign in
            ["http://chappe.example.org", "https://chappe.example.org.evil.example.org", "null", ""]
        {
            assert!(!address.is_origin(foreign), "{foreign}");
        }
    }
}
