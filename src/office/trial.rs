//! An announcement or a service tried out: whoever asks gets what one family would, or a few words by that service, at
//! an address of their own. Nobody is an addressee of it, and nothing is told of it but that it was tried.

use std::time::Duration;

use super::carriers::make_ready;
use super::outside::{self, NothingLeaves, carrier, hand_over};
use super::{Reader, Ready, Refusal, School};
use crate::accounts::Account;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{Accepted, Content, Envelope, SendError};
use crate::email_address::EmailAddress;
use crate::message::Code;
use crate::people::{Act, By, ContactPoint, Role, SchoolId};
use crate::phone_number::PhoneNumber;
use crate::providers::{CarrierError, Guard, ProviderSettings};
use crate::render::{as_trial, trial_of_service};
use crate::store::{StoreError, Tx, contact_points, journal, own_addresses, people};

/// The channels by which an announcement can be tried out.
pub const TRIAL_CHANNELS: [Channel; 2] = [Channel::Email, Channel::Sms];
/// How many trials somebody has within an hour.
pub const MOST_TRIALS: usize = 10;
const AN_HOUR: Duration = Duration::from_hours(1);

/// Why nothing was tried out. But for what the provider says, nothing left.
#[derive(Debug, thiserror::Error)]
pub enum TrialRefusal {
    /// No provider is called on this channel.
    #[error("no provider is called on {0}")]
    NoCarrier(Channel),
    /// There is no such provider, or none that somebody can get a message of.
    #[error("no message of {0} can be tried")]
    NoMessage(String),
    /// The school is on hold.
    #[error("the school is on hold")]
    OnHold,
    /// Somebody closed the channel.
    #[error("{0} is closed")]
    Closed(Channel),
    /// Its provider takes nothing for now.
    #[error("the provider of {0} takes nothing for now")]
    Refuses(Channel),
    /// No address was typed, and none is kept.
    #[error("there is no address")]
    NoAddress,
    /// What was typed is no address of this channel.
    #[error("it is no address of {0}")]
    BadAddress(Channel),
    /// A family has this address, or whoever has it asked for no more.
    #[error("it is the address of a family")]
    OfAFamily,
    /// They had as many as there are within an hour.
    #[error("there were {MOST_TRIALS} trials within an hour")]
    TooMany,
    /// The rates of the provider are used up for so long.
    #[error("the rates are used up")]
    NoRoom,
    /// The words.
    #[error("{0}")]
    Words(Refusal),
    /// The provider's settings, or a secret of it.
    #[error("{0}")]
    Carrier(#[from] CarrierError),
    /// What the provider says.
    #[error("{0}")]
    Provider(#[from] SendError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What leaves as a trial.
struct Trial<'a> {
    name: &'a str,
    settings: &'a ProviderSettings,
    content: Content,
    reference: String,
    /// What the journal tells.
    noted: (Act, String),
    /// Whether it leaves though somebody closed the channel.
    passes_closings: bool,
}

/// A trial that may leave: what it uses of the rates is taken, and the journal tells it.
struct TrialAllowed {
    to: ContactPoint,
    leaves_at: Moment,
}

/// The addresses of somebody's own that are kept, each with most of its signs left out.
pub async fn own_addresses(
    school: &School,
    account: &Account,
) -> Result<Vec<(Channel, String)>, StoreError> {
    let (id, account) = (school.queue.school().clone(), account.id);
    let read = move |tx: &Tx<'_>| {
        let mut kept = Vec::new();
        for channel in TRIAL_CHANNELS {
            let address = own_addresses::of(tx, &id, account, channel)?;
            kept.extend(address.map(|address| (channel, masked(&address))));
        }
        Ok(kept)
    };
    school.store().read(read).await
}

/// `c…@example.org`, `…11`.
fn masked(address: &str) -> String {
    if let Some((name, host)) = address.rsplit_once('@') {
        let first: String = name.chars().take(1).collect();
        return format!("{first}…@{host}");
    }
    let signs: Vec<char> = address.chars().collect();
    let last: String = signs[signs.len().saturating_sub(2)..].iter().collect();
    format!("…{last}")
}

/// The channels by which an announcement that is ready can be tried out here.
#[must_use]
pub fn trial_channels(school: &School, ready: &Ready) -> Vec<Channel> {
    let channels = ready.message.channels();
    let is_called = |channel: &Channel| carrier(school, *channel).is_some();
    TRIAL_CHANNELS.into_iter().filter(|it| channels.contains(it) && is_called(it)).collect()
}

/// Sends whoever asks what somebody would get on a channel, marked as a trial, to the address that they typed or to the
/// one that is kept of theirs. What they typed is kept.
pub async fn send_trial(
    school: &School,
    account: &Account,
    (ready, reader): (&Ready, &Reader),
    (channel, typed): (Channel, &str),
    guard: Guard,
) -> Result<Accepted, TrialRefusal> {
    let Some((name, settings)) = carrier(school, channel) else {
        return Err(TrialRefusal::NoCarrier(channel));
    };
    let reference = ready.message.code.delivery(0, 0);
    let content = school.renderer.content(&ready.message, &reader.to, channel, &reference);
    let content = as_trial(content.map_err(|error| TrialRefusal::Words(error.into()))?);
    let about = ready.draft.map(|draft| draft.number.to_string()).unwrap_or_default();
    let noted = (Act::Try, about);
    let trial = Trial { name, settings, content, reference, noted, passes_closings: false };
    leave(school, account, trial, typed, guard).await
}

/// The channel by which somebody gets a message of this provider; `None` where it is called by nobody, or what it
/// carries comes to no address of their own.
#[must_use]
pub fn tried_on(school: &School, name: &str) -> Option<Channel> {
    to_try(school, name).map(|(settings, _)| settings.channel())
}

fn to_try<'s>(school: &'s School, name: &str) -> Option<(&'s ProviderSettings, Content)> {
    let settings = school.config.providers.get(name).filter(|it| it.by_hand().is_none())?;
    Some((settings, trial_of_service(settings.channel(), &school.config.school.name)?))
}

