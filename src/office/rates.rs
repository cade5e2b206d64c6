//! How much of each provider's rates is used.

use serde::Serialize;

use super::School;
use crate::channel::Channel;
use crate::dispatch::Ledger;
use crate::store::{StoreError, Tx, rates};

/// What a provider may be handed, and what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RatesInUse {
    /// Its name in the configuration.
    pub provider: String,
    /// The channel on which it carries.
    pub channel: Channel,
    /// Each window that has a limit, the shortest first.
    pub windows: Vec<WindowInUse>,
}

/// One window of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WindowInUse {
    /// How long it is, in seconds.
    pub seconds: u32,
    /// How much left within it, in what the provider counts.
    pub used: u64,
    /// The most that may.
    pub limit: u32,
}

/// The windows of a pace.
const SECONDS: [u32; 4] = [1, 60, 3_600, 86_400];

/// The rates of every provider that has one. A ledger that others keep anew is taken for an empty one.
pub async fn rates_in_use(school: &School) -> Result<Vec<RatesInUse>, StoreError> {
    let now = school.clock.now();
    let mut found = Vec::new();
    for (name, settings) in &school.config.providers {
        let pace = settings.pace();
        if pace.limits().iter().all(|limit| *limit == 0) {
            continue;
        }
        let own = || rates::own_account(school.queue.school(), name);
        let account = pace.account.clone().unwrap_or_else(own);
        let kept = school.store().read(move |tx: &Tx<'_>| rates::seen(tx, &account)).await?;
        let used = Ledger::read(&kept).unwrap_or_default().used(now);
        let windows = SECONDS.into_iter().zip(used).zip(pace.limits());
        let windows = windows.filter(|(_, limit)| *limit > 0);
        let windows =
            windows.map(|((seconds, used), limit)| WindowInUse { seconds, used, limit }).collect();
        found.push(RatesInUse { provider: name.clone(), channel: settings.channel(), windows });
    }
    Ok(found)
}
