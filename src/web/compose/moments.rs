//! A day and an hour, as somebody types them for a draft.

use super::super::field::Faults;
use crate::clock::Moment;
use crate::office::School;
use crate::wording::dates;
use crate::wording::typed_dates::TypedDate;

/// What was typed into a field; `None` for nothing, or for what the faults say of it.
pub(super) fn read(
    school: &School,
    field: &str,
    typed: &str,
    faults: &mut Faults,
) -> Option<Moment> {
    if typed.is_empty() {
        return None;
    }
    match to_come(school, typed) {
        Ok(at) => Some(at),
        Err(fault) => {
            faults.add(field, fault);
            None
        }
    }
}

/// A moment to come, which the clocks of the school do show.
fn to_come(school: &School, typed: &str) -> Result<Moment, String> {
    const UNREAD: &str =
        "Cette date ne se lit pas : écrivez par exemple vendredi 18h, ou 04/12/2026 8h.";
    let (hours, now) = (&school.queue.timing().hours, school.clock.now());
    let wall = TypedDate::read(typed).ok_or(UNREAD)?.seen_from(hours.wall(now));
    let at = hours.at(wall).ok_or(UNREAD)?;
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
