//! `[web]`: the secretariat's pages.

use std::net::IpAddr;

use serde::Deserialize;

/// Where people reach the pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebSettings {
    /// What people type: `https://chappe.example.org`. Nothing: on this machine alone, at `[http] listen`.
    pub url: Option<String>,
    /// The addresses of the proxies before it, whose word is taken for who asks.
    pub behind: Vec<IpAddr>,
}
