//! The order of subjects in timetables that were left as documents.

use super::{StoreError, Tx};
use crate::message::Week;
use crate::people::{MeantFor, SchoolId};

/// The order of a timetable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectOrder {
    /// The pupils whose timetable it is.
    pub meant_for: MeantFor,
    /// The subjects, as it has them, in the order in which they first occur in its week.
    pub subjects: Vec<String>,
}

/// Keeps the subjects of a document; none where it is no timetable.
pub fn insert(
    tx: &Tx<'_>,
    school: &SchoolId,
    document: u32,
    subjects: &[String],
) -> Result<(), StoreError> {
    for (place, subject) in subjects.iter().enumerate() {
        tx.execute(
            "INSERT INTO timetable_subjects (school_id, document, place, subject) \
             VALUES ($1, $2, $3, $4)",
            &[school.as_str().into(), document.into(), place.into(), subject.into()],
        )?;
    }
    Ok(())
}

/// The orders that hold in a week: for each of whom there is a timetable, the last one up to that week.
pub fn in_week(
    tx: &Tx<'_>,
    school: &SchoolId,
    week: Week,
) -> Result<Vec<SubjectOrder>, StoreError> {
    let rows = tx.query(
        "SELECT d.meant_for, t.subject FROM timetable_subjects t JOIN documents d \
         ON d.school_id = t.school_id AND d.number = t.document WHERE t.school_id = $1 \
         AND d.week = (SELECT MAX(e.week) FROM documents e JOIN timetable_subjects s \
         ON s.school_id = e.school_id AND s.document = e.number WHERE e.school_id = $1 \
         AND e.meant_for = d.meant_for AND e.week <= $2) ORDER BY d.meant_for, d.number, t.place",
        &[school.as_str().into(), (&week.to_string()).into()],
        |row| Ok((row.word(0, MeantFor::from_stored)?, row.text(1)?)),
    )?;
    let mut orders: Vec<SubjectOrder> = Vec::new();
    for (meant_for, subject) in rows {
        match orders.last_mut().filter(|it| it.meant_for == meant_for) {
            Some(order) => order.subjects.push(subject),
            None => orders.push(SubjectOrder { meant_for, subjects: vec![subject] }),
        }
    }
    Ok(orders)
}

/// Takes away what is kept of a document.
pub(super) fn remove(tx: &Tx<'_>, school: &SchoolId, document: u32) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM timetable_subjects WHERE school_id = $1 AND document = $2",
        &[school.as_str().into(), document.into()],
    )
}
