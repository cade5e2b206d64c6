//! Who is meant by an address, as far as somebody may look at them.

use super::super::fault::Fault;
use super::super::visitor::Visitor;
use crate::directory::Who;
use crate::office::{Dossier, DossierPupil, PupilFile, Sight};
use crate::people::Handle;

/// What somebody sees of the people of the school.
pub(super) fn sight(visitor: &Visitor) -> Sight {
    Sight::of(&visitor.session().account)
}

/// Whom an address means.
pub(super) fn handle(typed: &str) -> Result<Handle, Fault> {
    Handle::parse(typed).ok_or(Fault::NothingThere)
}

/// The person of a dossier, as acts are told who is meant.
pub(super) fn who(dossier: &Dossier) -> Who {
    Who { name: dossier.person.0.clone(), ..Who::default() }
}

/// The same with a pupil of theirs.
pub(super) fn who_of_pupil(dossier: &Dossier, pupil: &DossierPupil) -> Who {
    Who { pupil: Some(pupil.key.0.clone()), ..who(dossier) }
}

/// A pupil, likewise.
pub(super) fn pupil_called(file: &PupilFile) -> Who {
    Who { name: file.pupil.key.0.clone(), ..Who::default() }
}
