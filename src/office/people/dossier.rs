//! Everything that the office has to say to a parent on the telephone.

use serde::Serialize;

use super::sight::{Sight, person_at};
use crate::channel::Channel;
use crate::chat_address::ChatAddress;
use crate::clock::Moment;
use crate::delivery::lifecycle::AddresseeState;
use crate::delivery::{About, FailureKind};
use crate::directory::{self, Who, WhoError};
use crate::email_address::EmailAddress;
use crate::message::{Code, Proof, asks_to_stop};
use crate::office::School;
use crate::people::{
    ContactPoint, ContactState, Filing, Handle, Person, PersonKey, PostalAddress, Profile, Pupil,
    PupilKey, Restriction, Role, SchoolId, Source, Standing, Whom,
};
use crate::phone_number::PhoneNumber;
use crate::store::history::{self, Sent, Way};
use crate::store::people::KeptPerson;
use crate::store::replies::StandingReply;
use crate::store::{StoreError, Tx, people, pupils, replies};

/// One person, and all that went between them and the school.
#[derive(Serialize)]
pub struct Dossier {
    /// Their key.
    pub person: PersonKey,
    /// What the address of their page calls them.
    pub handle: Handle,
    /// Their name.
    pub name: String,
    /// What they do at the school, for staff.
    pub function: Option<String>,
    /// The pupils whom they stand for.
    pub pupils: Vec<DossierPupil>,
    /// The ways to reach them, those that do not work too.
    pub contacts: Vec<DossierContact>,
    /// How their household is connected.
    pub profile: Option<Profile>,
    /// The restrictions on them.
    pub restrictions: Vec<Ruling>,
    /// The messages that concern them, newest first.
    pub messages: Vec<DossierMessage>,
    /// What they answered, newest first.
    pub replies: Vec<DossierReply>,
}

/// A pupil of theirs.
#[derive(Serialize)]
pub struct DossierPupil {
    /// Their key.
    #[serde(skip)]
    pub key: PupilKey,
    /// What the address of their page calls them.
    pub handle: Handle,
    /// The name.
    pub name: String,
    /// The class.
    pub class: Option<String>,
    /// How they stand for the pupil.
    pub standing: Standing,
}

/// A way to reach them.
#[derive(Serialize)]
pub struct DossierContact {
    /// By which channel.
    pub channel: Channel,
    /// The address or the number; for an ENT that they have an account is all there is to say.
    pub value: String,
    /// What we know of it.
    pub state: ContactState,
    /// The best proof of its last use.
    pub proof: Option<Proof>,
    /// When that was.
    pub proven_at: Option<Moment>,
    /// Since when that is known of it; none for the post.
    pub since: Option<Moment>,
    /// Where we have it from.
    pub source: Option<Source>,
    /// Whence a STOP came, where one stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_from: Option<StopFrom>,
}

/// Whence a STOP came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopFrom {
    /// A message said so that named this number or address as its sender: anybody can write that.
    Reply,
    /// The service that carries there says so.
    Service,
}

/// A restriction on them.
#[derive(Serialize)]
pub struct Ruling {
    /// Of which pupil they must not hear.
    pub pupil: String,
    /// Why.
    pub why: Restriction,
    /// The day of it and where its copy lies.
    pub note: String,
}

/// A message that concerns them.
#[derive(Serialize)]
pub struct DossierMessage {
    /// Its code.
    pub message: Code,
    /// What it is about.
    pub subject: String,
    /// When it was launched.
    pub launched_at: Moment,
    /// The pupils whom it is about.
    pub about: Vec<String>,
    /// Where it stands for them.
    pub state: AddresseeState,
    /// The ways that it took, in order.
    pub ways: Vec<Way>,
}

/// Something that they answered.
#[derive(Serialize)]
pub struct DossierReply {
    /// When.
    pub at: Moment,
    /// Their words.
    pub body: String,
}

/// The dossiers of those whom somebody asks about, by a name, a part of it, an e-mail address or a number.
pub async fn dossiers(school: &School, who: Who) -> Result<Vec<Dossier>, WhoError> {
    let who = Who { point: point(&who.name, &school.config.school.region), ..who };
    let persons = directory::find_asked_about(school.store(), school.queue.school(), &who).await?;
    let mut dossiers = Vec::with_capacity(persons.len());
    for person in persons {
        dossiers.push(dossier(school, &person).await?);
    }
    Ok(dossiers)
}

/// The dossier of a handle, as far as somebody may see it; `None` for nobody whom they may look at.
pub async fn dossier_at(
    school: &School,
    sight: &Sight,
    handle: Handle,
) -> Result<Option<Dossier>, StoreError> {
    let Some(person) = person_at(school, sight, handle).await? else { return Ok(None) };
    let dossier = dossier(school, &person).await?;
    Ok(Some(as_seen(dossier, sight)))
}

/// Without what somebody may not see, as if there were none of it.
fn as_seen(mut dossier: Dossier, sight: &Sight) -> Dossier {
    if !sight.sees_rulings {
        dossier.restrictions.clear();
        dossier.messages.retain(|message| !message.is_withheld());
        for message in &mut dossier.messages {
            message.ways.retain(|way| way.failure != Some(FailureKind::Restricted));
        }
    }
    if let Whom::Own { classes, pupils } = &sight.whom {
        let is_own = |handle: &Handle, class: Option<&str>| {
            pupils.iter().any(|key| Handle::of_pupil(key) == *handle)
                || class.is_some_and(|class| classes.iter().any(|own| own == class))
        };
        dossier.pupils.retain(|pupil| is_own(&pupil.handle, pupil.class.as_deref()));
        let own: Vec<String> = dossier.pupils.iter().map(DossierPupil::with_class).collect();
        // What goes to all of a family, and what they answer, may be about a brother of another class.
        dossier.messages.retain(|message| message.about.iter().all(|about| own.contains(about)));
        dossier.replies.clear();
    }
    dossier
}

