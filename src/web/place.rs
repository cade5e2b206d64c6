//! From where somebody knocks: the other end of the connection, or whom a proxy that is trusted names.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use axum::http::header::{HeaderName, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use super::context::Web;
use crate::accounts;
use crate::http::Peer;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whoever knocks.
pub(super) struct Knock(pub(super) accounts::Whence);

impl FromRequestParts<Web> for Knock {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let address = behind(&web.school().config.web.behind, peer, &parts.headers);
        let device = parts.headers.get(USER_AGENT).and_then(said).unwrap_or_default();
        Ok(Self(accounts::Whence::new(address, device)))
    }
}

/// The last one that no trusted proxy is: each proxy adds whom it saw at the end, and whatever stands before may be
/// invented.
fn behind(trusted: &[IpAddr], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let is_trusted = |it: &IpAddr| trusted.contains(&it.to_canonical());
    if !is_trusted(&peer) {
        return peer;
    }
    let lines = headers.get_all(FORWARDED_FOR).into_iter().filter_map(said);
    let named: Vec<IpAddr> =
        lines.flat_map(|it| it.split(',')).map_while(|it| it.trim().parse().ok()).collect();
    named.into_iter().rev().find(|it| !is_trusted(it)).unwrap_or(peer)
}

fn said(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_says_who_asks() {
        let ip = |it: &str| it.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, HeaderValue::from_static("192.0.2.9, 198.51.100.7"));
        assert_eq!(behind(&[], ip("127.0.0.1"), &headers), ip("127.0.0.1"));
        assert_eq!(behind(&[ip("127.0.0.1")], ip("127.0.0.1"), &headers), ip("198.51.100.7"));
        assert_eq!(behind(&[ip("127.0.0.1")], ip("203.0.113.5"), &headers), ip("203.0.113.5"));
    }
}
