//! The programs in which people of a school publish, and when it is their turn.

use crate::channel::Channel;
use crate::office::School;
use crate::providers::ManualSettings;
use crate::store::{StoreError, gates};

/// The settings of such a program; `None` where it is no longer configured.
pub(super) fn settings<'s>(school: &'s School, provider: &str) -> Option<&'s ManualSettings> {
    school.config.providers.get(provider).and_then(|settings| settings.by_hand())
}

/// What colleagues call it.
pub(super) fn program(school: &School, provider: &str) -> String {
    settings(school, provider).map_or(provider, ManualSettings::called).to_owned()
}

/// The channels that fall to people who publish by hand now.
pub(super) async fn left_to_hands(school: &School) -> Result<Vec<Channel>, StoreError> {
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    let gates = school.store().read(move |tx| gates::all(tx, &id)).await?;
    let idle = school.queue.attendance().idle_providers(now).await?;
    Ok(school.left_to_hands(&gates, &idle))
}
