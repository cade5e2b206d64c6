//! What differs between a known record and one that was read, as the office reads it. No value of a
//! contact is told: the list goes to a screen that others may see.

use crate::people::{ContactPoint, Person, Pupil, Role};
use crate::store::contact_points::KeptContactPoint;

/// What is said of a record that takes the place of one with a made-up key.
pub(super) const KNOWN_BY_NAME: &str = "déjà connu, reconnu par son nom";

/// What differs between two records of one pupil.
pub(super) fn of_pupils(known: &Pupil, read: &Pupil) -> String {
    let mut said = Vec::new();
    let names = |pupil: &Pupil| (pupil.display_name(), pupil.family_name.clone());
    if names(known) != names(read) {
        said.push(format!("nom : {} → {}", known.display_name(), read.display_name()));
    }
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "aucune".to_owned());
    if known.class != read.class {
        said.push(format!("classe : {} → {}", shown(&known.class), shown(&read.class)));
    }
    if known.level != read.level {
        said.push(format!("niveau : {} → {}", shown(&known.level), shown(&read.level)));
    }
    if known.groups != read.groups {
        said.push("groupes".to_owned());
    }
    if known.left_on != read.left_on {
        said.push("date de sortie".to_owned());
    }
    said.join(" ; ")
}

/// What differs between two records of one person; empty when nothing does. `replaced` are the known
/// contact points for which the import speaks, `points` those that it gives.
pub(super) fn of_persons(
    known: &Person,
    read: &Person,
    replaced: &[&KeptContactPoint],
    points: &[(&ContactPoint, Option<&str>)],
) -> String {
    let mut said = Vec::new();
    let names =
        |person: &Person| (person.civility, person.family_name.clone(), person.display_name());
    if names(known) != names(read) {
        said.push(format!("nom : {} → {}", known.display_name(), read.display_name()));
    }
    said.extend(of_duties(&known.role, &read.role));
    if known.postal_address != read.postal_address {
        said.push("adresse postale".to_owned());
    }
    if known.accepts_sms != read.accepts_sms {
        said.push("accord pour les SMS".to_owned());
    }
    said.extend(of_points(replaced, points));
    said.join(" ; ")
}

/// The same, when the ties with pupils differ too.
pub(super) fn with_ties(said: &str) -> String {
    let ties = "liens avec les élèves";
    if said.is_empty() { ties.to_owned() } else { format!("{said} ; {ties}") }
}

fn of_duties(known: &Role, read: &Role) -> Vec<String> {
    let (Role::Staff(known), Role::Staff(read)) = (known, read) else {
        return if known == read { Vec::new() } else { vec!["qualité".to_owned()] };
    };
    let parts = [
        ("fonction", known.function != read.function),
        ("professeur principal", known.form_teacher_of != read.form_teacher_of),
        ("classes enseignées", known.teaches != read.teaches),
        ("compétences", known.skills != read.skills),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what.to_owned()).collect()
}

/// Alike but for the order between channels: the first of each is the one that is used.
fn of_points(
    replaced: &[&KeptContactPoint],
    points: &[(&ContactPoint, Option<&str>)],
) -> Option<String> {
    let mut known: Vec<(&ContactPoint, Option<&str>)> =
        replaced.iter().map(|kept| (&kept.point, kept.typed.as_deref())).collect();
    let mut read = points.to_vec();
    known.sort_by_key(|(point, _)| point.channel());
    read.sort_by_key(|(point, _)| point.channel());
    if known == read {
        return None;
    }
    let lacks = |these: &[(&ContactPoint, Option<&str>)], point: &ContactPoint| {
        !these.iter().any(|(other, _)| *other == point)
    };
    let more = read.iter().filter(|(point, _)| lacks(&known, point)).count();
    let fewer = known.iter().filter(|(point, _)| lacks(&read, point)).count();
    Some(match (more, fewer) {
        (0, 0) => "ordre ou remarque d’une coordonnée".to_owned(),
        (more, 0) => format!("{more} coordonnée(s) de plus"),
        (0, fewer) => format!("{fewer} coordonnée(s) de moins"),
        (more, fewer) => format!("coordonnées : {more} de plus, {fewer} de moins"),
    })
}
