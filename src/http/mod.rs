//! The daemon's door. For now: whether it lives, and whether it can work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::queue::Queue;
use crate::stop::Stop;

/// Serves until `stop` is given.
pub async fn serve(listener: TcpListener, queue: Queue, stop: Stop) {
    let router =
        Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).with_state(queue);
    let ended = async move { stop.given().await };
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(ended).await {
        tracing::error!(%error, "The door closed.");
    }
}

/// Alive, and whether anything may leave.
async fn alive(State(queue): State<Queue>) -> &'static str {
    match queue.standing_hold().await {
        Ok(Some(_)) => "alive, on hold: nothing is sent until `chappe release`\n",
        Ok(None) | Err(_) => "alive\n",
    }
}

/// Ready = the database can be read.
async fn ready(State(queue): State<Queue>) -> (StatusCode, &'static str) {
    match queue.store().read(|_| Ok(())).await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
