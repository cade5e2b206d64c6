//! `[routes]`: in which order the providers of a channel are used, where several serve one.

use std::collections::BTreeMap;

use crate::channel::Channel;
use crate::providers::ProviderSettings;

/// The providers of each channel that several serve, the preferred one first: `sms = ["sms-a", "sms-b"]`.
pub(super) type RouteOrder = BTreeMap<Channel, Vec<String>>;

/// Every provider of a channel that several serve has its place, and nobody else has one.
pub(super) fn check(
    routes: &RouteOrder,
    providers: &BTreeMap<String, ProviderSettings>,
) -> Result<(), String> {
    Channel::ALL.into_iter().try_for_each(|channel| check_one(channel, routes, providers))
}

fn check_one(
    channel: Channel,
    routes: &RouteOrder,
    providers: &BTreeMap<String, ProviderSettings>,
) -> Result<(), String> {
    let serving = providers.iter().filter(|(_, settings)| settings.channel() == channel);
    let serving: Vec<&str> = serving.map(|(name, _)| name.as_str()).collect();
    let names = serving.join(", ");
    let Some(route) = routes.get(&channel) else {
        if serving.len() < 2 {
            return Ok(());
        }
        let all = serving.join("\", \"");
        return Err(format!(
            "providers {names} all carry on the channel {channel}; say in which order they are used, the \
             preferred one first, or keep one of them: [routes] {channel} = [\"{all}\"]"
        ));
    };
    let refused = |why: &str| Err(format!("routes.{channel} {why}; there are: {names}"));
    for (place, name) in route.iter().enumerate() {
        match providers.get(name) {
            None => return refused("names a provider that is not there"),
            Some(settings) if settings.channel() != channel => {
                return refused("names a provider of another channel");
            }
            Some(_) if route[..place].contains(name) => return refused("names a provider twice"),
            Some(_) => {}
        }
    }
    if route.len() < serving.len() {
        return refused("leaves out a provider of that channel");
    }
    Ok(())
}
