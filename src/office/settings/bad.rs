//! What cannot be: a change is held against it before the file is touched.

use std::mem::discriminant;

use crate::channel::Channel;
use crate::config::{Config, Facts, StandIn, USUAL_PLAN};
use crate::delivery::{Quiet, QuietSpan};
use crate::email_address::EmailAddress;
use crate::message::{Plan, PlanError, Rung};
use crate::phone_number::PhoneNumber;
use crate::providers::{BadSender, ProviderSettings, Sender};

/// Letters of a plan's name.
const LONGEST_NAME: usize = 40;

/// A value that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSetting {
    /// A school has a name.
    #[error("school.name: it must not be empty")]
    NoName,
    /// A number that nobody could dial.
    #[error("school.phone: this is no telephone number")]
    Phone,
    /// No e-mail address.
    #[error("school.email: this is no e-mail address")]
    Email,
    /// No address of a page.
    #[error("school.website: this is no address of a page")]
    Website,
    /// Longer than anybody reads.
    #[error("{0}: this is too long")]
    TooLong(String),
    /// A channel without a free minute.
    #[error("hours.{0}: it would never be open")]
    NeverOpen(Channel),
    /// A channel that people carry, at their own hours.
    #[error("hours.{0}: people carry it, at their own hours")]
    ByPeople(Channel),
    /// Nothing would ever be called.
    #[error("at_once: one call at least")]
    NoneAtOnce,
    /// As whom nothing could be written.
    #[error("{0}")]
    Sender(BadSender),
    /// There is no provider of this name that is called.
    #[error("there is no provider \"{0}\" that is called")]
    NoSuchProvider(String),
    /// A person publishes where others are called.
    #[error("\"{0}\" is where a person publishes: whoever is called comes before")]
    ByHandFirst(String),
    /// A plan that cannot be followed.
    #[error("{0}")]
    Plan(#[from] PlanError),
    /// A name that a plan cannot have.
    #[error("a plan is named with small letters, digits and hyphens")]
    PlanName,
    /// There is one of this name.
    #[error("there is a plan \"{0}\" already")]
    PlanStands(String),
    /// There is none of this name.
    #[error("there is no plan \"{0}\"")]
    NoSuchPlan(String),
    /// It is the plan of whoever names none.
    #[error("the plan \"{0}\" is that of whoever names none")]
    UsualPlan(String),
    /// Some households follow it.
    #[error("households follow the plan \"{0}\"")]
    PlanOfHouseholds(String),
    /// Nobody signs in so who may approve.
    #[error("nobody who may approve signs in as \"{0}\"")]
    NotApproving(String),
    /// Somebody stands twice in the chain.
    #[error("\"{0}\" stands twice in the chain")]
    Twice(String),
    /// A last day before the first one.
    #[error("the last day of \"{0}\" comes before the first one")]
    Backwards(String),
}

/// Refused: what nobody could read, dial or write to.
pub(super) fn facts_hold(facts: &Facts, region: &str) -> Result<(), BadSetting> {
    let said = |it: &Option<String>| it.clone().filter(|said| !said.is_empty());
    if facts.name.as_deref().is_some_and(str::is_empty) {
        return Err(BadSetting::NoName);
    }
    if said(&facts.phone).is_some_and(|it| PhoneNumber::parse(&it, region).is_err()) {
        return Err(BadSetting::Phone);
    }
    if said(&facts.email).is_some_and(|it| EmailAddress::parse(&it).is_err()) {
        return Err(BadSetting::Email);
    }
    if said(&facts.website).is_some_and(|it| !is_page(&it)) {
        return Err(BadSetting::Website);
    }
    Ok(())
}

/// Whether this may be the address of a page: families type it, or follow it.
fn is_page(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let rest = rest.unwrap_or(address);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_sound = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c);
    host.contains('.')
        && !host.contains('@')
        && !rest.contains("://")
        && address.chars().all(is_sound)
}

/// Refused: a channel without a free minute, or one that people carry.
pub(super) fn hours_hold(channel: Channel, spans: Option<&[QuietSpan]>) -> Result<(), BadSetting> {
    if channel.is_carried_by_people() {
        return Err(BadSetting::ByPeople(channel));
    }
    let quiet = Quiet { spans: spans.unwrap_or_default().to_vec(), days_off: Vec::new() };
    if quiet.leaves_some_time() { Ok(()) } else { Err(BadSetting::NeverOpen(channel)) }
}

