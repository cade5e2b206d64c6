//! The daemon's door: who is let in and for how long, and how the daemon says that it is well.

mod door;
mod fitness;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::queue::Queue;
use crate::stop::Stop;

pub use fitness::Fitness;

/// Serves until `stop` is given, and then for two seconds at most.
pub async fn serve(listener: TcpListener, queue: Queue, fitness: Fitness, stop: Stop) {
    let router = Router::new()
        .route("/healthz", get(fitness::alive))
        .route("/readyz", get(fitness::ready))
        .with_state((queue, fitness));
    door::open(listener, router, stop).await;
}
