//! How a household is connected: it chooses the plan of its messages.

use serde::Serialize;

use crate::directory::{self, ConnectError, Who, WhoError};
use crate::office::School;
use crate::people::{Actor, SaidOfHome};
use crate::store::StoreError;

/// How a household is connected was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Connected {
    /// For these, who live there.
    pub noted: Vec<String>,
}

/// Why nothing was noted of a household.
#[derive(Debug, thiserror::Error)]
pub enum ConnectRefusal {
    /// It is not clear whose.
    #[error("{0}")]
    Who(#[from] WhoError),
    /// What was said is not enough.
    #[error("{0}")]
    Home(#[from] ConnectError),
}

/// Notes how the household of the one person who is meant is connected, for all who live there.
pub async fn connect(
    school: &School,
    actor: Actor,
    who: &Who,
    said: SaidOfHome,
) -> Result<Connected, ConnectRefusal> {
    let (store, id, by) = (school.store(), school.queue.school(), school.by(actor));
    let person = directory::find_person(store, id, who).await?;
    Ok(Connected { noted: directory::connect(store, id, &person.key, said, by).await? })
}

/// The places where households fetch their letters, for whoever types one again.
pub async fn pick_ups(school: &School) -> Result<Vec<String>, StoreError> {
    directory::pick_ups(school.store(), school.queue.school()).await
}
