//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde::Deserialize;

use super::IdentityError;
use super::endpoint::Endpoint;
use crate::clock::Clock;
use crate::providers::Guard;

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
    pub(super) async fn ask(issuer: &str, how: (&Clock, Guard)) -> Result<Self, IdentityError> {
        let issuer = issuer.trim_end_matches('/');
        let place = Endpoint::at(&format!("{issuer}{PLACE}"), "discovery", how)?;
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
            Ok(found)
        } else {
            Err(IdentityError::NotBelieved("its discovery names another issuer"))
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
