//! What the e-mails mean that came in. Under our seal, a bounce settles the mail that it names, and an answer proves
//! it; what bears no seal is shown to people and believed by nobody. No mail says anything of an address to which we did
//! not write.

use std::time::Duration;

use super::{Entrance, Interpretation};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::delivery::{ReplyKind, SealKey};
use crate::email_address::EmailAddress;
use crate::id::Id;
use crate::mail::{BounceCause, Mail, MailFate, MailKind, Report};
use crate::message::{Proof, Reference, asks_to_stop, references_in, stopped_by};
use crate::people::{ContactPoint, ContactState, PersonKey};
use crate::queue::{Outcome, SaidBack};
use crate::store::bounces::{self, Bounce};
use crate::store::cards::SaidDone;
use crate::store::deliveries::{self, Due};
use crate::store::replies::{self, AnsweredCopy, KeptReply};
use crate::store::{StoreError, Tx, attachments, contact_points};

/// An address is failing once so many mails failed there within this time.
const FAILING_AFTER: usize = 3;
const WITHIN: Duration = Duration::from_hours(30 * 24);
/// What whoever presses the button of a mail program says.
const STOP: &str = "STOP";
/// References of a text that are looked for.
const MOST_TYPED: usize = 5;

/// The mail of ours that another speaks of.
struct Ours {
    due: Due,
    /// Where it went.
    address: EmailAddress,
    /// For whom it was.
    person: PersonKey,
}

impl Entrance {
    /// What a mail says of the one of ours that it names; what else it says is kept here.
    pub(super) fn of_mail(
        &self,
        tx: &Tx<'_>,
        key: &SealKey,
        mail: &Mail,
        now: Moment,
    ) -> Result<Interpretation, StoreError> {
        let mut sealed = mail.sealed.iter().filter_map(|word| key.opened(word));
        let named = sealed.next().map(|reference| self.ours_of(tx, &reference)).transpose()?;
        let named = named.flatten();
        let asks_by_button = stopped_by(&mail.subject).is_some_and(|it| key.opened(it).is_some());
        match &mail.kind {
            MailKind::Bounce(reports) => self.of_bounce(tx, mail, reports, named, now),
            // Their program wrote it, and beside that whatever its maker likes.
            _ if asks_by_button => self.of_answer(tx, mail, STOP, named, now),
            MailKind::Answer => self.of_answer(tx, mail, &mail.words, named, now),
            MailKind::OfAList => {
                self.show(tx, ReplyKind::Reply, mail, None, now)?;
                Ok(Interpretation::Nothing)
            }
            // Nobody read anything, and nothing is to be done.
            MailKind::Automatic | MailKind::ReadingReceipt => Ok(Interpretation::Nothing),
        }
    }

    fn of_bounce(
        &self,
        tx: &Tx<'_>,
        mail: &Mail,
        reports: &[Report],
        named: Option<Ours>,
        now: Moment,
    ) -> Result<Interpretation, StoreError> {
        let Some(ours) = named else {
            self.show(tx, ReplyKind::Bounce, mail, None, now)?;
            return Ok(Interpretation::Nothing);
        };
        let undeliverable = |due: Due| {
            let learnt = Outcome::of(due, DeliveryEvent::Undeliverable).learnt();
            Interpretation::Delivery(Box::new(learnt))
        };
        if let Some(report) = reports.iter().find(|it| is_of(it, &ours.address)) {
            let MailFate::Failed(cause) = report.fate else { return Ok(Interpretation::Nothing) };
            return Ok(if self.blame(tx, mail, &ours.address, cause, now)? {
                undeliverable(ours.due)
            } else {
                Interpretation::Nothing
            });
        }
        // Where it was sent on to, it failed: people look whose address that is.
        if reports.iter().any(|it| it.cause().is_some())
            && self.show(tx, ReplyKind::Bounce, mail, Some(&ours), now)?.is_some()
        {
            return Ok(undeliverable(ours.due));
        }
        Ok(Interpretation::Nothing)
    }

    /// Notes what a bounce says of the address that we wrote to; `false` when it was noted before.
    fn blame(
        &self,
        tx: &Tx<'_>,
        mail: &Mail,
        address: &EmailAddress,
        cause: BounceCause,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let school = self.queue.school();
        let (provider, provider_ref) = (self.provider.as_str(), mail.digest.as_str());
        let bounce = Bounce { provider, provider_ref, address, cause, noted_at: now };
        if !bounces::insert(tx, school, &bounce)? {
            return Ok(false);
        }
        let point = ContactPoint::Email(address.clone());
        match cause {
            BounceCause::Address => {
                contact_points::set_state(tx, school, &point, ContactState::Dead, now)?;
            }
            BounceCause::Recipient => {
                let lately = bounces::count_since(tx, school, address, now - WITHIN)?;
                if lately >= FAILING_AFTER {
                    contact_points::note_failing(tx, school, &point, now)?;
                }
            }
            BounceCause::Sender => {
                let provider = self.provider.as_str();
                tracing::warn!(
                    provider,
                    "A mail came back for our own sake: a quota, or a policy."
                );
            }
        }
        Ok(true)
    }

