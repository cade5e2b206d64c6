//! Why the office does not do what it is asked.

use crate::audience::{AudienceError, RuleError};
use crate::channel::Channel;
use crate::message::{Code, Week};
use crate::render::TemplateError;
use crate::store::StoreError;

/// Why a message cannot leave. Nothing was kept, nothing was sent. What to do about it is for the door to say.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The audience cannot be understood.
    #[error("{0}")]
    Audience(#[from] RuleError),
    /// The audience is understood, and empty.
    #[error("nobody matches \"{0}\"; nothing was sent")]
    NoRecipient(String),
    /// It means others than those with whom whoever asks has to do.
    #[error("the audience goes beyond the pupils of the account; nothing was sent")]
    Beyond,
    /// Its letters bring the documents of a week, and none was left for any of its pupils.
    #[error("no document was left for these pupils for the week of {0}; nothing was sent")]
    NoDocuments(Week),
    /// Nobody carries on any channel of the plan.
    #[error("no provider carries on any channel of the plan \"{0}\"")]
    NoCarrier(String),
    /// The template, or a field of it.
    #[error("{0}")]
    Template(#[from] TemplateError),
    /// An urgent message in quiet hours, without anybody's word for it.
    #[error("{channel} is quiet now and opens on {opens}; nothing was sent")]
    QuietHours {
        /// Which channel sleeps.
        channel: Channel,
        /// When it opens, by the clocks of the school.
        opens: String,
    },
    /// Somebody's word for a message that waits like all others.
    #[error("only an urgent message passes quiet hours; nothing was sent")]
    NotUrgent,
    /// The hour that was chosen for it has come and gone.
    #[error("it was to leave on {0}, which is past; nothing was sent")]
    StartPast(String),
    /// It would be stale before it could leave.
    #[error("the message would be stale on {0}, before it can leave; nothing was sent")]
    Stale(String),
    /// The same text went to the same audience within a day.
    #[error("message {code} said the same to the same audience on {at}; nothing was sent")]
    SentAlready {
        /// Its code.
        code: Code,
        /// When it was launched, by the clocks of the school.
        at: String,
    },
    /// A second person says yes to it first.
    #[error(
        "what goes to {recipients} recipients needs the yes of a second person; nothing was sent"
    )]
    NeedsApproval {
        /// How many it would go to.
        recipients: usize,
    },
    /// No draft has this number.
    #[error("there is no draft {0}")]
    NoSuchDraft(u32),
    /// The draft is a message already.
    #[error(
        "draft {number} was launched on {at} by {by}, as message {code}; nothing was sent again"
    )]
    DraftLaunched {
        /// Its number.
        number: u32,
        /// The message that it became.
        code: Code,
        /// When, by the clocks of the school.
        at: String,
        /// Who launched it.
        by: String,
    },
    /// The draft was done away with.
    #[error("draft {number} was discarded on {at} by {by}, and what it said is gone")]
    DraftDiscarded {
        /// Its number.
        number: u32,
        /// When, by the clocks of the school.
        at: String,
        /// Who discarded it.
        by: String,
    },
    /// Somebody saved the draft since it was read.
    #[error(
        "draft {number} was saved on {at} by {by} since you read it: it is at version {version} now; \
         nothing was changed, nothing was sent"
    )]
    DraftChanged {
        /// Its number.
        number: u32,
        /// Its version now.
        version: u32,
        /// When it was saved, by the clocks of the school.
        at: String,
        /// Who saved it.
        by: String,
    },
    /// The draft follows a message, which says whom it goes to and by which ways.
    #[error(
        "draft {number} follows message {code}, which says whom it goes to and by which ways; nothing was changed, \
         nothing was sent"
    )]
    DraftFollows {
        /// Its number.
        number: u32,
        /// The message.
        code: Code,
    },
    /// Another draft puts the same message right, or tries it again.
    #[error(
        "draft {number}, saved on {at} by {by}, follows the message so already; nothing was kept"
    )]
    FollowedAlready {
        /// Its number.
        number: u32,
        /// When it was saved, by the clocks of the school.
        at: String,
        /// Who saved it.
        by: String,
    },
    /// No plan has this name.
    #[error("{0}")]
    NoSuchPlan(String),
    /// The text that is to be put right was put right already.
    #[error("message {0} was corrected by {1} already; nothing was sent: correct that one")]
    Corrected(Code, Code),
    /// Of most of them the ENT has not said yet whether they have an account.
    #[error(
        "the ENT has not said yet who has an account there ({reason}), and {count} of {of} addressees would \
         go by another way or on paper; nothing was sent: it is asked every minute, send again then"
    )]
    Unlinked {
        /// Of how many.
        count: usize,
        /// Of how many in all.
        of: usize,
        /// Why it cannot be asked.
        reason: String,
    },
    /// The provider refuses such a text message from everybody.
    #[error(
        "the text message holds {0}, and while no sender is declared no text message may hold a link or a \
         number: every one would be refused; nothing was sent: take it out of the fields, or declare a \
         sender at the provider and write it under `sender` of its section"
    )]
    RefusedInSms(String),
    /// Everybody to whom the question would go has it, and time to answer.
    #[error(
        "everybody on the list was asked already and still has time to answer; nothing was sent"
    )]
    AskedAlready,
    /// Nobody had the earlier text.
    #[error("nobody had the text of {0} or waits for it; nothing was sent")]
    NobodyHadIt(Code),
    /// Everybody was reached, or is a person's task already.
    #[error("message {0} leaves nobody to try again; nothing was sent")]
    NobodyLeft(Code),
    /// A digest is made of other messages.
    #[error(
        "a digest holds other messages; nothing was sent: send, correct or try again the messages that it \
         holds"
    )]
    Digest,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<AudienceError> for Refusal {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::Rule(error) => Self::Audience(error),
            AudienceError::Store(error) => Self::Store(error),
        }
    }
}
