//! What a provider had in hand that is no longer in the configuration: nobody can be asked about it, and nobody
//! else knows its ids. It stands as what may have left, for its rung's patience or a human.

use super::{Dispatcher, without_attempt};
use crate::delivery::lifecycle::{DeliveryEvent, DeliveryState};
use crate::store::deliveries::Claim;
use crate::store::{StoreError, Tx, carriers};

impl Dispatcher {
    /// What waits to be sent again is no longer kept for a provider that does not come back.
    pub(super) async fn release_from_strangers(&self) {
        let (school, channel) = (self.queue.school().clone(), self.provider.channel());
        let of_school = school.clone();
        let found =
            self.queue.store().read(move |tx| carriers::of_unclear(tx, &of_school, channel));
        let released = match found.await.map(|all| self.strangers(all)) {
            Ok(strangers) if strangers.is_empty() => Ok(()),
            Ok(strangers) => {
                let work = move |tx: &Tx<'_>| {
                    strangers.iter().try_for_each(|it| carriers::release(tx, &school, channel, it))
                };
                self.queue.store().write(work).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = released {
            tracing::error!(%error, "Cannot look for what former providers were to send again.");
        }
    }

    /// What they had begun when they went.
    pub(super) async fn see_off_strangers(&self) {
        if let Err(error) = self.count_as_left().await {
            tracing::error!(%error, "Cannot look for what former providers had begun.");
        }
    }

    async fn count_as_left(&self) -> Result<(), StoreError> {
        let (school, channel) = (self.queue.school().clone(), self.provider.channel());
        let now = self.clock.now();
        let lapsed = move |tx: &Tx<'_>| carriers::of_lapsed(tx, &school, channel, now);
        for stranger in self.strangers(self.queue.store().read(lapsed).await?) {
            tracing::warn!(
                provider = stranger,
                "It is not configured any more; what it had is uncertain."
            );
            let claim = Claim { carrier: stranger.into(), ..self.claim(now, super::CLAIM) };
            let lapsed = self.queue.claim(DeliveryState::Sending, claim).await?;
            let left = |claimed| without_attempt(claimed, DeliveryEvent::UnknownAwait);
            self.queue.settle(lapsed.iter().map(left).collect(), now).await?;
        }
        Ok(())
    }

    /// Those of whom the configuration knows nothing. One that is there and cannot be made ready comes back.
    fn strangers(&self, mut names: Vec<String>) -> Vec<String> {
        names.retain(|name| !self.rank.knows(name));
        names
    }
}
