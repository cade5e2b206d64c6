//! What the office knows better of pupils than their source.

use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::people::{PartCorrection, PupilKey, RecordPart, SchoolId};

/// Every correction of a pupil of the school.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<(PupilKey, PartCorrection)>, StoreError> {
    tx.query(
        "SELECT pupil_key, part, was, becomes FROM pupil_corrections WHERE school_id = $1 \
         ORDER BY pupil_key, part",
        &[school.as_str().into()],
        |row| Ok((PupilKey(row.text(0)?), read(row)?)),
    )
}

/// Keeps a correction; what the source said stays as an earlier one of the same part has it. One that says
/// nothing any more goes.
pub fn lay(
    tx: &Tx<'_>,
    school: &SchoolId,
    pupil: &PupilKey,
    correction: &PartCorrection,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO pupil_corrections (school_id, pupil_key, part, was, becomes, noted_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (school_id, pupil_key, part) \
         DO UPDATE SET becomes = excluded.becomes, noted_at = excluded.noted_at",
        &[
            school.as_str().into(),
            (&pupil.0).into(),
            correction.part.as_str().into(),
            (&correction.was).into(),
            (&correction.becomes).into(),
            now.into(),
        ],
    )?;
    tx.execute(
        "DELETE FROM pupil_corrections WHERE school_id = $1 AND pupil_key = $2 AND was = becomes",
        &[school.as_str().into(), (&pupil.0).into()],
    )
}

/// Forgets a correction: the source says the same now.
pub fn forget(
    tx: &Tx<'_>,
    school: &SchoolId,
    pupil: &PupilKey,
    part: RecordPart,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM pupil_corrections WHERE school_id = $1 AND pupil_key = $2 AND part = $3",
        &[school.as_str().into(), (&pupil.0).into(), part.as_str().into()],
    )
}

/// A correction out of columns 1 to 3: part, what was, what becomes.
fn read(row: &Row<'_>) -> Result<PartCorrection, StoreError> {
    Ok(PartCorrection {
        part: row.word(1, RecordPart::from_word)?,
        was: row.text(2)?,
        becomes: row.text(3)?,
    })
}
