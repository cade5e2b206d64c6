//! The HTTP edge of every provider: time limits, no redirect, a cap on what is read, and the one
//! question that matters afterwards: had the request left?

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Url};
use serde::de::DeserializeOwned;

use super::masked::masked;
use super::public_address::{PublicAlone, is_public};
use super::{BadSettings, Guard, guard};
use crate::clock::{Clock, Moment};
use crate::delivery::{FailureKind, SendError};
use crate::settings::Span;
use crate::tls;

/// The most that is read of an answer, in octets; of lists, a provider allows more.
pub(super) const USUAL_ANSWER: usize = 512 * 1024;

/// A connection that was idle for longer is not used again.
const IDLE_LIMIT: Duration = Duration::from_secs(15);

/// The longest wait that a provider may ask for.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// A client for one service.
pub(crate) struct Http {
    client: Client,
    root: String,
    clock: Clock,
}

/// Which addresses a service may have.
#[derive(Clone, Copy)]
pub(crate) enum Hosts<'a> {
    /// Any; called in clear only where nothing crosses a network.
    Any,
    /// Public ones, never called in clear.
    Public,
    /// Any of the host of this name, in clear too.
    Named(&'a str),
}

/// How long a service may take.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// For the connection.
    pub connect: Span,
    /// For the whole call.
    pub answer: Span,
}

/// What a service answered.
pub(crate) struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// When it asked us to come back.
    pub retry_after: Option<Duration>,
    is_html: bool,
    location: String,
    body: Vec<u8>,
}

/// No answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// There was no connection: the request did not leave.
    NotSent(String),
    /// The request left, or may have.
    Lost(String),
}

impl Hosts<'_> {
    /// Whether a service may have this address, or what is wrong with it. What a name leads to is looked at
    /// when it is called; an address in numbers, here.
    fn check(self, url: &Url, host: &str) -> Result<(), String> {
        let is_encrypted = url.scheme() == "https";
        match self {
            Self::Any if is_encrypted || guard::is_this_machine(host) => Ok(()),
            Self::Any => Err("must be https: credentials travel there".to_owned()),
            Self::Public if !is_encrypted => Err("must be https, but for private_host".to_owned()),
            Self::Public if guard::in_numbers(host).is_some_and(|it| !is_public(it)) => {
                Err("is not a public address, and private_host does not name it".to_owned())
            }
            Self::Public => Ok(()),
            Self::Named(name) if name.eq_ignore_ascii_case(host) => Ok(()),
            Self::Named(_) => Err("has another host than private_host names".to_owned()),
        }
    }
}

impl Http {
    /// A client for the service at `root` (`https://…`, without a final slash).
    pub fn new(
        provider: &str,
        key: &'static str,
        root: &str,
        limits: Limits,
        clock: Clock,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        Self::calling(Hosts::Any, provider, key, root, limits, clock, guard)
    }

