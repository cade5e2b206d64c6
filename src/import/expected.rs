//! What the files of an import have to be.

use jiff::civil::Date;

use super::columns::ColumnMap;
use crate::people::{SchoolId, SchoolYear};

/// What the files have to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The school.
    pub school: SchoolId,
    /// The school year.
    pub year: SchoolYear,
    /// Today, to tell who has left.
    pub today: Date,
    /// Where the school dials from (ISO 3166: "FR", "RE", …).
    pub region: String,
    /// Corrections of how the columns of tables are understood; the last one said holds.
    pub maps: Vec<ColumnMap>,
}
