//! An ENT that runs Edifice (ONE, NEO, Open ENT), through its *conversation* module.

mod session;
mod settings;
mod words;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

pub use self::settings::{EdificeGrant, EdificeSecrets, EdificeSettings};

use self::session::EntSession;
use self::words::Visible;
use super::http::{Answer, Http, Limits, NoAnswer, USUAL_ANSWER};
use super::kind::{CarrierError, ProviderKind, Site};
use super::masked;
use super::{Account, BadSettings, Guard, Health, Inbox, Provider, WhenUnknown};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::delivery::{Accepted, Content, Envelope, FailureKind, SendError};
use crate::settings::{Pace, SecretPlace};
use crate::stop::Stop;

/// The keys of the two secrets.
const CLIENT_SECRET: &str = "edifice.client_secret";
const PASSWORD: &str = "edifice.grant.password";
/// Messages of the outbox that are looked at, when one of ours is searched for.
const SEARCHED: usize = 20;
/// The longest list of accounts that is read, in octets: 20,000 accounts with their pupils.
const LONGEST_LIST: usize = 8 * 1024 * 1024;
/// Messages without an answer that are remembered at most.
const MOST_DOUBTFUL: usize = 10_000;

/// An Edifice ENT.
pub struct Edifice {
    name: String,
    no_reply: bool,
    http: Http,
    session: EntSession,
    /// References of messages without an answer. A saturated ENT may put one into its outbox after we
    /// looked there.
    doubtful: Mutex<HashSet<String>>,
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
        let session = EntSession::new(&name, settings, secrets, clock.clone())?;
        let http = Http::new(&name, "url", &settings.url, limits, clock, guard)?;
        Ok(Self { no_reply: settings.no_reply, http, session, doubtful: Mutex::default(), name })
    }
}

impl ProviderKind for EdificeSettings {
    fn channel(&self) -> Channel {
        Channel::Ent
    }

    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn secrets(&self) -> Vec<(&'static str, &SecretPlace)> {
        let password = self.grant.password().map(|place| (PASSWORD, place));
        [(CLIENT_SECRET, &self.client_secret)].into_iter().chain(password).collect()
    }

    fn build(&self, site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError> {
        let place = self.grant.password();
        let password = place.map(|place| site.secret(PASSWORD, place)).transpose()?;
        let client_secret = site.secret(CLIENT_SECRET, &self.client_secret)?;
        let secrets = EdificeSecrets { client_secret, password };
        Ok(Arc::new(Edifice::new(site.name, self, secrets, site.clock.clone(), site.guard)?))
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

    /// A message whose answer was lost before is looked for once more: it leaves again only when it is
    /// still not there.
    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let reference = &envelope.reference;
        let is_doubtful = self.doubtful().contains(reference);
        if is_doubtful && let Some(accepted) = self.ask(envelope).await? {
            return Ok(accepted);
        }
        let sent = self.hand_over(envelope).await;
        let mut doubtful = self.doubtful();
        match &sent {
            Err(error) if error.kind == FailureKind::Uncertain => {
                if doubtful.len() < MOST_DOUBTFUL {
                    doubtful.insert(reference.clone());
                }
            }
            // What is refused now may have been taken before.
            Err(_) => {}
            Ok(_) => drop(doubtful.remove(reference)),
        }
        drop(doubtful);
        sent.map_err(|error| masked::without_recipient(error, envelope))
    }

    /// The search finds words; only the text itself says that a message is this one. A page in place of a
    /// message says nothing, nor does a page of the outbox that others fill: the ENT is asked again.
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let found = self.find(envelope).await;
        found.map_err(|error| masked::without_recipient(error, envelope))
    }

    // ---- what it says later --------------------------------------------------------------------

