//! The direction is told by e-mail when something of an urgent message waits for a person too long: once while it goes on,
//! and again after as long. The mail names nobody and no message.

use std::sync::Arc;

use jiff::civil::Date;

use super::entry::InboxSought;
use super::reading::InboxReading;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{Content, Envelope};
use crate::email_address::EmailAddress;
use crate::message::Code;
use crate::office::School;
use crate::office::outside::{Mailer, hand_over, kept_back, mailer, take};
use crate::people::{AccountRole, Act, By, ContactPoint, SchoolId};
use crate::providers::Provider;
use crate::render::short_email;
use crate::store::{StoreError, Tx, accounts, journal, own_addresses};

/// What waits too long, and who is told.
struct InboxAlert {
    waiting: usize,
    oldest: Moment,
    to: Vec<(ContactPoint, String)>,
    leaves_at: Moment,
}

/// Tells the direction, each at the address that they keep, or else the school at its own, of what is urgent and waits
/// for longer than the settings say. Its line of the journal is durable before the call. How many were told.
pub async fn send_inbox_alert(
    school: &School,
    providers: &[Arc<dyn Provider>],
) -> Result<usize, StoreError> {
    let after = school.config.inbox.alert_after.0;
    if after.is_zero() {
        return Ok(0);
    }
    let Some(mailer) = mailer(school, providers) else { return Ok(0) };
    // It is looked every minute, mostly for nothing: nobody waits to write for that.
    let (id, before) = (school.queue.school().clone(), school.clock.now() - after);
    let today = school.today();
    let waits = move |tx: &Tx<'_>| urgent_since((tx, &id), before, today);
    let waits = school.store().read(waits).await?;
    if waits.is_none() {
        return Ok(0);
    }
    let closings = school.queue.decisions().closings(school.clock.now()).await?;
    if closings.iter().any(|it| it.channel == Channel::Email) {
        return Ok(0);
    }
    let Some(alert) = allow(school, &mailer).await? else { return Ok(0) };
    let content = worded(school, &alert);
    let mut told = 0;
    for (to, name) in alert.to {
        let reference = Code::from_chance(fastrand::u32(..)).delivery(0, 0);
        let envelope = Envelope::by_itself(reference, (to, name), content.clone());
        let leaves_in = alert.leaves_at.since(school.clock.now());
        match hand_over(mailer.provider, &envelope, leaves_in).await {
            Ok(_) => told += 1,
            Err(error) => tracing::warn!(%error, "The direction could not be told of what waits."),
        }
    }
    Ok(told)
}

fn worded(school: &School, alert: &InboxAlert) -> Content {
    let since = school.queue.timing().hours.shown(alert.oldest);
    let waiting = match alert.waiting {
        1 => "Une chose attend".to_owned(),
        many => format!("{many} choses attendent"),
    };
    let text = format!(
        "{waiting} quelqu’un au sujet d’une annonce urgente, depuis le {since} au moins. \
         Regardez la page À traiter de Chappe, ou demandez à un collègue de le faire."
    );
    short_email("À traiter : une annonce urgente attend".to_owned(), &text)
}

/// Looks at what waits and at all that may keep the mail back, takes what it uses of the rates, and notes it: one
/// transaction, before the call. `None` where nobody is to be told now.
async fn allow(school: &School, mailer: &Mailer<'_>) -> Result<Option<InboxAlert>, StoreError> {
    let (id, by) = (school.queue.school().clone(), By::program(school.clock.now()));
    let after = school.config.inbox.alert_after.0;
    let (provider, pace) = (mailer.provider.name().to_owned(), mailer.pace.clone());
    let (clock, email) = (school.clock.clone(), school.config.school.email.clone());
    let (name, today) = (school.config.school.name.clone(), school.today());
    let write = move |tx: &Tx<'_>| {
        let Some((waiting, oldest)) = urgent_since((tx, &id), by.at - after, today)? else {
            return Ok(None);
        };
        let told = journal::moments(tx, &id, (Act::AlertInbox, ""), by.at - after)?;
        if !told.is_empty() || kept_back(tx, &id, &provider)?.is_some() {
            return Ok(None);
        }
        let to = direction(tx, &id, (&email, &name))?;
        let units = u32::try_from(to.len()).unwrap_or(u32::MAX);
        let leaves_at =
            if to.is_empty() { None } else { take(tx, &id, (&provider, &pace), &clock, units)? };
        let Some(leaves_at) = leaves_at else { return Ok(None) };
        journal::note(tx, &id, &by, Act::AlertInbox, "")?;
        Ok(Some(InboxAlert { waiting, oldest, to, leaves_at }))
    };
    school.store().write(write).await
}

/// How much of urgent messages waits since before a moment, and since when the oldest does.
fn urgent_since(
    (tx, school): (&Tx<'_>, &SchoolId),
    before: Moment,
    today: Date,
) -> Result<Option<(usize, Moment)>, StoreError> {
    let mut reading = InboxReading::new(tx, school, today);
    let mut waiting = Vec::new();
    for open in reading.open(&InboxSought::default())? {
        let (since, is_urgent) = reading.place(&open)?;
        if is_urgent && since <= before {
            waiting.push(since);
        }
    }
    Ok(waiting.iter().min().map(|oldest| (waiting.len(), *oldest)))
}

/// Everybody of the direction who keeps an address; the school where nobody does.
fn direction(
    tx: &Tx<'_>,
    school: &SchoolId,
    (email, name): (&str, &str),
) -> Result<Vec<(ContactPoint, String)>, StoreError> {
    let mut to = Vec::new();
    for account in accounts::all(tx, school)? {
        if account.role != AccountRole::Direction || account.disabled_at.is_some() {
            continue;
        }
        let kept = own_addresses::of(tx, school, account.id, Channel::Email)?;
        let own = kept.and_then(|kept| ContactPoint::from_stored(Channel::Email, &kept));
        to.extend(own.map(|own| (own, account.name)));
    }
    if to.is_empty() {
        let own = EmailAddress::parse(email).ok().map(ContactPoint::Email);
        to.extend(own.map(|own| (own, name.to_owned())));
    }
    Ok(to)
}
