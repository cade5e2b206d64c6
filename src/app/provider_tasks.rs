//! What goes on about one provider: it is sent by, and listened to.

use std::sync::Arc;

use super::task::Task;
use crate::dispatch::{Dispatcher, Routes};
use crate::office::School;
use crate::providers::{Provider, ProviderSettings};
use crate::stop::Stop;

/// Everything that goes on about one provider.
pub(super) fn about_provider(
    school: &Arc<School>,
    provider: &Arc<dyn Provider>,
    routes: &Routes,
    stop: &Stop,
) -> Vec<Task> {
    let (name, dispatch) = (provider.name(), &school.config.dispatch);
    let settings = school.config.providers.get(name);
    let pace = settings.map(ProviderSettings::pace).cloned().unwrap_or_default();
    let rank = routes.rank(provider.as_ref(), &school.config);
    let dispatcher = Dispatcher::new(
        school.queue.clone(),
        (Arc::clone(provider), rank),
        Arc::clone(&school.renderer),
        pace,
        &school.config,
        school.clock.clone(),
    );
    // Where there is no room for another call, it waits for the end of one.
    let waits = dispatch.look_every.0 + dispatch.lease.0;
    let recalls = settings.and_then(ProviderSettings::recalls_within).map(|_| {
        let recall = Arc::clone(&dispatcher).recall(stop.clone());
        Task::new(format!("take back by {name}"), waits, recall)
    });
    let send = Task::new(format!("send by {name}"), waits, dispatcher.run(stop.clone()));
    // Who is pushed to, or keeps a line open, sleeps for as long as nobody says a word.
    let wakes_within = provider.receipts_are_polled().then_some(dispatch.receipts_every.0);
    let listen = listen(Arc::clone(school), Arc::clone(provider), stop.clone());
    let listen = Task::new(format!("listen to {name}"), wakes_within, listen);
    [send, listen].into_iter().chain(recalls).collect()
}

async fn listen(school: Arc<School>, provider: Arc<dyn Provider>, stop: Stop) {
    let inbox = super::inbox(&school, provider.as_ref());
    provider.listen(&inbox, stop).await;
}