/// Sends whoever asks a few words by a provider, to the address that they typed or to the one that is kept of theirs:
/// also while its channel is closed, since it is tried before that is opened again.
pub async fn send_service_trial(
    school: &School,
    account: &Account,
    name: &str,
    typed: &str,
    guard: Guard,
) -> Result<Accepted, TrialRefusal> {
    let Some((settings, content)) = to_try(school, name) else {
        return Err(TrialRefusal::NoMessage(name.to_owned()));
    };
    let reference = Code::from_chance(fastrand::u32(..)).delivery(0, 0);
    let noted = (Act::TryService, name.to_owned());
    let trial = Trial { name, settings, content, reference, noted, passes_closings: true };
    leave(school, account, trial, typed, guard).await
}

async fn leave(
    school: &School,
    account: &Account,
    trial: Trial<'_>,
    typed: &str,
    guard: Guard,
) -> Result<Accepted, TrialRefusal> {
    let provider = make_ready(trial.name, trial.settings, &school.folder, &school.clock, guard)?;
    let TrialAllowed { to, leaves_at } = allow(school, account, &trial, typed).await?;
    let leaves_in = leaves_at.since(school.clock.now());
    let Trial { content, reference, .. } = trial;
    let envelope = Envelope::by_itself(reference, (to, account.name.clone()), content);
    Ok(hand_over(provider.as_ref(), &envelope, leaves_in).await?)
}

