//! One reading of the list: what waits, whose it is, and what became of it.

use std::cell::OnceCell;
use std::collections::HashMap;

use jiff::civil::Date;

use super::entry::{EntryKind, InboxEntry, InboxSought};
use super::mailed::{MailSender, MailedDocuments};
use super::name::{self, EntryName};
use super::told::{self, KnownContacts, OwnContacts};
use crate::audience::Roll;
use crate::clock::Moment;
use crate::delivery::lifecycle::AddresseeState;
use crate::delivery::{About, Recipient};
use crate::id::Id;
use crate::message::{Message, Urgency};
use crate::office::School;
use crate::office::addressees::is_of;
use crate::office::overview::Tried;
use crate::people::{Filing, SchoolId, Whom};
use crate::phone_number::PhoneNumber;
use crate::queue::as_carried;
use crate::store::addressees::Addressee;
use crate::store::attachments::{self, KeptAttachment};
use crate::store::cards::SaidDone;
use crate::store::replies::{KeptReply, StandingReply};
use crate::store::seen_to::NotSeenTo;
use crate::store::{StoreError, Tx, addressees, messages, people, pupils, replies, seen_to, works};

/// States in which somebody is in people's hands who is not on a list of their own, as those to be called are.
const IN_HANDS: [AddresseeState; 2] = [AddresseeState::Unreached, AddresseeState::Uncertain];

/// Something that waits, before it is looked up whose it is.
pub(super) enum Open {
    Said(Box<StandingReply>),
    InHands(AddresseeState, NotSeenTo),
}

impl Open {
    pub(super) fn kind(&self) -> Option<EntryKind> {
        match self {
            Self::Said(said) => Some(said.reply.kind.into()),
            Self::InHands(state, _) => EntryKind::of(*state),
        }
    }

    /// What was said, where somebody said something.
    pub(super) fn reply(&self) -> Option<Id<KeptReply>> {
        match self {
            Self::Said(said) => Some(said.reply.id),
            Self::InHands(..) => None,
        }
    }

    fn assigned_to(&self) -> Option<&str> {
        match self {
            Self::Said(said) => said.assigned_to.as_deref(),
            Self::InHands(_, charge) => charge.assigned_to.as_deref(),
        }
    }

    fn message(&self) -> Option<Id<Message>> {
        match self {
            Self::Said(said) => said.reply.answers.map(|it| it.message),
            Self::InHands(_, charge) => Some(charge.message),
        }
    }

    fn is_sought(&self, sought: &InboxSought) -> bool {
        let given_to = |wanted: &String| {
            self.assigned_to().is_some_and(|to| to.to_lowercase() == wanted.to_lowercase())
        };
        sought.kind.is_none_or(|kind| self.kind() == Some(kind))
            && sought.assigned_to.as_ref().is_none_or(given_to)
    }
}

/// Whose an entry is.
pub(super) struct EntryOwner {
    name: Option<String>,
    about: Vec<About>,
    phone: Option<PhoneNumber>,
}

/// An entry as the database has it.
pub(super) struct FoundEntry {
    open: Open,
    whose: EntryOwner,
    message: Option<Message>,
    settled: Option<(SaidDone, String)>,
    tried: Vec<Tried>,
    attached: Vec<KeptAttachment>,
    /// What somebody of the staff attached for pupils, until it is settled.
    documents: Option<MailedDocuments>,
    /// How many pages of pupils' work came of it.
    work_pages: usize,
    /// The ways to whoever said it, until it is settled; none where nobody is known to have.
    known: Option<KnownContacts>,
}

/// The reading: each message is looked up once.
pub(super) struct InboxReading<'a, 'tx> {
    tx: &'a Tx<'tx>,
    school: &'a SchoolId,
    today: Date,
    messages: HashMap<Id<Message>, Option<Message>>,
    /// The roll, once it is needed.
    roll: OnceCell<Roll>,
}

impl<'a, 'tx> InboxReading<'a, 'tx> {
    pub(super) fn new(tx: &'a Tx<'tx>, school: &'a SchoolId, today: Date) -> Self {
        Self { tx, school, today, messages: HashMap::new(), roll: OnceCell::new() }
    }

    pub(super) fn open(&self, sought: &InboxSought) -> Result<Vec<Open>, StoreError> {
        let said = replies::open(self.tx, self.school)?.into_iter();
        let mut open: Vec<Open> = said.map(|it| Open::Said(Box::new(it))).collect();
        for state in IN_HANDS {
            let charges = seen_to::open(self.tx, self.school, state)?.into_iter();
            open.extend(charges.map(|it| Open::InHands(state, it)));
        }
        open.retain(|it| it.is_sought(sought));
        Ok(open)
    }

