//! Days and hours as people type them into a form, by the clocks of the school.

use crate::clock::Moment;
use crate::office::School;
use crate::wording::typed_dates::TypedDate;

/// What people may type, as a hint says it.
pub(super) const AS_TYPED: &str = "Par exemple : demain 18h, vendredi 8h30 ou 04/12/2026 8h.";

/// The moment; an hour alone is of today. `None`: nothing was typed, or it is no day and no hour.
pub(super) fn moment(school: &School, typed: &str) -> Option<Moment> {
    if typed.is_empty() {
        return None;
    }
    let hours = &school.queue.timing().hours;
    let of_today = || TypedDate::read(&format!("aujourd’hui {typed}"));
    let read = TypedDate::read(typed).or_else(of_today)?;
    hours.at(read.seen_from(hours.wall(school.clock.now())))
}
