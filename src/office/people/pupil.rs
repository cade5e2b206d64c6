//! What the office knows of one pupil, and who stands for them.

use serde::Serialize;

use super::look_up::{InBrief, named};
use super::sight::Sight;
use crate::office::School;
use crate::people::{Handle, KnownRestriction, Pupil, Restriction, Standing};
use crate::store::people::KeptPerson;
use crate::store::{StoreError, Tx, people, pupils, restrictions};

/// One pupil.
#[derive(Serialize)]
pub struct PupilFile {
    /// What the address of their page calls them.
    pub handle: Handle,
    /// The record.
    #[serde(skip)]
    pub pupil: Pupil,
    /// Whoever stands for them.
    pub guardians: Vec<GuardianOfPupil>,
    /// The restrictions about them, where whoever asks may see those.
    pub restrictions: Vec<RulingAbout>,
}

/// Whoever stands for a pupil.
#[derive(Debug, Serialize)]
pub struct GuardianOfPupil {
    /// Who.
    #[serde(flatten)]
    pub brief: InBrief,
    /// As what.
    pub standing: Standing,
    /// Whether any way to reach them may be used.
    pub can_be_reached: bool,
}

/// A restriction about a pupil.
#[derive(Serialize)]
pub struct RulingAbout {
    /// Who must not hear of them.
    pub person: String,
    /// Why.
    pub why: Restriction,
    /// The day of it and where its copy lies.
    pub note: String,
}

impl std::fmt::Debug for PupilFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PupilFile({})", self.handle)
    }
}

/// What is known of the pupil of a handle; `None` for nobody whom somebody may look at.
pub async fn pupil_file(
    school: &School,
    sight: &Sight,
    handle: Handle,
) -> Result<Option<PupilFile>, StoreError> {
    let Some(pupil) = super::sight::pupil_at(school, sight, handle).await? else {
        return Ok(None);
    };
    let (id, sees_rulings) = (school.queue.school().clone(), sight.sees_rulings);
    let look = move |tx: &Tx<'_>| {
        let mut guardians = Vec::new();
        for (key, standing) in pupils::guardians(tx, &id, &pupil.key)? {
            guardians
                .extend(people::kept_person(tx, &id, &key)?.map(|kept| guardian(&kept, standing)));
        }
        guardians.sort_by_key(|guardian| guardian.standing);
        let mut noted = Vec::new();
        if sees_rulings {
            let shown = pupil.display_name();
            noted.extend(restrictions::all(tx, &id)?.about(pupil.which(&shown)).map(ruling));
        }
        Ok(Some(PupilFile { handle, pupil, guardians, restrictions: noted }))
    };
    school.store().read(look).await
}

fn ruling(known: &KnownRestriction) -> RulingAbout {
    let KnownRestriction { shown, tie, .. } = known;
    RulingAbout { person: shown.clone(), why: tie.why, note: tie.note.clone() }
}

fn guardian(kept: &KeptPerson, standing: Standing) -> GuardianOfPupil {
    let can_be_reached = kept.has_a_way();
    GuardianOfPupil { brief: named(&kept.person), standing, can_be_reached }
}
