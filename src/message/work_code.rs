//! The code of a page that comes back: whose work it is, and which page of it.

use std::fmt;
use std::str::FromStr;

use crate::people::SchoolId;

/// Before the number, as people read and type it: *travail*.
const MARK: char = 'T';
/// Pages of the longest work: a document has fewer.
const MOST_PAGES: usize = 999;

/// A page of a pupil's work on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkPage {
    /// The number of the work within the school.
    pub work: u32,
    /// The page, from 1.
    pub page: usize,
}

/// A text that is no such code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no code of a page to give back; it is printed like T123456-1")]
pub struct BadWorkCode;

impl WorkPage {
    /// What its code says to a machine: `T/0310001A/123456/3`, in signs that a code packs well. It names the
    /// school, so that no other takes the page for its own, and nobody's name.
    #[must_use]
    pub fn coded(self, school: &SchoolId) -> String {
        format!("{MARK}/{}/{}/{}", school.as_str(), self.work, self.page)
    }

    /// Whether a code says that it is a page of work's, of whichever school.
    #[must_use]
    pub fn is_one(coded: &str) -> bool {
        coded.strip_prefix(MARK).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The page whose code says this; `None` for any other code, and for one of another school.
    #[must_use]
    pub fn of_coded(text: &str, school: &SchoolId) -> Option<Self> {
        let rest = text.strip_prefix(MARK)?.strip_prefix('/')?.strip_prefix(school.as_str())?;
        let (work, page) = rest.strip_prefix('/')?.split_once('/')?;
        Self::of_numbers(work, page).ok()
    }

    fn of_numbers(work: &str, page: &str) -> Result<Self, BadWorkCode> {
        let is_number = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
        if !is_number(work) || !is_number(page) {
            return Err(BadWorkCode);
        }
        let work = work.parse().map_err(|_| BadWorkCode)?;
        match page.parse() {
            Ok(page @ 1..=MOST_PAGES) => Ok(Self { work, page }),
            _ => Err(BadWorkCode),
        }
    }
}

impl fmt::Display for WorkPage {
    /// As it is printed beside the code: `T123456-3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}-{}", self.work, self.page)
    }
}

impl FromStr for WorkPage {
    type Err = BadWorkCode;

    /// As somebody types it: in small letters too, with any dash.
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let typed = typed.trim();
        let rest = typed.strip_prefix([MARK, 't']).ok_or(BadWorkCode)?;
        let is_dash = |sign: char| sign == '-' || ('\u{2010}'..='\u{2014}').contains(&sign);
        let (work, page) = rest.split_once(is_dash).ok_or(BadWorkCode)?;
        Self::of_numbers(work.trim(), page.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn school() -> SchoolId {
        SchoolId::parse("0310001A").unwrap()
    }

    #[test]
    fn a_page_is_known_again_by_its_code_and_as_typed() {
        let page = WorkPage { work: 12, page: 3 };
        assert_eq!(page.coded(&school()), "T/0310001A/12/3");
        assert_eq!(WorkPage::of_coded("T/0310001A/12/3", &school()), Some(page));
        for typed in ["T12-3", " t12-3 ", "T12–3", "t12 - 3"] {
            assert_eq!(typed.parse(), Ok(page), "{typed}");
        }
        assert_eq!(page.to_string().parse(), Ok(page));
    }

    #[test]
    fn another_school_s_code_and_any_other_text_are_no_page() {
        for coded in [
            "T/0310002B/12/3",
            "T/0310001A/12",
            "T/0310001A/12/0",
            "T/0310001A/+1/3",
            "T/0310001A/99999999999/3",
            "T/0310001A/1/1000",
            "7K4M-02QB",
            "",
        ] {
            assert_eq!(WorkPage::of_coded(coded, &school()), None, "{coded}");
        }
        for typed in ["T12", "12-3", "T-3", "T12-", "T12-0", "7K4M-02QB", "é"] {
            assert!(typed.parse::<WorkPage>().is_err(), "{typed}");
        }
    }
}
