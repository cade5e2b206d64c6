//! Mails that come back: bounces of every kind, answers, and what only looks like one; each read and taken in as a
//! mailbox brings it.

use std::collections::BTreeMap;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::delivery::lifecycle::DeliveryState;
use chappe::inbox::Entrance;
use chappe::mail::{self, Arrival, Mail};
use chappe::message::{AnswerChoice, Proof};
use chappe::people::ContactState;
use chappe::providers::{Inbox as _, Word};
use fastrand::Rng;

use super::super::answers::Told;
use super::super::invariants::Broken;
use super::super::timely::Limits;
use super::known::{Known, is_over};
use super::list::List;
use super::{Count, Stand, asked, yes_or_no};

/// So many mails that failed for their recipient's sake make an address failing.
const FAILING_AFTER: usize = 3;

/// What a mail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    NobodyIsThere,
    MailboxIsFull,
    OurQuota,
    Later,
    HandedOver,
    Forged,
    OfAnother,
    Answers,
    AnswersFromElsewhere,
    NamesIt,
    Stop,
    NotForUs,
    Away,
}

impl Says {
    const ALL: [Self; 13] = [
        Self::NobodyIsThere,
        Self::MailboxIsFull,
        Self::OurQuota,
        Self::Later,
        Self::HandedOver,
        Self::Forged,
        Self::OfAnother,
        Self::Answers,
        Self::AnswersFromElsewhere,
        Self::NamesIt,
        Self::Stop,
        Self::NotForUs,
        Self::Away,
    ];

    const fn told(self) -> &'static str {
        match self {
            Self::NobodyIsThere => "a hard bounce",
            Self::MailboxIsFull => "a soft bounce",
            Self::OurQuota => "a bounce for our own sake",
            Self::Later => "a delay",
            Self::HandedOver => "a success",
            Self::Forged => "a forged bounce",
            Self::OfAnother => "a bounce of another's address",
            Self::Answers => "an answer by mail",
            Self::AnswersFromElsewhere => "an answer from elsewhere",
            Self::NamesIt => "a mail that names a reference",
            Self::Stop => "a STOP by mail",
            Self::NotForUs => "a denial by mail",
            Self::Away => "a vacation note",
        }
    }

    /// Whether it says that the mail which it names did not arrive.
    const fn is_failure(self) -> bool {
        matches!(self, Self::NobodyIsThere | Self::MailboxIsFull | Self::OurQuota | Self::OfAnother)
    }

    /// Whether whoever says so has read what it answers.
    const fn is_proof(self) -> bool {
        matches!(self, Self::Answers | Self::AnswersFromElsewhere | Self::Stop)
    }

    /// Whether it says nothing that changes anything, whoever says so.
    const fn is_shown_at_most(self) -> bool {
        !self.is_failure() && !self.is_proof()
    }
}

/// Mails that came.
#[derive(Default)]
pub(super) struct Mails {
    brought: Vec<Mail>,
    /// How many failed at each address for its own sake.
    soft: BTreeMap<String, usize>,
}

/// A mail about one of ours, and what is known of that.
struct Coming<'a> {
    says: Says,
    reference: &'a str,
    address: &'a str,
    /// Somebody else's address.
    another: &'a str,
    /// The seal names one of ours, which went to that address.
    is_ours: bool,
    /// What a person answers.
    answer: Option<AnswerChoice>,
}

