//! The provider: the way there, what is believed on the way back, and the way out.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::Serializer;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::claims::{IdClaims, OurFlow, UserClaims};
use super::discovery::Discovery;
use super::endpoint::{Endpoint, HttpClients};
use super::keys::KeySet;
use super::signed::Signed;
use super::{Flow, IdentityError, OpenIdSettings};
use crate::clock::{Clock, Moment};
use crate::providers::{Answer, Guard};

/// What is asked for: who it is, and the address by which an account is known. Nothing else is wanted of anybody.
const SCOPE: &str = "openid email";
/// However many set out, it is asked what it is no more often.
const ASKED_EVERY: Duration = Duration::from_secs(10);

/// An OpenID provider. What it said of itself last is kept.
pub struct OpenId {
    settings: OpenIdSettings,
    clock: Clock,
    clients: HttpClients,
    asked: tokio::sync::Mutex<Option<LastAsked>>,
    discovery: Mutex<Option<Arc<Discovery>>>,
    keys: Mutex<Arc<KeySet>>,
}

/// When it was asked last what it is, and what it answered.
struct LastAsked {
    at: Moment,
    answer: Result<Arc<Discovery>, IdentityError>,
}

/// Somebody, by the word of a provider. `Debug` hides them.
pub struct Identity {
    /// Who it is: SHA-256 of the provider and of its own name for them.
    pub key: [u8; 32],
    /// Their e-mail address in small letters, where the provider vouches for it.
    pub email: Option<String>,
    /// Whether the provider asked for a second factor.
    pub is_strong: bool,
    /// The ID token, by which the provider knows whose session ends.
    pub hint: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: String,
}

#[derive(Deserialize)]
struct TokenRefusal {
    error: String,
}

impl OpenId {
    /// The provider of these settings; it is not asked yet.
    #[must_use]
    pub fn new(settings: OpenIdSettings, clock: Clock, guard: Guard) -> Self {
        Self {
            settings,
            clients: HttpClients::new(clock.clone(), guard),
            clock,
            asked: tokio::sync::Mutex::default(),
            discovery: Mutex::default(),
            keys: Mutex::default(),
        }
    }

    /// Its settings.
    #[must_use]
    pub const fn settings(&self) -> &OpenIdSettings {
        &self.settings
    }

    /// Whether an answer that names who gives it (RFC 9207), or does not, may be this provider's.
    #[must_use]
    pub fn may_be(&self, named: Option<&str>) -> bool {
        let ours = self.settings.issuer.trim_end_matches('/');
        named.is_none_or(|named| named.trim_end_matches('/') == ours)
    }

    /// Asks it what it is, and for its keys; answers its name for itself.
    pub async fn check(&self) -> Result<String, IdentityError> {
        let discovery = self.ask().await?;
        self.read_keys(&discovery).await?;
        Ok(discovery.issuer.clone())
    }

    /// Where somebody identifies themselves; they come back to `back`. It is asked what it is, so that one that is
    /// down is told of before anybody leaves.
    pub async fn way_there(&self, flow: &Flow, back: &str) -> Result<String, IdentityError> {
        let discovery = self.ask().await?;
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", back)
            .append_pair("scope", SCOPE)
            .append_pair("state", &flow.state)
            .append_pair("nonce", &flow.nonce);
        if discovery.takes_challenges() {
            query
                .append_pair("code_challenge", &flow.challenge())
                .append_pair("code_challenge_method", "S256");
        }
        self.append_wishes(&mut query, &discovery);
        Ok(joined(&discovery.authorization_endpoint, &query.finish()))
    }

