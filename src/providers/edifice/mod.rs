//! An ENT that runs Edifice (ONE, NEO, Open ENT), through its *conversation* module.

mod session;
mod words;

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use self::session::Session;
use self::words::{Found, Sent, Visible};
use super::http::{Answer, Http, Limits, NoAnswer};
use super::{Account, BadSettings, Guard, Health, Provider, WhenUnknown};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::config::EdificeSettings;
use crate::delivery::{Accepted, Content, Envelope, FailureKind, SendError};

/// Messages of the outbox that are looked at, when one of ours is searched for.
const SEARCHED: u32 = 20;

/// An Edifice ENT.
pub struct Edifice {
    name: String,
    no_reply: bool,
    http: Http,
    session: Session,
}

/// The secrets of an ENT, as the settings place them.
pub struct EdificeSecrets {
    /// The application's secret.
    pub client_secret: SecretString,
    /// The password of the person as whom it acts, where the grant is `password`.
    pub password: Option<SecretString>,
}

// ---- settings ----------------------------------------------------------------------------------

impl Edifice {
    /// An ENT, after `settings`; nothing is called yet.
    pub fn new(
        name: impl Into<String>,
        settings: &EdificeSettings,
        secrets: EdificeSecrets,
        clock: Clock,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        let name = name.into();
        let limits = Limits { connect: settings.connect_limit, answer: settings.answer_limit };
        let session = Session::new(&name, settings, secrets, clock.clone())?;
        let http = Http::new(&name, "url", &settings.url, limits, clock, guard)?;
        Ok(Self { no_reply: settings.no_reply, http, session, name })
    }
}

// ---- send --------------------------------------------------------------------------------------

#[async_trait]
impl Provider for Edifice {
    fn name(&self) -> &str {
        &self.name
    }

    fn channel(&self) -> Channel {
        Channel::Ent
    }

    /// Our reference is in the text of each message, and the outbox can be searched.
    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Ask
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let Content::Ent { subject, html } = &envelope.content else {
            return Err(SendError::new(FailureKind::Refused, "the content is not for an ENT"));
        };
        let message = json!({
            "subject": subject,
            "body": with_reference(html, &envelope.reference),
            "to": [envelope.to.value()],
            "cc": [],
            "cci": [],
            "noReply": self.no_reply,
        });
        let request = || self.http.request(Method::POST, "/conversation/send").json(&message);
        let answer = self.signed_in(request, NoAnswer::after_a_message).await?;
        let sent: Sent = words::data_after_sending(&answer)?;
        // One message has one addressee here, so a name on either list is theirs.
        if sent.has_inactive() {
            return Err(SendError::new(FailureKind::BadAddress, "the account was never activated"));
        }
        if sent.has_undelivered() {
            return Err(SendError::new(FailureKind::BadAddress, "the ENT could not deliver it"));
        }
        Ok(accepted(sent.id))
    }

    /// The search finds words; only the text itself says that a message is this one.
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let reference = &envelope.reference;
        let outbox = "/conversation/api/folders/outbox/messages";
        let search = format!("{outbox}?search={reference}&page=0&page_size={SEARCHED}");
        let found: Vec<Found> = words::data(&self.get(&search).await?)?;
        for Found { id } in found {
            if !is_an_id(&id) {
                continue;
            }
            let answer = self.get(&format!("/conversation/api/messages/{id}")).await?;
            if answer.status == 200 && answer.contains(reference) {
                return Ok(Some(accepted(id)));
            }
        }
        Ok(None)
    }

    // ---- what it says later --------------------------------------------------------------------

    async fn fetch_accounts(&self) -> Result<Vec<Account>, SendError> {
        let visible: Visible = words::data(&self.get("/conversation/visible?search=").await?)?;
        let adults = visible.users.into_iter().filter(words::User::is_adult);
        Ok(adults.map(|user| Account { id: user.id, display_name: user.display_name }).collect())
    }

    // ---- check ---------------------------------------------------------------------------------

    async fn check(&self) -> Result<Health, SendError> {
        let answer = self.get("/conversation/count/INBOX?unread=true").await?;
        let words::Count { count } = words::data(&answer)?;
        Ok(Health { summary: format!("connecté à l'ENT, {count} messages non lus") })
    }
}

impl Edifice {
    async fn get(&self, path: &str) -> Result<Answer, SendError> {
        self.signed_in(|| self.http.request(Method::GET, path), NoAnswer::after_a_question).await
    }

    /// A call with our token; with a new one, once, when the ENT no longer knows it.
    async fn signed_in(
        &self,
        request: impl Fn() -> RequestBuilder,
        no_answer: fn(NoAnswer) -> SendError,
    ) -> Result<Answer, SendError> {
        let token = self.session.token(&self.http).await?;
        let signed = request().bearer_auth(token.expose_secret());
        let answer = self.http.call(signed).await.map_err(no_answer)?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let token = self.session.renewed(&self.http, &token).await?;
        let signed = request().bearer_auth(token.expose_secret());
        self.http.call(signed).await.map_err(no_answer)
    }
}

/// `html`, with our reference somewhere in it.
fn with_reference(html: &str, reference: &str) -> String {
    if html.contains(reference) {
        return html.to_owned();
    }
    format!("{html}<p><small>Réf. {reference}</small></p>")
}

/// Whether `id` can stand in a path.
fn is_an_id(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

fn accepted(id: String) -> Accepted {
    let answer = format!("message {id}");
    Accepted { provider_ref: Some(id), answer }
}