    fn of_answer(
        &self,
        tx: &Tx<'_>,
        mail: &Mail,
        words: &str,
        named: Option<Ours>,
        now: Moment,
    ) -> Result<Interpretation, StoreError> {
        let is_sealed = named.is_some();
        let ours = match named {
            Some(ours) => Some(ours),
            None => self.typed_in(tx, mail)?,
        };
        let kept = self.show(tx, ReplyKind::Reply, mail, ours.as_ref(), now)?;
        // A reference is no secret, and anybody can write under any address: people read that.
        let Some((kept, ours)) = kept.zip(ours).filter(|_| is_sealed) else {
            return Ok(Interpretation::Nothing);
        };
        let proven = Outcome::of(ours.due, DeliveryEvent::Proven(Proof::Acknowledged));
        let proven = |is_proof: bool| {
            let proven = is_proof.then(|| Interpretation::Delivery(Box::new(proven.clone())));
            proven.unwrap_or(Interpretation::Nothing)
        };
        // Whoever was sent it on speaks for themselves alone.
        if !mail.from.eq_ignore_ascii_case(ours.address.as_str()) {
            return Ok(proven(!asks_to_stop(words)));
        }
        let from = ContactPoint::Email(ours.address.clone());
        let said = SaidBack { to: Some(ours.due), from: &from, text: words, at: now };
        let heard = self.queue.hear(tx, &said)?;
        if let Some(done) = heard.done.filter(|_| mail.attachments.is_empty()) {
            let by_itself = SaidDone { at: now, by: String::new() };
            replies::settle_by_itself(tx, self.queue.school(), kept, &by_itself, done)?;
        }
        Ok(match heard.outcome {
            Some(outcome) => Interpretation::Delivery(Box::new(outcome)),
            // Whoever wants no more has read it; whoever says that it is not for them proves nothing of whom it was for.
            None => proven(asks_to_stop(words)),
        })
    }

    /// The mail of ours whose reference somebody typed, where it went to the address that writes.
    fn typed_in(&self, tx: &Tx<'_>, mail: &Mail) -> Result<Option<Ours>, StoreError> {
        let typed = references_in(&format!("{} {}", mail.subject, mail.words));
        for reference in typed.into_iter().take(MOST_TYPED) {
            let found = self.ours_of(tx, &reference)?;
            let theirs = |ours: &Ours| ours.address.as_str().eq_ignore_ascii_case(&mail.from);
            if let Some(ours) = found.filter(theirs) {
                return Ok(Some(ours));
            }
        }
        Ok(None)
    }

    fn ours_of(&self, tx: &Tx<'_>, reference: &Reference) -> Result<Option<Ours>, StoreError> {
        let school = self.queue.school();
        let Some(due) = bounces::named(tx, school, reference)? else { return Ok(None) };
        let Some(in_hand) = deliveries::in_hand(tx, school, &due)? else { return Ok(None) };
        let point = in_hand.recipient.contact_point(Channel::Email);
        let Some(ContactPoint::Email(address)) = point else { return Ok(None) };
        Ok(Some(Ours { due, address, person: in_hand.recipient.person }))
    }

    /// Keeps it for people to read; `None` when it was kept before.
    fn show(
        &self,
        tx: &Tx<'_>,
        kind: ReplyKind,
        mail: &Mail,
        ours: Option<&Ours>,
        now: Moment,
    ) -> Result<Option<Id<KeptReply>>, StoreError> {
        let school = self.queue.school();
        let reply = KeptReply {
            id: Id::new(now),
            kind,
            channel: Channel::Email,
            provider: self.provider.clone(),
            provider_ref: mail.digest.clone(),
            answers: ours
                .map(|it| AnsweredCopy { message: it.due.message, addressee: it.due.addressee }),
            person: self.whose(tx, kind, mail, ours)?,
            sender: Some(mail.from.clone()).filter(|from| !from.is_empty()),
            subject: Some(mail.subject.clone()).filter(|subject| !subject.is_empty()),
            body: mail.words.clone(),
            received_at: now,
        };
        if !replies::insert(tx, school, &reply)? {
            return Ok(None);
        }
        attachments::insert(tx, school, reply.id, &mail.attachments)?;
        Ok(Some(reply.id))
    }

    /// Whose it is: of the one mail that it names, or of the only person who has the address that writes. What several
    /// read is nobody's in particular.
    fn whose(
        &self,
        tx: &Tx<'_>,
        kind: ReplyKind,
        mail: &Mail,
        ours: Option<&Ours>,
    ) -> Result<Option<PersonKey>, StoreError> {
        let address = match ours {
            Some(ours) => Some(ours.address.clone()),
            None if kind == ReplyKind::Reply => EmailAddress::parse(&mail.from).ok(),
            None => None,
        };
        let Some(address) = address else { return Ok(None) };
        let point = ContactPoint::Email(address);
        let mut owners = contact_points::owners(tx, self.queue.school(), &point)?;
        Ok(match (owners.len(), ours) {
            (1, _) => owners.pop(),
            // The directory has another address of theirs by now.
            (0, Some(ours)) => Some(ours.person.clone()),
            _ => None,
        })
    }
}

/// Whether a report speaks of this address; one that names none speaks of the one mail that it is about.
fn is_of(report: &Report, address: &EmailAddress) -> bool {
    let named = report.recipient.as_str();
    let is_same = |it: EmailAddress| it.as_str().eq_ignore_ascii_case(address.as_str());
    named.is_empty()
        || named.eq_ignore_ascii_case(address.as_str())
        || EmailAddress::parse(named).is_ok_and(is_same)
}
