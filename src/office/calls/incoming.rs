//! Somebody rang the school: who, what for, and the announcement that they ask about.

use serde::Serialize;

use super::super::{School, message_of};
use crate::directory::{self, Who, WhoError};
use crate::people::Actor;
use crate::store::StoreError;

/// Somebody rang. `Debug` hides who, and what they said.
#[derive(Clone)]
pub struct IncomingCall {
    /// Who, where they are of the directory.
    pub who: Option<Who>,
    /// The code of the announcement that they ask about.
    pub about: Option<String>,
    /// What they want, in a few words.
    pub word: String,
}

impl std::fmt::Debug for IncomingCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IncomingCall(…)")
    }
}

/// That somebody rang is taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IncomingNoted {
    /// Who, where that is known.
    pub name: Option<String>,
    /// The announcement that they asked about.
    pub about: Option<String>,
    /// Whether it counts as answered by them now, and did not before.
    pub is_answer: bool,
}

/// Why it is not taken down.
#[derive(Debug, thiserror::Error)]
pub enum IncomingRefusal {
    /// It is not clear who rang.
    #[error("{0}")]
    Who(#[from] WhoError),
    /// No message has this code.
    #[error("there is no message {0}; nothing was noted")]
    NoSuchMessage(String),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Takes down that somebody rang: what they want is to be seen to, and the announcement that they ask about is answered.
pub async fn note_incoming_call(
    school: &School,
    actor: Actor,
    call: IncomingCall,
) -> Result<IncomingNoted, IncomingRefusal> {
    let IncomingCall { who, about, word } = call;
    let person = match &who {
        Some(who) => {
            Some(directory::find_person(school.store(), school.queue.school(), who).await?)
        }
        None => None,
    };
    let message = match &about {
        Some(code) => {
            let none = || IncomingRefusal::NoSuchMessage(code.clone());
            Some(message_of(school, code).await?.ok_or_else(none)?)
        }
        None => None,
    };
    let key = person.as_ref().map(|person| person.key.clone());
    let id = message.as_ref().map(|message| message.id);
    let answered = school.queue.calls().note_incoming(key, id, word, school.by(actor)).await?;
    Ok(IncomingNoted {
        name: person.map(|person| person.display_name()),
        about: message.map(|message| message.code.to_string()),
        is_answer: answered > 0,
    })
}
