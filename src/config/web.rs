//! `[web]`: the secretariat's pages.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;

use crate::identity::OpenIdSettings;

/// Where people reach the pages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebSettings {
    /// What people type: `https://chappe.example.org`. Nothing: on this machine alone, at `[http] listen`.
    pub url: Option<String>,
    /// The addresses of the proxies before it, whose word is taken for who asks.
    pub behind: Vec<IpAddr>,
    /// Where the daemon speaks TLS itself, with no proxy before it.
    pub tls: Option<TlsSettings>,
    /// The folder where files that were given lie: for an import a day at most, scans of slips a week.
    pub uploads: PathBuf,
    /// Where people identify themselves beside their passwords: nowhere by default.
    pub openid: Option<OpenIdSettings>,
}

impl Default for WebSettings {
    fn default() -> Self {
        let uploads = PathBuf::from("uploads");
        Self { url: None, behind: Vec::new(), tls: None, uploads, openid: None }
    }
}

/// `[web.tls]`: the certificate of `url` and its key, two PEM files, and where the pages are served with them. Who
/// renews it replaces the files; they are taken up as they change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSettings {
    /// The certificate, and those between it and its authority.
    pub certificate: PathBuf,
    /// Its key; not used while everybody on the machine may read it.
    pub key: PathBuf,
    /// Address and port.
    #[serde(default = "everywhere")]
    pub listen: SocketAddr,
}

fn everywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8443))
}

impl WebSettings {
    pub(super) fn check(&self) -> Result<(), String> {
        let is_https = self.url.as_deref().is_some_and(|url| url.starts_with("https://"));
        if self.tls.is_some() && !is_https {
            return Err("web.tls is of the address that people type: set web.url to it, https://…"
                .to_owned());
        }
        self.openid.iter().try_for_each(OpenIdSettings::check)
    }
}
