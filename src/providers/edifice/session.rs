//! Our token at the ENT.

use std::time::Duration;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::super::BadSettings;
use super::super::http::{Http, NoAnswer};
use super::{EdificeSecrets, words};
use crate::clock::{Clock, Moment};
use crate::config::{EdificeGrant, EdificeSettings};
use crate::delivery::SendError;

/// A token is renewed this long before it expires.
const MARGIN: Duration = Duration::from_mins(1);

/// How long a token is taken to hold when the ENT does not say.
const SILENT_LIFETIME: u64 = 600;

/// Our standing at the ENT: one token for all calls. Sessions are what an ENT runs out of first.
pub(super) struct Session {
    client_id: String,
    scope: String,
    /// The login, where we act as a person.
    user: Option<String>,
    secrets: EdificeSecrets,
    clock: Clock,
    token: Mutex<Option<Token>>,
}

struct Token {
    value: SecretString,
    until: Moment,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

impl Session {
    pub fn new(
        provider: &str,
        settings: &EdificeSettings,
        secrets: EdificeSecrets,
        clock: Clock,
    ) -> Result<Self, BadSettings> {
        let user = match (&settings.grant, &secrets.password) {
            (EdificeGrant::ClientCredentials, None) => None,
            (EdificeGrant::Password { user, .. }, Some(_)) => Some(user.clone()),
            (EdificeGrant::Password { .. }, None) => {
                return Err(BadSettings::new(provider, "grant", "lacks its password"));
            }
            (EdificeGrant::ClientCredentials, Some(_)) => {
                return Err(BadSettings::new(provider, "grant", "takes no password"));
            }
        };
        Ok(Self {
            client_id: settings.client_id.clone(),
            scope: settings.scope.clone(),
            user,
            secrets,
            clock,
            token: Mutex::new(None),
        })
    }

    /// A token that holds; asked for when there is none.
    pub async fn token(&self, http: &Http) -> Result<SecretString, SendError> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| self.clock.now() < token.until) {
            return Ok(token.value.clone());
        }
        Ok(kept.insert(self.ask(http).await?).value.clone())
    }

    /// Another token than `refused`; the one that somebody else got meanwhile will do.
    pub async fn renewed(
        &self,
        http: &Http,
        refused: &SecretString,
    ) -> Result<SecretString, SendError> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref()
            && token.value.expose_secret() != refused.expose_secret()
        {
            return Ok(token.value.clone());
        }
        *kept = None;
        Ok(kept.insert(self.ask(http).await?).value.clone())
    }

    async fn ask(&self, http: &Http) -> Result<Token, SendError> {
        let mut form = vec![("scope", self.scope.as_str())];
        match (&self.user, &self.secrets.password) {
            (Some(user), Some(password)) => form.extend([
                ("grant_type", "password"),
                ("username", user.as_str()),
                ("password", password.expose_secret()),
            ]),
            _ => form.push(("grant_type", "client_credentials")),
        }
        let request = http
            .request(Method::POST, "/auth/oauth2/token")
            .basic_auth(&self.client_id, Some(self.secrets.client_secret.expose_secret()))
            .form(&form);
        let asked_at = self.clock.now();
        // No message has left yet: a lost answer leaves nothing uncertain.
        let answer = http.call(request).await.map_err(NoAnswer::after_a_question)?;
        let Granted { access_token, expires_in } = words::grant(&answer)?;
        let lifetime = Duration::from_secs(expires_in.unwrap_or(SILENT_LIFETIME));
        Ok(Token {
            value: SecretString::from(access_token),
            until: asked_at + lifetime.saturating_sub(MARGIN),
        })
    }
}