    /// The same for a service that has such an address, and no other.
    pub fn calling(
        hosts: Hosts<'_>,
        provider: &str,
        key: &'static str,
        root: &str,
        limits: Limits,
        clock: Clock,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        let bad = |problem: String| BadSettings::new(provider, key, problem);
        let url = Url::parse(root).map_err(|error| bad(error.to_string()))?;
        let host = url.host_str().ok_or_else(|| bad("names no host".to_owned()))?;
        guard.check(host).map_err(|error| bad(error.to_string()))?;
        hosts.check(&url, host).map_err(bad)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("must hold no credentials".to_owned()));
        }
        let tls = match url.scheme() {
            "https" => tls::client_config(None),
            _ => tls::no_authority(),
        };
        let mut client = Client::builder()
            .tls_backend_preconfigured(tls.map_err(bad)?)
            .redirect(Policy::none())
            .connect_timeout(limits.connect.0)
            .timeout(limits.answer.0)
            .tcp_nodelay(true)
            // Servers hang up on idle connections; a message must not leave by one of those.
            .pool_idle_timeout(IDLE_LIMIT)
            .user_agent(concat!("Chappe/", env!("CARGO_PKG_VERSION")));
        if guard == Guard::LoopbackOnly {
            client = client.no_proxy();
        }
        if matches!(hosts, Hosts::Public) {
            // A proxy would look the name up by itself.
            client = client.no_proxy().dns_resolver(PublicAlone);
        }
        let client = client
            .build()
            .map_err(|error| BadSettings::new(provider, key, error.without_url().to_string()))?;
        Ok(Self { client, root: root.trim_end_matches('/').to_owned(), clock })
    }

    /// The address of `path` (with its leading slash, and its query already encoded).
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// A request to fill in and [`Http::call`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Sends `request` and reads the whole answer, whatever its status.
    pub async fn call(&self, request: RequestBuilder) -> Result<Answer, NoAnswer> {
        self.call_for(request, USUAL_ANSWER).await
    }

    /// The same for an answer of `most` octets at most; a longer one is none.
    pub async fn call_for(&self, request: RequestBuilder, most: usize) -> Result<Answer, NoAnswer> {
        let mut response = request.send().await.map_err(|error| no_answer(&error))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + chunk.len() > most {
                return Err(NoAnswer::Lost("the answer has no end".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status: response.status().as_u16(),
            retry_after: retry_after(response.headers(), self.clock.now()),
            is_html: is_html(response.headers(), &body),
            location: location(response.headers()),
            body,
        })
    }
}

fn no_answer(error: &reqwest::Error) -> NoAnswer {
    if error.is_connect() || error.is_builder() {
        return NoAnswer::NotSent(innermost(error));
    }
    lost(error)
}

fn lost(error: &reqwest::Error) -> NoAnswer {
    if error.is_timeout() {
        return NoAnswer::Lost("no answer in time".to_owned());
    }
    NoAnswer::Lost(innermost(error))
}

/// The cause alone: the outer errors repeat the address called.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    masked(&cause.to_string())
}

fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let declared = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    declared || body.trim_ascii_start().starts_with(b"<")
}

/// Where a redirect leads; empty where it leads nowhere.
fn location(headers: &HeaderMap) -> String {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    location.unwrap_or_default().to_owned()
}

/// The wait that was asked for, in seconds or as a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap, now: Moment) -> Option<Duration> {
    let asked = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match asked.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => Moment(rfc2822_millis(asked)?).since(now),
    };
    Some(wait.min(LONGEST_WAIT))
}

fn rfc2822_millis(date: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp().as_millisecond())
}

impl Answer {
    /// Whether a page came where data was due.
    pub fn is_html(&self) -> bool {
        self.is_html
    }

    /// Whether it is a redirect to an address with `path` in it.
    pub fn leads_to(&self, path: &str) -> bool {
        (300..400).contains(&self.status) && self.location.contains(path)
    }

    /// The answer as a `T`; `None` when it is none.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The same where an object is due: a list of values is no object, whatever its values.
    pub fn object<T: DeserializeOwned>(&self) -> Option<T> {
        self.body.trim_ascii_start().starts_with(b"{").then(|| self.json()).flatten()
    }

    /// Its octets.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// An error of this kind, with the status, `words`, and the wait that was asked for.
    pub fn error(&self, kind: FailureKind, words: &str) -> SendError {
        let detail = match words {
            "" => format!("HTTP {}", self.status),
            words => format!("HTTP {}: {}", self.status, masked(words)),
        };
        SendError::new(kind, detail).retry_after(self.retry_after)
    }
}

impl NoAnswer {
    /// The verdict on a request that hands a message over.
    pub fn after_a_message(self) -> SendError {
        match self {
            Self::NotSent(why) => SendError::new(FailureKind::Unreachable, why),
            Self::Lost(why) => SendError::new(FailureKind::Uncertain, why),
        }
    }

    /// The verdict on a request that only asks: nothing is uncertain, it can be asked again.
    pub fn after_a_question(self) -> SendError {
        let (Self::NotSent(why) | Self::Lost(why)) = self;
        SendError::new(FailureKind::Unreachable, why)
    }
}