impl Mails {
    /// A mail about one that a relay took comes in, one time in three twice.
    pub(super) async fn come(
        &mut self,
        chance: &mut Rng,
        stand: &Stand<'_>,
        (list, limits, told): (&mut List, &mut Limits, &mut Told),
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        let sent = stand.world.truth().mails();
        if sent.is_empty() {
            return Ok(Broken::new());
        }
        let (reference, address) = &sent[chance.usize(0..sent.len())];
        let says = Says::ALL[chance.usize(0..Says::ALL.len())];
        let before = Known::take(stand.app.store()).await?;
        let announced = stand.announced(reference);
        let asks = announced.is_some_and(|(message, _)| message.question.is_some());
        let answer = (asks && says == Says::Answers).then(|| yes_or_no(chance));
        let is_ours = says != Says::Forged
            && before.stands(reference).is_some_and(|it| it.is_answerable_at(address));
        let another = sent.iter().map(|(_, to)| to).find(|to| *to != address);
        let another = another.map_or("famille9999@example.org", String::as_str);
        let coming = Coming { says, reference, address, another, is_ours, answer };
        let mail = coming.mail(chance, stand).await?;
        bring(stand, &mail).await?;
        let after = Known::take(stand.app.store()).await?;
        if is_ours || says == Says::Forged {
            count(says.told());
        }
        if is_ours && says == Says::MailboxIsFull {
            *self.soft.entry(address.clone()).or_default() += 1;
        }
        let mut broken = coming.judge(&before, &after, self.soft.get(address).copied());
        if let Some(waits) = coming.waits() {
            list.say(mail.digest.clone(), waits);
        }
        if is_ours && says.is_proof() {
            stand.has_it(reference);
        }
        if is_ours && let Some((answer, (message, number))) = answer.zip(announced) {
            told.note(asked(message, number), answer);
        }
        if is_ours && says == Says::Stop && !after.of(Channel::Email, address).is_empty() {
            limits.stop(address, stand.world.age());
        }
        if chance.u32(0..3) == 0 {
            broken.extend(bring_again(stand, &mail).await?);
        }
        self.brought.push(mail);
        Ok(broken.into_iter().map(|it| format!("{} of {reference}: {it}", says.told())).collect())
    }

    /// What was brought before changes nothing.
    pub(super) async fn come_again(
        &self,
        chance: &mut Rng,
        stand: &Stand<'_>,
        count: &mut Count<'_>,
    ) -> anyhow::Result<Broken> {
        if self.brought.is_empty() {
            return Ok(Broken::new());
        }
        count("the same mail later");
        bring_again(stand, &self.brought[chance.usize(0..self.brought.len())]).await
    }
}

async fn bring(stand: &Stand<'_>, mail: &Mail) -> anyhow::Result<()> {
    let (queue, clock) = (stand.app.queue.clone(), stand.app.clock.clone());
    let entrance = Entrance::of(stand.email, queue, clock, Duration::from_mins(1));
    Ok(entrance.take(vec![Word::Mail(Box::new(mail.clone()))]).await?)
}

async fn bring_again(stand: &Stand<'_>, mail: &Mail) -> anyhow::Result<Broken> {
    let before = Known::take(stand.app.store()).await?;
    bring(stand, mail).await?;
    let after = Known::take(stand.app.store()).await?;
    let moved = after.moved_since(&before);
    let is_same = after.is_as(&before);
    Ok(if is_same { Broken::new() } else { vec![format!("{mail:?} counts twice: {moved:?}")] })
}

