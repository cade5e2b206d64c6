//! Days and hours as people type them into a form, by the clocks of the school.

use jiff::civil::DateTime;

use super::field::Faults;
use crate::clock::Moment;
use crate::office::School;
use crate::wording::dates;
use crate::wording::typed_dates::TypedDate;

/// What people may type, as a hint says it.
pub(super) const AS_TYPED: &str = "Par exemple : demain 18h, vendredi 8h30 ou 04/12/2026 8h.";

/// The moment; an hour alone is of today. `None`: nothing was typed, or it is no day and no hour.
pub(super) fn moment(school: &School, typed: &str) -> Option<Moment> {
    school.queue.timing().hours.at(wall(school, typed)?)
}

/// A moment to come, typed into a field; `None` for nothing, or for what the faults say of it.
pub(super) fn to_come(
    school: &School,
    field: &str,
    typed: &str,
    faults: &mut Faults,
) -> Option<Moment> {
    if typed.is_empty() {
        return None;
    }
    let found = read_to_come(school, typed);
    found.map_err(|fault| faults.add(field, fault)).ok()
}

/// It is one that the clocks of the school do show.
fn read_to_come(school: &School, typed: &str) -> Result<Moment, String> {
    let unread = || format!("Cette date ne se lit pas. {AS_TYPED}");
    let (hours, now) = (&school.queue.timing().hours, school.clock.now());
    let wall = wall(school, typed).ok_or_else(unread)?;
    let at = hours.at(wall).ok_or_else(unread)?;
    let shown = hours.wall(at);
    if shown != wall {
        // Clocks jump over an hour in a night of March.
        return Err(format!(
            "Cette heure n’existe pas ce jour-là : les horloges passent à l’heure d’été. La première qui suit est {}.",
            dates::hour(shown)
        ));
    }
    if at <= now {
        return Err("Cette date est passée : choisissez-en une à venir.".to_owned());
    }
    Ok(at)
}

/// What the clocks show then.
fn wall(school: &School, typed: &str) -> Option<DateTime> {
    if typed.is_empty() {
        return None;
    }
    let of_today = || TypedDate::read(&format!("aujourd’hui {typed}"));
    let read = TypedDate::read(typed).or_else(of_today)?;
    Some(read.seen_from(school.queue.timing().hours.wall(school.clock.now())))
}