    /// The newer address tells whose guardian each is; an ENT that does not have it, or keeps it from us,
    /// has the older one.
    async fn fetch_accounts(&self) -> Result<Vec<Account>, SendError> {
        let told = self.list("/communication/visible/search").await?;
        if !matches!(told.status, 401 | 403 | 404) {
            let contacts: Vec<Value> = words::data(&told)?;
            return Ok(words::accounts(contacts));
        }
        let visible: Visible = words::data(&self.list("/conversation/visible?search=").await?)?;
        Ok(visible.accounts())
    }

    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        super::listen_for_accounts(self, inbox, &stop).await;
    }

    // ---- check ---------------------------------------------------------------------------------

    async fn check(&self) -> Result<Health, SendError> {
        let answer = self.get("/conversation/count/INBOX?unread=true").await?;
        let count: words::UnreadCount = words::data(&answer)?;
        let unread = count.unread().map_or_else(|| "?".to_owned(), |unread| unread.to_string());
        Ok(Health { summary: format!("signed in to the ENT, {unread} messages unread") })
    }
}

impl Edifice {
    async fn find(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let reference = &envelope.reference;
        let outbox = "/conversation/api/folders/outbox/messages";
        let search = format!("{outbox}?search={reference}&page=0&page_size={SEARCHED}");
        let found: Vec<Value> = words::data(&self.get(&search).await?)?;
        for id in found.iter().filter_map(words::id_of).take(SEARCHED) {
            let answer = self.get(&format!("/conversation/api/messages/{id}")).await?;
            if answer.status == 404 {
                continue;
            }
            words::opened(&answer)?;
            if answer.contains(reference) {
                self.doubtful().remove(reference);
                return Ok(Some(accepted(id)));
            }
        }
        if found.len() >= SEARCHED {
            let why = "too many messages were found to be looked through";
            return Err(SendError::new(FailureKind::Unreachable, why));
        }
        Ok(None)
    }

    async fn hand_over(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
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
        let answer = self.signed_in(request, USUAL_ANSWER, NoAnswer::after_a_message).await?;
        let (id, sent) = words::sent(&answer)?;
        // One message has one addressee here, so a name on either list is theirs.
        if sent.has_inactive() {
            return Err(SendError::new(FailureKind::BadAddress, "the account was never activated"));
        }
        if sent.has_undelivered() {
            return Err(SendError::new(FailureKind::BadAddress, "the ENT could not deliver it"));
        }
        Ok(accepted(id))
    }

    async fn get(&self, path: &str) -> Result<Answer, SendError> {
        let request = || self.http.request(Method::GET, path);
        self.signed_in(request, USUAL_ANSWER, NoAnswer::after_a_question).await
    }

    async fn list(&self, path: &str) -> Result<Answer, SendError> {
        let request = || self.http.request(Method::GET, path);
        self.signed_in(request, LONGEST_LIST, NoAnswer::after_a_question).await
    }

    /// A call with our token, for an answer of `most` octets at most; with a new one, once, when the ENT
    /// no longer knows it.
    async fn signed_in(
        &self,
        request: impl Fn() -> RequestBuilder,
        most: usize,
        no_answer: fn(NoAnswer) -> SendError,
    ) -> Result<Answer, SendError> {
        let token = self.session.token(&self.http).await?;
        let signed = request().bearer_auth(token.expose_secret());
        let answer = self.http.call_for(signed, most).await.map_err(no_answer)?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let token = self.session.renewed(&self.http, &token).await?;
        let signed = request().bearer_auth(token.expose_secret());
        self.http.call_for(signed, most).await.map_err(no_answer)
    }

    fn doubtful(&self) -> MutexGuard<'_, HashSet<String>> {
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `html`, with our reference somewhere in it.
fn with_reference(html: &str, reference: &str) -> String {
    if html.contains(reference) {
        return html.to_owned();
    }
    format!("{html}<p><small>Réf. {reference}</small></p>")
}

fn accepted(id: String) -> Accepted {
    let answer = format!("message {id}");
    Accepted { provider_ref: Some(id), answer }
}
