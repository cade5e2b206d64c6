//! Who answered what, as a secretary's spreadsheet opens it.

use super::{AskedLine, answers};
use crate::channel::Channel;
use crate::export;
use crate::message::{AnswerChoice, Message};
use crate::office::{School, TableRefusal};
use crate::people::{Act, Actor, Whom};
use crate::store::{Tx, journal};

const HEAD: [&str; 7] =
    ["Annonce", "Destinataire", "Élèves", "Réponse", "Par", "Quand", "Saisie par"];

/// A table that was made and noted in the journal. `Debug` hides it.
pub struct AnswerTable {
    /// How many it names.
    pub asked: usize,
    /// The table, as CSV.
    pub csv: Vec<u8>,
}

impl std::fmt::Debug for AnswerTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AnswerTable({} asked)", self.asked)
    }
}

/// Those who were asked and whom somebody may see, with what they answered; that they took it is durable when it
/// returns. `None` where nothing is asked.
pub async fn answer_table(
    school: &School,
    actor: Actor,
    message: &Message,
    whom: &Whom,
) -> Result<Option<AnswerTable>, TableRefusal> {
    let Some(answers) = answers(school, message, whom).await? else { return Ok(None) };
    let (id, by, code) = (school.queue.school().clone(), school.by(actor), message.code.clone());
    let note = move |tx: &Tx<'_>| journal::note(tx, &id, &by, Act::Export, code.as_str());
    school.store().write(note).await?;
    let rows = answers.asked.iter().map(|line| cells(school, message, line));
    let csv = export::table(&HEAD, rows)?;
    Ok(Some(AnswerTable { asked: answers.asked.len(), csv }))
}

fn cells(school: &School, message: &Message, line: &AskedLine) -> [String; 7] {
    let hours = &school.queue.timing().hours;
    [
        message.code.to_string(),
        line.name.clone(),
        line.about.join(", "),
        line.answer.map_or("", AnswerChoice::in_french).to_owned(),
        line.channel.map_or("", Channel::in_french).to_owned(),
        line.at.map(|at| hours.shown(at)).unwrap_or_default(),
        line.typed_by.clone().unwrap_or_default(),
    ]
}
