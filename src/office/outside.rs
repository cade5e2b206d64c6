//! What leaves outside the queue, with no addressee: under the rates of the provider's account all the same, and not
//! while nothing may leave.

use std::sync::Arc;
use std::time::Duration;

use super::School;
use crate::channel::Channel;
use crate::clock::{Clock, Moment};
use crate::delivery::{Accepted, Envelope, FailureKind, SendError};
use crate::dispatch::Ledger;
use crate::people::SchoolId;
use crate::providers::{Provider, ProviderSettings};
use crate::settings::Pace;
use crate::store::{StoreError, Tx, gates, holds, rates};

/// How long it waits for room under the rates.
const WAITS: Duration = Duration::from_secs(5);
/// How long a provider has for its answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// Why nothing leaves by a provider just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NothingLeaves {
    /// The school is on hold.
    OnHold,
    /// The provider takes nothing for now.
    Refuses,
}

/// The provider that is called first on a channel.
pub(super) fn carrier(school: &School, channel: Channel) -> Option<(&str, &ProviderSettings)> {
    school.config.routes(channel).into_iter().find(|(_, it)| it.by_hand().is_none())
}

/// By what colleagues are written to.
pub(super) struct Mailer<'a> {
    /// The first provider that carries e-mail.
    pub provider: &'a dyn Provider,
    /// How fast it may be called.
    pub pace: &'a Pace,
}

/// The first of these providers that carries e-mail.
pub(super) fn mailer<'a>(
    school: &'a School,
    providers: &'a [Arc<dyn Provider>],
) -> Option<Mailer<'a>> {
    school.config.routes(Channel::Email).into_iter().find_map(|(name, settings)| {
        let provider = providers.iter().find(|it| it.name() == name)?;
        Some(Mailer { provider: provider.as_ref(), pace: settings.pace() })
    })
}

/// What keeps back whatever leaves by a provider just now.
pub(super) fn kept_back(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
) -> Result<Option<NothingLeaves>, StoreError> {
    if holds::standing(tx, school)?.is_some() {
        return Ok(Some(NothingLeaves::OnHold));
    }
    let refuses = gates::of(tx, school, provider)?.is_some_and(|gate| !gate.is_admitting());
    Ok(refuses.then_some(NothingLeaves::Refuses))
}

/// The moment at which so many units may leave by a provider, taken of its rates; `None` where that is not soon.
pub(super) fn take(
    tx: &Tx<'_>,
    school: &SchoolId,
    (provider, pace): (&str, &Pace),
    clock: &Clock,
    units: u32,
) -> Result<Option<Moment>, StoreError> {
    let now = clock.now();
    if !pace.is_limiting() {
        return Ok(Some(now));
    }
    let account = pace.account.clone().unwrap_or_else(|| rates::own_account(school, provider));
    // The ledger's clock may be another machine's.
    let time = tx.time(|| now)?;
    let ledger = Ledger::read(&rates::lock(tx, &account, time)?).unwrap_or_default();
    let mut ledger = ledger.spaced(pace.apart());
    let from = ledger.tell(time);
    if ledger.is_kept_for_urgent() {
        return Ok(None);
    }
    let Ok(at) = ledger.take(pace.limits(), from, from + WAITS, units.max(1)) else {
        return Ok(None);
    };
    rates::put(tx, &account, &ledger.write(), time)?;
    Ok(Some(now + at.since(time)))
}

/// Hands it over at its moment.
pub(super) async fn hand_over(
    provider: &dyn Provider,
    envelope: &Envelope,
    leaves_in: Duration,
) -> Result<Accepted, SendError> {
    tokio::time::sleep(leaves_in).await;
    let sent = tokio::time::timeout(ANSWERS_WITHIN, provider.send(envelope)).await;
    sent.unwrap_or_else(|_| Err(SendError::new(FailureKind::Uncertain, "no answer in time")))
}
