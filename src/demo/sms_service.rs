//! A stand-in for `OVHcloud`'s SMS service: it checks signatures, takes messages, writes them to a
//! file, and has receipts and replies for them later.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::loopback::{self, Loopback};
use crate::clock::{Clock, Moment};
use crate::providers::{OvhSecrets, signature};
use crate::wording::contact_details::contact_details;

/// The account.
pub const SERVICE: &str = "sms-ab12345-1";
/// The application key that this service knows.
pub const APPLICATION_KEY: &str = "ApplicationKeyExample";
/// The application secret that this service knows.
pub const APPLICATION_SECRET: &str = "AppSecretExample";
/// The consumer key that this service knows.
pub const CONSUMER_KEY: &str = "ConsumerKeyExample";
/// How far the clocks may differ, in seconds.
const TOLERANCE: u64 = 120;
/// The longest request.
const LONGEST: usize = 1024 * 1024;

/// How the service behaves.
pub struct Behaviour {
    /// The file where each message becomes a line of JSON.
    pub log: PathBuf,
    /// How long a receipt takes.
    pub receipt_after: Duration,
    /// Numbers (E.164) whose messages do not arrive.
    pub failing: Vec<String>,
    /// Numbers (E.164) that are not taken at all.
    pub invalid: Vec<String>,
    /// What these numbers (E.164) answer, once they have their message.
    pub replies: Vec<(String, String)>,
    /// What the account holds.
    pub credits: u32,
    /// The service's clock; it may differ from ours.
    pub clock: Clock,
}

/// A message that this service took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    /// Its id.
    pub id: i64,
    /// The number that it goes to.
    pub receiver: String,
    /// Its text.
    pub message: String,
    /// Our reference.
    pub tag: String,
    /// What was asked for, whole.
    pub job: Value,
    taken_at: Moment,
    is_held: bool,
}

/// A running service; it stops when this is dropped.
pub struct SmsStandIn {
    endpoint: String,
    service: SharedService,
    _server: Loopback,
}

type SharedService = Arc<Service>;

struct Service {
    root: String,
    secrets: OvhSecrets,
    behaviour: Behaviour,
    state: Mutex<Taken>,
}

struct Taken {
    log: File,
    credits: u32,
    holds_jobs: bool,
    is_silent: bool,
    knows_senders: bool,
    sms: Vec<Sms>,
    requests: Vec<String>,
}

impl SmsStandIn {
    /// A service that behaves so.
    pub async fn start(behaviour: Behaviour) -> io::Result<Self> {
        let (listener, address) = loopback::listener().await?;
        let root = format!("http://{address}");
        let log = OpenOptions::new().create(true).append(true).open(&behaviour.log)?;
        let state = Mutex::new(Taken {
            log,
            credits: behaviour.credits,
            holds_jobs: false,
            is_silent: false,
            knows_senders: true,
            sms: Vec::new(),
            requests: Vec::new(),
        });
        let secrets = OvhSecrets {
            application_secret: SecretString::from(APPLICATION_SECRET),
            consumer_key: SecretString::from(CONSUMER_KEY),
        };
        let endpoint = format!("{root}/1.0");
        let service = Arc::new(Service { root, secrets, behaviour, state });
        let signed = Router::new()
            .route("/1.0/sms/{service}", get(account))
            .route("/1.0/sms/{service}/jobs", get(jobs).post(take_job))
            .route("/1.0/sms/{service}/jobs/{id}", get(job))
            .route("/1.0/sms/{service}/outgoing", get(all_outgoing))
            .route("/1.0/sms/{service}/outgoing/{id}", get(outgoing))
            .route("/1.0/sms/{service}/incoming", get(all_incoming))
            .route("/1.0/sms/{service}/incoming/{id}", get(incoming))
            .layer(from_fn_with_state(Arc::clone(&service), signed_only));
        let router = signed.route("/1.0/auth/time", get(time)).with_state(Arc::clone(&service));
        Ok(Self { endpoint, service, _server: Loopback::run(listener, router) })
    }

    /// The API's root.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Whether messages wait among the jobs, in place of leaving at once.
    pub fn hold_jobs(&self, holds: bool) {
        let mut taken = self.service.lock();
        taken.holds_jobs = holds;
        if !holds {
            taken.sms.iter_mut().for_each(|sms| sms.is_held = false);
        }
    }

    /// Whether messages are taken, but their sending is never answered.
    pub fn fall_silent(&self, is_silent: bool) {
        self.service.lock().is_silent = is_silent;
    }