    pub(super) fn named(&self, name: &EntryName) -> Result<Option<Open>, StoreError> {
        match name {
            EntryName::Said(number) => {
                let found = replies::numbered(self.tx, self.school, *number)?;
                Ok(found.map(|it| Open::Said(Box::new(it))))
            }
            EntryName::InHands(code, number) => {
                let found = name::find(self.tx, self.school, code, *number)?;
                let Some(addressee) = found else { return Ok(None) };
                let state = addressee.progress.state;
                if EntryKind::of(state).is_none() {
                    return Ok(None);
                }
                let charge = seen_to::of(self.tx, self.school, (addressee.id, state))?;
                Ok(charge.map(|it| Open::InHands(state, it)))
            }
        }
    }

    /// The one of this name, and whose it is, as far as whoever looks may see it.
    pub(super) fn seen(
        &self,
        whom: &Whom,
        name: &EntryName,
    ) -> Result<Option<(Open, EntryOwner)>, StoreError> {
        let Some(open) = self.named(name)? else { return Ok(None) };
        let whose = self.whose(&open)?;
        Ok(self.is_seen(whom, &open, &whose)?.then_some((open, whose)))
    }

    /// What families write is read by those alone who see everybody; documents for their own pupils, by whoever has to do
    /// with these as well.
    pub(super) fn is_seen(
        &self,
        whom: &Whom,
        open: &Open,
        whose: &EntryOwner,
    ) -> Result<bool, StoreError> {
        match open {
            _ if *whom == Whom::Everybody => Ok(true),
            Open::InHands(..) => Ok(is_of(whom, &whose.about)),
            Open::Said(said) => {
                let mailed = self.mailed(&said.reply)?;
                let Some((documents, sender)) = mailed else { return Ok(false) };
                Ok(documents.are_seen_by(whom, &sender, self.roll()?))
            }
        }
    }

    /// What somebody of the staff attached to a mail, and who that is; none where nobody of them wrote it, or where nothing
    /// is attached.
    pub(super) fn mailed(
        &self,
        reply: &KeptReply,
    ) -> Result<Option<(MailedDocuments, MailSender)>, StoreError> {
        let Some(sender) = MailSender::of(self.tx, self.school, reply)? else { return Ok(None) };
        if attachments::of_reply(self.tx, self.school, reply.id)?.is_empty() {
            return Ok(None);
        }
        let documents = MailedDocuments::of(reply, &sender, (self.roll()?, self.today));
        Ok(Some((documents, sender)))
    }

    /// Who is at the school, read once.
    pub(super) fn roll(&self) -> Result<&Roll, StoreError> {
        if let Some(roll) = self.roll.get() {
            return Ok(roll);
        }
        let roll = Roll::read(self.tx, self.school)?;
        Ok(self.roll.get_or_init(|| roll))
    }

    fn message(&mut self, id: Option<Id<Message>>) -> Result<Option<Message>, StoreError> {
        let Some(id) = id else { return Ok(None) };
        if let Some(known) = self.messages.get(&id) {
            return Ok(known.clone());
        }
        let found = messages::by_id(self.tx, self.school, id)?;
        self.messages.insert(id, found.clone());
        Ok(found)
    }

    /// Since when it waits, and whether it is about an urgent message.
    pub(super) fn place(&mut self, open: &Open) -> Result<(Moment, bool), StoreError> {
        let message = self.message(open.message())?;
        let is_urgent = message.as_ref().is_some_and(|it| it.urgency == Urgency::Urgent);
        let since = match open {
            Open::Said(said) => said.reply.received_at,
            Open::InHands(_, charge) => {
                charge.since.or(message.map(|it| it.launched_at)).unwrap_or(Moment(0))
            }
        };
        Ok((since, is_urgent))
    }

    pub(super) fn whose(&self, open: &Open) -> Result<EntryOwner, StoreError> {
        let addressee = match open {
            Open::Said(said) => said.reply.answers.map(|it| it.addressee),
            Open::InHands(_, charge) => Some(charge.addressee),
        };
        if let Some(to) = addressee.map(|id| self.recipient(id)).transpose()?.flatten() {
            return Ok(EntryOwner { name: Some(to.name), about: to.about, phone: to.phone });
        }
        let Open::Said(said) = open else {
            return Ok(EntryOwner { name: None, about: Vec::new(), phone: None });
        };
        let Some(key) = &said.reply.person else {
            return Ok(EntryOwner { name: None, about: Vec::new(), phone: None });
        };
        let name = people::person(self.tx, self.school, key)?.map(|person| person.display_name());
        let mut theirs = pupils::of_person(self.tx, self.school, key)?;
        theirs.sort_by_cached_key(|(pupil, _)| Filing::of_pupil(pupil));
        let about = theirs.into_iter().map(|(pupil, _)| About {
            name: pupil.display_name(),
            pupil: Some(pupil.key),
            class: pupil.class,
            level: pupil.level,
        });
        Ok(EntryOwner { name, about: about.collect(), phone: None })
    }

