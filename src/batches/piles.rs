//! How the letters of a batch lie in its PDF.

use crate::delivery::{PileKind, Piling};
use crate::queue::DueLetter;
use crate::render::letters::{JobPile, Separator};
use crate::store::batches::FiledPile;

/// The piles of a batch as they are printed, with those that are empty by now, so that each stands for its own. What is
/// fetched has a list before it, for whoever signs.
pub(super) fn job_piles(
    piling: Piling,
    piles: &[FiledPile],
    letters: &[DueLetter],
) -> Vec<JobPile> {
    let first = |pile: &FiledPile| letters.partition_point(|letter| letter.place < pile.place);
    let ends = piles.iter().skip(1).map(first).chain([letters.len()]);
    let job_pile = |(filed, end): (&FiledPile, usize)| {
        let (first, is_fetched) = (first(filed), filed.pile.kind == PileKind::PickUp);
        let own = letters.get(first..end).filter(|_| is_fetched).unwrap_or_default();
        let is_separated = is_fetched || piling.separators && piles.len() > 1;
        let separator = || Separator { signed_by: own.iter().map(names).collect() };
        JobPile { first, name: filed.pile.in_french(), separator: is_separated.then(separator) }
    };
    piles.iter().zip(ends).map(job_pile).collect()
}

/// `Samia ABDALLAH et Karim ABDALLAH`.
fn names(letter: &DueLetter) -> String {
    let names: Vec<&str> = letter.recipients.iter().map(|to| to.name.as_str()).collect();
    names.join(" et ")
}
