//! The form that leaves for pupils what a colleague attached to an e-mail.

use super::super::field::{Faults, FieldKind, FormField};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::entry_words::weight;
use crate::message::Week;
use crate::office::{self, InboxEntry, LeaveMailed, MailedDocuments, PlaceFault};
use crate::people::Right;
use crate::wording::typed_dates::typed_date;

/// The form that leaves documents that came by e-mail.
pub(super) struct MailedForm {
    /// What keeps them from being left as their subject says.
    pub(super) careful: Vec<String>,
    pub(super) fields: Vec<FormField>,
    /// The attachments that were kept: number, words, whether each is ticked.
    pub(super) pieces: Vec<(usize, String, bool)>,
    /// Whether it lies open: the subject says for whom, or something was typed.
    pub(super) is_open: bool,
}

/// What was typed into it.
pub(super) struct MailedTyped {
    meant_for: String,
    subject: String,
    week: String,
    pieces: Vec<usize>,
}

impl MailedTyped {
    pub(super) fn of(posted: &Form) -> Self {
        Self {
            meant_for: posted.text("pour").to_owned(),
            subject: posted.text("matiere").to_owned(),
            week: posted.text("semaine").to_owned(),
            pieces: posted.all("piece").filter_map(|number| number.parse().ok()).collect(),
        }
    }

    /// What is asked for, or what is wrong with it: each field, and why.
    pub(super) fn asked(&self) -> Result<LeaveMailed, Faults> {
        let mut faults = Faults::default();
        let week = typed_date(&self.week).map(Week::of);
        if week.is_none() {
            faults
                .add("semaine", "Ce n’est pas une date : écrivez 18/01/2027. Rien n’a été gardé.");
        }
        if self.pieces.is_empty() {
            faults.add("piece", "Cochez au moins une pièce. Rien n’a été gardé.");
        }
        let (folder, subject) = (Some(self.meant_for.clone()), Some(self.subject.clone()));
        let asked = LeaveMailed { folder, subject, week, numbers: self.pieces.clone() };
        if faults.is_none() { Ok(asked) } else { Err(faults) }
    }

    fn as_mailed(documents: &MailedDocuments, entry: &InboxEntry) -> Self {
        let monday = |week: Week| week.monday().strftime("%d/%m/%Y").to_string();
        Self {
            meant_for: documents.folder.clone(),
            subject: documents.subject.clone(),
            week: documents.week.map(monday).unwrap_or_default(),
            pieces: entry.attachments.iter().map(|one| one.number).collect(),
        }
    }
}

impl MailedForm {
    /// The form of an entry; none where there is nothing to leave, or where whoever looks may leave nothing.
    pub(super) fn of(
        visitor: &Visitor,
        entry: &InboxEntry,
        (typed, faults): (Option<MailedTyped>, &Faults),
    ) -> Option<Self> {
        let documents = entry.documents.as_ref().filter(|_| visitor.may(Right::Write))?;
        let is_open = typed.is_some() || documents.meant_for.is_some();
        let typed = typed.unwrap_or_else(|| MailedTyped::as_mailed(documents, entry));
        let field = |name: &str, label: &str, hint: &str, typed: String| {
            let field = FormField::new(name, label, FieldKind::Line).hint(hint).typed(typed);
            field.fault(faults.of(name))
        };
        let whom = "Une classe, un niveau, un groupe, un élève ou TOUS : 6A, 6e, DURAND Zoé.";
        let week = "Une date de cette semaine, par exemple : 18/01/2027.";
        let kept = entry.attachments.iter().filter(|one| one.is_kept);
        let piece = |one: &office::AttachmentShown| {
            let words = format!("{} ({})", one.name, weight(one.octets));
            (one.number, words, typed.pieces.contains(&one.number))
        };
        Some(Self {
            careful: careful(documents),
            pieces: kept.map(piece).collect(),
            fields: vec![
                field("pour", "Pour", whom, typed.meant_for).required(),
                field("matiere", "Matière", "Par exemple : Mathématiques.", typed.subject),
                field("semaine", "Semaine du", week, typed.week).required(),
            ],
            is_open,
        })
    }
}

fn careful(documents: &MailedDocuments) -> Vec<String> {
    let MailedDocuments { folder, fault, are_theirs, week, .. } = documents;
    let whom = match fault {
        None if *are_theirs => None,
        None => Some(format!(
            "D’après l’annuaire, l’expéditeur n’enseigne pas à {folder} : demandez-lui, ou corrigez « Pour »."
        )),
        Some(PlaceFault::Several) => Some(format!(
            "Plusieurs élèves s’appellent {folder} : ajoutez la classe (DURAND Zoé;6A)."
        )),
        Some(PlaceFault::Ambiguous) => Some(format!(
            "Une classe, un niveau ou un groupe s’appellent {folder} tous les deux : écrivez-le comme l’établissement."
        )),
        Some(_) => Some(
            "L’objet ne commence par aucune classe, aucun niveau, aucun groupe et aucun élève : dites pour qui."
                .to_owned(),
        ),
    };
    let unread = "La semaine que nomme l’objet ne se lit pas : écrivez-la.".to_owned();
    whom.into_iter().chain(week.is_none().then_some(unread)).collect()
}