    /// How sure it must be, and that it says how it made sure. `acr_values` is a wish, an essential claim a demand;
    /// ProConnect takes no parameter that it does not know.
    fn append_wishes(&self, query: &mut Serializer<'_, String>, discovery: &Discovery) {
        let OpenIdSettings { acr_values, second_factor, .. } = &self.settings;
        let mut wanted = serde_json::Map::new();
        if !acr_values.is_empty() {
            wanted.insert("acr".to_owned(), json!({ "essential": true, "values": acr_values }));
        }
        if !second_factor.is_empty() {
            wanted.entry("acr").or_insert(serde_json::Value::Null);
            wanted.insert("amr".to_owned(), serde_json::Value::Null);
        }
        if discovery.takes_claims() && !wanted.is_empty() {
            query.append_pair("claims", &json!({ "id_token": wanted }).to_string());
        } else if !acr_values.is_empty() {
            query.append_pair("acr_values", &acr_values.join(" "));
        }
    }

    /// Who came back with a code of this flow. Where it does not answer, whoever sets out next is told so.
    pub async fn identity(
        &self,
        of_flow: (&str, &Flow),
        back: &str,
        secret: &SecretString,
    ) -> Result<Identity, IdentityError> {
        let identity = self.identified(of_flow, back, secret).await;
        if matches!(identity, Err(IdentityError::NoAnswer(_))) {
            *self.asked.lock().await = None;
        }
        identity
    }

    async fn identified(
        &self,
        (code, flow): (&str, &Flow),
        back: &str,
        secret: &SecretString,
    ) -> Result<Identity, IdentityError> {
        let discovery = self.known().await?;
        let tokens = self.redeem(&discovery, (code, flow), back, secret).await?;
        let ours = OurFlow {
            issuer: &discovery.issuer,
            client: &self.settings.client_id,
            nonce: &flow.nonce,
            now: self.clock.now(),
        };
        let claims: IdClaims = self.believed(&discovery, &tokens.id_token).await?;
        claims.check(&ours)?;
        if !claims.is_sure(&self.settings.acr_values) {
            return Err(IdentityError::TooWeak);
        }
        let email = self.email(&discovery, &tokens.access_token, &claims.sub, &ours).await?;
        let key = Sha256::new().chain_update(&discovery.issuer).chain_update([0]);
        Ok(Identity {
            key: key.chain_update(&claims.sub).finalize().into(),
            email,
            is_strong: claims.says_one_of(&self.settings.second_factor),
            hint: tokens.id_token,
        })
    }

    /// Where somebody takes leave of it too, if it has such a place; they come back to `back`.
    pub async fn way_out(&self, hint: &str, back: &str, flow: &Flow) -> Option<String> {
        let discovery = self.known().await.ok()?;
        let place = discovery.end_session_endpoint.as_ref()?;
        let mut query = Serializer::new(String::new());
        query
            .append_pair("id_token_hint", hint)
            .append_pair("post_logout_redirect_uri", back)
            .append_pair("state", &flow.state);
        Some(joined(place, &query.finish()))
    }

    /// A code becomes tokens.
    async fn redeem(
        &self,
        discovery: &Discovery,
        (code, flow): (&str, &Flow),
        back: &str,
        secret: &SecretString,
    ) -> Result<Tokens, IdentityError> {
        let place = self.endpoint(&discovery.token_endpoint, "token_endpoint")?;
        let (client, secret) = (self.settings.client_id.as_str(), secret.expose_secret());
        let mut form =
            vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", back)];
        if discovery.takes_challenges() {
            form.push(("code_verifier", &flow.verifier));
        }
        let basic = if discovery.wants_secret_in_form() {
            form.extend([("client_id", client), ("client_secret", secret)]);
            None
        } else {
            Some(basic(client, secret))
        };
        let answer = place.post(&form, basic).await?;
        match answer.status {
            200 => answer.object().ok_or(IdentityError::NotBelieved("it gives no tokens")),
            _ => Err(refusal(&answer)),
        }
    }

