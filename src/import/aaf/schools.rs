//! Which school of the directory is ours, and what belongs to it.

use std::collections::HashSet;

use super::entry::{AddRequest, school_and_code};
use crate::import::Expected;
use crate::import::header::shortened;
use crate::import::refused::{Reason, Refused};
use crate::people::SchoolId;

/// The schools that the files name.
#[derive(Default)]
pub(super) struct Schools {
    /// Our ids in the directory; none while nothing has told them.
    ours: HashSet<String>,
    /// Whether an `EtabEducNat` file told them.
    is_certain: bool,
    /// The first school in the files, for the refusal.
    first: Option<(String, u64, String)>,
    others: usize,
    of_none: usize,
}

impl Schools {
    /// Takes an `EtabEducNat` record.
    pub(super) fn note(&mut self, entry: &AddRequest<'_, '_>, expected: &Expected) {
        let uai = entry.first(&["ENTStructureUAI", "ENTEtablissementUAI"]);
        self.first.get_or_insert_with(|| {
            (entry.file.label.to_owned(), entry.record.line(), shortened(uai))
        });
        if SchoolId::parse(uai).as_ref() == Ok(&expected.school) {
            self.is_certain = true;
            self.ours.insert(entry.id().to_owned());
        }
    }

    /// Refuses files that name schools, but not ours.
    pub(super) fn check(&self, expected: &Expected) -> Result<(), Refused> {
        match &self.first {
            Some((file, line, found)) if !self.is_certain => {
                let expected = expected.school.clone();
                let reason = Reason::OtherSchool { found: found.clone(), expected };
                Err(Refused::new(file, *line, reason))
            }
            _ => Ok(()),
        }
    }

    /// Whether a pupil of these schools is one of ours. Without an `EtabEducNat` file, all pupils
    /// must be of one school.
    pub(super) fn takes_pupil(&mut self, schools: &[&str]) -> Result<bool, Reason> {
        if !self.is_certain {
            self.ours.extend(schools.iter().map(|school| (*school).to_owned()));
            return if self.ours.len() > 1 { Err(Reason::SeveralSchools) } else { Ok(true) };
        }
        Ok(self.takes(schools))
    }

    /// Whether somebody of these schools is one of ours; who is of none that is named, is.
    pub(super) fn takes(&mut self, schools: &[&str]) -> bool {
        let is_ours = schools.is_empty() || schools.iter().any(|school| self.is_ours(school));
        self.others += usize::from(!is_ours);
        is_ours
    }

    /// Whether a member of staff of these schools is one of ours. Who is at none is nobody's: an
    /// académie lists people who wait for a post, or have left.
    pub(super) fn takes_staff(&mut self, schools: &[&str]) -> bool {
        self.of_none += usize::from(schools.is_empty());
        !schools.is_empty() && self.takes(schools)
    }

    /// How many members of staff were at no school.
    pub(super) fn of_none(&self) -> usize {
        self.of_none
    }

    /// How many records were of other schools.
    pub(super) fn others(&self) -> usize {
        self.others
    }

    /// The codes (`3000$6A`: `6A`) among these attributes that are our school's, each once.
    pub(super) fn codes(&self, entry: &AddRequest<'_, '_>, names: &[&str]) -> Vec<String> {
        let mut seen: HashSet<&str> = HashSet::new();
        let values = names.iter().flat_map(|name| entry.values(name)).map(school_and_code);
        values
            .filter(|(school, code)| self.is_ours(school) && !code.is_empty())
            .filter(|(_, code)| seen.insert(code))
            .map(|(_, code)| code.to_owned())
            .collect()
    }

    fn is_ours(&self, school: &str) -> bool {
        school.is_empty() || self.ours.is_empty() || self.ours.contains(school)
    }
}

/// The schools before the `$` of these attributes' values; a dash names none.
pub(super) fn schools_in<'r>(entry: &'r AddRequest<'_, '_>, names: &[&'r str]) -> Vec<&'r str> {
    let values = names.iter().flat_map(|name| entry.values(name));
    values
        .map(|value| school_and_code(value).0)
        .filter(|school| !matches!(*school, "" | "-"))
        .collect()
}
