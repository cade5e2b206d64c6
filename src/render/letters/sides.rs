//! The two sides of a sheet: which of them letters are printed on.

use serde::{Deserialize, Serialize};

/// On which sides of a sheet letters are printed. Many printers print on both unless told otherwise: the
/// name and address of one family would stand on the back of another family's letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sides {
    /// On both: an empty back follows a letter of an odd number of pages, so that no two share a sheet
    /// whatever the printer does.
    #[default]
    Two,
    /// On fronts only: the file asks for it, and the printer must heed that.
    One,
}

impl Sides {
    /// The empty backs that a letter of so many pages needs, so that the next begins on a front.
    #[must_use]
    pub const fn empty_backs(self, pages: usize) -> usize {
        match self {
            Self::Two => pages % 2,
            Self::One => 0,
        }
    }

    /// The pages that stand on one sheet.
    #[must_use]
    pub const fn on_a_sheet(self) -> usize {
        match self {
            Self::Two => 2,
            Self::One => 1,
        }
    }

    /// The sheets of paper that so many pages take, empty backs counted.
    #[must_use]
    pub const fn sheets(self, pages: usize) -> usize {
        pages.div_ceil(self.on_a_sheet())
    }

    /// As the command line tells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Two => "two-sided",
            Self::One => "one-sided",
        }
    }
}
