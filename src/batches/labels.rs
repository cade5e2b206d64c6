//! Address labels for the letters of a batch, in its order.

use crate::delivery::{LetterOrder, PileKind};
use crate::queue::DueLetter;
use crate::render::letters::Label;

use super::envelope::{class, envelope};

/// The label of a letter: what its window would show, and above it what tells whoever sorts where it goes.
pub(super) fn label(letter: &DueLetter) -> Label {
    let first = letter.recipients.first();
    let class = first.and_then(class).unwrap_or_default();
    let fetched = first.map(|to| LetterOrder::PickUp.pile(to));
    let fetched = fetched.filter(|pile| pile.kind == PileKind::PickUp).map(|pile| pile.name);
    let mark = [class, &letter.reference, fetched.as_deref().unwrap_or_default()];
    let mark: Vec<&str> = mark.into_iter().filter(|part| !part.is_empty()).collect();
    Label { address: envelope(&letter.recipients), mark: mark.join(" · ") }
}
