//! `[routes]`: in which order the providers of a channel are used, where several serve one.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::channel::Channel;
use crate::providers::ProviderSettings;

/// The order of the providers of each channel that several serve.
pub(super) type RouteOrder = BTreeMap<Channel, ChannelRoute>;

/// The providers of a channel, the preferred one first: `["sms-a", "sms-b"]`. Those in a list of their own
/// share the work, as several accounts of one sender do: `[["ent-a", "ent-b"], "pronote"]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct ChannelRoute(Vec<RoutePlace>);

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum RoutePlace {
    One(String),
    Shared(Vec<String>),
}

impl ChannelRoute {
    /// Which place a provider has; those who share the work have the same.
    pub(super) fn place_of(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|place| place.names().iter().any(|it| it == name))
    }

    /// Place after place.
    pub(super) fn places(&self) -> Vec<Vec<String>> {
        self.0.iter().map(|place| place.names().to_vec()).collect()
    }

    /// How many have the first place, at least one.
    pub(super) fn sharing_first(&self) -> usize {
        self.0.first().map_or(1, |place| place.names().len().max(1))
    }

    /// All of them, the preferred one first.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().flat_map(RoutePlace::names).cloned().collect()
    }
}

impl RoutePlace {
    fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Shared(names) => names,
        }
    }
}

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
    let given = routes.get(&channel).map(ChannelRoute::names);
    let fault = match &given {
        Some(route) => {
            fault(channel, route, &serving, providers).map(|it| format!("routes.{channel} {it}"))
        }
        None if serving.len() < 2 => None,
        None => Some(format!("several providers carry on {channel}: {}", serving.join(", "))),
    };
    match fault {
        None => Ok(()),
        Some(fault) if serving.is_empty() => {
            Err(format!("{fault}; no provider carries on {channel}: take the line away"))
        }
        Some(fault) => Err(format!(
            "{fault}; say in which order they are used, the preferred one first:\n[routes]\n\
             {channel} = [\"{}\"]",
            whole(given.as_deref().unwrap_or_default(), &serving, providers).join("\", \"")
        )),
    }
}

/// All who serve the channel, each once: in the order that was given as far as it goes, those that are called
/// before those where a person publishes.
fn whole<'a>(
    given: &'a [String],
    serving: &[&'a str],
    providers: &BTreeMap<String, ProviderSettings>,
) -> Vec<&'a str> {
    let mut order: Vec<&str> = Vec::new();
    for name in given.iter().map(String::as_str).chain(serving.iter().copied()) {
        if serving.contains(&name) && !order.contains(&name) {
            order.push(name);
        }
    }
    order.sort_by_key(|name| is_by_hand(name, providers));
    order
}

/// What is wrong with the route of a channel, which those are serving.
fn fault(
    channel: Channel,
    route: &[String],
    serving: &[&str],
    providers: &BTreeMap<String, ProviderSettings>,
) -> Option<String> {
    for (place, name) in route.iter().enumerate() {
        match providers.get(name) {
            None => return Some(format!("names {name}, which no [providers] table has")),
            Some(settings) if settings.channel() != channel => {
                return Some(format!("names {name}, which carries on {}", settings.channel()));
            }
            Some(_) if route[..place].contains(name) => return Some(format!("names {name} twice")),
            Some(_) => {}
        }
    }
    let by_hand = |name: &String| is_by_hand(name, providers);
    let called_after = |(place, name): (usize, &String)| {
        let called = route[place..].iter().find(|it| !by_hand(it)).filter(|_| by_hand(name))?;
        Some(format!("names {name}, where a person publishes, before {called}, which is called"))
    };
    if let Some(fault) = route.iter().enumerate().find_map(called_after) {
        return Some(fault);
    }
    let is_left_out = |name: &&&str| !route.iter().any(|it| it == *name);
    serving.iter().find(is_left_out).map(|name| format!("leaves out {name}"))
}

fn is_by_hand(name: &str, providers: &BTreeMap<String, ProviderSettings>) -> bool {
    providers.get(name).is_some_and(|it| it.by_hand().is_some())
}
