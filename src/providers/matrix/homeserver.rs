//! Calls to a homeserver (Matrix client-server API 1.16), as one account.

use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::super::http::{Answer, Http, NoAnswer, USUAL_ANSWER};
use super::words::{self, Whoami};
use crate::delivery::SendError;

/// What every path begins with.
const API: &str = "/_matrix/client/v3";

/// A homeserver and our account there.
pub(super) struct Homeserver {
    http: Http,
    token: SecretString,
    /// Who we are there, once it was asked.
    own: OnceCell<Whoami>,
}

impl Homeserver {
    pub fn new(http: Http, token: SecretString) -> Self {
        Self { http, token, own: OnceCell::new() }
    }

    /// Who we are there.
    pub async fn own(&self) -> Result<&Whoami, SendError> {
        self.own
            .get_or_try_init(|| async { words::data(&self.get("/account/whoami").await?) })
            .await
    }

    /// Hands a message over: when no answer comes back, its outcome is uncertain.
    pub async fn hand_over(&self, path: &str, body: &Value) -> Result<Answer, SendError> {
        let request = self.request(Method::PUT, path).json(body);
        self.http.call(request).await.map_err(NoAnswer::after_a_message)
    }

    /// A question.
    pub async fn get(&self, path: &str) -> Result<Answer, SendError> {
        self.get_for(path, USUAL_ANSWER).await
    }

    /// The same for an answer of `most` octets at most.
    pub async fn get_for(&self, path: &str, most: usize) -> Result<Answer, SendError> {
        let question = self.request(Method::GET, path);
        self.http.call_for(question, most).await.map_err(NoAnswer::after_a_question)
    }

    /// Something that is done before a message leaves, and may be done again.
    pub async fn prepare(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Answer, SendError> {
        let request = self.request(method, path).json(body);
        self.http.call(request).await.map_err(NoAnswer::after_a_question)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, &format!("{API}{path}"));
        request.bearer_auth(self.token.expose_secret())
    }
}
