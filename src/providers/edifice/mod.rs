//! An ENT that runs Edifice (ONE, NEO, Open ENT), through its *conversation* module.

mod line;
mod outbox;
mod recall;
mod session;
mod settings;
mod together;
mod words;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};

pub use self::settings::{EdificeGrant, EdificeSecrets, EdificeSettings};

use self::line::{EntCall, EntLine};
use self::outbox::marked;
use self::session::EntSession;
use self::settings::MOST_NAMED;
use self::together::{Told, accepted, is_uncertain};
use self::words::{LOGIN, Visible};
use super::http::{Http, Limits};
use super::kind::{CarrierError, ProviderKind, Site};
use super::masked;
use super::{BadSettings, Guard, Health, Inbox, ListedAccount, Provider, WhenUnknown};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::delivery::{Accepted, Circular, Content, Envelope, FailureKind, SendError, Verdicts};
use crate::people::ContactPoint;
use crate::settings::{Pace, SecretPlace};
use crate::stop::Stop;

/// The keys of the two secrets.
const CLIENT_SECRET: &str = "edifice.client_secret";
const PASSWORD: &str = "edifice.grant.password";
/// The answer to a message that a server before the ENT finds too large, with all whom it is addressed to.
const TOO_LARGE: u16 = 413;
/// Messages without an answer that are remembered at most.
const MOST_DOUBTFUL: usize = 10_000;
/// Accounts of which is remembered that they were opened, at most.
const MOST_OPENED: usize = 50_000;

/// An Edifice ENT.
pub struct Edifice {
    name: String,
    no_reply: bool,
    acts_as_itself: bool,
    line: EntLine,
    /// How many may be written to in one call, by its settings.
    at_most: usize,
    /// How many are written to in one call: fewer once an answer named fewer than it counted, or the ENT would not
    /// take so many.
    most_together: AtomicUsize,
    /// References of messages without an answer, or with one of which not everybody's part is understood. A
    /// saturated ENT may put a message into its outbox after we looked there.
    doubtful: Mutex<HashMap<String, Option<Told>>>,
    /// Accounts that were opened, as answers told since the start: that stays so, whatever answer is lost.
    opened: Mutex<HashSet<String>>,
}

/// Why a message was not taken.
enum NotPosted {
    /// It was refused, or nothing is known of it.
    Failed(SendError),
    /// Our account may write to these alone of its recipients: nobody has it.
    Unseen(Vec<String>),
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
        if !(1..=MOST_NAMED).contains(&settings.most_together) {
            let problem = format!("must be 1 to {MOST_NAMED}: an answer names no more than that");
            return Err(BadSettings::new(&name, "most_together", problem));
        }
        let acts_as_itself = matches!(settings.grant, EdificeGrant::ClientCredentials);
        if acts_as_itself {
            tracing::warn!(
                provider = name,
                "client_credentials acts as nobody of the school: the ENT may let it write to no family."
            );
        }
        Ok(Self {
            no_reply: settings.no_reply,
            acts_as_itself,
            line: EntLine { http, session },
            at_most: settings.most_together,
            most_together: AtomicUsize::new(settings.most_together),
            doubtful: Mutex::default(),
            opened: Mutex::default(),
            name,
        })
    }
}

impl ProviderKind for EdificeSettings {
    fn channel(&self) -> Channel {
        Channel::Ent
    }

    fn takes_replies(&self) -> bool {
        !self.no_reply
    }

    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn most_together(&self) -> usize {
        self.most_together
    }

    fn notifies_after(&self) -> Option<Duration> {
        Some(self.notifies_after.0)
    }

    fn recalls_within(&self) -> Option<Duration> {
        Some(recall::WITHIN)
    }

    fn lists_accounts(&self) -> bool {
        true
    }