    /// Whether the sender that messages name is declared here.
    pub fn declare_senders(&self, are_declared: bool) {
        self.service.lock().knows_senders = are_declared;
    }

    /// Every message that was taken.
    #[must_use]
    pub fn messages(&self) -> Vec<Sms> {
        self.service.lock().sms.clone()
    }

    /// How many messages were taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.service.lock().sms.len()
    }

    /// How many messages carry the tag `reference`.
    #[must_use]
    pub fn count(&self, reference: &str) -> usize {
        self.service.lock().sms.iter().filter(|sms| sms.tag == reference).count()
    }

    /// Every signed request, refused ones too: `POST /1.0/sms/sms-ab12345-1/jobs`.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.service.lock().requests.clone()
    }
}

impl Service {
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        self.behaviour.clock.now()
    }

    fn is_receipted(&self, sms: &Sms) -> bool {
        !sms.is_held && self.now() >= sms.taken_at + self.behaviour.receipt_after
    }

    fn fails(&self, sms: &Sms) -> bool {
        self.behaviour.failing.contains(&sms.receiver)
    }

    /// The reply to a message, under the message's own id.
    fn reply(&self, sms: &Sms) -> Option<Value> {
        let (_, text) = self
            .behaviour
            .replies
            .iter()
            .find(|(number, _)| *number == sms.receiver && self.is_receipted(sms))?;
        let at = sms.taken_at + self.behaviour.receipt_after;
        Some(json!({
            "id": sms.id,
            "sender": sms.receiver,
            "message": text,
            "creationDatetime": rfc3339(at),
            "tag": sms.tag,
            "credits": 0,
        }))
    }
}

fn rfc3339(at: Moment) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({"errorCode": code, "httpCode": status.to_string(), "message": message});
    (status, Json(body)).into_response()
}

async fn time(State(service): State<SharedService>) -> Json<i64> {
    Json(service.now().0 / 1_000)
}

/// Lets a request through when its signature fits it, byte for byte.
async fn signed_only(
    State(service): State<SharedService>,
    request: Request,
    next: Next,
) -> Response {
    let line = format!("{} {}", request.method(), request.uri());
    service.lock().requests.push(line);
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST).await else {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LONG", "Too long");
    };
    let header = |name: &str| {
        parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    };
    if header("x-ovh-application") != APPLICATION_KEY {
        return refusal(StatusCode::FORBIDDEN, "INVALID_KEY", "Invalid application key");
    }
    if header("x-ovh-consumer") != CONSUMER_KEY {
        return refusal(
            StatusCode::FORBIDDEN,
            "INVALID_CREDENTIAL",
            "This credential is not valid",
        );
    }
    let timestamp: i64 = header("x-ovh-timestamp").parse().unwrap_or(0);
    if timestamp.abs_diff(service.now().0 / 1_000) > TOLERANCE {
        return refusal(StatusCode::BAD_REQUEST, "QUERY_TIME_OUT", "Query out of time");
    }
    let url = format!("{}{}", service.root, parts.uri);
    let text = String::from_utf8_lossy(&body);
    let expected = signature(&service.secrets, parts.method.as_str(), &url, &text, timestamp);
    if header("x-ovh-signature") != expected {
        return refusal(StatusCode::BAD_REQUEST, "INVALID_SIGNATURE", "Invalid signature");
    }
    if !parts.uri.path().starts_with(&format!("/1.0/sms/{SERVICE}")) {
        return refusal(StatusCode::NOT_FOUND, "NOT_FOUND", "The requested object does not exist");
    }
    next.run(Request::from_parts(parts, body.into())).await
}

