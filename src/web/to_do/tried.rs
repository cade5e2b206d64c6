//! What was tried to reach somebody, in French.

use crate::delivery::FailureKind;
use crate::delivery::lifecycle::DeliveryState;
use crate::office::Tried;

/// `SMS : message refusé`. That a ruling stands in the way is said to nobody who may not see rulings.
pub(super) fn in_words(way: &Tried, sees_rulings: bool) -> String {
    let channel = way.channel.in_french();
    let told = match way.state {
        DeliveryState::Waiting | DeliveryState::Sending => "à faire",
        DeliveryState::Accepted => "remis, sans preuve d’arrivée",
        DeliveryState::Proven => "arrivé",
        DeliveryState::Uncertain => "peut-être arrivé",
        DeliveryState::Withdrawn => "pas parti",
        DeliveryState::Failed => "échoué",
    };
    match way.failure {
        Some(FailureKind::Restricted) if !sees_rulings => format!("{channel} : pas parti"),
        Some(why) if way.state == DeliveryState::Failed => {
            format!("{channel} : {}", why.in_french())
        }
        _ => format!("{channel} : {told}"),
    }
}