    fn place(&self) -> Option<&str> {
        Some(&self.url)
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
        if self.is_doubtful(reference)
            && let Some(accepted) = self.ask(envelope).await?
        {
            return Ok(accepted);
        }
        let sent = self.hand_over(envelope).await;
        self.note_doubt(reference, sent.as_ref().err());
        sent.map_err(|error| masked::without_recipient(error, envelope))
    }

    /// The search finds words; only the text itself says that a message is this one. A page in place of a
    /// message says nothing, nor does a page of the outbox that others fill: the ENT is asked again.
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let found = outbox::find(&self.line, &envelope.reference).await;
        let found = found.map_err(|error| masked::without_recipient(error, envelope))?;
        if found.is_some() {
            self.doubtful().remove(&envelope.reference);
        }
        Ok(found.map(|found| self.as_is_known(&envelope.to, found)))
    }

    fn most_together(&self) -> usize {
        self.most_together.load(Ordering::Relaxed)
    }

    /// All of them stand in `cci`, whom nobody but the sender sees; the ENT asks for no other recipient
    /// (entcore 6.15, `ConversationController.send`). It sends one notification to all: further ones of the same
    /// sender within its `antiFloodDelay` (3 s) are dropped, and no answer tells.
    async fn send_together(&self, circular: &Circular) -> Result<Verdicts, SendError> {
        let reference = &circular.reference;
        if self.is_doubtful(reference)
            && let Some(verdicts) = self.ask_together(circular).await?
        {
            return Ok(verdicts);
        }
        let sent = self.hand_to_all(circular).await;
        self.note_doubt(reference, sent.as_ref().err());
        sent
    }

    async fn ask_together(&self, circular: &Circular) -> Result<Option<Verdicts>, SendError> {
        let told = self.doubtful().get(&circular.reference).cloned().flatten();
        let found = outbox::find_all(&self.line, circular, told.as_ref()).await?;
        if found.as_ref().is_some_and(|verdicts| !verdicts.iter().any(is_uncertain)) {
            self.doubtful().remove(&circular.reference);
        }
        let known = |(to, verdict): (_, Result<Accepted, SendError>)| {
            verdict.map(|found| self.as_is_known(to, found))
        };
        Ok(found.map(|verdicts| circular.to.iter().zip(verdicts).map(known).collect()))
    }

    async fn recall(&self, provider_ref: &str) -> Result<(), SendError> {
        recall::recall(&self.line, provider_ref).await
    }

    // ---- what it says later --------------------------------------------------------------------

    /// The newer address tells whose guardian each is; an ENT that does not have it, or keeps it from us (it sends
    /// to log in whoever's scope lacks `communication`), has the older one.
    async fn fetch_accounts(&self) -> Result<Vec<ListedAccount>, SendError> {
        let told = self.line.list("/communication/visible/search").await?;
        if !matches!(told.status, 401 | 403 | 404) && !told.leads_to(LOGIN) {
            let contacts: Vec<Value> = words::data(&told)?;
            return Ok(words::accounts(contacts));
        }
        let visible: Visible =
            words::data(&self.line.list("/conversation/visible?search=").await?)?;
        Ok(visible.accounts())
    }

    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        super::listen_for_accounts(self, inbox, &stop).await;
    }

    // ---- check ---------------------------------------------------------------------------------

    async fn check(&self) -> Result<Health, SendError> {
        let answer = self.line.get("/conversation/count/INBOX?unread=true").await?;
        let count: words::UnreadCount = words::data(&answer)?;
        let unread = count.unread().map_or_else(|| "?".to_owned(), |unread| unread.to_string());
        let visible = self.fetch_accounts().await?;
        if visible.is_empty() {
            return Err(SendError::new(FailureKind::Misconfigured, self.why_nobody_is_visible()));
        }
        let guardians = visible.iter().filter(|account| !account.is_staff).count();
        let (families, families_in_french) = match guardians {
            0 => (": families get nothing by it", ", donc rien pour les familles"),
            _ => ("", ""),
        };
        Ok(Health {
            summary: format!(
                "signed in to the ENT, {unread} messages unread, {guardians} guardians visible{families}"
            ),
            in_french: format!(
                "connecté à l’ENT, messages non lus : {unread}, responsables visibles : {guardians}{families_in_french}"
            ),
        })
    }
}