impl DossierMessage {
    /// Whether it was taken back, or never left, for the sake of a restriction.
    fn is_withheld(&self) -> bool {
        let is_restricted = |way: &Way| way.failure == Some(FailureKind::Restricted);
        self.state == AddresseeState::Cancelled && self.ways.iter().any(is_restricted)
    }
}

impl DossierPupil {
    fn with_class(&self) -> String {
        match &self.class {
            Some(class) => format!("{} ({class})", self.name),
            None => self.name.clone(),
        }
    }
}

/// The address or the number that stands in the place of a name.
fn point(typed: &str, region: &str) -> Option<ContactPoint> {
    if let Ok(address) = ChatAddress::parse(typed) {
        return Some(ContactPoint::Chat(address));
    }
    if typed.contains('@') {
        return EmailAddress::parse(typed).ok().map(ContactPoint::Email);
    }
    let number = (!typed.contains(char::is_alphabetic)).then(|| PhoneNumber::parse(typed, region));
    number?.ok().map(ContactPoint::Phone)
}

async fn dossier(school: &School, person: &Person) -> Result<Dossier, StoreError> {
    let (store, id, key) = (school.store(), school.queue.school().clone(), person.key.clone());
    let profile = directory::profile_of(store, &id, &key).await?;
    let rulings = directory::restrictions_of(store, &id, person).await?;
    let restrictions =
        rulings.into_iter().map(|(pupil, tie)| Ruling { pupil, why: tie.why, note: tie.note });
    let mut restrictions: Vec<Ruling> = restrictions.collect();
    restrictions.sort_by_cached_key(|ruling| Filing::of_shown(None, &ruling.pupil));
    let look = move |tx: &Tx<'_>| {
        let kept = people::kept_person(tx, &id, &key)?;
        let contacts = kept.as_ref().map(|kept| contacts(tx, &id, kept)).transpose()?;
        let mut pupils = pupils::of_person(tx, &id, &key)?;
        pupils.sort_by_cached_key(|(pupil, _)| Filing::of_pupil(pupil));
        let messages = history::of_person(tx, &id, &key)?;
        Ok((contacts, pupils, messages, replies::of_person(tx, &id, &key)?))
    };
    let (contacts, pupils, messages, replies) = store.read(look).await?;
    Ok(Dossier {
        person: person.key.clone(),
        handle: Handle::of_person(&person.key),
        function: function(person),
        name: person.display_name(),
        pupils: pupils.into_iter().map(|(pupil, standing)| card_pupil(&pupil, standing)).collect(),
        contacts: contacts.unwrap_or_default(),
        profile,
        restrictions,
        messages: messages.into_iter().map(|sent| card_message(school, sent)).collect(),
        replies: replies.into_iter().map(card_reply).collect(),
    })
}

fn function(person: &Person) -> Option<String> {
    match &person.role {
        Role::Guardian => None,
        Role::Staff(duties) => Some(duties.function.clone()),
    }
}

fn card_pupil(pupil: &Pupil, standing: Standing) -> DossierPupil {
    DossierPupil {
        key: pupil.key.clone(),
        handle: Handle::of_pupil(&pupil.key),
        name: pupil.display_name(),
        class: pupil.class.clone(),
        standing,
    }
}

fn card_message(school: &School, sent: Sent) -> DossierMessage {
    DossierMessage {
        message: sent.message,
        subject: school.subject(&sent.template, &sent.fields),
        launched_at: sent.launched_at,
        about: sent.about.iter().map(About::with_class).collect(),
        state: sent.state,
        ways: sent.ways,
    }
}

fn card_reply(StandingReply { reply, .. }: StandingReply) -> DossierReply {
    DossierReply { at: reply.received_at, body: reply.body }
}

fn contacts(
    tx: &Tx<'_>,
    school: &SchoolId,
    kept: &KeptPerson,
) -> Result<Vec<DossierContact>, StoreError> {
    let post = kept.person.postal_address.iter().map(|address| DossierContact {
        channel: Channel::Letter,
        value: PostalAddress::in_one_line(address),
        state: kept.post_state,
        proof: None,
        proven_at: None,
        since: None,
        source: kept.person.key.source(),
        stop_from: None,
    });
    let points = kept.points.iter().map(|kept| DossierContact {
        channel: kept.point.channel(),
        value: kept.point.shown().unwrap_or_default(),
        state: kept.state,
        proof: kept.proof,
        proven_at: kept.proven_at,
        since: Some(kept.changed_at),
        source: kept.source,
        stop_from: None,
    });
    let mut contacts: Vec<DossierContact> = points.chain(post).collect();
    for (contact, kept) in contacts.iter_mut().zip(&kept.points) {
        if kept.state == ContactState::OptedOut {
            let said = replies::last_from(tx, school, kept.point.value(), asks_to_stop)?;
            contact.stop_from = Some(said.map_or(StopFrom::Service, |_| StopFrom::Reply));
        }
    }
    Ok(contacts)
}
