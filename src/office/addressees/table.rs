//! The addressees of a message as a secretary's spreadsheet opens them.

use super::{School, is_of};
use crate::delivery::About;
use crate::export::{self, ExportError};
use crate::message::Message;
use crate::people::{Act, Actor, Whom};
use crate::store::places::{self, Traced, TracedWay};
use crate::store::{StoreError, Tx, journal};

const HEAD: [&str; 6] =
    ["Annonce", "Destinataire", "Élèves", "Où cela en est", "Depuis", "Ce qui a été tenté"];

/// A table that was made and noted in the journal. `Debug` hides it.
pub struct AddresseeTable {
    /// How many it names.
    pub addressees: usize,
    /// The table, as CSV.
    pub csv: Vec<u8>,
}

impl std::fmt::Debug for AddresseeTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AddresseeTable({} addressees)", self.addressees)
    }
}

/// Why no table was made.
#[derive(Debug, thiserror::Error)]
pub enum TableRefusal {
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The table.
    #[error("{0}")]
    Export(#[from] ExportError),
}

/// The addressees of a message whom somebody may see; that they took them is durable when it returns.
pub async fn addressee_table(
    school: &School,
    actor: Actor,
    message: &Message,
    whom: Whom,
) -> Result<AddresseeTable, TableRefusal> {
    let (id, of, by) = (school.queue.school().clone(), message.id, school.by(actor));
    let code = message.code.clone();
    let note = move |tx: &Tx<'_>| journal::note(tx, &id, &by, Act::Export, code.as_str());
    school.store().write(note).await?;
    let id = school.queue.school().clone();
    let look = move |tx: &Tx<'_>| {
        let mut all = Vec::new();
        places::each_traced(tx, &id, of, |traced| {
            if is_of(&whom, &traced.recipient.about) {
                all.push(traced);
            }
        })?;
        Ok(all)
    };
    let all = school.store().read(look).await?;
    let csv = export::table(&HEAD, all.iter().map(|traced| cells(school, message, traced)))?;
    Ok(AddresseeTable { addressees: all.len(), csv })
}

fn cells(school: &School, message: &Message, traced: &Traced) -> [String; 6] {
    let about: Vec<String> = traced.recipient.about.iter().map(About::with_class).collect();
    let tried: Vec<String> = traced.ways.iter().map(TracedWay::in_french).collect();
    let hours = &school.queue.timing().hours;
    [
        message.code.to_string(),
        traced.recipient.name.clone(),
        about.join(", "),
        traced.place.in_french().to_owned(),
        traced.settled_at.map(|at| hours.shown(at)).unwrap_or_default(),
        tried.join(" ; "),
    ]
}