impl Edifice {
    async fn hand_over(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let to = std::slice::from_ref(&envelope.to);
        let message = self.message(&envelope.content, &envelope.reference, "to", to)?;
        let told = self.post(&message, to).await.map_err(|not_taken| match not_taken {
            NotPosted::Failed(error) => error,
            NotPosted::Unseen(_) => unseen(),
        })?;
        let verdicts = told.verdicts(to, &[]);
        self.note_opened(to, &verdicts);
        verdicts.into_iter().next().unwrap_or_else(|| Ok(accepted(told.id)))
    }

    /// One recipient who is not visible to our account makes the ENT refuse them all: it is asked who is, and the
    /// message leaves again for those.
    async fn hand_to_all(&self, circular: &Circular) -> Result<Verdicts, SendError> {
        let all = &circular.to;
        let message = |to| self.message(&circular.content, &circular.reference, "cci", to);
        let visible = match self.post(&message(all)?, all).await {
            Ok(told) => return self.judged(told, circular, all).await,
            Err(NotPosted::Failed(error)) => return Err(error),
            Err(NotPosted::Unseen(visible)) => visible,
        };
        let is_seen = |to: &&ContactPoint| visible.iter().any(|id| id == to.value());
        let seen: Vec<ContactPoint> = all.iter().filter(is_seen).cloned().collect();
        if seen.is_empty() {
            return Ok(vec![Err(unseen()); all.len()]);
        }
        let told =
            self.post(&message(&seen)?, &seen).await.map_err(|not_taken| match not_taken {
                NotPosted::Failed(error) => error,
                NotPosted::Unseen(_) => unseen(),
            })?;
        let mut of_seen = self.judged(told, circular, &seen).await?.into_iter();
        let verdict = |to| if is_seen(&to) { of_seen.next() } else { None };
        Ok(all.iter().map(verdict).map(|it| it.unwrap_or_else(|| Err(unseen()))).collect())
    }

    /// What became of each of `to`. Where names have to tell and cannot be had, nothing is certain yet: what the
    /// ENT answered is kept for when it is asked.
    async fn judged(
        &self,
        told: Told,
        circular: &Circular,
        to: &[ContactPoint],
    ) -> Result<Verdicts, SendError> {
        if let Some(cut) = told.cut_at() {
            self.most_together.fetch_min(cut, Ordering::Relaxed);
        }
        let mut named = Vec::new();
        if !told.is_the_same_to_all(to.len())
            && let Ok(Some(opened)) = outbox::open(&self.line, &told.id).await
        {
            named = opened.recipients();
        }
        let verdicts = told.verdicts(to, &named);
        self.note_opened(to, &verdicts);
        if verdicts.iter().any(is_uncertain) {
            self.keep(&circular.reference, told);
        }
        Ok(verdicts)
    }

    /// The message, with all of `to` in the list of that name.
    fn message(
        &self,
        content: &Content,
        reference: &str,
        list: &str,
        to: &[ContactPoint],
    ) -> Result<Value, SendError> {
        let Content::Ent { subject, html } = content else {
            return Err(SendError::new(FailureKind::Refused, "the content is not for an ENT"));
        };
        let mut message = json!({
            "subject": subject,
            "body": marked(html, reference),
            "to": [],
            "cc": [],
            "cci": [],
            "noReply": self.no_reply,
        });
        message[list] = to.iter().map(ContactPoint::value).collect();
        Ok(message)
    }

