//! Of whom a table is: told by its titles, and asked where its rows say otherwise.

use jiff::civil::Date;

use super::Kind;
use super::columns::{Field, What, Whose};
use super::fields::{civility, date};
use super::refused::{AdultSign, Reason};
use super::sheets::TitledRows;
use super::titles::Head;

/// Of whom a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableOf {
    Pupils,
    Guardians,
    Staff,
}

/// Years from which somebody is hardly a pupil any more; the oldest of a BTS are younger.
const HARDLY_A_PUPIL: i16 = 26;

/// Whether somebody born on the day so typed is hardly a pupil; `None` for a text that is no date. The
/// year alone counts, so that nobody is doubted before their birthday.
fn is_hardly_a_pupil(typed: &str, today: Date) -> Option<bool> {
    let born = date(typed).filter(|born| born.year() > 1900)?;
    Some(today.year() - born.year() >= HARDLY_A_PUPIL)
}

/// Refuses a table whose people have no first names, and one of pupils who are adults. What comes back
/// are the lines of the few pupils who are hardly any more.
pub(super) fn check(list: &TitledRows, people: TableOf, today: Date) -> Result<Vec<u64>, Reason> {
    let is_filled = |what| {
        let mut columns = list.head.columns_of(Field::own(what));
        columns.any(|column| list.rows.iter().any(|row| !row.cell(column).is_empty()))
    };
    let is_named = is_filled(What::FirstName) || is_filled(What::FullName);
    // A line of one cell, with which exports close, is nobody.
    if !is_named && list.rows.iter().any(|row| row.filled().nth(1).is_some()) {
        return Err(Reason::NoFirstNames);
    }
    if people == TableOf::Pupils { check_pupils(list, today) } else { Ok(Vec::new()) }
}

fn check_pupils(list: &TitledRows, today: Date) -> Result<Vec<u64>, Reason> {
    let (mut adults, mut others) = (Vec::new(), 0_usize);
    for column in list.head.columns_of(Field::own(What::BirthDate)) {
        for row in &list.rows {
            match is_hardly_a_pupil(row.cell(column), today) {
                Some(true) => adults.push(row.line),
                Some(false) => others += 1,
                None => {}
            }
        }
    }
    if adults.len() > others {
        return Err(Reason::AdultsAmongPupils(AdultSign::BirthDates));
    }
    let has_relatives =
        [Whose::FirstRelative, Whose::SecondRelative].into_iter().any(|it| list.head.tells_of(it));
    let mut titles = list.head.columns_of(Field::own(What::Civility));
    let has_titles = titles.any(|column| {
        let called = list.rows.iter().filter(|row| civility(row.cell(column)).is_some());
        called.count() * 2 > list.rows.len()
    });
    if others == 0 && !has_relatives && has_titles {
        return Err(Reason::AdultsAmongPupils(AdultSign::Civility));
    }
    Ok(adults)
}

/// What a table is and of whom, by its titles.
pub(super) fn told_by(head: &Head) -> Option<(Kind, TableOf)> {
    let has = |what| head.has(Field::own(what));
    let has_titles = |titles: &[&str]| titles.iter().all(|title| head.has_title(title));
    if !head.names_people() {
        return None;
    }
    if has_titles(&["nomresponsable", "prenomresponsable"]) && head.tells_of(Whose::Child) {
        return Some((Kind::OndeGuardians, TableOf::Guardians));
    }
    if has_titles(&["nomeleve", "cycle", "niveau"]) {
        return Some((Kind::OndePupils, TableOf::Pupils));
    }
    if has_titles(&["nom", "prenom", "directeur", "classe"]) {
        return Some((Kind::OndeTeachers, TableOf::Staff));
    }
    let kind = if has_titles(&["externalid"]) { Kind::Edifice } else { Kind::Table };
    let tells_of_staff =
        [What::Function, What::Subject, What::Skills, What::FormTeacher, What::Head];
    let tells_of_pupils = [What::Class, What::Level, What::Group, What::Ine];
    let has_relatives = head.tells_of(Whose::FirstRelative) || head.tells_of(Whose::SecondRelative);
    let people = if head.tells_of(Whose::Child) {
        TableOf::Guardians
    } else if tells_of_staff.into_iter().any(has) {
        TableOf::Staff
    } else if tells_of_pupils.into_iter().any(has) || has_relatives {
        TableOf::Pupils
    } else {
        return None;
    };
    Some((kind, people))
}