    /// The e-mail address that it vouches for.
    async fn email(
        &self,
        discovery: &Discovery,
        access_token: &str,
        sub: &str,
        ours: &OurFlow<'_>,
    ) -> Result<Option<String>, IdentityError> {
        let Some(place) = &discovery.userinfo_endpoint else { return Ok(None) };
        let answer = self.endpoint(place, "userinfo_endpoint")?.get(Some(access_token)).await?;
        if answer.status != 200 {
            return Err(refusal(&answer));
        }
        let plain: Option<UserClaims> = answer.object();
        let is_signed = plain.is_none();
        let claims = match plain {
            Some(claims) => claims,
            None => self.believed(discovery, &String::from_utf8_lossy(answer.body())).await?,
        };
        claims.check(sub, ours, is_signed)?;
        Ok(claims.email(self.settings.vouches_for_email))
    }

    /// What a token says that one of its keys signed. They are read anew once where none that we know did: a
    /// provider changes them as it likes.
    async fn believed<T: DeserializeOwned>(
        &self,
        discovery: &Discovery,
        jwt: &str,
    ) -> Result<T, IdentityError> {
        let signed = Signed::read(jwt)?;
        let known = Arc::clone(&self.keys.lock().unwrap_or_else(PoisonError::into_inner));
        if signed.is_by(&known) || signed.is_by(&*self.read_keys(discovery).await?) {
            return signed.claims();
        }
        Err(IdentityError::NotBelieved("none of its keys signed it"))
    }

    async fn read_keys(&self, discovery: &Discovery) -> Result<Arc<KeySet>, IdentityError> {
        let answer = self.endpoint(&discovery.jwks_uri, "jwks_uri")?.get(None).await?;
        let keys: Option<KeySet> = answer.object().filter(|_| answer.status == 200);
        let unread = || IdentityError::NoAnswer("its keys cannot be read".to_owned());
        let keys = Arc::new(keys.ok_or_else(unread)?);
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&keys);
        Ok(keys)
    }

    /// What it says of itself, or said or did not say a moment ago: whoever asks meanwhile waits for the same answer.
    async fn ask(&self) -> Result<Arc<Discovery>, IdentityError> {
        let mut asked = self.asked.lock().await;
        let now = self.clock.now();
        if let Some(LastAsked { at, answer }) = &*asked
            && (*at..*at + ASKED_EVERY).contains(&now)
        {
            return answer.clone();
        }
        let answer = Discovery::ask(&self.settings.issuer, &self.clients).await.map(Arc::new);
        if let Ok(found) = &answer {
            let mut kept = self.discovery.lock().unwrap_or_else(PoisonError::into_inner);
            *kept = Some(Arc::clone(found));
        }
        *asked = Some(LastAsked { at: now, answer: answer.clone() });
        answer
    }

    /// What it said of itself last.
    async fn known(&self) -> Result<Arc<Discovery>, IdentityError> {
        let kept = self.discovery.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match kept {
            Some(known) => Ok(known),
            None => self.ask().await,
        }
    }

    fn endpoint(&self, url: &str, what: &'static str) -> Result<Endpoint, IdentityError> {
        self.clients.at(url, what)
    }
}

/// An address with a query, behind the one that it may have.
fn joined(address: &str, query: &str) -> String {
    let between = if address.contains('?') { '&' } else { '?' };
    format!("{address}{between}{query}")
}

/// Basic, as OAuth wants it: each part written as in a form first (RFC 6749, 2.3.1).
fn basic(client: &str, secret: &str) -> String {
    let written = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", written(client), written(secret));
    format!("Basic {}", STANDARD.encode(pair))
}

/// The provider's own word for what went wrong, where it is one that a log may hold.
#[must_use]
pub fn error_word(said: &str) -> &str {
    if is_word(said) { said } else { "unreadable" }
}

/// Its word for why not, where it is one.
fn refusal(answer: &Answer) -> IdentityError {
    let word = answer.object::<TokenRefusal>().map(|it| it.error).filter(|it| is_word(it));
    match word {
        Some(word) if answer.status < 500 => IdentityError::Refused(word),
        _ => IdentityError::NoAnswer(format!("HTTP {}", answer.status)),
    }
}

/// Whether a text is one word of the norm, and not somebody's name.
fn is_word(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_lowercase() || it == b'_')
}
