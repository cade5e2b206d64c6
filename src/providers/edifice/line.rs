//! Our line to the ENT: every call with our token, and with a new one where it knows the old one no longer.

use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::super::http::{Answer, Http, NoAnswer, USUAL_ANSWER};
use super::session::EntSession;
use super::words::LOGIN;
use crate::delivery::SendError;

/// The longest list of accounts that is read, in octets: 20,000 accounts with their pupils.
const LONGEST_LIST: usize = 8 * 1024 * 1024;

/// A line to an ENT.
pub(super) struct EntLine {
    pub http: Http,
    pub session: EntSession,
}

impl EntLine {
    /// A message, or a question about one.
    pub async fn post(&self, path: &str, body: &Value, call: EntCall) -> Result<Answer, SendError> {
        let request = || self.http.request(Method::POST, path).json(body);
        self.signed_in(request, USUAL_ANSWER, call).await
    }

    /// An order that says nothing beside its address. Given twice it does no more than once, so that it may be given
    /// again as a question may be asked again.
    pub async fn order(&self, path: &str) -> Result<Answer, SendError> {
        let request = || self.http.request(Method::POST, path);
        self.signed_in(request, USUAL_ANSWER, EntCall::Question).await
    }

    pub async fn get(&self, path: &str) -> Result<Answer, SendError> {
        let request = || self.http.request(Method::GET, path);
        self.signed_in(request, USUAL_ANSWER, EntCall::Question).await
    }

    pub async fn list(&self, path: &str) -> Result<Answer, SendError> {
        let request = || self.http.request(Method::GET, path);
        self.signed_in(request, LONGEST_LIST, EntCall::Question).await
    }

    /// A call with our token, for an answer of `most` octets at most; with a new one, once, when the ENT
    /// no longer knows it.
    async fn signed_in(
        &self,
        request: impl Fn() -> RequestBuilder,
        most: usize,
        call: EntCall,
    ) -> Result<Answer, SendError> {
        let token = self.session.token(&self.http).await?;
        let signed = request().bearer_auth(token.expose_secret());
        let answer = self.http.call_for(signed, most).await.map_err(|it| call.lost(it))?;
        if !call.is_signed_out(&answer) {
            return Ok(answer);
        }
        let token = self.session.renewed(&self.http, &token).await?;
        let signed = request().bearer_auth(token.expose_secret());
        self.http.call_for(signed, most).await.map_err(|it| call.lost(it))
    }
}

/// What is called, and so what a lost answer means.
#[derive(Clone, Copy)]
pub(super) enum EntCall {
    Question,
    Message,
}

impl EntCall {
    fn lost(self, no_answer: NoAnswer) -> SendError {
        match self {
            Self::Question => no_answer.after_a_question(),
            Self::Message => no_answer.after_a_message(),
        }
    }

    /// Whether our token is not known: the ENT sends to its page for logging in. What it answers to a question
    /// that is not ours to ask may mean that too.
    fn is_signed_out(self, answer: &Answer) -> bool {
        let may_mean_it = matches!(self, Self::Question) && answer.status == 401;
        may_mean_it || answer.leads_to(LOGIN)
    }
}
