//! The sheet before a pile: what it is, how much it holds, and who signs for what of it is fetched.

use serde::Serialize;

use super::error::LettersError;
use super::job::{JobPile, LetterJob};
use super::place::LetterPlace;
use super::sheet::SheetSetter;
use super::world::TypstLayout;
use crate::wording::dates;

#[derive(Serialize)]
struct SeparatorData<'a> {
    title: &'a str,
    school: &'a str,
    /// In full, for people.
    day: String,
    year: i16,
    month: i8,
    day_of_month: i8,
    name: String,
    holds: String,
    rows: Vec<SeparatorRow<'a>>,
}

#[derive(Serialize)]
struct SeparatorRow<'a> {
    whom: String,
    reference: &'a str,
}

/// Sets the sheets before the piles of one job.
pub struct SeparatorSetter<'a> {
    job: &'a LetterJob,
    /// Once there is one.
    setter: Option<SheetSetter>,
}

impl<'a> SeparatorSetter<'a> {
    /// A setter for this job.
    pub fn new(job: &'a LetterJob) -> Self {
        Self { job, setter: None }
    }

    /// The sheet before a pile of which these letters are printed; its PDF and pages. `None`: none stands there, or
    /// nothing of the pile is printed.
    pub fn set(
        &mut self,
        pile: &JobPile,
        printed: &[LetterPlace],
    ) -> Result<Option<(Vec<u8>, usize)>, LettersError> {
        let Some(separator) = pile.separator.as_ref().filter(|_| !printed.is_empty()) else {
            return Ok(None);
        };
        let setter = match &mut self.setter {
            Some(setter) => setter,
            none => none.insert(SheetSetter::new(TypstLayout::Separator)?),
        };
        let job = self.job;
        let rows = printed.iter().filter_map(|place| {
            let whom = separator.signed_by.get(place.index.checked_sub(pile.first)?)?;
            let reference = &job.letters.get(place.index)?.reference;
            Some(SeparatorRow { whom: setter.printable(whom), reference })
        });
        let sheets = printed.iter().map(|place| job.sides.sheets(place.span.pages)).sum();
        let data = SeparatorData {
            title: &job.title,
            school: &job.school.name,
            day: dates::in_full(job.date),
            year: job.date.year(),
            month: job.date.month(),
            day_of_month: job.date.day(),
            name: setter.printable(&pile.name),
            holds: holds(printed.len(), sheets),
            rows: rows.collect(),
        };
        setter.set(&data).map(Some)
    }
}

/// `12 enveloppes, 40 feuilles`.
fn holds(letters: usize, sheets: usize) -> String {
    let plural = |count: usize| if count > 1 { "s" } else { "" };
    format!("{letters} enveloppe{}, {sheets} feuille{}", plural(letters), plural(sheets))
}
