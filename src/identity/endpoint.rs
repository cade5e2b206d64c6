//! One address of the provider, called as those who carry are: with limits of time and size, never by a redirect.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};

use super::IdentityError;
use crate::clock::Clock;
use crate::providers::{Answer, Guard, Http, Limits};
use crate::settings::Span;

/// Somebody waits before a page meanwhile.
const LIMITS: Limits =
    Limits { connect: Span(Duration::from_secs(5)), answer: Span(Duration::from_secs(10)) };
/// No document, set of keys or token of a provider is longer, in octets.
const LONGEST: usize = 256 * 1024;

/// One address of the provider.
pub(super) struct Endpoint {
    http: Http,
    path: String,
}

impl Endpoint {
    /// At this address, as it stands; what it is for, in an error.
    pub(super) fn at(
        url: &str,
        what: &'static str,
        (clock, guard): (&Clock, Guard),
    ) -> Result<Self, IdentityError> {
        let bad = |problem: String| IdentityError::NoAnswer(format!("its {what} {problem}"));
        let (origin, path) = split(url).ok_or_else(|| bad("is no address".to_owned()))?;
        let http = Http::new("openid", what, origin, LIMITS, clock.clone(), guard);
        let http = http.map_err(|error| bad(error.problem))?;
        Ok(Self { http, path: path.to_owned() })
    }

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

/// Whether an address is one that secrets may be sent to: by TLS, or on this machine.
pub(super) fn is_safe(url: &str) -> bool {
    let is_here = |host: &str| ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    let is_plain = !url.contains(['?', '#', '@', ' ']) && !host(url).is_empty();
    is_plain && (url.starts_with("https://") || (url.starts_with("http://") && is_here(host(url))))
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

    #[test]
    fn an_address_is_called_as_it_stands() {
        assert_eq!(split("https://a.b/o/token/"), Some(("https://a.b", "/o/token/")));
        assert_eq!(split("https://a.b"), Some(("https://a.b", "")));
        assert_eq!(split("a.b/c"), None);
        assert_eq!(host("http://[::1]:80/x"), "[::1]");
        assert_eq!(host("https://a.b:8/x"), "a.b");
    }
}