/// Refused: a pace at which nothing leaves, or of nobody.
pub(super) fn pace_holds(
    said: &Config,
    provider: &str,
    at_once: Option<u32>,
) -> Result<(), BadSetting> {
    if said.providers.get(provider).is_none_or(|it| it.by_hand().is_some()) {
        return Err(BadSetting::NoSuchProvider(provider.to_owned()));
    }
    if at_once == Some(0) { Err(BadSetting::NoneAtOnce) } else { Ok(()) }
}

/// Refused: a sender that nobody would see, or of whom its settings say none.
pub(super) fn sender_holds(
    said: &Config,
    provider: &str,
    sender: &Sender,
) -> Result<(), BadSetting> {
    let now = said.providers.get(provider).and_then(ProviderSettings::sender);
    if now.is_none_or(|now| discriminant(&now) != discriminant(sender)) {
        return Err(BadSetting::NoSuchProvider(provider.to_owned()));
    }
    sender.check().map_err(BadSetting::Sender)
}

/// Refused: whoever does not carry there, or is called after a place where a person publishes.
pub(super) fn route_holds(
    said: &Config,
    channel: Channel,
    places: &[Vec<String>],
) -> Result<(), BadSetting> {
    let carrying = said.routes(channel);
    let is_by_hand =
        |name: &str| carrying.iter().any(|(it, of)| *it == name && of.by_hand().is_some());
    let order: Vec<&str> = places.iter().flatten().map(String::as_str).collect();
    if let Some(unknown) = order.iter().find(|name| !carrying.iter().any(|(it, _)| it == *name)) {
        return Err(BadSetting::NoSuchProvider((*unknown).to_owned()));
    }
    let first_by_hand = order.iter().position(|name| is_by_hand(name));
    let last_called = order.iter().rposition(|name| !is_by_hand(name));
    match first_by_hand.zip(last_called) {
        Some((by_hand, called)) if by_hand < called => {
            Err(BadSetting::ByHandFirst(order[by_hand].to_owned()))
        }
        _ => Ok(()),
    }
}

/// Refused: who may not approve, or stands there twice.
pub(super) fn chain_holds(
    approving: &[String],
    chain: Option<&[StandIn]>,
) -> Result<(), BadSetting> {
    let chain = chain.unwrap_or_default();
    for (at, one) in chain.iter().enumerate() {
        let StandIn { login, from, until } = one;
        if !approving.contains(login) {
            return Err(BadSetting::NotApproving(login.clone()));
        }
        if chain.iter().take(at).any(|it| it == one) {
            return Err(BadSetting::Twice(login.clone()));
        }
        if from.zip(*until).is_some_and(|(from, until)| until < from) {
            return Err(BadSetting::Backwards(login.clone()));
        }
    }
    Ok(())
}

/// Refused: a plan that cannot be followed, or whose name cannot be.
pub(super) fn plan_holds(
    said: &Config,
    name: &str,
    rungs: &[Rung],
    is_new: bool,
) -> Result<(), BadSetting> {
    let stands = said.plan_names().any(|it| it == name);
    if !is_new && !stands {
        return Err(BadSetting::NoSuchPlan(name.to_owned()));
    }
    if is_new && stands {
        return Err(BadSetting::PlanStands(name.to_owned()));
    }
    let is_sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if is_new && (name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_sound)) {
        return Err(BadSetting::PlanName);
    }
    Plan::new(name, rungs.to_vec())?;
    Ok(())
}

/// Refused: a plan that is not there, or that somebody needs.
pub(super) fn can_go(said: &Config, name: &str) -> Result<(), BadSetting> {
    if !said.plan_names().any(|it| it == name) {
        return Err(BadSetting::NoSuchPlan(name.to_owned()));
    }
    if name == USUAL_PLAN || said.usual_plan() == Some(name) {
        return Err(BadSetting::UsualPlan(name.to_owned()));
    }
    if said.is_plan_of_households(name) {
        return Err(BadSetting::PlanOfHouseholds(name.to_owned()));
    }
    Ok(())
}