impl Coming<'_> {
    /// It, as a server or a person writes it.
    async fn mail(&self, chance: &mut Rng, stand: &Stand<'_>) -> anyhow::Result<Mail> {
        let Self { reference, address, another, .. } = *self;
        let sealed = stand.app.queue.seal_key().await?.sealed(reference);
        let id = chance.u64(..);
        let bounce = |sealed: &str, to: &str, action: &str, said: &str| {
            bounce(&format!("<{id}@relais.example.org>"), (sealed, to), action, said)
        };
        let answer = |from: &str, sealed: &str, text: &str| {
            answer(&format!("<{id}@example.org>"), (from, sealed), text)
        };
        let raw = match self.says {
            Says::NobodyIsThere => bounce(&sealed, address, "failed", "5.1.1 User unknown"),
            Says::MailboxIsFull => bounce(&sealed, address, "failed", "5.2.2 Mailbox is full"),
            Says::OurQuota => bounce(&sealed, address, "failed", "5.4.5 Daily sending quota"),
            Says::Later => bounce(&sealed, address, "delayed", "4.2.0 Greylisted"),
            Says::HandedOver => bounce(&sealed, address, "relayed", "2.0.0 Ok"),
            Says::Forged => {
                let forged = format!("{reference}-00000000");
                bounce(&forged, address, "failed", "5.1.1 User unknown")
            }
            Says::OfAnother => bounce(&sealed, another, "failed", "5.1.1 User unknown"),
            Says::Answers => match self.answer {
                Some(said) => answer(address, &sealed, said.in_french()),
                None => answer(address, &sealed, "Bien recu, merci"),
            },
            Says::AnswersFromElsewhere => answer("tante@example.org", &sealed, "Bien recu"),
            Says::NamesIt => answer(address, "x", &format!("Au sujet de {reference} : merci")),
            Says::Stop => answer(address, &sealed, "STOP"),
            Says::NotForUs => answer(address, &sealed, "Erreur, ce n'est pas moi"),
            Says::Away => format!(
                "Auto-Submitted: auto-replied\r\n{}",
                answer(address, &sealed, "Absents jusqu'a lundi")
            ),
        };
        Ok(mail::read(raw.as_bytes(), &Arrival::default()))
    }

    /// Whether it is kept in words, and waits for somebody then.
    fn waits(&self) -> Option<bool> {
        match self.says {
            Says::Away => None,
            Says::NobodyIsThere
            | Says::MailboxIsFull
            | Says::OurQuota
            | Says::Later
            | Says::HandedOver => (!self.is_ours).then_some(true),
            Says::Stop => Some(!self.is_ours),
            Says::Answers => Some(!self.is_ours || self.answer.is_none()),
            Says::Forged
            | Says::OfAnother
            | Says::AnswersFromElsewhere
            | Says::NamesIt
            | Says::NotForUs => Some(true),
        }
    }

    /// What is wrong about what it changed.
    fn judge(&self, before: &Known, after: &Known, soft: Option<usize>) -> Broken {
        let mut broken = Broken::new();
        if !self.is_ours || self.says.is_shown_at_most() {
            if !after.is_as(before) {
                broken.push(format!("it is believed: {:?}", after.moved_since(before)));
            }
            return broken;
        }
        // What leaves by the next way may tell of addresses there.
        let is_of_another =
            |(channel, to): &(Channel, String)| *channel == Channel::Email && to != self.address;
        if after.changed_since(before).iter().any(is_of_another) {
            broken.push("it says something of another address".to_owned());
        }
        let (was, is) = (before.stands(self.reference), after.stands(self.reference));
        let Some((was, is)) = was.zip(is) else { return broken };
        let has_left = |state| {
            use DeliveryState::{Accepted, Sending, Uncertain};
            matches!(state, Sending | Uncertain | Accepted)
        };
        let may_be_proven = has_left(was.state)
            || (was.state == DeliveryState::Waiting && was.may_have_left)
            || matches!(was.state, DeliveryState::Failed | DeliveryState::Proven);
        let expected = match () {
            () if self.says.is_failure() && has_left(was.state) => (DeliveryState::Failed, None),
            () if self.says.is_proof() && may_be_proven => {
                (DeliveryState::Proven, Some(Proof::Acknowledged))
            }
            () => (was.state, was.proof),
        };
        if (is.state, is.proof) != expected {
            broken.push(format!("it stood as {was:?}, now as {is:?}, wanted is {expected:?}"));
        }
        let known = after.of(Channel::Email, self.address);
        let sound = match self.says {
            Says::NobodyIsThere => known.iter().all(|it| is_over(*it)),
            Says::MailboxIsFull if soft >= Some(FAILING_AFTER) => {
                known.iter().all(|it| is_over(*it) || *it == ContactState::Failing)
            }
            Says::Stop => known.iter().all(|it| *it == ContactState::OptedOut),
            _ if self.says.is_failure() => known == before.of(Channel::Email, self.address),
            _ => true,
        };
        if !sound {
            broken.push(format!("the address is known as {known:?}"));
        }
        broken
    }
}

/// What a server writes of a mail of ours, which went out under this word: about an address.
fn bounce(id: &str, (sealed, to): (&str, &str), action: &str, said: &str) -> String {
    let status = said.split(' ').next().unwrap_or_default();
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@relais.example.org\r\n\
         To: retours+{sealed}@ecole.example.org\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: {id}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; relais.example.org\r\n\r\nFinal-Recipient: rfc822; {to}\r\n\
         Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n\r\n--b--\r\n"
    )
}

/// What somebody writes from an address, in answer to what went out under this word.
fn answer(id: &str, (from, sealed): (&str, &str), text: &str) -> String {
    format!(
        "Return-Path: <{from}>\r\nFrom: {from}\r\nTo: secretariat@ecole.example.org\r\n\
         Subject: Re: Fermeture\r\nMessage-ID: {id}\r\nIn-Reply-To: <{sealed}@example.org>\r\n\r\n\
         {text}\r\n"
    )
}
