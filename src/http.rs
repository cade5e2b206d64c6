//! The daemon's door. For now: whether it lives, and whether it can work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::stop::Stop;
use crate::store::Store;

/// Serves until `stop` is given.
pub async fn serve(listener: TcpListener, store: Store, stop: Stop) {
    let router = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(store);
    let ended = async move { stop.given().await };
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(ended).await {
        tracing::error!(%error, "The door closed.");
    }
}

/// Ready = the database can be read.
async fn ready(State(store): State<Store>) -> (StatusCode, &'static str) {
    match store.read(|_| Ok(())).await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
