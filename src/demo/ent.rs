//! A stand-in for an Edifice ENT, with its bad days.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, io};

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::loopback::{self, Loopback};
use crate::clock::{Clock, Moment};
use crate::wording::markdown::push_html;

/// The application's id that this ENT knows.
pub const CLIENT_ID: &str = "chappe";
/// The application's secret that this ENT knows.
pub const CLIENT_SECRET: &str = "ent-secret";
/// Both, as HTTP Basic writes them.
const BASIC: &str = "Basic Y2hhcHBlOmVudC1zZWNyZXQ=";
/// How long a token holds, in seconds.
const LIFETIME: u64 = 3_600;

/// An account of the ENT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntAccount {
    /// The id that messages are addressed to.
    pub id: String,
    /// The name that the ENT shows.
    pub display_name: String,
    /// `Relative`, `Student`, `Teacher` or `Personnel`.
    pub profile: String,
    /// Whether its owner ever opened it.
    pub active: bool,
    /// The names of the pupils whose guardian it is.
    pub children: Vec<String>,
}

/// How the ENT fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Well.
    Fine,
    /// Sessions are over quota: those there are end, and no new one is given (509).
    Quota509,
    /// Every address answers 200 with a page that asks for patience.
    HtmlPage,
    /// Requests are read and never answered.
    Silent,
    /// Messages are taken, but their sending is never answered.
    SilentOnceTaken,
    /// The front proxy answers 503.
    Unavailable503,
    /// The front proxy gives up on the servers behind it (504), which take every message all the same.
    TimesOut504,
}

/// A message that this ENT took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntMessage {
    /// Its id.
    pub id: String,
    /// The account that it was addressed to.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Body in HTML.
    pub body: String,
    /// Whether it may be answered.
    pub no_reply: bool,
}

/// A running ENT; it stops when this is dropped.
pub struct EntStandIn {
    url: String,
    ent: SharedEnt,
    _server: Loopback,
}

type SharedEnt = Arc<Mutex<Ent>>;

struct Ent {
    accounts: Vec<EntAccount>,
    script: Vec<(Duration, Weather)>,
    by_hand: Option<Weather>,
    clock: Clock,
    started: Moment,
    tokens: Vec<String>,
    tokens_given: usize,
    messages: Vec<EntMessage>,
    kept_in: Option<PathBuf>,
    requests: Vec<String>,
}

impl EntStandIn {
    /// An ENT with these accounts. Each line of `script` says from when on, after the start, the
    /// weather is such; before the first it is fine.
    pub async fn start(
        accounts: Vec<EntAccount>,
        script: Vec<(Duration, Weather)>,
        clock: Clock,
    ) -> io::Result<Self> {
        let ent = Arc::new(Mutex::new(Ent {
            accounts,
            script,
            by_hand: None,
            started: clock.now(),
            clock,
            tokens: Vec::new(),
            tokens_given: 0,
            messages: Vec::new(),
            kept_in: None,
            requests: Vec::new(),
        }));
        let router = Router::new()
            .route("/auth/oauth2/token", post(token))
            .route("/conversation/send", post(send))
            .route("/conversation/visible", get(visible))
            .route("/communication/visible/search", get(search_visible))
            .route("/conversation/count/INBOX", get(|| async { Json(json!({"count": 0})) }))
            .route("/conversation/api/folders/outbox/messages", get(search_outbox))
            .route("/conversation/api/messages/{id}", get(message))
            .layer(from_fn_with_state(Arc::clone(&ent), weather_first))
            .with_state(Arc::clone(&ent));
        let (listener, address) = loopback::listener().await?;
        let server = Loopback::run(listener, router);
        Ok(Self { url: format!("http://{address}"), ent, _server: server })
    }

    /// Its root.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on each message that is taken also lies in `folder`, as a page that shows what its reader
    /// sees: `message-1.html`.
    pub fn keep_in(&self, folder: PathBuf) -> io::Result<()> {
        fs::create_dir_all(&folder)?;
        lock(&self.ent).kept_in = Some(folder);
        Ok(())
    }

