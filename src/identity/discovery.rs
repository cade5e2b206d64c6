//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde::Deserialize;

use super::IdentityError::{self, NotBelieved};
use super::endpoint::{self, HttpClients};

/// Where its document stands, below its address.
const PLACE: &str = "/.well-known/openid-configuration";

/// What a provider says of itself.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Discovery {
    /// As it names itself in tokens.
    pub(super) issuer: String,
    /// Where people identify themselves.
    pub(super) authorization_endpoint: String,
    /// Where a code becomes tokens.
    pub(super) token_endpoint: String,
    /// Its keys.
    pub(super) jwks_uri: String,
    /// What it knows of people.
    #[serde(default)]
    pub(super) userinfo_endpoint: Option<String>,
    /// Where they take leave of it.
    #[serde(default)]
    pub(super) end_session_endpoint: Option<String>,
    /// How a client proves itself; by Basic where nothing is said.
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    #[serde(default)]
    claims_parameter_supported: bool,
}

impl Discovery {
    /// Asks a provider, and holds its word against the address by which it was asked.
    pub(super) async fn ask(issuer: &str, clients: &HttpClients) -> Result<Self, IdentityError> {
        let issuer = issuer.trim_end_matches('/');
        let place = clients.at(&format!("{issuer}{PLACE}"), "discovery")?;
        let answer = place.get(None).await?;
        if answer.status != 200 {
            return Err(IdentityError::NoAnswer(format!(
                "HTTP {} for its discovery",
                answer.status
            )));
        }
        let found: Self = answer
            .object()
            .ok_or_else(|| IdentityError::NoAnswer("its discovery cannot be read".to_owned()))?;
        if found.issuer.trim_end_matches('/') == issuer {
            found.check().map(|()| found)
        } else {
            Err(NotBelieved("its discovery names another issuer"))
        }
    }

    /// Refused where people, our secret or a token would go somewhere in the clear.
    fn check(&self) -> Result<(), IdentityError> {
        let announced = [
            (
                "its authorization_endpoint is no https:// address",
                Some(&self.authorization_endpoint),
            ),
            ("its token_endpoint is no https:// address", Some(&self.token_endpoint)),
            ("its jwks_uri is no https:// address", Some(&self.jwks_uri)),
            ("its userinfo_endpoint is no https:// address", self.userinfo_endpoint.as_ref()),
            ("its end_session_endpoint is no https:// address", self.end_session_endpoint.as_ref()),
        ];
        let mut announced = announced.into_iter();
        match announced.find(|(_, place)| place.is_some_and(|it| !endpoint::is_safe(it))) {
            Some((why, _)) => Err(NotBelieved(why)),
            None => Ok(()),
        }
    }

    /// Whether it takes a code's verifier (RFC 7636).
    pub(super) fn takes_challenges(&self) -> bool {
        self.code_challenge_methods_supported.iter().any(|it| it == "S256")
    }

    /// Whether it can be told which claims are wanted.
    pub(super) const fn takes_claims(&self) -> bool {
        self.claims_parameter_supported
    }

    /// Whether a client proves itself by a form (ProConnect), and not by Basic.
    pub(super) fn wants_secret_in_form(&self) -> bool {
        let offers = self.token_endpoint_auth_methods_supported.as_ref();
        let has = |method| offers.is_some_and(|it| it.iter().any(|one| one == method));
        has("client_secret_post") && !has("client_secret_basic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NAMES: [&str; 5] = [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "end_session_endpoint",
    ];

    fn with(name: &str, place: &str) -> Result<(), IdentityError> {
        let mut said = json!({ "issuer": "https://id.example.org" });
        for name in NAMES {
            said[name] = json!(format!("https://id.example.org/{name}?a=b"));
        }
        said[name] = json!(place);
        Discovery::deserialize(&Value::clone(&said)).unwrap().check()
    }

    #[test]
    fn nothing_goes_to_an_address_in_the_clear_that_a_provider_announces() {
        for name in NAMES {
            for good in ["https://id.example.org/x", "http://127.0.0.1:9000/x", "http://[::1]/x"] {
                assert_eq!(with(name, good), Ok(()), "{name} {good}");
            }
            for bad in [
                "http://id.example.org/x",
                "http://localhost.example.org/x",
                "http://localhost@example.org/x",
                "https://id.example.org/x#y",
                "https://id.example.org/\tx",
                "//id.example.org/x",
                "javascript:alert(1)",
                "ftp://localhost/x",
                "",
            ] {
                let told = with(name, bad).unwrap_err().to_string();
                let why = format!("its {name} is no https:// address");
                assert!(told.ends_with(&why), "{bad}: {told}");
            }
        }
    }
}
