//! Ways to reach somebody that stand in their own words, beside what is kept of them.

use super::entry::ToldContact;
use crate::channel::Channel;
use crate::delivery::ReplyKind;
use crate::email_address::EmailAddress;
use crate::office::{School, slips};
use crate::people::{ContactPoint, PersonKey, SchoolId};
use crate::phone_number::PhoneNumber;
use crate::store::replies::{KeptReply, StandingReply};
use crate::store::{StoreError, Tx, addressees, corrections, people};

/// Whose contacts their words tell; nobody's where several were written to together.
pub(super) fn told_by(
    tx: &Tx<'_>,
    school: &SchoolId,
    reply: &KeptReply,
) -> Result<Option<PersonKey>, StoreError> {
    let Some(copy) = reply.answers else { return Ok(reply.person.clone()) };
    let to = addressees::recipient(tx, school, copy.addressee)?;
    let are_several = to.is_some_and(|to| to.keys().count() > 1);
    Ok(reply.person.clone().filter(|_| !are_several))
}

/// The ways to somebody that are known.
pub(super) struct KnownContacts {
    /// Those that are kept.
    kept: Vec<ContactPoint>,
    /// Those in the place of which the office has put others.
    replaced: Vec<(Channel, String)>,
}

impl KnownContacts {
    pub(super) fn of(
        tx: &Tx<'_>,
        school: &SchoolId,
        person: &PersonKey,
    ) -> Result<Self, StoreError> {
        let kept = people::kept_person(tx, school, person)?.into_iter();
        let kept = kept.flat_map(|kept| kept.points).map(|kept| kept.point).collect();
        let replaced = corrections::of(tx, school, person)?.into_iter();
        let replaced = replaced.filter_map(|it| Some((it.channel()?, it.was().to_owned())));
        Ok(Self { kept, replaced: replaced.collect() })
    }

    fn has(&self, point: &ContactPoint) -> bool {
        self.kept.contains(point)
            || self
                .replaced
                .iter()
                .any(|(channel, was)| *channel == point.channel() && was.as_str() == point.value())
    }
}

/// What is the school's own, which families quote; and how numbers are dialled there.
pub(super) struct OwnContacts {
    region: String,
    own: String,
}

impl OwnContacts {
    pub(super) fn of(school: &School) -> Self {
        let config = &school.config.school;
        Self { region: config.region.clone(), own: format!("{}\n{}", config.phone, config.email) }
    }

    /// The contacts that stand in somebody's words and are none of those kept, each with what it would replace.
    pub(super) fn told_in(&self, reply: &KeptReply, known: &KnownContacts) -> Vec<ToldContact> {
        let words = match reply.kind {
            ReplyKind::Slip => slips::corrections_in(&reply.body).collect::<Vec<_>>().join("\n"),
            ReplyKind::Reply | ReplyKind::Call => reply.body.clone(),
            ReplyKind::Bounce => return Vec::new(),
        };
        let own = self.all_in(&self.own);
        let mut new = self.all_in(&words);
        new.retain(|point| !known.has(point) && !own.contains(point));
        let alike = |new| known.kept.iter().filter(move |kept| is_alike(kept, new));
        new.iter().flat_map(|new| pairs(new, alike(new))).collect()
    }

    fn all_in(&self, text: &str) -> Vec<ContactPoint> {
        let (emails, _) = EmailAddress::find(text);
        let phones = text.lines().flat_map(|line| PhoneNumber::find(line, &self.region).numbers);
        let mut all: Vec<ContactPoint> = emails.into_iter().map(ContactPoint::Email).collect();
        for phone in phones.map(ContactPoint::Phone) {
            if !all.contains(&phone) {
                all.push(phone);
            }
        }
        all
    }

    /// Whether a slip asks for nothing more, now that these contacts are kept.
    pub(super) fn is_done(&self, standing: &StandingReply, known: &KnownContacts) -> bool {
        let is_kept = |said: &str| {
            let told = self.all_in(said);
            let are_kept = told.iter().all(|point| known.kept.contains(point));
            !told.is_empty() && are_kept && is_nothing_else(said)
        };
        contacts_alone(&standing.reply).is_some_and(|all| all.into_iter().all(is_kept))
    }
}

/// What a slip says of contacts, where nothing else is to be seen to in it.
pub(super) fn contacts_alone(reply: &KeptReply) -> Option<Vec<&str>> {
    slips::contacts_alone(&reply.body).filter(|_| reply.kind == ReplyKind::Slip)
}

/// Whether no word stands beside the contacts.
fn is_nothing_else(said: &str) -> bool {
    let is_word = |part: &str| part.chars().any(char::is_alphabetic);
    said.split_whitespace().all(|part| !is_word(part) || EmailAddress::parse(part).is_ok())
}

/// One for each that it may replace; beside what there is, where it can replace none.
fn pairs<'k>(
    new: &ContactPoint,
    replaced: impl Iterator<Item = &'k ContactPoint>,
) -> Vec<ToldContact> {
    let told = |was: Option<&ContactPoint>| ToldContact {
        channel: new.channel(),
        was: was.map(|it| it.value().to_owned()),
        is: new.value().to_owned(),
    };
    let all: Vec<ToldContact> = replaced.map(|was| told(Some(was))).collect();
    if all.is_empty() { vec![told(None)] } else { all }
}

/// Whether one may stand in the place of the other: a mobile in that of a mobile.
fn is_alike(one: &ContactPoint, other: &ContactPoint) -> bool {
    match (one, other) {
        (ContactPoint::Email(_), ContactPoint::Email(_)) => true,
        (ContactPoint::Phone(one), ContactPoint::Phone(other)) => {
            one.takes_sms() == other.takes_sms()
        }
        _ => false,
    }
}
