//! Our token at the ENT.

use std::time::Duration;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::super::http::{Http, NoAnswer};
use super::super::{BadSettings, lenient};
use super::settings::{EdificeGrant, EdificeSecrets, EdificeSettings};
use super::words;
use crate::clock::{Clock, Moment};
use crate::delivery::{FailureKind, SendError};

/// A token is renewed this long before it expires.
const MARGIN: Duration = Duration::from_mins(1);

/// How long a token is taken to hold when the ENT does not say.
const SILENT_LIFETIME: Duration = Duration::from_mins(10);
/// The longest that a token is taken to hold, whatever the ENT says.
const LONGEST_LIFETIME: Duration = Duration::from_hours(24);
/// The longest token: it travels in a header of every call.
const LONGEST_TOKEN: usize = 8 * 1024;

/// Our standing at the ENT: one token for all calls. Sessions are what an ENT runs out of first.
pub(super) struct EntSession {
    client_id: String,
    scope: String,
    /// The login, where we act as a person.
    user: Option<String>,
    secrets: EdificeSecrets,
    clock: Clock,
    token: Mutex<Option<BearerToken>>,
}

struct BearerToken {
    value: SecretString,
    until: Moment,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Value,
}

impl EntSession {
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

    async fn ask(&self, http: &Http) -> Result<BearerToken, SendError> {
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
        let is_sound = |token: &str| {
            (1..=LONGEST_TOKEN).contains(&token.len())
                && token.bytes().all(|b| b.is_ascii_graphic())
        };
        if !is_sound(&access_token) {
            return Err(answer.error(FailureKind::Unreachable, "the token is none"));
        }
        let lifetime = lifetime(&expires_in);
        Ok(BearerToken {
            value: SecretString::from(access_token),
            until: asked_at + lifetime.saturating_sub(MARGIN),
        })
    }
}

/// How long a token holds, as the ENT says it in seconds.
fn lifetime(said: &Value) -> Duration {
    let said = lenient::decimal(said).filter(|seconds| *seconds > 0.0);
    let seconds = said.map(Duration::try_from_secs_f64);
    match seconds {
        Some(Ok(lifetime)) => lifetime.min(LONGEST_LIFETIME),
        Some(Err(_)) => LONGEST_LIFETIME,
        None => SILENT_LIFETIME,
    }
}