/// Looks at all that may keep it back, takes what it uses of the rates, and notes it: one transaction, before the call.
async fn allow(
    school: &School,
    account: &Account,
    trial: &Trial<'_>,
    typed: &str,
) -> Result<TrialAllowed, TrialRefusal> {
    let channel = trial.settings.channel();
    let typed = read_address(channel, typed, &school.config.school.region)?;
    let now = school.clock.now();
    let closings = school.queue.decisions().closings(now).await?;
    if !trial.passes_closings && closings.iter().any(|it| it.channel == channel) {
        return Err(TrialRefusal::Closed(channel));
    }
    let (id, by, account) = (school.queue.school().clone(), school.by(account.actor()), account.id);
    let (name, pace) = (trial.name.to_owned(), trial.settings.pace().clone());
    let ((act, about), units) = (trial.noted.clone(), trial.content.units());
    let clock = school.clock.clone();
    let write = move |tx: &Tx<'_>| {
        if let Some(refusal) = kept_back(tx, &id, &by, (channel, &name))? {
            return Ok(Err(refusal));
        }
        let kept = own_addresses::of(tx, &id, account, channel)?;
        let kept = || kept.and_then(|kept| ContactPoint::from_stored(channel, &kept));
        let Some(to) = typed.or_else(kept) else { return Ok(Err(TrialRefusal::NoAddress)) };
        if is_of_a_family(tx, &id, &to)? {
            return Ok(Err(TrialRefusal::OfAFamily));
        }
        let Some(leaves_at) = outside::take(tx, &id, (&name, &pace), &clock, units)? else {
            return Ok(Err(TrialRefusal::NoRoom));
        };
        own_addresses::put(tx, &id, account, &to)?;
        journal::note(tx, &id, &by, act, &about)?;
        Ok(Ok(TrialAllowed { to, leaves_at }))
    };
    school.store().write(write).await?
}

/// What was typed for an address; `None` for nothing.
fn read_address(
    channel: Channel,
    typed: &str,
    region: &str,
) -> Result<Option<ContactPoint>, TrialRefusal> {
    if typed.is_empty() {
        return Ok(None);
    }
    let read = if channel == Channel::Sms {
        let number = PhoneNumber::parse(typed, region).ok();
        number.filter(PhoneNumber::takes_sms).map(ContactPoint::Sms)
    } else {
        EmailAddress::parse(typed).ok().map(ContactPoint::Email)
    };
    read.map(Some).ok_or(TrialRefusal::BadAddress(channel))
}

/// What keeps every trial of somebody back just now.
fn kept_back(
    tx: &Tx<'_>,
    school: &SchoolId,
    by: &By,
    (channel, provider): (Channel, &str),
) -> Result<Option<TrialRefusal>, StoreError> {
    match outside::kept_back(tx, school, provider)? {
        Some(NothingLeaves::OnHold) => return Ok(Some(TrialRefusal::OnHold)),
        Some(NothingLeaves::Refuses) => return Ok(Some(TrialRefusal::Refuses(channel))),
        None => {}
    }
    let mut had = 0;
    for act in [Act::Try, Act::TryService] {
        had += journal::count_by(tx, school, &by.actor, act, by.at - AN_HOUR)?;
    }
    Ok((had >= MOST_TRIALS).then_some(TrialRefusal::TooMany))
}

/// Whether a guardian has this address, by whatever it is known; or somebody who asked for no more.
fn is_of_a_family(tx: &Tx<'_>, school: &SchoolId, to: &ContactPoint) -> Result<bool, StoreError> {
    let also = match to {
        ContactPoint::Sms(number) => ContactPoint::Phone(number.clone()),
        other => match EmailAddress::parse(&other.value().to_lowercase()) {
            Ok(lower) => ContactPoint::Email(lower),
            Err(_) => other.clone(),
        },
    };
    for point in [to, &also] {
        if contact_points::is_opted_out(tx, school, point)? {
            return Ok(true);
        }
        for owner in contact_points::owners(tx, school, point)? {
            let person = people::person(tx, school, &owner)?;
            if person.is_some_and(|it| it.role == Role::Guardian) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_no_more_is_shown_than_its_owner_needs() {
        assert_eq!(masked("camille@example.org"), "c…@example.org");
        assert_eq!(masked("+33639980011"), "…11");
        assert_eq!(masked("@"), "…@");
    }
}
