//! Cards that wait, as whoever is to publish them is reminded by e-mail: when one begins to wait, and once more when
//! half of its time is over. The journal remembers what was sent, so that nobody is reminded of the same twice.

use std::sync::Arc;

use super::card::Card;
use super::reminders::to_publish;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{Content, Envelope};
use crate::email_address::EmailAddress;
use crate::message::Code;
use crate::office::School;
use crate::office::outside::{Mailer, hand_over, kept_back, mailer, take};
use crate::people::{Account, Act, By, ContactPoint, SchoolId};
use crate::providers::Provider;
use crate::render::short_email;
use crate::store::cards::KeptCard;
use crate::store::{StoreError, Tx, accounts, controls, journal, own_addresses};

/// Whom a reminder goes to, and when.
struct ReminderAllowed {
    to: ContactPoint,
    name: String,
    leaves_at: Moment,
}

/// Reminds of the cards that wait, by the first of these providers that carries e-mail: the colleague to whom a card
/// was given, at the address that they keep, or else the school at its own. Its line of the journal is durable
/// before the call, so that it leaves once at the most. How many left.
pub async fn send_card_reminders(
    school: &School,
    providers: &[Arc<dyn Provider>],
) -> Result<usize, StoreError> {
    let Some(mailer) = mailer(school, providers) else { return Ok(0) };
    let now = school.clock.now();
    let closings = school.queue.decisions().closings(now).await?;
    if closings.iter().any(|it| it.channel == Channel::Email) {
        return Ok(0);
    }
    let mut left = 0;
    for (kept, card) in to_publish(school).await? {
        if card.since.is_none_or(|since| since > now) {
            continue;
        }
        let content = reminder(school, &card);
        let Some(allowed) = allow(school, &mailer, (&kept, &card), &content).await? else {
            continue;
        };
        let leaves_in = allowed.leaves_at.since(school.clock.now());
        let reference = Code::from_chance(fastrand::u32(..)).delivery(0, 0);
        let ReminderAllowed { to, name, .. } = allowed;
        let envelope = Envelope::by_itself(reference, (to, name), content);
        match hand_over(mailer.provider, &envelope, leaves_in).await {
            Ok(_) => left += 1,
            Err(error) => tracing::warn!(%error, "Nobody could be reminded of a card by e-mail."),
        }
    }
    Ok(left)
}

/// What it says: no name, no subject and no text.
fn reminder(school: &School, card: &Card) -> Content {
    let subject = format!("À publier dans {} : message {}", card.program, card.message);
    short_email(subject, &card.reminder_in_french(school))
}

/// Looks at all that may keep it back, takes what it uses of the rates, and notes it: one transaction, before the
/// call. `None` where none is due, nobody's address is known, or nothing leaves just now.
async fn allow(
    school: &School,
    mailer: &Mailer<'_>,
    (kept, card): (&KeptCard, &Card),
    content: &Content,
) -> Result<Option<ReminderAllowed>, StoreError> {
    let (id, by) = (school.queue.school().clone(), By::program(school.clock.now()));
    let (provider, pace) = (mailer.provider.name().to_owned(), mailer.pace.clone());
    let (clock, units) = (school.clock.clone(), content.units());
    let school_s = (school.config.school.email.clone(), school.config.school.name.clone());
    let (message, about, assigned_to) = (kept.message, card.card.clone(), kept.assigned_to.clone());
    let waits_since = kept.taken_back.as_ref().map_or(kept.made_at, |done| done.at);
    let half_over_at = card.half_over_at();
    let write = move |tx: &Tx<'_>| {
        // Of two daemons one reminds of it.
        controls::locked(tx, &id, message)?;
        let sent = journal::moments(tx, &id, (Act::RemindOfCard, &about), waits_since)?;
        if !is_due(&sent, half_over_at, by.at) || kept_back(tx, &id, &provider)?.is_some() {
            return Ok(None);
        }
        let Some((to, name)) = receiver(tx, &id, assigned_to.as_deref(), school_s)? else {
            return Ok(None);
        };
        let Some(leaves_at) = take(tx, &id, (&provider, &pace), &clock, units)? else {
            return Ok(None);
        };
        journal::note(tx, &id, &by, Act::RemindOfCard, &about)?;
        Ok(Some(ReminderAllowed { to, name, leaves_at }))
    };
    school.store().write(write).await
}

/// Whether another reminder is due after those that were sent since the card waits.
fn is_due(sent: &[Moment], half_over_at: Option<Moment>, now: Moment) -> bool {
    match sent {
        [] => true,
        [first] => half_over_at.is_some_and(|half| *first < half && half <= now),
        _ => false,
    }
}

/// The colleague to whom it was given, by the name or the login that was typed, or else the school.
fn receiver(
    tx: &Tx<'_>,
    school: &SchoolId,
    assigned_to: Option<&str>,
    (email, name): (String, String),
) -> Result<Option<(ContactPoint, String)>, StoreError> {
    if let Some(colleague) = assigned_to
        && let Some(account) = called(tx, school, colleague)?
        && let Some(kept) = own_addresses::of(tx, school, account.id, Channel::Email)?
        && let Some(own) = ContactPoint::from_stored(Channel::Email, &kept)
    {
        return Ok(Some((own, account.name)));
    }
    Ok(EmailAddress::parse(&email).ok().map(|email| (ContactPoint::Email(email), name)))
}

/// The one colleague who is called so; nobody where two are.
fn called(tx: &Tx<'_>, school: &SchoolId, typed: &str) -> Result<Option<Account>, StoreError> {
    let typed = typed.to_lowercase();
    let mut all = accounts::all(tx, school)?;
    all.retain(|it| {
        it.disabled_at.is_none()
            && [&it.login, &it.name].iter().any(|one| one.to_lowercase() == typed)
    });
    Ok(if all.len() == 1 { all.pop() } else { None })
}