    fn recipient(&self, id: Id<Addressee>) -> Result<Option<Recipient>, StoreError> {
        addressees::recipient(self.tx, self.school, id)
    }

    pub(super) fn entry(
        &mut self,
        open: Open,
        whose: EntryOwner,
    ) -> Result<FoundEntry, StoreError> {
        let settled = match &open {
            Open::Said(said) => said.settled.clone(),
            Open::InHands(state, charge) => {
                seen_to::settled(self.tx, self.school, (charge.addressee, *state))?
            }
        };
        let message = self.message(open.message())?;
        let tried = self.tried(&open)?;
        let attached = self.attached(&open)?;
        let known = if settled.is_none() { self.known(&open)? } else { None };
        let mut documents = None;
        let mut work_pages = 0;
        if let Open::Said(said) = &open
            && !attached.is_empty()
        {
            work_pages = works::pages_of_reply(self.tx, self.school, said.number)?;
            let mailed = if settled.is_none() { self.mailed(&said.reply)? } else { None };
            documents = mailed.map(|(documents, _)| documents);
        }
        let found = FoundEntry {
            open,
            whose,
            message,
            settled,
            tried,
            attached,
            documents,
            work_pages,
            known,
        };
        Ok(found)
    }

    /// What is attached to it.
    pub(super) fn attached(&self, open: &Open) -> Result<Vec<KeptAttachment>, StoreError> {
        let Some(reply) = open.reply() else { return Ok(Vec::new()) };
        attachments::of_reply(self.tx, self.school, reply)
    }

    fn known(&self, open: &Open) -> Result<Option<KnownContacts>, StoreError> {
        let Open::Said(said) = open else { return Ok(None) };
        let person = told::told_by(self.tx, self.school, &said.reply)?;
        person.map(|person| KnownContacts::of(self.tx, self.school, &person)).transpose()
    }

    /// What was tried to reach somebody who is in people's hands.
    fn tried(&self, open: &Open) -> Result<Vec<Tried>, StoreError> {
        let Open::InHands(_, charge) = open else { return Ok(Vec::new()) };
        let found = addressees::load(self.tx, self.school, charge.addressee)?;
        let progress = found.map(|it| as_carried(self.tx, self.school, &it)).transpose()?;
        Ok(progress.iter().flat_map(Tried::of).collect())
    }
}

impl FoundEntry {
    pub(super) fn shown(self, school: &School) -> InboxEntry {
        let Self { open, whose, message, settled, tried, attached, documents, work_pages, known } =
            self;
        let launched_at = message.as_ref().map(|it| it.launched_at);
        let kind = open.kind().unwrap_or(EntryKind::Unreached);
        let assigned_to = open.assigned_to().map(str::to_owned);
        let (settled, how) = settled.unzip();
        let code = message.as_ref().map(|it| it.code.clone());
        let entry = InboxEntry {
            name: EntryName::Said(0),
            kind,
            since: launched_at.unwrap_or(Moment(0)),
            is_urgent: message.as_ref().is_some_and(|it| it.urgency == Urgency::Urgent),
            who: whose.name,
            about: whose.about.iter().map(About::with_class).collect(),
            subject: message.as_ref().map(|it| school.subject(&it.template, &it.fields)),
            message: code.clone(),
            channel: None,
            sender: None,
            subject_line: None,
            said: None,
            told: Vec::new(),
            tells_contacts_alone: false,
            attachments: attached.into_iter().map(Into::into).collect(),
            documents,
            work_pages,
            phone: whose.phone.as_ref().map(PhoneNumber::in_pairs),
            tried,
            assigned_to,
            settled,
            how: how.filter(|it| !it.is_empty()),
        };
        match open {
            Open::Said(said) => InboxEntry {
                name: EntryName::Said(said.number),
                since: said.reply.received_at,
                channel: Some(said.reply.channel),
                told: known
                    .map(|it| OwnContacts::of(school).told_in(&said.reply, &it))
                    .unwrap_or_default(),
                tells_contacts_alone: told::contacts_alone(&said.reply).is_some(),
                sender: said.reply.from().and_then(|it| it.shown()).or(said.reply.sender),
                subject_line: said.reply.subject,
                said: Some(said.reply.body),
                ..entry
            },
            Open::InHands(_, charge) => InboxEntry {
                name: code.map_or(EntryName::Said(0), |it| EntryName::InHands(it, charge.number)),
                since: charge.since.unwrap_or(entry.since),
                ..entry
            },
        }
    }
}
