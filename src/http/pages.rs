//! The pages, which others take the place of while people look at them: the school's settings change, and whoever
//! asks next sees what holds now.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

/// The pages that are answered now; clones share them.
#[derive(Clone)]
pub struct PresentPages(Arc<RwLock<Router>>);

impl PresentPages {
    /// These, for now.
    #[must_use]
    pub fn new(pages: Router) -> Self {
        Self(Arc::new(RwLock::new(pages)))
    }

    /// These from now on. What is being answered is answered by the former ones.
    pub fn put(&self, pages: Router) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = pages;
    }

    /// Answers whatever is asked by those that there are then.
    pub fn routes(self) -> Router {
        Router::new().fallback(answered).with_state(self)
    }
}

async fn answered(State(present): State<PresentPages>, request: Request) -> Response {
    let pages = present.0.read().unwrap_or_else(PoisonError::into_inner).clone();
    match TowerToHyperService::new(pages).call(request).await {
        Ok(answer) => answer,
        Err(never) => never.into_response(),
    }
}
