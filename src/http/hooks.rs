//! `POST /hooks/NAME`: where the provider of that name pushes what comes back. Its words are durable before it
//! is told that they were taken, so that it brings them again where they are not.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;

use super::errors::DoorError;
use crate::providers::{Inbox, Provider, Rejected, WebhookRequest};

/// The providers that may push; clones share them.
#[derive(Clone, Default)]
pub struct Hooks(Arc<RwLock<HashMap<String, Hook>>>);

#[derive(Clone)]
struct Hook {
    provider: Arc<dyn Provider>,
    inbox: Arc<dyn Inbox>,
}

impl Hooks {
    /// From now on this provider may push; its words go there.
    pub fn add(&self, provider: Arc<dyn Provider>, inbox: Arc<dyn Inbox>) {
        let name = provider.name().to_owned();
        let mut hooks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        hooks.insert(name, Hook { provider, inbox });
    }

    /// Nobody else may, of those who could before.
    pub fn keep(&self, is_kept: impl Fn(&str) -> bool) {
        let mut hooks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        hooks.retain(|name, _| is_kept(name));
    }

    /// A place for each of them.
    pub fn routes(self) -> Router {
        Router::new().route("/hooks/{provider}", post(pushed)).with_state(self)
    }

    fn named(&self, name: &str) -> Option<Hook> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

async fn pushed(
    State(hooks): State<Hooks>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, DoorError> {
    let Hook { provider, inbox } = hooks.named(&name).ok_or(DoorError::NothingThere)?;
    let headers = texts(&headers);
    let query = query.unwrap_or_default();
    let request = WebhookRequest { query: &query, headers: &headers, body: &body };
    let words = provider.webhook(&request).map_err(|rejected| refusal(&name, rejected))?;
    inbox.take(words).await.map_err(|not_kept| {
        tracing::warn!(provider = name, error = %not_kept, "What was pushed is not kept yet.");
        DoorError::Later
    })?;
    Ok(StatusCode::OK)
}

fn refusal(provider: &str, rejected: Rejected) -> DoorError {
    if rejected != Rejected::TakesNone {
        tracing::warn!(provider, error = %rejected, "What was pushed is refused.");
    }
    match rejected {
        Rejected::TakesNone => DoorError::NothingThere,
        Rejected::Unproven => DoorError::Unproven,
        Rejected::Unreadable => DoorError::Unreadable,
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}
