//! Providers that cannot be made ready: without their secret, or with settings that do not fit. The daemon works
//! without them, and looks now and then whether they can be used.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::make_ready;
use super::shared::Shared;
use crate::office::School;
use crate::providers::{Carrier, Guard, Provider};
use crate::store::daemons::IdleProvider;

/// The providers of a school that are ready, and those that are not.
pub(super) fn apart(school: &School, guard: Guard) -> (Vec<Arc<dyn Provider>>, Vec<IdleProvider>) {
    let (mut ready, mut idle) = (Vec::new(), Vec::new());
    let carriers = super::providers(&school.config, &school.folder, &school.clock, guard);
    for Carrier { name: provider, channel, built, .. } in carriers {
        match built {
            Ok(built) => ready.push(built),
            Err(error) => {
                tracing::error!(%provider, %channel, %error, "A provider cannot be used.");
                idle.push(IdleProvider { provider, channel, reason: error.to_string() });
            }
        }
    }
    (ready, idle)
}

/// Uses a provider once it can be used: a secret may be put in its file meanwhile.
pub(super) async fn take_up(shared: Shared, name: String) {
    let Some(provider) = once_ready(&shared, &name).await else { return };
    tracing::info!(provider = name, "The provider can be used now.");
    shared.fitness.takes_up(&name);
    shared.let_push(&provider);
    let mut work = JoinSet::new();
    shared.start(shared.about(&provider), &mut work);
    // With it go the turns of the other channels, which nothing here takes.
    drop(shared);
    while work.join_next().await.is_some() {}
}

/// `None` when the end comes first.
async fn once_ready(shared: &Shared, name: &str) -> Option<Arc<dyn Provider>> {
    let Shared { school, guard, stop, .. } = shared;
    let settings = school.config.providers.get(name)?;
    loop {
        stop.pause(school.config.dispatch.receipts_every.0).await;
        if stop.is_given() {
            return None;
        }
        if let Ok(provider) = make_ready(name, settings, &school.folder, &school.clock, *guard) {
            return Some(provider);
        }
    }
}
