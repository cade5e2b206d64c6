//! What stands on the list, in the words that every door is given.

use serde::Serialize;

use super::mailed::MailedDocuments;
use super::name::EntryName;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::ReplyKind;
use crate::delivery::lifecycle::AddresseeState;
use crate::message::Code;
use crate::office::overview::Tried;
use crate::store::attachments::KeptAttachment;
use crate::store::cards::SaidDone;

/// What waits for a person.
#[derive(Serialize)]
pub struct InboxList {
    /// How much there is of what was asked for.
    pub total: usize,
    /// What was asked for: what is urgent first, then the oldest.
    pub entries: Vec<InboxEntry>,
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct InboxSought {
    /// Of this kind alone.
    pub kind: Option<EntryKind>,
    /// Given to this colleague alone, in any case.
    pub assigned_to: Option<String>,
    /// After so many.
    pub skipped: usize,
    /// At most so many.
    pub most: usize,
}

/// One thing that waits for a person.
#[derive(Serialize)]
pub struct InboxEntry {
    /// By what it is spoken of: `12`, or `7K4M-02QA`.
    pub name: EntryName,
    /// What it is.
    pub kind: EntryKind,
    /// Since when it waits.
    pub since: Moment,
    /// Whether it is about an urgent message.
    pub is_urgent: bool,
    /// Who; `None` where nobody of the directory is known to be.
    pub who: Option<String>,
    /// The pupils for whom, with their classes.
    pub about: Vec<String>,
    /// The message that it is about.
    pub message: Option<Code>,
    /// What that is about; of what answers no message, its own subject.
    pub subject: Option<String>,
    /// By which way it came.
    pub channel: Option<Channel>,
    /// The address that it names as its own: anybody can write that.
    pub sender: Option<String>,
    /// The subject line of what was written.
    pub subject_line: Option<String>,
    /// What was said.
    pub said: Option<String>,
    /// The contacts that stand in it and are not kept, each with what it would replace.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<ToldContact>,
    /// Whether nothing but contacts is to be seen to in it.
    #[serde(skip)]
    pub tells_contacts_alone: bool,
    /// What is attached to it.
    pub attachments: Vec<AttachmentShown>,
    /// What that is, where somebody of the staff sent it for pupils and nobody has seen to it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<MailedDocuments>,
    /// How many pages of pupils' work were read off it.
    pub work_pages: usize,
    /// The number to call, where one is known.
    pub phone: Option<String>,
    /// What was tried to reach them, in order.
    pub tried: Vec<Tried>,
    /// Who sees to it.
    pub assigned_to: Option<String>,
    /// Who saw to it, and when.
    pub settled: Option<SaidDone>,
    /// What was done, as typed.
    pub how: Option<String>,
}

/// A way to reach somebody that stands in their words and is not kept of them. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ToldContact {
    /// By which way.
    pub channel: Channel,
    /// What it would replace, as it is kept; `None` where it would stand beside what there is.
    pub was: Option<String>,
    /// As it would be kept.
    pub is: String,
}

impl std::fmt::Debug for ToldContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ToldContact({})", self.channel)
    }
}

/// Something attached, without what it holds.
#[derive(Serialize)]
pub struct AttachmentShown {
    /// Its number within the entry, from 1 on.
    pub number: usize,
    /// Its name, safe to be written to a disk.
    pub name: String,
    /// Its size in octets.
    pub octets: usize,
    /// Whether it was kept: what is too large is only told of.
    pub is_kept: bool,
}

impl From<KeptAttachment> for AttachmentShown {
    fn from(kept: KeptAttachment) -> Self {
        let KeptAttachment { number, name, octets, is_kept } = kept;
        Self { number, name, octets, is_kept }
    }
}

/// What waits: it decides what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Somebody wrote.
    Reply,
    /// A mail server wrote of a mail that nobody knows to be ours.
    Bounce,
    /// Somebody rang, or asks for a call.
    Call,
    /// A reply slip says what no program can do.
    Slip,
    /// Nothing reached them.
    Unreached,
    /// Nobody knows whether something did.
    Uncertain,
}

impl EntryKind {
    /// Every kind, as lists name them.
    pub const ALL: [Self; 6] =
        [Self::Reply, Self::Bounce, Self::Call, Self::Slip, Self::Unreached, Self::Uncertain];

    /// The word in JSON and for who types it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Bounce => "bounce",
            Self::Call => "call",
            Self::Slip => "slip",
            Self::Unreached => "unreached",
            Self::Uncertain => "uncertain",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    pub(super) const fn of(state: AddresseeState) -> Option<Self> {
        match state {
            AddresseeState::Unreached => Some(Self::Unreached),
            AddresseeState::Uncertain => Some(Self::Uncertain),
            _ => None,
        }
    }
}

impl From<ReplyKind> for EntryKind {
    fn from(kind: ReplyKind) -> Self {
        match kind {
            ReplyKind::Reply => Self::Reply,
            ReplyKind::Bounce => Self::Bounce,
            ReplyKind::Call => Self::Call,
            ReplyKind::Slip => Self::Slip,
        }
    }
}
