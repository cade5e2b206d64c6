//! Weeks, whom documents are for and what is asked back, as the pages say them.

use super::super::visitor::Visitor;
use crate::message::{AskedBack, Week, WorkOn};
use crate::people::MeantFor;
use crate::wording::dates;
use crate::wording::typed_dates::typed_date;

/// The week of a day that was typed; this one where it is no day.
pub(super) fn week_of(visitor: &Visitor, typed: &str) -> Week {
    Week::of(typed_date(typed).unwrap_or_else(|| visitor.school().today()))
}

/// Where a week is shown.
pub(super) fn path(week: Week) -> String {
    format!("/documents?semaine={week}")
}

/// For whom a document is; the one pupil whom it is for is named to whoever may see families.
pub(super) fn meant_for(meant_for: &MeantFor, pupil: Option<String>, may_name: bool) -> String {
    match (meant_for, pupil) {
        (MeantFor::Everybody, _) => "Tous les élèves".to_owned(),
        (MeantFor::Pupil(_), Some(pupil)) if may_name => pupil,
        (MeantFor::Pupil(_), _) => "Un élève".to_owned(),
        (named, _) => named.name().to_owned(),
    }
}

/// On what the work is done, and by when it is due.
pub(super) fn asked(AskedBack { on, by }: AskedBack) -> String {
    let on = match on {
        WorkOn::Pages => "sur le document",
        WorkOn::Sheet => "sur une copie",
    };
    by.map_or_else(|| on.to_owned(), |day| format!("{on}, pour le {}", dates::in_month(day)))
}
