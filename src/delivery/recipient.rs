//! Who an addressee is, frozen at launch: later imports do not change what is under way.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::chat_address::ChatAddress;
use crate::email_address::EmailAddress;
use crate::people::{
    Civility, Connectivity, ContactPoint, Filing, PersonKey, PostalAddress, PupilKey, WhichPupil,
};
use crate::phone_number::PhoneNumber;

/// One recipient of one message: a person, or the persons of a household.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Key in the directory; of the first of a household.
    pub person: PersonKey,
    /// `Inès DURAND`; of a household `Inès DURAND et Paul MARTIN`.
    pub name: String,
    /// Madame or Monsieur, where known; `None` for several persons.
    pub civility: Option<Civility>,
    /// The persons of a household, the first one too; empty for one person alone.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub members: Vec<Member>,
    /// The pupils whom the message is about, for this person; empty for staff.
    pub about: Vec<About>,
    /// Id in the ENT.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ent: Option<String>,
    /// Where e-mail goes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<EmailAddress>,
    /// Where text messages go.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sms: Option<PhoneNumber>,
    /// The number to call.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<PhoneNumber>,
    /// Where chats go.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub chat: Option<ChatAddress>,
    /// Where post goes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub post: Option<PostalAddress>,
    /// The channels on which a person of the school publishes for them, and which need no address.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub by_hand: BTreeSet<Channel>,
    /// How the household is connected, where the school knows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub connectivity: Option<Connectivity>,
    /// Whether somebody there reads large print alone.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub large_print: bool,
    /// Where the household fetches its letters; `None`: they go by post.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pick_up: Option<String>,
    /// For a channel whose address someone of the same family shares: a key that is equal for all
    /// of them. One delivery then serves all.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub shared: BTreeMap<Channel, String>,
    /// For such a channel, how the others who read the same copy are addressed: it greets them too.
    /// Nothing else is kept of them here.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub greeted_too: BTreeMap<Channel, Vec<Option<Civility>>>,
}

/// One of those who live together and get one copy.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Key in the directory.
    pub person: PersonKey,
    /// `Inès DURAND`.
    pub name: String,
    /// Madame or Monsieur, where known.
    pub civility: Option<Civility>,
}

/// A pupil, as far as a message names one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct About {
    /// Key in the directory; none in copies of earlier versions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pupil: Option<PupilKey>,
    /// `Zoé DURAND`.
    pub name: String,
    /// `6A`.
    pub class: Option<String>,
    /// `6e`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<String>,
}

impl Recipient {
    /// Everybody whose copy it is.
    pub fn keys(&self) -> impl Iterator<Item = &PersonKey> {
        let members = self.members.iter().map(|member| &member.person);
        std::iter::once(&self.person).chain(members)
    }

    /// A recipient with no address yet.
    #[must_use]
    pub fn without_address(
        person: PersonKey,
        name: impl Into<String>,
        civility: Option<Civility>,
        about: Vec<About>,
    ) -> Self {
        Self {
            person,
            name: name.into(),
            civility,
            members: Vec::new(),
            about,
            ent: None,
            email: None,
            sms: None,
            phone: None,
            chat: None,
            post: None,
            by_hand: BTreeSet::new(),
            connectivity: None,
            large_print: false,
            pick_up: None,
            shared: BTreeMap::new(),
            greeted_too: BTreeMap::new(),
        }
    }

    /// One copy for this one and these others, who live at one address.
    #[must_use]
    pub fn together_with(self, others: &[Self]) -> Self {
        if others.is_empty() {
            return self;
        }
        let all = std::iter::once(&self).chain(others);
        let members: Vec<Member> = all.flat_map(Self::each).collect();
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        Self { name: names.join(" et "), civility: None, members, ..self }
    }

    fn each(&self) -> Vec<Member> {
        if !self.members.is_empty() {
            return self.members.clone();
        }
        let (person, name) = (self.person.clone(), self.name.clone());
        vec![Member { person, name, civility: self.civility }]
    }

    /// How everybody is addressed who reads a copy on this channel.
    #[must_use]
    pub fn greeted_on(&self, channel: Channel) -> Vec<Option<Civility>> {
        let own = self.persons().into_iter().map(|(civility, _)| civility);
        own.chain(self.greeted_too.get(&channel).into_iter().flatten().copied()).collect()
    }