    /// A 401 is the answer to a recipient whom our account may not write to (entcore 6.15: `VisiblesFilter`, then
    /// `ActionFilter.deny`, a page); a token that the ENT does not know is sent to log in instead.
    async fn post(&self, message: &Value, to: &[ContactPoint]) -> Result<Told, NotPosted> {
        let send = || self.line.post("/conversation/send", message, EntCall::Message);
        let mut answer = send().await?;
        if answer.status == 401 && !words::speaks_of_a_recipient(&answer) {
            let visible = self.visible_among(to).await?;
            if visible.len() < to.len() {
                return Err(NotPosted::Unseen(visible));
            }
            answer = send().await?;
        }
        if answer.status == TOO_LARGE {
            self.note_too_large(to.len());
        }
        let (id, what_became) = words::sent(&answer)?;
        Ok(Told::new(id, &what_became))
    }

    /// The ids of those among `to` whom our account may write to.
    async fn visible_among(&self, to: &[ContactPoint]) -> Result<Vec<String>, SendError> {
        let ids: Vec<&str> = to.iter().map(ContactPoint::value).collect();
        let asked = json!({"ids": ids});
        let answer = self.line.post("/conversation/visibles", &asked, EntCall::Question).await?;
        if matches!(answer.status, 403 | 404) {
            return Err(answer.error(FailureKind::Denied, "it does not tell who is visible"));
        }
        let mut visible = words::visible_ids(&answer)?;
        visible.retain(|id| ids.contains(&id.as_str()));
        Ok(visible)
    }

    const fn why_nobody_is_visible(&self) -> &'static str {
        if self.acts_as_itself {
            return "nobody is visible to it: client_credentials acts as nobody of the school; name an account of \
                    the school's (grant password)";
        }
        "nobody is visible to this account: the ENT's operator says whom it may write to"
    }

    fn is_doubtful(&self, reference: &str) -> bool {
        self.doubtful().contains_key(reference)
    }

    /// What is refused now may have been taken before.
    fn note_doubt(&self, reference: &str, error: Option<&SendError>) {
        let mut doubtful = self.doubtful();
        match error {
            Some(error) if error.kind == FailureKind::Uncertain => {
                if doubtful.len() < MOST_DOUBTFUL {
                    doubtful.entry(reference.to_owned()).or_default();
                }
            }
            Some(_) => {}
            None => {
                if doubtful.get(reference).is_some_and(Option::is_none) {
                    doubtful.remove(reference);
                }
            }
        }
    }

    /// Keeps what an answer told, for when it is asked what became of that message.
    fn keep(&self, reference: &str, told: Told) {
        let mut doubtful = self.doubtful();
        if doubtful.len() < MOST_DOUBTFUL {
            doubtful.insert(reference.to_owned(), Some(told));
        }
    }

    /// Fewer are written to from now on. Where one alone is too many, it was the text.
    fn note_too_large(&self, recipients: usize) {
        if recipients > 1 {
            self.most_together.fetch_min(recipients / 2, Ordering::Relaxed);
        } else {
            self.most_together.store(self.at_most, Ordering::Relaxed);
        }
    }

    /// Keeps in mind who opened their account, as an answer told.
    fn note_opened(&self, to: &[ContactPoint], verdicts: &[Result<Accepted, SendError>]) {
        let mut opened = self.opened();
        for (to, _) in to.iter().zip(verdicts).filter(|(_, verdict)| verdict.is_ok()) {
            if opened.len() < MOST_OPENED {
                opened.insert(to.value().to_owned());
            }
        }
    }

    /// A message that was found there, and whose answer was lost: what earlier ones told of its recipient holds.
    fn as_is_known(&self, to: &ContactPoint, found: Accepted) -> Accepted {
        let may_reach_nobody = found.may_reach_nobody && !self.opened().contains(to.value());
        Accepted { may_reach_nobody, ..found }
    }

    fn opened(&self) -> MutexGuard<'_, HashSet<String>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn doubtful(&self) -> MutexGuard<'_, HashMap<String, Option<Told>>> {
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<SendError> for NotPosted {
    fn from(error: SendError) -> Self {
        Self::Failed(error)
    }
}

fn unseen() -> SendError {
    SendError::new(FailureKind::Unseen, "not visible to the account that sends")
}