    /// Sets the weather by hand, whatever the script says.
    pub fn set_weather(&self, weather: Weather) {
        lock(&self.ent).by_hand = Some(weather);
    }

    /// Plays another script, from its beginning.
    pub fn play(&self, script: Vec<(Duration, Weather)>) {
        let mut ent = lock(&self.ent);
        ent.started = ent.clock.now();
        ent.script = script;
        ent.by_hand = None;
    }

    /// How the ENT fares now.
    #[must_use]
    pub fn weather(&self) -> Weather {
        lock(&self.ent).weather()
    }

    /// Ends every session: the next call gets 401.
    pub fn end_sessions(&self) {
        lock(&self.ent).tokens.clear();
    }

    /// How many tokens were given.
    #[must_use]
    pub fn tokens_given(&self) -> usize {
        lock(&self.ent).tokens_given
    }

    /// Every message that was taken.
    #[must_use]
    pub fn messages(&self) -> Vec<EntMessage> {
        lock(&self.ent).messages.clone()
    }

    /// How many messages were taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        lock(&self.ent).messages.len()
    }

    /// How many messages hold `reference`.
    #[must_use]
    pub fn count(&self, reference: &str) -> usize {
        lock(&self.ent).messages.iter().filter(|message| message.body.contains(reference)).count()
    }

    /// Every request: `POST /conversation/send`.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.ent).requests.clone()
    }
}

impl Ent {
    fn weather(&self) -> Weather {
        let elapsed = self.clock.now().since(self.started);
        let scripted = self.script.iter().rev().find(|(from, _)| *from <= elapsed);
        self.by_hand.or(scripted.map(|(_, weather)| *weather)).unwrap_or(Weather::Fine)
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        bearer(headers).is_some_and(|token| self.tokens.iter().any(|known| known == token))
    }
}

fn lock(ent: &SharedEnt) -> MutexGuard<'_, Ent> {
    ent.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Notes the request, then lets it through as the weather allows.
async fn weather_first(State(ent): State<SharedEnt>, request: Request, next: Next) -> Response {
    let (weather, is_known) = {
        let mut ent = lock(&ent);
        ent.requests.push(format!("{} {}", request.method(), request.uri()));
        if ent.weather() == Weather::Quota509 {
            ent.tokens.clear();
        }
        (ent.weather(), ent.knows(request.headers()))
    };
    let asks_for_token = request.uri().path() == "/auth/oauth2/token";
    let sends = request.uri().path() == "/conversation/send";
    match weather {
        Weather::Quota509 if asks_for_token => {
            let status = StatusCode::from_u16(509).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            (status, Json(json!({"error": "quota_overflow"}))).into_response()
        }
        Weather::HtmlPage => {
            Html("<!doctype html><title>ENT</title><p>Trop de connexions : merci de patienter.</p>")
                .into_response()
        }
        Weather::Unavailable503 => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")], "").into_response()
        }
        Weather::Silent => std::future::pending().await,
        Weather::TimesOut504 if !asks_for_token && !sends => {
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        _ if asks_for_token || is_known => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn token(State(ent): State<SharedEnt>, headers: HeaderMap) -> Response {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if basic != Some(BASIC) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "invalid_client"})))
            .into_response();
    }
    let mut ent = lock(&ent);
    ent.tokens_given += 1;
    let token = format!("token-{}", ent.tokens_given);
    ent.tokens.push(token.clone());
    Json(json!({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME}))
        .into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Composed {
    subject: String,
    body: String,
    to: Vec<String>,
    #[serde(default)]
    no_reply: bool,
}

async fn send(State(ent): State<SharedEnt>, Json(draft): Json<Composed>) -> Response {
    let answer = take(&mut lock(&ent), draft);
    let weather = lock(&ent).weather();
    match weather {
        Weather::SilentOnceTaken => std::future::pending().await,
        Weather::TimesOut504 => StatusCode::GATEWAY_TIMEOUT.into_response(),
        _ => answer,
    }
}