    /// The name beside the address on a channel; none where others read it as well.
    #[must_use]
    pub fn name_on(&self, channel: Channel) -> &str {
        if self.greeted_too.contains_key(&channel) { "" } else { &self.name }
    }

    /// Everybody who is meant, each with their civility and name.
    #[must_use]
    pub fn persons(&self) -> Vec<(Option<Civility>, &str)> {
        if self.members.is_empty() {
            return vec![(self.civility, &self.name)];
        }
        self.members.iter().map(|member| (member.civility, member.name.as_str())).collect()
    }

    /// Where they stand in a list: with the first of their pupils, who takes their letter home; staff last.
    #[must_use]
    pub fn filing(&self) -> Filing {
        match self.about.first() {
            Some(pupil) => pupil.filing().then_shown(&self.name),
            None => Filing::of_shown_staff(&self.name),
        }
    }

    /// The channels on which there is an address, or none is needed.
    #[must_use]
    pub fn reach(&self) -> Vec<Channel> {
        Channel::ALL.into_iter().filter(|channel| self.is_within_reach(*channel)).collect()
    }

    fn is_within_reach(&self, channel: Channel) -> bool {
        let has_address = match channel {
            Channel::Ent => self.ent.is_some(),
            Channel::Email => self.email.is_some(),
            Channel::Sms => self.sms.is_some(),
            Channel::Phone => self.phone.is_some(),
            Channel::Chat => self.chat.is_some(),
            Channel::Letter => return self.post.is_some(),
        };
        has_address || self.by_hand.contains(&channel)
    }

    /// The same person, not to be reached on this channel: nobody carries on it.
    pub fn forget(&mut self, channel: Channel) {
        self.by_hand.remove(&channel);
        match channel {
            Channel::Ent => self.ent = None,
            Channel::Email => self.email = None,
            Channel::Sms => self.sms = None,
            Channel::Phone => self.phone = None,
            Channel::Letter => self.post = None,
            Channel::Chat => self.chat = None,
        }
    }

    /// Makes the letter the person's own, shared with nobody; where there is no address, their first pupil
    /// takes it home.
    pub fn send_by_pupil(&mut self) {
        self.shared.clear();
        self.greeted_too.clear();
        let Some(pupil) = self.about.first().filter(|_| self.post.is_none()) else { return };
        // The envelope puts the first line last, in capitals, where the street would stand.
        let lines = vec![pupil.with_class(), "À remettre par l’élève".to_owned()];
        // It goes to the pupil's home, which may be the other parent's: nothing that is known is on it.
        (self.email, self.sms, self.phone, self.chat) = (None, None, None, None);
        self.pick_up = None;
        let (postcode, town) = (String::new(), String::new());
        self.post = Some(PostalAddress { lines, postcode, town, country: None });
    }

    /// Forgets the channels that are no use to a household so connected.
    pub fn forget_what_it_cannot_use(&mut self) {
        let Some(connectivity) = self.connectivity else { return };
        Channel::ALL
            .into_iter()
            .filter(|channel| !connectivity.can_use(*channel))
            .for_each(|channel| self.forget(channel));
    }

    /// The address for a channel that a provider carries, or that people call.
    #[must_use]
    pub fn contact_point(&self, channel: Channel) -> Option<ContactPoint> {
        match channel {
            Channel::Ent => self.ent.as_deref().map(|id| ContactPoint::Ent(id.into())),
            Channel::Email => self.email.clone().map(ContactPoint::Email),
            Channel::Sms => self.sms.clone().map(ContactPoint::Sms),
            Channel::Phone => self.phone.clone().map(ContactPoint::Phone),
            Channel::Chat => self.chat.clone().map(ContactPoint::Chat),
            Channel::Letter => None,
        }
    }
}

impl About {
    /// As restrictions recognise the pupil.
    #[must_use]
    pub fn which(&self) -> WhichPupil<'_> {
        WhichPupil { key: self.pupil.as_ref(), name: &self.name }
    }

    /// Where the pupil stands in a list.
    #[must_use]
    pub fn filing(&self) -> Filing {
        Filing::of_shown(self.class.as_deref(), &self.name)
    }

    /// `Zoé DURAND (6A)`.
    #[must_use]
    pub fn with_class(&self) -> String {
        match &self.class {
            Some(class) => format!("{} ({class})", self.name),
            None => self.name.clone(),
        }
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recipient({})", self.person.0)
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Member({})", self.person.0)
    }
}

impl std::fmt::Debug for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("About(…)")
    }
}
