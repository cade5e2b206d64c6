//! `[web.openid]`: the OpenID provider of those who sign in.

use serde::Deserialize;

use super::endpoint;
use crate::settings::SecretPlace;

/// Hosts of ProConnect, each with those below it.
const OF_PROCONNECT: [&str; 3] =
    ["proconnect.gouv.fr", "agentconnect.gouv.fr", "agentconnect.rie.gouv.fr"];

/// An OpenID provider, where this school is registered as a client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIdSettings {
    /// Its address, as it names itself: `https://auth.agentconnect.gouv.fr/api/v2`.
    pub issuer: String,
    /// What we are called there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: SecretPlace,
    /// What people call it: `ProConnect`, which is known by its address, or another one's host by default.
    #[serde(default)]
    pub name: Option<String>,
    /// How sure it must be of who somebody is: one of these, or nobody is let in (`acr`). Nothing: as it likes.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// The words (`acr`, `amr`) by which it says that it asked for a second factor, so that ours is not asked for as well.
    #[serde(default)]
    pub second_factor: Vec<String>,
    /// Whether it vouches for e-mail addresses without saying so of each (`email_verified`), as ProConnect does.
    #[serde(default)]
    pub vouches_for_email: bool,
}

impl OpenIdSettings {
    /// The key of its secret.
    pub const SECRET: &str = "web.openid.client_secret";

    /// What people call it.
    #[must_use]
    pub fn called(&self) -> &str {
        match &self.name {
            Some(name) => name,
            None if self.is_proconnect() => "ProConnect",
            None => endpoint::host(&self.issuer),
        }
    }

    fn is_proconnect(&self) -> bool {
        let host = endpoint::host(&self.issuer);
        OF_PROCONNECT.iter().any(|of| {
            host.strip_suffix(of).is_some_and(|below| below.is_empty() || below.ends_with('.'))
        })
    }

    /// What cannot be so.
    pub fn check(&self) -> Result<(), String> {
        let wrong = |key: &str, what: &str| Err(format!("[web.openid] {key} {what}"));
        if self.client_id.trim().is_empty() {
            return wrong("client_id", "is empty: the provider gives it when it registers you");
        }
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return wrong("name", "is empty: leave it out, or write what people call it");
        }
        if !endpoint::is_safe(&self.issuer) || self.issuer.contains('?') {
            return wrong("issuer", "is no https:// address without a query");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(issuer: &str) -> OpenIdSettings {
        let text = format!(
            "issuer = \"{issuer}\"\nclient_id = \"chappe\"\nclient_secret = {{ env = \"X\" }}"
        );
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn proconnect_is_known_by_its_address_and_by_no_lookalike() {
        assert_eq!(of("https://auth.agentconnect.gouv.fr/api/v2").called(), "ProConnect");
        assert_eq!(
            of("https://proconnect.gouv.fr.example.org").called(),
            "proconnect.gouv.fr.example.org"
        );
        assert_eq!(of("https://notproconnect.gouv.fr/a").called(), "notproconnect.gouv.fr");
    }

    #[test]
    fn no_password_travels_in_the_clear_to_a_provider() {
        assert!(of("https://id.example.org/realms/a").check().is_ok());
        assert!(of("http://127.0.0.1:9000").check().is_ok());
        for bad in
            ["http://id.example.org", "id.example.org", "https://", "https://a/?b", "https://u@a/"]
        {
            assert!(of(bad).check().is_err(), "{bad}");
        }
    }
}