async fn account(State(service): State<SharedService>) -> Json<Value> {
    Json(json!({
        "name": SERVICE,
        "status": "enable",
        "creditsLeft": service.lock().credits,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    message: String,
    receivers: Vec<String>,
    #[serde(default)]
    tag: String,
    sender: Option<String>,
    #[serde(default)]
    sender_for_response: bool,
}

async fn take_job(State(service): State<SharedService>, body: Bytes) -> Response {
    let read =
        serde_json::from_slice::<Value>(&body).and_then(|job| Ok((Asked::deserialize(&job)?, job)));
    let Ok((asked, job)) = read else {
        return refusal(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", "Not a job");
    };
    let answer = take(&service, asked, &job);
    let is_silent = service.lock().is_silent;
    if is_silent {
        return std::future::pending().await;
    }
    answer
}

fn take(service: &Service, asked: Asked, job: &Value) -> Response {
    let now = service.now();
    let mut taken = service.lock();
    if asked.sender_for_response && !contact_details(&asked.message).is_empty() {
        let words = "cannot send contact information with shortcode";
        return refusal(StatusCode::BAD_REQUEST, "", words);
    }
    if let Some(sender) = asked.sender.filter(|_| !taken.knows_senders) {
        let words = format!("Sms sender {sender} does not exists. Please create it first");
        return refusal(StatusCode::FORBIDDEN, "", &words);
    }
    let (invalid, valid): (Vec<_>, Vec<_>) = asked
        .receivers
        .into_iter()
        .partition(|receiver| service.behaviour.invalid.contains(receiver));
    let cost = u32::try_from(valid.len()).unwrap_or(u32::MAX);
    if cost > taken.credits {
        return refusal(StatusCode::PAYMENT_REQUIRED, "", "Not enough credits");
    }
    taken.credits -= cost;
    let mut ids = Vec::new();
    for receiver in &valid {
        let id = 26_929_925 + i64::try_from(taken.sms.len()).unwrap_or(0);
        let line = format!("{}\n", json!({"at": now.0, "id": id, "to": receiver, "job": job}));
        if let Err(error) = taken.log.write_all(line.as_bytes()) {
            tracing::warn!(%error, "The log of messages cannot be written.");
        }
        let sms = Sms {
            id,
            receiver: receiver.clone(),
            message: asked.message.clone(),
            tag: asked.tag.clone(),
            job: job.clone(),
            taken_at: now,
            is_held: taken.holds_jobs,
        };
        taken.sms.push(sms);
        // Nothing promises that they stand in the order of the receivers.
        ids.insert(0, id);
    }
    Json(json!({
        "totalCreditsRemoved": cost,
        "invalidReceivers": invalid,
        "ids": ids,
        "validReceivers": valid,
        "creditsLeft": taken.credits,
    }))
    .into_response()
}

/// Ids of the messages that `chosen` keeps.
fn ids(service: &Service, chosen: impl Fn(&Sms) -> bool) -> Json<Vec<i64>> {
    Json(service.lock().sms.iter().filter(|sms| chosen(sms)).map(|sms| sms.id).collect())
}

/// What `shown` makes of the message of this id, or 404.
fn one(service: &Service, id: i64, shown: impl Fn(&Sms) -> Option<Value>) -> Response {
    let found = service.lock().sms.iter().find(|sms| sms.id == id).and_then(shown);
    match found {
        Some(value) => Json(value).into_response(),
        None => refusal(StatusCode::NOT_FOUND, "NOT_FOUND", "The requested object does not exist"),
    }
}

async fn jobs(State(service): State<SharedService>) -> Json<Vec<i64>> {
    ids(&service, |sms| sms.is_held)
}

async fn job(State(service): State<SharedService>, Path((_, id)): Path<(String, i64)>) -> Response {
    one(&service, id, |sms| {
        sms.is_held.then(|| json!({"id": sms.id, "receiver": sms.receiver, "message": sms.message}))
    })
}

async fn all_outgoing(
    State(service): State<SharedService>,
    Query(filter): Query<HashMap<String, String>>,
) -> Json<Vec<i64>> {
    let tag = filter.get("tag");
    ids(&service, |sms| !sms.is_held && tag.is_none_or(|tag| *tag == sms.tag))
}

async fn outgoing(
    State(service): State<SharedService>,
    Path((_, id)): Path<(String, i64)>,
) -> Response {
    one(&service, id, |sms| {
        let (receipt, ptt) = match (service.is_receipted(sms), service.fails(sms)) {
            (false, _) => (0, 0),
            (true, false) => (1, 3),
            (true, true) => (2, 11),
        };
        (!sms.is_held).then(|| {
            json!({
                "id": sms.id,
                "receiver": sms.receiver,
                "message": sms.message,
                "tag": sms.tag,
                "deliveryReceipt": receipt,
                "ptt": ptt,
            })
        })
    })
}

async fn all_incoming(State(service): State<SharedService>) -> Json<Vec<i64>> {
    ids(&service, |sms| service.reply(sms).is_some())
}

async fn incoming(
    State(service): State<SharedService>,
    Path((_, id)): Path<(String, i64)>,
) -> Response {
    one(&service, id, |sms| service.reply(sms))
}
