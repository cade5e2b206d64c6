//! Refusals at the door, without a word of what was asked: who asked may be anybody.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DoorError {
    /// It cannot be read.
    Unreadable,
    /// It does not prove who asks.
    Unproven,
    /// There is nothing there.
    NothingThere,
    /// It came too slowly, or its answer did.
    TooSlow,
    /// It cannot be taken now, and may come again.
    Later,
}

impl IntoResponse for DoorError {
    fn into_response(self) -> Response {
        let (status, words) = match self {
            Self::Unreadable => (StatusCode::BAD_REQUEST, "this cannot be read\n"),
            Self::Unproven => (StatusCode::UNAUTHORIZED, "this does not prove who asks\n"),
            Self::NothingThere => (StatusCode::NOT_FOUND, "there is nothing here\n"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "this took too long\n"),
            Self::Later => (StatusCode::SERVICE_UNAVAILABLE, "not now: come again\n"),
        };
        (status, words).into_response()
    }
}
