//! The addresses of the provider, called as those who carry are: with limits of time and size, never by a redirect.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Url};

use super::IdentityError;
use crate::clock::Clock;
use crate::providers::{Answer, BadSettings, Guard, Http, Limits};
use crate::settings::Span;

/// Somebody waits before a page meanwhile.
const LIMITS: Limits =
    Limits { connect: Span(Duration::from_secs(5)), answer: Span(Duration::from_secs(10)) };
/// No document, set of keys or token of a provider is longer, in octets.
const LONGEST: usize = 256 * 1024;
/// A provider has its addresses at fewer hosts.
const MOST_HOSTS: usize = 8;

/// Whoever calls the provider: a client for each of its hosts, made once.
pub(super) struct HttpClients {
    clock: Clock,
    guard: Guard,
    clients: Mutex<Vec<(String, Arc<Http>)>>,
}

/// One address of the provider.
pub(super) struct Endpoint {
    http: Arc<Http>,
    path: String,
}

impl HttpClients {
    /// Nobody is called yet.
    pub(super) fn new(clock: Clock, guard: Guard) -> Self {
        Self { clock, guard, clients: Mutex::default() }
    }

    /// This address, as it stands; what it is for, in an error.
    pub(super) fn at(&self, url: &str, what: &'static str) -> Result<Endpoint, IdentityError> {
        let bad = |problem: String| IdentityError::NoAnswer(format!("its {what} {problem}"));
        let (origin, path) = split(url).ok_or_else(|| bad("is no address".to_owned()))?;
        let http = self.client(origin, what).map_err(|error| bad(error.problem))?;
        Ok(Endpoint { http, path: path.to_owned() })
    }

    fn client(&self, origin: &str, what: &'static str) -> Result<Arc<Http>, BadSettings> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, made)) = clients.iter().find(|(of, _)| of == origin) {
            return Ok(Arc::clone(made));
        }
        let made = Http::new("openid", what, origin, LIMITS, self.clock.clone(), self.guard)?;
        let made = Arc::new(made);
        if clients.len() == MOST_HOSTS {
            clients.clear();
        }
        clients.push((origin.to_owned(), Arc::clone(&made)));
        Ok(made)
    }
}

impl Endpoint {
    /// What it shows to anybody, or to who has a token.
    pub(super) async fn get(&self, bearer: Option<&str>) -> Result<Answer, IdentityError> {
        let request = self.http.request(Method::GET, &self.path);
        self.answer(match bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
        .await
    }

    /// What it answers to a form.
    pub(super) async fn post(
        &self,
        form: &[(&str, &str)],
        authorization: Option<String>,
    ) -> Result<Answer, IdentityError> {
        let request = self.http.request(Method::POST, &self.path).form(form);
        self.answer(match authorization {
            Some(words) => request.header("authorization", words),
            None => request,
        })
        .await
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Answer, IdentityError> {
        let answer = self.http.call_for(request, LONGEST).await;
        answer.map_err(|none| IdentityError::NoAnswer(none.after_a_question().detail))
    }
}

/// Whether an address is one that people and secrets may be sent to: by TLS, or on this machine.
pub(super) fn is_safe(url: &str) -> bool {
    let is_odd = |sign: char| sign.is_control() || [' ', '\\', '#', '@'].contains(&sign);
    let Ok(read) = Url::parse(url) else { return false };
    let is_here =
        ["localhost", "127.0.0.1", "[::1]"].contains(&read.host_str().unwrap_or_default());
    !url.contains(is_odd) && (read.scheme() == "https" || (read.scheme() == "http" && is_here))
}

/// The host of an address; empty where it has none.
pub(super) fn host(url: &str) -> &str {
    let after = split(url).map_or("", |(origin, _)| origin);
    let host = after.split_once("://").map_or("", |(_, host)| host);
    // The port of an address in numbers stands after its bracket.
    let end = host.rfind(':').filter(|colon| host.rfind(']').is_none_or(|end| end < *colon));
    end.and_then(|end| host.get(..end)).unwrap_or(host)
}

/// An address as its origin and its path.
fn split(url: &str) -> Option<(&str, &str)> {
    let host = url.find("://")? + 3;
    let path = url.get(host..)?.find(['/', '?', '#']).map_or(url.len(), |at| host + at);
    url.split_at_checked(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Moment;

    #[test]
    fn an_address_is_called_as_it_stands() {
        assert_eq!(split("https://a.b/o/token/"), Some(("https://a.b", "/o/token/")));
        assert_eq!(split("https://a.b"), Some(("https://a.b", "")));
        assert_eq!(split("a.b/c"), None);
        assert_eq!(host("http://[::1]:80/x"), "[::1]");
        assert_eq!(host("https://a.b:8/x"), "a.b");
    }

    #[test]
    fn one_client_is_made_for_a_host_however_often_it_is_called() {
        let clients = HttpClients::new(Clock::standing_at(Moment(0)), Guard::LoopbackOnly);
        let at = |url: &str| clients.at(url, "jwks_uri").map(|it| it.http);
        let (one, same) =
            (at("http://127.0.0.1:9/a").unwrap(), at("http://127.0.0.1:9/b").unwrap());
        assert!(Arc::ptr_eq(&one, &same));
        assert!(!Arc::ptr_eq(&one, &at("http://127.0.0.1:10/a").unwrap()));
        assert!(at("http://id.example.org/a").is_err());
    }
}