fn take(ent: &mut Ent, draft: Composed) -> Response {
    let addressed = draft.to.first().and_then(|to| ent.accounts.iter().find(|it| it.id == *to));
    let Some(account) = addressed else {
        let refusal = json!({"error": "conversation.error.send.visible"});
        return (StatusCode::BAD_REQUEST, Json(refusal)).into_response();
    };
    let inactive: Vec<_> =
        (!account.active).then(|| account.display_name.clone()).into_iter().collect();
    let message = EntMessage {
        id: format!("message-{}", ent.messages.len() + 1),
        to: account.id.clone(),
        subject: draft.subject,
        body: draft.body,
        no_reply: draft.no_reply,
    };
    let answer = json!({
        "id": message.id,
        "subject": message.subject,
        "body": message.body,
        "thread_id": message.id,
        "sent": 1 - inactive.len(),
        "inactiveCount": inactive.len(),
        "inactive": inactive,
        "undelivered": [],
    });
    if let Some(Err(error)) = ent.kept_in.as_ref().map(|folder| {
        fs::write(folder.join(format!("{}.html", message.id)), page(&message, account))
    }) {
        tracing::warn!(%error, "A message cannot be kept to look at.");
    }
    ent.messages.push(message);
    Json(answer).into_response()
}

/// What the reader of a message sees.
fn page(message: &EntMessage, account: &EntAccount) -> String {
    let mut page = String::from(include_str!("ent_message.html"));
    for (place, text) in
        [("<!--to-->", &account.display_name), ("<!--subject-->", &message.subject)]
    {
        let mut escaped = String::new();
        push_html(&mut escaped, text);
        page = page.replace(place, &escaped);
    }
    page.replace("<!--body-->", &message.body)
}

#[derive(Deserialize)]
struct SearchQuery {
    #[serde(default)]
    search: String,
}

async fn visible(
    State(ent): State<SharedEnt>,
    Query(SearchQuery { search }): Query<SearchQuery>,
) -> Json<Value> {
    let search = search.to_lowercase();
    let users: Vec<Value> = lock(&ent)
        .accounts
        .iter()
        .filter(|account| account.display_name.to_lowercase().contains(&search))
        .map(|it| json!({"id": it.id, "displayName": it.display_name, "profile": it.profile}))
        .collect();
    Json(json!({"groups": [], "users": users}))
}

/// What newer versions tell of everybody who is visible.
async fn search_visible(State(ent): State<SharedEnt>) -> Json<Value> {
    let contact = |it: &EntAccount| {
        let child = |name: &String| json!({"id": format!("of-{}", it.id), "displayName": name});
        let children: Vec<Value> = it.children.iter().map(child).collect();
        json!({
            "id": it.id, "displayName": it.display_name, "type": "User", "profile": it.profile,
            "children": children,
        })
    };
    Json(Value::Array(lock(&ent).accounts.iter().map(contact).collect()))
}

/// The list has no text: each message must be opened to be read.
async fn search_outbox(
    State(ent): State<SharedEnt>,
    Query(SearchQuery { search }): Query<SearchQuery>,
) -> Response {
    if search.chars().count() < 3 {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "search.too.short"})))
            .into_response();
    }
    let found: Vec<Value> = lock(&ent)
        .messages
        .iter()
        .filter(|message| message.body.contains(&search) || message.subject.contains(&search))
        .map(|it| json!({"id": it.id, "subject": it.subject, "state": "SENT"}))
        .collect();
    Json(found).into_response()
}

async fn message(State(ent): State<SharedEnt>, Path(id): Path<String>) -> Response {
    match lock(&ent).messages.iter().find(|message| message.id == id) {
        Some(it) => Json(json!({"id": it.id, "subject": it.subject, "body": it.body, "to": it.to}))
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
