//! The frame that SIECLE and STS share: whose file it is, of which year.

use crate::people::SchoolId;

use super::expected::Expected;
use super::record::Record;
use super::records::Records;
use super::refused::{Reason, Refused};

const PARAMETERS: &str = "PARAMETRES";

/// Hands every record at the `wanted` paths to `take`, once the file has proven to be of the
/// expected school and year.
pub(super) fn for_each_record(
    records: &mut Records<'_>,
    expected: &Expected,
    wanted: &[&str],
    mut take: impl FnMut(Record<'_>) -> Result<(), Refused>,
) -> Result<(), Refused> {
    let paths: Vec<&str> = std::iter::once(PARAMETERS).chain(wanted.iter().copied()).collect();
    let label = records.file().label;
    let mut is_checked = false;
    while let Some(record) = records.next_of(&paths)? {
        if record.name() == PARAMETERS {
            check(record, expected).map_err(|reason| Refused::new(label, record.line(), reason))?;
            is_checked = true;
        } else if is_checked {
            take(record)?;
        } else {
            break;
        }
    }
    if is_checked { Ok(()) } else { Err(records.refused(Reason::Missing(PARAMETERS))) }
}

fn check(parameters: Record<'_>, expected: &Expected) -> Result<(), Reason> {
    if parameters.child("APPLICATION_SOURCE").is_some() {
        return Err(Reason::FromTimetableEditor);
    }
    let school = value(parameters, "UAJ", "CODE")?;
    if SchoolId::parse(school).as_ref() != Ok(&expected.school) {
        let expected = expected.school.clone();
        return Err(Reason::OtherSchool { found: shortened(school), expected });
    }
    let year = value(parameters, "ANNEE_SCOLAIRE", "ANNEE")?;
    if year.parse() != Ok(expected.year.0) {
        return Err(Reason::OtherYear { found: shortened(year), expected: expected.year });
    }
    Ok(())
}

/// SIECLE writes the value as text, STS as an attribute.
fn value<'a>(
    parameters: Record<'a>,
    element: &'static str,
    attribute: &str,
) -> Result<&'a str, Reason> {
    let found = parameters.child(element).map(|child| match child.attribute(attribute) {
        "" => child.text(),
        value => value,
    });
    found.filter(|value| !value.is_empty()).ok_or(Reason::Missing(element))
}

/// As much of a value of the file as a refusal shows.
pub(super) fn shortened(value: &str) -> String {
    value.chars().take(20).collect()
}
